package jobs

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"purplecross/db"
	"purplecross/db/grid"
	"purplecross/jobs/sheets"
	"purplecross/views"
	"purplecross/views/ui"
)

// MakeReport makes the file of a report.
type MakeReport struct {
	WorkID int64 `json:"work_id"`
}

// Kind names the job.
func (MakeReport) Kind() string { return "make_report" }

// InsertOpts are the reports queue's.
func (MakeReport) InsertOpts() river.InsertOpts { return Reports.options() }

// ReportAsked is a report that is wanted as a file.
type ReportAsked struct {
	Report db.ReportKind `json:"report"`
	First  string        `json:"first"` // days, as 2026-11-28
	Last   string        `json:"last"`
	VetID  int64         `json:"vet_id,omitempty"`
	Format sheets.Format `json:"format"`

	ScheduleID int64     `json:"schedule_id,omitempty"` // 0: a person asked
	Due        time.Time `json:"due,omitzero"`          // when the schedule wanted it
}

// AskReport is the question as a job keeps it.
func AskReport(q db.ReportQuestion, format sheets.Format) ReportAsked {
	return ReportAsked{
		Report: q.Kind, First: q.First.Format(time.DateOnly), Last: q.Last.Format(time.DateOnly), VetID: q.VetID, Format: format,
	}
}

func (a ReportAsked) question() (db.ReportQuestion, error) {
	first, err := time.Parse(time.DateOnly, a.First)
	if err != nil {
		return db.ReportQuestion{}, err
	}
	last, err := time.Parse(time.DateOnly, a.Last)
	return db.ReportQuestion{Kind: a.Report, First: first, Last: last, VetID: a.VetID}, err
}

// StartReport has a report made as a file, and answers the work that does it.
func (c *Client) StartReport(ctx context.Context, asked ReportAsked) (int64, error) {
	var id int64
	err := db.InTx(ctx, c.pool, func(tx pgx.Tx) (err error) {
		id, err = startReport(ctx, tx, c.river, asked)
		return err
	})
	return id, err
}

// startReport writes down the work and its job, and who asked for it.
func startReport(ctx context.Context, tx pgx.Tx, client *river.Client[pgx.Tx], asked ReportAsked) (int64, error) {
	q, err := asked.question()
	if err != nil {
		return 0, err
	}
	if err := q.Check(); err != nil {
		return 0, err
	}
	vet, err := vetName(ctx, tx, q.VetID)
	if err != nil {
		return 0, err
	}
	report, err := db.ReportOf(asked.Report)
	if err != nil {
		return 0, err
	}
	id, err := db.StartWork(ctx, tx, db.NewWork{
		Kind: "report", Title: report.Name + ", " + views.ReportDays(q.First, q.Last, vet), Unit: "lines", Asked: asked,
	})
	if err != nil {
		return 0, err
	}
	inserted, err := client.InsertTx(ctx, tx, MakeReport{WorkID: id}, nil)
	if err != nil {
		return 0, fmt.Errorf("enqueue report %d: %w", id, err)
	}
	if err := db.SetWorkJob(ctx, tx, id, inserted.Job.ID); err != nil {
		return 0, err
	}
	return id, db.Audit(ctx, tx, db.Audited{Action: "asked for", Entity: "report", EntityID: id, Diff: db.Diff{"report": {nil, asked.Report}, "format": {nil, asked.Format}}})
}

// vetName is a vet's name, "" for all.
func vetName(ctx context.Context, conn db.Conn, id int64) (string, error) {
	if id == 0 {
		return "", nil
	}
	vet, err := db.GetStaff(ctx, conn, id)
	return vet.DisplayName, err
}

type reporter struct {
	inQueue[MakeReport]
	pool *pgxpool.Pool
	zone *time.Location
	now  func() time.Time
}

func (w *reporter) Work(ctx context.Context, job *river.Job[MakeReport]) error {
	return Working(ctx, w.pool, job, job.Args.WorkID, w.make)
}

// reportTime is how long a statement of a report may take: all but the time that the queue gives to a try.
var reportTime = Reports.Timeout - time.Minute

// make writes the file in one transaction, with the messages that carry it: one that is cut short was never there.
func (w *reporter) make(ctx context.Context, progress *Progress, asked ReportAsked) (db.WorkResult, error) {
	q, err := asked.question()
	if err != nil {
		return db.WorkResult{}, err
	}
	if err := w.mayStill(ctx, progress.Work, asked); err != nil {
		return db.WorkResult{}, err
	}
	progress.At(0) // another try begins from the first row
	name := fmt.Sprintf("%s.%s", reportFile(q), asked.Format)
	err = db.InTx(ctx, w.pool, func(tx pgx.Tx) error {
		if err := db.EndedWithin(ctx, tx, reportTime); err != nil {
			return err
		}
		file, err := db.NewFileWriter(ctx, tx, db.WorkFile{WorkID: progress.Work.ID, Resource: db.ReportFile, Name: name, MediaType: asked.Format.Type()})
		if err != nil {
			return err
		}
		if err := w.write(ctx, tx, progress, q, asked.Format, file); err != nil {
			return err
		}
		if err := file.Close(); err != nil {
			return err
		}
		return sendReport(ctx, tx, progress.Work, asked)
	})
	if err != nil {
		return db.WorkResult{}, err
	}
	return db.WorkResult{
		Outcome: ui.Plural(progress.Done(), "line", "lines") + ". The file is kept for 30 days.",
		Href:    fmt.Sprintf("/progress/%d/file", progress.Work.ID), Label: "Download " + name,
	}, nil
}

// mayStill refuses what somebody asked who may not see reports any more. What a schedule wants, the clinic asked for.
func (w *reporter) mayStill(ctx context.Context, work db.Work, asked ReportAsked) error {
	if asked.ScheduleID != 0 {
		return nil
	}
	person, err := db.GetStaff(ctx, w.pool, work.StartedBy)
	if err != nil {
		return err
	}
	if !person.Active || !person.Role.Can(db.AbleConfigure) {
		return db.Invalid{"": "Whoever asked for this report may not see reports any more."}
	}
	return nil
}

// write reads the report's rows into a file.
func (w *reporter) write(ctx context.Context, tx pgx.Tx, progress *Progress, q db.ReportQuestion, format sheets.Format, to io.Writer) error {
	report, err := db.ReportOf(q.Kind)
	if err != nil {
		return err
	}
	total, err := db.CountReport(ctx, tx, q, w.zone)
	if err != nil {
		return err
	}
	progress.Total(total)
	if format == sheets.PDF && total > sheets.DocumentRows {
		return db.Invalid{"": fmt.Sprintf("This report has %s. A PDF takes %s at most: choose a spreadsheet or CSV, or fewer days.",
			ui.Plural(total, "line", "lines"), ui.Count(sheets.DocumentRows))}
	}
	sheet, err := w.sheet(ctx, tx, report, q, format, to)
	if err != nil {
		return err
	}
	count := 0
	err = db.EachReportRow(ctx, tx, q, w.zone, 0, func(row grid.Row) error {
		if count++; count%100 == 0 {
			progress.At(count)
		}
		return sheet.Add(row)
	})
	progress.At(count)
	if err != nil {
		return err
	}
	return sheet.Close()
}

func (w *reporter) sheet(ctx context.Context, tx pgx.Tx, report *db.Report, q db.ReportQuestion, format sheets.Format, to io.Writer) (sheets.Writer, error) {
	if format != sheets.PDF {
		return sheets.New(format, to, report.Name, report.Columns, w.zone)
	}
	doc, err := reportDocument(ctx, tx, report, q, w.zone, w.now())
	if err != nil {
		return nil, err
	}
	return sheets.NewDocument(to, doc, report.Columns, w.zone), nil
}

// reportDocument is what stands around a printed report's rows.
func reportDocument(ctx context.Context, conn db.Conn, report *db.Report, q db.ReportQuestion, zone *time.Location, now time.Time) (sheets.Document, error) {
	clinic, err := db.GetClinic(ctx, conn)
	if err != nil {
		return sheets.Document{}, err
	}
	vet, err := vetName(ctx, conn, q.VetID)
	if err != nil {
		return sheets.Document{}, err
	}
	figures, err := db.ReportFigures(ctx, conn, q, zone)
	if err != nil {
		return sheets.Document{}, err
	}
	doc := sheets.Document{
		Title: report.Name, Subtitle: views.ReportDays(q.First, q.Last, vet), None: report.None, Made: now,
		Foot: fmt.Sprintf("%s · made on %s", clinic.Name, now.In(zone).Format("2 January 2006 at 15:04")),
	}
	for _, figure := range figures {
		doc.Figures = append(doc.Figures, [2]string{figure.Label, strings.TrimSpace(ui.Count(figure.Value) + " " + figure.Unit)})
	}
	return doc, nil
}

// reportFile names a report's file, but for its end.
func reportFile(q db.ReportQuestion) string {
	name := fmt.Sprintf("%s-%s", q.Kind, q.First.Format(time.DateOnly))
	if !q.Last.Equal(q.First) {
		name += "-to-" + q.Last.Format(time.DateOnly)
	}
	return name
}
