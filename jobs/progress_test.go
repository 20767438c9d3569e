package jobs

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"purplecross/db"
	"purplecross/db/dbtest"
)

// dig is work of a test.
type dig struct {
	WorkID int64 `json:"work_id"`
}

func (dig) Kind() string                 { return "dig" }
func (dig) InsertOpts() river.InsertOpts { return Reports.options() }

type digging func(ctx context.Context, progress *Progress, asked string) (db.WorkResult, error)

type digger struct {
	inQueue[dig]
	pool *pgxpool.Pool
	do   digging
}

func (w *digger) Work(ctx context.Context, job *river.Job[dig]) error {
	return Working(ctx, w.pool, job, job.Args.WorkID, w.do)
}

// startDigging enqueues the work for a client that does it.
func startDigging(t testing.TB, pool *pgxpool.Pool, do digging) (*Client, int64) {
	t.Helper()
	client, err := New(pool, Options{Work: true, Log: quiet, also: func(settings *river.Config) {
		river.AddWorker(settings.Workers, &digger{inQueue: inQueue[dig]{queue: Reports}, pool: pool, do: do})
	}})
	if err != nil {
		t.Fatal(err)
	}
	var id int64
	err = db.InTx(t.Context(), pool, func(tx pgx.Tx) error {
		if id, err = db.StartWork(t.Context(), tx, db.NewWork{Kind: "dig", Title: "Dig", Unit: "holes", Asked: "deep"}); err != nil {
			return err
		}
		_, err := client.river.InsertTx(t.Context(), tx, dig{id}, nil)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return client, id
}

func start(t *testing.T, client *Client) {
	t.Helper()
	if err := client.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := client.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
}

func readWork(t *testing.T, pool *pgxpool.Pool, id int64) db.Work {
	t.Helper()
	work, err := db.GetWork(context.WithoutCancel(t.Context()), pool, id)
	if err != nil {
		t.Fatal(err)
	}
	return work
}

func untilWork(t *testing.T, pool *pgxpool.Pool, id int64, state db.WorkState) db.Work {
	t.Helper()
	until(t, "the work is "+string(state), func() bool { return readWork(t, pool, id).State == state })
	return readWork(t, pool, id)
}

func TestOthersSeeWorkMoveBeforeItIsDone(t *testing.T) {
	pool := dbtest.New(t)
	goOn := make(chan struct{})
	client, id := startDigging(t, pool, func(ctx context.Context, progress *Progress, asked string) (db.WorkResult, error) {
		progress.Total(10)
		progress.Step(4)
		progress.Log("Asked to dig " + asked + ".")
		<-goOn
		progress.Step(6)
		return db.WorkResult{Outcome: "Ten holes.", Href: "/holes", Label: "Look into them"}, nil
	})
	news := db.ListenForNews(pool, quiet)
	t.Cleanup(news.Close)
	stories, enough := news.Read(db.WorkTopic)
	defer enough()
	start(t, client)

	until(t, "four holes are told of", func() bool {
		story := <-stories
		work := readWork(t, pool, id)
		return len(story.IDs) == 1 && story.IDs[0] == id && work.Done == 4 && work.State == db.WorkRunning
	})
	lines, err := db.WorkLog(t.Context(), pool, id, 10)
	if err != nil || len(lines) != 1 || lines[0].Words != "Asked to dig deep." {
		t.Errorf("log %v, %v", lines, err)
	}
	close(goOn)

	work := untilWork(t, pool, id, db.WorkDone)
	if work.Done != 10 || work.Total == nil || *work.Total != 10 || work.Outcome != "Ten holes." || work.ResultHref != "/holes" || work.FinishedAt == nil {
		t.Errorf("ended as %+v", work)
	}
	if state := jobState(t, pool, *work.RiverJobID); state != "completed" {
		t.Errorf("its job is %s", state)
	}
}

func TestCancelledWorkStopsAndKeepsItsWord(t *testing.T) {
	pool := dbtest.New(t)
	begun := make(chan struct{})
	client, id := startDigging(t, pool, func(ctx context.Context, progress *Progress, _ string) (db.WorkResult, error) {
		progress.Step(3)
		close(begun)
		<-ctx.Done()
		return db.WorkResult{Outcome: "Three holes stay."}, ctx.Err()
	})
	start(t, client)
	<-begun

	if err := db.CancelWork(t.Context(), pool, id); err != nil {
		t.Fatal(err)
	}

	work := untilWork(t, pool, id, db.WorkCancelled)
	if work.Done != 3 || work.Outcome != "Three holes stay." {
		t.Errorf("ended as %+v", work)
	}
	until(t, "its job is cancelled", func() bool { return jobState(t, pool, *work.RiverJobID) == "cancelled" })
}

func TestWorkCancelledBeforeItsTurnIsNeverBegun(t *testing.T) {
	pool := dbtest.New(t)
	client, id := startDigging(t, pool, func(context.Context, *Progress, string) (db.WorkResult, error) {
		t.Error("it was begun")
		return db.WorkResult{}, nil
	})
	if err := db.CancelWork(t.Context(), pool, id); err != nil {
		t.Fatal(err)
	}

	start(t, client)

	until(t, "its job is over", func() bool {
		var open int
		err := pool.QueryRow(t.Context(), `select count(*) from river_job where kind = 'dig' and finalized_at is null`).Scan(&open)
		return err == nil && open == 0
	})
	if work := readWork(t, pool, id); work.State != db.WorkCancelled || !strings.Contains(work.Outcome, "before it began") {
		t.Errorf("ended as %+v", work)
	}
}

func TestWorkThatFailedGoesOnWhereItWasInTheSameRow(t *testing.T) {
	pool := dbtest.New(t)
	tries := 0
	client, id := startDigging(t, pool, func(ctx context.Context, progress *Progress, _ string) (db.WorkResult, error) {
		if tries++; tries == 1 {
			progress.Step(5)
			return db.WorkResult{}, errors.New("the spade broke")
		}
		progress.Step(10 - int(progress.Work.Done))
		return db.WorkResult{Outcome: "Ten."}, nil
	})
	start(t, client)

	work := untilWork(t, pool, id, db.WorkDone)
	if work.Done != 10 || work.ResumedFrom != 5 {
		t.Errorf("ended as %+v", work)
	}
	lines, err := db.WorkLog(t.Context(), pool, id, 10)
	if err != nil || len(lines) != 1 || !strings.Contains(lines[0].Words, "tried again") {
		t.Errorf("log %v, %v", lines, err)
	}
}

func TestWorkRefusedWithASentenceIsNotTriedAgain(t *testing.T) {
	pool := dbtest.New(t)
	client, id := startDigging(t, pool, func(context.Context, *Progress, string) (db.WorkResult, error) {
		return db.WorkResult{}, db.Invalid{"": "There is a pipe here. Dig elsewhere."}
	})
	start(t, client)

	work := untilWork(t, pool, id, db.WorkFailed)
	if work.Outcome != "There is a pipe here. Dig elsewhere." {
		t.Errorf("outcome %q", work.Outcome)
	}
	until(t, "its job is given up", func() bool { return jobState(t, pool, *work.RiverJobID) == "cancelled" })
}

func TestWorkWhoseJobWasDeletedIsSettled(t *testing.T) {
	pool := dbtest.New(t)
	_, id := startDigging(t, pool, nil)
	if _, err := pool.Exec(t.Context(), `update work set river_job_id = 999999`); err != nil {
		t.Fatal(err)
	}

	if err := db.SettleWork(t.Context(), pool, time.Hour); err != nil {
		t.Fatal(err)
	}

	if work := readWork(t, pool, id); work.State != db.WorkFailed || work.FinishedAt == nil {
		t.Errorf("left as %+v", work)
	}
}
