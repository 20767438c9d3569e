package handlers

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/internal/report"
	"purplecross/views"
	"purplecross/views/ui"
)

// boundaries report the parts of a page that fail, and know which part alone was asked for.
func (a *App) boundaries(c echo.Context) *ui.Boundaries {
	shared := &ui.Boundaries{Break: a.breaks}
	if partial(c) {
		shared.Only = targetID(c)
	}
	shared.Tell = func(ctx context.Context, _ string, err error, panicked any) ui.Failed {
		report.By(ctx, viewer(c).ID)
		failed := ui.Failed{Reference: report.Part(ctx, err, panicked)}
		if c.Request().Method == http.MethodGet {
			failed.RetryURL = c.Request().URL.RequestURI()
		}
		return failed
	}
	return shared
}

// targetID is the id of the element that htmx will put the answer into; htmx 4 names it as tag#id.
func targetID(c echo.Context) string {
	target := c.Request().Header.Get("HX-Target")
	if _, id, named := strings.Cut(target, "#"); named {
		return id
	}
	return target
}

// onlyPart answers a Try again with the one part, once the page was drawn. A part that is not on the page any more is a
// reason to load the page.
func (a *App) onlyPart(c echo.Context, status int, shared *ui.Boundaries) (answered bool, err error) {
	if part := shared.Part(); part != nil {
		return true, c.HTMLBlob(status, part)
	}
	if strings.HasSuffix(shared.Only, "-part") {
		c.Response().Header().Set("HX-Refresh", "true")
		return true, c.NoContent(http.StatusOK)
	}
	return false, nil
}

// partly keeps an error to the part of the page whose rows could not be read. It returns the errors that are the whole
// page's: no such record, a visitor who went away, a database that does not answer.
func partly(failed *views.Failures, part string, err error) error {
	if err == nil || errors.Is(err, db.ErrNotFound) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || databaseAway(err) {
		return err
	}
	if *failed == nil {
		*failed = views.Failures{}
	}
	(*failed)[part] = err
	return nil
}
