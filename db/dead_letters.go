package db

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// DeadLetters are the jobs of one kind that were given up for one cause.
type DeadLetters struct {
	Key     string    `db:"key"`
	Queue   string    `db:"queue"`
	Kind    string    `db:"kind"`
	Cause   string    `db:"cause"` // the first line of the last error; numbers read #
	Count   int       `db:"count"`
	FirstAt time.Time `db:"first_at"`
	LastAt  time.Time `db:"last_at"`
	JobIDs  []int64   `db:"job_ids"` // the latest first
}

const selectDeadLetters = `
	with dead as (
	  select id, queue, kind, finalized_at,
	         left(regexp_replace(
	           split_part(coalesce(errors[cardinality(errors)]->>'error', 'without a word'), E'\n', 1),
	           '[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|[0-9]+', '#', 'g'), 200) as cause
	    from river_job
	   where state = 'discarded'
	), keyed as (
	  select md5(concat_ws(E'\t', queue, kind, cause)) as key, dead.*
	    from dead
	)
	select key, queue, kind, cause, count(*)::int as count, min(finalized_at) as first_at, max(finalized_at) as last_at,
	       array_agg(id order by finalized_at desc, id desc) as job_ids
	  from keyed`

// ListDeadLetters are the jobs that were given up, by cause, the latest first.
func ListDeadLetters(ctx context.Context, conn Conn) ([]DeadLetters, error) {
	rows, _ := conn.Query(ctx, selectDeadLetters+`
		 group by key, queue, kind, cause
		 order by last_at desc, key
		 limit 100`)
	dead, err := pgx.CollectRows(rows, pgx.RowToStructByName[DeadLetters])
	return dead, wrap(err, "list dead letters")
}

// GetDeadLetters are those with this key; ErrNotFound when there are none any more.
func GetDeadLetters(ctx context.Context, conn Conn, key string) (DeadLetters, error) {
	rows, _ := conn.Query(ctx, selectDeadLetters+`
		 where key = $1
		 group by key, queue, kind, cause`, key)
	dead, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[DeadLetters])
	return dead, wrap(err, "get dead letters")
}

// DismissDeadLetters deletes the jobs, with a note on why nobody needs them, which the audit log keeps.
func DismissDeadLetters(ctx context.Context, tx Conn, key, note string) (DeadLetters, error) {
	dead, err := GetDeadLetters(ctx, tx, key)
	if err != nil {
		return dead, err
	}
	if strings.TrimSpace(note) == "" {
		return dead, Invalid{"note": "Say why nobody needs these jobs."}
	}
	_, err = tx.Exec(ctx, `delete from river_job where id = any($1) and state = 'discarded'`, dead.JobIDs)
	if err != nil {
		return dead, wrap(err, "dismiss dead letters")
	}
	if _, err := SettleOrphanedMessages(ctx, tx); err != nil {
		return dead, err
	}
	return dead, AuditDeadLetters(ctx, tx, "dismissed", dead, note)
}

// AuditDeadLetters notes what was done to the jobs that were given up for one cause.
func AuditDeadLetters(ctx context.Context, tx Conn, action string, dead DeadLetters, note string) error {
	diff := Diff{"kind": {nil, dead.Kind}, "cause": {nil, dead.Cause}, "jobs": {nil, dead.Count}}
	if note != "" {
		diff["note"] = [2]any{nil, note}
	}
	return Audit(ctx, tx, Audited{Action: action, Entity: "job", EntityID: dead.JobIDs[0], Diff: diff})
}
