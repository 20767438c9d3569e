package jobs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-message/mail"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"purplecross/db"
	"purplecross/db/dbtest"
)

// month is a made-up clinic whose clock the test turns, over a month in which the clocks are changed. Its days count
// from the first, at midnight; the clocks change on day 15.
type month struct {
	t      *testing.T
	pool   *pgxpool.Pool
	client *Client
	office *postOffice
	zone   *time.Location
	first  time.Time
	shift  int // hours that day 15 has fewer than 24

	clock  atomic.Pointer[time.Time]
	events map[string][]string // SQL by the hour, "5 10:00"
	seen   int
	sent   []string // "4 10:00 coco@: subject"
}

func startMonth(t *testing.T) *month {
	t.Helper()
	zone, err := time.LoadLocation(dbtest.Zone)
	if err != nil {
		t.Fatal(err)
	}
	m := &month{t: t, pool: dbtest.New(t), zone: zone, office: openPostOffice(t, "127.0.0.1:0"), events: map[string][]string{}}
	// The next change of the clocks that leaves a fortnight before it.
	change := time.Now().In(zone).AddDate(0, 0, 20)
	change = time.Date(change.Year(), change.Month(), change.Day(), 0, 0, 0, 0, zone)
	for change.AddDate(0, 0, 1).Sub(change) == 24*time.Hour {
		change = change.AddDate(0, 0, 1)
	}
	m.shift = 24 - int(change.AddDate(0, 0, 1).Sub(change).Hours())
	m.first = change.AddDate(0, 0, -15)
	m.clock.Store(&m.first)
	m.exec(`insert into clinic (name, phone, email) values ('Harbour Vets', '9705550100', 'desk@harbour.example')`)
	m.exec(`
		insert into appointment_type (name, minutes, send_messages, remind_hours)
		values ('Vaccination', 20, true, '{48,24}'), ('Surgery', 60, true, '{72}'), ('Euthanasia', 45, false, '{48,24}')`)
	m.exec(`insert into care_protocol (name, species, every_days, lead_days) values ('Rabies', '{dog}', 365, '{7,-3}')`)

	m.client, err = New(m.pool, Options{
		Work: true, SMTPURL: m.office.url, Zone: zone, Now: func() time.Time { return *m.clock.Load() }, Log: quiet,
		BaseURL: "https://harbour.example", SecretKey: "key", schedules: []Schedule{}, // the test passes the hours itself
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.client.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_ = m.client.Stop(ctx)
	})
	return m
}

func (m *month) exec(sql string, args ...any) {
	m.t.Helper()
	if _, err := m.pool.Exec(m.t.Context(), sql, args...); err != nil {
		m.t.Fatalf("%s: %v", sql, err)
	}
}

// at is a time of a day of the month, "10:00" of day 5.
func (m *month) at(day int, clock string) time.Time {
	of, err := time.Parse("15:04", clock)
	if err != nil {
		m.t.Fatal(err)
	}
	return time.Date(m.first.Year(), m.first.Month(), m.first.Day()+day, of.Hour(), of.Minute(), 0, 0, m.zone)
}

// pet adds a dog to the household of this name, which is made when it is new.
func (m *month) pet(household, name string) {
	m.t.Helper()
	m.exec(`insert into client (last_name, email) select $1, lower($1) || '@example.com' where not exists (select from client where last_name = $1)`, household)
	m.exec(`insert into patient (client_id, name, species) select id, $2, 'dog' from client where last_name = $1`, household, name)
}

// visit books one for a pet, and the pet with its household when it is new.
func (m *month) visit(household, name, kind string, day int, clock string, booked ...time.Time) {
	m.t.Helper()
	var known bool
	if err := m.pool.QueryRow(m.t.Context(), `select exists (select from patient where name = $1)`, name).Scan(&known); err != nil {
		m.t.Fatal(err)
	}
	if !known {
		m.pet(household, name)
	}
	created := m.first.AddDate(0, -1, 0)
	if len(booked) > 0 {
		created = booked[0]
	}
	m.exec(`
		insert into appointment (client_id, patient_id, type_id, starts_at, ends_at, created_at)
		select p.client_id, p.id, t.id, $3, $3::timestamptz + interval '20 minutes', $4
		  from patient p, appointment_type t
		 where p.name = $1 and t.name = $2`, name, kind, m.at(day, clock), created)
}

// due opens a reminder of the Rabies protocol.
func (m *month) due(household, name string, day int) {
	m.t.Helper()
	m.pet(household, name)
	m.exec(`insert into reminder (patient_id, protocol_id, due_on) select id, (select min(id) from care_protocol), $2 from patient where name = $1`, name, m.at(day, "00:00"))
}

// when does something at an hour, after the reminders of that hour were written and before they are sent.
func (m *month) when(day int, clock, sql string) {
	key := m.at(day, clock).Format(time.DateTime)
	m.events[key] = append(m.events[key], sql)
}

// pass lets an hour pass with two leaders at once, or with nobody at work.
func (m *month) pass(now time.Time, away bool) {
	m.t.Helper()
	m.clock.Store(&now)
	var leaders errgroup.Group
	var happen sync.Once // in the transaction of the leader that comes first
	for range 2 {
		leaders.Go(func() error {
			return db.InTx(m.t.Context(), m.pool, func(tx pgx.Tx) error {
				if !away {
					if err := writeReminders(m.t.Context(), tx, m.client.river, now); err != nil {
						return err
					}
				}
				var err error
				happen.Do(func() {
					for _, sql := range m.events[now.Format(time.DateTime)] {
						_, failed := tx.Exec(m.t.Context(), sql)
						err = errors.Join(err, failed)
					}
				})
				return err
			})
		})
	}
	if err := leaders.Wait(); err != nil {
		m.t.Fatal(err)
	}
	until(m.t, "the hour's messages are settled", func() bool {
		var waiting int
		if err := m.pool.QueryRow(m.t.Context(), `select count(*) from message where status in ('queued', 'sending')`).Scan(&waiting); err != nil {
			m.t.Fatal(err)
		}
		return waiting == 0
	})
	letters := m.office.letters()
	for _, source := range letters[m.seen:] {
		m.sent = append(m.sent, m.line(now, source))
	}
	m.seen = len(letters)
}

func (m *month) line(now time.Time, source string) string {
	reader, err := mail.CreateReader(bytes.NewReader([]byte(source)))
	if err != nil {
		m.t.Fatal(err)
	}
	to, _ := reader.Header.AddressList("To")
	subject, _ := reader.Header.Subject()
	words, _, _ := strings.Cut(subject, ", ") // without the time of the visit
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 12, 0, 0, 0, time.UTC)
	day := midnight.Sub(time.Date(m.first.Year(), m.first.Month(), m.first.Day(), 12, 0, 0, 0, time.UTC)).Hours() / 24
	name, _, _ := strings.Cut(to[0].Address, "@")
	return fmt.Sprintf("%d %s %s: %s", int(day), now.Format("15:04"), name, words)
}

func TestAMonthsRemindersAreThoseExpectedAndNoOthers(t *testing.T) {
	m := startMonth(t)
	expected := m.visitCases()
	expected = append(expected, m.careCases()...)

	for now := m.first; now.Before(m.at(31, "00:00")); now = now.Add(time.Hour) {
		m.pass(now, now.After(m.at(24, "05:00")) && now.Before(m.at(25, "16:00")))
	}

	slices.Sort(m.sent)
	slices.Sort(expected)
	for _, line := range m.sent {
		if !slices.Contains(expected, line) {
			t.Errorf("sent, and not expected: %s", line)
		}
	}
	for _, line := range expected {
		if !slices.Contains(m.sent, line) {
			t.Errorf("expected, and not sent: %s", line)
		}
	}
	if len(m.sent) != len(expected) {
		t.Errorf("%d letters were sent, %d expected:\n%s", len(m.sent), len(expected), strings.Join(m.sent, "\n"))
	}
	m.explains()
}

// visitCases books visits, lets things happen to them, and says what is to be sent.
func (m *month) visitCases() []string {
	m.visit("Plain", "Ada", "Vaccination", 5, "10:00")
	m.visit("Two", "Bo", "Vaccination", 6, "10:00")
	m.visit("Two", "Bea", "Vaccination", 6, "11:00")
	m.visit("Early", "Cy", "Vaccination", 7, "07:30")
	m.visit("Late", "Dot", "Vaccination", 8, "21:00")
	m.visit("Operated", "Eli", "Surgery", 9, "09:00")
	m.visit("Last", "Fee", "Euthanasia", 9, "10:00")
	m.visit("Change", "Gus", "Vaccination", 15, "12:00") // the day on which the clocks change
	m.visit("Fresh", "Hal", "Vaccination", 10, "10:00", m.at(9, "04:00"))
	m.visit("Recent", "Ivy", "Vaccination", 10, "10:00", m.at(8, "18:00"))

	m.visit("Cancelled", "Jo", "Vaccination", 11, "10:00")
	m.when(9, "12:00", `update appointment a set status = 'cancelled', cancelled_at = now() from patient p where p.id = a.patient_id and p.name = 'Jo'`)
	m.visit("Dropped", "Kai", "Vaccination", 11, "11:00")
	m.when(9, "11:00", `update appointment a set status = 'cancelled', cancelled_at = now() from patient p where p.id = a.patient_id and p.name = 'Kai'`)
	m.visit("Moved", "Lu", "Vaccination", 12, "10:00")
	m.when(10, "10:00", `update appointment a set starts_at = starts_at + interval '1 day 5 hours', ends_at = ends_at + interval '1 day 5 hours' from patient p where p.id = a.patient_id and p.name = 'Lu'`)
	m.visit("Gone", "Max", "Vaccination", 13, "10:00")
	m.when(11, "10:00", `update patient set status = 'deceased' where name = 'Max'`)
	m.visit("Optout", "Nia", "Vaccination", 13, "11:00")
	m.when(11, "12:00", `update client set email_opt_out_at = now() where last_name = 'Optout'`)
	m.visit("Confirmed", "Oz", "Vaccination", 13, "12:00")
	m.when(12, "09:00", `update appointment a set status = 'confirmed' from patient p where p.id = a.patient_id and p.name = 'Oz'`)
	m.office.refuses = "bounced@example.com"
	m.visit("Bounced", "Pip", "Vaccination", 13, "13:00")
	m.visit("Old", "Quin", "Vaccination", 18, "10:00")
	m.visit("New", "Ria", "Vaccination", 18, "15:00")
	m.when(16, "10:00", `
		with target as (select id from client where last_name = 'New'), old as (
		  update client set status = 'merged', merged_into = (select id from target) where last_name = 'Old' returning id
		), pets as (
		  update patient set client_id = (select id from target) where client_id = (select id from old)
		)
		update appointment set client_id = (select id from target) where client_id = (select id from old)`)
	m.visit("Missed", "Sam", "Vaccination", 26, "10:00") // both moments fall where nobody is at work

	return []string{
		"3 10:00 plain: See you soon: Ada", "4 10:00 plain: See you soon: Ada",
		"4 10:00 two: See you soon: Bo and Bea", "5 10:00 two: See you soon: Bo and Bea",
		"5 08:00 early: See you soon: Cy", "6 08:00 early: See you soon: Cy",
		"7 08:00 late: See you soon: Dot", "8 08:00 late: See you soon: Dot",
		"6 09:00 operated: See you soon: Eli",
		fmt.Sprintf("13 %02d:00 change: See you soon: Gus", 12-m.shift), fmt.Sprintf("14 %02d:00 change: See you soon: Gus", 12-m.shift),
		"9 10:00 recent: See you soon: Ivy",
		"9 10:00 cancelled: See you soon: Jo",
		"11 15:00 moved: See you soon: Lu", "12 15:00 moved: See you soon: Lu",
		"11 11:00 optout: See you soon: Nia",
		"11 12:00 confirmed: See you soon: Oz",
		"16 11:00 new: See you soon: Quin and Ria", "17 10:00 new: See you soon: Quin and Ria",
		"25 16:00 missed: See you soon: Sam",
	}
}

// careCases opens reminders of care, lets things happen to them, and says what is to be sent. The days are 7 before
// and 3 after the care is due, at nine.
func (m *month) careCases() []string {
	m.due("Pack", "Tia", 12)
	m.due("Pack", "Uma", 12)
	m.due("Given", "Val", 16)
	m.when(12, "10:00", `update reminder r set status = 'satisfied', closed_at = now() from patient p where p.id = r.patient_id and p.name = 'Val'`)
	m.due("Clocks", "Wim", 22) // its first day is that of the change
	m.due("Snoozed", "Xan", 18)
	m.exec(`update reminder r set snoozed_until = $1 from patient p where p.id = r.patient_id and p.name = 'Xan'`, m.at(19, "00:00"))
	m.due("Coming", "Yul", 14)
	m.visit("Coming", "Yul", "Surgery", 28, "10:00")
	m.when(16, "10:00", `update appointment a set status = 'cancelled', cancelled_at = now() from patient p where p.id = a.patient_id and p.name = 'Yul'`)
	m.due("Away", "Zoe", 31) // its first day falls where nobody is at work, and is made up for
	m.due("Rehomed", "Ali", 17)
	m.when(10, "09:00", `update patient set status = 'rehomed' where name = 'Ali'`)
	return []string{
		"5 09:00 pack: Care due for Tia and Uma", "15 09:00 pack: Care due for Tia and Uma",
		"9 09:00 given: Care due for Val",
		"15 09:00 clocks: Care due for Wim", "25 16:00 clocks: Care due for Wim",
		"21 09:00 snoozed: Care due for Xan",
		"17 09:00 coming: Care due for Yul",
		"25 16:00 away: Care due for Zoe",
	}
}

// explains holds what was written down and not sent to its reason, and to the list of those to call.
func (m *month) explains() {
	m.t.Helper()
	rows, err := m.pool.Query(m.t.Context(), `
		select c.last_name || ': ' || m.status || ': ' || m.status_reason || case when m.needs_call then ' Call.' else '' end
		  from message m
		  join client c on c.id = m.client_id
		 where m.status <> 'sent'
		 order by 1`)
	if err != nil {
		m.t.Fatal(err)
	}
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		m.t.Fatal(err)
	}
	want := []string{
		"Bounced: failed: The client's e-mail address does not exist. (The mail server answered 550 5.1.1.) Call.",
		"Bounced: suppressed: Earlier e-mail to this address came back. Call.",
		"Dropped: suppressed: The visit was cancelled.",
		"Gone: suppressed: The patient is recorded as deceased.",
		"Moved: suppressed: The visit was moved.",
		"Old: suppressed: The household was merged into another one.",
		"Optout: suppressed: The client has asked for no e-mail. Call.",
		"Rehomed: suppressed: The patient does not come here any more.",
	}
	if !slices.Equal(got, want) {
		m.t.Errorf("what was not sent says:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
