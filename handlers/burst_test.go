package handlers

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"purplecross/internal/report"
	"purplecross/internal/report/receiver"
)

// failsAll asks for each path at once, ten at a time; all of them fail.
func failsAll(t *testing.T, url string, paths []string) {
	t.Helper()
	waiting := make(chan string, len(paths))
	for _, path := range paths {
		waiting <- path
	}
	close(waiting)
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			for path := range waiting {
				answer, err := http.Get(url + path)
				if err != nil || answer.StatusCode != http.StatusInternalServerError {
					t.Errorf("%s: %v, %v", path, answer, err)
					return
				}
				_ = answer.Body.Close()
			}
		})
	}
	all.Wait()
}

func TestFiveHundredFailuresInABurstAreAllAtAdminErrorsAndAllDelivered(t *testing.T) {
	log := slog.Default() // each of them is a line
	slog.SetDefault(slog.New(slog.DiscardHandler))
	t.Cleanup(func() { slog.SetDefault(log) })
	c := newClinic(t)
	to := reporting(t, c)
	to.Answer(func(w http.ResponseWriter) {
		time.Sleep(5 * time.Millisecond) // how long this receiver takes for each
		w.WriteHeader(http.StatusOK)
	})
	e := New(c.app)
	paths := make([]string, 500)
	for i := range paths {
		paths[i] = fmt.Sprintf("/failing/%d", i)
		e.GET(paths[i], func(ctx echo.Context) error {
			_, err := c.pool.Exec(ctx.Request().Context(), `select owner from nowhere`)
			return err
		})
	}
	vouchRoutes = sync.Once{} // these routes too
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)

	failsAll(t, server.URL, paths)
	arrived := map[string]bool{}
	for _, event := range to.All("event", 500) {
		arrived[receiver.At(event.Body, "transaction")] = true
	}
	if len(arrived) != 500 {
		t.Errorf("%d of the 500 arrived", len(arrived))
	}
	delivered := report.Delivered()
	if delivered.Dropped+delivered.Failed+delivered.Refused != 0 {
		t.Errorf("%+v", delivered)
	}
	if kinds, count := c.number(t, `select count(*) from error_report`), c.number(t, `select sum(count) from error_report`); kinds != 500 || count != 500 {
		t.Errorf("%d kinds count %d failures", kinds, count)
	}
	page := c.signIn(t, "admin").get(t, "/admin/errors")
	if said := page.Find("#grid-count").Text(); !strings.Contains(said, "500") {
		t.Errorf("/admin/errors says %q", said)
	}
}

// A storm of one failure is one row that counts each.
func TestFiveHundredTimesTheSameFailureIsOneRowThatCountsThemAll(t *testing.T) {
	c := newClinic(t)
	_ = reporting(t, c)
	e := New(c.app)
	e.GET("/failing", func(ctx echo.Context) error {
		_, err := c.pool.Exec(ctx.Request().Context(), `select owner from nowhere`)
		return err
	})
	vouchRoutes = sync.Once{}
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)

	paths := make([]string, 500)
	for i := range paths {
		paths[i] = "/failing"
	}
	failsAll(t, server.URL, paths)
	_ = report.Close() // writes what was held back
	if kinds, count := c.number(t, `select count(*) from error_report`), c.number(t, `select sum(count) from error_report`); kinds != 1 || count != 500 {
		t.Errorf("%d kinds count %d failures", kinds, count)
	}
}
