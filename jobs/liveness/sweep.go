package liveness

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// sweep gives back the jobs of workers that died. Of several processes one sweeps at a time. A worker that is stopped
// in a debugger or on a busy machine keeps its lock and is left alone, however long that takes.
func (g *Guard) sweep(ctx context.Context, tx pgx.Tx) error {
	var mine bool
	if err := tx.QueryRow(ctx, `select pg_try_advisory_xact_lock($1, 0)`, lockClass).Scan(&mine); err != nil || !mine {
		return err
	}
	inDoubt, err := g.inDoubt(ctx, tx)
	if err != nil {
		return err
	}

	now := time.Now()
	maps.DeleteFunc(g.suspects, func(id int, _ time.Time) bool { return !slices.Contains(inDoubt, id) })
	var dead []int
	for _, id := range inDoubt {
		since, known := g.suspects[id]
		switch {
		case !known && g.suspects == nil:
			g.suspects = map[int]time.Time{id: now}
		case !known:
			g.suspects[id] = now
		case now.Sub(since) >= deadAfter:
			dead = append(dead, id)
		}
	}
	if len(dead) == 0 {
		return nil
	}
	return g.bury(ctx, tx, dead)
}

// inDoubt are the leases that were not renewed and whose lock nobody holds. Until the transaction ends we hold the
// lock and the row, so that their worker cannot come back meanwhile.
func (g *Guard) inDoubt(ctx context.Context, tx pgx.Tx) ([]int, error) {
	rows, _ := tx.Query(ctx, `
		with stale as materialized (
		  select id
		    from job_worker
		   where id <> $1 and lost_at is null and seen_at < clock_timestamp() - $2::interval
		     for update skip locked
		)
		select id
		  from stale
		 where pg_try_advisory_xact_lock($3, id)`, g.lease.id, staleAfter, lockClass)
	return pgx.CollectRows(rows, pgx.RowTo[int])
}

// bury makes the jobs of dead workers available again, at once. The try counts, with a line that says what happened:
// a job that kills its worker ends after its last try instead of killing them all.
func (g *Guard) bury(ctx context.Context, tx pgx.Tx, dead []int) error {
	rows, _ := tx.Query(ctx, `
		with given_back as (
		  update river_job
		     set state = ended.state,
		         scheduled_at = case when ended.state = 'available' then now() else scheduled_at end,
		         finalized_at = case when ended.state = 'available' then null else now() end,
		         errors = array_append(errors, jsonb_build_object(
		           'at', now(), 'attempt', attempt, 'trace', '',
		           'error', 'the worker process was lost: ' || ended.host || ' ' || ended.pid))
		    from (
		      select job.id, worker.id as worker, worker.host, worker.pid,
		             case
		               when job.metadata ? 'cancel_attempted_at' then 'cancelled'
		               when job.attempt >= job.max_attempts then 'discarded'
		               else 'available'
		             end::river_job_state as state
		        from job_worker worker
		        join river_job job on job.attempted_by[cardinality(job.attempted_by)] = worker.client
		       where worker.id = any($1) and job.state = 'running'
		    ) ended
		   where river_job.id = ended.id and river_job.state = 'running'
		  returning ended.worker
		)
		update job_worker
		   set lost_at = now(), jobs_given_back = (select count(*) from given_back where worker = job_worker.id)
		 where id = any($1)
		returning client, jobs_given_back`, dead)
	var client string
	var jobs int
	_, err := pgx.ForEachRow(rows, []any{&client, &jobs}, func() error {
		g.log.WarnContext(ctx, "a worker was lost; its jobs were given back", "worker", client, "jobs", jobs)
		return nil
	})
	return err
}
