package imports

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"purplecross/db"
)

// Check is the dry run of a file: it decides every row as the import would, and writes only what there is to say. It may
// be run again, after a row was mended or a column was named differently.
func Check(ctx context.Context, pool *pgxpool.Pool, id int64, progress Progress) (Summary, error) {
	return pass(ctx, pool, id, db.ImportValidating, progress, func(ctx context.Context, im *run, batch db.ImportBatch) error {
		im.dry = true
		if err := im.beginDry(ctx); err != nil {
			return err
		}
		defer im.endDry(ctx)
		if progress != nil {
			progress.At(0) // another try begins from the first row
		}
		_, err := im.conn.Exec(ctx, `
			with said as (
			  delete from import_issue where batch_id = $1
			), rows as (
			  delete from import_row where batch_id = $1 and fixed is null
			)
			delete from import_duplicate
			where batch_id = $1 and choice is null`, id)
		if err != nil {
			return err
		}
		if err := im.rows(ctx, newFileReader(ctx, pool, id), 0); err != nil {
			return err
		}
		return im.finishCheck(ctx)
	})
}

// Commit imports a file. What an earlier try has behind it is not done again; a file that was imported to its end has the
// rows that were left out tried again, as they were mended or decided since.
func Commit(ctx context.Context, pool *pgxpool.Pool, id int64, progress Progress) (Summary, error) {
	return pass(ctx, pool, id, db.ImportCommitting, progress, func(ctx context.Context, im *run, batch db.ImportBatch) error {
		skip := batch.Done
		if batch.CommittedAt != nil {
			if err := im.readAgain(ctx); err != nil {
				return err
			}
			if progress != nil {
				progress.Total(len(im.again))
			}
			skip = 0
		}
		if progress != nil {
			progress.At(skip)
		}
		if err := im.rows(ctx, newFileReader(ctx, pool, id), skip); err != nil {
			return err
		}
		return im.finish(ctx)
	})
}

// pass goes over a file in the way that do says, and notes in the batch how it ends.
func pass(ctx context.Context, pool *pgxpool.Pool, id int64, status db.ImportStatus, progress Progress, do func(ctx context.Context, im *run, batch db.ImportBatch) error) (Summary, error) {
	conn, unlock, err := lock(ctx, pool)
	if err != nil {
		return Summary{}, err
	}
	defer unlock()
	batch, err := db.BeginImport(ctx, conn, id, status)
	if err != nil {
		return Summary{}, err
	}
	f, err := foundOf(batch)
	if err != nil {
		return Summary{}, err
	}
	im := newRun(conn, batch, f)
	im.progress = progress
	if progress != nil {
		progress.Total(max(batch.Lines, 1))
	}
	if err = im.begin(ctx); err == nil {
		err = do(ctx, im, batch)
	}
	if err == nil {
		return im.summary, nil
	}
	trouble := ""
	if wrong := new(Problem); errors.As(err, &wrong) {
		trouble = wrong.Said
	}
	// The connection may be gone with the error, so the pool's next one says so.
	left := db.LeaveImport(context.WithoutCancel(ctx), pool, id, status, trouble, ctx.Err() != nil)
	return im.summary, errors.Join(err, left)
}

// finishCheck notes what was found.
func (im *run) finishCheck(ctx context.Context) error {
	s := im.summary
	text, err := json.Marshal(db.ImportFindings{
		Total: s.Total, Added: s.Added, Updated: s.Updated, Unchanged: s.Unchanged, Refused: s.Refused, Waiting: s.Waiting,
		ClientsAdded: s.ClientsAdded, PatientsAdded: s.PatientsAdded, RefusedBy: codes(s.RefusedBy), NotedBy: codes(s.NotedBy), Unused: s.UnusedColumns,
	})
	if err != nil {
		return err
	}
	if im.progress != nil {
		im.progress.Total(s.Total)
	}
	return db.InTx(ctx, im.conn, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			update import_batch
			set status = 'validated', checked = $2, lines = $3, version = version + 1
			where id = $1`, s.BatchID, text, s.Total)
		if err != nil {
			return err
		}
		return db.Audit(ctx, tx, db.Audited{Action: "checked", Entity: "import_batch", EntityID: s.BatchID, Diff: db.Diff{
			"total": {nil, s.Total}, "added": {nil, s.Added}, "refused": {nil, s.Refused},
		}})
	})
}

func codes(by map[Code]int) map[string]int {
	words := make(map[string]int, len(by))
	for code, n := range by {
		words[string(code)] = n
	}
	return words
}

// readAgain finds the rows that were left out.
func (im *run) readAgain(ctx context.Context) error {
	im.again = map[int]string{}
	rows, _ := im.conn.Query(ctx, `
		select line, action
		from import_row
		where batch_id = $1 and action in ('error', 'waiting')`, im.summary.BatchID)
	var line int
	var action string
	_, err := pgx.ForEachRow(rows, []any{&line, &action}, func() error {
		im.again[line] = action
		return nil
	})
	return err
}

// finish closes the batch and writes its entry in the log.
func (im *run) finish(ctx context.Context) error {
	s := im.summary
	if im.progress != nil {
		im.progress.Total(s.Total)
		if im.again == nil {
			var done int
			if err := im.conn.QueryRow(ctx, `select done from import_batch where id = $1`, s.BatchID).Scan(&done); err != nil {
				return err
			}
			im.progress.Total(done)
		}
	}
	return db.InTx(ctx, im.conn, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			update import_batch
			set status = 'committed', committed_at = coalesce(committed_at, now()), version = version + 1
			where id = $1`, s.BatchID)
		if err != nil {
			return err
		}
		return db.Audit(ctx, tx, db.Audited{Action: "imported", Entity: "import_batch", EntityID: s.BatchID, Diff: db.Diff{
			"total": {nil, s.Total}, "added": {nil, s.Added}, "updated": {nil, s.Updated}, "unchanged": {nil, s.Unchanged}, "refused": {nil, s.Refused},
		}})
	})
}

// foundOf is what the batch knows of its file.
func foundOf(batch db.ImportBatch) (found, error) {
	f := found{
		encoding: batch.Encoding, delimiter: []rune(batch.Delimiter)[0], header: batch.Header, kind: KindOf(batch.Kind), columns: Mapping(batch.Mapping),
		lines: batch.Lines,
	}
	if f.kind == nil {
		return f, problem("Say first what the rows of this file are.")
	}
	if missing := f.kind.Missing(f.columns); len(missing) > 0 {
		return f, problem("%s", fmt.Sprintf("No column is named for: %s.", joinWords(missing)))
	}
	return f, nil
}
