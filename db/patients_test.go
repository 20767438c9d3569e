package db_test

import (
	"errors"
	"testing"
	"time"

	"purplecross/db"
	"purplecross/db/dbtest"
)

func day(year int, month time.Month, date int) *time.Time {
	day := time.Date(year, month, date, 0, 0, 0, 0, time.UTC)
	return &day
}

func TestAMicrochipBelongsToOnePatient(t *testing.T) {
	tx := dbtest.Tx(t)
	_, pets := household(t, tx, db.Client{LastName: "Reilly"}, db.Patient{Name: "Coco", Microchip: chip("977-200 009 123abc")}, db.Patient{Name: "Bo"})
	if got := *pets[0].Microchip; got != "977200009123ABC" {
		t.Errorf("the chip is saved as %q", got)
	}

	pets[1].Microchip = chip("977200009123ABC")
	_, err := db.SavePatient(t.Context(), tx, pets[1])
	var wrong db.Invalid
	if !errors.As(err, &wrong) || wrong["microchip"] == "" {
		t.Errorf("the second wearer answered %v", err)
	}
	twin, err := db.PatientByMicrochip(t.Context(), tx, "977 200 009 123 ABC")
	if err != nil || twin.ID != pets[0].ID {
		t.Errorf("the wearer is %+v (%v)", twin, err)
	}
}

func TestAHouseholdAndItsFirstPetAreAddedTogetherOrNotAtAll(t *testing.T) {
	tx := dbtest.Tx(t)
	household(t, tx, db.Client{LastName: "Begay"}, db.Patient{Name: "Bo", Microchip: chip("977200009123456")})

	_, _, err := db.AddHousehold(t.Context(), tx, db.Client{LastName: "Reilly"}, &db.Patient{Name: "Coco", Species: "dog", Microchip: chip("977200009123456")})
	var wrong db.Invalid
	if !errors.As(err, &wrong) || wrong["pet_microchip"] == "" {
		t.Fatalf("the second wearer answered %v", err)
	}
	if got := names(found(t, tx, "reilly")); got != "" {
		t.Errorf("half a household was saved: %q", got)
	}
	client, pet, err := db.AddHousehold(t.Context(), tx, db.Client{LastName: "Reilly"}, &db.Patient{Name: "Coco", Species: "dog"})
	if err != nil || pet.ClientID != client.ID {
		t.Errorf("added %+v with %+v (%v)", client, pet, err)
	}
}

func TestADeathStopsVisitsRemindersAndMessages(t *testing.T) {
	tx := dbtest.Tx(t)
	ctx := t.Context()
	client, pets := household(t, tx, db.Client{LastName: "Reilly"}, db.Patient{Name: "Coco", DOB: day(2015, 3, 1)}, db.Patient{Name: "Bo"})
	coco, bo := pets[0], pets[1]
	exec := func(sql string, args ...any) {
		t.Helper()
		if _, err := tx.Exec(ctx, sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec(`insert into appointment_type (name, minutes) values ('Limp', 20)`)
	for i, pet := range []int64{coco.ID, coco.ID, bo.ID} {
		exec(`insert into appointment (client_id, patient_id, type_id, starts_at, ends_at, status)
			select $1, $2, max(id), now() + ($3 - 1) * interval '1 day', now() + ($3 - 1) * interval '1 day' + interval '20 min', 'booked' from appointment_type`, client.ID, pet, 2*i)
	}
	exec(`insert into care_protocol (name, species, every_days) values ('Rabies', '{dog}', 365)`)
	exec(`insert into reminder (patient_id, protocol_id, due_on) select p, (select max(id) from care_protocol), current_date from unnest($1::bigint[]) p`, []int64{coco.ID, bo.ID})
	exec(`insert into message (client_id, patient_id, channel, to_addr) select $1, p, 'email', 'x@example.com' from unnest($2::bigint[]) p`, client.ID, []int64{coco.ID, bo.ID})

	stops, err := db.StoppedByDeath(ctx, tx, coco.ID)
	if err != nil || len(stops.Visits) != 1 || len(stops.Reminders) != 1 || stops.Messages != 1 {
		t.Fatalf("would stop %d visits, %d reminders, %d messages (%v)", len(stops.Visits), len(stops.Reminders), stops.Messages, err)
	}
	if _, _, err := db.RecordDeath(ctx, tx, coco.ID, coco.Version+1, nil); !errors.Is(err, db.ErrStale) {
		t.Errorf("a stale death answered %v", err)
	}
	if _, _, err := db.RecordDeath(ctx, tx, coco.ID, coco.Version, day(2014, 1, 1)); err == nil {
		t.Error("it died before it was born")
	}
	patient, _, err := db.RecordDeath(ctx, tx, coco.ID, coco.Version, day(2026, 1, 5))
	if err != nil || patient.Status != db.PatientDeceased || !patient.DeceasedOn.Equal(*day(2026, 1, 5)) {
		t.Fatalf("recorded %+v (%v)", patient, err)
	}

	for of, want := range map[int64]string{coco.ID: "visits 0, reminders 0, messages 0", bo.ID: "visits 1, reminders 1, messages 1"} {
		var left string
		err := tx.QueryRow(ctx, `
			select format('visits %s, reminders %s, messages %s',
			  (select count(*) from appointment where patient_id = $1 and status = 'booked' and starts_at > now()),
			  (select count(*) from reminder where patient_id = $1 and status = 'open'),
			  (select count(*) from message where patient_id = $1 and status = 'queued'))`, of).Scan(&left)
		if err != nil || left != want {
			t.Errorf("patient %d: %s, want %s (%v)", of, left, want, err)
		}
	}

	patient.Status, patient.DeceasedOn = db.PatientActive, nil
	if patient, err = db.SavePatient(ctx, tx, patient); err != nil || patient.Status != db.PatientActive {
		t.Errorf("a mistake is not taken back: %+v (%v)", patient, err)
	}
	patient.Status = db.PatientDeceased
	var wrong db.Invalid
	if _, err = db.SavePatient(ctx, tx, patient); !errors.As(err, &wrong) {
		t.Errorf("a death was saved without stopping anything: %v", err)
	}
}

func TestATimelineIsReadInPagesWithoutGapsOrDoubles(t *testing.T) {
	tx := dbtest.Tx(t)
	ctx := t.Context()
	client, pets := household(t, tx, db.Client{LastName: "Reilly"}, db.Patient{Name: "Coco"})
	for range 7 { // all at one moment, and all treatments on one day
		_, err := tx.Exec(ctx, `insert into treatment (patient_id, kind, product, given_on) values ($1, 'vaccination', 'Nobivac', '2026-01-05')`, pets[0].ID)
		if err == nil {
			_, err = tx.Exec(ctx, `insert into message (client_id, patient_id, channel, to_addr) values ($1, $2, 'email', 'x@example.com')`, client.ID, pets[0].ID)
		}
		if err != nil {
			t.Fatal(err)
		}
	}

	seen := map[db.EventMark]bool{}
	var mark *db.EventMark
	for page := range 10 {
		events, older, err := db.Timeline(ctx, tx, pets[0].ID, mark, true, 4)
		if err != nil {
			t.Fatal(err)
		}
		for _, event := range events {
			if seen[event.Mark()] {
				t.Fatalf("%+v comes twice", event)
			}
			seen[event.Mark()] = true
			last := event.Mark()
			mark = &last
		}
		if !older {
			if page != 3 {
				t.Errorf("ended after page %d", page)
			}
			break
		}
	}
	if len(seen) != 14 {
		t.Errorf("%d events were read, want 14", len(seen))
	}

	events, _, err := db.Timeline(ctx, tx, pets[0].ID, nil, false, 25)
	if err != nil || len(events) != 7 || events[0].Kind != db.EventMessage {
		t.Errorf("who may not read treatments got %d events (%v)", len(events), err)
	}
}
