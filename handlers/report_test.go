package handlers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/internal/report"
)

// The reference on the page is the one in the record: what a person reads out leads to the failure.
func TestEveryFailureOfOursIsRecordedOnceUnderTheReferenceThatThePageShows(t *testing.T) {
	c := newClinic(t)
	report.RecordWith(func(ctx context.Context, failure report.Failure) error {
		return db.RecordError(ctx, c.pool, db.Failure(failure))
	})
	defer report.RecordWith(func(context.Context, report.Failure) error { return nil })
	e := New(c.app)
	for path, fail := range map[string]func() error{
		"/fails":      func() error { return fmt.Errorf("read patient %d: %w", 7, errors.New("broken pipe of Mabel")) },
		"/panics":     func() error { panic("out of Mabel") },
		"/not-found":  func() error { return db.ErrNotFound },
		"/went-away":  func() error { return context.Canceled },
		"/wrong-form": func() error { return db.Invalid{"name": "Enter the name."} },
	} {
		e.GET(path, func(echo.Context) error { return fail() })
	}
	vouchRoutes = sync.Once{} // these routes too
	server := httptest.NewServer(e)
	t.Cleanup(server.Close) // after the browser, whose pages listen for news

	for path, want := range map[string]struct {
		status int
		title  string
	}{
		"/fails": {500, "read patient: broken pipe of *"}, "/panics": {500, "panic: out of *"},
		"/not-found": {404, ""}, "/wrong-form": {422, ""}, "/went-away": {500, ""},
	} {
		response, err := http.Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		page, _ := io.ReadAll(response.Body)
		_ = response.Body.Close()
		reference := response.Header.Get("X-Request-Id")

		var title, stack string
		var count int
		err = c.pool.QueryRow(t.Context(), `select coalesce(max(title), ''), coalesce(max(stack), ''), coalesce(sum(count), 0) from error_report where reference = $1`, reference).
			Scan(&title, &stack, &count)
		if err != nil {
			t.Fatal(err)
		}
		if response.StatusCode != want.status || title != want.title || (want.title != "") != (count == 1) {
			t.Errorf("%s: status %d, recorded %d times as %q", path, response.StatusCode, count, title)
		}
		if !strings.Contains(string(page), reference) {
			t.Errorf("%s: the page does not show the reference %s", path, reference)
		}
		if path == "/panics" && !strings.Contains(stack, "handlers/report_test.go") {
			t.Errorf("the panic's stack is\n%s", stack)
		}
	}
}
