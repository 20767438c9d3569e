package handlers

import (
	"crypto/subtle"
	"fmt"
	"io"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/internal/report"
	"purplecross/jobs"
)

// buckets are the answer times that are counted apart, in seconds.
var buckets = [...]float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}

// traffic is what was answered since the start, by route: patterns, never paths.
type traffic struct {
	sync.Mutex
	routes map[string]*routeTraffic
}

type routeTraffic struct {
	statuses map[int]int64
	within   [len(buckets)]int64
	count    int64
	seconds  float64
}

func (t *traffic) add(route string, status int, took time.Duration) {
	t.Lock()
	defer t.Unlock()
	if t.routes == nil {
		t.routes = map[string]*routeTraffic{}
	}
	of := t.routes[route]
	if of == nil {
		of = &routeTraffic{statuses: map[int]int64{}}
		t.routes[route] = of
	}
	of.statuses[status]++
	of.count++
	of.seconds += took.Seconds()
	for i, bound := range buckets {
		if took.Seconds() <= bound {
			of.within[i]++
		}
	}
}

// mayScrape says whether a request brings the token of METRICS_TOKEN.
func (a *App) mayScrape(c echo.Context) bool {
	token, bearer := strings.CutPrefix(c.Request().Header.Get(echo.HeaderAuthorization), "Bearer ")
	wanted := a.Config.MetricsToken
	return bearer && wanted != "" && subtle.ConstantTimeCompare([]byte(token), []byte(wanted)) == 1
}

// metricsShow is what a Prometheus asks for. What is counted in the database is the same from every process; the rest is
// this process's since its start.
func (a *App) metricsShow(c echo.Context) error {
	counts, err := db.CountJobs(c.Request().Context(), a.Pool)
	if err != nil {
		return err
	}

	var page exposition
	page.traffic(&a.traffic)
	page.pool(a.Pool.Stat())
	page.queues(counts, a.Now())
	page.jobs(jobs.Outcomes())
	page.reports(report.Delivered())
	page.process()

	return c.Blob(http.StatusOK, "text/plain; version=0.0.4; charset=utf-8", []byte(page.String()))
}

// exposition is Prometheus's text format.
type exposition struct{ strings.Builder }

// family begins numbers of one name.
func (e *exposition) family(name, kind, help string) {
	_, _ = fmt.Fprintf(e, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

// number writes one; labels come in pairs.
func (e *exposition) number(name string, value float64, labels ...string) {
	_, _ = io.WriteString(e, name)
	for i := 0; i+1 < len(labels); i += 2 {
		_, _ = fmt.Fprintf(e, "%c%s=%q", "{,"[min(i, 1)], labels[i], labels[i+1])
	}
	if len(labels) > 0 {
		_ = e.WriteByte('}')
	}
	_, _ = io.WriteString(e, " "+strconv.FormatFloat(value, 'g', -1, 64)+"\n")
}

func (e *exposition) traffic(t *traffic) {
	t.Lock()
	defer t.Unlock()
	routes := slices.Sorted(maps.Keys(t.routes))
	e.family("http_requests_total", "counter", "Requests answered, by route and status.")
	for _, route := range routes {
		for _, status := range slices.Sorted(maps.Keys(t.routes[route].statuses)) {
			e.number("http_requests_total", float64(t.routes[route].statuses[status]), "route", route, "status", strconv.Itoa(status))
		}
	}
	e.family("http_request_seconds", "histogram", "How long answers took, by route.")
	for _, route := range routes {
		of := t.routes[route]
		for i, bound := range buckets {
			e.number("http_request_seconds_bucket", float64(of.within[i]), "route", route, "le", strconv.FormatFloat(bound, 'g', -1, 64))
		}
		e.number("http_request_seconds_bucket", float64(of.count), "route", route, "le", "+Inf")
		e.number("http_request_seconds_sum", of.seconds, "route", route)
		e.number("http_request_seconds_count", float64(of.count), "route", route)
	}
}

func (e *exposition) process() {
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	e.family("purple_cross_build_info", "gauge", "The release that runs.")
	e.number("purple_cross_build_info", 1, "release", report.Release(), "go", runtime.Version())
	e.family("go_goroutines", "gauge", "Goroutines.")
	e.number("go_goroutines", float64(runtime.NumGoroutine()))
	e.family("go_heap_bytes", "gauge", "Heap in use.")
	e.number("go_heap_bytes", float64(memory.HeapInuse))
}
