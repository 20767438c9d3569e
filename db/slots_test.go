package db_test

import (
	"testing"
	"time"

	"purplecross/db"
	"purplecross/db/dbtest"
)

// free are the free slots of a consultation on a day.
func (d *desk) free(day time.Time, change func(*db.SlotQuery)) []db.Slot {
	d.t.Helper()
	ask := db.SlotQuery{From: day, Until: day.AddDate(0, 0, 1), Minutes: 20, NeedsVet: true, NeedsRoom: true, PatientID: d.coco}
	if change != nil {
		change(&ask)
	}
	slots, err := db.FreeSlots(d.t.Context(), d.conn, ask)
	if err != nil {
		d.t.Fatal(err)
	}
	return slots
}

func TestSlotsKeepToOpeningHoursLunchAndWhatIsBooked(t *testing.T) {
	d := newDesk(t, dbtest.Tx(t))
	d.exec(`insert into appointment (kind, vet_id, starts_at, ends_at, reason)
		select 'block', id, $1, $2, 'Lunch' from staff where bookable`, d.at(d.monday, "12:00"), d.at(d.monday, "13:00"))
	d.book(d.visit("09:00"))
	rex := d.visit("09:00")
	rex.PatientID, rex.VetID, rex.RoomID = d.rex, d.okafor, d.room2
	d.book(rex)

	seen := map[string]bool{}
	for _, slot := range d.free(d.monday, nil) {
		seen[slot.StartsAt.In(d.zone).Format("15:04")] = true
	}
	for clock, want := range map[string]bool{
		"07:50": false, "08:00": true, "08:40": true, "08:50": false, "09:10": false, "09:20": true,
		"11:40": true, "11:50": false, "12:30": false, "13:00": true, "17:40": true, "17:50": false,
	} {
		if seen[clock] != want {
			t.Errorf("%s offered: %v, want %v", clock, seen[clock], want)
		}
	}
	if later := d.free(d.monday, func(ask *db.SlotQuery) { ask.From = d.at(d.monday, "14:05") }); later[0].StartsAt != d.at(d.monday, "14:10").In(later[0].StartsAt.Location()) {
		t.Errorf("first after 14:05 is %s", later[0].StartsAt.In(d.zone))
	}
}

func TestSlotsNeedARoomAndThePetItself(t *testing.T) {
	d := newDesk(t, dbtest.Tx(t))
	d.book(d.visit("09:00"))
	if offered(d.free(d.monday, func(ask *db.SlotQuery) { ask.VetID, ask.RoomID, ask.PatientID = d.okafor, d.room1, d.rex }), d.at(d.monday, "09:00")) {
		t.Error("room 1 was offered while Coco is in it")
	}
	if offered(d.free(d.monday, func(ask *db.SlotQuery) { ask.VetID = d.okafor }), d.at(d.monday, "09:00")) {
		t.Error("Coco was offered a time at which Coco has a visit")
	}
	if !offered(d.free(d.monday, func(ask *db.SlotQuery) { ask.VetID, ask.PatientID = d.okafor, d.rex }), d.at(d.monday, "09:00")) {
		t.Error("Rex was not offered Dr Okafor, who is free")
	}
	nails := d.free(d.monday, func(ask *db.SlotQuery) { ask.NeedsVet, ask.NeedsRoom, ask.PatientID = false, false, d.rex })
	if len(nails) == 0 || nails[0].VetID != nil || nails[0].RoomID != nil {
		t.Errorf("a nail clip needs %+v", nails[0])
	}
}

func TestSlotsFollowTheClocksOfTheClinic(t *testing.T) {
	d := newDesk(t, dbtest.Tx(t))
	d.exec(`update opening_hours set opens = '00:00', closes = '23:50' where weekday = 0`)
	hours := func(day time.Time) (count, atHalfPastOne, atHalfPastTwo int) {
		slots := d.free(day, nil)
		for _, slot := range slots {
			switch slot.StartsAt.In(d.zone).Format("15:04") {
			case "01:30":
				atHalfPastOne++
			case "02:30":
				atHalfPastTwo++
			}
		}
		return len(slots), atHalfPastOne, atHalfPastTwo
	}
	usual, _, _ := hours(d.monday.AddDate(0, 0, 6)) // an ordinary Sunday
	if count, one, _ := hours(d.fall); count != usual+6 || one != 2 {
		t.Errorf("the day of 25 hours has %d slots, %d at 1:30; an ordinary one has %d", count, one, usual)
	}
	if count, _, two := hours(d.ahead); count != usual-6 || two != 0 {
		t.Errorf("the day of 23 hours has %d slots, %d at 2:30; an ordinary one has %d", count, two, usual)
	}

	d.exec(`update opening_hours set opens = '08:00', closes = '18:00' where weekday = 0`)
	for _, day := range []time.Time{d.fall, d.ahead} {
		slots := d.free(day, nil)
		if first := slots[0].StartsAt.In(d.zone).Format("15:04"); first != "08:00" {
			t.Errorf("on %s the first slot is at %s", day.Format(time.DateOnly), first)
		}
	}
}

func TestOfferedSlotsSpreadOverHalfDays(t *testing.T) {
	d := newDesk(t, dbtest.Tx(t))
	ask := db.SlotQuery{From: d.at(d.monday, "10:25"), Minutes: 20, NeedsVet: true, NeedsRoom: true, PatientID: d.coco}
	slots, err := db.OfferSlots(t.Context(), d.conn, ask, 8, d.zone)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, slot := range slots {
		got = append(got, slot.StartsAt.In(d.zone).Format("Mon 15:04"))
	}
	want := []string{"Mon 10:30", "Mon 10:50", "Mon 11:10", "Mon 12:00", "Mon 12:20", "Tue 08:00", "Tue 12:00", "Wed 08:00"}
	if len(got) != len(want) {
		t.Fatalf("offered %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("offered %v, want %v", got, want)
		}
	}
}

func TestOfferedVetIsThePetsUsualOne(t *testing.T) {
	d := newDesk(t, dbtest.Tx(t))
	d.exec(`insert into appointment (client_id, patient_id, type_id, vet_id, starts_at, ends_at, status) values ($1, $2, $3, $4, $5::timestamptz, $5::timestamptz + interval '20 minutes', 'completed')`,
		d.household, d.coco, d.consult, d.okafor, d.monday.AddDate(0, 0, -30))
	if slot := d.free(d.monday, nil)[0]; slot.VetName != "Dr Okafor" {
		t.Errorf("offered %s", slot.VetName)
	}
	booking := d.visit("09:00")
	booking.VetID = 0
	if visit := d.get(d.book(booking)); visit.VetName != "Dr Okafor" {
		t.Errorf("booked with %s", visit.VetName)
	}
}

func offered(slots []db.Slot, at time.Time) bool {
	for _, slot := range slots {
		if slot.StartsAt.Equal(at) {
			return true
		}
	}
	return false
}
