package handlers

import (
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"purplecross/db"
	"purplecross/internal/report"
	"purplecross/jobs"
)

func (e *exposition) pool(stat *pgxpool.Stat) {
	e.family("db_pool_connections", "gauge", "Connections to PostgreSQL, by state.")
	e.number("db_pool_connections", float64(stat.AcquiredConns()), "state", "in_use")
	e.number("db_pool_connections", float64(stat.IdleConns()), "state", "idle")
	e.number("db_pool_connections", float64(stat.MaxConns()), "state", "allowed")
	e.family("db_pool_waits_total", "counter", "How often a connection was waited for.")
	e.number("db_pool_waits_total", float64(stat.EmptyAcquireCount()))
	e.family("db_pool_wait_seconds_total", "counter", "How long connections were waited for.")
	e.number("db_pool_wait_seconds_total", stat.EmptyAcquireWaitTime().Seconds())
}

// queues are the jobs in the database, and how long the oldest that could be worked has waited.
func (e *exposition) queues(counts []db.JobCount, now time.Time) {
	type place struct{ queue, state string }
	depth, oldest := map[place]int{}, map[string]time.Duration{}
	var order []place
	for _, count := range counts {
		at := place{count.Queue, count.State}
		if _, seen := depth[at]; !seen {
			order = append(order, at)
		}
		depth[at] += count.Count
		if count.State == "available" && count.Oldest != nil {
			oldest[count.Queue] = max(oldest[count.Queue], now.Sub(*count.Oldest))
		}
	}
	e.family("jobs", "gauge", "Jobs in the database, by queue and state.")
	for _, at := range order {
		e.number("jobs", float64(depth[at]), "queue", at.queue, "state", at.state)
	}
	e.family("jobs_oldest_waiting_seconds", "gauge", "How long the oldest job that could be worked has waited, by queue.")
	for _, queue := range jobs.Queues {
		e.number("jobs_oldest_waiting_seconds", oldest[queue.Name].Seconds(), "queue", queue.Name)
	}
}

// jobs are the tries of this process.
func (e *exposition) jobs(outcomes []jobs.Outcome) {
	e.family("job_tries_total", "counter", "Tries of jobs that ended here, by kind and outcome.")
	for _, one := range outcomes {
		e.number("job_tries_total", float64(one.Worked), "queue", one.Queue, "kind", one.Kind, "outcome", "worked")
		e.number("job_tries_total", float64(one.Failed), "queue", one.Queue, "kind", one.Kind, "outcome", "failed")
	}
	e.family("job_seconds_total", "counter", "How long tries took, by kind.")
	for _, one := range outcomes {
		e.number("job_seconds_total", one.Took.Seconds(), "queue", one.Queue, "kind", one.Kind)
	}
	e.family("job_wait_seconds_total", "counter", "How long jobs waited for a worker before their tries, by kind.")
	for _, one := range outcomes {
		e.number("job_wait_seconds_total", one.Waited.Seconds(), "queue", one.Queue, "kind", one.Kind)
	}
}

func (e *exposition) reports(delivery report.Delivery) {
	e.family("failures_total", "counter", "Failures of this process, whether or not anybody was told.")
	e.number("failures_total", float64(delivery.Failures))
	e.family("failures_unrecorded_total", "counter", "Times that a failure could not be written to the database at once; it waits.")
	e.number("failures_unrecorded_total", float64(delivery.Unrecorded))
	e.family("reports_total", "counter", "Envelopes to Sentry: sent, failed on the way, dropped before it, refused by our own filter.")
	e.number("reports_total", float64(delivery.Sent), "outcome", "sent")
	e.number("reports_total", float64(delivery.Failed), "outcome", "failed")
	e.number("reports_total", float64(delivery.Dropped), "outcome", "dropped")
	e.number("reports_total", float64(delivery.Refused), "outcome", "refused")
	e.family("reports_waiting", "gauge", "Envelopes that wait for Sentry to answer; more than a thousand are dropped.")
	e.number("reports_waiting", float64(delivery.Waiting))
	e.family("reports_last_sent_timestamp_seconds", "gauge", "When Sentry last took an envelope; 0 for never.")
	last := 0.0
	if !delivery.LastSent.IsZero() {
		last = float64(delivery.LastSent.Unix())
	}
	e.number("reports_last_sent_timestamp_seconds", last)
}
