package handlers

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/internal/profiles"
	"purplecross/internal/report"
	"purplecross/static"
)

const requestIDKey = "request id"

// identified gives every request the reference that stands in the log, in the audit log and on the page when it fails.
func (a *App) identified(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := report.NewReference()
		c.Set(requestIDKey, id)
		c.Response().Header().Set(echo.HeaderXRequestID, id)
		return next(c)
	}
}

func requestID(c echo.Context) string {
	id, _ := c.Get(requestIDKey).(string)
	return id
}

// vouchRoutes tells report the patterns of the server, once: they are code, so they may stand in a report.
var vouchRoutes sync.Once

// reported tells of every request that failed on our side, once, whether by an error or by a panic. What the visitor
// did wrong, and a visitor who went away, is nobody's failure.
func (a *App) reported(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		vouchRoutes.Do(func() {
			report.Routes(patterns(c.Echo()))
			report.Files(scriptAt)
			classes, attributes := static.Selectors()
			report.Drawn(report.Shapes{Classes: classes, Attributes: attributes, Sheet: static.Sheet})
		})
		continued := report.Continue(c.Request().Context(), c.Request().Header.Get("sentry-trace"))
		ctx, work := report.Request(continued, c.Request().Method, c.Path(), requestID(c))
		c.SetRequest(c.Request().WithContext(ctx))

		began := time.Now()
		defer func() {
			value := recover()
			if value == http.ErrAbortHandler { // the way to drop a connection
				panic(value)
			}
			work.Person(db.ActorFrom(c.Request().Context()).StaffID)
			if value != nil {
				work.Panicked(value)
				err = echo.ErrInternalServerError
			}
			status := answered(c, err)
			took := time.Since(began)
			a.traffic.add(report.RouteName(c.Request().Method, c.Path()), status, took)
			if took >= profiles.Slow {
				recordSlow(c, work, took)
			}
			work.End(status)
		}()

		profiles.Label(ctx, "route", report.RouteName(c.Request().Method, c.Path()), func(context.Context) { err = next(c) })
		if err != nil && statusOf(err) >= http.StatusInternalServerError {
			work.Person(db.ActorFrom(c.Request().Context()).StaffID)
			work.Failed(err)
		}
		return err
	}
}

// scriptAt is the script that is served at a path, with the way back to its source. A page of another version may have
// another file there, so its places say nothing of ours.
func scriptAt(path string) (file report.File, ours bool) {
	name, ours := static.Name(path)
	file = report.File{Name: name, Place: func(line int) (string, int) { return static.Source(name, line) }}
	if ours && static.Current(path) {
		file.DebugID = static.DebugID(name)
		file.Source = func(line, column int) string { return static.Original(name, line, column) }
	}
	return file, ours
}

// endless are answers that take as long as their page is open.
var endless = map[string]bool{"/events": true, "/gallery/_/live": true}

// recordSlow keeps what the flight recorder has of a slow request, in the background.
func recordSlow(c echo.Context, work *report.Work, took time.Duration) {
	if endless[c.Path()] || !work.Kept() {
		return
	}
	id, take, err := profiles.Reserve(report.RouteName(c.Request().Method, c.Path()), took)
	if err != nil {
		return
	}
	work.Slow(id, took)
	report.Go(context.WithoutCancel(c.Request().Context()), "profiles", "keep flight", func(context.Context) error { return take() })
}

func patterns(e *echo.Echo) []string {
	var known []string
	for _, route := range e.Routes() {
		known = append(known, route.Path)
	}
	return known
}

// statusOf is what an error will be answered with.
func statusOf(err error) int {
	if databaseAway(err) {
		return http.StatusServiceUnavailable
	}
	status, _, _ := problemOf(err)
	return status
}

// answered is the status of the answer; the handler of an error has not written it yet.
func answered(c echo.Context, err error) int {
	if err != nil && !c.Response().Committed {
		return statusOf(err)
	}
	return c.Response().Status
}
