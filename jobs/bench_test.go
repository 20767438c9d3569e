package jobs

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"purplecross/db"
	"purplecross/db/dbtest"
)

// The benchmarks run on a PostgreSQL of their own that writes durably, which the tests' does not. River bare and ours
// take turns in one run, so that what else the machine does falls on both. Results: docs/performance-jobs.md.

// durable is a migrated database that survives a crash.
func durable(tb testing.TB) *pgxpool.Pool {
	tb.Helper()
	dir, err := os.MkdirTemp("", "purple-cross-durable-")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o711); err != nil { // as root the server is nobody, who must be able to enter
		tb.Fatal(err)
	}
	ctx := context.Background()
	server, err := db.StartEmbedded(ctx, db.EmbeddedOptions{Dir: dir})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = server.Stop() })
	pool, err := db.Open(ctx, server.URL(), dbtest.Zone, nil)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(pool.Close)
	if err := db.Migrate(ctx, pool); err != nil {
		tb.Fatal(err)
	}
	if err := Migrate(ctx, pool); err != nil {
		tb.Fatal(err)
	}
	return pool
}

// Nothing is a job that does nothing.
type Nothing struct {
	ID int64 `json:"id"`
}

// Kind names the job.
func (Nothing) Kind() string { return "nothing" }

// InsertOpts are those of a queue that only benchmarks have.
func (Nothing) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: "bench"} }

// bench is what both clients get.
func bench(settings *river.Config, workers int, do func(*river.Job[Nothing])) {
	river.AddWorker(settings.Workers, river.WorkFunc(func(_ context.Context, job *river.Job[Nothing]) error {
		do(job)
		return nil
	}))
	settings.Queues["bench"] = river.QueueConfig{MaxWorkers: workers}
}

// bareClient is River as it comes, but for the cooldown, whose default would cap it.
func bareClient(tb testing.TB, pool *pgxpool.Pool, workers int, do func(*river.Job[Nothing])) (*river.Client[pgx.Tx], func()) {
	tb.Helper()
	settings := &river.Config{
		Workers: river.NewWorkers(), Queues: map[string]river.QueueConfig{}, Logger: quiet,
		FetchCooldown: fetchCooldown,
	}
	bench(settings, workers, do)
	client, err := river.NewClient(riverpgxv5.New(pool), settings)
	if err == nil {
		err = client.Start(context.Background())
	}
	if err != nil {
		tb.Fatal(err)
	}
	return client, func() { _ = client.Stop(context.Background()) }
}

func ourClient(tb testing.TB, pool *pgxpool.Pool, workers int, do func(*river.Job[Nothing])) (*river.Client[pgx.Tx], func()) {
	tb.Helper()
	client, err := New(pool, Options{Work: true, Log: quiet, also: func(settings *river.Config) { bench(settings, workers, do) }})
	if err == nil {
		err = client.Start(context.Background())
	}
	if err != nil {
		tb.Fatal(err)
	}
	return client.river, func() { _ = client.Stop(context.Background()) }
}

// drain is how many jobs a second are worked and written down as completed.
func drain(b *testing.B, pool *pgxpool.Pool, start func(testing.TB, *pgxpool.Pool, int, func(*river.Job[Nothing])) (*river.Client[pgx.Tx], func()), workers, jobs int) float64 {
	b.Helper()
	if _, err := pool.Exec(context.Background(), `truncate river_job`); err != nil {
		b.Fatal(err)
	}
	many := make([]river.InsertManyParams, jobs)
	for i := range many {
		many[i].Args = Nothing{ID: int64(i)}
	}
	var left atomic.Int64
	left.Store(int64(jobs))
	var began time.Time
	done := make(chan struct{})
	client, stop := start(b, pool, workers, func(*river.Job[Nothing]) {
		if left.Add(-1) == 0 {
			close(done)
		}
	})
	defer stop()
	if err := client.QueuePause(context.Background(), "bench", nil); err != nil {
		b.Fatal(err)
	}
	if _, err := client.InsertManyFast(context.Background(), many); err != nil {
		b.Fatal(err)
	}
	if err := client.QueueResume(context.Background(), "bench", nil); err != nil {
		b.Fatal(err)
	}
	began = time.Now()
	<-done
	for open := 1; open > 0; {
		if err := pool.QueryRow(context.Background(), `select count(*) from river_job where kind = 'nothing' and state <> 'completed'`).Scan(&open); err != nil {
			b.Fatal(err)
		}
	}
	return float64(jobs) / time.Since(began).Seconds()
}

func BenchmarkThroughput(b *testing.B) {
	pool := durable(b)
	for _, workers := range []int{5, 100} {
		jobs := 100 * workers
		b.Run(fmt.Sprintf("at %d at once", workers), func(b *testing.B) {
			var bare, ours []float64
			for b.Loop() {
				for range 5 {
					bare = append(bare, drain(b, pool, bareClient, workers, jobs))
					ours = append(ours, drain(b, pool, ourClient, workers, jobs))
				}
			}
			slices.Sort(bare)
			slices.Sort(ours)
			b.ReportMetric(bare[len(bare)/2], "bare-jobs/s")
			b.ReportMetric(ours[len(ours)/2], "our-jobs/s")
			b.ReportMetric(ours[len(ours)/2]/bare[len(bare)/2], "ours/bare")
		})
	}
}

// reportTimes puts the median and the slowest twentieth on the benchmark's line, in milliseconds.
func reportTimes(b *testing.B, of string, times []time.Duration) {
	b.Helper()
	slices.Sort(times)
	at := func(share float64) float64 {
		return times[int(float64(len(times)-1)*share)].Seconds() * 1000
	}
	b.ReportMetric(at(0.50), of+"ms-p50")
	b.ReportMetric(at(0.95), of+"ms-p95")
	b.ReportMetric(at(0.99), of+"ms-p99")
}

func BenchmarkEnqueue(b *testing.B) {
	pool := durable(b)
	ctx := context.Background()
	client, err := New(pool, Options{Log: quiet, also: func(settings *river.Config) {
		river.AddWorker(settings.Workers, river.WorkFunc(func(context.Context, *river.Job[Nothing]) error { return nil }))
	}})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := pool.Exec(ctx, `create table business (id bigint generated always as identity, at timestamptz default now())`); err != nil {
		b.Fatal(err)
	}
	row := func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into business default values`)
		return err
	}
	ways := []struct {
		name  string
		do    func() error
		times []time.Duration
	}{
		{name: "row", do: func() error { return pgx.BeginFunc(ctx, pool, row) }},
		{name: "row+job", do: func() error {
			return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
				if err := row(tx); err != nil {
					return err
				}
				_, err := client.river.InsertTx(ctx, tx, Nothing{}, nil)
				return err
			})
		}},
		{name: "job", do: func() error { _, err := client.river.Insert(ctx, Nothing{}, nil); return err }},
	}
	for b.Loop() {
		for i := range ways { // in turns
			began := time.Now()
			if err := ways[i].do(); err != nil {
				b.Fatal(err)
			}
			ways[i].times = append(ways[i].times, time.Since(began))
		}
	}
	for _, way := range ways {
		reportTimes(b, way.name+"-", way.times)
	}
}

// From the commit of the insert to the worker's first line, a job each 20 ms.
func BenchmarkEndToEnd(b *testing.B) {
	pool := durable(b)
	for _, way := range []struct {
		name  string
		start func(testing.TB, *pgxpool.Pool, int, func(*river.Job[Nothing])) (*river.Client[pgx.Tx], func())
	}{{"bare", bareClient}, {"ours", ourClient}} {
		b.Run(way.name, func(b *testing.B) {
			var mutex sync.Mutex
			begun := map[int64]time.Time{}
			client, stop := way.start(b, pool, 100, func(job *river.Job[Nothing]) {
				now := time.Now()
				mutex.Lock()
				defer mutex.Unlock()
				begun[job.ID] = now
			})
			defer stop()
			committed := map[int64]time.Time{}
			for b.Loop() {
				inserted, err := client.Insert(context.Background(), Nothing{}, nil)
				if err != nil {
					b.Fatal(err)
				}
				committed[inserted.Job.ID] = time.Now()
				<-time.After(20 * time.Millisecond)
			}
			for len(committed) > len(begun) {
				mutex.Lock()
				open := len(committed) - len(begun)
				mutex.Unlock()
				if open == 0 {
					break
				}
				<-time.After(time.Millisecond)
			}
			var times []time.Duration
			for id, at := range committed {
				times = append(times, max(begun[id].Sub(at), 0))
			}
			reportTimes(b, "", times)
		})
	}
}
