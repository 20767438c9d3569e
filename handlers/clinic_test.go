package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"purplecross/db"
	"purplecross/db/dbtest"
)

func hoursForm(c *clinic, t *testing.T) url.Values {
	t.Helper()
	doc := c.signIn(t, "manager").get(t, "/admin/clinic")
	form := url.Values{}
	for _, name := range []string{"version", "name", "phone", "email"} {
		form.Set(name, doc.Find(`[name="`+name+`"]`).AttrOr("value", ""))
	}
	for day := range 7 {
		for _, end := range []string{"opens_", "closes_"} {
			name := end + itoa(int64(day))
			form.Set(name, doc.Find(`[name="`+name+`"]`).AttrOr("value", ""))
		}
	}
	return form
}

func TestNoTimeIsOfferedOnADayThatAManagerCloses(t *testing.T) {
	c := newClinic(t)
	manager := c.signIn(t, "manager")
	form := hoursForm(c, t)
	next := c.app.Now().AddDate(0, 0, 7) // the same weekday a week on
	day := itoa(int64(next.Weekday()))
	form.Set("opens_"+day, "")
	form.Set("closes_"+day, "")

	saved := manager.post(t, "/admin/clinic", form)

	if saved.StatusCode != http.StatusSeeOther {
		t.Fatalf("saving the hours: %s", saved.Status)
	}
	at := time.Date(next.Year(), next.Month(), next.Day(), 0, 0, 0, 0, c.app.Zone)
	slots, err := db.FreeSlots(t.Context(), c.pool, db.SlotQuery{From: at, Until: at.AddDate(0, 0, 3), Minutes: 20, NeedsVet: true, NeedsRoom: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, slot := range slots {
		if slot.StartsAt.In(c.app.Zone).Weekday() == next.Weekday() {
			t.Fatalf("a time is offered on the closed day: %s", slot.StartsAt.In(c.app.Zone))
		}
	}
	if len(slots) == 0 {
		t.Errorf("no time at all is offered")
	}
	if again := manager.post(t, "/admin/clinic", form); again.StatusCode != http.StatusConflict {
		t.Errorf("saving over a newer version: %s", again.Status)
	}
}

func TestAClinicClosesAfterItOpens(t *testing.T) {
	c := newClinic(t)
	form := hoursForm(c, t)
	form.Set("opens_2", "18:00")
	form.Set("closes_2", "08:00")
	form.Set("name", " ")

	refused := c.signIn(t, "manager").post(t, "/admin/clinic", form)

	if refused.StatusCode != http.StatusUnprocessableEntity {
		t.Fatalf("answered %s", refused.Status)
	}
	if said := parse(t, refused).Find("main").Text(); !strings.Contains(said, "Tuesday: the clinic closes after it opens.") || !strings.Contains(said, "Enter the clinic's name.") {
		t.Errorf("what is wrong is not said")
	}
}

func TestANewDatabaseCanTakeBookingsOnceTheFirstPersonIsIn(t *testing.T) {
	pool := dbtest.New(t)
	for want := range 2 { // the second time changes nothing
		started, err := db.StartClinic(t.Context(), pool, "Harbour Vets", "desk@example.org")
		if err != nil || started != (want == 0) {
			t.Fatalf("started %v, %v", started, err)
		}
	}
	if _, err := db.AddStaff(t.Context(), pool, db.Staff{Email: "ana@example.org", DisplayName: "Dr Ana Reyes", Role: db.RoleVet, Bookable: true, PasswordHash: "x"}); err != nil {
		t.Fatal(err)
	}

	next, err := db.NextFreeSlot(t.Context(), pool, db.SlotQuery{From: time.Now(), Minutes: 20, NeedsVet: true, NeedsRoom: true})

	if err != nil || next == nil {
		t.Errorf("no time is free: %v", err)
	}
}
