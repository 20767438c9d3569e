package handlers

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/jobs/texts"
)

// fromProvider lets in only the provider of text messages, by its signature over the address and the form.
func (a *App) fromProvider(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		form, err := c.FormParams()
		if err != nil {
			return echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
		}
		address := a.Config.BaseURL + c.Request().URL.RequestURI()
		if !a.Jobs.SignedByProvider(address, form, c.Request().Header.Get(texts.SignatureHeader)) {
			return db.ErrNotFound // for anybody else there is nothing here
		}
		return next(c)
	}
}

func providerActor(c echo.Context) db.Actor {
	return db.Actor{Name: "the provider of text messages", RequestID: requestID(c)}
}

// textOutcomesCreate hears what became of a text message.
func (a *App) textOutcomesCreate(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	outcome := texts.OutcomeOf(form)
	said := db.TextOutcome{
		ProviderID: outcome.ID, Delivered: outcome.Status == "delivered" || outcome.Status == "read",
		Failed: outcome.Status == "undelivered" || outcome.Status == "failed",
		NoSuch: texts.NoSuchNumber(outcome.Code), OptedOut: texts.OptedOut(outcome.Code),
	}
	if said.Failed {
		said.Reason = textFailure(said, outcome.Code)
	}

	ctx := db.WithActor(c.Request().Context(), providerActor(c))
	if err := db.NoteTextOutcome(ctx, a.Pool, c.Param("token"), said); err != nil {
		return err
	}

	return c.NoContent(http.StatusNoContent)
}

func textFailure(said db.TextOutcome, code int) string {
	reason := "The text message was not delivered."
	switch {
	case said.OptedOut:
		reason = "The client told the provider to stop text messages."
	case said.NoSuch:
		reason = "The client’s number cannot get text messages."
	}
	if code != 0 {
		reason += " (The provider answered " + strconv.Itoa(code) + ".)"
	}
	return reason
}

// textsCreate takes what a client wrote to the clinic.
func (a *App) textsCreate(c echo.Context) error {
	ctx := db.WithActor(c.Request().Context(), db.Actor{Name: "the client, by text message", RequestID: requestID(c)})
	err := db.ReceiveText(ctx, a.Pool, db.ReceivedText{ProviderID: c.FormValue("MessageSid"), From: c.FormValue("From"), Body: c.FormValue("Body")})
	if err != nil {
		return err
	}

	return c.Blob(http.StatusOK, "text/xml; charset=utf-8", []byte("<Response/>")) // nothing to answer by itself
}
