package handlers

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"purplecross/db"
	"purplecross/db/grid"
	"purplecross/jobs/sheets"
)

// export downloads a file and reads it: its head, and its rows.
func (s *session) export(t *testing.T, path string) (head []string, rows [][]string) {
	t.Helper()
	response := s.do(t, http.MethodGet, path, nil)
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s, %v", path, response.Status, err)
	}
	text, marked := strings.CutPrefix(string(body), "\uFEFF")
	if !marked || strings.Count(text, "\n") != strings.Count(text, "\r\n") {
		t.Errorf("%s: byte order mark %t, or a line that does not end with CRLF", path, marked)
	}
	all, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(all) == 0 {
		t.Fatalf("GET %s: %d lines, %v", path, len(all), err)
	}
	return all[0], all[1:]
}

func TestAnExportHoldsTheRowsOfAllPagesInTheirOrder(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	for _, path := range []string{"/patients", "/patients?species=dog,cat&sort=-last_visit,weight&cols=name,weight,born,last_visit,species", "/appointments", "/clients?sort=-name"} {
		var want []string
		doc := s.get(t, path)
		link := doc.Find("#grid-export a[href*=csv]").AttrOr("href", "")
		for page := path; page != ""; {
			doc := s.get(t, page)
			doc.Find("#grid tbody tr th a").Each(func(_ int, link *goquery.Selection) { want = append(want, strings.TrimSpace(link.Text())) })
			page = doc.Find(".pager a[rel=next]").AttrOr("href", "")
		}
		head, rows := s.export(t, link)
		var got []string
		for _, row := range rows {
			got = append(got, strings.TrimPrefix(row[0], "'"))
		}
		if path != "/appointments" && !slices.Equal(got, want) || len(got) != len(want) || len(got) == 0 {
			t.Errorf("%s: %d rows, not the %d of the pages in their order", link, len(got), len(want))
		}
		if heads := doc.Find("thead th").Length(); heads != len(head) {
			t.Errorf("%s: columns %v, the page has %d", link, head, heads)
		}
	}
	head, rows := s.export(t, "/patients/export.csv?sort=-weight&cols=name,weight,born,added,neutered")
	if !slices.Equal(head, []string{"Name", "Weight (kg)", "Born", "Added", "Neutered"}) {
		t.Errorf("head %v", head)
	}
	var grams int
	var added time.Time
	err := c.pool.QueryRow(t.Context(), `select weight_g, created_at from patient order by weight_g desc nulls last, id desc limit 1`).Scan(&grams, &added)
	if err != nil {
		t.Fatal(err)
	}
	kilograms := strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%d.%03d", grams/1000, grams%1000), "0"), ".")
	if got := rows[0]; got[1] != kilograms || got[3] != added.In(c.app.Zone).Format(time.DateTime) || len(got[2]) != len(time.DateOnly) {
		t.Errorf("the heaviest is %v, want %s kg, added %s", got, kilograms, added)
	}
}

func TestAnExportIsAFileOfTheDayThatNoCacheKeepsAndTheAuditLogNames(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	response := s.do(t, http.MethodGet, "/patients/export.csv?q=luna", nil)
	body, _ := io.ReadAll(response.Body)
	header := response.Header
	want := fmt.Sprintf(`attachment; filename="patients-%s.csv"`, c.app.today().Format(time.DateOnly))
	if header.Get("Content-Disposition") != want || header.Get("Cache-Control") != "no-store" || !strings.HasPrefix(header.Get("Content-Type"), "text/csv; charset=utf-8") {
		t.Errorf("%v", header)
	}
	var started, ended int
	var sent, all string
	err := c.pool.QueryRow(t.Context(), `
		select count(*) filter (where action = 'started to export'), count(*) filter (where action = 'exported'),
		       max(diff #>> '{rows,1}'), string_agg(to_jsonb(l)::text, ' ')
		  from audit_log l
		 where action like '%export%' and entity = 'patient' and actor <> 'system'`).Scan(&started, &ended, &sent, &all)
	if err != nil || started != 1 || ended != 1 || sent != fmt.Sprint(strings.Count(string(body), "\n")-1) {
		t.Errorf("audited %d starts and %d ends with %s rows of %d lines, %v", started, ended, sent, strings.Count(string(body), "\n"), err)
	}
	if strings.Contains(all, "luna") {
		t.Errorf("the audit log says what was asked: %s", all)
	}
	doc := c.signIn(t, "manager").get(t, "/admin/audit?action=is:exported")
	if said := doc.Find("#grid tbody tr").First().Find("td[data-label='What changed']").Text(); strings.TrimSpace(said) != sent+" rows" {
		t.Errorf("the audit log says %q", said)
	}
}

func TestAnExportedCellIsNoFormula(t *testing.T) {
	c := newClinic(t)
	const name = `=HYPERLINK("http://evil.example";"Luna")`
	if _, err := c.pool.Exec(t.Context(), `update patient set name = $1, breed = '@home' where id = (select min(id) from patient)`, name); err != nil {
		t.Fatal(err)
	}
	_, rows := c.signIn(t, "reception").export(t, "/patients/export.csv?name=starts:%3D&cols=name,breed")
	if len(rows) != 1 || rows[0][0] != "'"+name || rows[0][1] != "'@home" {
		t.Errorf("exported %q", rows)
	}
}

func TestOnlyWhoMayTakeWholeListsExportsMoreThan500Rows(t *testing.T) {
	c := newClinic(t)
	_, err := c.pool.Exec(t.Context(), `
		insert into patient (client_id, name, species)
		select (select min(id) from client), 'Bulk ' || n, 'dog'
		  from generate_series(1, 500) n`)
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range []string{"reception", "nurse", "vet"} {
		s := c.signIn(t, role)
		doc := s.get(t, "/patients")
		if doc.Find("#grid-export :is(a, form)").Length() != 0 || !strings.Contains(doc.Find("#grid-export").Text(), "500 at most") {
			t.Errorf("%s: the link does not say that there are too many", role)
		}
		response := s.do(t, http.MethodGet, "/patients/export.csv", nil)
		if said := parse(t, response).Find("main").Text(); response.StatusCode != http.StatusForbidden || !strings.Contains(said, "Narrow it with a search or a filter") {
			t.Errorf("%s: %s says %q", role, response.Status, said)
		}
		if _, rows := s.export(t, s.get(t, "/patients?name=starts:bulk").Find("#grid-export a[href*=csv]").AttrOr("href", "")); len(rows) != 500 {
			t.Errorf("%s: %d of 500 rows", role, len(rows))
		}
	}
	if _, rows := c.signIn(t, "manager").export(t, "/patients/export.csv"); len(rows) != 600 {
		t.Errorf("a manager gets %d of 600 rows", len(rows))
	}
	if status := c.signIn(t, "reception").status(t, http.MethodGet, "/admin/staff/export.csv"); status != http.StatusForbidden {
		t.Errorf("reception exports the staff: %d", status)
	}
	if status := c.signIn(t, string(db.RoleManager)).status(t, http.MethodGet, "/patients/export.csv?species=dragon"); status != http.StatusBadRequest {
		t.Errorf("a question that is not understood: %d", status)
	}
}

// exportServer serves the file of one list, with what every request passes.
func exportServer(t *testing.T, c *clinic, list grid.Resource) *session {
	t.Helper()
	e := echo.New()
	e.HTTPErrorHandler = c.app.handleError
	e.Use(c.app.identified, c.app.reported, middleware.Gzip(), c.app.signedIn)
	e.GET("/list"+exportPath+"csv", c.app.gridExport(list, sheets.CSV))
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	return (&clinic{url: server.URL, pool: c.pool, app: c.app}).signIn(t, "manager")
}

func TestAnExportThatIsBrokenOffIsAuditedAsSuch(t *testing.T) {
	c := newClinic(t)
	list := db.PatientsGrid
	list.Where = "pg_sleep(0.1) is not null" // 10 s for all of them
	s := exportServer(t, c, list)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	audited := func(action string) {
		for n := 0; n == 0; {
			if err := c.pool.QueryRow(ctx, `select count(*) from audit_log where action = $1 and entity = 'patient'`, action).Scan(&n); err != nil {
				t.Fatalf("nothing says %q: %v", action, err)
			}
		}
	}
	leaving, leave := context.WithCancel(ctx)
	request, err := http.NewRequestWithContext(leaving, http.MethodGet, s.clinic.url+"/list"+exportPath+"csv", nil)
	if err != nil {
		t.Fatal(err)
	}
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		if response, err := s.client.Do(request); err == nil {
			_ = response.Body.Close()
		}
	}()
	audited("started to export")
	leave()
	<-gone
	audited("broke off an export of")
}

func TestAFileThatFailsHalfwayDoesNotLookWhole(t *testing.T) {
	c := newClinic(t)
	if _, err := c.pool.Exec(t.Context(), `
		insert into patient (client_id, name, species)
		select (select min(id) from client), 'Zzz ' || n, 'dog'
		  from generate_series(1, 900) n`); err != nil {
		t.Fatal(err)
	}
	for failing, want := range map[string]int{
		"p.name || 1 / length(substr(p.name, 99))":                                 http.StatusInternalServerError, // before the first row
		"p.name || 1 / (length(substr('!', p.id::int - 500)) + random()::int * 0)": http.StatusOK,                  // worked out as the rows go
	} {
		list := db.PatientsGrid
		list.Order, list.Columns = "added", slices.Clone(list.Columns)
		list.Columns[0].SQL = failing
		response := exportServer(t, c, list).do(t, http.MethodGet, "/list"+exportPath+"csv", nil)
		body, err := io.ReadAll(response.Body)
		if response.StatusCode != want || len(body) == 0 || (err == nil) != (want != http.StatusOK) {
			t.Errorf("%s: %s, %d bytes, and the browser hears of %v", failing, response.Status, len(body), err)
		}
	}
}
