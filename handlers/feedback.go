package handlers

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/internal/report"
	"purplecross/views"
)

// feedbackNew asks what somebody was doing when something failed.
func (a *App) feedbackNew(c echo.Context) error {
	reference := c.QueryParam("reference")
	if !report.IsReference(reference) {
		return echo.NewHTTPError(http.StatusNotFound)
	}
	return a.feedbackPage(c, http.StatusOK, views.FeedbackPageProps{Reference: reference})
}

func (a *App) feedbackPage(c echo.Context, status int, props views.FeedbackPageProps) error {
	switch {
	case partial(c):
		return a.write(c, status, views.FeedbackForm(props))
	case viewer(c).ID == 0:
		return a.write(c, status, views.SignedOutPage(views.SignedOutPageProps{Head: views.Head{Title: "What were you doing?"}, Content: views.FeedbackPage(props)}))
	}
	return a.pageStatus(c, status, views.Head{Title: "What were you doing?", Nav: "none"}, views.FeedbackPage(props))
}

func (a *App) feedbackCreate(c echo.Context) error {
	reference, said := c.FormValue("reference"), strings.TrimSpace(c.FormValue("said"))
	who := "feedback " + c.RealIP() + " " + strconv.FormatInt(viewer(c).ID, 10)
	switch {
	case !report.IsReference(reference):
		return echo.NewHTTPError(http.StatusBadRequest)
	case said == "" || len([]rune(said)) > 2000:
		wrong := "Write a sentence or two, 2000 characters at most."
		return a.feedbackPage(c, http.StatusUnprocessableEntity, views.FeedbackPageProps{Reference: reference, Said: said, Error: wrong})
	case a.monitors.wait(who, monitorTries, time.Now()) > 0:
		return echo.NewHTTPError(http.StatusTooManyRequests)
	}

	if err := db.AddErrorFeedback(c.Request().Context(), a.Pool, reference, said); err != nil {
		return err
	}
	report.Feedback(reference)

	if partial(c) {
		return c.NoContent(http.StatusCreated)
	}
	return a.seeOther(c, home(viewer(c)), "Thank you. Whoever looks into it reads it.")
}
