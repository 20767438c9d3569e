package handlers

import (
	"time"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/views"
)

func (a *App) boardShow(c echo.Context) error {
	day := a.dayAsked(c)
	vetID, err := idQuery(c, "vet")
	if err != nil {
		return err
	}

	props := views.BoardPageProps{Day: day, VetID: vetID, All: c.QueryParam("all") != ""}
	if props.Hours, props.Visits, props.Vets, err = a.readDay(c, day); err != nil {
		return err
	}

	return a.page(c, views.Head{Title: "Board", Nav: "board", Wide: true}, views.BoardPage(props), views.Part{ID: "board", View: views.BoardPart(props)})
}

// readDay reads what the board and the calendar show of a day.
func (a *App) readDay(c echo.Context, day time.Time) (hours db.OpenDay, visits []db.Visit, vets []db.Vet, err error) {
	ctx := c.Request().Context()
	if hours, err = db.OpenOn(ctx, a.Pool, day); err != nil {
		return
	}
	if visits, err = db.ListVisits(ctx, a.Pool, day, day.AddDate(0, 0, 1)); err != nil {
		return
	}
	vets, err = db.ListVets(ctx, a.Pool)
	return
}

// dayAsked is the day of ?day=, at the clinic's midnight; today when there is none or none can be read.
func (a *App) dayAsked(c echo.Context) time.Time {
	if day, err := time.ParseInLocation(time.DateOnly, c.QueryParam("day"), a.Zone); err == nil && day.Year() > 1900 && day.Year() < 2200 {
		return day
	}
	return a.today()
}
