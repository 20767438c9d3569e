package jobs

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"purplecross/db"
	"purplecross/db/dbtest"
)

func TestAMessageToldAgainWhileItIsSentWaitsItsTurn(t *testing.T) {
	pool := dbtest.New(t)
	client := insertOnly(t, pool)
	message := tell(t, pool, client, db.MessageVisitConfirmation, bookVisit(t, pool))

	worker, err := pool.Begin(t.Context()) // takes what a worker does when a letter has gone out: the message, then its job
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = worker.Rollback(t.Context()) }()
	if _, err := db.LockMessage(t.Context(), worker, message.ID); err != nil {
		t.Fatal(err)
	}
	told := make(chan error, 1)
	go func() {
		told <- pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error { return client.EnqueueMessage(t.Context(), tx, message.ID) })
	}()
	until(t, "the other waits", func() bool {
		var waiting bool
		err := pool.QueryRow(t.Context(), `select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')`).Scan(&waiting)
		return err == nil && waiting
	})
	if _, err := worker.Exec(t.Context(), `update river_job set metadata = metadata || '{"seen": true}' where id = $1`, *message.JobID); err != nil {
		t.Fatal(err)
	}
	if err := worker.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-told; err != nil {
		t.Fatal(err)
	}
}
