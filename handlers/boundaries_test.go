package handlers

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"purplecross/internal/report"
)

// partsWanted are parts that a page must have each by itself, by the kind of page; others that a page has are tried too.
var partsWanted = map[string]string{
	"/":                           "board",
	"/calendar":                   "calendar-day",
	"/clients":                    "grid",
	"/patients":                   "grid",
	"/appointments":               "grid",
	"/treatments":                 "grid",
	"/reminders":                  "grid",
	"/messages":                   "grid",
	"/imports":                    "grid",
	"/admin/staff":                "grid",
	"/admin/audit":                "grid",
	"/admin/errors":               "grid",
	"/notifications":              "notification-list",
	"/session":                    "devices-part",
	"/reports":                    "figures reports-part report-schedules-part reports-made-part visits-by-vet-and-type-part",
	"/reports/end-of-day":         "report-figures report-rows-part",
	"/appointments/N":             "patient-banner visit-part messages-part steps-part history-part",
	"/appointments/N/edit":        "patient-banner booking",
	"/appointments/N/note":        "patient-banner note-part given-part care-part earlier-part",
	"/patients/N":                 "patient-banner care-part upcoming-part timeline-part facts-part owner-part messages-part history-part",
	"/clients/N":                  "pets-part upcoming-part past-part contact-part messages-part history-part",
	"/messages/N":                 "letter-part delivery-part",
	"/reminders/plan":             "goes-part not-part",
	"/reminders/calls":            "calls-part",
	"/patients/print":             "printed",
	"/imports/new":                "panel-part",
	"/admin/messages":             "wordings-part texts-part times-part",
	"/admin/messages/certificate": "wording-part how-it-reads-part placeholders-part",
	"/admin/queues":               "queues by-queue-part last-day-part schedules-part workers-part by-kind-part",
	"/admin/profiles":             "windows-part flights-part",
	"/dev/mailbox":                "mails-part",
}

// wholePages are one form, one record or one notice: what fails there is the page, and the page says so.
var wholePages = []string{
	"/appointments/new", "/progress", "/progress/N", "/clients/new", "/clients/N/edit", "/patients/new", "/patients/N/edit", "/admin/clinic",
	"/admin/staff/new", "/admin/staff/N/edit", "/reports/schedules/new", "/reports/schedules/N/edit", "/reports/files", "/appointments/N/cancellation/new",
}

func isWhole(kind string) bool {
	return slices.Contains(wholePages, kind) || strings.HasSuffix(kind, "/filter") || strings.HasSuffix(kind, "/columns") || strings.HasPrefix(kind, "/views/N")
}

func kindOfPage(path string) string {
	path, _, _ = strings.Cut(path, "?")
	return digits.ReplaceAllString(path, "N")
}

// partsOf walks all pages that a person may see and lists the parts of one of each kind.
func partsOf(t *testing.T, c *clinic, s *session) (pages map[string]string, parts map[string][]string) {
	t.Helper()
	pages, parts = map[string]string{}, map[string][]string{}
	var drawn []string
	c.app.breaks = func(part string) { drawn = append(drawn, part) }
	defer func() { c.app.breaks = nil }()
	walk(t, s, "/", func(path string, doc *goquery.Document) {
		if kind := kindOfPage(path); len(drawn) > len(parts[kind]) || pages[kind] == "" {
			pages[kind], parts[kind] = path, slices.Compact(slices.Sorted(slices.Values(drawn)))
		}
		drawn = nil
	})
	return pages, parts
}

func TestEachPartOfEveryPageFailsAloneAndComesBack(t *testing.T) {
	c := newClinic(t)
	recording(t, c)
	for _, role := range []string{"admin", "vet"} {
		s := c.signIn(t, role)
		pages, parts := partsOf(t, c, s)
		t.Logf("%s: %d parts of %d kinds of pages", role, len(slices.Concat(slices.Collect(maps.Values(parts))...)), len(pages))
		for kind, path := range pages {
			if len(parts[kind]) == 0 && !isWhole(kind) {
				t.Errorf("%s has no part that fails alone", path)
			}
			for _, part := range parts[kind] {
				s.breakPart(t, path, part)
			}
		}
		for kind, wanted := range partsWanted {
			if pages[kind] == "" {
				continue // not everybody's
			}
			for part := range strings.FieldsSeq(wanted) {
				if !slices.Contains(parts[kind], part) {
					t.Errorf("%s: %s is no part that fails alone", pages[kind], part)
				}
			}
		}
		if role == "admin" && len(pages) < 40 {
			t.Errorf("only %d kinds of pages were tried", len(pages))
		}
	}
}

// breakPart has a part panic at its end: the page stands, all else is drawn, and Try again brings the part back alone.
func (s *session) breakPart(t *testing.T, path, part string) {
	t.Helper()
	var drawn []string
	s.clinic.app.breaks = func(name string) {
		if name == part {
			panic("no date for Mabel")
		}
		drawn = append(drawn, name)
	}
	response := s.do(t, http.MethodGet, path, nil)
	page := parse(t, response)
	failed := page.Find("[data-failed]")
	if response.StatusCode != http.StatusOK || failed.Length() == 0 || failed.First().AttrOr("id", "") != part || page.Find("footer, .navigation, nav").Length() == 0 {
		t.Errorf("%s without %s: %s, %d failed parts", path, part, response.Status, failed.Length())
		return
	}
	if strings.Contains(page.Text(), "Mabel") || !report.IsReference(failed.First().Find("code").Text()) {
		t.Errorf("%s without %s says %q", path, part, failed.Text())
	}
	again := failed.First().Find("a[hx-get]")
	if again.Text() != "Try again" || again.AttrOr("hx-target", "") != "#"+part {
		t.Errorf("%s without %s: no way to try again", path, part)
		return
	}

	s.clinic.app.breaks = nil
	answer := s.do(t, http.MethodGet, again.AttrOr("hx-get", ""), nil, "HX-Request", "true", "HX-Target", "div#"+part)
	back := parse(t, answer)
	if answer.StatusCode != http.StatusOK || back.Find("[data-failed], h1:not(.patient-name), .top").Length() != 0 || back.Find("body").Children().Length() == 0 {
		t.Errorf("%s: trying %s again: %s", path, part, answer.Status)
	}
}

// What a part shows is read before the page is drawn; where that fails only the part does.
func TestAPartWhoseRowsCannotBeReadFailsAlone(t *testing.T) {
	c := newClinic(t)
	recording(t, c)
	s := c.signIn(t, "vet")
	patient, client, visit := c.number(t, `select max(patient_id) from appointment`), c.number(t, `select max(client_id) from patient`), c.number(t, `select max(id) from appointment`)
	for _, one := range []struct{ path, table, part string }{
		{"/patients/" + itoa(patient), "visit_note", "timeline-part"},
		{"/patients/" + itoa(patient), "message", "messages-part"},
		{"/patients/" + itoa(patient), "audit_log", "history-part"},
		{"/clients/" + itoa(client), "message", "messages-part"},
		{"/clients/" + itoa(client), "audit_log", "history-part"},
		{"/appointments/" + itoa(visit), "message", "messages-part"},
	} {
		c.exec(t, "alter table "+one.table+" rename to away")
		response := s.do(t, http.MethodGet, one.path, nil)
		failed := parse(t, response).Find("[data-failed]")
		c.exec(t, "alter table away rename to "+one.table)
		if response.StatusCode != http.StatusOK || failed.Filter("#"+one.part).Length() != 1 {
			t.Errorf("%s without %s: %s, %d parts failed", one.path, one.table, response.Status, failed.Length())
		}
	}
}
