// Package liveness brings back the jobs that a dead process or an absent database left behind. River's own rescue goes
// by age alone and waits an hour. Here a process holds a lease while it works the queues; others give back the jobs of
// a process whose lease ended without a word (sweep.go); a process looks after outcomes it could not write down
// (audit.go); and it ends no job that is no longer its own (fence.go). It reads and writes river_job directly, so it is
// held by tests to the version of River it was written for.
package liveness

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"purplecross/internal/report"
)

const (
	// A lease is renewed, and the others' are looked at, this often.
	beat = time.Second
	// A lease is in doubt when nobody holds its lock and it was not renewed for this long; three beats may fail.
	staleAfter = 3 * time.Second
	// A worker is dead when its lease was in doubt at every look for this long. The looks are without a break: after
	// PostgreSQL was away, the living need a moment to come back. Together with staleAfter it stays well below the 10 s
	// within which the jobs are to run again.
	deadAfter = 3 * time.Second
	// A process that could not renew for this long checks that a job is still its own before it ends it. Sooner than
	// anybody can take it for dead.
	doubtAfter = 4 * time.Second
	// A process that could not renew for this long breaks off what it works. PostgreSQL drops a connection to a host
	// that has vanished after 25 s (keepalives, see lease.go), so others begin later.
	breakOffAfter = 20 * time.Second
	// Own jobs are audited every so many beats.
	auditBeats = 5
	// No word with PostgreSQL may take longer.
	patience = 3 * time.Second
)

// ErrLost is why the context of a job ends whose process can no longer prove that it lives.
var ErrLost = errors.New("the worker lost its lease")

// Worker is the process that works the queues.
type Worker struct {
	Client  string // as River notes it in attempted_by
	Version string
	Queues  []string
}

// Guard is one process's lease on the jobs it works. Its Driver and Middleware go into the River client that Start
// names.
type Guard struct {
	pool   *pgxpool.Pool
	log    *slog.Logger
	worker Worker

	lease    lease             // the beating goroutine's alone
	suspects map[int]time.Time // leases of others → since when in doubt
	unknown  map[int64]int     // jobs that River says are ours and we do not know → attempt

	resting atomic.Bool // an administrator wants it to take no more jobs

	renewed atomic.Pointer[time.Time] // when the last renewal that succeeded began

	mutex sync.Mutex
	held  map[int64]*held // jobs from their start until their outcome is written down

	stop    context.CancelFunc
	stopped chan struct{}
}

// New makes a guard; it does nothing until Start.
func New(pool *pgxpool.Pool, log *slog.Logger) *Guard {
	return &Guard{pool: pool, log: log, held: map[int64]*held{}}
}

// Start takes the lease and keeps it until Stop. Call it before the client takes its first job.
func (g *Guard) Start(ctx context.Context, worker Worker) error {
	g.worker = worker
	if err := g.renew(ctx); err != nil {
		return err
	}
	ctx, g.stop = context.WithCancel(context.WithoutCancel(ctx))
	g.stopped = make(chan struct{})
	report.Go(ctx, "jobs", "keep lease", func(ctx context.Context) error {
		g.keep(ctx)
		return nil
	})
	return nil
}

// Resting says whether an administrator wants this process to take no more jobs. What it works goes on.
func (g *Guard) Resting() bool { return g.resting.Load() }

// Stop gives the lease back. Call it after the client has stopped. While jobs are still held, because they did not end
// when they were told to, the lease stays for others to find.
func (g *Guard) Stop(ctx context.Context) error {
	if g.stop == nil {
		return nil
	}
	g.stop()
	<-g.stopped
	g.stop = nil

	g.mutex.Lock()
	left := len(g.held)
	g.mutex.Unlock()
	return g.giveUp(ctx, left == 0)
}

func (g *Guard) keep(ctx context.Context) {
	defer close(g.stopped)
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for beats := 1; ; beats++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := g.look(ctx, beats%auditBeats == 0)
		if err == nil || ctx.Err() != nil {
			continue
		}
		g.suspects, g.unknown = nil, nil // what was not watched without a break proves nothing
		g.log.WarnContext(ctx, "the lease of this worker was not renewed", "error", err)
		if g.sinceRenewal() > breakOffAfter {
			g.breakOff()
		}
	}
}

// look is one beat.
func (g *Guard) look(ctx context.Context, audit bool) error {
	if err := g.renew(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := pgx.BeginFunc(ctx, g.lease.conn, func(tx pgx.Tx) error { return g.sweep(ctx, tx) }); err != nil {
		return g.hangUp(err)
	}
	if !audit {
		return nil
	}
	return g.audit(ctx)
}

// sinceRenewal is how long ago the lease was certainly ours, 0 without a lease. The wall clock counts too: the other
// one stands still while a virtual machine sleeps.
func (g *Guard) sinceRenewal() time.Duration {
	at := g.renewed.Load()
	if at == nil {
		return 0
	}
	return max(time.Since(*at), time.Now().Round(0).Sub(at.Round(0)))
}
