package handlers

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"purplecross/db"
	"purplecross/db/dbtest"
	"purplecross/db/demo"
	"purplecross/db/grid"
	"purplecross/internal/browser"
	"purplecross/internal/config"
	"purplecross/jobs"
)

// BenchmarkGrid measures the list of patients at a million, in one run, and prints a table:
//
//	go test -run '^$' -bench Grid -benchtime 1x -timeout 60m ./handlers
//
// BENCH_PATIENTS is another size; BENCH_DATABASE_URL a database that has them already, so that seeding is spared;
// BENCH_OUT a file that the table is written to as well.
func BenchmarkGrid(b *testing.B) {
	bench := newGridBench(b)
	for b.Loop() {
		bench.report("Server: whole answers over HTTP on loopback, decompressed by nobody", "ms", bench.server)
		bench.report("In Chromium, 1280 × 800, on loopback", "ms", bench.browser)
		bench.report("Memory", "MB", bench.memory)
		bench.explain()
	}
	bench.print()
}

const benchTimes = 9 // of each operation; the table has the median and the least

type gridBench struct {
	*testing.B
	clinic *clinic
	total  int
	out    bytes.Buffer
}

func newGridBench(b *testing.B) *gridBench {
	b.Helper()
	zone, err := time.LoadLocation(dbtest.Zone)
	if err != nil {
		b.Fatal(err)
	}
	pool := benchPool(b, zone)
	bench := &gridBench{B: b}
	if err := pool.QueryRow(b.Context(), `select count(*) from patient`).Scan(&bench.total); err != nil {
		b.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	queue, err := jobs.New(pool, jobs.Options{Log: log})
	if err != nil {
		b.Fatal(err)
	}
	news := db.ListenForNews(pool, log)
	closing := make(chan struct{})
	cfg := config.Config{AppEnv: "development", Gallery: "public", ClinicTZ: zone.String(), BaseURL: "http://127.0.0.1"}
	app := &App{News: news, Closing: closing, Pool: pool, Jobs: queue, Config: cfg, Zone: zone, Now: time.Now, Log: log}
	server := httptest.NewServer(New(app))
	b.Cleanup(func() { close(closing); server.Close(); news.Close() })
	bench.clinic = &clinic{url: server.URL, pool: pool, app: app}
	gridPatience = 60 * time.Millisecond
	return bench
}

// benchPool is a database with many patients: one that is there, or a new one.
func benchPool(b *testing.B, zone *time.Location) *pgxpool.Pool {
	b.Helper()
	if address := os.Getenv("BENCH_DATABASE_URL"); address != "" {
		pool, err := db.Open(b.Context(), address, zone.String(), nil)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(pool.Close)
		if err := db.Migrate(b.Context(), pool); err != nil {
			b.Fatal(err)
		}
		if _, err := pool.Exec(b.Context(), `vacuum analyze`); err != nil {
			b.Fatal(err)
		}
		return pool
	}
	patients := 1_000_000
	if n, err := strconv.Atoi(os.Getenv("BENCH_PATIENTS")); err == nil {
		patients = n
	}
	pool := dbtest.New(b)
	if err := demo.Fill(b.Context(), pool, demo.Options{Now: clinicHour(), Clients: 60, Patients: 100}); err != nil {
		b.Fatal(err)
	}
	if err := demo.Seed(b.Context(), pool, demo.SeedOptions{Patients: patients}); err != nil {
		b.Fatal(err)
	}
	if _, err := pool.Exec(b.Context(), `vacuum analyze`); err != nil {
		b.Fatal(err)
	}
	return pool
}

// report writes one table.
func (g *gridBench) report(title, unit string, measure func(row func(name string, values []float64))) {
	fmt.Fprintf(&g.out, "\n### %s\n\n| what | median %s | least |\n|---|---:|---:|\n", title, unit)
	measure(func(name string, values []float64) {
		slices.Sort(values)
		median := values[len(values)/2]
		fmt.Fprintf(&g.out, "| %s | %s | %s |\n", name, benchNumber(median), benchNumber(values[0]))
		g.Logf("%-70s %10s %s", name, benchNumber(median), unit)
	})
}

func benchNumber(n float64) string {
	if n >= 100 {
		return strconv.FormatFloat(n, 'f', 0, 64)
	}
	return strconv.FormatFloat(n, 'f', 1, 64)
}

func (g *gridBench) print() {
	text := fmt.Sprintf("%d patients · %s, %d processors, %s/%s · %s\n%s", g.total, benchMachine(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, time.Now().Format("2 January 2006"), g.out.String())
	fmt.Println(text)
	if path := os.Getenv("BENCH_OUT"); path != "" {
		if err := os.WriteFile(filepath.Clean(path), []byte(text), 0o600); err != nil {
			g.Fatal(err)
		}
	}
}

func benchMachine() string {
	info, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(info)) {
		if name, model, found := strings.Cut(line, ":"); found && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(model)
		}
	}
	return "unknown processor"
}

// server measures answers: first rows, stretches with a snapshot and without, filters, search.
func (g *gridBench) server(row func(string, []float64)) {
	get := g.getter()
	time := func(name, path string, before func()) {
		var values []float64
		for range benchTimes {
			if before != nil {
				before()
			}
			values = append(values, get(path))
		}
		row(name, values)
	}
	forget := func() { g.clinic.app.Snapshots.Changed("*") }

	time("first rows, the page", "/patients", nil)
	for _, column := range db.PatientsGrid.Columns {
		if !column.NoSort {
			time("first rows sorted by "+column.Key, "/patients?sort=-"+column.Key, nil)
		}
	}
	for _, key := range []string{"name", "last_visit", "weight", "owner", "breed"} {
		question := "sort=-" + key
		time("snapshot sorted by "+key, "/patients/snapshot?"+question, forget)
		for _, percent := range []int{0, 10, 50, 90} {
			block := fmt.Sprintf("/patients/rows?%s&block=%d-25", question, g.total*percent/100+1)
			time(fmt.Sprintf("25 rows at %d %% by %s, snapshot standing", percent, key), block, nil)
		}
		time("25 rows at 50 % by "+key+", before", fmt.Sprintf("/patients/rows?%s&block=%d-25", question, g.total/2), forget)
	}
	for _, filter := range []string{
		"species=cat", "species=cat&last_visit=over:1y", "weight=gt:40", "born=2020-01-01..2020-12-31", "neutered=yes", "breed=contains:terrier",
		"name=starts:lu", "alert=not:empty", "q=luna", "q=luna+smith", "any=species(rabbit),weight(gt:60)",
	} {
		time("first rows, "+filter, "/patients?"+filter, nil)
	}
	get("/patients/snapshot")
	time("type-ahead “mo”", "/patients/place?typed=mo", nil)
	time("labels of the scroll bar", "/patients/labels", nil)
}

// getter asks as a manager and gives milliseconds.
func (g *gridBench) getter() func(path string) float64 {
	cookie := g.sessionCookie()
	client := &http.Client{}
	return func(path string) float64 {
		request, err := http.NewRequestWithContext(g.Context(), http.MethodGet, g.clinic.url+path, nil)
		if err != nil {
			g.Fatal(err)
		}
		request.AddCookie(cookie)
		request.Header.Set("Accept-Encoding", "gzip")
		began := time.Now()
		response, err := client.Do(request)
		if err != nil {
			g.Fatal(err)
		}
		_, err = io.Copy(io.Discard, response.Body)
		took := time.Since(began)
		_ = response.Body.Close()
		if err != nil || response.StatusCode >= 300 {
			g.Fatalf("%s: %s %v", path, response.Status, err)
		}
		return float64(took.Microseconds()) / 1000
	}
}

func (g *gridBench) sessionCookie() *http.Cookie {
	person, err := db.StaffByEmail(g.Context(), g.clinic.pool, "manager@demo.clinic")
	if err != nil {
		g.Fatal(err)
	}
	token, err := db.StartSession(g.Context(), g.clinic.pool, person.ID, "Benchmark", netipLoopback)
	if err != nil {
		g.Fatal(err)
	}
	return &http.Cookie{Name: "session", Value: token, Path: "/"}
}

// benchScript times from an act to rows on the screen, in the page.
const benchScript = `
window.rowsAt = (part) => new Promise((done) => {
  const frame = document.querySelector(".grid-frame"), total = Number(document.querySelector("table").getAttribute("aria-rowcount")) - 1
  const began = performance.now()
  frame.scrollTop = (frame.scrollHeight - frame.clientHeight) * part
  const look = () => {
    const box = frame.getBoundingClientRect()
    const row = document.elementFromPoint(box.left + 80, box.top + 200)?.closest("tbody:not([data-wait]) tr")
    if (row && Math.abs(row.getAttribute("aria-rowindex") / (total > 0 ? total : 10000) - part) < 0.02) return requestAnimationFrame(() => done(performance.now() - began))
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
})
window.rowsSorted = (key) => new Promise((done) => {
  const before = document.querySelector("tbody tr").dataset.id
  const began = performance.now()
  document.querySelector("#grid-sort-" + key).click()
  const look = () => {
    const row = document.querySelector("tbody:not([data-wait]) tr")
    if (row && row.dataset.id !== before) return requestAnimationFrame(() => done(performance.now() - began))
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
})
window.longestFrame = async (pixels, frames) => {
  const frame = document.querySelector(".grid-frame")
  let last = performance.now(), longest = 0
  for (let n = 0; n < frames; n++) {
    frame.scrollTop += pixels
    await new Promise(requestAnimationFrame)
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }
  return longest
}
true`

// browser measures what a person waits for.
func (g *gridBench) browser(row func(string, []float64)) {
	var paints, bytes []float64
	for range benchTimes {
		p := g.open("/patients", false)
		paints = append(paints, browser.Eval[float64](p, `performance.getEntriesByName("first-contentful-paint")[0].startTime`))
		bytes = append(bytes, browser.Eval[float64](p, `[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource").filter((e) => /static|snapshot/.test(e.name))].reduce((sum, e) => sum + e.transferSize, 0) / 1000`))
		p.Close()
	}
	row("first rows painted, nothing cached", paints)
	row("kB on the wire for it, headers included", bytes)

	p := g.open("/patients?sort=-last_visit", false)
	g.jumps(p, row, "jump by last visit, snapshot standing")
	var heaps []float64
	for n := range 200 {
		browser.Eval[float64](p, fmt.Sprintf("rowsAt(%f)", float64((n*37)%97+1)/100))
	}
	heaps = append(heaps, p.Heap())
	row("MB of script memory after 200 jumps", heaps)
	row("longest frame while wheeling 100 px a frame for 200 frames", []float64{browser.Eval[float64](p, "longestFrame(100, 200)")})
	row("longest frame at 400 px a frame", []float64{browser.Eval[float64](p, "longestFrame(400, 200)")})
	p.Close()

	p = g.open("/patients?sort=-last_visit", true)
	g.jumps(p, row, "jump by last visit, before the snapshot")
	p.Close()

	for _, key := range []string{"last_visit", "born", "weight", "breed"} {
		var values []float64
		for range benchTimes {
			p := g.open("/patients?sort=owner", false)
			values = append(values, browser.Eval[float64](p, fmt.Sprintf("rowsSorted(%q)", key)))
			p.Close()
		}
		row("sort by "+key+", first rows", values)
	}
	p = g.open("/patients?sort=-weight", false)
	g.jumps(p, row, "jump by weight (no index), snapshot standing")
	p.Close()
}

func (g *gridBench) jumps(p *browser.Page, row func(string, []float64), name string) {
	var values []float64
	for n := range benchTimes {
		values = append(values, browser.Eval[float64](p, fmt.Sprintf("rowsAt(%f)", []float64{0.5, 0.2, 0.8}[n%3]+float64(n)/200)))
	}
	row(name, values)
}

// open is the list in a tab of its own with an empty cache; without, its snapshot is never asked for.
func (g *gridBench) open(path string, without bool) *browser.Page {
	p := browser.New(g, browser.Options{Width: 1280, Height: 800})
	p.ForgetCache()
	p.SetCookie(g.clinic.url, g.sessionCookie())
	if without {
		g.clinic.app.Snapshots.Changed("*")
		p.Before(`const real = window.fetch; window.fetch = (at, ...more) => String(at).includes("/snapshot") ? new Promise(() => {}) : real(at, ...more)`)
	}
	p.Open(g.clinic.url + path)
	if !without {
		p.WaitFor(standing)
	}
	browser.Eval[bool](p, benchScript)
	return p
}

// memory measures what eight snapshots of the whole list take.
func (g *gridBench) memory(row func(string, []float64)) {
	get := g.getter()
	for _, key := range []string{"name", "-name", "last_visit", "-last_visit", "born", "-born", "owner", "-owner"} {
		get("/patients/snapshot?sort=" + key)
	}
	row("eight snapshots", []float64{float64(g.clinic.app.Snapshots.Bytes()) / 1e6})
	var used runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&used)
	row("the whole process's heap, snapshots and this benchmark included", []float64{float64(used.HeapAlloc) / 1e6})
}

// explain writes the plans of the slowest questions.
func (g *gridBench) explain() {
	fmt.Fprint(&g.out, "\n### Plans\n")
	for _, query := range []string{"sort=-last_visit", "sort=-weight", "species=cat&last_visit=over:1y", "breed=contains:terrier", "q=luna"} {
		statement, args := benchStatement(query)
		rows, err := g.clinic.pool.Query(g.Context(), "explain (analyze, buffers, costs off, timing off) "+statement, args...)
		if err != nil {
			g.Fatal(err)
		}
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			g.Fatal(err)
		}
		fmt.Fprintf(&g.out, "\n`%s`, the first 50 keys:\n\n```\n%s\n```\n", query, strings.Join(lines, "\n"))
	}
}

func benchStatement(query string) (string, []any) {
	request := httptest.NewRequest(http.MethodGet, "/patients?"+query, nil)
	question, _ := grid.Ask(&db.PatientsGrid, request.URL.Query())
	now := time.Now()
	return grid.NewPlan(question, time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())).Statement(gridRows)
}
