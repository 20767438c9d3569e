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
)

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
		for _, kept := range []struct {
			state rivertype.JobState
			count int
			age   time.Duration
		}{
			{rivertype.JobStateCompleted, queue.KeepCompleted, queue.KeepCompletedFor},
			{rivertype.JobStateDiscarded, queue.KeepGivenUp, queue.KeepGivenUpFor},
			{rivertype.JobStateCancelled, queue.KeepGivenUp, queue.KeepGivenUpFor},
		} {
			if err := trim(ctx, queue.Name, kept.state, kept.count, kept.age); err != nil {
				return err
			}
		}
	}
	return nil
}

// trim deletes in bites of 10,000, River's most.
func trim(ctx context.Context, queue string, state rivertype.JobState, keep int, age time.Duration) error {
	const bite = 10_000
	client := river.ClientFromContext[pgx.Tx](ctx)
	// River's own arguments share the names' space, so ours are spelled apart from them; and it adds its conditions with
	// a bare and, so ours have parentheses.
	surplus := river.NewJobDeleteManyParams().Queues(queue).States(state).First(bite).Where(`
		(finalized_at < now() - @trim_age::interval or id not in (
		  select id
		    from river_job
		   where queue = @trim_queue and state = @trim_state::river_job_state
		   order by finalized_at desc, id desc
		   limit @trim_keep))`,
		river.NamedArgs{"trim_queue": queue, "trim_state": string(state), "trim_keep": keep, "trim_age": age})
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

// ForgetNotifications deletes news that is old, and the oldest of whoever has too much.
type ForgetNotifications struct{}

// Kind names the job.
func (ForgetNotifications) Kind() string { return "forget_notifications" }

// InsertOpts are the default queue's, one at a time.
func (ForgetNotifications) InsertOpts() river.InsertOpts { return once(Default) }

type notificationForgetter struct {
	inQueue[ForgetNotifications]
	pool *pgxpool.Pool
}

func (w *notificationForgetter) Work(ctx context.Context, _ *river.Job[ForgetNotifications]) error {
	return db.ForgetNotifications(ctx, w.pool)
}
