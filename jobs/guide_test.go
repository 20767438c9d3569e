package jobs

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"purplecross/db"
	"purplecross/db/dbtest"
)

// What people expect of a queue, one test each: retries with back-off, priority, delay, retention, concurrency, a
// separate worker, monitoring, a unit test of the e-mail job. Schedules and the stop on SIGTERM stand in
// schedules_test.go and recovery_test.go.

func TestRetriesWithBackOff(t *testing.T) {
	pool := dbtest.New(t)
	client := work(t, pool, "smtp://127.0.0.1:1") // nobody listens there
	message := tell(t, pool, client, db.MessageVisitConfirmation, bookVisit(t, pool))

	for try, want := range []time.Duration{2 * time.Second, 4 * time.Second} {
		var least, most time.Duration // since it failed, and since it was seen to have
		until(t, "the next try is planned", func() bool {
			err := pool.QueryRow(t.Context(), `
				select scheduled_at - (errors[cardinality(errors)]->>'at')::timestamptz, scheduled_at - clock_timestamp()
				  from river_job
				 where id = $1 and state <> 'running' and cardinality(errors) = $2`, *message.JobID, try+1).Scan(&most, &least)
			return err == nil
		})
		if most < want*89/100 || least > want*111/100 {
			t.Errorf("after try %d the wait is between %s and %s, not about %s", try+1, least, most, want)
		}
	}
}

// errandsOf inserts errands with these options, one each, and returns their ids.
func (e errands) errandsOf(t *testing.T, options ...river.InsertOpts) []int64 {
	t.Helper()
	ids := make([]int64, len(options))
	for i := range options {
		inserted, err := e.client.river.Insert(t.Context(), Errand{}, &options[i])
		if err != nil {
			t.Fatal(err)
		}
		ids[i] = inserted.Job.ID
	}
	return ids
}

// ran are the errands in the order in which they began.
func (e errands) ran(t *testing.T) []int64 {
	t.Helper()
	rows, _ := e.pool.Query(t.Context(), `select job_id from errand_run order by at`)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func opened() chan struct{} {
	gate := make(chan struct{})
	close(gate)
	return gate
}

func TestPriority(t *testing.T) {
	pool := dbtest.New(t)
	work := newErrands(t, pool)
	ids := work.errandsOf(t, // a queue that works one at a time
		river.InsertOpts{Queue: "imports", Priority: 4}, river.InsertOpts{Queue: "imports", Priority: 2},
		river.InsertOpts{Queue: "imports", Priority: 1}, river.InsertOpts{Queue: "imports", Priority: 3})

	startErrands(t, pool, opened())

	until(t, "all have run", func() bool { return len(work.ran(t)) == 4 })
	if got, want := work.ran(t), []int64{ids[2], ids[1], ids[3], ids[0]}; !slices.Equal(got, want) {
		t.Errorf("they ran as %v, not %v", got, want)
	}
}

func TestDelay(t *testing.T) {
	pool := dbtest.New(t)
	work := newErrands(t, pool)
	startErrands(t, pool, opened())
	ids := work.errandsOf(t, river.InsertOpts{ScheduledAt: time.Now().Add(2 * time.Second)}, river.InsertOpts{})

	until(t, "both have run", func() bool { return len(work.ran(t)) == 2 })

	if got, want := work.ran(t), []int64{ids[1], ids[0]}; !slices.Equal(got, want) {
		t.Errorf("they ran as %v, not %v", got, want)
	}
	if early := work.count(t, `select count(*) from errand_run join river_job on id = job_id where at < scheduled_at`); early != 0 {
		t.Error("the delayed one ran too early")
	}
}

func TestRetentionOnCompleteAndOnFail(t *testing.T) {
	pool := dbtest.New(t)
	_, err := pool.Exec(t.Context(), `
		insert into river_job (kind, queue, state, max_attempts, args, finalized_at)
		select 'old', queue, state::river_job_state, 1, '{}'::jsonb, now() - n * interval '1 minute'
		  from unnest(array['email', 'reports']) queue, unnest(array['completed', 'discarded', 'cancelled']) state, generate_series(1, 600) n
		union all
		select 'old', queue, 'completed', 1, '{}'::jsonb, now() - interval '25 hours' from unnest(array['email', 'reminders']) queue`)
	if err != nil {
		t.Fatal(err)
	}

	work(t, pool, "") // it trims at the start

	until(t, "the surplus is gone", func() bool {
		var kept []string
		rows, _ := pool.Query(t.Context(), `
			select queue || ' ' || state || ' ' || count(*)
			  from river_job
			 where kind = 'old'
			 group by queue, state
			 order by 1`)
		if kept, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
			t.Fatal(err)
		}
		return slices.Equal(kept, []string{
			"email cancelled 500", "email completed 100", "email discarded 500", "reminders completed 1",
			"reports cancelled 500", "reports completed 100", "reports discarded 500",
		})
	})
	var oldest time.Duration
	err = pool.QueryRow(t.Context(), `select now() - min(finalized_at) from river_job where queue = 'email' and state = 'completed'`).Scan(&oldest)
	if err != nil || oldest > 2*time.Hour {
		t.Errorf("not the newest are kept: the oldest is from %s ago (%v)", oldest, err)
	}
}

// A queue that is flooded works as many at once as it may, and no other queue waits for it.
func TestConcurrency(t *testing.T) {
	pool := dbtest.New(t)
	work := newErrands(t, pool)
	gate := make(chan struct{})
	startErrands(t, pool, gate)
	flood := slices.Repeat([]river.InsertOpts{{Queue: Reports.Name, Priority: 1}}, 30)
	work.errandsOf(t, flood...)
	until(t, "the flooded queue is full", func() bool { return len(work.ran(t)) == Reports.Workers })

	other := work.errandsOf(t, river.InsertOpts{Queue: Notifications.Name, Priority: 4})

	until(t, "another queue's job runs", func() bool { return slices.Contains(work.ran(t), other[0]) })
	if running := work.count(t, `select count(*) from river_job where queue = 'reports' and state = 'running'`); running != Reports.Workers {
		t.Errorf("%d run at once, not %d", running, Reports.Workers)
	}
	close(gate)
	until(t, "all have run", func() bool { return len(work.ran(t)) == len(flood)+1 })
}

func TestSeparateWorker(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	web := newErrands(t, pool) // only inserts
	id := web.errandsOf(t, river.InsertOpts{})[0]
	if err := web.client.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if state := jobState(t, pool, id); state != "available" {
		t.Errorf("without a worker the job is %s", state)
	}

	worker := startWorker(t, pool, "")

	until(t, "the other process works it", func() bool {
		return web.count(t, `select count(*) from errand_run where pid = $1`, worker.Process.Pid) == 1
	})
}

func TestMonitoring(t *testing.T) {
	pool := dbtest.New(t)
	work := newErrands(t, pool)
	gate := make(chan struct{})
	defer close(gate)
	client := startErrands(t, pool, gate)
	ids := work.errandsOf(t, river.InsertOpts{Queue: Imports.Name}, river.InsertOpts{Queue: Imports.Name})

	var running []db.RunningJob
	until(t, "one of them runs", func() bool {
		all, err := db.ListRunningJobs(t.Context(), pool)
		if err != nil {
			t.Fatal(err)
		}
		running = slices.DeleteFunc(all, func(job db.RunningJob) bool { return job.Kind != "errand" })
		return len(running) == 1
	})

	if running[0].ID != ids[0] || running[0].Client != client.river.ID() {
		t.Errorf("it is said to run: %+v", running[0])
	}
	workers, err := db.ListJobWorkers(t.Context(), pool)
	if err != nil || len(workers) != 1 || !workers[0].Alive || workers[0].Client != client.river.ID() {
		t.Errorf("the workers are said to be %+v (%v)", workers, err)
	}
	counts, err := db.CountJobs(t.Context(), pool)
	if err != nil {
		t.Fatal(err)
	}
	for _, count := range counts {
		if count.Kind == "errand" && (count.Count != 1 || count.Oldest == nil) {
			t.Errorf("%s: %d, since %v", count.State, count.Count, count.Oldest)
		}
	}
}

func TestThePastOfAQueueIsCounted(t *testing.T) {
	pool := dbtest.New(t)
	work := newErrands(t, pool)
	client := startErrands(t, pool, opened())
	work.errandsOf(t, slices.Repeat([]river.InsertOpts{{Queue: Imports.Name}}, 7)...)
	until(t, "all have run", func() bool {
		return work.count(t, `select count(*) from river_job where kind = 'errand' and state = 'completed'`) == 7
	})

	if err := client.Stop(t.Context()); err != nil { // it writes down what it counted
		t.Fatal(err)
	}

	past, err := db.ListQueuePasts(t.Context(), pool, time.Now().Truncate(db.JobStatBucket).Add(-db.JobStatBucket), false)
	if err != nil {
		t.Fatal(err)
	}
	worked := 0.0
	for _, p := range past {
		if p.Queue == Imports.Name {
			worked += p.Worked
		}
	}
	if worked != 7 {
		t.Errorf("%v tries are counted, not 7: %+v", worked, past)
	}
}

// The worker alone, on a bare client of River.
func TestUnitOfTheEMailJob(t *testing.T) {
	pool := dbtest.New(t)
	office := openPostOffice(t, "127.0.0.1:0")
	message := tell(t, pool, insertOnly(t, pool), db.MessageVisitConfirmation, bookVisit(t, pool))
	server, err := parseServer(office.url, false)
	if err != nil {
		t.Fatal(err)
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &messageSender{inQueue: inQueue[SendMessage]{queue: Email}, pool: pool, post: newMailRoom(server), zone: time.UTC, now: time.Now})
	bare, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		Workers: workers, Queues: map[string]river.QueueConfig{Email.Name: {MaxWorkers: 1}}, Logger: quiet,
	})
	if err != nil {
		t.Fatal(err)
	}
	ended, unsubscribe := bare.Subscribe(river.EventKindJobCompleted, river.EventKindJobFailed)
	defer unsubscribe()

	if err := bare.Start(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	defer bare.Stop(context.Background())
	event := <-ended

	if event.Kind != river.EventKindJobCompleted || event.Job.ID != *message.JobID {
		t.Errorf("the job ended with %s: %v", event.Kind, event.Job.Errors)
	}
	if letters := office.letters(); len(letters) != 1 || !strings.Contains(letters[0], "zoe@example.com") {
		t.Errorf("%d letters went out", len(letters))
	}
	if message = read(t, pool, message.ID); message.Status != db.MessageSent || message.Attempts != 1 {
		t.Errorf("the message is %s after %d tries", message.Status, message.Attempts)
	}
}
