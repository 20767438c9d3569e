package imports

import (
	"strings"
	"testing"

	"purplecross/db"
	"purplecross/db/dbtest"
)

func TestUndoBringsBackWhatWasChangedAndLeavesWhatAColleagueChangedSince(t *testing.T) {
	pool := dbtest.New(t)
	bringText(t, pool, oneClient+courtney+"2,Otto,Rath,,,,\n")
	bringText(t, pool, onePet+cocoOfHers+"2,2,Max,dog,,active,,\n")
	content := func(sql string) (text string) {
		t.Helper()
		if err := pool.QueryRow(t.Context(), sql).Scan(&text); err != nil {
			t.Fatal(err)
		}
		return text
	}
	const all = `
		select string_agg(l, E'\n' order by l)
		from (select ((to_jsonb(c) - 'version'))::text l from client c union all select (to_jsonb(p) - 'version')::text from patient p) x`
	before := content(all)

	s := bringText(t, pool, onePet+strings.Replace(cocoOfHers, "Coco", "Cocoa", 1)+"2,2,Maximilian,dog,,active,,\n3,2,Bo,cat,,active,,\n4,1,Ida,cat,,active,,\n")
	if s.Added != 2 || s.Updated != 2 {
		t.Fatalf("%+v", s)
	}
	if kept, err := Undo(t.Context(), pool, s.BatchID, nil); err != nil || kept != 0 {
		t.Fatalf("%d kept, %v", kept, err)
	}
	if after := content(all); after != before {
		t.Errorf("it was\n%s\nand is\n%s", before, after)
	}

	s = bringText(t, pool, onePet+strings.Replace(cocoOfHers, "Coco", "Cocoa", 1)+"3,2,Bo,cat,,active,,\n4,1,Ida,cat,,active,,\n")
	ctx := db.WithActor(t.Context(), db.Actor{Name: "Sam Okafor"})
	for _, name := range []string{"Cocoa", "Ida"} {
		var id int64
		if err := pool.QueryRow(ctx, `select id from patient where name = $1`, name).Scan(&id); err != nil {
			t.Fatal(err)
		}
		pet, err := db.GetPatient(ctx, pool, id)
		if err != nil {
			t.Fatal(err)
		}
		pet.Alert = "bites"
		if _, err := db.SavePatient(ctx, pool, pet); err != nil {
			t.Fatal(err)
		}
	}
	if kept, err := Undo(t.Context(), pool, s.BatchID, nil); err != nil || kept != 2 {
		t.Fatalf("%d kept, %v", kept, err)
	}
	if n := count(t, pool, `select count(*) from patient where (name, alert) in (('Cocoa', 'bites'), ('Ida', 'bites'))`); n != 2 {
		t.Error("what Sam typed is gone")
	}
	if n := count(t, pool, `select count(*) from patient where name = 'Bo'`); n != 0 {
		t.Error("what nobody changed is still there")
	}
	named, err := db.ListImportKept(t.Context(), pool, s.BatchID)
	if err != nil || len(named) != 2 || named[0].By != "Sam Okafor" || named[0].Name != "Cocoa" || named[1].Name != "Ida" {
		t.Errorf("named are %+v (%v)", named, err)
	}
}

const visitsHeading = "Appointment ID,Patient ID,Date,Time,Type,Doctor,Status,Reason\n"

func TestVisitsAndTreatmentsComeInTwiceChangeNothingAndAreTakenBack(t *testing.T) {
	pool := dbtest.New(t)
	bringText(t, pool, oneClient+courtney)
	bringText(t, pool, onePet+cocoOfHers)
	_, err := pool.Exec(t.Context(), `
		with vet as (insert into staff (email, display_name, initials, role, password_hash, bookable) values ('v@harbour.example', 'Dr. Sam Okafor', 'SO', 'vet', '', true)),
		     care as (insert into care_protocol (name, species, every_days) values ('Rabies', '{dog}', 365))
		insert into appointment_type (name, minutes) values ('Consultation', 20)`)
	if err != nil {
		t.Fatal(err)
	}
	visits := visitsHeading +
		"7,1,3/27/2024,2:30 PM,Consultation,Sam Okafor,Seen,Limps\n" +
		"8,1,3/27/2024,14:40,Consultation,Sam Okafor,Seen,Twice at once\n" +
		"9,1,2024-04-02,09:00,Grooming,Nobody,Scheduled,\n" +
		"10,77,2024-04-02,09:00,Consultation,,,\n" +
		"11,1,2024-04-31,09:00,Consultation,,,\n" +
		"12,1,2024-05-02,25:00,Consultation,,,\n"
	s := bringText(t, pool, visits)
	if s.Layout != "visits" || s.Added != 2 || s.RefusedBy["clash"] != 1 || s.RefusedBy["no-patient"] != 1 || s.RefusedBy["date"] != 1 || s.RefusedBy["time"] != 1 {
		t.Errorf("%+v", s)
	}
	if n := count(t, pool, `
		select count(*) from appointment a join staff v on v.id = a.vet_id
		where (a.status, a.reason, v.initials) = ('completed', 'Limps', 'SO') and a.starts_at = '2024-03-27 14:30' and a.ends_at = '2024-03-27 14:50'`); n != 1 {
		t.Error("the visit is not as its row says")
	}
	if n := count(t, pool, `select count(*) from patient where last_visit_on = '2024-04-02'`); n != 1 {
		t.Error("the patient's last visit is not known")
	}
	if again := bringText(t, pool, visits); again.Unchanged != 2 || again.Added != 0 {
		t.Errorf("again: %+v", again)
	}
	given := bringText(t, pool, "Patient ID,Vaccine,Date Given,Lot,Next Due\n1,Rabies,2026-01-05,A12,2099-01-05\n1,Rabies,1/5/2026,A12,2027-01-05\n")
	if given.Layout != "treatments" || given.Added != 1 || given.Refused != 1 {
		t.Errorf("%+v", given)
	}
	if n := count(t, pool, `select count(*) from treatment where product = 'Rabies' and protocol_id is not null and lot = 'A12'`); n != 1 {
		t.Error("the treatment is not of its care protocol")
	}
	for _, id := range []int64{given.BatchID, s.BatchID} {
		if kept, err := Undo(t.Context(), pool, id, nil); err != nil || kept != 0 {
			t.Fatalf("undo: %d kept, %v", kept, err)
		}
	}
	if n := count(t, pool, `select (select count(*) from appointment) + (select count(*) from treatment) + (select count(*) from reminder)`); n != 0 {
		t.Errorf("%d visits, treatments and reminders are left", n)
	}
	if n := count(t, pool, `select count(*) from patient where last_visit_on is null`); n != 1 {
		t.Error("the last visit is still there")
	}
}
