package imports

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"purplecross/db"
)

// undoTogether is how many records are taken back in one transaction.
const undoTogether = 500

// undone is the order in which an import is taken back: what belongs to others goes first.
var undone = []string{"reminder", "treatment", "appointment", "patient", "client"}

// Undo takes an import back: what it added goes, what it changed is as it was, but for the version, which only grows. A
// record that somebody changed since, or that something else belongs to by now, stays as it is. It goes on where another
// try was.
func Undo(ctx context.Context, pool *pgxpool.Pool, id int64, progress Progress) (kept int, err error) {
	conn, unlock, err := lock(ctx, pool)
	if err != nil {
		return 0, err
	}
	defer unlock()
	if _, err := db.BeginImport(ctx, conn, id, db.ImportUndoing); err != nil {
		return 0, err
	}
	if err = undoAll(ctx, conn, id, progress); err != nil {
		return 0, errors.Join(err, db.LeaveImport(context.WithoutCancel(ctx), pool, id, db.ImportUndoing, "", ctx.Err() != nil))
	}
	err = db.InTx(ctx, conn, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `
			update import_batch
			set status = 'undone', total = 0, added = 0, updated = 0, unchanged = 0, refused = 0, waiting = 0, done = 0, committed_at = null, checked = null,
			    kept = (select count(*) from import_change where batch_id = $1 and kept), version = version + 1
			where id = $1
			returning kept`, id).Scan(&kept)
		if err != nil {
			return err
		}
		return db.Audit(ctx, tx, db.Audited{Action: "undone", Entity: "import_batch", EntityID: id, Diff: db.Diff{"kept": {nil, kept}}})
	})
	return kept, err
}

func undoAll(ctx context.Context, conn db.Conn, id int64, progress Progress) error {
	var left int
	if err := conn.QueryRow(ctx, `select count(*) from import_change where batch_id = $1 and not kept`, id).Scan(&left); err != nil {
		return err
	}
	if progress != nil {
		progress.At(0)
		progress.Total(left)
	}
	for _, entity := range undone {
		restore, err := restoring(ctx, conn, entity)
		if err != nil {
			return err
		}
		for {
			n, err := undoSome(ctx, conn, id, entity, restore)
			if err != nil {
				return fmt.Errorf("undo import %d: %w", id, err)
			}
			if n == 0 {
				break
			}
			if progress != nil {
				progress.Step(n)
			}
		}
	}
	return nil
}

// restoring is the SQL that gives records of a table back every value that they had.
func restoring(ctx context.Context, conn db.Conn, entity string) (string, error) {
	rows, _ := conn.Query(ctx, `
		select quote_ident(column_name)
		from information_schema.columns
		where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER' and column_name not in ('id', 'version', 'search_doc')`, entity)
	columns, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return "", err
	}
	version := ""
	switch entity {
	case "client", "patient", "appointment":
		version = ", version = r.version + 1"
	}
	return `
		update ` + entity + ` r
		set (` + strings.Join(columns, ", ") + `) = (select ` + strings.Join(columns, ", ") + ` from jsonb_populate_record(r, c.before))` + version + `
		from import_change c
		where c.batch_id = $1 and c.entity = '` + entity + `' and c.entity_id = any($2) and r.id = c.entity_id and c.before is not null
		returning r.id`, nil
}

// undoSome takes the latest of one table back, and says how many it went through.
func undoSome(ctx context.Context, conn db.Conn, id int64, entity, restore string) (int, error) {
	var n int
	err := db.InTx(ctx, conn, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `
			select entity_id
			from import_change
			where batch_id = $1 and entity = $2 and not kept
			order by seq desc
			limit $3`, id, entity, undoTogether)
		ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if n = len(ids); err != nil || n == 0 {
			return err
		}
		if err := keepChanged(ctx, tx, id, entity, ids); err != nil {
			return err
		}
		err = takeBack(ctx, tx, id, entity, restore, ids)
		if !inUse(err) {
			return err
		}
		for _, one := range ids { // something else belongs to one of them: find out to which
			err := takeBack(ctx, tx, id, entity, restore, []int64{one})
			if inUse(err) {
				_, err = tx.Exec(ctx, `update import_change set kept = true where batch_id = $1 and entity = $2 and entity_id = $3`, id, entity, one)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

// keepChanged marks those that are not as the import left them. The rows are locked, so they stay as they are seen.
func keepChanged(ctx context.Context, tx pgx.Tx, id int64, entity string, ids []int64) error {
	_, err := tx.Exec(ctx, `
		with now as (
		  select r.id, `+sumOf+` as sum
		  from (select * from `+entity+` where id = any($2) order by id for update) r
		), gone as (
		  delete from import_change c
		  where batch_id = $1 and entity = '`+entity+`' and entity_id = any($2) and not exists (select from now where now.id = c.entity_id)
		)
		update import_change c
		set kept = true
		from now
		where c.batch_id = $1 and c.entity = '`+entity+`' and c.entity_id = now.id and (now.sum <> c.after_sum`+toldOf(entity)+`)`, id, ids)
	return err
}

// toldOf finds records that a household was told of, for what they were told would go with them.
func toldOf(entity string) string {
	switch entity {
	case "patient", "appointment", "reminder":
		return ` or c.before is null and exists (select from message_item m where m.` + entity + `_id = now.id)`
	}
	return ""
}

// takeBack undoes what was done to those that are not kept, in a transaction of its own within tx.
func takeBack(ctx context.Context, tx pgx.Tx, id int64, entity, restore string, ids []int64) error {
	return pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `
			select entity_id
			from import_change
			where batch_id = $1 and entity = $2 and entity_id = any($3) and not kept`, id, entity, ids)
		ours, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			delete from `+entity+` r
			using import_change c
			where c.batch_id = $1 and c.entity = '`+entity+`' and c.entity_id = any($2) and r.id = c.entity_id and c.before is null`, id, ours)
		if err != nil {
			return err
		}
		rows, _ = tx.Query(ctx, restore, id, ours)
		restored, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return err
		}
		changes := make([]db.Audited, 0, len(restored))
		for _, one := range restored {
			changes = append(changes, db.Audited{Action: "restored", Entity: entity, EntityID: one})
		}
		if len(changes) > 0 {
			if err := db.AuditAll(ctx, tx, changes); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, `delete from import_change where batch_id = $1 and entity = $2 and entity_id = any($3)`, id, entity, ours)
		return err
	})
}

// inUse says whether something else belongs to a record.
func inUse(err error) bool {
	broken := new(pgconn.PgError)
	return errors.As(err, &broken) && broken.Code == "23503"
}
