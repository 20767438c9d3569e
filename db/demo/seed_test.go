package demo

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"purplecross/db/dbtest"
)

func TestSeedAddsPatientsToWhatIsThere(t *testing.T) {
	pool := dbtest.New(t)
	if err := Fill(t.Context(), pool, small(tuesday)); err != nil {
		t.Fatal(err)
	}
	before := definitions(t, pool)

	last, total := 0, 0
	options := SeedOptions{Patients: 4000, Now: tuesday, Progress: func(done, of int) {
		if done < last || done > of {
			t.Errorf("progress goes from %d to %d of %d", last, done, of)
		}
		last, total = done, of
	}}
	if err := Seed(t.Context(), pool, options); err != nil {
		t.Fatal(err)
	}
	if last != total || total == 0 {
		t.Errorf("progress ends at %d of %d", last, total)
	}
	if after := definitions(t, pool); after != before {
		t.Errorf("indexes and constraints before:\n%s\nafter:\n%s", before, after)
	}
	if n := count(t, pool, `select count(*) from patient`); n != 130+4000 {
		t.Errorf("%d patients", n)
	}
	if n := count(t, pool, `select count(*) from client`); n != 80+2480 {
		t.Errorf("%d clients", n)
	}
	for what, sql := range map[string]string{
		"seeded patients without a visit": `select count(*) from patient p where id > 130 and not exists (select from appointment a where a.patient_id = p.id and a.status = 'completed' and a.ends_at < $1)`,
		"wrong last visits":               `select count(*) from patient p where $1::timestamptz is not null and last_visit_on is distinct from (select max(starts_at::date) from appointment a where a.patient_id = p.id and a.status = 'completed')`,
		"visits before registration":      `select count(*) from appointment a join patient p on p.id = a.patient_id where a.starts_at < p.created_at or a.created_at < p.created_at and $1::timestamptz is not null`,
		"visits of the dead":              `select count(*) from appointment a join patient p on p.id = a.patient_id where a.starts_at::date > p.deceased_on and a.status = 'completed' and $1::timestamptz is not null`,
	} {
		if n := count(t, pool, sql, tuesday); n != 0 {
			t.Errorf("%d %s", n, what)
		}
	}
	sameDocuments(t, pool)
	if _, err := pool.Exec(t.Context(), `insert into client (last_name) values ('New')`); err != nil {
		t.Error(err)
	}
}

// definitions is every index and constraint, as text.
func definitions(t *testing.T, pool *pgxpool.Pool) string {
	t.Helper()
	var text string
	err := pool.QueryRow(t.Context(), `
		select string_agg(line, E'\n' order by line) from (
			select indexdef as line from pg_indexes where schemaname = 'public'
			union all select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint where connamespace = 'public'::regnamespace) l`).Scan(&text)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestSeedThatIsKilledLeavesNothing(t *testing.T) {
	pool := dbtest.New(t)
	if err := Fill(t.Context(), pool, small(tuesday)); err != nil {
		t.Fatal(err)
	}
	before := definitions(t, pool)
	ctx, kill := context.WithCancel(t.Context())
	err := Seed(ctx, pool, SeedOptions{Patients: 2000, Now: tuesday, Progress: func(int, int) { kill() }})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("killed: %v", err)
	}
	if n := count(t, pool, `select count(*) from patient`); n != 130 {
		t.Errorf("%d patients, not the 130 of before", n)
	}
	if definitions(t, pool) != before {
		t.Error("indexes are missing")
	}
}

func TestSeedMakesTheTwoNumbersFit(t *testing.T) {
	for _, asked := range []struct{ clients, patients, wantClients, wantPatients int }{
		{0, 1_000_000, 620_000, 1_000_000},
		{1000, 0, 1000, 1610},
		{1000, 10, 1000, 1000},
		{10, 1000, 112, 1000},
	} {
		o := SeedOptions{Clients: asked.clients, Patients: asked.patients}
		if err := o.settle(); err != nil || o.Clients != asked.wantClients || o.Patients != asked.wantPatients {
			t.Errorf("%+v became %d clients, %d patients: %v", asked, o.Clients, o.Patients, err)
		}
	}
	if err := (&SeedOptions{}).settle(); err == nil {
		t.Error("nothing was asked for, and nobody said so")
	}
}

func TestNoVetOfTheRotaIsBookedTwice(t *testing.T) {
	r := newRota(tuesday, 70_000)
	seen := map[slot]bool{}
	for n := range 70_000 {
		first := r.first(n)
		second, comes := r.second(n)
		if comes && !second.starts.After(first.starts.AddDate(0, 0, 14)) {
			t.Fatalf("patient %d returns at %s after %s", n, second.starts, first.starts)
		}
		for _, s := range []slot{first, second} {
			if s.starts.IsZero() || (s == second && !comes) {
				continue
			}
			if seen[s] || s.starts.After(tuesday.AddDate(0, 0, -7)) || s.vet >= r.vets {
				t.Fatalf("patient %d: %+v", n, s)
			}
			seen[s] = true
		}
	}
}
