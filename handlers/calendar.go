package handlers

import (
	"github.com/labstack/echo/v4"

	"purplecross/views"
)

func (a *App) calendarShow(c echo.Context) error {
	day := a.dayAsked(c)
	vetID, err := idQuery(c, "vet")
	if err != nil {
		return err
	}

	props := views.CalendarPageProps{Day: day, VetID: vetID}
	if props.Hours, props.Visits, props.Vets, err = a.readDay(c, day); err != nil {
		return err
	}

	return a.page(c, views.Head{Title: "Calendar", Nav: "calendar", Wide: true}, views.CalendarPage(props))
}
