package handlers

import (
	"errors"
	"net/http"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/views"
	"purplecross/views/ui"
)

func (a *App) deadLettersShow(c echo.Context) error {
	dead, err := db.GetDeadLetters(c.Request().Context(), a.Pool, c.Param("key"))
	if err != nil {
		return err
	}

	return a.deadLettersPage(c, http.StatusOK, views.DeadLettersPageProps{Dead: dead})
}

func (a *App) deadLettersPage(c echo.Context, status int, props views.DeadLettersPageProps) error {
	var err error
	if props.Names, err = db.JobNames(c.Request().Context(), a.Pool, views.LatestOf(props.Dead.JobIDs)); err != nil {
		return err
	}
	return a.pageStatus(c, status, views.Head{Title: "Given up", Nav: "queues"}, views.DeadLettersPage(props))
}

func (a *App) deadLetterRetriesCreate(c echo.Context) error {
	retried := 0
	err := db.InTx(c.Request().Context(), a.Pool, func(tx pgx.Tx) (err error) {
		retried, err = a.Jobs.RetryDeadLetters(c.Request().Context(), tx, c.Param("key"))
		return err
	})
	if err != nil {
		return err
	}

	return a.seeOther(c, "/admin/queues", ui.Plural(retried, "job", "jobs")+" will be tried again.")
}

func (a *App) deadLetterDismissalsCreate(c echo.Context) error {
	note := strings.TrimSpace(readValues(c, []string{"note"}, "")["note"])

	var dead db.DeadLetters
	err := db.InTx(c.Request().Context(), a.Pool, func(tx pgx.Tx) (err error) {
		dead, err = db.DismissDeadLetters(c.Request().Context(), tx, c.Param("key"), note)
		return err
	})
	if invalid := (db.Invalid{}); errors.As(err, &invalid) {
		return a.deadLettersPage(c, http.StatusUnprocessableEntity, views.DeadLettersPageProps{Dead: dead, NoteError: invalid["note"]})
	}
	if err != nil {
		return err
	}

	return a.seeOther(c, "/admin/queues", ui.Plural(dead.Count, "job", "jobs")+" dismissed. The audit log keeps your note.")
}
