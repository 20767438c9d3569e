package jobs

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"purplecross/db"
	"purplecross/views/ui"
)

// ActOnJobs retries, cancels or deletes all jobs that an administrator means.
type ActOnJobs struct {
	WorkID int64 `json:"work_id"`
}

// Kind names the job.
func (ActOnJobs) Kind() string { return "act_on_jobs" }

// InsertOpts are the default queue's, whatever queue is in trouble, before its tidying.
func (ActOnJobs) InsertOpts() river.InsertOpts {
	options := Default.options()
	options.Priority = 1
	return options
}

// JobAction is what is to be done to which jobs.
type JobAction struct {
	Act    string       `json:"act"` // "retry", "cancel" or "delete"
	Filter db.JobFilter `json:"filter"`
}

// What can be done to jobs in each state.
var jobActs = map[string][]string{
	"retry":  {"discarded", "cancelled", "retryable", "scheduled", "completed"},
	"cancel": {"available", "retryable", "scheduled", "running"},
	"delete": {"available", "retryable", "scheduled", "discarded", "cancelled", "completed"},
}

var jobActsDone = map[string]string{"retry": "retried", "cancel": "cancelled", "delete": "deleted"}

// Check says why an action makes no sense, "" when it does.
func (a JobAction) Check() string {
	states, known := jobActs[a.Act]
	switch {
	case !known:
		return "Choose what to do."
	case !slices.Contains(states, a.Filter.State):
		return fmt.Sprintf("Jobs that are %s cannot be %s.", a.Filter.State, jobActsDone[a.Act])
	}
	return ""
}

// StartJobAction has all jobs that a filter means acted on, on the record, and answers the work that does it.
func (c *Client) StartJobAction(ctx context.Context, action JobAction, count int) (int64, error) {
	if wrong := action.Check(); wrong != "" {
		return 0, db.Invalid{"act": wrong}
	}
	title := map[string]string{"retry": "Retry ", "cancel": "Cancel ", "delete": "Delete "}[action.Act] + ui.Plural(count, "job", "jobs")
	work := db.NewWork{Kind: "jobs", Title: title, Unit: "jobs", Total: int64(count), Asked: action}
	return c.startWork(ctx, work, nil, func(tx pgx.Tx, id int64) (river.JobArgs, error) {
		f := action.Filter
		return ActOnJobs{WorkID: id}, db.Audit(ctx, tx, db.Audited{
			Action: jobActsDone[action.Act] + " all that match", Entity: "job", EntityID: f.UpTo,
			Diff: db.Diff{"queue": {nil, f.Queue}, "kind": {nil, f.Kind}, "state": {nil, f.State}, "jobs": {nil, count}},
		})
	})
}

type jobActor struct {
	inQueue[ActOnJobs]
	pool *pgxpool.Pool
}

// actedTogether is how many jobs are changed in one transaction: a stop falls between two of them.
const actedTogether = 200

func (w *jobActor) Work(ctx context.Context, job *river.Job[ActOnJobs]) error {
	return Working(ctx, w.pool, job, job.Args.WorkID, func(ctx context.Context, progress *Progress, asked JobAction) (db.WorkResult, error) {
		if wrong := asked.Check(); wrong != "" {
			return db.WorkResult{}, db.Invalid{"act": wrong}
		}
		asked.Filter.Not = job.ID
		err := w.act(ctx, progress, asked)
		return db.WorkResult{Outcome: acted(asked, progress.Done(), err, Cancelled(ctx))}, err
	})
}

// act goes through the jobs in their order. What it does again, after a restart, they no longer match.
func (w *jobActor) act(ctx context.Context, progress *Progress, asked JobAction) error {
	client := river.ClientFromContext[pgx.Tx](ctx)
	last := int64(0)
	for {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		ids, err := db.ListJobMatches(ctx, w.pool, asked.Filter, last, actedTogether)
		if err != nil || len(ids) == 0 {
			return err
		}
		err = db.InTx(ctx, w.pool, func(tx pgx.Tx) error {
			for _, id := range ids {
				if err := actOn(ctx, tx, client, asked.Act, id); err != nil {
					return err
				}
			}
			_, err := db.SettleOrphanedMessages(ctx, tx)
			return err
		})
		if err != nil {
			return err
		}
		last = ids[len(ids)-1]
		progress.Step(len(ids))
	}
}

// actOn does it to one job. One that is gone meanwhile, or at work, or whose work another has taken up, stays as it is.
func actOn(ctx context.Context, tx pgx.Tx, client *river.Client[pgx.Tx], act string, id int64) error {
	err := pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) (err error) {
		switch act {
		case "retry":
			_, err = client.JobRetryTx(ctx, tx, id)
		case "cancel":
			_, err = client.JobCancelTx(ctx, tx, id)
		default:
			_, err = client.JobDeleteTx(ctx, tx, id)
		}
		return err
	})
	var refused *pgconn.PgError
	switch {
	case errors.Is(err, rivertype.ErrNotFound), errors.Is(err, rivertype.ErrJobRunning), errors.As(err, &refused) && refused.Code == "23505":
		return nil
	case err != nil:
		return fmt.Errorf("%s job %d: %w", act, id, err)
	}
	return nil
}

func acted(asked JobAction, done int, err error, stopped bool) string {
	words := ui.Plural(done, "job", "jobs") + " " + map[bool]string{true: "was ", false: "were "}[done == 1] + jobActsDone[asked.Act]
	switch {
	case err == nil:
		return words + "."
	case stopped:
		return words + " before it was stopped. The rest stays as it was."
	}
	return "" // it is tried again
}
