package handlers

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/jobs/sheets"
	"purplecross/views"
)

// certificatesShow is a patient's vaccination certificate, to print.
func (a *App) certificatesShow(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}
	facts, err := db.GetCertificateFacts(c.Request().Context(), a.Pool, id)
	if err != nil {
		return err
	}

	file, err := sheets.Certificate(facts, a.Now().In(a.Zone))
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Disposition", `inline; filename="vaccinations.pdf"`)
	return c.Blob(http.StatusOK, "application/pdf", file)
}

// certificatesCreate sends it to the household.
func (a *App) certificatesCreate(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}

	ctx := c.Request().Context()
	var message db.Message
	err = db.InTx(ctx, a.Pool, func(tx pgx.Tx) (err error) {
		if message, err = db.AddCertificateMessage(ctx, tx, id, a.Now()); err != nil {
			return err
		}
		return a.Jobs.EnqueueMessage(ctx, tx, message.ID)
	})
	if refused := (db.Invalid{}); errors.As(err, &refused) {
		return a.seeOther(c, "/patients/"+strconv.FormatInt(id, 10), "The certificate was not sent. "+refused[""])
	}
	if err != nil {
		return err
	}

	return a.seeOther(c, views.MessageHref(message.ID), "The certificate is being sent.")
}
