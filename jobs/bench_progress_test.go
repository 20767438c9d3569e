package jobs

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"purplecross/db"
)

// BenchmarkProgress measures how long after a step of work somebody who waits for its news reads of it, and how long after
// being asked to stop it has stopped. What a browser adds: BenchmarkProgressOnTheScreen in handlers.
func BenchmarkProgress(b *testing.B) {
	pool := durable(b)
	var shown, stopped []time.Duration
	for b.Loop() {
		after, stop := watchDigging(b, pool)
		shown, stopped = append(shown, after...), append(stopped, stop)
	}
	reportTimes(b, "step-to-reader-", shown)
	reportTimes(b, "cancel-to-end-", stopped)
}

func watchDigging(b *testing.B, pool *pgxpool.Pool) (shown []time.Duration, stop time.Duration) {
	b.Helper()
	const holes = 100
	facts, dug, ended := make([]time.Time, holes+1), make(chan struct{}), make(chan time.Time, 1)
	client, id := startDigging(b, pool, func(ctx context.Context, progress *Progress, _ string) (db.WorkResult, error) {
		for n := 1; n <= holes; n++ {
			<-time.After(20 * time.Millisecond)
			facts[n] = time.Now()
			progress.Step(1)
		}
		close(dug)
		<-ctx.Done()
		ended <- time.Now()
		return db.WorkResult{}, ctx.Err()
	})
	news := db.ListenForNews(pool, quiet)
	defer news.Close()
	stories, enough := news.Read(db.WorkTopic)
	defer enough()
	if err := client.Start(b.Context()); err != nil {
		b.Fatal(err)
	}
	defer func() { _ = client.Stop(context.Background()) }()

	read := map[int64]time.Time{}
	for last := int64(0); last < holes; {
		<-stories
		work, err := db.GetWork(b.Context(), pool, id)
		if err != nil {
			b.Fatal(err)
		}
		for ; last < work.Done; last++ {
			read[last+1] = time.Now()
		}
	}
	<-dug
	for n := int64(1); n <= holes; n++ {
		shown = append(shown, read[n].Sub(facts[n]))
	}
	asked := time.Now()
	if err := db.CancelWork(b.Context(), pool, id); err != nil {
		b.Fatal(err)
	}
	return shown, (<-ended).Sub(asked)
}
