package handlers

import (
	"bytes"
	"crypto/sha256"
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
	"purplecross/internal/config"
	"purplecross/jobs"
	"purplecross/static"
)

// BenchmarkGrid measures the list of patients at a million, in one run, and prints a table:
//
//	go test -run '^$' -bench Grid -benchtime 1x -timeout 60m ./handlers
//
// BENCH_PATIENTS is another size; BENCH_DATABASE_URL a database that has them already, so that seeding is spared (its rows
// are changed); BENCH_ONLY names parts (browser, offset, reach, server, process, walk, plans); BENCH_TIMES how often each
// operation is measured, 9 times without; BENCH_WALK how many of the rows are walked one by one, all of them without;
// BENCH_OUT a file that the tables are written to, part by part.
func BenchmarkGrid(b *testing.B) {
	bench := newGridBench(b)
	only := os.Getenv("BENCH_ONLY")
	for b.Loop() {
		for _, part := range []struct {
			name, title string
			measure     func(row func(name string, values ...float64))
		}{
			{"browser", "In Chromium, 1280 × 800, on loopback", bench.browser},
			{"offset", "The same page over LIMIT and OFFSET", bench.offset},
			{"reach", "Every row within reach", bench.reach},
			{"server", "Server: whole answers over HTTP on loopback, decompressed by nobody", bench.server},
			{"process", "A process of its own, web and worker", bench.process},
			{"walk", "Walked from end to end while another connection inserts, changes and deletes", bench.walk},
		} {
			if only == "" || strings.Contains(only, part.name) {
				bench.report(part.title, part.measure)
				bench.keep()
			}
		}
		if only == "" || strings.Contains(only, "plans") {
			bench.explain()
		}
	}
	fmt.Println(bench.keep())
}

// budgets are what must hold on a machine that has nothing else to do; a table says beside the figure what it may be.
var budgets = map[string]float64{
	"first rows painted, nothing cached":                              250,
	"kB on the wire for it, headers included":                         60,
	"jump by last visit, snapshot standing":                           80,
	"jump by last visit, before the snapshot":                         150,
	"sort by last_visit (index), first rows":                          80,
	"sort by weight (index), first rows":                              80,
	"sort by colour (no index), first rows":                           300,
	"jump by colour (no index), snapshot standing":                    80,
	"MB of script memory after 200 jumps":                             6,
	"MB of the whole process, eight snapshots of the whole list held": 200,
	"MB more at most while a million rows become a spreadsheet":       100,
	"rows that a notch of the wheel moves at most, 100 %":             3,
	"rows that a notch of the wheel moves at most, 200 %":             3,
	"rows that a notch of the wheel moves at most, 300 %":             3,
}

// benchTimes is how often each operation is measured; the table has the median and the least.
var benchTimes = func() int {
	if n, err := strconv.Atoi(os.Getenv("BENCH_TIMES")); err == nil && n > 0 {
		return n
	}
	return 9
}()

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
	routes := New(app)
	routes.GET("/patients/offset-rows", app.offsetRows)
	static.Prepare()
	server := httptest.NewServer(routes)
	b.Cleanup(func() { close(closing); server.Close(); news.Close() })
	bench.clinic = &clinic{url: server.URL, pool: pool, app: app}
	gridPatience = 60 * time.Millisecond // the product's, not the tests'
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

// report writes one table: of each measurement the median, the least, how many there were, and the budget where there is one.
func (g *gridBench) report(title string, measure func(row func(name string, values ...float64))) {
	fmt.Fprintf(&g.out, "\n### %s\n\nLoad at its begin: %s.\n\n| what | median | least | of | budget |\n|---|---:|---:|---:|---:|\n", title, benchLoad())
	measure(func(name string, values ...float64) {
		each := fmt.Sprintf("%.0f", values)
		slices.Sort(values)
		median, budget := values[len(values)/2], ""
		if most, set := budgets[name]; set {
			budget = "≤ " + strconv.FormatFloat(most, 'f', -1, 64)
			if median > most {
				budget += " **missed**"
			}
		}
		fmt.Fprintf(&g.out, "| %s | %s | %s | %d | %s |\n", name, benchNumber(median), benchNumber(values[0]), len(values), budget)
		g.Logf("%-75s %10s %s %s", name, benchNumber(median), budget, each)
	})
}

// benchLoad is how busy the machine is: three averages of processes that want a processor, and how long a fixed piece of
// work takes now.
func benchLoad() string {
	load, _ := os.ReadFile("/proc/loadavg")
	words := strings.Fields(string(load) + " ? ? ?")
	block, began := make([]byte, 64<<20), time.Now()
	sha256.Sum256(block)
	return fmt.Sprintf("%s for %d processors, SHA-256 of 64 MB takes %d ms", strings.Join(words[:3], ", "), runtime.NumCPU(), time.Since(began).Milliseconds())
}

func benchNumber(n float64) string {
	if n >= 100 {
		return strconv.FormatFloat(n, 'f', 0, 64)
	}
	return strconv.FormatFloat(n, 'f', 1, 64)
}

// keep writes what is known so far.
func (g *gridBench) keep() string {
	text := fmt.Sprintf("%d patients · %s, %d processors, %s/%s · %s\n%s", g.total, benchMachine(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, time.Now().Format("2 January 2006"), g.out.String())
	if path := os.Getenv("BENCH_OUT"); path != "" {
		if err := os.WriteFile(filepath.Clean(path), []byte(text), 0o600); err != nil {
			g.Fatal(err)
		}
	}
	return text
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
func (g *gridBench) server(row func(string, ...float64)) {
	get := g.getter()
	time := func(name, path string, before func()) {
		var values []float64
		for range benchTimes {
			if before != nil {
				before()
			}
			values = append(values, get(path))
		}
		row(name, values...)
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
	time("first rows, plain", "/patients", forget)
	time("first rows with four footers", "/patients?foot=weight.avg,born.min,born.max,last_visit.max", forget)
	time("first rows in groups", "/patients?group=species", forget)
	time("first rows in two levels of groups with a footer", "/patients?group=species,status&foot=weight.avg", forget)
	get("/patients/snapshot?group=species,status")
	time("25 lines at 50 % in two levels of groups", fmt.Sprintf("/patients/rows?group=species,status&block=%d-25", g.total/2), nil)
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

// explain writes the plans of the slowest questions.
func (g *gridBench) explain() {
	fmt.Fprint(&g.out, "\n### Plans\n")
	for _, query := range []string{"sort=-last_visit", "sort=-weight", "sort=-colour", "species=cat&last_visit=over:1y", "breed=contains:terrier", "q=luna"} {
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
