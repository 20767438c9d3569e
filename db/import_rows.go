package db

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// ImportIssue is something about a row that a person should know: why it was refused, or what was set right.
type ImportIssue struct {
	Line    int    `db:"line"` // of the file, where the row begins
	Refused bool   `db:"refused"`
	Column  string `db:"column_name"`
	Value   string `db:"value"`
	Reason  string `db:"reason"`
}

// ImportRow is a row of a file that somebody should look at.
type ImportRow struct {
	Line   int               `db:"line"`
	Raw    map[string]string `db:"raw"` // by heading; long cells are cut
	Action string            `db:"action"`
	Fixed  map[int]string    `db:"fixed"` // what a person put in place, by the column's place
	Issues []ImportIssue     `db:"-"`
}

// GetImportRow reads a row and what there is to say about it.
func GetImportRow(ctx context.Context, conn Conn, id int64, line int) (ImportRow, error) {
	rows, _ := conn.Query(ctx, `
		select line, raw, action, fixed
		  from import_row
		 where batch_id = $1 and line = $2`, id, line)
	row, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[ImportRow])
	if err != nil {
		return row, wrap(err, "get line %d of import %d", line, id)
	}
	rows, _ = conn.Query(ctx, `
		select line, refused, column_name, value, reason
		  from import_issue
		 where batch_id = $1 and line = $2
		 order by id`, id, line)
	row.Issues, err = pgx.CollectRows(rows, pgx.RowToStructByName[ImportIssue])
	return row, wrap(err, "get line %d of import %d", line, id)
}

// FixImportRow keeps what a person puts in place of a row's cells.
func FixImportRow(ctx context.Context, conn Conn, id int64, line int, fixed map[int]string) error {
	return wrap(InTx(ctx, conn, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			update import_row
			   set fixed = $3
			 where batch_id = $1 and line = $2`, id, line, fixed)
		if err != nil {
			return err
		}
		return Audit(ctx, tx, Audited{Action: "mended a row of", Entity: "import_batch", EntityID: id, Diff: Diff{"line": {nil, line}}})
	}), "fix line %d of import %d", line, id)
}

// NextRefusedRow is the first refused row after a line; 0 when there is none.
func NextRefusedRow(ctx context.Context, conn Conn, id int64, after int) (int, error) {
	var line int
	err := conn.QueryRow(ctx, `
		select coalesce(min(line), 0)
		  from import_row
		 where batch_id = $1 and line > $2 and action = 'error'`, id, after).Scan(&line)
	return line, wrap(err, "find refused rows of import %d", id)
}

// ImportRowsLeft counts what still keeps rows out: refused rows, those that were mended since they were looked at, and
// records that wait for a choice.
func ImportRowsLeft(ctx context.Context, conn Conn, id int64) (refused, mended, undecided, decided int, err error) {
	err = conn.QueryRow(ctx, `
		select (select count(*) from import_row where batch_id = $1 and action = 'error'),
		       (select count(*) from import_row where batch_id = $1 and action <> 'error' and fixed is not null),
		       (select count(*) from import_duplicate where batch_id = $1 and choice is null),
		       (select count(*) from import_duplicate where batch_id = $1 and choice is not null)`, id).Scan(&refused, &mended, &undecided, &decided)
	return refused, mended, undecided, decided, wrap(err, "count rows of import %d", id)
}

// RefusedImportLines are the lines that were refused and why, in one sentence each.
func RefusedImportLines(ctx context.Context, conn Conn, id int64) (map[int]string, error) {
	rows, _ := conn.Query(ctx, `
		select r.line, coalesce(string_agg(nullif(i.column_name, '') || ': ' || i.reason, ' ' order by i.id), min(i.reason), '')
		  from import_row r
		  left join import_issue i on i.batch_id = r.batch_id and i.line = r.line and i.refused
		 where r.batch_id = $1 and r.action = 'error'
		 group by r.line`, id)
	lines := map[int]string{}
	var line int
	var why string
	_, err := pgx.ForEachRow(rows, []any{&line, &why}, func() error {
		lines[line] = why
		return nil
	})
	return lines, wrap(err, "list refused rows of import %d", id)
}

// ImportKept is a record that an undo left, because somebody changed it since.
type ImportKept struct {
	Entity string `db:"entity"`
	ID     int64  `db:"entity_id"`
	Name   string `db:"name"`
	By     string `db:"by"`   // who changed it last; "" when something else belongs to it
	What   string `db:"what"` // what they did
}

// ListImportKept are the records that an import's undo left, the first hundred of them.
func ListImportKept(ctx context.Context, conn Conn, id int64) ([]ImportKept, error) {
	rows, _ := conn.Query(ctx, `
		select k.entity, k.entity_id,
		       coalesce(p.name, nullif(btrim(c.first_name || ' ' || c.last_name), ''), k.entity || ' ' || k.entity_id) as name,
		       coalesce(l.actor, '') as by, coalesce(l.action, '') as what
		  from import_change k
		  left join client c on k.entity = 'client' and c.id = k.entity_id
		  left join patient p on k.entity = 'patient' and p.id = k.entity_id
		  left join lateral (
		    select actor, action
		      from audit_log a
		     where a.entity = k.entity and a.entity_id = k.entity_id and a.action not in ('imported', 'restored')
		     order by a.id desc
		     limit 1) l on true
		 where k.batch_id = $1 and k.kept
		 order by k.seq
		 limit 100`, id)
	kept, err := pgx.CollectRows(rows, pgx.RowToStructByName[ImportKept])
	return kept, wrap(err, "list what the undo of import %d left", id)
}
