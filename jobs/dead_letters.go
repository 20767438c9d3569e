package jobs

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"purplecross/db"
)

// RetryDeadLetters makes the jobs that were given up for one cause available again, and answers how many. A job whose
// work another has taken up meanwhile stays as it is.
func (c *Client) RetryDeadLetters(ctx context.Context, tx pgx.Tx, key string) (int, error) {
	dead, err := db.GetDeadLetters(ctx, tx, key)
	if err != nil {
		return 0, err
	}
	retried := 0
	for _, id := range dead.JobIDs {
		err := pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error {
			_, err := c.river.JobRetryTx(ctx, tx, id)
			return err
		})
		var refused *pgconn.PgError
		switch {
		case err == nil:
			retried++
		case errors.As(err, &refused) && refused.Code == "23505": // the same work waits already
		default:
			return 0, fmt.Errorf("retry job %d: %w", id, err)
		}
	}
	dead.Count = retried
	return retried, db.AuditDeadLetters(ctx, tx, "retried", dead, "")
}
