package handlers

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/views"
)

// reportsShow is the manager's Monday: last week beside the week before, each figure live and leading to the list behind
// it; then every report there is, what goes out by the clock, and what was made.
func (a *App) reportsShow(c echo.Context) error {
	ctx := c.Request().Context()
	monday := mondayOf(a.today()).AddDate(0, 0, -7)
	if asked := c.QueryParam("week"); asked != "" {
		day, err := time.ParseInLocation(time.DateOnly, asked, a.Zone)
		if err != nil {
			return echo.NewHTTPError(http.StatusBadRequest, "A week is named by one of its days, like 2026-11-16.")
		}
		monday = mondayOf(day)
	}

	props := views.ReportPageProps{Monday: monday, Today: a.today()}
	var err error
	if props.Week, err = db.GetWeekFigures(ctx, a.Pool, monday); err != nil {
		return err
	}
	if props.Before, err = db.GetWeekFigures(ctx, a.Pool, monday.AddDate(0, 0, -7)); err != nil {
		return err
	}
	props.Tallies, err = db.ListVisitTallies(ctx, a.Pool, monday)
	if err = partly(&props.Failed, "tallies", err); err != nil {
		return err
	}
	if props.Overdue, err = db.CountOverdue(ctx, a.Pool, a.today()); err != nil {
		return err
	}

	props.Schedules, err = db.ListReportSchedules(ctx, a.Pool)
	if err = partly(&props.Failed, "schedules", err); err != nil {
		return err
	}
	props.Made, err = db.ListReportWork(ctx, a.Pool, 5)
	if err = partly(&props.Failed, "made", err); err != nil {
		return err
	}

	return a.page(c, views.Head{Title: "Reports", Nav: "reports"}, views.ReportPage(props))
}

// mondayOf is the midnight that a day's week begins at.
func mondayOf(day time.Time) time.Time {
	return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
}
