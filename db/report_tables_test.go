package db_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"purplecross/db"
	"purplecross/db/dbtest"
	"purplecross/db/grid"
)

// diary is a small clinic whose every visit is counted by hand: on the day the clocks go back, 1 November 2026 (25 hours),
// on the days around it, and on the day they go forward, 8 March 2026 (23 hours).
type diary struct {
	tx           pgx.Tx
	zone         *time.Location
	lund, osei   int64
	coco, rex    int64 // patients of two households
	check, nails int64 // types
}

func newDiary(t *testing.T) *diary {
	t.Helper()
	zone, err := time.LoadLocation(dbtest.Zone)
	if err != nil {
		t.Fatal(err)
	}
	d := &diary{tx: dbtest.Tx(t), zone: zone}
	one := func(sql string, args ...any) (id int64) {
		t.Helper()
		if err := d.tx.QueryRow(t.Context(), sql, args...).Scan(&id); err != nil {
			t.Fatal(err)
		}
		return id
	}
	staff := `insert into staff (email, display_name, initials, role, password_hash, bookable) values (md5($1) || '@harbour.example', $1, 'XX', 'vet', '', true) returning id`
	d.lund, d.osei = one(staff, "Dr Lund"), one(staff, "Dr Osei")
	kind := `insert into appointment_type (name, minutes, sort) values ($1, 30, $2) returning id`
	d.check, d.nails = one(kind, "Check-up", 1), one(kind, "Nail trim", 2)
	client := `insert into client (first_name, last_name, mobile, email, city, alert, created_at) values ($1, $2, $3, $4, 'Boulder', $5, $6::timestamptz) returning id`
	court := one(client, "Zoë", "Court", "9705550111", "zoe@example.com", "Hard of hearing", d.at("2026-10-31 23:59"))
	reilly := one(client, "=Ann", "Reilly", "", "", "", d.at("2026-11-01 23:30"))
	pet := `insert into patient (client_id, name, species) values ($1, $2, 'dog') returning id`
	d.coco, d.rex = one(pet, court, "Coco"), one(pet, reilly, "Rex")
	return d
}

// at is a moment by the clinic's clocks.
func (d *diary) at(wall string) time.Time {
	at, err := time.ParseInLocation("2006-01-02 15:04", wall, d.zone)
	if err != nil {
		panic(err)
	}
	return at
}

// visit writes one down; arrived and roomed are minutes after its start, none when roomed is 0.
func (d *diary) visit(t *testing.T, wall string, patient, vet, kind int64, status string, waited time.Duration) int64 {
	t.Helper()
	starts := d.at(wall)
	var arrived, roomed *time.Time
	if waited > 0 {
		until := starts.Add(waited)
		arrived, roomed = &starts, &until
	}
	var id int64
	err := d.tx.QueryRow(t.Context(), `
		insert into appointment (client_id, patient_id, type_id, vet_id, starts_at, ends_at, status, arrived_at, roomed_at, cancelled_at, reason)
		select client_id, id, $2, nullif($3, 0), $4::timestamptz, $4::timestamptz + interval '30 minutes', $5::appointment_status, $6, $7,
		       case when $5 = 'cancelled' then $4::timestamptz end, 'Limps'
		  from patient where id = $1
		returning id`, patient, kind, vet, starts, status, arrived, roomed).Scan(&id)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (d *diary) fill(t *testing.T) (unsigned int64) {
	t.Helper()
	d.visit(t, "2026-10-31 23:30", d.coco, d.lund, d.check, "completed", 0)                        // the evening before
	d.visit(t, "2026-11-01 00:00", d.coco, d.lund, d.check, "completed", 10*time.Minute)           // the day's first moment
	unsigned = d.visit(t, "2026-11-01 09:00", d.rex, d.lund, d.nails, "completed", 20*time.Minute) //
	d.visit(t, "2026-11-01 10:00", d.coco, d.osei, d.check, "no_show", 0)
	d.visit(t, "2026-11-01 11:00", d.rex, 0, d.nails, "cancelled", 0)
	d.visit(t, "2026-11-01 23:30", d.rex, d.osei, d.nails, "booked", 0) // 24.5 hours after its midnight
	d.visit(t, "2026-11-02 00:00", d.coco, d.osei, d.check, "no_show", 0)
	d.visit(t, "2026-11-02 09:00", d.rex, d.osei, d.check, "completed", 40*time.Minute)
	d.visit(t, "2026-11-20 09:00", d.coco, d.lund, d.check, "booked", 0)
	d.visit(t, "2026-03-07 23:30", d.coco, d.lund, d.check, "completed", 0)
	d.visit(t, "2026-03-08 00:30", d.coco, d.lund, d.check, "completed", 0)
	d.visit(t, "2026-03-08 22:30", d.rex, d.lund, d.check, "completed", 0) // 21.5 hours after its midnight
	d.visit(t, "2026-03-09 00:00", d.rex, d.lund, d.check, "completed", 0)
	if _, err := d.tx.Exec(t.Context(), `
		insert into visit_note (patient_id, appointment_id, vet_id, status, signed_at, signed_by)
		select patient_id, id, $1, case when id = $2 then 'draft' else 'signed' end::note_status,
		       case when id = $2 then null else now() end, case when id = $2 then null::bigint else $1 end
		  from appointment where status = 'completed'`, d.lund, unsigned); err != nil {
		t.Fatal(err)
	}
	if _, err := d.tx.Exec(t.Context(), `insert into appointment (kind, vet_id, starts_at, ends_at) values ('block', $1, $2, $3)`,
		d.lund, d.at("2026-11-01 12:00"), d.at("2026-11-01 13:00")); err != nil { // lunch is no visit
		t.Fatal(err)
	}
	return unsigned
}

func (d *diary) ask(kind db.ReportKind, first, last string, vet int64) db.ReportQuestion {
	day := func(s string) time.Time {
		at, err := time.Parse(time.DateOnly, s)
		if err != nil {
			panic(err)
		}
		return at
	}
	return db.ReportQuestion{Kind: kind, First: day(first), Last: day(last), VetID: vet}
}

// says is a report's rows as words: the given columns of each, parted by |.
func (d *diary) says(t *testing.T, q db.ReportQuestion, columns ...string) []string {
	t.Helper()
	rows, err := db.ReportRows(t.Context(), d.tx, q, d.zone, 0)
	if err != nil {
		t.Fatal(err)
	}
	count, err := db.CountReport(t.Context(), d.tx, q, d.zone)
	if err != nil || count != len(rows) {
		t.Errorf("%s: %d rows are counted, %d read (%v)", q.Kind, count, len(rows), err)
	}
	lines := make([]string, 0, len(rows))
	for _, row := range rows {
		words := make([]string, 0, len(columns))
		for _, key := range columns {
			words = append(words, cell(row, key, d.zone))
		}
		lines = append(lines, strings.Join(words, "|"))
	}
	return lines
}

func cell(row grid.Row, key string, zone *time.Location) string {
	if n, known := row.Int(key); known {
		return fmt.Sprint(n)
	}
	if at := row.Time(key); !at.IsZero() {
		if at.Location() == time.UTC && at.Hour()+at.Minute() == 0 {
			return at.Format(time.DateOnly)
		}
		return at.In(zone).Format("2006-01-02 15:04")
	}
	return row.Text(key)
}

func (d *diary) figures(t *testing.T, q db.ReportQuestion) string {
	t.Helper()
	figures, err := db.ReportFigures(t.Context(), d.tx, q, d.zone)
	if err != nil {
		t.Fatal(err)
	}
	words := make([]string, 0, len(figures))
	for _, figure := range figures {
		words = append(words, strings.TrimSpace(fmt.Sprintf("%s %d %s", figure.Label, figure.Value, figure.Unit)))
	}
	return strings.Join(words, ", ")
}

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s:\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestTheDaySheetHoldsTheClinicsDayAlsoWhenTheClocksChange(t *testing.T) {
	d := newDiary(t)
	d.fill(t)

	same(t, "the day of 25 hours", d.says(t, d.ask(db.ReportDaySheet, "2026-11-01", "2026-11-01", 0), "hour", "patient", "client", "phone", "type", "vet", "status", "alert"),
		"00:00|Coco|Zoë Court|9705550111|Check-up|Dr Lund|completed|Hard of hearing",
		"09:00|Rex|=Ann Reilly||Nail trim|Dr Lund|completed|",
		"10:00|Coco|Zoë Court|9705550111|Check-up|Dr Osei|no_show|Hard of hearing",
		"23:30|Rex|=Ann Reilly||Nail trim|Dr Osei|booked|")
	same(t, "one vet's", d.says(t, d.ask(db.ReportDaySheet, "2026-11-01", "2026-11-01", d.osei), "hour"), "10:00", "23:30")
	same(t, "the day of 23 hours", d.says(t, d.ask(db.ReportDaySheet, "2026-03-08", "2026-03-08", 0), "hour", "patient"), "00:30|Coco", "22:30|Rex")
	same(t, "an empty day", d.says(t, d.ask(db.ReportDaySheet, "2026-11-03", "2026-11-03", 0), "hour"))
}

func TestTheEndOfDaySaysWhatIsLeftToDo(t *testing.T) {
	d := newDiary(t)
	d.fill(t)
	q := d.ask(db.ReportEndOfDay, "2026-11-01", "2026-11-01", 0)

	same(t, "the visits", d.says(t, q, "hour", "status", "waited", "left_to_do"),
		"00:00|completed|10|", "09:00|completed|20|Sign the note", "10:00|no_show||", "11:00|cancelled||", "23:30|booked||Close the visit")
	if got := d.figures(t, q); got != "Visits 5, Completed 2, No-shows 1, Cancelled 1, Still open 1, Notes to finish 1" {
		t.Errorf("the figures: %s", got)
	}
	if got := d.figures(t, d.ask(db.ReportEndOfDay, "2026-11-01", "2026-11-01", d.osei)); got != "Visits 2, Completed 0, No-shows 1, Cancelled 0, Still open 1, Notes to finish 0" {
		t.Errorf("one vet's figures: %s", got)
	}
}

func TestNoShowsSayHowOftenBeforeAndWhenNext(t *testing.T) {
	d := newDiary(t)
	d.fill(t)
	q := d.ask(db.ReportNoShows, "2026-11-01", "2026-11-02", 0)

	same(t, "two days", d.says(t, q, "starts", "patient", "before", "next"),
		"2026-11-01 10:00|Coco|0|2026-11-02 00:00", "2026-11-02 00:00|Coco|1|2026-11-20 09:00")
	if got := d.figures(t, q); got != "No-shows 2, Of visits 6, That is 33 %" {
		t.Errorf("the figures: %s", got)
	}
	if got := d.figures(t, d.ask(db.ReportNoShows, "2026-07-01", "2026-07-02", 0)); got != "No-shows 0, Of visits 0, That is 0 %" {
		t.Errorf("without a visit: %s", got)
	}
}

func TestOverdueCareIsWhatWasDueBeforeTheDay(t *testing.T) {
	d := newDiary(t)
	var rabies, worms int64
	for name, into := range map[string]*int64{"Rabies": &rabies, "Worms": &worms} {
		if err := d.tx.QueryRow(t.Context(), `insert into care_protocol (name, species, every_days) values ($1, '{dog}', 365) returning id`, name).Scan(into); err != nil {
			t.Fatal(err)
		}
	}
	add := func(patient, protocol int64, due, status, snoozed string, sends int) {
		t.Helper()
		if _, err := d.tx.Exec(t.Context(), `
			insert into reminder (patient_id, protocol_id, due_on, status, snoozed_until, sends) values ($1, $2, $3::date, $4::reminder_status, nullif($5, '')::date, $6)`,
			patient, protocol, due, status, snoozed, sends); err != nil {
			t.Fatal(err)
		}
	}
	var gone int64
	if err := d.tx.QueryRow(t.Context(), `insert into patient (client_id, name, species, status) select client_id, 'Gone', 'dog', 'deceased' from patient where id = $1 returning id`, d.coco).Scan(&gone); err != nil {
		t.Fatal(err)
	}
	add(d.coco, rabies, "2026-09-30", "open", "", 2)
	add(d.coco, worms, "2026-11-01", "open", "", 0) // due today, not yet overdue
	add(d.rex, rabies, "2026-10-31", "open", "2026-11-01", 0)
	add(d.rex, worms, "2026-10-01", "open", "2026-11-15", 1) // put off
	add(gone, rabies, "2026-10-01", "open", "", 0)
	add(gone, worms, "2026-10-01", "satisfied", "", 0)

	q := d.ask(db.ReportOverdue, "2026-11-01", "2026-11-01", 0)
	same(t, "the list", d.says(t, q, "patient", "care", "due", "late", "times"), "Coco|Rabies|2026-09-30|32|2", "Rex|Rabies|2026-10-31|1|0")
	if got := d.figures(t, q); got != "Overdue 2, Households 2, By more than 30 days 1, Never told 1" {
		t.Errorf("the figures: %s", got)
	}
}

func TestVisitsAreTalliedByVetAndType(t *testing.T) {
	d := newDiary(t)
	d.fill(t)
	q := d.ask(db.ReportVisits, "2026-11-01", "2026-11-02", 0)

	same(t, "two days", d.says(t, q, "vet", "type", "booked", "completed", "no_show", "cancelled", "open", "minutes"),
		"Dr Lund|Check-up|1|1|0|0|0|30", "Dr Lund|Nail trim|1|1|0|0|0|30",
		"Dr Osei|Check-up|3|1|2|0|0|30", "Dr Osei|Nail trim|1|0|0|0|1|0",
		"Anyone|Nail trim|1|0|0|1|0|0")
	if got := d.figures(t, q); got != "Booked 7, Completed 3, No-shows 2, Cancelled 1, Still open 1, Completed take 90 min" {
		t.Errorf("the figures: %s", got)
	}
}

func TestNewClientsAreThoseOfTheClinicsDays(t *testing.T) {
	d := newDiary(t)
	d.fill(t)
	day := d.ask(db.ReportNewClients, "2026-11-01", "2026-11-01", 0)
	same(t, "the day of 25 hours", d.says(t, day, "added", "client", "pets", "first_visit", "came_by"),
		"2026-11-01 23:30|=Ann Reilly|Rex|2026-03-08 22:30|Desk")
	both := d.ask(db.ReportNewClients, "2026-10-31", "2026-11-01", 0)
	same(t, "and the day before", d.says(t, both, "client"), "Zoë Court", "=Ann Reilly")
	if got := d.figures(t, both); got != "New households 2, By import 0, Were here 2" {
		t.Errorf("the figures: %s", got)
	}
}

func TestWaitingTimesAreByVet(t *testing.T) {
	d := newDiary(t)
	d.fill(t)
	q := d.ask(db.ReportWaitingTimes, "2026-11-01", "2026-11-02", 0)

	// 10 and 20 minutes: the middle is 15, nine tenths of the way 19. Then 40 alone.
	same(t, "two days", d.says(t, q, "vet", "visits", "usual", "long", "longest", "over"), "Dr Lund|2|15|19|20|1", "Dr Osei|1|40|40|40|1")
	if got := d.figures(t, q); got != "Visits 3, Usual wait 20 min, Long wait 36 min, Longest 40 min, Over 15 min 2" {
		t.Errorf("the figures: %s", got)
	}
	if got := d.figures(t, d.ask(db.ReportWaitingTimes, "2026-07-01", "2026-07-01", 0)); got != "Visits 0, Usual wait 0 min, Long wait 0 min, Longest 0 min, Over 15 min 0" {
		t.Errorf("without a visit: %s", got)
	}
}

func TestAReportIsAskedForDaysThatMakeSense(t *testing.T) {
	d := &diary{zone: time.UTC}
	for _, one := range []struct {
		q     db.ReportQuestion
		field string
	}{
		{d.ask(db.ReportVisits, "2026-11-02", "2026-11-01", 0), "last"},
		{d.ask(db.ReportVisits, "2016-11-02", "2026-11-01", 0), "last"},
		{d.ask(db.ReportDaySheet, "2026-11-01", "2026-11-02", 0), "last"},
		{d.ask(db.ReportNewClients, "2026-11-01", "2026-11-02", 3), "vet"},
		{db.ReportQuestion{Kind: db.ReportVisits}, "first"},
	} {
		var invalid db.Invalid
		if err := one.q.Check(); !errors.As(err, &invalid) || invalid[one.field] == "" {
			t.Errorf("%+v: %v", one.q, err)
		}
	}
	if err := (db.ReportQuestion{Kind: "gossip"}).Check(); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("a report that is none: %v", err)
	}
	for _, report := range db.Reports {
		if err := d.ask(report.Kind, "2026-11-01", "2026-11-01", 0).Check(); err != nil {
			t.Errorf("%s: %v", report.Kind, err)
		}
	}
}
