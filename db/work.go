package db

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// WorkState is how a piece of work stands.
type WorkState string

// The states of work. Running covers waiting for another try.
const (
	WorkQueued    WorkState = "queued"
	WorkRunning   WorkState = "running"
	WorkDone      WorkState = "done"
	WorkFailed    WorkState = "failed"
	WorkCancelled WorkState = "cancelled"
)

// WorkTopic is the news that work has moved.
const WorkTopic = "work"

// Work is a long piece of work that somebody waits for.
type Work struct {
	ID                int64      `db:"id"`
	Kind              string     `db:"kind"`
	Title             string     `db:"title"` // "Export patients", without a client's name
	Unit              string     `db:"unit"`  // what is counted: "rows"
	StartedBy         int64      `db:"started_by"`
	Starter           string     `db:"starter"` // their name
	State             WorkState  `db:"state"`
	Done              int64      `db:"done"`
	Total             *int64     `db:"total"` // nil when it is not known
	ResumedAt         *time.Time `db:"resumed_at"`
	ResumedFrom       int64      `db:"resumed_from"`
	Outcome           string     `db:"outcome"` // a sentence, once it is over
	ResultHref        string     `db:"result_href"`
	ResultLabel       string     `db:"result_label"`
	CancelRequestedAt *time.Time `db:"cancel_requested_at"`
	RiverJobID        *int64     `db:"river_job_id"`
	CreatedAt         time.Time  `db:"created_at"`
	UpdatedAt         time.Time  `db:"updated_at"`
	FinishedAt        *time.Time `db:"finished_at"`
}

// Over says whether nothing more happens to it.
func (w Work) Over() bool {
	return w.State == WorkDone || w.State == WorkFailed || w.State == WorkCancelled
}

// WorkLine is a line of its log.
type WorkLine struct {
	At    time.Time `db:"at"`
	Words string    `db:"words"`
}

// NewWork is work to be done.
type NewWork struct {
	Kind  string
	Title string // for people, without a client's name
	Unit  string // what is counted; "" is rows
	Total int64  // 0 when it is not known yet
	Asked any    // what is asked, for the worker alone, as JSON
}

// StartWork writes down that somebody waits for work, in the transaction that enqueues its job.
func StartWork(ctx context.Context, conn Conn, work NewWork) (int64, error) {
	asked, err := json.Marshal(work.Asked)
	if err != nil {
		return 0, wrap(err, "start work %s", work.Kind)
	}
	var id int64
	err = conn.QueryRow(ctx, `
		insert into work (kind, title, unit, started_by, asked, total)
		values ($1, $2, coalesce(nullif($3, ''), 'rows'), nullif($4::bigint, 0), $5, nullif($6::bigint, 0))
		returning id`, work.Kind, work.Title, work.Unit, ActorFrom(ctx).StaffID, asked, work.Total).Scan(&id)
	return id, wrap(err, "start work %s", work.Kind)
}

// SetWorkJob notes which job does the work.
func SetWorkJob(ctx context.Context, conn Conn, id, jobID int64) error {
	_, err := conn.Exec(ctx, `
		update work
		   set river_job_id = $2
		 where id = $1`, id, jobID)
	return wrap(err, "set job of work %d", id)
}

const selectWork = `
	select w.id, w.kind, w.title, w.unit, coalesce(w.started_by, 0) as started_by, coalesce(s.display_name, '') as starter, w.state,
	       w.done, w.total, w.resumed_at, w.resumed_from, w.outcome, w.result_href, w.result_label, w.cancel_requested_at,
	       w.river_job_id, w.created_at, w.updated_at, w.finished_at
	  from work w
	  left join staff s on s.id = w.started_by`

// GetWork is the work with this id.
func GetWork(ctx context.Context, conn Conn, id int64) (Work, error) {
	rows, _ := conn.Query(ctx, selectWork+`
		 where w.id = $1`, id)
	work, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Work])
	return work, wrap(err, "get work %d", id)
}

// ListWork is somebody's latest work; with 0, everybody's.
func ListWork(ctx context.Context, conn Conn, staffID int64, limit int) ([]Work, error) {
	rows, _ := conn.Query(ctx, selectWork+`
		 where $1::bigint in (0, w.started_by)
		 order by w.id desc
		 limit $2`, staffID, limit)
	work, err := pgx.CollectRows(rows, pgx.RowToStructByName[Work])
	return work, wrap(err, "list work")
}

// WorkLog is the last lines of what work said, in order.
func WorkLog(ctx context.Context, conn Conn, id int64, limit int) ([]WorkLine, error) {
	rows, _ := conn.Query(ctx, `
		select at, words
		  from (
		    select seq, at, words
		      from work_log
		     where work_id = $1
		     order by seq desc
		     limit $2
		  ) last
		 order by seq`, id, limit)
	lines, err := pgx.CollectRows(rows, pgx.RowToStructByName[WorkLine])
	return lines, wrap(err, "read log of work %d", id)
}

// CancelWork asks that work stops. What has not begun is cancelled at once; what runs stops at its next step.
func CancelWork(ctx context.Context, conn Conn, id int64) error {
	return wrap(InTx(ctx, conn, func(tx pgx.Tx) error {
		var kind string
		err := tx.QueryRow(ctx, `
			update work
			   set cancel_requested_at = clock_timestamp(), updated_at = clock_timestamp(),
			       state = case state when 'queued' then 'cancelled' else state end,
			       outcome = case when state <> 'queued' then outcome
		                      when done = 0 then 'Cancelled before it began.'
		                      else 'Cancelled after ' || done || ' ' || unit || '.' end,
			       finished_at = case state when 'queued' then clock_timestamp() end
			 where id = $1 and state in ('queued', 'running') and cancel_requested_at is null
			returning kind`, id).Scan(&kind)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil // over already, or asked before
		}
		if err != nil {
			return err
		}
		if err := Audit(ctx, tx, Audited{Action: "cancelled", Entity: "work", EntityID: id}); err != nil {
			return err
		}
		return Tell(ctx, tx, WorkTopic, id)
	}), "cancel work %d", id)
}
