package handlers

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"purplecross/db"
)

func (a *App) checkInsCreate(c echo.Context) error    { return a.advance(c, db.AppointmentArrived) }
func (a *App) roomingsCreate(c echo.Context) error    { return a.advance(c, db.AppointmentInRoom) }
func (a *App) readinessesCreate(c echo.Context) error { return a.advance(c, db.AppointmentReady) }
func (a *App) completionsCreate(c echo.Context) error { return a.advance(c, db.AppointmentCompleted) }
func (a *App) noShowsCreate(c echo.Context) error     { return a.advance(c, db.AppointmentNoShow) }

// advance takes a visit one step on.
func (a *App) advance(c echo.Context, to db.AppointmentStatus) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}
	version, err := versionSent(c)
	if err != nil {
		return err
	}

	err = db.AdvanceAppointment(c.Request().Context(), a.Pool, id, version, to, a.Now())
	if err != nil {
		return conflict(err)
	}

	return a.backTo(c, id)
}

// stepsDestroy takes the last step of a visit back.
func (a *App) stepsDestroy(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}
	version, err := versionSent(c)
	if err != nil {
		return err
	}

	err = db.UndoAppointmentStep(c.Request().Context(), a.Pool, id, version, a.Now())
	if clash := new(db.Clash); errors.As(err, &clash) {
		return echo.NewHTTPError(http.StatusConflict, clash.Sentence(a.Zone)+" Book the visit again at another time.")
	}
	if err != nil {
		return conflict(err)
	}

	return a.backTo(c, id)
}

// backTo returns to the page that a step was taken on: the board, or else the visit's own.
func (a *App) backTo(c echo.Context, id int64) error {
	back := c.FormValue("back")
	if !localPath(back) {
		back = visitPath(id)
	}
	return a.seeOther(c, back, "")
}

// versionSent is the version that the page showed; 0 when the form names none.
func versionSent(c echo.Context) (int, error) {
	text := c.FormValue("version")
	if text == "" {
		return 0, nil
	}
	version, err := strconv.Atoi(text)
	if err != nil || version < 0 {
		return 0, echo.NewHTTPError(http.StatusBadRequest)
	}
	return version, nil
}
