// Package demo makes a clinic that is not there: a week of believable work behind it, a full day today and two weeks
// ahead, for a few thousand households; and, with Seed, as many more as one asks for. Everything is drawn from a fixed
// seed, so the same moment makes the same clinic. It reads nothing but its own small files, and knows no HTTP.
//
// Some households and patients are always there under the same names, see ReillyID and the constants below it.
package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Password signs in every person of the demo clinic: reception@, nurse@, vet@, manager@, admin@ and
// designer@demo.clinic. The caller sees to it that no production system is filled.
const Password = "demo-clinic"

// Options says how large the demo clinic is, and when it is.
type Options struct {
	Now      time.Time // the moment that is today's; zero for the real one
	Clients  int       // households; 0 for 2,000, at least those with names
	Patients int       // 0 for 3,400, at least one a household and at most nine
	Progress func(done, total int)
}

const fillLock = 0x64656d6f // "demo"

// Fill makes the demo clinic, unless the database has a clinic or staff already: then it does nothing. All is one
// transaction, and a second process that starts at the same time waits and finds it done. The session's time zone is
// the clinic's.
func Fill(ctx context.Context, pool *pgxpool.Pool, options Options) error {
	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, fillLock); err != nil {
			return err
		}
		var there bool
		if err := tx.QueryRow(ctx, `select exists (select from clinic) or exists (select from staff)`).Scan(&there); err != nil || there {
			return err
		}
		return fill(ctx, tx, options)
	})
	if err != nil {
		return fmt.Errorf("fill demo clinic: %w", err)
	}
	return nil
}

func fill(ctx context.Context, tx pgx.Tx, options Options) error {
	zone, err := clinicZone(ctx, tx)
	if err != nil {
		return err
	}
	if options.Now.IsZero() {
		options.Now = time.Now()
	}
	if options.Clients == 0 {
		options.Clients = 2000
	}
	if options.Patients == 0 {
		options.Patients = options.Clients * 17 / 10
	}
	load, err := startLoad(ctx, tx, options.Progress)
	if err != nil {
		return err
	}
	if err := writeTeam(ctx, tx); err != nil {
		return err
	}
	firstClient, err := load.firstID("client")
	if err != nil {
		return err
	}
	firstPatient, err := load.firstID("patient")
	if err != nil {
		return err
	}

	m := newNursery(options.Now.In(zone).Truncate(time.Second), 1)
	clients, patients := m.families(options.Clients, options.Patients, firstClient, firstPatient)
	r := m.work(patients)
	messages, audits := r.messages(clients), r.audits(clients)

	load.expect(len(clients) + len(patients) + len(r.visits) + len(r.notes) + len(r.treatments) + len(r.reminders) + len(messages) + len(audits))
	for _, write := range []func() error{
		func() error { return load.clients(clients, patients) },
		func() error { return load.patients(patients, clients) },
		func() error { return load.visits(r.visits) },
		func() error { return load.notes(r.notes) },
		func() error { return load.treatments(r.treatments) },
		func() error { return load.reminders(r.reminders) },
		func() error { return load.messages(messages) },
		func() error { return load.audits(audits) },
		load.finish,
	} {
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}

// clinicZone is the session's time zone.
func clinicZone(ctx context.Context, tx pgx.Tx) (*time.Location, error) {
	var name string
	if err := tx.QueryRow(ctx, `select current_setting('timezone')`).Scan(&name); err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("the clinic's time zone: %w", err)
	}
	return zone, nil
}

func newNursery(now time.Time, seed uint64) *nursery {
	return &nursery{rng: rand.New(rand.NewPCG(seed, 20_190_701)), tables: readTables(), now: now, fits: map[kindOf][]*scenario{}}
}

// families makes the named households, then as many others as asked for.
func (m *nursery) families(clientCount, patientCount int, firstClient, firstPatient int64) ([]client, []patient) {
	var clients []client
	var patients []patient
	for _, household := range named(m.now) {
		c, pets := m.household(household, firstClient+int64(len(clients)), firstPatient+int64(len(patients)))
		clients, patients = append(clients, c), append(patients, pets...)
	}
	more := max(0, clientCount-len(clients))
	for _, pets := range petCounts(m.rng, more, min(max(more, patientCount-len(patients)), more*houseful)) {
		created := m.openTime(m.now.Add(-time.Duration(m.rng.Float64() * float64(years(6)))))
		c := m.client(firstClient+int64(len(clients)), len(clients), created)
		for i := range pets {
			if i > 0 {
				created = *m.between(c.created)
			}
			patients = append(patients, m.patient(firstPatient+int64(len(patients)), c, created))
		}
		clients = append(clients, c)
	}
	return clients, patients
}

// work fills the diary and writes up what was done.
func (m *nursery) work(patients []patient) *records {
	y, month, date := m.now.Date()
	d := &diary{
		nursery: m, patients: patients, today: time.Date(y, month, date, 0, 0, 0, 0, m.now.Location()),
		taken: map[vetDay]uint64{}, seenOn: map[int64][]int{},
	}
	d.history()
	d.fill()
	d.squeeze()
	slices.SortStableFunc(d.visits, func(a, b visit) int { return a.created.Compare(b.created) })
	for i := range d.visits {
		d.visits[i].id = int64(i) + 1
	}
	r := &records{diary: d, kept: map[int64][]*protocol{}, last: map[given]int{}}
	r.write()
	return r
}
