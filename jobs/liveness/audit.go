package liveness

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// A job of ours is looked at by the audit when it runs for this long, and River is done with trying to write down an
// outcome when it has not tried for this long (its tries time out after 10 s and are 4 s apart at most).
const (
	auditFrom  = 10 * time.Second
	riverTries = 20 * time.Second
)

// audit looks after the jobs that the database says this process runs. While PostgreSQL was away River may have given
// up writing outcomes, or may never have heard that a job was given to it; the process lives, so nobody else will find
// them. A known outcome is written down. A job that nobody works, seen at two audits, is made available; it did not
// fail, so its try does not count.
func (g *Guard) audit(ctx context.Context) error {
	rows, _ := g.lease.conn.Query(ctx, `
		select id, attempt
		  from river_job
		 where state = 'running' and attempted_by[cardinality(attempted_by)] = $1
		   and attempted_at < clock_timestamp() - $2::interval`, g.worker.Client, auditFrom)
	unknown, lost := map[int64]int{}, []int64{}
	var id int64
	var attempt int
	_, err := pgx.ForEachRow(rows, []any{&id, &attempt}, func() error {
		if g.holds(id, attempt) {
			return nil
		}
		if before, seen := g.unknown[id]; seen && before == attempt {
			lost = append(lost, id)
		}
		unknown[id] = attempt
		return nil
	})
	if err != nil {
		return g.hangUp(err)
	}
	g.unknown = unknown

	if err := g.writeDown(ctx); err != nil {
		return err // of the pool: the lease's own connection is well
	}
	if len(lost) == 0 {
		return nil
	}
	released, err := g.lease.conn.Exec(ctx, `
		update river_job
		   set state = 'available', attempt = greatest(attempt - 1, 0), scheduled_at = now()
		 where id = any($1) and state = 'running' and attempted_by[cardinality(attempted_by)] = $2`, lost, g.worker.Client)
	if err != nil {
		return g.hangUp(err)
	}
	g.log.WarnContext(ctx, "jobs that nobody worked were given back", "jobs", released.RowsAffected())
	return nil
}

// holds says whether a job is being worked here, or its outcome is still to be written down.
func (g *Guard) holds(id int64, attempt int) bool {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	job, known := g.held[id]
	return known && job.attempt == attempt
}

// writeDown writes the outcomes that River could not, and forgets jobs that ended without any.
func (g *Guard) writeDown(ctx context.Context) error {
	for _, outcome := range g.leftOver() {
		if _, err := g.driver().GetExecutor().JobSetStateIfRunningMany(ctx, outcome); err != nil {
			return err
		}
	}
	return nil
}
