package liveness

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"purplecross/db/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// leased is a guard that has its lease and beats when the test says so.
func leased(t *testing.T, pool *pgxpool.Pool, client string) *Guard {
	t.Helper()
	guard := New(pool, slog.New(slog.DiscardHandler))
	guard.worker = Worker{Client: client, Queues: []string{"default"}}
	if err := guard.renew(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = guard.giveUp(context.Background(), false) })
	return guard
}

// runningJob is a job that a client took a minute ago.
func runningJob(t *testing.T, pool *pgxpool.Pool, client string, attempt int, metadata string) int64 {
	t.Helper()
	var id int64
	err := pool.QueryRow(t.Context(), `
		insert into river_job (kind, queue, state, attempt, max_attempts, args, metadata, attempted_at, attempted_by)
		values ('anything', 'default', 'running', $2, 3, '{}', $3, now() - interval '1 minute', array['earlier', $1])
		returning id`, client, attempt, metadata).Scan(&id)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func job(t *testing.T, pool *pgxpool.Pool, id int64) (state string, attempt, errors int) {
	t.Helper()
	err := pool.QueryRow(t.Context(), `
		select state, attempt, coalesce(cardinality(errors), 0)
		  from river_job
		 where id = $1`, id).Scan(&state, &attempt, &errors)
	if err != nil {
		t.Fatal(err)
	}
	return state, attempt, errors
}

func (g *Guard) sweepNow(t *testing.T) {
	t.Helper()
	err := pgx.BeginFunc(t.Context(), g.lease.conn, func(tx pgx.Tx) error { return g.sweep(t.Context(), tx) })
	if err != nil {
		t.Fatal(err)
	}
}

// silence makes a lease look as if it was last renewed a minute ago, and the watcher as if it had watched since.
func silence(t *testing.T, pool *pgxpool.Pool, silent, watcher *Guard) {
	t.Helper()
	if _, err := pool.Exec(t.Context(), `update job_worker set seen_at = now() - interval '1 minute' where id = $1`, silent.lease.id); err != nil {
		t.Fatal(err)
	}
	watcher.sweepNow(t)
	for id := range watcher.suspects {
		watcher.suspects[id] = time.Now().Add(-time.Minute)
	}
	watcher.sweepNow(t)
}

// vanish ends the connection, and waits until PostgreSQL has noticed and freed the lock.
func (g *Guard) vanish(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	_ = g.hangUp(errors.New("gone"))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for held := true; held; {
		err := pool.QueryRow(ctx, `
			select exists (
			  select from pg_locks
			   where locktype = 'advisory' and classid::bigint = $1 and objid::bigint = $2
			     and database = (select oid from pg_database where datname = current_database())
			)`, lockClass, g.lease.id).Scan(&held)
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestOnlyAWorkerWithoutLockAndHeartbeatIsDead(t *testing.T) {
	pool := dbtest.New(t)
	watcher, worker := leased(t, pool, "watcher"), leased(t, pool, "worker")
	id := runningJob(t, pool, "worker", 1, "{}")

	silence(t, pool, worker, watcher)
	if state, _, _ := job(t, pool, id); state != "running" {
		t.Errorf("a worker that is silent but holds its lock is robbed: its job is %s", state)
	}

	worker.vanish(t, pool)
	watcher.sweepNow(t)
	if state, _, _ := job(t, pool, id); state != "running" || len(watcher.suspects) != 1 {
		t.Errorf("at the first doubt the job is %s, %d suspected", state, len(watcher.suspects))
	}
	if err := worker.renew(t.Context()); err != nil { // it comes back in time
		t.Fatal(err)
	}
	watcher.sweepNow(t)
	if len(watcher.suspects) != 0 {
		t.Error("a worker that came back is still suspected")
	}

	worker.vanish(t, pool)
	last, cancelled := runningJob(t, pool, "worker", 3, "{}"), runningJob(t, pool, "worker", 1, `{"cancel_attempted_at": "2026-03-08T09:00:00Z"}`)
	others := runningJob(t, pool, "somebody", 1, "{}")
	silence(t, pool, worker, watcher)
	for id, want := range map[int64]string{id: "available", last: "discarded", cancelled: "cancelled", others: "running"} {
		state, _, lines := job(t, pool, id)
		if state != want || (want != "running") != (lines == 1) {
			t.Errorf("the job is %s with %d errors, not %s", state, lines, want)
		}
	}
	if err := worker.renew(t.Context()); !errors.Is(err, ErrLost) {
		t.Errorf("a worker back from the dead hears %v", err)
	}
	if err := worker.renew(t.Context()); err != nil {
		t.Errorf("it gets no new lease: %v", err)
	}
}

func TestAJobThatNobodyWorksIsGivenBackWithItsTry(t *testing.T) {
	pool := dbtest.New(t)
	guard := leased(t, pool, "worker")
	forgotten, working := runningJob(t, pool, "worker", 2, "{}"), runningJob(t, pool, "worker", 1, "{}")
	guard.held[working] = &held{attempt: 1}

	for range 2 {
		if state, _, _ := job(t, pool, forgotten); state != "running" {
			t.Errorf("it is %s before it was seen twice", state)
		}
		if err := guard.audit(t.Context()); err != nil {
			t.Fatal(err)
		}
	}

	if state, attempt, lines := job(t, pool, forgotten); state != "available" || attempt != 1 || lines != 0 {
		t.Errorf("it is %s after %d tries with %d errors", state, attempt, lines)
	}
	if state, _, _ := job(t, pool, working); state != "running" {
		t.Errorf("a job at work is %s", state)
	}
}

func TestAnOutcomeThatRiverGaveUpIsWrittenDown(t *testing.T) {
	pool := dbtest.New(t)
	guard := leased(t, pool, "worker")
	id := runningJob(t, pool, "worker", 1, "{}")
	at := time.Now()
	outcome := &riverdriver.JobSetStateIfRunningManyParams{
		ID: []int64{id}, Attempt: []*int{nil}, ErrData: [][]byte{nil}, FinalizedAt: []*time.Time{&at}, MetadataDoMerge: []bool{false},
		MetadataUpdates: [][]byte{nil}, ScheduledAt: []*time.Time{nil}, State: []rivertype.JobState{rivertype.JobStateCompleted},
	}
	guard.held[id] = &held{attempt: 1, ended: at}
	guard.note(outcome, errors.New("PostgreSQL is away"))
	guard.held[id].tried = at.Add(-time.Minute)

	for range 2 {
		if err := guard.audit(t.Context()); err != nil {
			t.Fatal(err)
		}
	}

	if state, attempt, _ := job(t, pool, id); state != "completed" || attempt != 1 || len(guard.held) != 0 {
		t.Errorf("it is %s after %d tries; %d held", state, attempt, len(guard.held))
	}
}

// Slow is a job that listens to nobody until the gate opens.
type Slow struct {
	InTx bool `json:"in_tx"`
}

// Kind names the job.
func (Slow) Kind() string { return "slow" }

type slowWorker struct {
	river.WorkerDefaults[Slow]
	pool  *pgxpool.Pool
	begun chan int64
	gate  chan struct{}
	ended chan error
}

func (w *slowWorker) Work(ctx context.Context, job *river.Job[Slow]) (err error) {
	w.begun <- job.ID
	<-w.gate
	defer func() { w.ended <- err }()
	ctx = context.WithoutCancel(ctx)
	if !job.Args.InTx {
		return nil
	}
	return pgx.BeginFunc(ctx, w.pool, func(tx pgx.Tx) error {
		_, err := river.JobCompleteTx[*riverpgxv5.Driver](ctx, tx, job)
		return err
	})
}

func TestAWorkerBackFromTheDeadEndsNoJobOfItsSuccessor(t *testing.T) {
	pool := dbtest.New(t)
	guard := New(pool, slog.New(slog.DiscardHandler))
	worker := &slowWorker{pool: pool, begun: make(chan int64, 2), gate: make(chan struct{}), ended: make(chan error, 2)}
	workers := river.NewWorkers()
	river.AddWorker(workers, worker)
	client, err := river.NewClient(guard.Driver(), &river.Config{
		Queues: map[string]river.QueueConfig{"default": {MaxWorkers: 2}}, Workers: workers, Logger: guard.log,
		Middleware: []rivertype.Middleware{guard.Middleware()},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(guard.Start(t.Context(), Worker{Client: client.ID(), Queues: []string{"default"}}), client.Start(context.WithoutCancel(t.Context()))); err != nil {
		t.Fatal(err)
	}
	if _, err := client.InsertMany(t.Context(), []river.InsertManyParams{{Args: Slow{}}, {Args: Slow{InTx: true}}}); err != nil {
		t.Fatal(err)
	}
	ids := []int64{<-worker.begun, <-worker.begun}

	// What the others do who take it for dead, and then a successor who takes the jobs.
	_, err = pool.Exec(t.Context(), `
		with buried as (
		  update job_worker set lost_at = now()
		)
		update river_job set attempt = 2, attempted_by = array_append(attempted_by, 'successor')`)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for again := false; !again && ctx.Err() == nil; {
		if err := pool.QueryRow(ctx, `select exists (select from job_worker where lost_at is null)`).Scan(&again); err != nil {
			t.Fatal(err)
		}
	}
	close(worker.gate)
	refused := errors.Join(<-worker.ended, <-worker.ended)

	if !errors.Is(refused, rivertype.ErrNotFound) {
		t.Errorf("the transaction that completes a successor's job goes on: %v", refused)
	}
	if err := errors.Join(client.Stop(ctx), guard.Stop(ctx)); err != nil { // which writes down the last outcomes
		t.Fatal(err)
	}
	for _, id := range ids {
		if state, attempt, lines := job(t, pool, id); state != "running" || attempt != 2 || lines != 0 {
			t.Errorf("the successor's job is %s after %d tries with %d errors", state, attempt, lines)
		}
	}
}
