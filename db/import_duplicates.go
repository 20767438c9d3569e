package db

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"
)

// ImportDuplicate is a record of a file that may be one that is here already.
type ImportDuplicate struct {
	ID       int64           `db:"id"`
	Entity   string          `db:"entity"` // "client" or "patient"
	Line     int             `db:"line"`
	Incoming json.RawMessage `db:"incoming"` // a Client or a Patient
	OtherID  int64           `db:"other_id"`
	Why      string          `db:"why"`
	Choice   string          `db:"choice"` // "existing", "new" or "skip"; "" before that
	ChosenBy string          `db:"chosen_by"`

	FileClient, Client   *Client  `db:"-"` // as the file has it, and as it is here
	FilePatient, Patient *Patient `db:"-"`
}

// ImportChoices are what can be done with one.
var ImportChoices = []string{"existing", "new", "skip"}

// ListImportDuplicates reads who of a file may be here already, those without a choice first.
func ListImportDuplicates(ctx context.Context, conn Conn, id, after int64, limit int) ([]ImportDuplicate, error) {
	rows, _ := conn.Query(ctx, `
		select d.id, d.entity, d.line, d.incoming, d.other_id, d.why, coalesce(d.choice, '') as choice, coalesce(s.display_name, '') as chosen_by
		  from import_duplicate d
		  left join staff s on s.id = d.chosen_by
		 where d.batch_id = $1 and d.id > $2
		 order by d.id
		 limit $3`, id, after, limit)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[ImportDuplicate])
	if err != nil {
		return nil, wrap(err, "list duplicates of import %d", id)
	}
	for i := range all {
		d := &all[i]
		switch d.Entity {
		case "client":
			d.FileClient = &Client{}
			if err := json.Unmarshal(d.Incoming, d.FileClient); err != nil {
				return nil, wrap(err, "read duplicate %d", d.ID)
			}
			if here, err := GetClient(ctx, conn, d.OtherID); err == nil {
				d.Client = &here
			}
		case "patient":
			d.FilePatient = &Patient{}
			if err := json.Unmarshal(d.Incoming, d.FilePatient); err != nil {
				return nil, wrap(err, "read duplicate %d", d.ID)
			}
			if here, err := GetPatient(ctx, conn, d.OtherID); err == nil {
				d.Patient = &here
			}
		}
	}
	return all, nil
}

// ChooseImportDuplicates notes what to do with each; every is for all that have no choice after that, "" for none.
func ChooseImportDuplicates(ctx context.Context, conn Conn, id int64, choices map[int64]string, every string) error {
	ids, words := make([]int64, 0, len(choices)), make([]string, 0, len(choices))
	for one, choice := range choices {
		ids, words = append(ids, one), append(words, choice)
	}
	return wrap(InTx(ctx, conn, func(tx pgx.Tx) error {
		staff := ActorFrom(ctx).StaffID
		_, err := tx.Exec(ctx, `
			update import_duplicate d
			   set choice = nullif(c.choice, ''), chosen_by = nullif($4::bigint, 0), chosen_at = now()
			  from unnest($2::bigint[], $3::text[]) c (id, choice)
			 where d.batch_id = $1 and d.id = c.id and d.choice is distinct from nullif(c.choice, '')`, id, ids, words, staff)
		if err != nil {
			return err
		}
		if every != "" {
			_, err = tx.Exec(ctx, `
				update import_duplicate
				   set choice = $2, chosen_by = nullif($3::bigint, 0), chosen_at = now()
				 where batch_id = $1 and choice is null`, id, every, staff)
			if err != nil {
				return err
			}
		}
		return Audit(ctx, tx, Audited{Action: "decided duplicates of", Entity: "import_batch", EntityID: id, Diff: Diff{"decided": {nil, len(choices)}}})
	}), "decide duplicates of import %d", id)
}
