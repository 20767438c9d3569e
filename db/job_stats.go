package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// JobStatBucket is the grain of what is known of the queues' past.
const JobStatBucket = 10 * time.Minute

// JobStat is what was worked of one kind within a bucket. The durations are sums over the tries.
type JobStat struct {
	At        time.Time
	Queue     string
	Kind      string
	Worked    int // tries
	Failed    int // of them
	Wait, Run time.Duration
}

// AddJobStats adds to what is known.
func AddJobStats(ctx context.Context, conn Conn, stats []JobStat) error {
	batch := &pgx.Batch{}
	for _, s := range stats {
		batch.Queue(`
			insert into job_stat (at, queue, kind, worked, failed, wait_ms, run_ms)
			values ($1, $2, $3, $4, $5, $6, $7)
			on conflict (at, queue, kind) do update
			   set worked = job_stat.worked + excluded.worked, failed = job_stat.failed + excluded.failed,
			       wait_ms = job_stat.wait_ms + excluded.wait_ms, run_ms = job_stat.run_ms + excluded.run_ms`,
			s.At, s.Queue, s.Kind, s.Worked, s.Failed, s.Wait.Milliseconds(), s.Run.Milliseconds())
	}
	err := InTx(ctx, conn, func(tx pgx.Tx) error { return tx.SendBatch(ctx, batch).Close() })
	return wrap(err, "add job stats")
}

// NoteJobDepths keeps the most jobs that waited in each queue within a bucket, and forgets what is older than two days.
func NoteJobDepths(ctx context.Context, tx Conn, bucket time.Time) error {
	_, err := tx.Exec(ctx, `
		with forgotten_depths as (
		  delete from job_depth
		   where at < now() - interval '2 days'
		), forgotten_stats as (
		  delete from job_stat
		   where at < now() - interval '2 days'
		)
		insert into job_depth (at, queue, kind, waiting)
		select $1, queue, coalesce(kind, ''), count(*)
		  from river_job
		 where state = 'available' and scheduled_at <= now()
		 group by grouping sets ((queue), (queue, kind))
		on conflict (at, queue, kind) do update
		   set waiting = greatest(job_depth.waiting, excluded.waiting)`, bucket)
	return wrap(err, "note queue depths")
}

// QueuePast is how one queue, or one kind of job in it, fared within one bucket.
type QueuePast struct {
	Bucket  int     `db:"bucket"` // counted from the beginning of the time asked for
	Queue   string  `db:"queue"`
	Kind    string  `db:"kind"`    // "" for the queue as a whole
	Waiting float64 `db:"waiting"` // at most
	Worked  float64 `db:"worked"`  // tries
	WaitMS  float64 `db:"wait_ms"` // on average
	RunMS   float64 `db:"run_ms"`  // on average
}

// ListQueuePasts is how the queues, or the kinds of jobs in them, fared since then, the empty buckets left out.
func ListQueuePasts(ctx context.Context, conn Conn, since time.Time, byKind bool) ([]QueuePast, error) {
	rows, _ := conn.Query(ctx, `
		with stats as (
		  select at, queue, case when $3 then kind else '' end as kind, sum(worked) as worked,
		         sum(wait_ms) / sum(worked) as wait_ms, sum(run_ms) / sum(worked) as run_ms
		    from job_stat
		   where at >= $1 and worked > 0
		   group by 1, 2, 3
		)
		select floor(extract(epoch from at - $1) / $2)::int as bucket, queue, kind, coalesce(waiting, 0)::float8 as waiting,
		       coalesce(worked, 0)::float8 as worked, coalesce(wait_ms, 0)::float8 as wait_ms, coalesce(run_ms, 0)::float8 as run_ms
		  from stats
		  full join (select * from job_depth where at >= $1 and (kind <> '') = $3) depth using (at, queue, kind)
		 order by at, queue, kind`, since, JobStatBucket.Seconds(), byKind)
	past, err := pgx.CollectRows(rows, pgx.RowToStructByName[QueuePast])
	return past, wrap(err, "list the queues' past")
}
