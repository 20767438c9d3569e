package handlers

import (
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/internal/report"
	"purplecross/views"
)

// problemOf maps an error to a status and what a person reads. Anything unknown is ours to mend: 500.
func problemOf(err error) (status int, title, text string) {
	var invalid db.Invalid
	var refused *echo.HTTPError
	switch {
	case errors.Is(err, db.ErrNotFound):
		status = http.StatusNotFound
	case errors.Is(err, db.ErrStale):
		status = http.StatusConflict
	case errors.As(err, &invalid):
		status, text = http.StatusUnprocessableEntity, invalid.Error()
	case errors.As(err, &refused):
		status = refused.Code
		if said, ok := refused.Message.(string); ok && said != http.StatusText(refused.Code) {
			text = said
		}
	case errors.Is(err, context.DeadlineExceeded):
		status = http.StatusServiceUnavailable
	default:
		status = http.StatusInternalServerError
	}
	title, general := words(status)
	if text == "" || status >= 500 {
		text = general
	}
	return status, title, text
}

func words(status int) (title, text string) {
	switch status {
	case http.StatusBadRequest:
		return "That request makes no sense", "Part of the address or the form could not be read. Go back and try again."
	case http.StatusUnauthorized:
		return "You are signed out", "Sign in again to go on. What you typed is still in your browser's form."
	case http.StatusForbidden:
		return "Not for your role", "Your role may not open this. Ask a manager if you need it."
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return "Nothing here", "The record or page does not exist, or it was removed. Search for it, or go back to the board."
	case http.StatusConflict:
		return "Changed by someone else", "Somebody saved this record while you had it open. Open it again to see what it is now."
	case http.StatusRequestEntityTooLarge:
		return "Too large", "What was sent is larger than this page takes."
	case http.StatusRequestURITooLong:
		return "Too long", "The address is longer than this page takes."
	case http.StatusUnprocessableEntity:
		return "That can't be saved", "Something in the form is not right. Go back and correct it."
	case http.StatusTooManyRequests:
		return "Too many tries", "Wait a few minutes, then try again."
	case http.StatusServiceUnavailable:
		return "One moment", "The database does not answer right now. Nothing was saved. Try again in a minute."
	}
	return "Something went wrong", "It is not your fault, and it has been recorded. Try again; if it stays, tell us the reference."
}

// handleError is the one place where an error becomes an answer: a page, or a part for htmx.
func (a *App) handleError(err error, c echo.Context) {
	if c.Response().Committed { // half an answer must not end as if it were a whole one
		panic(http.ErrAbortHandler)
	}
	status, title, text := problemOf(err)
	if databaseAway(err) {
		status = http.StatusServiceUnavailable
		title, text = words(status)
	}
	problem := views.ProblemPageProps{Status: status, Title: title, Text: text, Reference: requestID(c)}
	if status == http.StatusMethodNotAllowed {
		problem.Status = http.StatusNotFound
	}
	if c.Request().Method == http.MethodGet {
		problem.RetryURL = c.Request().URL.RequestURI()
	}

	c.Response().Header().Set("Cache-Control", "no-store")
	if failed := a.writeProblem(c, problem); failed != nil {
		a.Log.ErrorContext(c.Request().Context(), "render error page", "status", status, "reference", problem.Reference)
		_ = c.String(status, title+". "+text+" Reference "+problem.Reference+"\n")
	}
}

// writeProblem draws the failure. When the very frame of the page is what failed, a line of text has to do.
func (a *App) writeProblem(c echo.Context, problem views.ProblemPageProps) (err error) {
	defer func() {
		if value := recover(); value != nil {
			report.Part(c.Request().Context(), nil, value)
			err = errors.New("the page's frame failed")
		}
	}()
	switch {
	case problem.Status == http.StatusUnauthorized && partial(c):
		return a.write(c, problem.Status, views.SignInAgain(views.SignInAgainProps{}))
	case partial(c):
		return a.write(c, problem.Status, views.ProblemPart(problem))
	}
	return a.write(c, problem.Status, views.ProblemPage(problem))
}
