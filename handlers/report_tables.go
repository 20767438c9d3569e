package handlers

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/jobs"
	"purplecross/jobs/sheets"
	"purplecross/views"
)

const (
	reportShown  = 500              // rows on the screen; a file has all
	reportWaited = 20 * time.Second // for a report on the screen; a file takes its time
	reportsMade  = 100
)

// reportTablesShow is one report: on the screen, and on paper.
func (a *App) reportTablesShow(c echo.Context) error {
	report, err := db.ReportOf(db.ReportKind(c.Param("report")))
	if err != nil {
		return err
	}
	q, wrong, err := a.reportAsked(c, report)
	if err != nil {
		return err
	}
	return a.reportTable(c, http.StatusOK, report, q, wrong)
}

func (a *App) reportTable(c echo.Context, status int, report *db.Report, q db.ReportQuestion, wrong db.Invalid) error {
	ctx := c.Request().Context()
	props := views.ReportTablePageProps{Report: *report, Ask: q, Today: a.today(), Clinic: a.clinicName(c), Errors: wrong}
	var err error
	if props.Vets, err = db.ListVets(ctx, a.Pool); err != nil {
		return err
	}
	if q.VetID != 0 {
		vet, err := db.GetStaff(ctx, a.Pool, q.VetID)
		if err != nil {
			return err
		}
		props.Vet = vet.DisplayName
	}
	for _, column := range report.Columns {
		props.Heads = append(props.Heads, column.Label)
		props.Numbers = append(props.Numbers, column.Numeric())
	}
	if len(wrong) == 0 {
		err := a.readReport(ctx, report, q, &props)
		var failed views.Failures
		if err = partly(&failed, "rows", err); err != nil {
			return err
		}
		props.Failed = failed["rows"]
	} else {
		status = http.StatusUnprocessableEntity
	}
	return a.pageStatus(c, status, views.Head{Title: report.Name, Nav: "reports", Wide: true}, views.ReportTablePage(props))
}

// readReport reads the numbers and the first rows.
func (a *App) readReport(ctx context.Context, report *db.Report, q db.ReportQuestion, props *views.ReportTablePageProps) (err error) {
	ctx, cancel := context.WithTimeout(ctx, reportWaited)
	defer cancel()
	if props.Figures, err = db.ReportFigures(ctx, a.Pool, q, a.Zone); err != nil {
		return err
	}
	rows, err := db.ReportRows(ctx, a.Pool, q, a.Zone, reportShown)
	if err != nil {
		return err
	}
	if props.Count = len(rows); props.Count == reportShown {
		if props.Count, err = db.CountReport(ctx, a.Pool, q, a.Zone); err != nil {
			return err
		}
	}
	for _, row := range rows {
		cells := make([]string, len(report.Columns))
		for i, column := range report.Columns {
			cells[i] = sheets.Said(column, row, a.Zone)
		}
		props.Rows, props.Records = append(props.Rows, cells), append(props.Records, row.ID)
	}
	return nil
}

// reportAsked reads which days and whose; what is left out is what is mostly wanted.
func (a *App) reportAsked(c echo.Context, report *db.Report) (db.ReportQuestion, db.Invalid, error) {
	q := db.ReportQuestion{Kind: report.Kind, First: a.today(), Last: a.today()}
	if report.Span == db.SpanPeriod {
		q.First, q.Last = db.SpanWeekBefore.Days(a.today())
	}
	wrong := db.Invalid{}
	first, last := c.FormValue("first"), c.FormValue("last")
	if last == "" || report.Span == db.SpanDay {
		last = first
	}
	for field, value := range map[string]struct {
		typed string
		into  *time.Time
	}{"first": {first, &q.First}, "last": {last, &q.Last}} {
		if value.typed == "" {
			continue
		}
		day, err := time.Parse(time.DateOnly, value.typed)
		if err != nil {
			wrong[field] = "Enter a day, like 2026-11-28."
			continue
		}
		*value.into = day
	}
	q.First, q.Last = dayOf(q.First), dayOf(q.Last)
	if vet := c.FormValue("vet"); vet != "" {
		id, err := strconv.ParseInt(vet, 10, 64)
		if err != nil || id <= 0 {
			return q, nil, db.ErrNotFound
		}
		q.VetID = id
	}
	if len(wrong) > 0 {
		return q, wrong, nil
	}
	err := q.Check()
	if errors.As(err, &wrong) {
		return q, wrong, nil
	}
	return q, nil, err
}

// dayOf is a calendar day without a place, as questions of reports have it.
func dayOf(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)
}

// reportFilesCreate has the report made as a file, and shows how far it is.
func (a *App) reportFilesCreate(c echo.Context) error {
	report, err := db.ReportOf(db.ReportKind(c.Param("report")))
	if err != nil {
		return err
	}
	q, wrong, err := a.reportAsked(c, report)
	if err != nil {
		return err
	}
	format := sheets.Format(c.FormValue("format"))
	if format != sheets.PDF && format != sheets.XLSX && format != sheets.CSV {
		return echo.NewHTTPError(http.StatusBadRequest, "A report is made as PDF, XLSX or CSV.")
	}
	if len(wrong) > 0 {
		return a.reportTable(c, http.StatusUnprocessableEntity, report, q, wrong)
	}

	id, err := a.Jobs.StartReport(c.Request().Context(), jobs.AskReport(q, format))
	if err != nil {
		return err
	}

	return a.seeOther(c, views.WorkHref(id), "")
}

func (a *App) reportFilesIndex(c echo.Context) error {
	work, err := db.ListReportWork(c.Request().Context(), a.Pool, reportsMade)
	if err != nil {
		return err
	}

	return a.page(c, views.Head{Title: "Reports that were made", Nav: "reports"}, views.ReportFilesPage(views.ReportFilesPageProps{Work: work}))
}
