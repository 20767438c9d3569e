package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"purplecross/db"
	"purplecross/internal/report"
)

// periodic is everything that happens by the clock. Only the leader among the workers inserts them; all must know all.
func periodic() []*river.PeriodicJob {
	every := func(interval time.Duration, args river.JobArgs, id string) *river.PeriodicJob {
		report.Monitor(args.Kind(), interval)
		return river.NewPeriodicJob(river.PeriodicInterval(interval),
			func() (river.JobArgs, *river.InsertOpts) { return args, nil },
			&river.PeriodicJobOpts{ID: id, RunOnStart: true})
	}
	return []*river.PeriodicJob{
		every(5*time.Minute, SettleMessages{}, "settle-messages"),
		every(10*time.Minute, TrimJobs{}, "trim-jobs"),
		every(time.Hour, SweepSessions{}, "sweep-sessions"),
		every(time.Hour, TrimErrors{}, "trim-errors"),
	}
}

// once keeps a tidying job from piling up while no worker runs.
func once(queue Queue) river.InsertOpts {
	options := queue.options()
	options.UniqueOpts = river.UniqueOpts{ByState: unfinished}
	return options
}

// unfinished are the states of a job that will still be worked.
var unfinished = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
	rivertype.JobStateRunning, rivertype.JobStateScheduled,
}

// SettleMessages ends messages whose job was cancelled or deleted by hand.
type SettleMessages struct{}

// Kind names the job.
func (SettleMessages) Kind() string { return "settle_messages" }

// InsertOpts are the default queue's, one at a time.
func (SettleMessages) InsertOpts() river.InsertOpts { return once(Default) }

type settler struct {
	inQueue[SettleMessages]
	pool *pgxpool.Pool
}

func (w *settler) Work(ctx context.Context, _ *river.Job[SettleMessages]) error {
	_, err := db.SettleOrphanedMessages(ctx, w.pool)
	return err
}

// TrimJobs deletes the oldest finished jobs of each queue beyond what it keeps.
type TrimJobs struct{}

// Kind names the job.
func (TrimJobs) Kind() string { return "trim_jobs" }

// InsertOpts are the default queue's, one at a time.
func (TrimJobs) InsertOpts() river.InsertOpts { return once(Default) }

type trimmer struct {
	inQueue[TrimJobs]
}

func (w *trimmer) Work(ctx context.Context, _ *river.Job[TrimJobs]) error {
	for _, queue := range Queues {
		if err := trim(ctx, queue.Name, rivertype.JobStateCompleted, queue.KeepCompleted); err != nil {
			return err
		}
		if err := trim(ctx, queue.Name, rivertype.JobStateDiscarded, queue.KeepDiscarded); err != nil {
			return err
		}
	}
	return nil
}

// trim deletes in bites of 10,000, River's most.
func trim(ctx context.Context, queue string, state rivertype.JobState, keep int) error {
	const bite = 10_000
	client := river.ClientFromContext[pgx.Tx](ctx)
	// River's own arguments share the names' space, so ours are spelled apart from them.
	surplus := river.NewJobDeleteManyParams().Queues(queue).States(state).First(bite).Where(`
		id not in (
		  select id
		    from river_job
		   where queue = @trim_queue and state = @trim_state::river_job_state
		   order by finalized_at desc, id desc
		   limit @trim_keep)`,
		river.NamedArgs{"trim_queue": queue, "trim_state": string(state), "trim_keep": keep})
	for {
		deleted, err := client.JobDeleteMany(ctx, surplus)
		if err != nil {
			return fmt.Errorf("trim %s jobs of queue %s: %w", state, queue, err)
		}
		if len(deleted.Jobs) < bite {
			return nil
		}
	}
}

// SweepSessions removes sessions and failed sign-ins that no longer count.
type SweepSessions struct{}

// Kind names the job.
func (SweepSessions) Kind() string { return "sweep_sessions" }

// InsertOpts are the default queue's, one at a time.
func (SweepSessions) InsertOpts() river.InsertOpts { return once(Default) }

type sweeper struct {
	inQueue[SweepSessions]
	pool *pgxpool.Pool
}

func (w *sweeper) Work(ctx context.Context, _ *river.Job[SweepSessions]) error {
	return db.SweepSessions(ctx, w.pool)
}

// TrimErrors forgets failures that nobody met for long, so that no spike fills the disk.
type TrimErrors struct{}

// Kind names the job.
func (TrimErrors) Kind() string { return "trim_errors" }

// InsertOpts are the default queue's, one at a time.
func (TrimErrors) InsertOpts() river.InsertOpts { return once(Default) }

type errorTrimmer struct {
	inQueue[TrimErrors]
	pool *pgxpool.Pool
}

func (w *errorTrimmer) Work(ctx context.Context, _ *river.Job[TrimErrors]) error {
	_, err := db.TrimErrors(ctx, w.pool)
	return err
}
