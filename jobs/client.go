// Package jobs is the background work of Purple Cross on River: queues, workers, schedules, and the mail that leaves
// the house. A job's arguments are ids; its worker reads the world afresh and does one thing, safe to do twice.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"purplecross/db"
	"purplecross/internal/report"
	"purplecross/jobs/liveness"
	"purplecross/jobs/texts"
)

// Options say what a client does; the zero value only inserts jobs, as a web process without workers does.
type Options struct {
	Work       bool             // works the queues
	SMTPURL    string           // where mail goes; empty: mail waits, and says so
	SMSURL     string           // where text messages go; empty: they wait, and say so
	Production bool             // insists on encryption to servers elsewhere
	BaseURL    string           // the address people type, for links in letters; empty: letters have none
	SecretKey  string           // signs those links
	Zone       *time.Location   // the clinic's, for the times in letters; nil is UTC
	Now        func() time.Time // nil is time.Now
	Log        *slog.Logger     // nil is slog's default

	also      func(*river.Config) // a test's own kinds and queues
	schedules []Schedule          // a test's own; nil is Schedules
}

// Client inserts jobs and, where it is told to, works them.
type Client struct {
	pool    *pgxpool.Pool
	river   *river.Client[pgx.Tx]
	log     *slog.Logger
	works   bool
	running atomic.Bool
	guard   *liveness.Guard // brings back what a dead worker leaves
	meter   *metered        // counts for the operator's plots
	post    *mailRoom
	texts   *texts.Provider // nil for none

	schedules []Schedule
	zone      *time.Location
	now       func() time.Time

	uiContext context.Context // of River's pages; Stop ends it
	uiStop    context.CancelFunc
}

const (
	// River may look for work again after this long. Its default of 100 ms holds for the notice that an insert gives
	// too, on the inserting side: with it, one job in twenty starts a second late.
	fetchCooldown = 2 * time.Millisecond
	// River's own rescue of jobs that a killed worker leaves goes by age alone, so it would rob a worker that is only
	// paused. Package liveness finds them within seconds; this is the last net, for what has no lease.
	rescueAfter = time.Hour
	// What is being worked when the program is told to stop gets this long to end; then its context is cancelled and
	// the job goes back to its queue. Orchestrators kill after 30 s.
	softStop = 15 * time.Second
)

// New makes a client on a database that Migrate has prepared. It starts nothing.
func New(pool *pgxpool.Pool, options Options) (*Client, error) {
	options.fill()
	server, err := parseServer(options.SMTPURL, options.Production)
	if err != nil {
		return nil, err
	}
	post := newMailRoom(server)
	provider, err := providerOf(options)
	if err != nil {
		return nil, err
	}
	workers, err := workersFor(pool, post, provider, options)
	if err != nil {
		return nil, err
	}

	guard := liveness.New(pool, options.Log)
	meter := &metered{pool: pool, log: options.Log, stats: map[statKey]*db.JobStat{}}
	settings := settingsFor(workers, options)
	settings.Middleware = []rivertype.Middleware{&traced{}, meter, &watched{}, guard.Middleware()}
	client, err := river.NewClient(guard.Driver(), settings)
	if err != nil {
		return nil, fmt.Errorf("set up jobs: %w", err)
	}
	c := &Client{
		pool: pool, river: client, log: options.Log, works: options.Work, guard: guard, meter: meter, post: post, texts: provider,
		schedules: options.schedules, zone: options.Zone, now: options.Now,
	}
	c.uiContext, c.uiStop = context.WithCancel(context.Background())
	return c, nil
}

func (o *Options) fill() {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.schedules == nil {
		o.schedules = Schedules
	}
}

// providerOf is the provider of text messages; nil where there is no address of one.
func providerOf(options Options) (*texts.Provider, error) {
	if options.SMSURL == "" {
		return nil, nil
	}
	return texts.New(options.SMSURL, options.Production)
}

func settingsFor(workers *river.Workers, options Options) *river.Config {
	settings := &river.Config{
		Workers:                     workers,
		RetryPolicy:                 retries{},
		FetchCooldown:               fetchCooldown,
		FetchPollInterval:           time.Second,
		JobTimeout:                  Default.Timeout,
		RescueStuckJobsAfter:        rescueAfter,
		SoftStopTimeout:             softStop,
		CompletedJobRetentionPeriod: keepFinished,
		CancelledJobRetentionPeriod: keepGivenUp,
		DiscardedJobRetentionPeriod: keepGivenUp,
		Logger:                      options.Log,
		ErrorHandler:                failures{log: options.Log},
	}
	if options.Work {
		settings.Queues = map[string]river.QueueConfig{}
		for _, queue := range Queues {
			settings.Queues[queue.Name] = river.QueueConfig{MaxWorkers: queue.Workers}
		}
		// The one thing that goes by River's own clock; see schedules.go for all others.
		settings.PeriodicJobs = []*river.PeriodicJob{river.NewPeriodicJob(river.PeriodicInterval(tickEvery),
			func() (river.JobArgs, *river.InsertOpts) { return RunSchedules{}, nil },
			&river.PeriodicJobOpts{ID: "run-schedules", RunOnStart: true})}
	}
	if options.also != nil {
		options.also(settings)
	}
	return settings
}

// workersFor registers every worker. An insert-only client has them too: River then refuses a job nobody can work.
func workersFor(pool *pgxpool.Pool, post *mailRoom, provider *texts.Provider, options Options) (*river.Workers, error) {
	workers := river.NewWorkers()
	var sender texts.Sender
	if provider != nil {
		sender = provider
	}
	return workers, errors.Join(
		river.AddWorkerSafely(workers, &messageSender{
			inQueue: inQueue[SendMessage]{queue: Email},
			pool:    pool, post: post, zone: options.Zone, now: options.Now,
			texts: sender,
			links: links{base: strings.TrimSuffix(options.BaseURL, "/"), secret: options.SecretKey},
		}),
		river.AddWorkerSafely(workers, &ticker{
			inQueue: inQueue[RunSchedules]{queue: Default},
			pool:    pool, schedules: options.schedules, now: options.Now, log: options.Log,
		}),
		river.AddWorkerSafely(workers, &reminderFinder{inQueue: inQueue[FindReminders]{queue: Reminders}, pool: pool, zone: options.Zone, now: options.Now}),
		river.AddWorkerSafely(workers, &trimmer{inQueue: inQueue[TrimJobs]{queue: Default}}),
		river.AddWorkerSafely(workers, &settler{inQueue: inQueue[SettleMessages]{queue: Default}, pool: pool}),
		river.AddWorkerSafely(workers, &errorTrimmer{inQueue: inQueue[TrimErrors]{queue: Default}, pool: pool}),
		river.AddWorkerSafely(workers, &notificationForgetter{inQueue: inQueue[ForgetNotifications]{queue: Default}, pool: pool}),
		river.AddWorkerSafely(workers, &sweeper{inQueue: inQueue[SweepSessions]{queue: Default}, pool: pool}),
		river.AddWorkerSafely(workers, &exporter{inQueue: inQueue[ExportList]{queue: Reports}, pool: pool, zone: options.Zone, now: options.Now}),
		river.AddWorkerSafely(workers, &reporter{inQueue: inQueue[MakeReport]{queue: Reports}, pool: pool, zone: options.Zone, now: options.Now}),
		river.AddWorkerSafely(workers, &mailingWriter{inQueue: inQueue[SendMailing]{queue: Reports}, pool: pool, zone: options.Zone, now: options.Now}),
		river.AddWorkerSafely(workers, &editor{inQueue: inQueue[EditMany]{queue: Reports}, pool: pool, zone: options.Zone, now: options.Now}),
		river.AddWorkerSafely(workers, &jobActor{inQueue: inQueue[ActOnJobs]{queue: Reports}, pool: pool}), // may take as long as a report
		river.AddWorkerSafely(workers, &importer{inQueue: inQueue[ImportFile]{queue: Imports}, pool: pool}),
		river.AddWorkerSafely(workers, &importTidier{inQueue: inQueue[TidyImports]{queue: Default}, pool: pool}),
		river.AddWorkerSafely(workers, &tidier{inQueue: inQueue[TidyWork]{queue: Default}, pool: pool}),
	)
}

// Start begins to work the queues, and returns; a client that only inserts has nothing to start. Only Stop ends it:
// ctx gives values, not its end.
func (c *Client) Start(ctx context.Context) error {
	if !c.works {
		return nil
	}
	if err := seedSchedules(ctx, c.pool, c.schedules, c.zone, c.now()); err != nil {
		return fmt.Errorf("start jobs: %w", err)
	}
	worker := liveness.Worker{Client: c.river.ID(), Version: report.Release()}
	for _, queue := range Queues {
		worker.Queues = append(worker.Queues, queue.Name)
	}
	if err := c.guard.Start(ctx, worker); err != nil {
		return fmt.Errorf("start jobs: %w", err)
	}
	if err := c.river.Start(context.WithoutCancel(ctx)); err != nil {
		return errors.Join(fmt.Errorf("start jobs: %w", err), c.guard.Stop(context.WithoutCancel(ctx)))
	}
	c.meter.start()
	c.running.Store(true)
	return nil
}

// Stop takes no more jobs and waits for those at work, softly at first; when ctx ends sooner it cancels them. Jobs cut
// short go back to their queue.
func (c *Client) Stop(ctx context.Context) error {
	c.uiStop()
	if !c.running.Swap(false) {
		return nil
	}
	err := c.river.Stop(ctx)
	hard, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err != nil {
		err = c.river.StopAndCancel(hard)
	}
	c.meter.end()
	c.post.close()
	if err = errors.Join(err, c.guard.Stop(context.WithoutCancel(ctx))); err != nil {
		return fmt.Errorf("stop jobs: %w", err)
	}
	return nil
}

// Ready says whether jobs can be inserted and, by a client that works them, are worked.
func (c *Client) Ready(ctx context.Context) error {
	if c.works && !c.running.Load() {
		return errors.New("the queues are not being worked")
	}
	migrator, err := newMigrator(c.pool)
	if err != nil {
		return err
	}
	state, err := migrator.Validate(ctx, nil)
	if err != nil {
		return fmt.Errorf("check the queue's tables: %w", err)
	}
	if !state.OK {
		return errors.New("the queue's tables are not up to date")
	}
	return nil
}

// A lock of ours in PostgreSQL's 64-bit space of advisory locks: "purplecx" in ASCII.
const migrateLock = 0x707572706c656378

// SignedByProvider says whether a call to this address comes from the provider of text messages.
func (c *Client) SignedByProvider(address string, form url.Values, signature string) bool {
	return c.texts != nil && c.texts.Signed(address, form, signature)
}

// SendsTexts says whether there is a provider of text messages.
func (c *Client) SendsTexts() bool { return c.texts != nil }

// Migrate brings River's tables up to date. Of several processes that start at once, one does it and the rest wait.
func Migrate(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("migrate jobs: %w", err)
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, `select pg_advisory_lock($1)`, int64(migrateLock)); err != nil {
		return fmt.Errorf("migrate jobs: %w", err)
	}
	defer func() {
		_, _ = conn.Exec(context.WithoutCancel(ctx), `select pg_advisory_unlock($1)`, int64(migrateLock))
	}()

	migrator, err := newMigrator(pool)
	if err != nil {
		return err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate jobs: %w", err)
	}
	return nil
}

func newMigrator(pool *pgxpool.Pool) (*rivermigrate.Migrator[pgx.Tx], error) {
	quiet := slog.New(slog.DiscardHandler) // it says each step at level info
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Logger: quiet})
	if err != nil {
		return nil, fmt.Errorf("migrate jobs: %w", err)
	}
	return migrator, nil
}
