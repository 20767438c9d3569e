package db

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// JobFilter says which jobs an administrator means; an empty field is any.
type JobFilter struct {
	Queue string `json:"queue,omitempty"`
	Kind  string `json:"kind,omitempty"`
	State string `json:"state"`
	UpTo  int64  `json:"up_to,omitempty"` // the newest job that was there when they looked; 0 is any
	Not   int64  `json:"-"`               // the job that asks
}

const jobMatches = `
	  from river_job
	 where state = @state::river_job_state and (@queue = '' or queue = @queue) and (@kind = '' or kind = @kind)
	   and (@up_to = 0 or id <= @up_to) and id <> @not`

func (f JobFilter) arguments() pgx.NamedArgs {
	return pgx.NamedArgs{"state": f.State, "queue": f.Queue, "kind": f.Kind, "up_to": f.UpTo, "not": f.Not}
}

// CountJobMatches counts the jobs that a filter means, and answers the newest of them.
func CountJobMatches(ctx context.Context, conn Conn, filter JobFilter) (count int, newest int64, err error) {
	err = conn.QueryRow(ctx, `select count(*), coalesce(max(id), 0)`+jobMatches, filter.arguments()).Scan(&count, &newest)
	return count, newest, wrap(err, "count matching jobs")
}

// ListJobMatches are the next jobs that a filter means, by id.
func ListJobMatches(ctx context.Context, conn Conn, filter JobFilter, after int64, limit int) ([]int64, error) {
	arguments := filter.arguments()
	arguments["after"], arguments["limit"] = after, limit
	rows, _ := conn.Query(ctx, `select id`+jobMatches+` and id > @after order by id limit @limit`, arguments)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	return ids, wrap(err, "list matching jobs")
}

// ListJobKinds are the kinds of the jobs that there are.
func ListJobKinds(ctx context.Context, conn Conn) ([]string, error) {
	rows, _ := conn.Query(ctx, `select distinct kind from river_job order by kind`)
	kinds, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return kinds, wrap(err, "list kinds of jobs")
}
