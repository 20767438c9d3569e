package jobs

import (
	"io"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"purplecross/db"
	"purplecross/db/dbtest"
)

// wire stands between a pool and PostgreSQL, and can be cut.
type wire struct {
	address, server string

	mutex    sync.Mutex
	listener net.Listener
	ends     []net.Conn
}

// layWire is a wire to the server of a database, and the address of the database through it.
func layWire(t *testing.T, database string) (*wire, string) {
	t.Helper()
	at, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{address: "127.0.0.1:0", server: at.Host}
	w.mend(t)
	t.Cleanup(w.cut)
	at.Host = w.address
	return w, at.String()
}

func (w *wire) mend(t *testing.T) {
	t.Helper()
	listener, err := net.Listen("tcp", w.address)
	if err != nil {
		t.Fatal(err)
	}
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.listener, w.address = listener, listener.Addr().String()
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			w.join(near)
		}
	}()
}

func (w *wire) join(near net.Conn) {
	far, err := net.Dial("tcp", w.server)
	if err != nil {
		near.Close()
		return
	}
	w.mutex.Lock()
	w.ends = append(w.ends, near, far)
	w.mutex.Unlock()
	go func() { _, _ = io.Copy(near, far); near.Close() }()
	go func() { _, _ = io.Copy(far, near); far.Close() }()
}

func (w *wire) cut() {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.listener.Close()
	for _, end := range w.ends {
		end.Close()
	}
	w.ends = nil
}

func TestJobsThatEndWhilePostgreSQLIsAwayAreNotStranded(t *testing.T) {
	t.Parallel()
	direct := dbtest.New(t)
	wire, address := layWire(t, dbtest.URL(direct))
	pool, err := db.Open(t.Context(), address, dbtest.Zone, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	work := newErrands(t, direct)
	gate := make(chan struct{})
	worker := startErrands(t, pool, gate)
	work.inserted(t, 40)
	until(t, "all errands have begun", func() bool { return work.count(t, `select count(*) from errand_run`) == 40 })

	wire.cut()
	close(gate) // all end now, and none can say so
	away := time.Duration(sized(t, "JOBS_TEST_AWAY_SECONDS", 8)) * time.Second
	<-time.After(away) // the test is about this long absence; nothing is to happen in it
	wire.mend(t)
	back := time.Now()

	untilSettled(t, "every errand is completed", func() (bool, int) {
		done := work.count(t, `select count(*) from river_job where kind = 'errand' and state = 'completed'`)
		return done == 40, done
	})
	t.Logf("away %s; all completed %s after", away, time.Since(back).Round(100*time.Millisecond))
	if runs := work.count(t, `select count(*) from errand_run`); runs != 40 {
		t.Errorf("40 errands began %d times", runs)
	}
	if err := worker.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}

// The server is the test's own: it dies.
func TestJobsAtWorkWhilePostgreSQLCrashesAreNotStranded(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "purple-cross-crash-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	server, err := db.StartEmbedded(t.Context(), db.EmbeddedOptions{Dir: dir, Log: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop() })
	pool, err := db.Open(t.Context(), server.URL(), dbtest.Zone, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if err := db.Migrate(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	if err := Migrate(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	work := newErrands(t, pool)
	gate := make(chan struct{})
	startErrands(t, pool, gate)
	work.inserted(t, 40)
	until(t, "all errands have begun", func() bool { return work.count(t, `select count(*) from errand_run`) == 40 })

	crash(t, pool)
	close(gate)

	until(t, "every errand is completed", func() bool {
		var done int
		err := pool.QueryRow(t.Context(), `select count(*) from river_job where kind = 'errand' and state = 'completed'`).Scan(&done)
		return err == nil && done == 40
	})
	if runs := work.count(t, `select count(*) from errand_run`); runs != 40 {
		t.Errorf("40 errands began %d times", runs)
	}
}

// crash kills the server; its supervisor starts it again, and it recovers.
func crash(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	var file string
	if err := pool.QueryRow(t.Context(), `select current_setting('data_directory') || '/postmaster.pid'`).Scan(&file); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(content), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGQUIT); err != nil { // at once, without a checkpoint
		t.Fatal(err)
	}
}
