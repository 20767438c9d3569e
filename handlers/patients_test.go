package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"purplecross/db"
)

func TestThePatientPageSaysWhatIsDueAndWhy(t *testing.T) {
	c := newClinic(t)
	_, pet := c.addHousehold(t, db.Client{FirstName: "Courtney", LastName: "Xanthopoulos"}, "Coco")
	for _, sql := range []string{
		`insert into care_protocol (name, species, every_days) values ('Kennel cough test', '{dog}', 365)`,
		`insert into treatment (patient_id, protocol_id, kind, product, given_on) select $1, id, 'vaccination', 'Nobivac KC', '2025-01-05' from care_protocol where name = 'Kennel cough test'`,
		`insert into reminder (patient_id, protocol_id, source_treatment_id, due_on) select patient_id, protocol_id, id, '2026-01-05' from treatment where product = 'Nobivac KC' and patient_id = $1`,
		`insert into visit_note (patient_id, vet_id, assessment) select $1, min(id), 'Sprained left fore' from staff where role = 'vet'`,
	} {
		args := []any{pet.ID}[:strings.Count(sql, "$1")]
		if _, err := c.pool.Exec(t.Context(), sql, args...); err != nil {
			t.Fatal(err)
		}
	}

	doc := c.signIn(t, "reception").get(t, fmt.Sprintf("/patients/%d", pet.ID))
	for selector, want := range map[string]string{
		".patient-banner h1": "Coco", ".patient-owner a": "Courtney Xanthopoulos", "#care": "Nobivac KC was given on 5 Jan 2025; the rule is every year.",
		"#timeline .event[data-kind=note]": "Sprained left fore", "#timeline .event[data-kind=treatment]": "Nobivac KC", "#care .badge": "Overdue",
	} {
		if got := strings.Join(strings.Fields(doc.Find(selector).Text()), " "); !strings.Contains(got, want) {
			t.Errorf("%s says %q, not %q", selector, got, want)
		}
	}
	admin := c.signIn(t, "admin").get(t, fmt.Sprintf("/patients/%d", pet.ID))
	if strings.Contains(admin.Text(), "Sprained") || admin.Find(".event[data-kind=treatment]").Length() != 0 {
		t.Error("notes are shown to somebody who may not read them")
	}
}

func TestATimelineGoesOnWhereThePageEnds(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	_, pet := c.addHousehold(t, db.Client{LastName: "Xanthopoulos"}, "Coco")
	if _, err := c.pool.Exec(t.Context(), `insert into treatment (patient_id, kind, product, given_on) select $1, 'other', 'Dose ' || n, '2026-01-05' from generate_series(1, 30) n`, pet.ID); err != nil {
		t.Fatal(err)
	}

	doc := s.get(t, fmt.Sprintf("/patients/%d", pet.ID))
	next, _ := doc.Find("#timeline-more a").Attr("href")
	if doc.Find(".event").Length() != 25 || next == "" {
		t.Fatalf("%d events, next %q", doc.Find(".event").Length(), next)
	}
	page := s.get(t, next)
	part := parse(t, s.do(t, http.MethodGet, next, nil, "HX-Request", "true", "HX-Request-Type", "partial", "HX-Target", "li#timeline-more"))
	if page.Find(".event").Length() != 5 || page.Find("h1").Length() != 1 || part.Find(".event").Length() != 5 || part.Find("h1").Length() != 0 {
		t.Errorf("the rest has %d events as a page, %d as a part", page.Find(".event").Length(), part.Find(".event").Length())
	}
	if status := s.status(t, http.MethodGet, fmt.Sprintf("/patients/%d?before=nonsense", pet.ID)); status != http.StatusBadRequest {
		t.Errorf("a nonsense place: %d", status)
	}
}

func TestAWeightIsReadAsPeopleWriteIt(t *testing.T) {
	today := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	for typed, grams := range map[string]int{"6.5": 6500, "6,5": 6500, "6.5 kg": 6500, "850 g": 850, "0.038": 38, "31": 31000, "": 0, "heavy": -1, "-3": -1, "0": 0, "2000": 2_000_000} {
		patient, wrong := patientFrom(map[string]string{"name": "Coco", "species": "dog", "weight": typed}, db.Patient{}, today)
		switch {
		case grams == -1 || typed == "0" || grams > 1_500_000:
			if wrong["weight"] == "" {
				t.Errorf("%q is taken for a weight", typed)
			}
		case typed == "":
			if patient.WeightG != nil || len(wrong) != 0 {
				t.Errorf("no weight is %v, %v", patient.WeightG, wrong)
			}
		case patient.WeightG == nil || *patient.WeightG != grams || !patient.WeighedOn.Equal(today):
			t.Errorf("%q is %v of %v (%v)", typed, patient.WeightG, patient.WeighedOn, wrong)
		}
	}
}

func TestAnAgeIsReadAsPeopleSayIt(t *testing.T) {
	today := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	for typed, want := range map[string]string{"3": "2023-11-24", "3 years": "2023-11-24", "about 3 y": "2023-11-24", "8 months old": "2026-03-24", "8m": "2026-03-24", "10 weeks": "2026-09-15", "5 days": "2026-11-19", "ancient": ""} {
		patient, wrong := patientFrom(map[string]string{"name": "Coco", "species": "dog", "age": typed}, db.Patient{}, today)
		if got := ""; patient.DOB != nil {
			got = patient.DOB.Format(time.DateOnly)
			if got != want || !patient.DOBEstimated {
				t.Errorf("%q was born %s, want %s", typed, got, want)
			}
		} else if want != "" || wrong["age"] == "" {
			t.Errorf("%q: %v", typed, wrong)
		}
	}
}

func TestAMicrochipOnFileNamesItsWearer(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "nurse")
	chip := "977200009123456"
	_, first := c.addHousehold(t, db.Client{LastName: "Xanthopoulos"}, "Coco")
	first.Microchip = &chip
	if _, err := db.SavePatient(t.Context(), c.pool, first); err != nil {
		t.Fatal(err)
	}
	client, _ := c.addHousehold(t, db.Client{LastName: "Begay"}, "Bo")

	response := s.post(t, "/patients", url.Values{"client": {fmt.Sprint(client.ID)}, "name": {"Coco too"}, "species": {"cat"}, "microchip": {"977 200 009 123 456"}})
	doc := parse(t, response)
	if response.StatusCode != http.StatusUnprocessableEntity || doc.Find("#f-microchip-error").Length() != 1 || doc.Find(fmt.Sprintf(`.callout a[href="/patients/%d"]`, first.ID)).Text() != "Coco" {
		t.Errorf("answered %s: %s", response.Status, doc.Find("main").Text())
	}
}

func TestAStalePatientSaveLosesNothing(t *testing.T) {
	c := newClinic(t)
	vet, nurse := c.signIn(t, "vet"), c.signIn(t, "nurse")
	_, pet := c.addHousehold(t, db.Client{LastName: "Xanthopoulos"}, "Coco")
	path := fmt.Sprintf("/patients/%d", pet.ID)
	mine, theirs := filled(t, vet.get(t, path+"/edit"), "#patient-form"), filled(t, nurse.get(t, path+"/edit"), "#patient-form")

	theirs.Set("weight", "6.5")
	nurse.post(t, path, theirs)
	mine.Set("weight", "7")
	mine.Set("alert", "Bites")
	response := vet.post(t, path, mine)
	doc := parse(t, response)
	if response.StatusCode != http.StatusConflict || !strings.Contains(doc.Find(".versus").Text(), "6.5 kg") || doc.Find("#f-weight").AttrOr("value", "") != "7" {
		t.Fatalf("answered %s: %s", response.Status, doc.Find(".versus").Text())
	}
	again := filled(t, doc, "#patient-form")
	again.Set("take", "mine")
	if response := vet.post(t, path, again); response.StatusCode != http.StatusSeeOther {
		t.Fatalf("mine over theirs: %s", response.Status)
	}
	saved, err := db.GetPatient(t.Context(), c.pool, pet.ID)
	if err != nil || *saved.WeightG != 7000 || saved.Alert != "Bites" {
		t.Errorf("saved %+v (%v)", saved, err)
	}
}

func TestMarkingAPatientDeceasedShowsWhatStopsFirst(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	client, pet := c.addHousehold(t, db.Client{LastName: "Xanthopoulos"}, "Coco")
	if _, err := c.pool.Exec(t.Context(), `
		insert into appointment (client_id, patient_id, type_id, starts_at, ends_at)
		select $1, $2, min(id), now() + interval '400 days', now() + interval '400 days 20 minutes' from appointment_type`, client.ID, pet.ID); err != nil {
		t.Fatal(err)
	}
	path := fmt.Sprintf("/patients/%d", pet.ID)

	edit := filled(t, s.get(t, path+"/edit"), "#patient-form")
	edit.Set("status", "deceased")
	edit.Set("deceased_on", "2026-01-05")
	edit.Set("colour", "Brindle")
	response := s.post(t, path, edit)
	next := response.Header.Get("Location")
	if response.StatusCode != http.StatusSeeOther || next != path+"/death/new?on=2026-01-05" {
		t.Fatalf("the edit form leads to %s %s", response.Status, next)
	}
	ask := s.get(t, next)
	if !strings.Contains(ask.Find("#stops").Text(), "is cancelled") {
		t.Errorf("what stops: %s", ask.Find("#stops").Text())
	}
	if response := s.post(t, path+"/death", filled(t, ask, `form[action="`+path+`/death"]`)); response.StatusCode != http.StatusSeeOther {
		t.Fatalf("marking: %s", response.Status)
	}

	doc := s.get(t, path)
	if doc.Find(".patient-banner").AttrOr("data-status", "") != "deceased" || doc.Find(`a[href*="/appointments/new"][href*="patient"]`).Length() != 0 {
		t.Error("the page still offers a visit")
	}
	if !strings.Contains(doc.Find("#facts").Text(), "Brindle") || !strings.Contains(doc.Find("#timeline").Text(), "The patient has died.") {
		t.Errorf("the page says %s", doc.Find("#timeline").Text())
	}
	back := filled(t, s.get(t, path+"/edit"), "#patient-form")
	back.Set("status", "active")
	back.Set("deceased_on", "")
	if response := s.post(t, path, back); response.StatusCode != http.StatusSeeOther {
		t.Errorf("taking a mistake back: %s", response.Status)
	}
}
