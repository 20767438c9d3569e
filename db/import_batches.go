package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// ImportBatch is a file that was imported. Total is Added, Updated, Unchanged and Refused together.
type ImportBatch struct {
	ID          int64      `db:"id"`
	Kind        string     `db:"kind"`
	Filename    string     `db:"filename"`
	Encoding    string     `db:"encoding"`
	Delimiter   string     `db:"delimiter"`
	Status      string     `db:"status"`
	Total       int        `db:"total"`
	Added       int        `db:"added"`
	Updated     int        `db:"updated"`
	Unchanged   int        `db:"unchanged"`
	Refused     int        `db:"refused"`
	CreatedAt   time.Time  `db:"created_at"`
	CommittedAt *time.Time `db:"committed_at"`
}

// GetImport reads one import.
func GetImport(ctx context.Context, conn Conn, id int64) (ImportBatch, error) {
	rows, _ := conn.Query(ctx, `
		select id, kind, filename, encoding, delimiter, status, total, added, updated, unchanged, refused, created_at, committed_at
		from import_batch
		where id = $1`, id)
	batch, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[ImportBatch])
	return batch, wrap(err, "get import %d", id)
}

// ImportIssue is something about a row that a person should know: why it was refused, or what was set right.
type ImportIssue struct {
	Line    int    `db:"line"` // of the file, where the row begins
	Refused bool   `db:"refused"`
	Column  string `db:"column"`
	Value   string `db:"value"`
	Reason  string `db:"reason"`
}

// ImportIssues reads what is to be said about an import's rows after a line, limit rows of the file at most.
func ImportIssues(ctx context.Context, conn Conn, id int64, refusedOnly bool, after, limit int) ([]ImportIssue, error) {
	rows, _ := conn.Query(ctx, `
		select r.line, r.action = 'error' as refused,
		       coalesce(i ->> 'column', '') as column, coalesce(left(i ->> 'value', 200), '') as value, coalesce(i ->> 'reason', '') as reason
		from (
		  select line, action, issues
		  from import_row
		  where batch_id = $1 and line > $2 and (action = 'error' or not $3)
		  order by line
		  limit $4
		) r
		cross join lateral jsonb_array_elements(r.issues) i
		order by r.line`, id, after, refusedOnly, limit)
	issues, err := pgx.CollectRows(rows, pgx.RowToStructByName[ImportIssue])
	return issues, wrap(err, "list issues of import %d", id)
}
