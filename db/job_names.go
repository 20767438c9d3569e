package db

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"
)

// JobName is what a job is about, for people who may see clients.
type JobName struct {
	ID      int64       `db:"id"`
	Kind    string      `db:"kind"`
	Message *int64      `db:"message"` // the message that it sends
	Tells   MessageKind `db:"tells"`   // what that is about
	Patient string      `db:"patient"` // "" for none, or several
	Client  string      `db:"client"`
	Work    *int64      `db:"work"`  // the work that it does
	Title   string      `db:"title"` // of that work
	Starter string      `db:"starter"`
}

// JobNames says what jobs are about, by their ids. A job that is about nobody has only its kind.
func JobNames(ctx context.Context, conn Conn, ids []int64) (map[int64]JobName, error) {
	rows, _ := conn.Query(ctx, `
		select j.id, j.kind, m.id as message, coalesce(m.kind, '') as tells, coalesce(p.name, '') as patient,
		       coalesce(btrim(c.first_name || ' ' || c.last_name), '') as client,
		       w.id as work, coalesce(w.title, '') as title, coalesce(s.display_name, '') as starter
		  from river_job j
		  left join message m on j.kind = 'send_message' and m.id = (j.args->>'message_id')::bigint
		  left join patient p on p.id = m.patient_id
		  left join client c on c.id = m.client_id
		  left join work w on w.river_job_id = j.id
		  left join staff s on s.id = w.started_by
		 where j.id = any($1)`, ids)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[JobName])
	names := map[int64]JobName{}
	for _, name := range all {
		names[name.ID] = name
	}
	return names, wrap(err, "name jobs")
}

// DeadJob is a job that was given up.
type DeadJob struct {
	ID          int64           `db:"id"`
	Kind        string          `db:"kind"`
	Queue       string          `db:"queue"`
	Args        json.RawMessage `db:"args"`
	MaxAttempts int             `db:"max_attempts"`
	Priority    int             `db:"priority"`
	LastError   string          `db:"last_error"` // its first line
}

// GetDeadJob reads a job that was given up, and keeps others from it until the transaction ends.
func GetDeadJob(ctx context.Context, conn Conn, id int64) (DeadJob, error) {
	rows, _ := conn.Query(ctx, `
		select id, kind, queue, args, max_attempts, priority,
		       split_part(coalesce(errors[cardinality(errors)]->>'error', ''), E'\n', 1) as last_error
		  from river_job
		 where id = $1 and state = 'discarded'
		   for update`, id)
	job, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[DeadJob])
	return job, wrap(err, "get dead job %d", id)
}
