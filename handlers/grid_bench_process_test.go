package handlers

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/xuri/excelize/v2"

	"purplecross/db"
	"purplecross/db/dbtest"
)

// process builds the product, starts it on the same database and measures what it takes of the machine's memory: with
// eight snapshots, and while it exports every row.
func (g *gridBench) process(row func(string, ...float64)) {
	address, pid := g.start()
	cookie := g.sessionCookie()
	get := func(path string) {
		request, _ := http.NewRequestWithContext(g.Context(), http.MethodGet, address+path, nil)
		request.AddCookie(cookie)
		response, err := http.DefaultClient.Do(request)
		if err != nil || response.StatusCode >= 300 {
			g.Fatalf("%s: %v %v", path, response, err)
		}
		_ = response.Body.Close()
	}
	get("/patients")
	row("MB of the whole process after its first list", resident(g, pid))
	for _, key := range []string{"name", "-name", "last_visit", "-last_visit", "born", "-born", "owner", "-owner"} {
		get("/patients/snapshot?sort=" + key)
		get(fmt.Sprintf("/patients/rows?sort=%s&block=%d-100", key, g.total/2))
	}
	row("MB of the whole process, eight snapshots of the whole list held", resident(g, pid))

	before := resident(g, pid)
	began := time.Now()
	id := g.export(address, cookie)
	peak := before
	for work := g.work(id); !work.Over(); work = g.work(id) {
		peak = max(peak, resident(g, pid))
		time.Sleep(50 * time.Millisecond)
	}
	work := g.work(id)
	if work.State != db.WorkDone {
		g.Fatalf("the export ended as %+v", work)
	}
	row("MB more at most while a million rows become a spreadsheet", peak-before)
	row("seconds for it", time.Since(began).Seconds())
	rows, size := g.opened(id)
	if int64(rows) != work.Done || rows == 0 {
		g.Errorf("the spreadsheet has %d rows, %d were written", rows, work.Done)
	}
	row("rows of it, as a library reads them", float64(rows))
	row("MB of the file", size)

	id = g.export(address, cookie)
	for work = g.work(id); work.Done < int64(g.total/2); work = g.work(id) {
		if work.Over() {
			g.Fatalf("the second export ended before it was cancelled: %+v", work)
		}
		time.Sleep(50 * time.Millisecond)
	}
	began = time.Now()
	if err := db.CancelWork(g.Context(), g.clinic.pool, id); err != nil {
		g.Fatal(err)
	}
	for work = g.work(id); !work.Over(); work = g.work(id) {
		time.Sleep(20 * time.Millisecond)
	}
	var left int
	if err := g.clinic.pool.QueryRow(g.Context(), `select (select count(*) from work_file where work_id = $1) + (select count(*) from work_file_part where work_id = $1)`, id).Scan(&left); err != nil {
		g.Fatal(err)
	}
	if work.State != db.WorkCancelled || left > 0 {
		g.Errorf("cancelled, it is %s and left %d rows", work.State, left)
	}
	row("seconds to stop one that was cancelled halfway", time.Since(began).Seconds())
	row("rows that it left of its file", float64(left))
}

// start builds and starts the product, and ends it with the benchmark.
func (g *gridBench) start() (address string, pid int) {
	binary := filepath.Join(g.TempDir(), "purple-cross")
	if out, err := exec.CommandContext(g.Context(), "go", "build", "-o", binary, "purplecross").CombinedOutput(); err != nil {
		g.Fatalf("build: %v\n%s", err, out)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		g.Fatal(err)
	}
	at := free.Addr().String()
	_ = free.Close()
	command := exec.Command(binary)
	command.Dir = g.TempDir()
	command.Env = append(os.Environ(), "DATABASE_URL="+dbtest.URL(g.clinic.pool), "DATA_DIR="+g.TempDir(), "ADDR="+at, "APP_ENV=development", "GALLERY=off", "CLINIC_TZ="+dbtest.Zone)
	if err := command.Start(); err != nil {
		g.Fatal(err)
	}
	g.Cleanup(func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		_ = command.Wait()
	})
	for range 600 {
		if response, err := http.Get("http://" + at + "/readyz"); err == nil { //nolint:noctx // until it answers
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return "http://" + at, command.Process.Pid
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	g.Fatal("the product does not become ready")
	return "", 0
}

// resident is the megabytes of memory that a process has.
func resident(g *gridBench, pid int) float64 {
	file, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		g.Skip("the memory of a process is read from /proc")
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if words := strings.Fields(lines.Text()); len(words) > 1 && words[0] == "VmRSS:" {
			kilobytes, _ := strconv.ParseFloat(words[1], 64)
			return kilobytes / 1000
		}
	}
	return 0
}

// export asks for the whole list as a spreadsheet, as the list's form does.
func (g *gridBench) export(address string, cookie *http.Cookie) int64 {
	form := url.Values{"format": {"xlsx"}, "all": {"1"}, "query": {""}}
	request, _ := http.NewRequestWithContext(g.Context(), http.MethodPost, address+"/patients/exports", strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Origin", address)
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	request.AddCookie(cookie)
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		g.Fatal(err)
	}
	_ = response.Body.Close()
	to := response.Header.Get("Location")
	id, err := strconv.ParseInt(to[strings.LastIndexByte(to, '/')+1:], 10, 64)
	if response.StatusCode != http.StatusSeeOther || err != nil {
		g.Fatalf("the export was answered with %s to %q", response.Status, to)
	}
	return id
}

func (g *gridBench) work(id int64) db.Work {
	work, err := db.GetWork(g.Context(), g.clinic.pool, id)
	if err != nil {
		g.Fatal(err)
	}
	return work
}

// opened reads the file with a library, row by row, and says how many it has below its head, and its megabytes.
func (g *gridBench) opened(id int64) (rows int, size float64) {
	path := filepath.Join(g.TempDir(), "patients.xlsx")
	file, err := os.Create(path)
	if err != nil {
		g.Fatal(err)
	}
	if err := db.CopyWorkFile(g.Context(), g.clinic.pool, id, file); err != nil {
		g.Fatal(err)
	}
	if err := file.Close(); err != nil {
		g.Fatal(err)
	}
	book, err := excelize.OpenFile(path, excelize.Options{TmpDir: g.TempDir()})
	if err != nil {
		g.Fatal(err)
	}
	defer func() { _ = book.Close() }()
	all, err := book.Rows(book.GetSheetName(0))
	if err != nil {
		g.Fatal(err)
	}
	for all.Next() {
		rows++
	}
	if err := all.Error(); err != nil {
		g.Fatal(err)
	}
	info, _ := os.Stat(path)
	return rows - 1, float64(info.Size()) / 1e6
}
