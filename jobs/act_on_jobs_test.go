package jobs

import (
	"errors"
	"strconv"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"purplecross/db"
	"purplecross/db/dbtest"
)

func TestAllJobsThatMatchAreActedOnAndNoOthers(t *testing.T) {
	pool := dbtest.New(t)
	client := work(t, pool, "")
	_, err := pool.Exec(t.Context(), `
		insert into river_job (kind, queue, state, attempt, max_attempts, args, finalized_at, scheduled_at)
		select 'old', queue, state::river_job_state, 3, 3, '{}', case state when 'scheduled' then null else now() end, now() + interval '1 day'
		  from unnest(array['elsewhere', 'nowhere']) queue, unnest(array['discarded', 'scheduled']) state, generate_series(1, 450)`)
	if err != nil {
		t.Fatal(err)
	}
	left := func(queue, state string) (count int) {
		t.Helper()
		err := pool.QueryRow(t.Context(), `select count(*) from river_job where kind = 'old' and queue = $1 and state = $2::river_job_state`, queue, state).Scan(&count)
		if err != nil {
			t.Fatal(err)
		}
		return count
	}
	act := func(act string, filter db.JobFilter) db.Work {
		t.Helper()
		count, newest, err := db.CountJobMatches(t.Context(), pool, filter)
		if err != nil {
			t.Fatal(err)
		}
		filter.UpTo = newest
		id, err := client.StartJobAction(t.Context(), JobAction{Act: act, Filter: filter}, count)
		if err != nil {
			t.Fatal(err)
		}
		var done db.Work
		until(t, "it is done", func() bool {
			if done, err = db.GetWork(t.Context(), pool, id); err != nil {
				t.Fatal(err)
			}
			return done.Over()
		})
		return done
	}

	if done := act("retry", db.JobFilter{State: "discarded", Queue: "elsewhere"}); done.State != db.WorkDone || done.Done != 450 || done.Outcome != "450 jobs were retried." {
		t.Errorf("retrying ends %s: %s", done.State, done.Outcome)
	}
	if left("elsewhere", "available") != 450 || left("nowhere", "discarded") != 450 {
		t.Error("not those that match were retried")
	}
	if done := act("cancel", db.JobFilter{State: "scheduled", Kind: "old"}); done.Done != 900 || left("nowhere", "cancelled") != 450 || left("elsewhere", "scheduled") != 0 {
		t.Errorf("cancelling ends after %d: %s", done.Done, done.Outcome)
	}
	if done := act("delete", db.JobFilter{State: "available", Queue: "elsewhere"}); done.Done != 450 || left("elsewhere", "available") != 0 {
		t.Errorf("deleting ends after %d: %s", done.Done, done.Outcome)
	}
	if _, err := client.StartJobAction(t.Context(), JobAction{Act: "delete", Filter: db.JobFilter{State: "running"}}, 1); !errors.As(err, new(db.Invalid)) {
		t.Errorf("deleting what runs is answered %v", err)
	}
	var noted int
	if err := pool.QueryRow(t.Context(), `select count(*) from audit_log where action like '% all that match' and entity = 'job'`).Scan(&noted); err != nil || noted != 3 {
		t.Errorf("%d acts are noted (%v)", noted, err)
	}
}

func TestAJobGivenUpIsTriedAgainWithOtherArguments(t *testing.T) {
	pool, office := dbtest.New(t), openPostOffice(t, "127.0.0.1:0")
	client := insertOnly(t, pool)
	message := tell(t, pool, client, db.MessageVisitConfirmation, bookVisit(t, pool))
	_, err := pool.Exec(t.Context(), `update river_job set state = 'discarded', finalized_at = now(), attempt = 150, args = '{"message_id": 999999}' where id = $1`, *message.JobID)
	if err != nil {
		t.Fatal(err)
	}
	retry := func(arguments string) error {
		return db.InTx(t.Context(), pool, func(tx pgx.Tx) error {
			_, err := client.RetryEdited(t.Context(), tx, *message.JobID, arguments)
			return err
		})
	}
	for _, arguments := range []string{"", "no", `{"message": 1}`, `{"message_id": "x"}`, `{"message_id": 1} 2`} {
		if err := retry(arguments); !errors.As(err, new(db.Invalid)) {
			t.Errorf("%q is answered %v", arguments, err)
		}
	}

	if err := retry(`{"message_id": ` + strconv.FormatInt(message.ID, 10) + `}`); err != nil {
		t.Fatal(err)
	}
	work(t, pool, office.url)

	message = untilStatus(t, pool, message.ID, db.MessageSent)
	if len(office.letters()) != 1 {
		t.Errorf("%d letters went out", len(office.letters()))
	}
	if err := retry(`{"message_id": 1}`); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("a job that is replaced already is answered %v", err)
	}
}

func TestAWorkerThatIsToldToTakesNoJobsUntilItIsToldAgain(t *testing.T) {
	pool := dbtest.New(t)
	work := newErrands(t, pool)
	gate := make(chan struct{})
	client := startErrands(t, pool, gate)
	begun := work.errandsOf(t, river.InsertOpts{Queue: Reports.Name})
	until(t, "a job runs", func() bool { return len(work.ran(t)) == 1 })
	tell := func(rest bool) {
		t.Helper()
		workers, err := db.ListJobWorkers(t.Context(), pool)
		if err == nil {
			err = db.RestWorker(t.Context(), pool, int64(workers[0].ID), rest)
		}
		if err != nil {
			t.Fatal(err)
		}
	}

	tell(true)
	until(t, "it has heard that", client.guard.Resting)
	probe := work.errandsOf(t, river.InsertOpts{Queue: Notifications.Name})[0]
	until(t, "it has looked for work since", func() bool { // it does each second, as it renews its lease
		return work.count(t, `select count(*) from job_worker, river_job j where j.id = $1 and seen_at > j.created_at + interval '2 seconds'`, probe) == 1
	})
	if state := jobState(t, pool, probe); state != "available" {
		t.Errorf("a job that came meanwhile is %s", state)
	}
	if jobState(t, pool, begun[0]) != "running" {
		t.Error("what it worked was broken off")
	}

	tell(false)
	until(t, "it takes jobs again", func() bool { return jobState(t, pool, probe) == "running" })
	close(gate)
	until(t, "both are done", func() bool {
		return jobState(t, pool, begun[0]) == "completed" && jobState(t, pool, probe) == "completed"
	})
}
