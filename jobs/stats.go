package jobs

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"purplecross/db"
	"purplecross/internal/report"
)

// flushEvery is how old the past on the operator's page is at most. A row a job would cost more than most jobs do.
const flushEvery = 10 * time.Second

// metered counts what this process works, for the plots of the last day, and writes it down now and then.
type metered struct {
	river.MiddlewareDefaults
	pool *pgxpool.Pool
	log  *slog.Logger

	mutex sync.Mutex
	stats map[statKey]*db.JobStat

	stop    context.CancelFunc
	stopped chan struct{}
}

type statKey struct {
	at          time.Time
	queue, kind string
}

// Work runs the job.
func (m *metered) Work(ctx context.Context, job *rivertype.JobRow, work func(context.Context) error) error {
	began := time.Now()
	err := work(ctx)

	var snoozed *rivertype.JobSnoozeError
	m.mutex.Lock()
	defer m.mutex.Unlock()
	key := statKey{began.Truncate(db.JobStatBucket), job.Queue, job.Kind}
	stat := m.stats[key]
	if stat == nil {
		stat = &db.JobStat{At: key.at, Queue: key.queue, Kind: key.kind}
		m.stats[key] = stat
	}
	stat.Worked++
	stat.Wait += max(began.Sub(job.ScheduledAt), 0)
	stat.Run += time.Since(began)
	if err != nil && !errors.As(err, &snoozed) {
		stat.Failed++
	}
	return err
}

// start writes down what was counted until end; end writes the rest.
func (m *metered) start() {
	ctx, stop := context.WithCancel(context.Background())
	m.stop, m.stopped = stop, make(chan struct{})
	report.Go(ctx, "jobs", "count", func(ctx context.Context) error {
		defer close(m.stopped)
		tick := time.NewTicker(flushEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				m.flush(context.Background())
				return nil
			case <-tick.C:
				m.flush(ctx)
			}
		}
	})
}

func (m *metered) end() {
	if m.stop != nil {
		m.stop()
		<-m.stopped
	}
}

// flush writes the counts down. What cannot be written is dropped: it is a picture, not a book.
func (m *metered) flush(ctx context.Context) {
	m.mutex.Lock()
	counted := m.stats
	m.stats = map[statKey]*db.JobStat{}
	m.mutex.Unlock()
	if len(counted) == 0 {
		return
	}
	stats := make([]db.JobStat, 0, len(counted))
	for _, stat := range counted {
		stats = append(stats, *stat)
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	if err := db.AddJobStats(ctx, m.pool, stats); err != nil {
		m.log.WarnContext(ctx, "what the queues did was not noted", "error", err)
	}
}
