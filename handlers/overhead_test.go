//go:build unix

package handlers

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/db/dbtest"
	"purplecross/internal/report"
)

// BenchmarkReportsOnAPage says what the reports cost on a real page: the list of patients, drawn from the database. The
// modes take turns within one run, since a machine's speed changes: without any reports, without a DSN, and with one in
// ten requests traced, as in production. It prints the processor's time of a request, and the ratios.
//
//	go test ./handlers -run xxx -bench ReportsOnAPage -benchtime 15x
func BenchmarkReportsOnAPage(b *testing.B) {
	c := newClinic(b)
	cookie := c.sessionCookie(b, "reception")
	traced, err := db.Open(b.Context(), c.pool.Config().ConnString(), dbtest.Zone, report.Tracer())
	if err != nil {
		b.Fatal(err)
	}
	defer traced.Close()
	c.app.Pool = traced
	bare := echo.New()
	bare.HTTPErrorHandler = c.app.handleError
	bare.Use(c.app.identified, c.app.secured, c.app.sameSite, c.app.signedIn)
	c.app.grids = map[string]gridPlace{}
	c.app.routes(router{echo: bare, app: c.app})
	whole := echo.New()
	whole.HTTPErrorHandler = c.app.handleError
	whole.Use(c.app.identified, c.app.reported, c.app.secured, c.app.sameSite, c.app.signedIn)
	c.app.grids = map[string]gridPlace{}
	c.app.routes(router{echo: whole, app: c.app})

	to := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }))
	defer to.Close()
	dsn := strings.Replace(to.URL, "http://", "http://key@", 1) + "/1"
	spent := make([][]float64, 3)
	for b.Loop() {
		for mode := range spent {
			server := whole
			if mode == 0 {
				server = bare
			}
			if mode == 2 {
				if err := report.Init(report.Options{DSN: dsn, Environment: "production", SecretKey: "key"}); err != nil {
					b.Fatal(err)
				}
			}
			spent[mode] = append(spent[mode], processorTime(func() {
				for range 100 {
					request := httptest.NewRequest(http.MethodGet, "/patients", nil)
					request.AddCookie(cookie)
					answer := httptest.NewRecorder()
					server.ServeHTTP(answer, request)
					if answer.Code != http.StatusOK {
						b.Fatal(answer.Code)
					}
				}
				if mode == 2 {
					_ = report.Close() // what waits to be sent is part of it
				}
			})/100)
		}
	}
	median := func(of []float64) float64 { return slices.Sorted(slices.Values(of))[len(of)/2] }
	b.ReportMetric(median(spent[0]), "µs/bare")
	b.ReportMetric(median(spent[1])/median(spent[0]), "x/no-DSN")
	b.ReportMetric(median(spent[2])/median(spent[0]), "x/one-in-ten")
}

// processorTime is what this process used, in microseconds.
func processorTime(do func()) float64 {
	used := func() time.Duration {
		var usage syscall.Rusage
		_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
		return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
	}
	before := used()
	do()
	return float64(used()-before) / 1000
}
