package liveness

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
)

// The class of the advisory locks that go with leases ("life" in ASCII); the other half of a lock is job_worker.id. The
// one with 0 is held by the process that sweeps.
const lockClass = 0x6c696665

// lease is what a living worker has: a connection of its own whose session holds the lock, and a row that it renews.
// Either proves that it lives. The lock ends with the process, at once; the row survives a connection that broke.
type lease struct {
	id     int // 0 for none
	conn   *pgx.Conn
	locked bool
}

// renew proves that this process lives, with a new connection and a new lease where the old ones are gone.
func (g *Guard) renew(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	began := time.Now()
	if g.lease.conn == nil {
		if err := g.connect(ctx); err != nil {
			return err
		}
	}
	if g.lease.id == 0 {
		if err := g.register(ctx); err != nil {
			return g.hangUp(err)
		}
	}

	var resting bool
	err := g.lease.conn.QueryRow(ctx, `
		update job_worker
		   set seen_at = clock_timestamp()
		 where id = $1 and lost_at is null
		returning resting_since is not null`, g.lease.id).Scan(&resting)
	if errors.Is(err, pgx.ErrNoRows) {
		g.breakOff() // others took us for dead and have our jobs
		g.lease.id = 0
		return g.hangUp(ErrLost)
	}
	if err != nil {
		return g.hangUp(err)
	}
	g.resting.Store(resting)
	g.renewed.Store(&began)
	if g.lease.locked {
		return nil
	}
	// A session of ours that PostgreSQL still believes in may hold the lock; then the next beat asks again.
	err = g.lease.conn.QueryRow(ctx, `select pg_try_advisory_lock($1, $2)`, lockClass, g.lease.id).Scan(&g.lease.locked)
	return g.hangUp(err)
}

func (g *Guard) connect(ctx context.Context) error {
	settings := g.pool.Config().ConnConfig // a copy
	settings.RuntimeParams["application_name"] = "purple-cross lease"
	settings.RuntimeParams["statement_timeout"] = fmt.Sprint(patience.Milliseconds())
	// A host that has vanished frees its lock within 25 s.
	settings.RuntimeParams["tcp_keepalives_idle"] = "10"
	settings.RuntimeParams["tcp_keepalives_interval"] = "5"
	settings.RuntimeParams["tcp_keepalives_count"] = "3"
	conn, err := pgx.ConnectConfig(ctx, settings)
	if err != nil {
		return fmt.Errorf("connect for the worker's lease: %w", err)
	}
	g.lease.conn, g.lease.locked = conn, false
	return nil
}

func (g *Guard) register(ctx context.Context) error {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return g.lease.conn.QueryRow(ctx, `
		with forgotten as (
		  delete from job_worker
		   where lost_at < now() - interval '7 days'
		)
		insert into job_worker (client, host, pid, version, queues)
		values ($1, $2, $3, $4, $5)
		returning id`, g.worker.Client, host, os.Getpid(), g.worker.Version, g.worker.Queues).Scan(&g.lease.id)
}

// hangUp closes a connection that something went wrong with, and passes on what; the next beat makes another.
func (g *Guard) hangUp(err error) error {
	if err == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = g.lease.conn.Close(ctx)
	g.lease.conn, g.lease.locked = nil, false
	return fmt.Errorf("worker's lease: %w", err)
}

// giveUp ends the lease; in order, when no job depends on it any more.
func (g *Guard) giveUp(ctx context.Context, inOrder bool) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if g.lease.conn == nil {
		return nil
	}
	var err error
	if inOrder {
		_, err = g.lease.conn.Exec(ctx, `delete from job_worker where id = $1 and lost_at is null`, g.lease.id)
	}
	err = errors.Join(err, g.lease.conn.Close(ctx))
	g.lease = lease{}
	g.renewed.Store(nil)
	return err
}
