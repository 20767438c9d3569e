package handlers

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/jobs"
	"purplecross/views"
)

// reportSchedulesNew is the form of a report by the clock; the address may say which report.
func (a *App) reportSchedulesNew(c echo.Context) error {
	schedule := db.ReportSchedule{Report: db.ReportKind(c.QueryParam("report")), Span: db.SpanSameDay, Format: "pdf", Weekdays: []int{1, 2, 3, 4, 5}, Minute: 7 * 60}
	report, err := db.ReportOf(schedule.Report)
	if err != nil {
		report, schedule.Report = &db.Reports[0], db.Reports[0].Kind
	}
	if report.Span == db.SpanPeriod {
		schedule.Span, schedule.Weekdays = db.SpanWeekBefore, []int{1}
	}
	if vet, err := strconv.ParseInt(c.QueryParam("vet"), 10, 64); err == nil && report.ByVet {
		schedule.VetID = vet
	}
	schedule.StaffIDs = []int64{viewer(c).ID}
	return a.reportScheduleForm(c, http.StatusOK, views.ReportSchedulePageProps{Schedule: schedule})
}

func (a *App) reportScheduleForm(c echo.Context, status int, props views.ReportSchedulePageProps) error {
	ctx := c.Request().Context()
	var err error
	if props.Staff, err = db.ReportRecipients(ctx, a.Pool); err != nil {
		return err
	}
	if props.Vets, err = db.ListVets(ctx, a.Pool); err != nil {
		return err
	}
	props.Zone = a.Zone.String()
	title := "Report by the clock"
	return a.pageStatus(c, status, views.Head{Title: title, Nav: "reports"}, views.ReportSchedulePage(props))
}

// typedReportSchedule reads the form. What cannot be read is said at its field.
func (a *App) typedReportSchedule(c echo.Context) (db.ReportSchedule, db.Invalid, error) {
	form, err := c.FormParams()
	if err != nil {
		return db.ReportSchedule{}, nil, echo.NewHTTPError(http.StatusBadRequest)
	}
	s := db.ReportSchedule{
		Report: db.ReportKind(form.Get("report")), Span: db.ScheduleSpan(form.Get("span")), Format: form.Get("format"),
		Zone: a.Zone.String(), Version: formVersion(c),
	}
	if form.Get("when") == "month" {
		s.Monthday, _ = strconv.Atoi(form.Get("monthday"))
		if s.Monthday == 0 {
			s.Monthday = -1 // nonsense is refused below
		}
	} else {
		for _, word := range form["weekday"] {
			if day, err := strconv.Atoi(word); err == nil && day >= 0 && day <= 6 {
				s.Weekdays = append(s.Weekdays, day)
			}
		}
	}
	s.Minute = -1
	if at, err := time.Parse("15:04", form.Get("time")); err == nil {
		s.Minute = at.Hour()*60 + at.Minute()
	}
	s.VetID, _ = strconv.ParseInt(form.Get("vet"), 10, 64)
	for _, word := range form["staff"] {
		if id, err := strconv.ParseInt(word, 10, 64); err == nil {
			s.StaffIDs = append(s.StaffIDs, id)
		}
	}
	recipients, err := db.ReportRecipients(c.Request().Context(), a.Pool)
	if err != nil {
		return s, nil, err
	}
	wrong := s.Check(recipients)
	if len(wrong) == 0 {
		s.NextAt, err = jobs.NextReport(s, a.Now())
	}
	return s, wrong, err
}

func (a *App) reportSchedulesCreate(c echo.Context) error {
	return a.saveReportSchedule(c, 0)
}

func (a *App) reportSchedulesUpdate(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}
	return a.saveReportSchedule(c, id)
}

func (a *App) saveReportSchedule(c echo.Context, id int64) error {
	schedule, wrong, err := a.typedReportSchedule(c)
	if err != nil {
		return err
	}
	schedule.ID = id
	if len(wrong) > 0 {
		return a.reportScheduleForm(c, http.StatusUnprocessableEntity, views.ReportSchedulePageProps{Schedule: schedule, Errors: wrong})
	}

	_, err = db.SaveReportSchedule(c.Request().Context(), a.Pool, schedule)
	if errors.Is(err, db.ErrStale) {
		now, err := db.GetReportSchedule(c.Request().Context(), a.Pool, id)
		if err != nil {
			return err
		}
		schedule.Version = now.Version
		return a.reportScheduleForm(c, http.StatusConflict, views.ReportSchedulePageProps{Schedule: schedule, Theirs: &now})
	}
	if err != nil {
		return err
	}

	return a.seeOther(c, "/reports", "Saved. The report is sent "+views.ReportRule(schedule)+".")
}

func (a *App) reportSchedulesEdit(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}
	schedule, err := db.GetReportSchedule(c.Request().Context(), a.Pool, id)
	if err != nil {
		return err
	}
	return a.reportScheduleForm(c, http.StatusOK, views.ReportSchedulePageProps{Schedule: schedule})
}

func (a *App) reportSchedulesDestroy(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}

	if err := db.DeleteReportSchedule(c.Request().Context(), a.Pool, id); err != nil {
		return err
	}

	return a.seeOther(c, "/reports", "The report is not sent any more. What was made is kept for its time.")
}

// reportRunsCreate has a report by the clock made and sent now.
func (a *App) reportRunsCreate(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}

	work, err := a.Jobs.RunReportSchedule(c.Request().Context(), id, a.Now())
	if err != nil {
		return err
	}

	return a.seeOther(c, views.WorkHref(work), "It is being made, and sent to everybody on its list.")
}

func (a *App) reportPausesCreate(c echo.Context) error  { return a.pauseReport(c, true) }
func (a *App) reportPausesDestroy(c echo.Context) error { return a.pauseReport(c, false) }

func (a *App) pauseReport(c echo.Context, pause bool) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}
	schedule, err := db.GetReportSchedule(c.Request().Context(), a.Pool, id)
	if err != nil {
		return err
	}
	next, err := jobs.NextReport(schedule, a.Now())
	if err != nil {
		return err
	}

	if err := db.PauseReportSchedule(c.Request().Context(), a.Pool, id, pause, next); err != nil {
		return err
	}

	return a.seeOther(c, "/reports", map[bool]string{true: "Paused.", false: "It goes on. What it missed is not made up for."}[pause])
}
