package demo

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"purplecross/db/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// tuesday is ten past two in the afternoon.
var tuesday = time.Date(2026, 11, 24, 14, 10, 0, 0, zone())

func zone() *time.Location {
	zone, err := time.LoadLocation(dbtest.Zone)
	if err != nil {
		panic(err)
	}
	return zone
}

func small(now time.Time) Options { return Options{Now: now, Clients: 80, Patients: 130} }

// count answers a question with one number.
func count(t *testing.T, pool *pgxpool.Pool, sql string, args ...any) int {
	t.Helper()
	var n int
	if err := pool.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return n
}

func TestDemoClinicHasItsPeopleAndItsNamedHouseholds(t *testing.T) {
	pool := dbtest.New(t)
	if err := Fill(t.Context(), pool, small(tuesday)); err != nil {
		t.Fatal(err)
	}

	for _, role := range []string{"reception", "nurse", "vet", "manager", "admin", "designer"} {
		var hash string
		err := pool.QueryRow(t.Context(), `select password_hash from staff where email = $1 || '@demo.clinic' and role = $1::staff_role`, role).Scan(&hash)
		if err != nil {
			t.Fatalf("%s: %v", role, err)
		}
		if right, err := argon2id.ComparePasswordAndHash(Password, hash); !right || err != nil {
			t.Errorf("%s cannot sign in: %v", role, err)
		}
	}
	for name, id := range map[string]int{"Coco": CocoID, "Biscuit": BiscuitID, "D'Artagnan": DArtagnanID, "Duchess": DuchessID, "Old Tom": OldTomID, "Nisse": NisseID, "Miso": MisoID} {
		if count(t, pool, `select count(*) from patient where id = $1 and name = $2`, id, name) != 1 {
			t.Errorf("patient %d is not %s", id, name)
		}
	}
	for name, id := range map[string]int{"Reilly": ReillyID, "Núñez": NunezID, "Okafor": OkaforID, "O'Connell": OConnellID, "Kowalczyk": KowalczykID, "Nwosu": NwosuID, "Sørensen": SorensenID, "Tanaka": TanakaID, "Castle": CastleID} {
		if count(t, pool, `select count(*) from client where id = $1 and last_name = $2`, id, name) != 1 {
			t.Errorf("household %d is not %s", id, name)
		}
	}
	if n := count(t, pool, `select count(*) from client c join patient p on p.client_id = c.id where c.search_doc like all (array['%coco%', '%court%'])`); n == 0 {
		t.Error("“coco court” finds nobody")
	}
	if n := count(t, pool, `select count(*) from reminder where patient_id = $1 and protocol_id = 2 and status = 'open' and due_on < $2`, CocoID, tuesday); n != 1 {
		t.Errorf("Coco has %d overdue DHPP reminders, not 1", n)
	}
	if n := count(t, pool, `select count(*) from appointment where patient_id in ($1, $2) and starts_at > $3`, CocoID, BiscuitID, tuesday.AddDate(0, 0, -7)); n != 0 {
		t.Errorf("the Reillys have %d visits in the diary's weeks", n)
	}
}

// The clocks changed on 1 November 2026 and 14 March 2027; 22 November is a Sunday.
func TestDiaryIsTrueAtAnyHour(t *testing.T) {
	for _, now := range []time.Time{
		tuesday,
		time.Date(2026, 11, 22, 11, 0, 0, 0, zone()),
		time.Date(2026, 11, 2, 3, 30, 0, 0, zone()),
		time.Date(2027, 3, 13, 23, 59, 0, 0, zone()),
		time.Date(2028, 2, 29, 8, 0, 0, 0, zone()),
	} {
		t.Run(now.Format(time.RFC3339), func(t *testing.T) {
			pool := dbtest.New(t)
			if err := Fill(t.Context(), pool, small(now)); err != nil {
				t.Fatal(err)
			}
			for what, sql := range map[string]string{
				"visits outside opening hours": `select count(*) from appointment a where not exists (
					select from opening_hours h where h.weekday = extract(dow from a.starts_at) and a.starts_at::time >= h.opens and a.ends_at::time <= h.closes)`,
				"steps out of order or ahead of now": `select count(*) from appointment where not (
					coalesce(arrived_at, created_at) <= coalesce(roomed_at, 'infinity') and coalesce(roomed_at, created_at) <= coalesce(ready_at, 'infinity')
					and coalesce(ready_at, created_at) <= coalesce(completed_at, 'infinity') and greatest(arrived_at, roomed_at, ready_at, completed_at, cancelled_at, confirmed_at, created_at) <= $1)`,
				"statuses without their time": `select count(*) from appointment where kind = 'visit' and (
					(status = 'completed') <> (completed_at is not null) or status in ('arrived', 'in_room', 'ready') and arrived_at is null)`,
				"past visits without an outcome": `select count(*) from appointment where kind = 'visit' and ends_at < $1::timestamptz - interval '30 minutes' and status in ('booked', 'confirmed', 'arrived', 'in_room', 'ready')`,
				"future visits that happened":    `select count(*) from appointment where starts_at > $1::timestamptz + interval '20 minutes' and status not in ('requested', 'booked', 'confirmed', 'cancelled')`,
				"visits before registration":     `select count(*) from appointment a join patient p on p.id = a.patient_id where a.starts_at < p.created_at or a.created_at < p.created_at`,
				"visits of the dead":             `select count(*) from appointment a join patient p on p.id = a.patient_id where a.starts_at::date > p.deceased_on and a.status not in ('cancelled', 'no_show')`,
				"wrong last visits": `select count(*) from patient p where last_visit_on is distinct from (
					select max(starts_at::date) from appointment a where a.patient_id = p.id and a.status = 'completed')`,
				"notes signed before they were written": `select count(*) from visit_note where signed_at < created_at or signed_at > $1`,
				"open reminders of the dead":            `select count(*) from reminder r join patient p on p.id = r.patient_id where p.status = 'deceased' and r.status in ('open', 'booked')`,
				"unsettled messages":                    `select count(*) from message where status in ('queued', 'sending') or (status = 'sent') <> (status_reason = '')`,
			} {
				args := []any{now}
				if n := count(t, pool, sql+` and ($1::timestamptz is not null)`, args...); n != 0 {
					t.Errorf("%d %s", n, what)
				}
			}
			if n := count(t, pool, `select count(*) from appointment where kind = 'visit' and starts_at::date = $1::timestamptz::date`, now); n < 8 {
				t.Errorf("%d visits today", n)
			}
			for _, day := range []int{-7, 14} {
				if n := count(t, pool, `select count(*) from appointment where kind = 'visit' and starts_at::date between $1::timestamptz::date - 1 and $1::timestamptz::date + 1`, now.AddDate(0, 0, day)); n == 0 {
					t.Errorf("no visits around day %d", day)
				}
			}
		})
	}
}

func TestSearchDocumentsAreThoseOfTheTriggers(t *testing.T) {
	pool := dbtest.New(t)
	if err := Fill(t.Context(), pool, Options{Now: tuesday, Clients: 900, Patients: 1500}); err != nil {
		t.Fatal(err)
	}
	sameDocuments(t, pool)
}

// sameDocuments lets the triggers write all documents anew, and compares.
func sameDocuments(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	for _, table := range []string{"client", "patient"} {
		rows, _ := pool.Query(t.Context(), fmt.Sprintf(`
			with before as materialized (select id, search_doc from %[1]s), after as (update %[1]s set search_doc = '' returning id, search_doc)
			select before.search_doc || ' ≠ ' || after.search_doc from before join after using (id) where before.search_doc <> after.search_doc limit 3`, table))
		different, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range different {
			t.Errorf("%s: %s", table, line)
		}
	}
}

func TestSeveralProcessesStartingAtOnceMakeOneClinic(t *testing.T) {
	pool := dbtest.New(t)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if err := Fill(t.Context(), pool, small(tuesday)); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := count(t, pool, `select count(*) from client`); n != 80 {
		t.Errorf("%d clients, not 80", n)
	}
	if n := count(t, pool, `select count(*) from patient`); n != 130 {
		t.Errorf("%d patients, not 130", n)
	}

	var id int
	err := pool.QueryRow(t.Context(), `insert into client (last_name) values ('New') returning id`).Scan(&id)
	if err != nil || id != 81 {
		t.Errorf("the next client is %d, not 81: %v", id, err)
	}
}

func TestClinicWithStaffOfItsOwnIsLeftAlone(t *testing.T) {
	pool := dbtest.New(t)
	if _, err := pool.Exec(t.Context(), `insert into staff (email, display_name, initials, role, password_hash) values ('a@b.example', 'A', 'A', 'admin', '!')`); err != nil {
		t.Fatal(err)
	}
	if err := Fill(t.Context(), pool, small(tuesday)); err != nil {
		t.Fatal(err)
	}
	if n := count(t, pool, `select (select count(*) from staff) + (select count(*) from client) + (select count(*) from clinic)`); n != 1 {
		t.Errorf("%d rows, not the one that was there", n)
	}
}

func TestDemoComesBesideClientsWhoWereImportedFirst(t *testing.T) {
	pool := dbtest.New(t)
	_, err := pool.Exec(t.Context(), `
		with one as (insert into client (last_name) values ('Imported') returning id)
		insert into patient (client_id, name, species) select id, 'First', 'cat' from one`)
	if err != nil {
		t.Fatal(err)
	}
	if err := Fill(t.Context(), pool, small(tuesday)); err != nil {
		t.Fatal(err)
	}
	if n := count(t, pool, `select count(*) from patient p join client c on c.id = p.client_id where (p.name, c.last_name) in (('First', 'Imported'), ('Coco', 'Reilly'))`); n != 2 {
		t.Errorf("%d of the two are there", n)
	}
}

func TestFillThatIsKilledStartsAgain(t *testing.T) {
	pool := dbtest.New(t)
	ctx, kill := context.WithCancel(t.Context())
	options := small(tuesday)
	options.Progress = func(done, _ int) {
		if done > 250 {
			kill()
		}
	}
	if err := Fill(ctx, pool, options); !errors.Is(err, context.Canceled) {
		t.Fatalf("killed: %v", err)
	}
	if n := count(t, pool, `select (select count(*) from staff) + (select count(*) from client)`); n != 0 {
		t.Errorf("%d rows are left of it", n)
	}
	if err := Fill(t.Context(), pool, small(tuesday)); err != nil {
		t.Fatal(err)
	}
	if count(t, pool, `select count(*) from patient where id = $1 and name = 'Coco'`, CocoID) != 1 {
		t.Error("Coco has another number now")
	}
}

func TestSameMomentMakesTheSameClinic(t *testing.T) {
	var prints [2]string
	for i := range prints {
		pool := dbtest.New(t)
		if err := Fill(t.Context(), pool, small(tuesday)); err != nil {
			t.Fatal(err)
		}
		err := pool.QueryRow(t.Context(), `
			select md5(string_agg(line, '' order by line)) from (
				select c::text as line from client c union all select p::text from patient p union all select a::text from appointment a
				union all select n::text from visit_note n union all select r::text from reminder r union all select m::text from message m) l`).Scan(&prints[i])
		if err != nil {
			t.Fatal(err)
		}
	}
	if prints[0] != prints[1] {
		t.Error("two clinics of one moment differ")
	}
}

func TestNoTwoOfManyOwnersShareATelephone(t *testing.T) {
	seen := map[string]bool{}
	for n := range 60_000 {
		number := phone(n)
		if seen[number] {
			t.Fatalf("%s twice, at the %dth", number, n)
		}
		if seen[number] = true; len(number) != 12 || number[5:10] != "55501" || number[3:5] == "11" {
			t.Fatalf("%s is no number of ours", number)
		}
	}
}
