package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// JobCount is how many jobs of one queue and kind stand at one state.
type JobCount struct {
	Queue  string     `db:"queue"`
	Kind   string     `db:"kind"`
	State  string     `db:"state"`
	Count  int        `db:"count"`
	Oldest *time.Time `db:"oldest"` // since when the oldest could have been worked, or has been worked on; nil when none
}

// CountJobs counts the jobs by queue, kind and state.
func CountJobs(ctx context.Context, conn Conn) ([]JobCount, error) {
	rows, _ := conn.Query(ctx, `
		select queue, kind, state::text as state, count(*)::int as count,
		       case
		         when state = 'available' then min(scheduled_at) filter (where scheduled_at <= now())
		         when state = 'running' then min(attempted_at)
		       end as oldest
		  from river_job
		 group by queue, kind, state
		 order by queue, kind, state`)
	counts, err := pgx.CollectRows(rows, pgx.RowToStructByName[JobCount])
	return counts, wrap(err, "count jobs")
}

// PausedQueues are the queues that an operator has paused, and since when.
func PausedQueues(ctx context.Context, conn Conn) (map[string]time.Time, error) {
	rows, _ := conn.Query(ctx, `
		select name, paused_at
		  from river_queue
		 where paused_at is not null`)
	paused := map[string]time.Time{}
	var name string
	var since time.Time
	_, err := pgx.ForEachRow(rows, []any{&name, &since}, func() error {
		paused[name] = since
		return nil
	})
	return paused, wrap(err, "list paused queues")
}

// WorkerSeen says whether any process works the queues: among those that do, one leads, and renews that every few
// seconds.
func WorkerSeen(ctx context.Context, conn Conn) (bool, error) {
	var seen bool
	err := conn.QueryRow(ctx, `select exists (select from river_leader where expires_at > now())`).Scan(&seen)
	return seen, wrap(err, "look for a worker")
}

// Job is where a job stands.
type Job struct {
	ID          int64     `db:"id"`
	State       string    `db:"state"`
	Attempt     int       `db:"attempt"`
	MaxAttempts int       `db:"max_attempts"`
	ScheduledAt time.Time `db:"scheduled_at"` // when it is tried next, where it will be
}

// GetJob is the job with this id; finished jobs are deleted after a while, and then it is ErrNotFound.
func GetJob(ctx context.Context, conn Conn, id int64) (Job, error) {
	rows, _ := conn.Query(ctx, `
		select id, state::text as state, attempt, max_attempts, scheduled_at
		  from river_job
		 where id = $1`, id)
	job, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Job])
	return job, wrap(err, "get job %d", id)
}
