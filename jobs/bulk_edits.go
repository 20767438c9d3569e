package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"purplecross/db"
	"purplecross/db/grid"
	"purplecross/views/ui"
)

// EditMany changes many records of a list, or takes that back.
type EditMany struct {
	WorkID int64 `json:"work_id"`
}

// Kind names the job.
func (EditMany) Kind() string { return "edit_many" }

// InsertOpts are the reports queue's: somebody waits, and it holds the database as long.
func (EditMany) InsertOpts() river.InsertOpts { return Reports.options() }

// EditAsked is one value for one column of many records.
type EditAsked struct {
	Resource string `json:"resource"` // the list's name
	Column   string `json:"column"`
	Value    string `json:"value"`
	BatchID  int64  `json:"batch_id"`
	Undo     bool   `json:"undo"` // takes the batch back
	Redo     bool   `json:"redo"` // makes it again, after that
}

// editedTogether is how many records are changed in one transaction: so many wait for each other at most, and a stop
// falls between two of them.
const editedTogether = 200

// StartEdit has many records changed, and answers the work that does it.
func (c *Client) StartEdit(ctx context.Context, asked EditAsked, ids []int64) (int64, error) {
	var work int64
	err := db.InTx(ctx, c.pool, func(tx pgx.Tx) error {
		batch, err := db.StartEditBatch(ctx, tx, asked.Resource, db.EditBulk)
		if err != nil {
			return err
		}
		asked.BatchID = batch.ID
		work, err = c.startWorkIn(ctx, tx, editWork("edit", "Change ", asked, len(ids)), ids, editJob)
		return err
	})
	return work, err
}

// StartUndo has a batch of edits taken back, and answers the work that does it.
func (c *Client) StartUndo(ctx context.Context, resource string, batchID int64) (int64, error) {
	n, err := db.EditedInBatch(ctx, c.pool, batchID)
	if err != nil {
		return 0, err
	}
	asked := EditAsked{Resource: resource, BatchID: batchID, Undo: true}
	return c.startWork(ctx, editWork("undo", "Take back a change of ", asked, n), nil, editJob)
}

// StartRedo has a batch of edits that was taken back made again, and answers the work that does it.
func (c *Client) StartRedo(ctx context.Context, resource string, batchID int64) (int64, error) {
	n, err := db.EditedInBatch(ctx, c.pool, batchID)
	if err != nil {
		return 0, err
	}
	asked := EditAsked{Resource: resource, BatchID: batchID, Redo: true}
	return c.startWork(ctx, editWork("redo", "Make again a change of ", asked, n), nil, editJob)
}

func editWork(kind, verb string, asked EditAsked, n int) db.NewWork {
	one, many := db.GridNouns(asked.Resource)
	return db.NewWork{Kind: kind, Title: verb + ui.Plural(n, one, many), Unit: asked.Resource, Total: int64(n), Asked: asked}
}

func editJob(_ pgx.Tx, id int64) (river.JobArgs, error) { return EditMany{WorkID: id}, nil }

type editor struct {
	inQueue[EditMany]
	pool *pgxpool.Pool
	zone *time.Location
	now  func() time.Time
}

func (w *editor) Work(ctx context.Context, job *river.Job[EditMany]) error {
	client := river.ClientFromContext[pgx.Tx](ctx)
	tell := func(ctx context.Context, tx pgx.Tx, visits []int64) error { return tellMoved(ctx, tx, client, visits) }
	return Working(ctx, w.pool, job, job.Args.WorkID, func(ctx context.Context, progress *Progress, asked EditAsked) (db.WorkResult, error) {
		if asked.Undo || asked.Redo {
			return w.revert(ctx, progress, asked, tell)
		}
		return w.edit(ctx, progress, asked, tell)
	})
}

// telling writes to the clients of visits that an edit has moved, in its transaction.
type telling func(ctx context.Context, tx pgx.Tx, visits []int64) error

func tellMoved(ctx context.Context, tx pgx.Tx, client *river.Client[pgx.Tx], visits []int64) error {
	var messages []int64
	for _, id := range visits {
		message, added, err := db.AddVisitMessage(ctx, tx, db.MessageVisitMoved, id)
		if err != nil {
			return err
		}
		if added && message.Status == db.MessageQueued {
			messages = append(messages, message.ID)
		}
	}
	return enqueueMessages(ctx, tx, client, messages, time.Time{})
}

func (w *editor) edit(ctx context.Context, progress *Progress, asked EditAsked, tell telling) (db.WorkResult, error) {
	refused, err := w.apply(ctx, progress, asked, tell)
	changed, counted := db.EditedInBatch(context.WithoutCancel(ctx), w.pool, asked.BatchID)
	if counted != nil {
		return db.WorkResult{}, counted
	}
	for _, refusal := range refused {
		progress.Log(refusal)
	}
	return edited(asked, progress.Done(), changed, err), err
}

// apply goes through the records in their order. A second try goes on where the first one was; of what it does again
// nothing changes any more.
func (w *editor) apply(ctx context.Context, progress *Progress, asked EditAsked, tell telling) ([]string, error) {
	person, err := db.GetStaff(ctx, w.pool, progress.Work.StartedBy)
	if err != nil {
		return nil, err
	}
	list, err := db.GridFor(ctx, w.pool, asked.Resource, person.Role)
	if err != nil {
		return nil, err
	}
	batch, err := db.GetEditBatch(ctx, w.pool, asked.BatchID)
	if err != nil {
		return nil, err
	}
	reasons := map[string]int{}
	seen := progress.Done() / editedTogether * editedTogether
	for {
		ids, err := db.WorkTargets(ctx, w.pool, progress.Work.ID, seen/1000)
		if err != nil {
			return reasonLines(asked, reasons), err
		}
		from := seen % 1000
		if from >= len(ids) {
			return reasonLines(asked, reasons), nil
		}
		part := ids[from:min(from+editedTogether, len(ids))]
		if err := w.applyPart(ctx, batch, &list, asked, part, reasons, tell); err != nil {
			return reasonLines(asked, reasons), err
		}
		seen += len(part)
		progress.At(seen)
		if len(part) < editedTogether {
			return reasonLines(asked, reasons), nil
		}
	}
}

func (w *editor) applyPart(ctx context.Context, batch db.EditBatch, list *grid.Resource, asked EditAsked, ids []int64, reasons map[string]int, tell telling) error {
	var result db.EditResult
	err := db.InTx(ctx, w.pool, func(tx pgx.Tx) (err error) {
		if result, err = db.ApplyEdits(ctx, tx, batch, list, w.now().In(w.zone), CellEdits(asked, ids)); err != nil {
			return err
		}
		return tell(ctx, tx, result.Tell)
	})
	for _, refused := range result.Refused {
		reasons[refused.Said]++
	}
	return err
}

// CellEdits are the cells that one value for many records changes.
func CellEdits(asked EditAsked, ids []int64) []db.CellEdit {
	edits := make([]db.CellEdit, len(ids))
	for i, id := range ids {
		edits[i] = db.CellEdit{ID: id, Column: asked.Column, Value: asked.Value}
	}
	return edits
}

func reasonLines(asked EditAsked, reasons map[string]int) []string {
	var lines []string
	one, many := db.GridNouns(asked.Resource)
	for said, n := range reasons {
		lines = append(lines, ui.Plural(n, one+" was", many+" were")+" left as they are: "+said)
	}
	return lines
}

// edited says what became of them.
func edited(asked EditAsked, seen, changed int, err error) db.WorkResult {
	one, many := db.GridNouns(asked.Resource)
	result := db.WorkResult{Href: "/" + asked.Resource, Label: "See " + many}
	said := ui.Plural(changed, one+" was changed", many+" were changed")
	switch {
	case err != nil:
		result.Outcome = fmt.Sprintf("Stopped. %s, the others were left as they are.", said)
	case seen > changed:
		result.Outcome = fmt.Sprintf("%s; %s had this value already or could not have it.", said, ui.Count(seen-changed))
	default:
		result.Outcome = said + "."
	}
	return result
}

// revert takes a batch back, or makes it again, a part in a transaction; a stop falls between two parts.
func (w *editor) revert(ctx context.Context, progress *Progress, asked EditAsked, tell telling) (db.WorkResult, error) {
	revert, outcome := db.UndoBatch, "taken back"
	if asked.Redo {
		revert, outcome = db.RedoBatch, "made again"
	}
	result, err := revert(ctx, w.pool, asked.BatchID, func(tx pgx.Tx, part db.EditResult, done, total int) error {
		progress.At(done)
		progress.Total(total)
		return tell(ctx, tx, part.Tell)
	})
	one, many := db.GridNouns(asked.Resource)
	said := db.WorkResult{Outcome: "The change was " + outcome + ".", Href: "/" + asked.Resource, Label: "See " + many}
	progress.At(len(result.Records))
	switch {
	case err != nil && Cancelled(ctx):
		said.Outcome = "Stopped. The change of " + ui.Plural(len(result.Records), one, many) + " was " + outcome + ", the others were left as they are."
	case err != nil:
		return db.WorkResult{}, err
	}
	if n := len(result.Refused); n > 0 {
		said.Outcome += " " + ui.Plural(n, "value", "values") + " stayed: somebody changed them since, or the calendar has no room."
	}
	return said, err
}
