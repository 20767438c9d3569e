package db_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"purplecross/db"
	"purplecross/db/dbtest"
)

// desk is a small clinic in Los Angeles: open 8:00–18:00 every day, two vets, two rooms, three pets, lunch at noon.
type desk struct {
	zone                *time.Location
	reyes, okafor       int64
	room1, room2        int64
	consult, nails      int64
	coco, rex, ghost    int64
	household           int64
	conn                db.Conn
	t                   *testing.T
	monday, fall, ahead time.Time // ordinary; the clocks go back; the clocks go forward
}

func newDesk(t *testing.T, conn db.Conn) *desk {
	t.Helper()
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{
		t: t, conn: conn, zone: zone,
		monday: time.Date(2026, 11, 9, 0, 0, 0, 0, zone),
		fall:   time.Date(2026, 11, 1, 0, 0, 0, 0, zone),
		ahead:  time.Date(2027, 3, 14, 0, 0, 0, 0, zone),
	}
	d.exec(`set timezone to 'America/Los_Angeles'`)
	d.exec(`insert into opening_hours select d, '08:00', '18:00' from generate_series(0, 6) d`)
	vet := `insert into staff (email, display_name, initials, role, password_hash, bookable) values ($1, $2, 'XX', 'vet', 'x', true) returning id`
	d.reyes, d.okafor = d.id(vet, "reyes@x.example", "Dr Reyes"), d.id(vet, "okafor@x.example", "Dr Okafor")
	room := `insert into room (name, sort) values ($1, $2) returning id`
	d.room1, d.room2 = d.id(room, "Room 1", 1), d.id(room, "Room 2", 2)
	kind := `insert into appointment_type (name, minutes, needs_vet, needs_room) values ($1, $2, $3, $3) returning id`
	d.consult, d.nails = d.id(kind, "Consultation", 20, true), d.id(kind, "Nail clip", 10, false)
	d.household = d.id(`insert into client (last_name) values ('Reilly') returning id`)
	pet := `insert into patient (client_id, name, species, status) values ($1, $2, 'dog', $3::patient_status) returning id`
	d.coco, d.rex = d.id(pet, d.household, "Coco", "active"), d.id(pet, d.household, "Rex", "active")
	d.ghost = d.id(pet, d.household, "Ghost", "deceased")
	return d
}

func (d *desk) exec(sql string, args ...any) {
	d.t.Helper()
	if _, err := d.conn.Exec(d.t.Context(), sql, args...); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) id(sql string, args ...any) (id int64) {
	d.t.Helper()
	if err := d.conn.QueryRow(d.t.Context(), sql, args...).Scan(&id); err != nil {
		d.t.Fatal(err)
	}
	return id
}

// at is a clock time on a day, as the clocks of that day show it.
func (d *desk) at(day time.Time, clock string) time.Time {
	d.t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", day.Format("2006-01-02 ")+clock, d.zone)
	if err != nil {
		d.t.Fatal(err)
	}
	return at
}

// visit is Coco's consultation with Dr Reyes in room 1 on the Monday.
func (d *desk) visit(clock string) db.Booking {
	d.t.Helper()
	return db.Booking{PatientID: d.coco, TypeID: d.consult, VetID: d.reyes, RoomID: d.room1, StartsAt: d.at(d.monday, clock), Now: d.monday}
}

func (d *desk) book(booking db.Booking) int64 {
	d.t.Helper()
	id, err := db.BookAppointment(d.t.Context(), d.conn, booking)
	if err != nil {
		d.t.Fatal(err)
	}
	return id
}

func (d *desk) clash(err error) *db.Clash {
	d.t.Helper()
	clash := new(db.Clash)
	if !errors.As(err, &clash) {
		d.t.Fatalf("got %v, want a clash", err)
	}
	return clash
}

func (d *desk) invalid(err error, field, holds string) {
	d.t.Helper()
	invalid := db.Invalid{}
	if !errors.As(err, &invalid) || !strings.Contains(invalid[field], holds) {
		d.t.Fatalf("got %v, want %q said of %s", err, holds, field)
	}
}

func (d *desk) get(id int64) db.Visit {
	d.t.Helper()
	visit, err := db.GetVisit(d.t.Context(), d.conn, id)
	if err != nil {
		d.t.Fatal(err)
	}
	return visit
}

func TestTwentyFourBookingsOfOneSlotGiveOneVisit(t *testing.T) {
	pool := dbtest.New(t)
	d := newDesk(t, pool)
	day := time.Now().In(d.zone).AddDate(0, 0, 7)
	pets := make([]int64, 24)
	for i := range pets {
		pets[i] = d.id(`insert into patient (client_id, name, species) values ($1, 'Pet', 'cat') returning id`, d.household)
	}

	var wait sync.WaitGroup
	errs := make([]error, len(pets))
	for i, pet := range pets {
		wait.Go(func() {
			_, errs[i] = db.BookAppointment(t.Context(), pool, db.Booking{
				PatientID: pet, TypeID: d.consult, VetID: d.reyes, StartsAt: d.at(day, "09:00"),
			})
		})
	}
	wait.Wait()

	booked := 0
	for _, err := range errs {
		if err == nil {
			booked++
			continue
		}
		clash := d.clash(err)
		want := "Dr Reyes is already booked 09:00–09:20 with Pet. Next free 09:20."
		if said := clash.Sentence(d.zone); said != want {
			t.Errorf("said %q, want %q", said, want)
		}
	}
	if rows := d.id(`select count(*) from appointment`); booked != 1 || rows != 1 {
		t.Errorf("%d of 24 were booked and %d are there, want one", booked, rows)
	}
}

func TestTwentyFourBookingsOfAnyVetFillEveryVetAndRoomOnce(t *testing.T) {
	pool := dbtest.New(t)
	d := newDesk(t, pool)
	day := time.Now().In(d.zone).AddDate(0, 0, 7)
	var wait sync.WaitGroup
	for range 24 {
		pet := d.id(`insert into patient (client_id, name, species) values ($1, 'Pet', 'cat') returning id`, d.household)
		wait.Go(func() {
			_, err := db.BookAppointment(t.Context(), pool, db.Booking{PatientID: pet, TypeID: d.consult, StartsAt: d.at(day, "09:00")})
			if clash := new(db.Clash); err != nil && !errors.As(err, &clash) {
				t.Error(err)
			}
		})
	}
	wait.Wait()

	pairs := d.id(`select count(distinct (vet_id, room_id)) from appointment`)
	if rows := d.id(`select count(*) from appointment`); rows != 2 || pairs != 2 {
		t.Errorf("%d visits with %d pairs of vet and room, want two and two", rows, pairs)
	}
}

func TestVisitThatEnclosesAnotherIsRefusedAndBackToBackIsNot(t *testing.T) {
	d := newDesk(t, dbtest.Tx(t))
	d.book(d.visit("09:10"))

	enclosing := d.visit("09:00")
	enclosing.PatientID, enclosing.Minutes = d.rex, 60
	_, err := db.BookAppointment(t.Context(), d.conn, enclosing)
	if said := d.clash(err).Sentence(d.zone); said != "Dr Reyes is already booked 09:10–09:30 with Coco. Next free 09:30." {
		t.Errorf("said %q", said)
	}

	after := d.visit("09:30")
	after.PatientID = d.rex
	d.book(after)
	before := d.visit("08:50")
	before.PatientID = d.rex
	d.book(before)
}

func TestClashesNameTheRoomThePetAndTheLunch(t *testing.T) {
	d := newDesk(t, dbtest.Tx(t))
	d.book(d.visit("09:00"))
	d.exec(`insert into appointment (kind, vet_id, starts_at, ends_at, reason) values ('block', $1, $2, $3, 'Lunch')`,
		d.reyes, d.at(d.monday, "12:00"), d.at(d.monday, "13:00"))

	for name, c := range map[string]struct {
		change func(*db.Booking)
		want   string
	}{
		"room":  {func(b *db.Booking) { b.VetID, b.PatientID = d.okafor, d.rex }, "Room 1 is already taken 09:00–09:20 by Coco. Next free 09:20."},
		"pet":   {func(b *db.Booking) { b.VetID, b.RoomID = d.okafor, d.room2 }, "Coco already has a visit 09:00–09:20 with Dr Reyes. Next free 09:20."},
		"lunch": {func(b *db.Booking) { b.StartsAt = d.at(d.monday, "12:10") }, "Dr Reyes isn't free 12:00–13:00: Lunch. Next free 13:00."},
	} {
		booking := d.visit("09:00")
		c.change(&booking)
		_, err := db.BookAppointment(t.Context(), d.conn, booking)
		if said := d.clash(err).Sentence(d.zone); said != c.want {
			t.Errorf("%s: said %q, want %q", name, said, c.want)
		}
	}

	second := d.visit("09:00")
	second.VetID, second.RoomID, second.PatientID = 0, 0, d.rex
	if visit := d.get(d.book(second)); visit.VetName != "Dr Okafor" || visit.RoomName != "Room 2" {
		t.Errorf("booked with %s in %s", visit.VetName, visit.RoomName)
	}
	third := d.visit("09:00")
	third.VetID, third.RoomID, third.PatientID = 0, 0, d.id(`insert into patient (client_id, name, species) values ($1, 'Tom', 'cat') returning id`, d.household)
	_, err := db.BookAppointment(t.Context(), d.conn, third)
	if said := d.clash(err).Sentence(d.zone); said != "Every vet is busy 09:00–09:20. Next free 09:20 with Dr Reyes." && said != "Every vet is busy 09:00–09:20. Next free 09:20 with Dr Okafor." {
		t.Errorf("said %q", said)
	}
}

func TestOverbookingNeedsAReasonAndIsOnRecord(t *testing.T) {
	d := newDesk(t, dbtest.Tx(t))
	d.book(d.visit("09:00"))
	over := d.visit("09:00")
	over.PatientID, over.Overbook = d.rex, true
	_, err := db.BookAppointment(t.Context(), d.conn, over)
	d.invalid(err, "overbook_reason", "Say why")

	over.OverbookReason = "Bleeding, can't wait"
	visit := d.get(d.book(over))
	if !visit.Overbooked || visit.OverbookReason != over.OverbookReason {
		t.Errorf("overbooked %v because %q", visit.Overbooked, visit.OverbookReason)
	}
	lines, err := db.LastSaves(t.Context(), d.conn, "appointment", visit.ID, 5)
	if err != nil || len(lines) != 1 || lines[0].Diff["overbook_reason"][1] != over.OverbookReason {
		t.Errorf("history says %v, %v", lines, err)
	}

	alone := d.visit("10:00")
	alone.Overbook, alone.OverbookReason = true, "Just in case"
	if d.get(d.book(alone)).Overbooked {
		t.Error("a visit with nothing in its way is overbooked, so that it keeps nobody away")
	}

	same := over
	same.RoomID = d.room2
	_, err = db.BookAppointment(t.Context(), d.conn, same)
	if clash := d.clash(err); clash.Constraint != "pet_once" || clash.SameID != visit.ID {
		t.Errorf("the same pet twice: %+v", clash)
	}
}

func TestVisitsAreRefusedInThePastOutOfHoursAndForTheDead(t *testing.T) {
	d := newDesk(t, dbtest.Tx(t))
	d.exec(`delete from opening_hours where weekday = 2`)
	d.exec(`insert into appointment (kind, starts_at, ends_at, reason) values ('block', $1, $2, 'Staff meeting')`, d.at(d.monday, "16:00"), d.at(d.monday, "17:00"))
	for name, c := range map[string]struct {
		change      func(*db.Booking)
		field, want string
	}{
		"yesterday": {func(b *db.Booking) { b.Now = d.monday.AddDate(0, 0, 1) }, "time", "has passed"},
		"early":     {func(b *db.Booking) { b.StartsAt = d.at(d.monday, "07:50") }, "time", "open 08:00–18:00"},
		"late":      {func(b *db.Booking) { b.StartsAt = d.at(d.monday, "17:50") }, "time", "open 08:00–18:00"},
		"closed":    {func(b *db.Booking) { b.StartsAt = b.StartsAt.AddDate(0, 0, 1) }, "time", "closed on that day"},
		"dead":      {func(b *db.Booking) { b.PatientID = d.ghost }, "patient", "Ghost has died"},
		"nobody":    {func(b *db.Booking) { b.PatientID = 999999 }, "patient", "Choose the pet"},
		"no type":   {func(b *db.Booking) { b.TypeID = 0 }, "type", "Choose what"},
		"no vet":    {func(b *db.Booking) { b.VetID = 999999 }, "vet", "who takes visits"},
		"endless":   {func(b *db.Booking) { b.Minutes = 481 }, "minutes", "8 hours"},
	} {
		booking := d.visit("09:00")
		c.change(&booking)
		_, err := db.BookAppointment(t.Context(), d.conn, booking)
		t.Log(name)
		d.invalid(err, c.field, c.want)
	}

	_, err := db.BookAppointment(t.Context(), d.conn, d.visit("16:30"))
	if said := d.clash(err).Sentence(d.zone); said != "The clinic is closed 16:00–17:00: Staff meeting. Next free 17:00." {
		t.Errorf("said %q", said)
	}
	emergency := d.visit("20:00")
	emergency.Overbook, emergency.OverbookReason = true, "Emergency"
	d.book(emergency)
}

func TestMoveKeepsHistoryAndRefusesAStaleVersion(t *testing.T) {
	d := newDesk(t, dbtest.Tx(t))
	id := d.book(d.visit("09:00"))
	d.exec(`update appointment set status = 'confirmed', confirmed_at = now() where id = $1`, id)

	tell, err := db.MoveAppointment(t.Context(), d.conn, id, 1, d.visit("09:10")) // overlaps its own old time
	if err != nil || !tell {
		t.Fatalf("tell %v, %v", tell, err)
	}
	visit := d.get(id)
	if visit.Status != db.AppointmentBooked || visit.ConfirmedAt != nil || visit.Version != 2 {
		t.Errorf("a moved visit is %s, version %d: the client confirmed another time", visit.Status, visit.Version)
	}
	lines, err := db.LastSaves(t.Context(), d.conn, "appointment", id, 5)
	if err != nil || len(lines) != 2 || lines[0].Action != "moved" || lines[0].Diff["starts_at"][0] == nil {
		t.Errorf("history says %v, %v", lines, err)
	}

	if _, err := db.MoveAppointment(t.Context(), d.conn, id, 1, d.visit("10:00")); !errors.Is(err, db.ErrStale) {
		t.Errorf("a stale move: %v", err)
	}
	reason := d.visit("09:10")
	reason.Reason = "Limps"
	if tell, err := db.MoveAppointment(t.Context(), d.conn, id, 2, reason); err != nil || tell {
		t.Errorf("another reason is told to the client: %v, %v", tell, err)
	}

	rex := d.visit("11:00")
	rex.PatientID = d.rex
	d.book(rex)
	_, err = db.MoveAppointment(t.Context(), d.conn, id, 3, d.visit("11:00"))
	if clash := d.clash(err); clash.With.PatientName != "Rex" {
		t.Errorf("moved into %+v", clash.With)
	}
}

func TestCancelReopensTheSlotAndRestoreNeedsItFree(t *testing.T) {
	d := newDesk(t, dbtest.Tx(t))
	id := d.book(d.visit("09:00"))
	d.invalid(db.CancelAppointment(t.Context(), d.conn, id, 1, " "), "reason", "Say why")
	if err := db.CancelAppointment(t.Context(), d.conn, id, 1, "Client can't make it"); err != nil {
		t.Fatal(err)
	}
	if err := db.CancelAppointment(t.Context(), d.conn, id, 1, "Again"); err != nil {
		t.Errorf("cancelled twice: %v", err)
	}

	rex := d.visit("09:00")
	rex.PatientID = d.rex
	other := d.book(rex)
	d.clash(db.RestoreAppointment(t.Context(), d.conn, id, 2))

	if err := db.CancelAppointment(t.Context(), d.conn, other, 1, "Booked by mistake"); err != nil {
		t.Fatal(err)
	}
	if err := db.RestoreAppointment(t.Context(), d.conn, id, 2); err != nil {
		t.Fatal(err)
	}
	if visit := d.get(id); visit.Status != db.AppointmentBooked || visit.CancelReason != "" {
		t.Errorf("restored as %s because %q", visit.Status, visit.CancelReason)
	}
}

func TestStepsKeepTheirOrderTheirTimesAndCanBeUndone(t *testing.T) {
	d := newDesk(t, dbtest.Tx(t))
	now := time.Now()
	id := d.id(`insert into appointment (client_id, patient_id, type_id, starts_at, ends_at) values ($1, $2, $3, $4::timestamptz, $4::timestamptz + interval '20 minutes') returning id`,
		d.household, d.coco, d.consult, now)
	if err := db.AdvanceAppointment(t.Context(), d.conn, id, 1, db.AppointmentReady, now); !refused(err) {
		t.Errorf("ready before arriving: %v", err)
	}
	for version, to := range []db.AppointmentStatus{db.AppointmentArrived, db.AppointmentInRoom, db.AppointmentReady, db.AppointmentCompleted} {
		if next := d.get(id).Status.NextStep(); next != to {
			t.Errorf("next is %s, want %s", next, to)
		}
		for range 2 { // the second is a double click
			if err := db.AdvanceAppointment(t.Context(), d.conn, id, version+1, to, now); err != nil {
				t.Fatal(err)
			}
		}
	}
	visit := d.get(id)
	if visit.Version != 5 || visit.ArrivedAt == nil || visit.RoomedAt == nil || visit.ReadyAt == nil || visit.CompletedAt == nil {
		t.Errorf("after four steps: %+v", visit.Appointment)
	}
	seen := d.id(`select count(*) from patient where id = $1 and last_visit_on is not null`, d.coco)
	for range 4 {
		if err := db.UndoAppointmentStep(t.Context(), d.conn, id, 0, now); err != nil {
			t.Fatal(err)
		}
	}
	if visit := d.get(id); visit.Status != db.AppointmentBooked || visit.ArrivedAt != nil || visit.CompletedAt != nil {
		t.Errorf("after undoing four steps: %+v", visit.Appointment)
	}
	if d.id(`select count(*) from patient where id = $1 and last_visit_on is not null`, d.coco) == seen {
		t.Error("the undone visit is still the last one")
	}
	if err := db.UndoAppointmentStep(t.Context(), d.conn, id, 0, now); !refused(err) {
		t.Errorf("undone past the beginning: %v", err)
	}
	if err := db.AdvanceAppointment(t.Context(), d.conn, id, 3, db.AppointmentArrived, now); !errors.Is(err, db.ErrStale) {
		t.Errorf("a stale check-in: %v", err)
	}
	if err := db.AdvanceAppointment(t.Context(), d.conn, id, 0, db.AppointmentArrived, now.AddDate(0, 0, -1)); !refused(err) {
		t.Errorf("checked in the day before: %v", err)
	}
}

func refused(err error) bool {
	var sentence db.Refused
	return errors.As(err, &sentence)
}
