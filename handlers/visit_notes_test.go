package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"purplecross/internal/browser"
)

// dogsVisit is a visit of a dog that is in the room, and the dog.
func (c *clinic) dogsVisit(t *testing.T) (path string, dog int64) {
	t.Helper()
	visit := c.comeToday(t)
	c.exec(t, `update patient set species = 'dog', weight_g = 6000, weighed_on = '2020-01-01' where id = (select patient_id from appointment where id = $1)`, visit)
	c.exec(t, `delete from visit_note where appointment_id = $1`, visit)
	return fmt.Sprintf("/appointments/%d/note", visit), c.number(t, `select patient_id from appointment where id = $1`, visit)
}

func TestVetWritesSignsAndAmendsANote(t *testing.T) {
	c := newClinic(t)
	path, dog := c.dogsVisit(t)
	vet, nurse, reception := c.signIn(t, "vet"), c.signIn(t, "nurse"), c.signIn(t, "reception")

	if response := reception.post(t, path, url.Values{"plan": {"Rest"}}); response.StatusCode != http.StatusForbidden {
		t.Errorf("reception writes: %s", response.Status)
	}
	if page := reception.get(t, path); page.Find("form#note-form").Length() != 0 || !strings.Contains(page.Text(), "No note yet") {
		t.Error("reception is not told that there is no note")
	}
	draft := url.Values{"version": {"0"}, "weight": {"6,4"}, "temperature": {"38.6"}, "body_condition": {"5"}, "assessment": {"Otitis externa"}}
	if response := nurse.post(t, path, draft); response.StatusCode != http.StatusSeeOther {
		t.Fatalf("a nurse's draft: %s", response.Status)
	}
	page := vet.get(t, path)
	if got := page.Find("#f-weight").AttrOr("value", ""); got != "6.4" {
		t.Errorf("the vet finds a weight of %q", got)
	}
	version := page.Find("input[name=version]").AttrOr("value", "")
	wrong := url.Values{"version": {version}, "temperature": {"386"}, "assessment": {"Otitis externa"}}
	if response := vet.post(t, path, wrong); response.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a fever of 386 degrees: %s", response.Status)
	} else if said := parse(t, response).Find("#f-temperature-error").Text(); !strings.Contains(said, "between 25 and 45") {
		t.Errorf("a fever of 386 degrees: %q", said)
	}

	draft.Set("version", version)
	draft.Set("plan", "Drops for ten days")
	if response := nurse.post(t, path+"/signature", draft); response.StatusCode != http.StatusForbidden {
		t.Errorf("a nurse signs: %s", response.Status)
	}
	if response := vet.post(t, path+"/signature", draft); response.StatusCode != http.StatusSeeOther {
		t.Fatalf("the vet signs: %s", response.Status)
	}
	if page := vet.get(t, path); page.Find("form#note-form").Length() != 0 || !strings.Contains(page.Find("#note").Text(), "Drops for ten days") {
		t.Error("a signed note is not there to be read only")
	}
	if grams := c.number(t, `select weight_g from patient where id = $1`, dog); grams != 6400 {
		t.Errorf("the patient weighs %d g", grams)
	}
	draft.Set("version", "3")
	if response := vet.post(t, path, draft); response.StatusCode != http.StatusConflict {
		t.Errorf("changing a signed note: %s", response.Status)
	}
	vet.post(t, path+"/amendments", url.Values{"amendment": {"It was the left ear only."}})
	if said := reception.get(t, path).Find("#main").Text(); !strings.Contains(said, "It was the left ear only.") {
		t.Error("the amendment is not below the note")
	}
	if n := c.number(t, `
		select count(*)
		  from audit_log l
		  join visit_note n on n.id = l.entity_id
		 where l.entity = 'visit_note' and n.patient_id = $1 and l.staff_id is not null and l.diff is not null and l.action in ('created', 'signed', 'amended')
		   and n.seen_at >= $2`, dog, c.app.Now().Add(-time.Hour)); n != 3 {
		t.Errorf("%d lines in the log", n)
	}
	if link := vet.get(t, fmt.Sprintf("/patients/%d", dog)).Find(`.timeline a[href="` + path + `"]`).Length(); link != 2 {
		t.Errorf("%d links lead to the note and its amendment from what happened", link)
	}
}

func TestTwoWritersOfOneNoteLoseNothing(t *testing.T) {
	c := newClinic(t)
	path, _ := c.dogsVisit(t)
	vet, nurse := c.signIn(t, "vet"), c.signIn(t, "nurse")
	if response := nurse.post(t, path, url.Values{"version": {"0"}, "plan": {"Recheck in a week"}}); response.StatusCode != http.StatusSeeOther {
		t.Fatalf("the first: %s", response.Status)
	}

	mine := url.Values{"version": {"0"}, "plan": {"Recheck in two weeks"}}
	response := vet.post(t, path, mine)
	if response.StatusCode != http.StatusConflict {
		t.Fatalf("the second: %s", response.Status)
	}
	page := parse(t, response)
	if theirs := page.Find(".versus-theirs").Text(); !strings.Contains(theirs, "Recheck in a week") {
		t.Errorf("theirs is shown as %q", theirs)
	}
	if typed := page.Find("textarea[name=plan]").Text(); typed != "Recheck in two weeks" {
		t.Errorf("mine is shown as %q", typed)
	}
	mine.Set("version", page.Find("input[name=version]").AttrOr("value", ""))
	mine.Set("take", "mine")
	if response := vet.post(t, path, mine); response.StatusCode != http.StatusSeeOther {
		t.Errorf("saving mine over theirs: %s", response.Status)
	}
	if n := c.number(t, `select count(*) from visit_note where plan = 'Recheck in two weeks'`); n != 1 {
		t.Errorf("%d notes hold mine", n)
	}
}

func TestAVaccinationGivenMeetsItsReminderAndOpensTheNext(t *testing.T) {
	c := newClinic(t)
	path, dog := c.dogsVisit(t)
	c.exec(t, `delete from reminder where patient_id = $1`, dog)
	protocol := c.number(t, `select min(id) from care_protocol where 'dog' = any(species) and every_days = 365`)
	c.exec(t, `insert into reminder (patient_id, protocol_id, due_on) values ($1, $2, current_date - 10)`, dog, protocol)
	nurse := c.signIn(t, "nurse")
	reminders := func() string {
		var said string
		if err := c.pool.QueryRow(t.Context(), `select string_agg(status::text, ', ' order by id) from reminder where patient_id = $1`, dog).Scan(&said); err != nil {
			t.Fatal(err)
		}
		return said
	}

	given := c.app.Now().In(c.app.Zone).Format(time.DateOnly)
	response := nurse.post(t, path+"/treatments", url.Values{"protocol": {fmt.Sprint(protocol)}, "lot": {"A118"}, "given_on": {given}})
	if response.StatusCode != http.StatusSeeOther {
		t.Fatalf("giving it: %s", response.Status)
	}
	if got := reminders(); got != "satisfied, open" {
		t.Errorf("after giving it the reminders are %s", got)
	}
	if days := c.number(t, `select due_on - $2::date from reminder where patient_id = $1 and status = 'open'`, dog, given); days != 365 {
		t.Errorf("the next is due in %d days", days)
	}
	page := nurse.get(t, path)
	if said := page.Find("#given").Text(); !strings.Contains(said, "Lot A118") {
		t.Errorf("given at this visit: %q", said)
	}

	back, _ := page.Find("#given form").Attr("action")
	if response := nurse.post(t, back, nil); response.StatusCode != http.StatusSeeOther {
		t.Fatalf("taking it back: %s", response.Status)
	}
	if got := reminders(); got != "open, cancelled" {
		t.Errorf("after taking it back the reminders are %s", got)
	}
	if response := nurse.post(t, path+"/treatments", url.Values{"kind": {"medication"}, "given_on": {given}}); response.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("giving nothing: %s", response.Status)
	}
	c.exec(t, `update patient set status = 'deceased' where id = $1`, dog)
	if response := nurse.post(t, path+"/treatments", url.Values{"kind": {"medication"}, "product": {"Drops"}, "given_on": {given}}); response.StatusCode != http.StatusConflict {
		t.Errorf("giving something to a deceased patient: %s", response.Status)
	}
}

func TestANoteSavesItselfWhileOneWrites(t *testing.T) {
	c := newClinic(t)
	path, _ := c.dogsVisit(t)
	p := signedInTab(t, c, "vet", browser.Options{})
	p.Open(c.url + path)
	p.Type("#f-assessment", "Otitis externa")
	p.WaitFor(`!!document.querySelector("#note-saved time")`)
	p.Type("#f-body_condition", "12")
	p.WaitFor(`document.querySelector("#note-saved").innerText.includes("Enter a score from 1 to 9")`)
	p.Open(c.url + path)
	if got := browser.Eval[string](p, `document.querySelector("#f-assessment").value + "|" + document.querySelector("#f-body_condition").value`); got != "Otitis externa|" {
		t.Errorf("saved is %q", got)
	}
	if violations := p.Axe(); len(violations) > 0 {
		t.Error(strings.Join(violations, "\n"))
	}
	p.ClickNamed("button", "Sign note")
	p.WaitFor(`!document.querySelector("#note-form") && document.querySelector("#note")?.innerText.includes("Signed by")`)
	for _, trouble := range p.Trouble() {
		if !strings.Contains(trouble, "422") { // the score of 12
			t.Error(trouble)
		}
	}
}
