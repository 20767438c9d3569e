package jobs

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"purplecross/db"
)

// progressPause is how often progress is written down at most, and how soon a cancellation is heard at the latest.
const progressPause = 250 * time.Millisecond

var (
	// errCancelled is the cause of a context that somebody's cancellation ended.
	errCancelled = errors.New("cancelled by a person")
	errRefused   = errors.New("refused: the work says why")
)

// Progress is how far a piece of work is. It is written outside the work's transactions, so that others see it move.
type Progress struct {
	Work db.Work // as it stood when this try began: Done is how much earlier tries managed

	pool   *pgxpool.Pool
	cancel context.CancelCauseFunc
	ended  func()
	quiet  sync.WaitGroup

	mu    sync.Mutex
	done  int64
	total *int64
	lines []db.WorkLine
	moved bool
}

// newProgress begins to report. Its context ends when somebody cancels the work.
func newProgress(ctx context.Context, pool *pgxpool.Pool, work db.Work) (context.Context, *Progress) {
	within, cancel := context.WithCancelCause(ctx)
	ended := make(chan struct{})
	p := &Progress{Work: work, pool: pool, cancel: cancel, done: work.Done, total: work.Total}
	p.ended = sync.OnceFunc(func() { close(ended) })
	p.quiet.Go(func() { p.report(context.WithoutCancel(ctx), ended) })
	return within, p
}

// Step says that n more are done.
func (p *Progress) Step(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done += int64(n)
	p.moved = true
}

// At says how many are done in all, for work that begins again from its start.
func (p *Progress) At(done int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done, p.moved = int64(done), true
}

// Total says how many there are, once that is known.
func (p *Progress) Total(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	total := int64(n)
	p.total, p.moved = &total, true
}

// Log adds a line for the person who waits: a sentence, without a client's name.
func (p *Progress) Log(words string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lines = append(p.lines, db.WorkLine{At: time.Now(), Words: words})
	p.moved = true
}

// Cancelled says whether somebody asked to stop. The work's context has ended then too.
func Cancelled(ctx context.Context) bool { return errors.Is(context.Cause(ctx), errCancelled) }

// Done is how many are done.
func (p *Progress) Done() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return int(p.done)
}

// report writes what is new at most four times a second, until end.
func (p *Progress) report(ctx context.Context, ended <-chan struct{}) {
	beat := time.NewTicker(progressPause)
	defer beat.Stop()
	for {
		select {
		case <-beat.C:
			_ = p.flush(ctx) // the next beat tries again
		case <-ended:
			return
		}
	}
}

func (p *Progress) flush(ctx context.Context) error {
	p.mu.Lock()
	done, total, lines, moved := p.done, p.total, p.lines, p.moved
	p.lines, p.moved = nil, false
	p.mu.Unlock()

	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	asked, err := db.MoveWork(ctx, p.pool, p.Work.ID, done, total, lines, moved)
	if err != nil {
		p.mu.Lock()
		p.lines, p.moved = append(lines, p.lines...), p.moved || moved
		p.mu.Unlock()
		return err
	}
	if asked {
		p.cancel(errCancelled)
	}
	return nil
}

// end stops reporting and writes what is left.
func (p *Progress) end(ctx context.Context) error {
	p.ended()
	p.quiet.Wait()
	defer p.cancel(nil)
	return p.flush(context.WithoutCancel(ctx))
}

// Working does a try at the work with this id, whose job it is, and writes down how it ends. do gets what was asked;
// a job that is tried again finds in progress.Work how far the last one came. A sentence for people is returned as
// db.Invalid: then the work fails for good.
func Working[A river.JobArgs, Asked any](ctx context.Context, pool *pgxpool.Pool, job *river.Job[A], id int64,
	do func(ctx context.Context, progress *Progress, asked Asked) (db.WorkResult, error),
) error {
	var asked Asked
	work, there, err := db.TakeWork(ctx, pool, id, job.ID, &asked)
	if err != nil || !there {
		return err
	}
	ctx = db.WithActor(ctx, db.Actor{StaffID: work.StartedBy, Name: work.Starter, RequestID: fmt.Sprintf("job-%d", job.ID)})
	within, progress := newProgress(ctx, pool, work)
	defer progress.ended() // after a panic too
	result, err := do(within, progress, asked)
	cancelled := err != nil && Cancelled(within)
	if ended := progress.end(ctx); err == nil {
		err = ended
	}

	note, stop := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer stop()
	if err == nil {
		return db.InTx(note, pool, func(tx pgx.Tx) error {
			if err := db.EndWork(note, tx, id, db.WorkDone, result); err != nil {
				return err
			}
			return complete(note, tx, job)
		})
	}
	return errors.Join(cutShort(note, ctx, pool, job.JobRow, id, result, err, cancelled)...)
}

// cutShort writes down why work did not come to its end, and whether it goes on.
func cutShort(note, ctx context.Context, pool *pgxpool.Pool, job *rivertype.JobRow, id int64, result db.WorkResult, err error, cancelled bool) []error {
	end := func(state db.WorkState, sentence string) error {
		if result.Outcome == "" {
			result.Outcome = sentence
		}
		return db.EndWork(note, pool, id, state, result)
	}
	refused := db.Invalid(nil)
	switch {
	case cancelled:
		return []error{end(db.WorkCancelled, "Cancelled."), river.JobCancel(errCancelled)}
	case errors.Is(context.Cause(ctx), rivertype.ErrJobCancelledRemotely):
		return []error{end(db.WorkCancelled, "An administrator stopped it."), err}
	case errors.As(err, &refused):
		return []error{end(db.WorkFailed, refused.Error()), river.JobCancel(errRefused)}
	case errors.Is(ctx.Err(), context.Canceled):
		return []error{err, db.PauseWork(note, pool, id, "Interrupted by a restart. It goes on.")}
	case job.Attempt >= job.MaxAttempts:
		return []error{err, end(db.WorkFailed, "Something went wrong on our side, and it was given up. The administrator sees why under Errors.")}
	}
	return []error{err, db.PauseWork(note, pool, id, "Something went wrong on our side. It is tried again.")}
}

// TidyWork ends work whose job is gone, removes files whose time is over and forgets what is old.
type TidyWork struct{}

// Kind names the job.
func (TidyWork) Kind() string { return "tidy_work" }

// InsertOpts are the default queue's, one at a time.
func (TidyWork) InsertOpts() river.InsertOpts { return once(Default) }

const keepWork = 30 * 24 * time.Hour

type tidier struct {
	inQueue[TidyWork]
	pool *pgxpool.Pool
}

func (w *tidier) Work(ctx context.Context, _ *river.Job[TidyWork]) error {
	return errors.Join(db.ExpireWorkFiles(ctx, w.pool), db.SettleWork(ctx, w.pool, keepWork))
}
