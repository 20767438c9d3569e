package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// SeedOptions says how many households and patients to add.
type SeedOptions struct {
	Clients  int                   // 0 for what the patients need
	Patients int                   // 0 for what the clients have
	Now      time.Time             // zero for the real one
	Progress func(done, total int) // in patients, building the indexes included
}

// seedChunk is how many households are made at a time, which bounds the memory however many there are.
const seedChunk = 4_000

// Seed adds households, their patients and one or two past visits each, by COPY, in one transaction: it is all there
// at the end or nothing is. The indexes stand aside and are built anew, which is what makes a million patients a
// matter of minutes; meanwhile other processes wait. It adds to what is there, so twice is twice as many.
func Seed(ctx context.Context, pool *pgxpool.Pool, options SeedOptions) error {
	if err := options.settle(); err != nil {
		return err
	}
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	defer conn.Release()
	if err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return seed(ctx, tx, options) }); err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	for _, statement := range []string{`set statement_timeout = 0`, `vacuum (analyze) client, patient, appointment`, `reset statement_timeout`} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("seed: %w", err)
		}
	}
	return nil
}

// settle makes the two numbers fit each other: a pet a household at least, a houseful at most.
func (o *SeedOptions) settle() error {
	if o.Clients < 0 || o.Patients < 0 || o.Clients+o.Patients == 0 {
		return errors.New("say how many clients or patients to add")
	}
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	if o.Patients == 0 {
		o.Patients = o.Clients * 161 / 100
	}
	if o.Clients == 0 {
		o.Clients = (o.Patients*62 + 99) / 100
	}
	o.Patients = max(o.Patients, o.Clients)
	o.Clients = max(o.Clients, (o.Patients+houseful-1)/houseful)
	return nil
}

// inPatients turns progress in rows and indexes into patients, which is what was asked for.
func (o SeedOptions) inPatients() func(done, total int) {
	if o.Progress == nil {
		return nil
	}
	return func(done, total int) { o.Progress(int(int64(done)*int64(o.Patients)/int64(total)), o.Patients) }
}

func seed(ctx context.Context, tx pgx.Tx, options SeedOptions) error {
	zone, err := clinicZone(ctx, tx)
	if err != nil {
		return err
	}
	load, err := startLoad(ctx, tx, options.inPatients())
	if err != nil {
		return err
	}
	now := options.Now.In(zone).Truncate(time.Second)
	s := &seeding{loader: load, nursery: newNursery(now, uint64(now.Unix()))}
	s.counts = petCounts(s.rng, options.Clients, options.Patients)
	if _, err := tx.Exec(ctx, `
		select pg_advisory_xact_lock($1), set_config('maintenance_work_mem', '256MB', true)`, fillLock); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `lock table client, patient, appointment in access exclusive mode`); err != nil {
		return err
	}
	aside, err := setAside(ctx, tx, "client", "patient", "appointment")
	if err != nil {
		return err
	}
	rows := options.Clients + options.Patients + options.Patients*3/2
	load.expect(rows + aside.weight(rows))
	if err := s.prepare(options.Patients); err != nil {
		return err
	}
	if err := s.pour(); err != nil {
		return err
	}
	load.done = rows
	if err := aside.restore(load, rows); err != nil {
		return err
	}
	return load.numberOn()
}

// seeding pours households into the database, a chunk at a time.
type seeding struct {
	*loader
	*nursery
	counts                             []uint8
	nextClient, nextPatient, nextVisit int64
	types                              []int64
	firstVet                           int64
	rota                               rota
	madePatients                       int
}

// prepare finds the next ids, and the vets and types that the visits name.
func (s *seeding) prepare(patients int) error {
	for table, next := range map[string]*int64{"client": &s.nextClient, "patient": &s.nextPatient, "appointment": &s.nextVisit} {
		var err error
		if *next, err = s.firstID(table); err != nil {
			return err
		}
	}
	rows, _ := s.tx.Query(s.ctx, `select id from appointment_type where needs_vet and minutes <= 20 order by sort, id limit 3`)
	types, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	if len(types) == 0 {
		return fmt.Errorf("there are no types of visits of 20 minutes or less yet: start the clinic first")
	}
	s.types, s.rota = types, newRota(s.now, patients)
	return s.locums()
}

// locums are the vets of the seeded visits: enough of them that nobody sees two patients at once. They work here no
// more, so nothing offers them.
func (s *seeding) locums() error {
	rows, _ := s.tx.Query(s.ctx, `
		insert into staff (email, display_name, initials, role, password_hash, active)
		select format('locum%s@clinic.example', n), format('Locum %s', n), 'LO', 'vet', '!', false
		from (select count(*) as before from staff where email like 'locum%@clinic.example') b, generate_series(before + 1, before + $1) n
		returning id`, s.rota.vets)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	s.firstVet = ids[0]
	return nil
}

type chunk struct {
	clients  []client
	patients []patient
	visits   []visit
}

// pour makes the next chunk while the one before is being copied.
func (s *seeding) pour() error {
	made := make(chan chunk)
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		defer close(made)
		for n := 0; n < len(s.counts); n += seedChunk {
			select {
			case made <- s.make(n, min(n+seedChunk, len(s.counts))):
			case <-stop:
				return
			}
		}
	}()
	for c := range made {
		if err := s.loader.clients(c.clients, c.patients); err != nil {
			return err
		}
		if err := s.loader.patients(c.patients, c.clients); err != nil {
			return err
		}
		if err := s.loader.visits(c.visits); err != nil {
			return err
		}
	}
	return nil
}

// make makes the households from the nth on.
func (s *seeding) make(n, until int) chunk {
	c := chunk{clients: make([]client, 0, until-n), patients: make([]patient, 0, (until-n)*2), visits: make([]visit, 0, (until-n)*3)}
	for ; n < until; n++ {
		came := s.rota.first(s.madePatients).starts.AddDate(0, 0, -1-s.rng.IntN(10))
		owner := s.client(s.nextClient, n, came)
		s.nextClient++
		for range s.counts[n] {
			c.patients = append(c.patients, s.patient(s.nextPatient, owner, came))
			s.nextPatient++
		}
		c.clients = append(c.clients, owner)
		for i := len(c.patients) - int(s.counts[n]); i < len(c.patients); i++ {
			c.visits = s.visit(c.visits, &c.patients[i])
		}
	}
	return c
}

// visit writes the patient's one or two visits.
func (s *seeding) visit(visits []visit, p *patient) []visit {
	first := s.rota.first(s.madePatients)
	second, comes := s.rota.second(s.madePatients)
	s.madePatients++
	if survived := day(first.starts).AddDate(0, 0, 1); p.died != nil && p.died.Before(survived) {
		p.died = &survived
	}
	visits = append(visits, s.seen(p, first))
	if comes && p.alive(second.starts.AddDate(0, 0, -1)) {
		visits = append(visits, s.seen(p, second))
	}
	return visits
}

// seen is a visit that took place.
func (s *seeding) seen(p *patient, at slot) visit {
	kind := 1 + s.rng.IntN(min(3, len(s.types)))
	why := s.scenarioFor(kind, p)
	if why == nil {
		kind = consultation
		why = s.scenarioFor(kind, p)
	}
	on := day(at.starts)
	p.lastVisit, p.weighedOn = &on, &on
	minute := func(n int) *time.Time {
		then := at.starts.Add(time.Duration(n) * time.Minute)
		return &then
	}
	s.nextVisit++
	return visit{
		id: s.nextVisit - 1, patient: p, vet: s.firstVet + int64(at.vet), visitType: int(s.types[kind-1]), starts: at.starts, ends: *minute(20),
		status: "completed", reason: why.reason, arrived: minute(-5 + s.rng.IntN(6)), roomed: minute(2), ready: minute(14 + s.rng.IntN(6)), completed: minute(24),
		bookedBy: s.firstVet, created: p.created.Add(time.Hour),
	}
}
