package jobs

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"purplecross/db"
	"purplecross/db/imports"
	"purplecross/views/ui"
)

// ImportFile takes an import a step further.
type ImportFile struct {
	WorkID int64 `json:"work_id"`
}

// Kind names the job.
func (ImportFile) Kind() string { return "import_file" }

// InsertOpts are the imports queue's.
func (ImportFile) InsertOpts() river.InsertOpts { return Imports.options() }

// ImportStep is what is to be done with a file.
type ImportStep string

// The steps.
const (
	ImportCheck  ImportStep = "check"
	ImportCommit ImportStep = "commit"
	ImportUndo   ImportStep = "undo"
)

// ImportAsked is a step of an import.
type ImportAsked struct {
	BatchID int64      `json:"batch_id"`
	Step    ImportStep `json:"step"`
}

// StartImport has a step of an import done, and answers the work that does it. One is done at a time.
func (c *Client) StartImport(ctx context.Context, batchID int64, step ImportStep) (int64, error) {
	var id int64
	err := db.InTx(ctx, c.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select from import_batch where id = $1 for update`, batchID); err != nil {
			return err
		}
		batch, err := db.GetImport(ctx, tx, batchID)
		if err != nil {
			return err
		}
		if batch.WorkID != nil {
			if work, err := db.GetWork(ctx, tx, *batch.WorkID); err == nil && !work.Over() {
				return db.Invalid{"": "The import is at work already. Wait until it is done, or stop it."}
			}
		}
		if batch.FileUntil == nil && step != ImportUndo {
			return db.Invalid{"": "The file is no longer kept. Upload it again."}
		}
		work := db.NewWork{
			Kind: "import", Title: map[ImportStep]string{ImportCheck: "Check", ImportCommit: "Run", ImportUndo: "Undo"}[step] + fmt.Sprintf(" import %d", batchID),
			Total: int64(batch.Lines), Asked: ImportAsked{BatchID: batchID, Step: step},
		}
		if step == ImportUndo {
			work.Unit, work.Total = "records", 0
		}
		id, err = c.startWorkIn(ctx, tx, work, nil, func(_ pgx.Tx, id int64) (river.JobArgs, error) { return ImportFile{WorkID: id}, nil })
		if err != nil {
			return err
		}
		return db.SetImportWork(ctx, tx, batchID, id)
	})
	return id, err
}

type importer struct {
	inQueue[ImportFile]
	pool *pgxpool.Pool
}

func (w *importer) Work(ctx context.Context, job *river.Job[ImportFile]) error {
	return Working(ctx, w.pool, job, job.Args.WorkID, w.step)
}

func (w *importer) step(ctx context.Context, progress *Progress, asked ImportAsked) (db.WorkResult, error) {
	result := db.WorkResult{Href: fmt.Sprintf("/imports/%d", asked.BatchID), Label: "See the import"}
	var err error
	switch asked.Step {
	case ImportCheck:
		var s imports.Summary
		if s, err = imports.Check(ctx, w.pool, asked.BatchID, progress); err == nil {
			result.Outcome = fmt.Sprintf("%s were checked: %s can come in, %s.", ui.Plural(s.Total, "row", "rows"), ui.Count(s.Added+s.Updated), ui.Plural(s.Refused, "is refused", "are refused"))
		} else if Cancelled(ctx) {
			result.Outcome = "The check was stopped. Nothing was changed."
		}
	case ImportUndo:
		var kept int
		if kept, err = imports.Undo(ctx, w.pool, asked.BatchID, progress); err == nil {
			result.Outcome = "The import was taken back."
			if kept > 0 {
				result.Outcome += " " + ui.Plural(kept, "record was", "records were") + " changed by somebody since, and stay so."
			}
		} else if Cancelled(ctx) {
			result.Outcome = "Stopped. What is not taken back yet stays; the undo can go on."
		}
	default:
		var s imports.Summary
		if s, err = imports.Commit(ctx, w.pool, asked.BatchID, progress); err == nil {
			result.Outcome = fmt.Sprintf("%s added, %s updated, %s unchanged, %s refused.", ui.Count(s.Added), ui.Count(s.Updated), ui.Count(s.Unchanged), ui.Count(s.Refused))
		} else if Cancelled(ctx) {
			result.Outcome = "Stopped. What came in stays, and the import can go on where it is."
		}
	}
	if wrong := new(imports.Problem); errors.As(err, &wrong) {
		return result, db.Invalid{"": wrong.Said}
	}
	return result, err
}

// TidyImports removes files whose time is over.
type TidyImports struct{}

// Kind names the job.
func (TidyImports) Kind() string { return "tidy_imports" }

// InsertOpts are the default queue's, one at a time.
func (TidyImports) InsertOpts() river.InsertOpts { return once(Default) }

type importTidier struct {
	inQueue[TidyImports]
	pool *pgxpool.Pool
}

func (w *importTidier) Work(ctx context.Context, _ *river.Job[TidyImports]) error {
	return db.ExpireImports(ctx, w.pool)
}
