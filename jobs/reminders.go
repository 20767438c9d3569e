package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"purplecross/db"
)

// FindReminders writes down the reminders whose time has come. It may be missed, run again or run twice at once: what
// is written is what is due and not yet written.
type FindReminders struct{}

// Kind names the job.
func (FindReminders) Kind() string { return "find_reminders" }

// InsertOpts are the reminders queue's, one at a time.
func (FindReminders) InsertOpts() river.InsertOpts { return once(Reminders) }

type reminderFinder struct {
	inQueue[FindReminders]
	pool *pgxpool.Pool
	zone *time.Location
	now  func() time.Time
}

func (w *reminderFinder) Work(ctx context.Context, job *river.Job[FindReminders]) error {
	return db.InTx(ctx, w.pool, func(tx pgx.Tx) error {
		if err := writeReminders(ctx, tx, river.ClientFromContext[pgx.Tx](ctx), w.now().In(w.zone)); err != nil {
			return err
		}
		return complete(ctx, tx, job)
	})
}

// writeReminders writes what is due and gives each message its job, all or nothing.
func writeReminders(ctx context.Context, tx pgx.Tx, client *river.Client[pgx.Tx], now time.Time) error {
	messages, err := db.WriteReminders(ctx, tx, now)
	if err != nil {
		return err
	}
	return enqueueMessages(ctx, tx, client, messages, time.Time{})
}

// enqueueMessages gives each message its job, to be worked now or later.
func enqueueMessages(ctx context.Context, tx pgx.Tx, client *river.Client[pgx.Tx], messages []int64, at time.Time) error {
	if len(messages) == 0 {
		return nil
	}
	var options *river.InsertOpts
	if at.After(time.Now()) {
		options = &river.InsertOpts{ScheduledAt: at}
	}
	sends := make([]river.InsertManyParams, 0, len(messages))
	for _, id := range messages {
		sends = append(sends, river.InsertManyParams{Args: SendMessage{MessageID: id}, InsertOpts: options})
	}
	inserted, err := client.InsertManyTx(ctx, tx, sends)
	if err != nil {
		return fmt.Errorf("enqueue messages: %w", err)
	}
	jobs := make([]int64, 0, len(inserted))
	for _, one := range inserted {
		jobs = append(jobs, one.Job.ID)
	}
	return db.SetMessageJobs(ctx, tx, messages, jobs)
}
