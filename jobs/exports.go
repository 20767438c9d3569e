package jobs

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"purplecross/db"
	"purplecross/db/grid"
	"purplecross/jobs/sheets"
	"purplecross/views/ui"
)

// ExportList writes the file of a list.
type ExportList struct {
	WorkID int64 `json:"work_id"`
}

// Kind names the job.
func (ExportList) Kind() string { return "export_list" }

// InsertOpts are the reports queue's.
func (ExportList) InsertOpts() river.InsertOpts { return Reports.options() }

// ExportAsked is the list that a person wants as a file.
type ExportAsked struct {
	Resource string        `json:"resource"` // the list's name
	Query    string        `json:"query"`    // its question, as an address has it
	Format   sheets.Format `json:"format"`
	Chosen   bool          `json:"chosen"` // only the records that were chosen
}

// StartExport has a list written as a file, and answers the work that does it. ids are the chosen records, in order;
// total is how many rows there are, 0 when that is not known.
func (c *Client) StartExport(ctx context.Context, asked ExportAsked, ids []int64, total int) (int64, error) {
	return c.startWork(ctx, db.NewWork{Kind: "export", Title: "Export " + asked.Resource, Total: int64(total), Asked: asked}, ids,
		func(tx pgx.Tx, id int64) (river.JobArgs, error) {
			return ExportList{WorkID: id}, auditExport(ctx, tx, asked.Resource, "started to export", nil)
		})
}

// startWork writes down work, the records that it is about, and its job, all or nothing.
func (c *Client) startWork(ctx context.Context, work db.NewWork, ids []int64, job func(tx pgx.Tx, id int64) (river.JobArgs, error)) (int64, error) {
	var id int64
	err := db.InTx(ctx, c.pool, func(tx pgx.Tx) (err error) {
		id, err = c.startWorkIn(ctx, tx, work, ids, job)
		return err
	})
	return id, err
}

func (c *Client) startWorkIn(ctx context.Context, tx pgx.Tx, work db.NewWork, ids []int64, job func(tx pgx.Tx, id int64) (river.JobArgs, error)) (int64, error) {
	id, err := db.StartWork(ctx, tx, work)
	if err != nil {
		return 0, err
	}
	if err := db.AddWorkTargets(ctx, tx, id, ids); err != nil {
		return 0, err
	}
	args, err := job(tx, id)
	if err != nil {
		return 0, err
	}
	inserted, err := c.river.InsertTx(ctx, tx, args, nil)
	if err != nil {
		return 0, fmt.Errorf("enqueue work %d: %w", id, err)
	}
	return id, db.SetWorkJob(ctx, tx, id, inserted.Job.ID)
}

func auditExport(ctx context.Context, conn db.Conn, resource, action string, diff db.Diff) error {
	seen, err := db.GridFor(ctx, conn, resource, db.RoleAdmin)
	if err != nil {
		return err
	}
	return db.Audit(ctx, conn, db.Audited{Action: action, Entity: seen.Table(), Diff: diff})
}

type exporter struct {
	inQueue[ExportList]
	pool *pgxpool.Pool
	zone *time.Location
	now  func() time.Time
}

func (w *exporter) Work(ctx context.Context, job *river.Job[ExportList]) error {
	return Working(ctx, w.pool, job, job.Args.WorkID, w.export)
}

// export writes the file in one transaction, so that one that is cut short was never there.
func (w *exporter) export(ctx context.Context, progress *Progress, asked ExportAsked) (db.WorkResult, error) {
	plan, columns, err := w.plan(ctx, progress.Work.StartedBy, asked)
	if err != nil {
		return db.WorkResult{}, err
	}
	progress.At(0) // another try begins from the first row
	if progress.Work.Total == nil {
		if n, known, err := plan.Count(ctx, w.pool, 0, 20*time.Second); err == nil && known {
			progress.Total(n)
		}
	}
	progress.Log(fmt.Sprintf("Reading %s with %s.", asked.Resource, ui.Plural(len(columns), "column", "columns")))

	name := fmt.Sprintf("%s-%s.%s", asked.Resource, w.now().In(w.zone).Format(time.DateOnly), asked.Format)
	err = db.InTx(ctx, w.pool, func(tx pgx.Tx) error {
		file, err := db.NewFileWriter(ctx, tx, db.WorkFile{WorkID: progress.Work.ID, Resource: asked.Resource, Name: name, MediaType: asked.Format.Type()})
		if err != nil {
			return err
		}
		sheet, err := sheets.New(asked.Format, file, sheetName(asked.Resource), columns, w.zone)
		if err != nil {
			return err
		}
		if err := w.rows(ctx, progress, plan, asked, sheet.Add); err != nil {
			return err
		}
		if err := errors.Join(sheet.Close(), file.Close()); err != nil {
			return err
		}
		return auditExport(ctx, tx, asked.Resource, "exported", db.Diff{"rows": {nil, progress.Done()}})
	})
	if err != nil {
		leaving := context.WithoutCancel(ctx)
		return db.WorkResult{}, errors.Join(err, auditExport(leaving, w.pool, asked.Resource, "broke off an export of", db.Diff{"rows": {nil, progress.Done()}}))
	}
	return db.WorkResult{
		Outcome: ui.Plural(progress.Done(), "row is", "rows are") + " in the file. It is kept for 24 hours.",
		Href:    fmt.Sprintf("/progress/%d/file", progress.Work.ID), Label: "Download " + name,
	}, nil
}

// sheetName is the list's name with a capital: sheets have names, too.
func sheetName(resource string) string { return strings.ToUpper(resource[:1]) + resource[1:] }

// plan is the question as its asker may see the list now.
func (w *exporter) plan(ctx context.Context, staffID int64, asked ExportAsked) (grid.Plan, []*grid.Column, error) {
	person, err := db.GetStaff(ctx, w.pool, staffID)
	if err != nil {
		return grid.Plan{}, nil, err
	}
	seen, err := db.GridFor(ctx, w.pool, asked.Resource, person.Role)
	if err != nil {
		return grid.Plan{}, nil, err
	}
	values, err := url.ParseQuery(asked.Query)
	if err != nil {
		return grid.Plan{}, nil, db.Invalid{"": "The list's address cannot be read. Open the list again and export it from there."}
	}
	question, refused := grid.Ask(&seen, values)
	if len(refused) > 0 {
		return grid.Plan{}, nil, db.Invalid{"": "Part of the list's address was not understood. " + refused[0].Sentence}
	}
	now := w.now().In(w.zone)
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, w.zone)
	return grid.NewPlan(question, today), question.Showing(), nil
}

// rows reads the whole answer, or the records that were chosen, as they are now.
func (w *exporter) rows(ctx context.Context, progress *Progress, plan grid.Plan, asked ExportAsked, add func(grid.Row) error) error {
	count := 0
	each := func(row grid.Row) error {
		if count++; count%100 == 0 {
			progress.At(count)
		}
		return add(row)
	}
	defer func() { progress.At(count) }()
	if !asked.Chosen {
		return plan.Export(ctx, w.pool, 0, func() error { return nil }, each)
	}
	for thousand := 0; ; thousand++ {
		ids, err := db.WorkTargets(ctx, w.pool, progress.Work.ID, thousand)
		if err != nil || len(ids) == 0 {
			return err
		}
		rows, err := plan.Rows(ctx, w.pool, ids)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := each(row); err != nil {
				return err
			}
		}
	}
}
