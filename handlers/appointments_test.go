package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"purplecross/db"
)

// number reads one number from the clinic's database.
func (c *clinic) number(t *testing.T, sql string, args ...any) (n int64) {
	t.Helper()
	if err := c.pool.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// pets are the pets of a new household that can be written to.
func (c *clinic) pets(t *testing.T, count int) []int64 {
	t.Helper()
	client := c.number(t, `insert into client (first_name, last_name, email) values ('Courtney', 'Reilly', 'courtney@example.org') returning id`)
	ids := make([]int64, count)
	for i := range ids {
		ids[i] = c.number(t, `insert into patient (client_id, name, species) values ($1, $2, 'dog') returning id`, client, fmt.Sprintf("Coco%d", i+1))
	}
	return ids
}

// values are what a form would send, with one of its buttons pressed.
func values(form *goquery.Selection, button *goquery.Selection) url.Values {
	sent := url.Values{}
	form.Find("input, textarea, select").Each(func(_ int, field *goquery.Selection) {
		name, named := field.Attr("name")
		kind := field.AttrOr("type", "")
		_, checked := field.Attr("checked")
		if !named || (kind == "checkbox" || kind == "radio") && !checked {
			return
		}
		switch goquery.NodeName(field) {
		case "textarea":
			sent.Set(name, strings.TrimPrefix(field.Text(), "\n"))
		case "select":
			sent.Set(name, field.Find("option[selected]").AttrOr("value", ""))
		default:
			sent.Set(name, field.AttrOr("value", ""))
		}
	})
	if name, named := button.Attr("name"); named {
		sent.Set(name, button.AttrOr("value", ""))
	}
	return sent
}

func bookingPath(petID int64) string {
	return "/appointments/new?patient=" + strconv.FormatInt(petID, 10)
}

func TestReceptionistBooksInThreeClicksWithoutJavaScript(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	pet := c.pets(t, 1)[0]
	client := c.number(t, `select client_id from patient where id = $1`, pet)
	household := s.get(t, "/clients/"+strconv.FormatInt(client, 10))

	// Book, on the pet.
	first := household.Find(`a[href="` + bookingPath(pet) + `"]`).First()
	if first.Length() == 0 {
		t.Fatal("the household has no link to book the pet")
	}
	page := s.get(t, first.AttrOr("href", ""))
	if offered := page.Find("button.slot").Length(); offered < 5 || offered > 8 {
		t.Errorf("%d free times are offered at once, want 5 to 8", offered)
	}

	// What for.
	kind := page.Find(".chips a.chip:contains('Vaccin')").First()
	if kind.Length() == 0 {
		t.Fatal("a vaccination is no choice")
	}
	page = s.get(t, kind.AttrOr("href", ""))
	if current := page.Find(`a.chip[aria-current]:contains("Vaccin")`).Length(); current != 1 {
		t.Errorf("%d chosen types are vaccinations, want one", current)
	}

	// When.
	slot := page.Find("button.slot").First()
	form := values(page.Find("#booking-form"), slot)
	form.Set("reason", "Second jab")
	response := s.post(t, "/appointments", form)
	if response.StatusCode != http.StatusSeeOther {
		t.Fatalf("booking: %s", response.Status)
	}

	id, err := strconv.ParseInt(strings.TrimPrefix(response.Header.Get("Location"), "/appointments/"), 10, 64)
	if err != nil {
		t.Fatalf("booking leads to %q", response.Header.Get("Location"))
	}
	booked := s.get(t, "/appointments/"+strconv.FormatInt(id, 10))
	if text := booked.Find("main").Text(); !strings.Contains(text, "Second jab") || !strings.Contains(strings.ToLower(text), "confirmation") {
		t.Errorf("the visit's page doesn't say what is booked and what was sent: %s", text)
	}
	for what, sql := range map[string]string{
		"audit rows": `select count(*) from audit_log where entity = 'appointment' and entity_id = $1 and action = 'booked' and staff_id is not null`,
		"messages":   `select count(*) from message where appointment_id = $1 and kind = 'visit_confirmation'`,
		"jobs":       `select count(*) from river_job j join message m on j.args ->> 'message_id' = m.id::text where m.appointment_id = $1`,
	} {
		if n := c.number(t, sql, id); n != 1 {
			t.Errorf("%d %s, want one", n, what)
		}
	}
}

func TestSameFormSentTwiceBooksOnce(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	pet := c.pets(t, 1)[0]
	page := s.get(t, bookingPath(pet))
	form := values(page.Find("#booking-form"), page.Find("button.slot").First())

	var wait sync.WaitGroup
	places := make([]string, 4)
	for i := range places {
		wait.Go(func() { places[i] = s.post(t, "/appointments", form).Header.Get("Location") })
	}
	wait.Wait()

	for _, place := range places {
		if place == "" || place != places[0] {
			t.Errorf("the sendings lead to %q", places)
		}
	}
	id := strings.TrimPrefix(places[0], "/appointments/")
	visits := c.number(t, `select count(*) from appointment where patient_id = $1 and starts_at > now() - interval '1 day'`, pet)
	messages := c.number(t, `select count(*) from message where appointment_id = $1::bigint`, id)
	if visits != 1 || messages != 1 {
		t.Errorf("%d visits and %d messages, want one each", visits, messages)
	}
}

func TestTwentyFourReceptionistsGetOneSlot(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	pets := c.pets(t, 24)
	page := s.get(t, bookingPath(pets[0]))
	form := values(page.Find("#booking-form"), page.Find("button.slot").Last())

	var wait sync.WaitGroup
	statuses := make([]int, len(pets))
	for i, pet := range pets {
		mine := url.Values{"patient": {strconv.FormatInt(pet, 10)}, "type": form["type"], "slot": form["slot"]}
		wait.Go(func() { statuses[i] = s.post(t, "/appointments", mine).StatusCode })
	}
	wait.Wait()

	count := map[int]int{}
	for _, status := range statuses {
		count[status]++
	}
	if count[http.StatusSeeOther] != 1 || count[http.StatusConflict] != 23 {
		t.Errorf("24 bookings of one slot were answered %v, want one 303 and 23 409", count)
	}
}

func TestTakenTimeAnswersTheSameFormWithItsNameAndTheNextFree(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	pets := c.pets(t, 2)
	page := s.get(t, bookingPath(pets[0]))
	form := values(page.Find("#booking-form"), page.Find("button.slot").Last())
	s.post(t, "/appointments", form)

	form.Set("patient", strconv.FormatInt(pets[1], 10))
	form.Set("reason", "Limps since Sunday")
	response := s.post(t, "/appointments", form)
	refused := parse(t, response)
	said := refused.Find(".callout").Text()
	name := petName(t, c, pets[0])
	if response.StatusCode != http.StatusConflict || !strings.Contains(said, "already booked") || !strings.Contains(said, name) || !strings.Contains(said, "Next free") {
		t.Errorf("%s: %q", response.Status, said)
	}
	if reason := refused.Find("textarea[name=reason]").Text(); !strings.Contains(reason, "Limps since Sunday") {
		t.Errorf("the reason is %q now", reason)
	}
	if refused.Find("button.slot").Length() == 0 {
		t.Error("no other time is offered")
	}

	// The same time again, on purpose.
	over := values(refused.Find("#booking-form"), refused.Find("#none"))
	over.Set("overbook", "true")
	if response := s.post(t, "/appointments", over); response.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(parse(t, response).Text(), "Say why") {
		t.Errorf("overbooked without a reason: %s", response.Status)
	}
	over.Set("overbook_reason", "Can't wait")
	if response := s.post(t, "/appointments", over); response.StatusCode != http.StatusSeeOther {
		t.Errorf("overbooked with a reason: %s", response.Status)
	}
}

func petName(t *testing.T, c *clinic, id int64) (name string) {
	t.Helper()
	if err := c.pool.QueryRow(t.Context(), `select name from patient where id = $1`, id).Scan(&name); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestDeadPetHasNoBookingForm(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	pet := c.pets(t, 1)[0]
	page := s.get(t, bookingPath(pet))
	form := values(page.Find("#booking-form"), page.Find("button.slot").First())
	c.exec(t, `update patient set status = 'deceased', deceased_on = current_date where id = $1`, pet)

	if page := s.get(t, bookingPath(pet)); page.Find("button.slot").Length() > 0 || !strings.Contains(page.Find("main").Text(), "has died") {
		t.Error("a dead pet is offered times")
	}
	if response := s.post(t, "/appointments", form); response.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(parse(t, response).Find("main").Text(), "has died") {
		t.Errorf("a dead pet was booked: %s", response.Status)
	}
}

func (c *clinic) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := c.pool.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func TestMovedVisitTellsTheClientAndAStaleMoveShowsBoth(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	pet := c.pets(t, 1)[0]
	page := s.get(t, bookingPath(pet))
	place := s.post(t, "/appointments", values(page.Find("#booking-form"), page.Find("button.slot").Last())).Header.Get("Location")

	stale := s.get(t, place+"/edit")
	edit := s.get(t, place+"/edit")
	if response := s.post(t, place, values(edit.Find("#booking-form"), edit.Find("button.slot").First())); response.StatusCode != http.StatusSeeOther {
		t.Fatalf("move: %s", response.Status)
	}
	id := strings.TrimPrefix(place, "/appointments/")
	if n := c.number(t, `select count(*) from message where appointment_id = $1::bigint and kind = 'visit_moved'`, id); n != 1 {
		t.Errorf("%d messages tell the client of the move", n)
	}

	mine := values(stale.Find("#booking-form"), stale.Find("button.slot").Eq(1))
	mine.Set("reason", "Both ears")
	response := s.post(t, place, mine)
	both := parse(t, response)
	text := both.Find("main").Text()
	if response.StatusCode != http.StatusConflict || !strings.Contains(text, "changed this visit meanwhile") || !strings.Contains(both.Find("textarea").Text(), "Both ears") {
		t.Errorf("a stale move: %s, %s", response.Status, text)
	}
	if response := s.post(t, place, values(both.Find("#booking-form"), both.Find("button.slot").First())); response.StatusCode != http.StatusSeeOther {
		t.Errorf("saved over theirs: %s", response.Status)
	}
}

func TestCancelledVisitTellsTheClientAndCanBeRestored(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	pet := c.pets(t, 1)[0]
	page := s.get(t, bookingPath(pet))
	place := s.post(t, "/appointments", values(page.Find("#booking-form"), page.Find("button.slot").Last())).Header.Get("Location")

	ask := s.get(t, place+"/cancellation/new")
	form := values(ask.Find("main form").First(), ask.Find("#none"))
	none := url.Values{"version": form["version"]}
	if response := s.post(t, place+"/cancellation", none); response.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("cancelled without a reason: %s", response.Status)
	}
	if response := s.post(t, place+"/cancellation", form); response.StatusCode != http.StatusSeeOther {
		t.Fatalf("cancel: %s", response.Status)
	}
	if text := s.get(t, place).Find("main").Text(); !strings.Contains(text, "Cancelled") || !strings.Contains(text, "Client can't make it") {
		t.Errorf("the cancelled visit says %s", text)
	}
	if response := s.post(t, place+"/check-in", url.Values{}); response.StatusCode != http.StatusConflict {
		t.Errorf("a cancelled visit was checked in: %s", response.Status)
	}
	if response := s.post(t, place+"/cancellation/delete", url.Values{}); response.StatusCode != http.StatusSeeOther {
		t.Errorf("restore: %s", response.Status)
	}
	id := strings.TrimPrefix(place, "/appointments/")
	if n := c.number(t, `select count(*) from message where appointment_id = $1::bigint`, id); n != 3 {
		t.Errorf("%d messages about a visit booked, cancelled and restored", n)
	}
}

func TestTimesThatTheClocksNeverShowAreRefused(t *testing.T) {
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	for typed, want := range map[string]string{
		"2027-03-14 02:30": "", // the clocks go forward
		"2027-03-14 03:30": "2027-03-14T10:30:00Z",
		"2026-11-01 01:30": "2026-11-01T08:30:00Z", // the clocks go back: the first of the two
		"2026-11-01 09:00": "2026-11-01T17:00:00Z",
		"2026-13-01 09:00": "",
		"2026-11-09 25:00": "",
		"2026-11-09 ":      "",
	} {
		day, clock, _ := strings.Cut(typed, " ")
		at, field, sentence := clinicTime(day, clock, zone)
		if want == "" {
			if sentence == "" || field == "" {
				t.Errorf("%s is taken for %s", typed, at)
			}
			continue
		}
		if got := at.UTC().Format(time.RFC3339); got != want || sentence != "" {
			t.Errorf("%s is %s %s, want %s", typed, got, sentence, want)
		}
	}
}

func TestBookingFromNowhereSearchesThePetFirst(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	pet := c.pets(t, 1)[0]
	vets, err := db.ListVets(t.Context(), c.pool)
	if err != nil {
		t.Fatal(err)
	}
	vet := strconv.FormatInt(vets[0].ID, 10)
	page := s.get(t, "/appointments/new?vet="+vet)
	if page.Find("form.picker input[name=q]").Length() != 1 {
		t.Fatal("there is no search")
	}
	found := s.get(t, "/appointments/new?vet="+vet+"&q="+url.QueryEscape(petName(t, c, pet)))
	link := found.Find(`a.chip[href*="patient=` + strconv.FormatInt(pet, 10) + `"]`)
	if link.Length() != 1 || !strings.Contains(link.AttrOr("href", ""), "vet="+vet) {
		t.Errorf("the pet found leads to %q", link.AttrOr("href", ""))
	}
	booking := s.get(t, link.AttrOr("href", ""))
	if chosen := booking.Find("a.chip[aria-current]").Text(); !strings.Contains(chosen, vets[0].Name) {
		t.Errorf("chosen are %s", chosen)
	}
}
