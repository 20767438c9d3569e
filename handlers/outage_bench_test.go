package handlers

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/db/dbtest"
	"purplecross/internal/report"
)

// An hour of a busy clinic: twenty requests a second, of which one in twenty fails on our side.
const (
	anHour       = 72_000
	failing      = 20
	failingPages = 120
)

// outage is a receiver in a state that it may be in.
type outage struct {
	name    string
	dsn     string
	hang    func() // begins to hang
	release func() // lets go of all that hangs
}

// outages are no receiver at all, one that is well, and those that are not.
func outages(b *testing.B) []outage {
	b.Helper()
	answering := func(name string, answer http.HandlerFunc) outage {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			answer(w, r)
		}))
		b.Cleanup(server.Close)
		return outage{name: name, dsn: strings.Replace(server.URL, "http://", "http://key@", 1) + "/1", hang: func() {}, release: func() {}}
	}
	var hung atomic.Pointer[chan struct{}]
	hanging := answering("hanging", func(http.ResponseWriter, *http.Request) { <-*hung.Load() })
	hanging.hang = func() { hung.Store(new(make(chan struct{}))) }
	hanging.release = func() { close(*hung.Load()) }
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	dead := outage{name: "dead", dsn: "http://key@" + free.Addr().String() + "/1", hang: func() {}, release: func() {}}
	_ = free.Close()
	well := answering("well", func(http.ResponseWriter, *http.Request) {})
	return []outage{
		{name: "no-DSN", hang: func() {}, release: func() {}},
		well, dead, hanging,
		answering("503", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }),
		answering("429", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "60")
			w.WriteHeader(http.StatusTooManyRequests)
		}),
	}
}

func (o outage) begin(b *testing.B) {
	b.Helper()
	o.hang()
	if err := report.Init(report.Options{DSN: o.dsn, Environment: "production", SecretKey: "key"}); err != nil {
		b.Fatal(err)
	}
}

func (o outage) end() {
	o.release()
	_ = report.Close() // writes what was held back
}

// outageServer is the whole server, with pages more that fail at a statement.
func outageServer(b *testing.B, c *clinic) (*echo.Echo, *http.Cookie) {
	b.Helper()
	cookie := c.sessionCookie(b, "reception")
	traced, err := db.Open(b.Context(), c.pool.Config().ConnString(), dbtest.Zone, report.Tracer())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(traced.Close)
	c.app.Pool = traced
	report.RecordWith(func(ctx context.Context, failure report.Failure) error {
		return db.RecordError(ctx, traced, db.Failure(failure))
	})
	b.Cleanup(func() { report.RecordWith(func(context.Context, report.Failure) error { return nil }) })
	c.app.grids = map[string]gridPlace{}
	e := New(c.app)
	for i := range failingPages {
		e.GET(fmt.Sprintf("/failing/%d", i), func(ctx echo.Context) error {
			_, err := traced.Exec(ctx.Request().Context(), `select owner from nowhere`)
			return err
		})
	}
	vouchRoutes = sync.Once{}
	nowhere, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		b.Fatal(err)
	}
	before := slog.Default() // the log as it is in production
	slog.SetDefault(slog.New(report.Quiet(report.Logs(slog.NewJSONHandler(nowhere, nil)), time.Minute)))
	b.Cleanup(func() { slog.SetDefault(before); _ = nowhere.Close() })
	return e, cookie
}

// BenchmarkReceiverAway says what it costs when the receiver of reports is dead, hangs or refuses. The states take turns
// within one run, since a machine's speed changes: how long the list of patients takes, and a page that fails, as multiples
// of the same without a DSN (medians, one request in ten traced). Then each bad one is met with an hour's requests: how the
// heap grows from the middle to the end of it, and what became of the reports. It fails where a failure is missing at
// /admin/errors, or nothing says that reports were lost.
//
//	go test ./handlers -run xxx -bench ReceiverAway -benchtime 60x
func BenchmarkReceiverAway(b *testing.B) {
	c := newClinic(b)
	server, cookie := outageServer(b, c)
	states := outages(b)
	failed := 0
	ask := func(path string, status int) time.Duration {
		request := httptest.NewRequest(http.MethodGet, path, nil)
		request.AddCookie(cookie)
		answer := httptest.NewRecorder()
		began := time.Now()
		server.ServeHTTP(answer, request)
		took := time.Since(began)
		if answer.Code != status {
			b.Fatalf("%s answers %d", path, answer.Code)
		}
		if status == http.StatusInternalServerError {
			failed++
		}
		return took
	}
	fail := func(i int) time.Duration {
		return ask(fmt.Sprintf("/failing/%d", i%failingPages), http.StatusInternalServerError)
	}

	pages, failures := make([][]time.Duration, len(states)), make([][]time.Duration, len(states))
	for b.Loop() {
		for _, at := range rand.Perm(len(states)) {
			states[at].begin(b)
			for n := range 60 {
				pages[at] = append(pages[at], ask("/patients", http.StatusOK))
				if n%3 == 0 { // pages of its own: the same failure within a second would be told once
					failures[at] = append(failures[at], fail(at*20+n/3))
				}
			}
			states[at].end()
		}
	}
	median := func(of []time.Duration) float64 { return float64(slices.Sorted(slices.Values(of))[len(of)/2]) }
	b.ReportMetric(median(pages[0])/1e3, "µs/page")
	b.ReportMetric(median(failures[0])/1e3, "µs/failure")
	for i, state := range states[1:] {
		b.ReportMetric(median(pages[i+1])/median(pages[0]), "x/page/"+state.name)
		b.ReportMetric(median(failures[i+1])/median(failures[0]), "x/failure/"+state.name)
	}

	for _, state := range states[2:] {
		spendHour(b, state, func(n int) {
			ask("/session", http.StatusOK)
			if n%failing == 0 {
				fail(n / failing)
			}
		})
	}
	var counted int
	if err := c.pool.QueryRow(b.Context(), `select sum(count) from error_report`).Scan(&counted); err != nil || counted != failed {
		b.Errorf("%d of %d failures are at /admin/errors (%v)", counted, failed, err)
	}
}

// spendHour is an hour's requests while the receiver is in a state.
func spendHour(b *testing.B, state outage, request func(n int)) {
	b.Helper()
	state.begin(b)
	defer state.end()
	var heaps [3]float64
	for n := range anHour {
		if n%(anHour/2) == 0 {
			heaps[n/(anHour/2)] = heap()
		}
		request(n)
	}
	heaps[2] = heap()
	delivered := report.Delivered()
	b.Logf("%s: heap %.1f MB, %.1f MB in the middle, %.1f MB at the end; %d sent, %d failed, %d dropped, %d wait",
		state.name, heaps[0], heaps[1], heaps[2], delivered.Sent, delivered.Failed, delivered.Dropped, delivered.Waiting)
	b.ReportMetric(heaps[2]-heaps[1], "MB/grown/"+state.name)
	if delivered.Sent != 0 || delivered.Failed+delivered.Dropped == 0 {
		b.Errorf("%s: %+v", state.name, delivered)
	}
}

// heap is what is in use, in megabytes.
func heap() float64 {
	var memory runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&memory)
	return float64(memory.HeapAlloc) / (1 << 20)
}
