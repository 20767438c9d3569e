package handlers

import (
	"github.com/jackc/pgx/v5"
	"github.com/labstack/echo/v4"

	"purplecross/db"
)

func (a *App) scheduleRunsCreate(c echo.Context) error {
	return a.onSchedule(c, "It runs now. Its next run stays when it was.", func(tx pgx.Tx, id int64) error {
		return a.Jobs.RunSchedule(c.Request().Context(), tx, id, a.Now())
	})
}

func (a *App) schedulePausesCreate(c echo.Context) error {
	return a.onSchedule(c, "Paused. It runs again when somebody resumes it.", func(tx pgx.Tx, id int64) error {
		return db.PauseSchedule(c.Request().Context(), tx, id)
	})
}

func (a *App) schedulePausesDestroy(c echo.Context) error {
	return a.onSchedule(c, "It goes on at its next time.", func(tx pgx.Tx, id int64) error {
		return a.Jobs.ResumeSchedule(c.Request().Context(), tx, id, a.Now())
	})
}

func (a *App) onSchedule(c echo.Context, flash string, do func(tx pgx.Tx, id int64) error) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}

	if err := db.InTx(c.Request().Context(), a.Pool, func(tx pgx.Tx) error { return do(tx, id) }); err != nil {
		return err
	}

	return a.seeOther(c, "/admin/queues#schedules", flash)
}
