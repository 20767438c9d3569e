package handlers

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/views"
)

func (a *App) errorsShow(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}

	found, err := db.GetErrorReport(c.Request().Context(), a.Pool, id)
	if err != nil {
		return err
	}

	props := views.ErrorPageProps{Error: found, SentryURL: sentryURL(a.Config.SentryURL, found.Reference)}
	props.Feedback, err = db.FeedbackOf(c.Request().Context(), a.Pool, id)
	if err = partly(&props.Failed, "feedback", err); err != nil {
		return err
	}
	if props.Menders, err = db.ListMenders(c.Request().Context(), a.Pool); err != nil {
		return err
	}

	if err := a.readAbout(c, "error_report", id); err != nil {
		return err
	}

	return a.page(c, views.Head{Title: "Error", Nav: "errors"}, views.ErrorPage(props))
}

// sentryURL leads to the latest report of a failure, where SENTRY_URL says how the project is reached.
func sentryURL(project, reference string) string {
	if project == "" || reference == "" {
		return ""
	}
	mark := "?"
	if strings.Contains(project, "?") {
		mark = "&"
	}
	return project + mark + "query=" + url.QueryEscape("reference:"+reference)
}

func (a *App) errorAssignmentsCreate(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}
	staffID, err := strconv.ParseInt(c.FormValue("to"), 10, 64)
	if err != nil || staffID < 0 {
		return echo.NewHTTPError(http.StatusBadRequest)
	}
	ctx := c.Request().Context()
	menders, err := db.ListMenders(ctx, a.Pool)
	if err != nil {
		return err
	}
	if staffID != 0 && !slices.ContainsFunc(menders, func(m db.Mender) bool { return m.ID == staffID }) {
		return db.Invalid{"to": "Choose one of the people who look after errors."}
	}

	if err := db.AssignError(ctx, a.Pool, id, staffID); err != nil {
		return err
	}

	return a.seeOther(c, "/admin/errors/"+strconv.FormatInt(id, 10), "Saved.")
}

func (a *App) errorResolutionsCreate(c echo.Context) error {
	return a.markError(c, db.ResolveError, "Resolved. If a newer release has it too, it is open again.")
}

func (a *App) errorIgnoringsCreate(c echo.Context) error {
	return a.markError(c, db.IgnoreError, "Ignored. It is still counted.")
}

func (a *App) errorReopeningsCreate(c echo.Context) error {
	return a.markError(c, db.ReopenError, "Open again.")
}

func (a *App) markError(c echo.Context, mark func(context.Context, db.Conn, int64) error, flash string) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}

	if err := mark(c.Request().Context(), a.Pool, id); err != nil {
		return err
	}

	return a.seeOther(c, "/admin/errors/"+strconv.FormatInt(id, 10), flash)
}
