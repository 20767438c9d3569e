package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// ErrorFeedback is what somebody was doing when something failed, in their own words. It may name clients, so it stays in
// this database: nothing sends it anywhere.
type ErrorFeedback struct {
	ID        int64     `db:"id"`
	Reference string    `db:"reference"` // of the failure, as the page showed it
	By        string    `db:"by"`        // who said it, "" for a visitor
	Said      string    `db:"said"`
	CreatedAt time.Time `db:"created_at"`
}

// AddErrorFeedback keeps what a person said of a failure, with its kind where that is still known.
func AddErrorFeedback(ctx context.Context, conn Conn, reference, said string) error {
	_, err := conn.Exec(ctx, `
		insert into error_feedback (reference, said, staff_id, error_report_id)
		values ($1, $2, nullif($3, 0), (select id from error_report where $1 = any (recent) order by last_seen_at desc limit 1))`,
		reference, said, ActorFrom(ctx).StaffID)
	return wrap(err, "add feedback")
}

// FeedbackOf reads what people said of a kind of failure, the latest first.
func FeedbackOf(ctx context.Context, conn Conn, errorID int64) ([]ErrorFeedback, error) {
	rows, _ := conn.Query(ctx, `
		select f.id, f.reference, coalesce(s.display_name, '') as by, f.said, f.created_at
		  from error_feedback f
		  left join staff s on s.id = f.staff_id
		 where f.error_report_id = $1
		 order by f.created_at desc, f.id desc
		 limit 50`, errorID)
	said, err := pgx.CollectRows(rows, pgx.RowToStructByName[ErrorFeedback])
	return said, wrap(err, "read feedback of error %d", errorID)
}
