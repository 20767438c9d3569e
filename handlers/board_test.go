package handlers

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// comeToday books a pet of its own for this very hour of the clinic's clock.
func (c *clinic) comeToday(t *testing.T) (id int64) {
	t.Helper()
	pet := c.pets(t, 1)[0]
	return c.number(t, `
		insert into appointment (client_id, patient_id, type_id, starts_at, ends_at, overbooked, overbook_reason)
		select p.client_id, p.id, (select min(id) from appointment_type), $2::timestamptz, $2::timestamptz + interval '20 minutes', true, 'Test'
		from patient p
		where p.id = $1
		returning id`, pet, c.app.Now())
}

func row(doc *goquery.Document, id int64) *goquery.Selection {
	return doc.Find("#visit-" + strconv.FormatInt(id, 10))
}

func TestPatientGoesThroughTheClinicOneButtonAtATime(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	id := c.comeToday(t)

	for _, step := range []struct{ button, status, path string }{
		{"Check in", "arrived", "/check-in"},
		{"To room", "in_room", "/rooming"},
		{"Ready to go", "ready", "/readiness"},
		{"Complete", "completed", "/completion"},
	} {
		visit := row(s.get(t, "/"), id)
		form := visit.Find(`form[action$="` + step.path + `"]`)
		if label := strings.TrimSpace(form.Find("button").Text()); label != step.button {
			t.Fatalf("the next step is %q, want %q", label, step.button)
		}
		response := s.post(t, form.AttrOr("action", ""), values(form, form.Find("button")))
		if response.StatusCode != http.StatusSeeOther || response.Header.Get("Location") != "/" {
			t.Fatalf("%s: %s to %s", step.button, response.Status, response.Header.Get("Location"))
		}
		if status := row(s.get(t, "/"), id).AttrOr("data-status", ""); status != step.status {
			t.Fatalf("after %s the visit is %s", step.button, status)
		}
	}

	undo := row(s.get(t, "/"), id).Find(`form[action$="/undo"]`)
	s.post(t, undo.AttrOr("action", ""), values(undo, undo.Find("button")))
	if status := row(s.get(t, "/"), id).AttrOr("data-status", ""); status != "ready" {
		t.Errorf("after undo the visit is %s", status)
	}
}

func TestStepsThatMakeNoSenseAreRefusedInASentence(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	path := "/appointments/" + strconv.FormatInt(c.comeToday(t), 10)
	for _, noun := range []string{"/rooming", "/readiness", "/completion", "/undo"} {
		response := s.post(t, path+noun, url.Values{})
		if text := parse(t, response).Find("main").Text(); response.StatusCode != http.StatusConflict || !strings.Contains(text, "This visit is booked") {
			t.Errorf("%s of a booked visit: %s, %s", noun, response.Status, text)
		}
	}
	if response := s.post(t, path+"/check-in", url.Values{"version": {"7"}}); response.StatusCode != http.StatusConflict {
		t.Errorf("check-in of another version: %s", response.Status)
	}
	if response := s.post(t, path+"/check-in", url.Values{"back": {"//elsewhere.example"}}); response.Header.Get("Location") != path {
		t.Errorf("check-in leads to %s", response.Header.Get("Location"))
	}
}

func TestBoardIsADayOfOneVetOrEverybody(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	doc := s.get(t, "/?all=1")
	visits := c.number(t, `
		select count(*)
		from appointment
		where kind = 'visit' and status <> 'cancelled'
		  and starts_at >= $1 and starts_at < $2`, c.app.today(), c.app.today().AddDate(0, 0, 1))
	if short := s.get(t, "/").Find("tr.day-visit").Length(); short == 0 || short >= int(visits) {
		t.Errorf("%d of %d visits are shown before the finished ones are asked for", short, visits)
	}
	if rows := doc.Find("tr.day-visit").Length(); rows != int(visits) || rows == 0 {
		t.Errorf("the board shows %d visits of %d", rows, visits)
	}
	if doc.Find("#now").Length() != 1 || doc.Find("tr.day-block:contains('Lunch')").Length() == 0 {
		t.Error("the board lacks the time or the lunch")
	}
	if poll := doc.Find("#board").AttrOr("hx-trigger", ""); poll != "every 30s" {
		t.Errorf("the board looks after itself %q", poll)
	}

	chip := doc.Find(".vet-filter a.chip").Eq(1)
	name := strings.TrimSpace(chip.Text())
	s.get(t, chip.AttrOr("href", "")).Find("tr.day-visit td.day-vet").Each(func(_ int, cell *goquery.Selection) {
		if !strings.Contains(name, strings.TrimSpace(cell.Text())) {
			t.Errorf("the board of %s shows a visit with %s", name, cell.Text())
		}
	})

	tomorrow := c.app.today().AddDate(0, 0, 1)
	next := s.get(t, doc.Find(`.day-navigation a:contains("Day after")`).AttrOr("href", ""))
	if day := next.Find("input[name=day]").AttrOr("value", ""); day != tomorrow.Format(time.DateOnly) || next.Find("#now").Length() > 0 {
		t.Errorf("the day after is %s", day)
	}
	c.exec(t, `delete from opening_hours where weekday = 0`)
	sunday := c.app.today()
	for sunday.Weekday() != time.Sunday {
		sunday = sunday.AddDate(0, 0, 1)
	}
	if text := s.get(t, "/?day="+sunday.AddDate(0, 0, 70).Format(time.DateOnly)).Find("#board").Text(); !strings.Contains(text, "The clinic is closed") {
		t.Errorf("a Sunday says %s", text)
	}
}

func TestBoardFragmentIsOnlyTheBoard(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	response := s.do(t, http.MethodGet, "/", nil, "HX-Request", "true", "HX-Request-Type", "partial", "HX-Target", "div#board")
	doc := parse(t, response)
	if doc.Find("#board").Length() != 1 || doc.Find("nav, h1").Length() != 0 {
		t.Error("a partial request for the board got more or less than the board")
	}
}

func TestGapInTheCalendarBooksThere(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	doc := s.get(t, "/calendar")
	vets := c.number(t, `select count(*) from staff where bookable and active`)
	if columns := doc.Find(".calendar-column").Length(); columns < int(vets) {
		t.Errorf("%d columns for %d vets", columns, vets)
	}
	if doc.Find(".calendar-item a[href^='/appointments/']").Length() == 0 || doc.Find("[style]").Length() > 0 {
		t.Error("the calendar lacks visits, or has inline style")
	}
	pet := strconv.FormatInt(c.pets(t, 1)[0], 10)
	long := doc.Find(`.calendar-gap[data-fives="4"], .calendar-gap[data-fives="6"]`).Find("a") // a consultation fits
	offered := long.FilterFunction(func(_ int, gap *goquery.Selection) bool {
		keep := s.get(t, gap.AttrOr("href", "")).Find("form.picker")
		booking := s.get(t, "/appointments/new?patient="+pet+"&"+values(keep, keep.Find("#none")).Encode())
		clock, vet, _ := strings.Cut(strings.TrimPrefix(gap.AttrOr("aria-label", ""), "Book "), " with ")
		first := booking.Find("button.slot").First().Text()
		return strings.Contains(first, clock) && strings.Contains(first, vet)
	})
	if offered.Length() < long.Length() || long.Length() == 0 {
		t.Errorf("%d of %d gaps offer their own time first", offered.Length(), long.Length())
	}

	one := s.get(t, doc.Find(".vet-filter a.chip").Eq(1).AttrOr("href", ""))
	if columns := one.Find(".calendar-column").Length(); columns != 1 {
		t.Errorf("the calendar of one vet has %d columns", columns)
	}
}
