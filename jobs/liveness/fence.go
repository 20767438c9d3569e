package liveness

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"
)

// held is a job from its start until its outcome is written down.
type held struct {
	attempt   int
	breakOff  context.CancelCauseFunc
	contested bool                                        // others may have it: they took us for dead
	ended     time.Time                                   // when its worker returned, zero before
	outcome   *riverdriver.JobSetStateIfRunningManyParams // what River could not write down
	tried     time.Time                                   // when it last tried
}

// Middleware knows which jobs are worked here, and breaks them off when the lease is lost. It goes innermost.
func (g *Guard) Middleware() rivertype.Middleware { return &watch{guard: g} }

type watch struct {
	river.MiddlewareDefaults
	guard *Guard
}

// Work runs the job.
func (w *watch) Work(ctx context.Context, job *rivertype.JobRow, work func(context.Context) error) error {
	if w.guard.sinceRenewal() > breakOffAfter {
		return river.JobSnooze(beat)
	}
	ctx, breakOff := context.WithCancelCause(ctx)
	defer breakOff(nil)
	mine := &held{attempt: job.Attempt, breakOff: breakOff}
	w.guard.mutex.Lock()
	w.guard.held[job.ID] = mine
	w.guard.mutex.Unlock()
	defer func() { // also when it panics
		w.guard.mutex.Lock()
		mine.ended = time.Now()
		w.guard.mutex.Unlock()
	}()

	err := work(ctx)
	if err != nil && errors.Is(context.Cause(ctx), ErrLost) {
		return river.JobSnooze(0) // not the job's fault: the try does not count
	}
	return err
}

// breakOff ends the contexts of all jobs at work; they may be others' by now.
func (g *Guard) breakOff() {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	for _, job := range g.held {
		job.contested = true
		job.breakOff(ErrLost)
	}
}

// Driver is River's driver for PostgreSQL, with a fence: River ends a job that runs, whoever runs it. Ours ends a job
// only for the try that this process made. And it finds no work while an administrator wants this process to take none.
func (g *Guard) Driver() riverdriver.Driver[pgx.Tx] { return g.driver() }

func (g *Guard) driver() *driver { return &driver{riverpgxv5.New(g.pool), g} }

type driver struct {
	*riverpgxv5.Driver
	guard *Guard
}

// GetExecutor is the pool's.
func (d *driver) GetExecutor() riverdriver.Executor {
	return executor{d.Driver.GetExecutor(), d.guard, false}
}

// UnwrapExecutor is a transaction's.
func (d *driver) UnwrapExecutor(tx pgx.Tx) riverdriver.ExecutorTx {
	inTx := d.Driver.UnwrapExecutor(tx)
	return executorTx{inTx, executor{inTx, d.guard, true}}
}

// UnwrapTx is the transaction again.
func (d *driver) UnwrapTx(tx riverdriver.ExecutorTx) pgx.Tx {
	if ours, is := tx.(executorTx); is {
		tx = ours.ExecutorTx
	}
	return d.Driver.UnwrapTx(tx)
}

// JobGetAvailable takes jobs to work, none while this process rests.
func (e executor) JobGetAvailable(ctx context.Context, params *riverdriver.JobGetAvailableParams) (*riverdriver.JobGetAvailableResult, error) {
	if e.guard.Resting() {
		return &riverdriver.JobGetAvailableResult{}, nil
	}
	return e.Executor.JobGetAvailable(ctx, params)
}

type executorTx struct {
	riverdriver.ExecutorTx
	fence executor
}

// JobSetStateIfRunningMany is executor's.
func (e executorTx) JobSetStateIfRunningMany(ctx context.Context, outcomes *riverdriver.JobSetStateIfRunningManyParams) ([]*rivertype.JobRow, error) {
	return e.fence.JobSetStateIfRunningMany(ctx, outcomes)
}

type executor struct {
	riverdriver.Executor
	guard *Guard
	inTx  bool
}

// JobSetStateIfRunningMany writes outcomes down, of jobs that are still this process's. It keeps those that could not
// be written for the audit.
func (e executor) JobSetStateIfRunningMany(ctx context.Context, outcomes *riverdriver.JobSetStateIfRunningManyParams) ([]*rivertype.JobRow, error) {
	var jobs []*rivertype.JobRow
	var err error
	switch {
	case !e.guard.doubts(outcomes.ID):
		jobs, err = e.Executor.JobSetStateIfRunningMany(ctx, outcomes)
	case e.inTx:
		jobs, err = e.guard.setOwn(ctx, e.Executor, outcomes)
	default:
		jobs, err = e.inOwnTx(ctx, outcomes)
	}
	if !e.inTx { // a transaction may still be rolled back; River ends its job once more anyway
		e.guard.note(outcomes, err)
	}
	return jobs, err
}

func (e executor) inOwnTx(ctx context.Context, outcomes *riverdriver.JobSetStateIfRunningManyParams) ([]*rivertype.JobRow, error) {
	tx, err := e.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	jobs, err := e.guard.setOwn(ctx, tx, outcomes)
	if err != nil {
		return nil, err
	}
	return jobs, tx.Commit(ctx)
}

// setOwn locks the jobs that are still ours, and ends those.
func (g *Guard) setOwn(ctx context.Context, tx riverdriver.Executor, outcomes *riverdriver.JobSetStateIfRunningManyParams) ([]*rivertype.JobRow, error) {
	var own []int64
	err := tx.QueryRow(ctx, `
		select coalesce(array_agg(id), '{}')
		  from (
		    select job.id
		      from river_job job
		      join unnest($1::bigint[], $2::int[]) as held(id, attempt) on held.id = job.id and held.attempt in (job.attempt, 0)
		     where job.state = 'running' and job.attempted_by[cardinality(job.attempted_by)] = $3
		       for update of job
		  ) own`, outcomes.ID, g.attempts(outcomes.ID), g.worker.Client).Scan(&own)
	if err != nil || len(own) == 0 {
		return nil, err
	}
	return tx.JobSetStateIfRunningMany(ctx, only(outcomes, own))
}
