package handlers

import (
	"errors"
	"net/http"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/views"
)

func (a *App) cancellationsNew(c echo.Context) error {
	visit, err := a.visit(c)
	if err != nil {
		return err
	}

	return a.cancelPage(c, http.StatusOK, views.CancelPageProps{Visit: visit, Reason: views.FirstCancelReason})
}

func (a *App) cancelPage(c echo.Context, status int, props views.CancelPageProps) error {
	var err error
	if props.Patient, err = a.visitBanner(c.Request().Context(), props.Visit); err != nil {
		return err
	}
	return a.pageStatus(c, status, views.Head{Title: "Cancel visit", Nav: "appointments"}, views.CancelPage(props))
}

func (a *App) cancellationsCreate(c echo.Context) error {
	visit, err := a.visit(c)
	if err != nil {
		return err
	}
	version, err := versionSent(c)
	if err != nil {
		return err
	}
	reason, other := c.FormValue("reason"), strings.TrimSpace(c.FormValue("other"))
	if other != "" {
		reason = other
	}

	ctx := c.Request().Context()
	err = db.InTx(ctx, a.Pool, func(tx pgx.Tx) error {
		if err := db.CancelAppointment(ctx, tx, visit.ID, version, reason); err != nil {
			return err
		}
		return a.tell(ctx, tx, db.MessageVisitCancelled, visit.ID)
	})
	if invalid := (db.Invalid{}); errors.As(err, &invalid) {
		return a.cancelPage(c, http.StatusUnprocessableEntity, views.CancelPageProps{Visit: visit, Reason: c.FormValue("reason"), Other: other, Errors: invalid})
	}
	if err != nil {
		return conflict(err)
	}

	return a.seeOtherUndo(c, visitPath(visit.ID), "The visit is cancelled, and its slot is free again.", visitPath(visit.ID)+"/cancellation/delete")
}

// cancellationsDestroy takes a cancellation back, while the slot is free.
func (a *App) cancellationsDestroy(c echo.Context) error {
	visit, err := a.visit(c)
	if err != nil {
		return err
	}
	version, err := versionSent(c)
	if err != nil {
		return err
	}

	ctx := c.Request().Context()
	err = db.InTx(ctx, a.Pool, func(tx pgx.Tx) error {
		if err := db.RestoreAppointment(ctx, tx, visit.ID, version); err != nil {
			return err
		}
		return a.tell(ctx, tx, db.MessageVisitConfirmation, visit.ID)
	})
	if clash := new(db.Clash); errors.As(err, &clash) {
		return echo.NewHTTPError(http.StatusConflict, clash.Sentence(a.Zone)+" Book the visit again at another time.")
	}
	if err != nil {
		return conflict(err)
	}

	return a.seeOther(c, visitPath(visit.ID), "The visit is booked again.")
}

// conflict says to a person why a visit's state refuses a change; other errors stay what they are.
func conflict(err error) error {
	if refused := db.Refused(""); errors.As(err, &refused) {
		return echo.NewHTTPError(http.StatusConflict, refused.Error())
	}
	return err
}
