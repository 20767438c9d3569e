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

// JobWorker is a process that works the queues, or one that was lost within the last days.
type JobWorker struct {
	ID            int        `db:"id"`
	Client        string     `db:"client"`
	Host          string     `db:"host"`
	PID           int        `db:"pid"`
	Version       string     `db:"version"`
	StartedAt     time.Time  `db:"started_at"`
	SeenAt        time.Time  `db:"seen_at"`
	LostAt        *time.Time `db:"lost_at"`         // when the others took it for dead
	JobsGivenBack int        `db:"jobs_given_back"` // at that time
	Alive         bool       `db:"alive"`           // gave a sign of life just now
	Leads         bool       `db:"leads"`           // River's chores are its
	RestingSince  *time.Time `db:"resting_since"`   // it takes no more jobs
	RestedBy      string     `db:"rested_by"`       // because of whom
}

// ListJobWorkers are the workers, those that live first.
func ListJobWorkers(ctx context.Context, conn Conn) ([]JobWorker, error) {
	rows, _ := conn.Query(ctx, `
		select worker.id, worker.client, worker.host, worker.pid, worker.version, worker.started_at, worker.seen_at,
		       worker.lost_at, worker.jobs_given_back, worker.resting_since, coalesce(s.display_name, '') as rested_by,
		       worker.lost_at is null and worker.seen_at > now() - interval '10 seconds' as alive,
		       exists (
		         select from river_leader leader
		          where leader.leader_id = worker.client and leader.expires_at > now() and worker.lost_at is null
		       ) as leads
		  from job_worker worker
		  left join staff s on s.id = worker.rested_by
		 where lost_at is null or lost_at > now() - interval '1 day'
		 order by alive desc, lost_at desc nulls first, started_at
		 limit 50`)
	workers, err := pgx.CollectRows(rows, pgx.RowToStructByName[JobWorker])
	return workers, wrap(err, "list workers")
}

// RestWorker tells a worker to take no more jobs, or to take them again; ErrNotFound when it is gone.
func RestWorker(ctx context.Context, tx Conn, id int64, rest bool) error {
	var host string
	var pid int
	err := tx.QueryRow(ctx, `
		update job_worker
		   set resting_since = case when $2 then coalesce(resting_since, now()) end, rested_by = case when $2 then nullif($3::bigint, 0) end
		 where id = $1 and lost_at is null
		returning host, pid`, id, rest, ActorFrom(ctx).StaffID).Scan(&host, &pid)
	if err != nil {
		return wrap(err, "rest worker %d", id)
	}
	action := map[bool]string{true: "told to take no jobs", false: "told to take jobs"}[rest]
	return Audit(ctx, tx, Audited{Action: action, Entity: "worker", EntityID: id, Diff: Diff{"host": {nil, host}, "process": {nil, pid}}})
}

// RunningJob is a job at work.
type RunningJob struct {
	ID     int64     `db:"id"`
	Kind   string    `db:"kind"`
	Client string    `db:"client"` // of its worker
	Since  time.Time `db:"since"`
}

// ListRunningJobs are the jobs at work, those first that have been for longest, fifty at most.
func ListRunningJobs(ctx context.Context, conn Conn) ([]RunningJob, error) {
	rows, _ := conn.Query(ctx, `
		select id, kind, coalesce(attempted_by[cardinality(attempted_by)], '') as client, coalesce(attempted_at, created_at) as since
		  from river_job
		 where state = 'running'
		 order by since, id
		 limit 50`)
	jobs, err := pgx.CollectRows(rows, pgx.RowToStructByName[RunningJob])
	return jobs, wrap(err, "list running jobs")
}
