package handlers

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"purplecross/internal/report"
	"purplecross/static"
	"purplecross/views"
)

const (
	// pageDSN is what our pages call their project. It leads nowhere: the real one never leaves the server.
	pageDSN      = "https://page@purple-cross.invalid/1"
	monitored    = 200 << 10 // bytes of an envelope; a trace of a page has a few thousand
	monitorTries = 30        // envelopes that one person or address may send in a minute

	recordedMost  = 900 << 10 // bytes of an envelope of who is recorded, deflated
	recordedTries = 120       // that they may send in a minute: each tab sends one in five seconds
)

// monitoringCreate takes what our own pages say of their failures, and passes on what is safe. Everything in it is a
// stranger's word: where it goes is fixed, and what stands in it is rebuilt.
func (a *App) monitoringCreate(c echo.Context) error {
	if !fromOurPage(c.Request()) {
		return echo.NewHTTPError(http.StatusBadRequest)
	}
	kind, _, _ := mime.ParseMediaType(c.Request().Header.Get(echo.HeaderContentType))
	if kind != "text/plain" && kind != "application/x-sentry-envelope" {
		return echo.NewHTTPError(http.StatusUnsupportedMediaType)
	}
	who := c.RealIP()
	if id := viewer(c).ID; id != 0 {
		who = "staff " + strconv.FormatInt(id, 10)
	}
	recorded, most, often := a.recorded(c), monitored, monitorTries
	if recorded { // a piece each five seconds from each tab
		most, often = recordedMost, recordedTries
	}
	if wait := a.monitors.wait(who, often, time.Now()); wait > 0 {
		c.Response().Header().Set("Retry-After", strconv.Itoa(int(wait/time.Second)+1))
		return echo.NewHTTPError(http.StatusTooManyRequests)
	}
	body, err := io.ReadAll(io.LimitReader(c.Request().Body, int64(most)+1))
	if err != nil || len(body) > most {
		return echo.NewHTTPError(http.StatusRequestEntityTooLarge)
	}

	err = report.FromBrowser(c.Request().Context(), report.Browser{Envelope: body, DSN: pageDSN, StaffID: viewer(c).ID, Recorded: recorded})
	if errors.Is(err, report.ErrTooLarge) {
		return echo.NewHTTPError(http.StatusRequestEntityTooLarge)
	}
	if errors.Is(err, report.ErrEnvelope) || errors.Is(err, report.ErrOtherDSN) || errors.Is(err, report.ErrTooMany) {
		return echo.NewHTTPError(http.StatusBadRequest)
	}
	if err != nil {
		return err
	}

	return c.JSON(http.StatusOK, struct{}{})
}

// fromOurPage is stricter than sameSite, which lets programs through that are no browser.
func fromOurPage(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" {
		return site == "same-origin"
	}
	origin, err := url.Parse(r.Header.Get("Origin"))
	return err == nil && origin.Host != "" && origin.Host == r.Host
}

// monitoring is what a page needs to tell of its failures.
func (a *App) monitoring(c echo.Context) views.Monitoring {
	page := views.Monitoring{DSN: pageDSN, Route: c.Request().Method + " " + c.Path()}
	trace := report.Page(c.Request().Context())
	if trace.Trace == "" || viewer(c).ID == 0 { // a stranger gets no signed trace to repeat
		return page
	}
	page.Trace, page.Baggage, page.Release, page.Environment = trace.Trace, trace.Baggage, trace.Release, trace.Environment
	page.Traced = trace.Kept
	if a.recorded(c) {
		page.Recorder, page.RecorderIs = static.URL("vendor/sentry-replay.min.js"), static.Integrity("vendor/sentry-replay.min.js")
		page.Worker = static.URL("vendor/sentry-replay-worker.min.js")
	}
	if page.Traced || page.Recorder != "" {
		page.Script, page.Integrity = static.URL("vendor/sentry.min.js"), static.Integrity("vendor/sentry.min.js")
	}
	return page
}

// recorded says whether the clinic has pages recorded and who looks at this one lets it.
func (a *App) recorded(c echo.Context) bool {
	return viewer(c).ID != 0 && viewer(c).Recorded && a.recordsPages(c)
}

// recordsPages says whether the clinic has pages recorded.
func (a *App) recordsPages(c echo.Context) bool {
	_ = a.clinicName(c)
	a.name.Lock()
	defer a.name.Unlock()
	return a.name.records
}

// tries counts what each sends in the minute under way.
type tries struct {
	sync.Mutex
	since time.Time
	of    map[string]int
}

// wait answers how long who must wait, 0 for not at all: so many are let through in a minute.
func (t *tries) wait(who string, most int, now time.Time) time.Duration {
	t.Lock()
	defer t.Unlock()
	if now.Sub(t.since) > time.Minute || len(t.of) > 10_000 {
		t.since, t.of = now, map[string]int{}
	}
	if t.of[who]++; t.of[who] > most {
		return time.Minute - now.Sub(t.since)
	}
	return 0
}
