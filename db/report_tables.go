package db

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"purplecross/db/grid"
)

// ReportKind names a report, in addresses too.
type ReportKind string

// ReportSpan is what days a report is asked for.
type ReportSpan string

// The spans.
const (
	SpanDay    ReportSpan = "day"    // one clinic day
	SpanPeriod ReportSpan = "period" // from one day to another, both counted
)

// Report is one kind of report: what it asks and what it shows. Those that there are stand in Reports.
type Report struct {
	Kind    ReportKind
	Name    string // "Day sheet"
	About   string // a sentence
	Span    ReportSpan
	ByVet   bool   // it can be asked for one vet
	One     string // what a row is, for counting: "visit"
	Many    string
	None    string // what it says without any row
	Record  string // the page of a row's record, but for its id: "/appointments/"
	Columns []*grid.Column

	rows    string // a select over asked, with an id and the columns by their keys, in order
	figures string // a select of one row over asked, a number a figure; "" for none
	labels  []Figure
}

// Figure is a number that says it all.
type Figure struct {
	Label string
	Unit  string // "min", "" for a plain number
	Value int
}

// ReportQuestion is a report, asked.
type ReportQuestion struct {
	Kind  ReportKind
	First time.Time // a clinic day
	Last  time.Time // another, counted too; of a report of one day the same
	VetID int64     // 0 for all
}

// MostDays is the longest period that is asked for.
const MostDays = 3 * 366

// ReportOf is the kind of report with this name.
func ReportOf(kind ReportKind) (*Report, error) {
	for i := range Reports {
		if Reports[i].Kind == kind {
			return &Reports[i], nil
		}
	}
	return nil, ErrNotFound
}

// Check says what is wrong with a question.
func (q ReportQuestion) Check() error {
	report, err := ReportOf(q.Kind)
	switch {
	case err != nil:
		return err
	case q.First.IsZero() || q.Last.IsZero():
		return Invalid{"first": "Choose a day."}
	case q.Last.Before(q.First):
		return Invalid{"last": "The last day is before the first."}
	case report.Span == SpanDay && !q.First.Equal(q.Last):
		return Invalid{"last": "This report is of one day."}
	case q.Last.Sub(q.First) > MostDays*24*time.Hour:
		return Invalid{"last": "Choose three years at most."}
	case q.VetID != 0 && !report.ByVet:
		return Invalid{"vet": "This report is of the whole clinic."}
	}
	return nil
}

// asked binds the question: the clinic's days begin and end with its own midnights, so a day of daylight saving has 23
// or 25 hours.
const asked = `
	with asked as (
	  select $1::timestamptz as begins, $2::timestamptz as ends, $3::date as first, $4::date as last, $5::bigint as vet
	)`

func (q ReportQuestion) args(zone *time.Location) []any {
	midnight := func(day time.Time, later int) time.Time {
		return time.Date(day.Year(), day.Month(), day.Day()+later, 0, 0, 0, 0, zone)
	}
	return []any{
		midnight(q.First, 0), midnight(q.Last, 1),
		q.First.Format(time.DateOnly), q.Last.Format(time.DateOnly), q.VetID,
	}
}

// CountReport is how many rows a report has.
func CountReport(ctx context.Context, conn Conn, q ReportQuestion, zone *time.Location) (int, error) {
	report, err := ReportOf(q.Kind)
	if err != nil {
		return 0, err
	}
	var count int
	err = conn.QueryRow(ctx, asked+` select count(*) from (`+report.rows+`) rows`, q.args(zone)...).Scan(&count)
	return count, wrap(err, "count report %s", q.Kind)
}

// ReportFigures are the numbers above a report's rows.
func ReportFigures(ctx context.Context, conn Conn, q ReportQuestion, zone *time.Location) ([]Figure, error) {
	report, err := ReportOf(q.Kind)
	if err != nil || report.figures == "" {
		return nil, err
	}
	figures := append([]Figure(nil), report.labels...)
	into := make([]any, len(figures))
	for i := range figures {
		into[i] = &figures[i].Value
	}
	err = conn.QueryRow(ctx, asked+report.figures, q.args(zone)...).Scan(into...)
	return figures, wrap(err, "count the figures of report %s", q.Kind)
}

// EachReportRow reads a report's rows, in order, limit at most; 0 for all.
func EachReportRow(ctx context.Context, conn Conn, q ReportQuestion, zone *time.Location, limit int, each func(grid.Row) error) error {
	report, err := ReportOf(q.Kind)
	if err != nil {
		return err
	}
	sql := asked + report.rows
	if limit > 0 {
		sql += fmt.Sprintf(" limit %d", limit)
	}
	rows, err := conn.Query(ctx, sql, q.args(zone)...)
	if err != nil {
		return wrap(err, "read report %s", q.Kind)
	}
	defer rows.Close()
	fields := rows.FieldDescriptions()
	for rows.Next() {
		read, err := rows.Values()
		if err != nil {
			return wrap(err, "read report %s", q.Kind)
		}
		var id int64
		values := make(map[string]any, len(fields))
		for i, field := range fields {
			if field.Name == "id" {
				id, _ = read[i].(int64)
				continue
			}
			values[field.Name] = read[i]
		}
		if err := each(grid.NewRow(id, values)); err != nil {
			return err
		}
	}
	return wrap(rows.Err(), "read report %s", q.Kind)
}

// ReportRows are a report's first rows.
func ReportRows(ctx context.Context, conn Conn, q ReportQuestion, zone *time.Location, limit int) ([]grid.Row, error) {
	var rows []grid.Row
	err := EachReportRow(ctx, conn, q, zone, limit, func(row grid.Row) error {
		rows = append(rows, row)
		return nil
	})
	return rows, err
}

// EndedWithin makes a transaction's statements as long as a report may take.
func EndedWithin(ctx context.Context, tx pgx.Tx, most time.Duration) error {
	_, err := tx.Exec(ctx, fmt.Sprintf(`set local statement_timeout = %d`, most.Milliseconds()))
	return wrap(err, "set the statement's time")
}
