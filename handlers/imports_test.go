package handlers

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"purplecross/db"
	"purplecross/internal/browser"
	"purplecross/jobs"
)

// working has the clinic's queues worked until the test ends.
func working(t *testing.T, c *clinic) {
	t.Helper()
	worker, err := jobs.New(c.pool, jobs.Options{Work: true, Log: slog.New(slog.DiscardHandler), Zone: c.app.Zone})
	if err != nil {
		t.Fatal(err)
	}
	if err := worker.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = worker.Stop(context.WithoutCancel(t.Context())) })
}

// upload sends a file as a browser's form does.
func (s *session) upload(t *testing.T, name string, file []byte) *http.Response {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write(file)
	_ = form.Close()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.clinic.url+"/imports", &body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", form.FormDataContentType())
	response, err := s.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	return response
}

// uploaded is the path of the import that a file becomes.
func (s *session) uploaded(t *testing.T, name, file string) string {
	t.Helper()
	response := s.upload(t, name, []byte(file))
	if response.StatusCode != http.StatusSeeOther {
		t.Fatalf("upload: %s", response.Status)
	}
	return strings.TrimSuffix(response.Header.Get("Location"), "/mapping")
}

// mapped sends the form of the columns as it is, with what is changed.
func (s *session) mapped(t *testing.T, path string, changes url.Values) *http.Response {
	t.Helper()
	form := fieldsOf(s.get(t, path+"/mapping").Find(`form[method="post"]`).FilterFunction(func(_ int, f *goquery.Selection) bool {
		action, _ := f.Attr("action")
		return strings.HasSuffix(action, "/mapping")
	}))
	for name, values := range changes {
		form[name] = values
	}
	return s.post(t, path+"/mapping", form)
}

// fieldsOf is what a browser would send of a form.
func fieldsOf(form *goquery.Selection) url.Values {
	values := url.Values{}
	form.Find("input[name], select[name]").Each(func(_ int, field *goquery.Selection) {
		name, _ := field.Attr("name")
		value, _ := field.Attr("value")
		if goquery.NodeName(field) == "select" {
			value, _ = field.Find("option[selected]").Attr("value")
		}
		values.Add(name, value)
	})
	return values
}

// await reads the page of an import until nothing is at it any more.
func (s *session) await(t *testing.T, path string) *goquery.Document {
	t.Helper()
	news, enough := s.clinic.app.News.Read(db.WorkTopic)
	defer enough()
	for {
		page := s.get(t, path)
		if page.Find(".progress").Length() == 0 {
			return page
		}
		select {
		case <-news:
		case <-t.Context().Done():
			t.Fatal("the import never ended")
		}
	}
}

func badge(page *goquery.Document) string {
	return strings.TrimSpace(page.Find(".page-title .badge").First().Text())
}

const exportOfTwo = "Client #,Owner,E-mail,Cell,Pet Name,Spec,Birthday\n" +
	"1,\"Rath, Guadalupe\",g@example.org,(970) 555-0167,Tinker,Cat,2019-03-27\n" +
	"2,\"Reilly, Shemar\",s@example.org,(970) 555-0168,Pepper,Dog,13/45/2019\n"

func TestManagerImportsAFileInTheBrowser(t *testing.T) {
	c := newClinic(t)
	working(t, c)
	s := c.signIn(t, "manager")
	path := s.uploaded(t, "two.csv", exportOfTwo)

	page := s.get(t, path+"/mapping")
	if said := page.Find("#f-column_0-hint").Text(); said != "1 · 2" {
		t.Errorf("the sample values are %q", said)
	}
	if is, _ := page.Find("#f-column_1 option[selected]").Attr("value"); is != "owner" {
		t.Errorf("the owner's column is taken for %q", is)
	}
	if response := s.mapped(t, path, nil); response.StatusCode != http.StatusSeeOther {
		t.Fatalf("mapping: %s", response.Status)
	}

	page = s.await(t, path)
	if said := page.Find(".callout-title").Text(); badge(page) != "Checked" || !strings.Contains(said, "1 row can come in, 1 is refused") {
		t.Fatalf("the check says %q, %q", badge(page), said)
	}
	var n int
	if err := c.pool.QueryRow(t.Context(), `select count(*) from client where external_ref like 'legacy/%'`).Scan(&n); err != nil || n != 0 {
		t.Fatalf("the check brought in %d (%v)", n, err)
	}
	issues := s.get(t, strings.Replace(path, "/imports/", "/imports/issues?import=", 1))
	if said := issues.Find("#grid").Text(); !strings.Contains(said, "13/45/2019") || !strings.Contains(said, "Birthday") || !strings.Contains(said, "is not a date") {
		t.Errorf("the issue's column, value or reason is missing: %q", said)
	}

	first := s.do(t, http.MethodGet, path+"/rows", nil).Header.Get("Location")
	if first != path+"/rows/3" {
		t.Fatalf("the first refused row is %s", first)
	}
	fix := fieldsOf(s.get(t, first).Find("main form"))
	if response := s.post(t, first, fix); response.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a row that is still wrong: %s", response.Status)
	}
	fix.Set("cell_6", "2019-04-27")
	if response := s.post(t, first, fix); response.Header.Get("Location") != path {
		t.Errorf("the mended row: %s to %q", response.Status, response.Header.Get("Location"))
	}

	s.post(t, path+"/commit", nil)
	page = s.await(t, path)
	if said := page.Find(".callout-title").Text(); badge(page) != "Imported" || !strings.Contains(said, "Everything is in") {
		t.Fatalf("the import says %q, %q", badge(page), said)
	}
	if err := c.pool.QueryRow(t.Context(), `
		select count(*) from patient p join client c on c.id = p.client_id
		where (p.name, p.dob, c.last_name) in (('Pepper', '2019-04-27', 'Reilly'), ('Tinker', '2019-03-27', 'Rath'))`).Scan(&n); err != nil || n != 2 {
		t.Errorf("%d of 2 pets are there (%v)", n, err)
	}

	s.post(t, path+"/undo", nil)
	if page = s.await(t, path); badge(page) != "Undone" {
		t.Errorf("after the undo: %q", badge(page))
	}
	if err := c.pool.QueryRow(t.Context(), `select count(*) from client where external_ref like 'legacy/%'`).Scan(&n); err != nil || n != 0 {
		t.Errorf("the undo left %d (%v)", n, err)
	}
}

func TestColumnsThatSomebodyNamedAreRememberedForTheNextFile(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "manager")
	const file = "Nr,Wer,Wie viel\n1,Rath,3\n"
	path := s.uploaded(t, "eigen.csv", file)
	response := s.mapped(t, path, url.Values{"kind": {"clients"}})
	if response.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(parse(t, response).Find(".error-summary").Text(), "Client’s number") {
		t.Errorf("a file without its needed columns: %s", response.Status)
	}
	if response := s.mapped(t, path, url.Values{"kind": {"clients"}, "column_0": {"client_no"}, "column_1": {"client_no"}}); response.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("one field for two columns: %s", response.Status)
	}
	named := url.Values{"kind": {"clients"}, "column_0": {"client_no"}, "column_1": {"last_name"}, "source": {"alt"}}
	if response := s.mapped(t, path, named); response.StatusCode != http.StatusSeeOther {
		t.Fatalf("mapping: %s", response.Status)
	}

	again := s.get(t, s.uploaded(t, "eigen-2.csv", "Wie viel,Nr,Wer\n3,2,Reilly\n")+"/mapping")
	for place, want := range map[int]string{0: "", 1: "client_no", 2: "last_name"} {
		if is, _ := again.Find(fmt.Sprintf("#f-column_%d option[selected]", place)).Attr("value"); is != want {
			t.Errorf("column %d is %q, not %q", place, is, want)
		}
	}
	if source, _ := again.Find("#f-source").Attr("value"); source != "alt" {
		t.Errorf("the system is %q", source)
	}
}

func TestFileThatIsNoneIsRefusedWithASentence(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "manager")
	for file, said := range map[string]string{
		"":                                  "The file is empty.",
		"PK\x03\x04\x14\x00\x06\x00clients": "ZIP archive or an Excel workbook",
		"name\nCoco\n":                      "one column only",
		"\x00\x00\x00\x00\x00\x00\x00\x00":  "holds NUL bytes",
		"a,b\x00\x01\x02\x03\x04\n1,2\n":    "not a text file",
		strings.Repeat("x", 1<<20) + ",b\n": "no line of headings",
	} {
		response := s.upload(t, "clients.csv", []byte(file))
		page := parse(t, response)
		if response.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page.Find(".error-summary").Text(), said) {
			t.Errorf("%.12q: %s, %q", file, response.Status, page.Find(".error-summary").Text())
		}
	}
	response := s.post(t, "/imports", url.Values{"file": {"typed"}})
	if response.StatusCode != http.StatusBadRequest {
		t.Errorf("a form without a file: %s", response.Status)
	}
	var n int
	if err := c.pool.QueryRow(t.Context(), `select count(*) from import_batch where filename = 'clients.csv'`).Scan(&n); err != nil || n != 0 {
		t.Errorf("%d of them are kept (%v)", n, err)
	}
}

func TestImportsAreForManagersAndAdminsAlone(t *testing.T) {
	c := newClinic(t)
	path := c.signIn(t, "manager").uploaded(t, "two.csv", exportOfTwo)
	for role, want := range map[string]int{"reception": http.StatusForbidden, "nurse": http.StatusForbidden, "vet": http.StatusForbidden, "designer": http.StatusForbidden, "admin": http.StatusOK} {
		s := c.signIn(t, role)
		for _, page := range []string{"/imports/new", path, path + "/mapping", path + "/duplicates", path + "/refused", "/imports/issues"} {
			if got := s.status(t, http.MethodGet, page); got != want {
				t.Errorf("%s reads %s: %d", role, page, got)
			}
		}
		if want == http.StatusForbidden {
			for _, change := range []string{"/check", "/commit", "/undo", "/mapping", "/duplicates", "/rows/2"} {
				if got := s.status(t, http.MethodPost, path+change); got != want {
					t.Errorf("%s does %s: %d", role, change, got)
				}
			}
			if got := s.upload(t, "two.csv", []byte(exportOfTwo)).StatusCode; got != want {
				t.Errorf("%s uploads: %d", role, got)
			}
		}
	}
}

func TestRefusedRowsAreDownloadedMendedAndUploadedAgain(t *testing.T) {
	c := newClinic(t)
	working(t, c)
	s := c.signIn(t, "manager")
	path := s.uploaded(t, "two.csv", exportOfTwo)
	s.mapped(t, path, nil)
	s.await(t, path)

	response := s.do(t, http.MethodGet, path+"/refused", nil)
	file, err := io.ReadAll(response.Body)
	if err != nil || !strings.Contains(string(file), `2,"Reilly, Shemar",s@example.org,(970) 555-0168,Pepper,Dog,13/45/2019,"line 3: Birthday: `) || strings.Contains(string(file), "Rath") {
		t.Fatalf("the file is %q (%v)", file, err)
	}
	again := s.uploaded(t, "mended.csv", strings.ReplaceAll(string(file), "Dog,13/45/2019", "Dog,2019-04-27"))
	s.mapped(t, again, nil)
	page := s.await(t, again)
	if said := page.Find(".callout-title").Text(); !strings.Contains(said, "1 row can come in, 0 are refused") {
		t.Errorf("the mended file: %q", said)
	}
}

func TestWhoMayBeHereAlreadyWaitsForAChoice(t *testing.T) {
	c := newClinic(t)
	working(t, c)
	if _, err := c.pool.Exec(t.Context(), `insert into client (first_name, last_name, email) values ('Lupe', 'Rath', 'g@example.org'), ('Shem', 'Reilly', 's@example.org')`); err != nil {
		t.Fatal(err)
	}
	s := c.signIn(t, "manager")
	path := s.uploaded(t, "two.csv", strings.ReplaceAll(exportOfTwo, "13/45/2019", "2019-04-27"))
	s.mapped(t, path, nil)
	s.await(t, path)

	page := s.get(t, path+"/duplicates")
	if n := page.Find("main table").Length(); n != 2 {
		t.Fatalf("%d are compared", n)
	}
	if said := page.Find("main table").First().Text(); !strings.Contains(said, "Guadalupe Rath") || !strings.Contains(said, "Lupe Rath") {
		t.Errorf("they do not stand side by side: %q", said)
	}
	s.post(t, path+"/commit", nil)
	page = s.await(t, path)
	if said := page.Find(".callout-title").Text(); !strings.Contains(said, "2 rows wait for a choice") {
		t.Errorf("the import says %q", said)
	}

	choices := url.Values{}
	page = s.get(t, path+"/duplicates")
	page.Find(`input[type="radio"][value="existing"]`).Each(func(i int, radio *goquery.Selection) {
		name, _ := radio.Attr("name")
		choices.Set(name, []string{"existing", "new"}[i])
	})
	s.post(t, path+"/duplicates", choices)
	s.post(t, path+"/commit", nil)
	page = s.await(t, path)
	if said := page.Find(".callout-title").Text(); !strings.Contains(said, "Everything is in") {
		t.Errorf("after the choices: %q", said)
	}
	for what, sql := range map[string]string{
		"used":  `select count(*) from client c join patient p on p.client_id = c.id where c.first_name = 'Lupe' and c.external_ref = 'legacy/1' and c.mobile = '+19705550167' and p.name = 'Tinker'`,
		"added": `select count(*) from client c join patient p on p.client_id = c.id where c.first_name = 'Shemar' and c.external_ref = 'legacy/2' and p.name = 'Pepper'`,
		"kept":  `select count(*) from client where first_name = 'Shem' and external_ref is null`,
	} {
		var n int
		if err := c.pool.QueryRow(t.Context(), sql).Scan(&n); err != nil || n != 1 {
			t.Errorf("%s: %d (%v)", what, n, err)
		}
	}
}

func TestImportPagesAreAccessibleAndFit(t *testing.T) {
	c := newClinic(t)
	working(t, c)
	s := c.signIn(t, "manager")
	path := s.uploaded(t, "two.csv", exportOfTwo)
	s.mapped(t, path, nil)
	s.await(t, path)
	for _, look := range []browser.Options{{}, {Dark: true}, {Width: 390, Height: 844}} {
		p := signedInTab(t, c, "manager", look)
		for _, page := range []string{"/imports", "/imports/new", path, path + "/mapping", path + "/rows/3", path + "/duplicates", "/imports/issues"} {
			p.Open(c.url + page)
			if found := p.Axe(); len(found) > 0 {
				t.Errorf("%s: %v", page, found)
			}
			if wider := browser.Eval[bool](p, `document.documentElement.scrollWidth > document.documentElement.clientWidth + 1`); wider {
				t.Errorf("%s is wider than the window", page)
			}
		}
		quiet(t, p)
	}
}
