package jobs

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"purplecross/db"
	"purplecross/db/dbtest"
)

// A worker process of the tests is this test binary started again, told by these two.
const (
	workerDatabase = "JOBS_TEST_WORKER_DATABASE"
	workerSMTP     = "JOBS_TEST_WORKER_SMTP"
)

// workerMain is the whole life of a worker process; it returns at once in the test process.
func workerMain() {
	address := os.Getenv(workerDatabase)
	if address == "" {
		return
	}
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGTERM)
	pool, err := db.Open(context.Background(), address, dbtest.Zone, nil)
	if err == nil {
		err = workUntil(told, pool)
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(0)
}

func workUntil(told <-chan os.Signal, pool *pgxpool.Pool) error {
	client, err := New(pool, Options{
		Work: true, SMTPURL: os.Getenv(workerSMTP), Log: quiet, also: withErrands(pool, nil),
		schedules: append([]Schedule{{Name: "test", About: "A test's", Rule: "every 1s", Job: SweepErrands{}}}, Schedules...),
	})
	if err != nil {
		return err
	}
	if err := client.Start(context.Background()); err != nil {
		return err
	}
	fmt.Println("ready")
	<-told
	hard, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return client.Stop(hard)
}

// process is a worker of its own.
type process struct {
	*exec.Cmd
	ended chan struct{}
}

// startWorker starts one, and again when it ends without being ready, as a supervisor does: on a machine that is busy it
// may not reach PostgreSQL in time.
func startWorker(t *testing.T, pool *pgxpool.Pool, smtpURL string) *process {
	t.Helper()
	for try := 1; ; try++ {
		worker, said := tryWorker(t, pool, smtpURL)
		if said == "ready" {
			return worker
		}
		if t.Logf("the worker says %q instead of ready", said); try == 5 {
			t.FailNow()
		}
		<-worker.ended
	}
}

func tryWorker(t *testing.T, pool *pgxpool.Pool, smtpURL string) (*process, string) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{Cmd: exec.Command(program), ended: make(chan struct{})}
	p.Env = append(os.Environ(), workerDatabase+"="+dbtest.URL(pool), workerSMTP+"="+smtpURL)
	output, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = p.Process.Kill()
		<-p.ended
	})
	lines := bufio.NewScanner(output)
	lines.Scan()
	said := lines.Text()
	go func() {
		for lines.Scan() { //nolint:revive // what it says later is nobody's business
		}
		_ = p.Wait()
		close(p.ended)
	}()
	return p, said
}

// signal sends a signal, and after one that ends the process waits for the end.
func (p *process) signal(t *testing.T, signal syscall.Signal) {
	t.Helper()
	if err := p.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	if signal == syscall.SIGKILL || signal == syscall.SIGTERM {
		<-p.ended
	}
}

// peak is the most memory that the process has had, in megabytes; 0 where the system does not say.
func (p *process) peak(t *testing.T) int {
	t.Helper()
	status, err := os.ReadFile("/proc/" + strconv.Itoa(p.Process.Pid) + "/status")
	if err != nil {
		return 0
	}
	_, most, _ := strings.Cut(string(status), "VmHWM:")
	fields := strings.Fields(most)
	if len(fields) == 0 {
		return 0
	}
	kilobytes, _ := strconv.Atoi(fields[0])
	return kilobytes / 1024
}

// Errand is a job that writes down that it began and lasts until the test opens the gate.
type Errand struct{}

// Kind names the job.
func (Errand) Kind() string { return "errand" }

// InsertOpts are those of a queue that only tests have.
func (Errand) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: "errands", MaxAttempts: 5}
}

type errandWorker struct {
	river.WorkerDefaults[Errand]
	pool *pgxpool.Pool
	gate func() <-chan struct{}
}

// Timeout is long.
func (w *errandWorker) Timeout(*river.Job[Errand]) time.Duration { return time.Hour }

func (w *errandWorker) Work(ctx context.Context, job *river.Job[Errand]) error {
	_, err := w.pool.Exec(ctx, `insert into errand_run (job_id, attempt, pid) values ($1, $2, $3)`, job.ID, job.Attempt, os.Getpid())
	if err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-w.gate():
		return nil
	}
}

// SweepErrands is a job that does nothing.
type SweepErrands struct{}

// Kind names the job.
func (SweepErrands) Kind() string { return "sweep_errands" }

// withErrands teaches a client to run errands, a hundred at once. Without a gate they watch the one in the database.
func withErrands(pool *pgxpool.Pool, gate <-chan struct{}) func(*river.Config) {
	return func(settings *river.Config) {
		watched := sync.OnceValue(func() <-chan struct{} {
			if gate != nil {
				return gate
			}
			return watchGate(pool)
		})
		river.AddWorker(settings.Workers, &errandWorker{pool: pool, gate: watched})
		river.AddWorker(settings.Workers, river.WorkFunc(func(context.Context, *river.Job[SweepErrands]) error { return nil }))
		if settings.Queues != nil {
			settings.Queues["errands"] = river.QueueConfig{MaxWorkers: 100}
		}
	}
}

func watchGate(pool *pgxpool.Pool) <-chan struct{} {
	opened := make(chan struct{})
	go func() {
		for range time.Tick(50 * time.Millisecond) {
			var open bool
			if err := pool.QueryRow(context.Background(), `select exists (select from errand_gate)`).Scan(&open); err == nil && open {
				close(opened)
				return
			}
		}
	}()
	return opened
}

// errands is the test's side of them.
type errands struct {
	pool   *pgxpool.Pool
	client *Client
}

func newErrands(t *testing.T, pool *pgxpool.Pool) errands {
	t.Helper()
	_, err := pool.Exec(t.Context(), `
		create table errand_run (job_id bigint not null, attempt int not null, pid int not null, at timestamptz not null default clock_timestamp());
		create table errand_gate (opened_at timestamptz not null default now())`)
	if err != nil {
		t.Fatal(err)
	}
	client, err := New(pool, Options{Log: quiet, also: withErrands(pool, nil)})
	if err != nil {
		t.Fatal(err)
	}
	return errands{pool: pool, client: client}
}

// begun inserts so many errands and waits until this process runs them all.
func (e errands) begun(t *testing.T, count int, p *process) {
	t.Helper()
	e.inserted(t, count)
	until(t, strconv.Itoa(count)+" errands have begun", func() bool {
		return e.count(t, `select count(*) from errand_run where pid = $1`, p.Process.Pid) == count
	})
}

func (e errands) inserted(t *testing.T, count int) {
	t.Helper()
	many := make([]river.InsertManyParams, count)
	for i := range many {
		many[i].Args = Errand{}
	}
	if _, err := e.client.river.InsertMany(t.Context(), many); err != nil {
		t.Fatal(err)
	}
}

// startErrands works errands in this process, which end when the gate is closed.
func startErrands(t *testing.T, pool *pgxpool.Pool, gate <-chan struct{}) *Client {
	t.Helper()
	client, err := New(pool, Options{Work: true, Log: quiet, also: withErrands(pool, gate)})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = client.Stop(ctx)
	})
	return client
}

func (e errands) openGate(t *testing.T) {
	t.Helper()
	if _, err := e.pool.Exec(t.Context(), `insert into errand_gate default values`); err != nil {
		t.Fatal(err)
	}
}

func (e errands) count(t *testing.T, sql string, arguments ...any) int {
	t.Helper()
	rows, _ := e.pool.Query(t.Context(), sql, arguments...)
	count, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[int])
	if err != nil {
		t.Fatal(strings.TrimSpace(sql), err)
	}
	return count
}

// sized is a number that a longer run may raise.
func sized(t *testing.T, variable string, usual int) int {
	t.Helper()
	given := os.Getenv(variable)
	if given == "" {
		return usual
	}
	n, err := strconv.Atoi(given)
	if err != nil {
		t.Fatalf("%s is no number", variable)
	}
	return n
}
