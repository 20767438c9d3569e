// Package dbtest gives tests a real PostgreSQL: the server of TEST_DATABASE_URL, or an embedded one for each test
// process, with a migrated database to copy.
//
//	func TestMain(m *testing.M) { dbtest.Main(m) }
package dbtest

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"purplecross/db"
)

// Zone is the clinic's time zone in tests.
const Zone = "America/Los_Angeles"

// Main runs the tests of a package and stops what they started. It is the whole of a TestMain.
func Main(m *testing.M) {
	db.EmbeddedMain()
	code := m.Run()
	if err := server.stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// server is started by the first test that asks for a database.
var server testServer

type testServer struct {
	once     sync.Once
	err      error
	embedded *db.Embedded
	dir      string
	admin    *pgxpool.Pool // on the server's first database, to make others
	prefix   string        // of the names of this process's databases
	made     atomic.Int64

	filling sync.Mutex
	filled  map[string]func() error // by name, what makes its template, once

	sharedOnce sync.Once
	shared     *pgxpool.Pool
	sharedErr  error
}

// New is a fresh, migrated database (ours and River's tables, no rows), dropped at the end of the test.
func New(t testing.TB) *pgxpool.Pool {
	t.Helper()
	server.ready(t)
	return server.copyFor(t, server.prefix)
}

// Filled is New with rows in it: fill is called once for a name, and each test has a copy of what it made.
func Filled(t testing.TB, name string, fill func(ctx context.Context, pool *pgxpool.Pool) error) *pgxpool.Pool {
	t.Helper()
	server.ready(t)
	template := server.prefix + "_" + name
	if err := server.fillOnce(template, fill); err != nil {
		t.Fatal(err)
	}
	return server.copyFor(t, template)
}

func (s *testServer) fillOnce(template string, fill func(ctx context.Context, pool *pgxpool.Pool) error) error {
	s.filling.Lock()
	if s.filled == nil {
		s.filled = map[string]func() error{}
	}
	if s.filled[template] == nil {
		s.filled[template] = sync.OnceValue(func() error {
			pool, err := s.copyTemplate(template, s.prefix)
			if err != nil {
				return err
			}
			defer pool.Close() // nobody may be in a template that is copied
			return fill(context.Background(), pool)
		})
	}
	once := s.filled[template]
	s.filling.Unlock()
	return once()
}

// copyFor is a copy of a template for one test.
func (s *testServer) copyFor(t testing.TB, template string) *pgxpool.Pool {
	t.Helper()
	name := fmt.Sprintf("%s_%d", s.prefix, s.made.Add(1))
	pool, err := s.copyTemplate(name, template)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		pool.Close()
		if err := s.drop(name); err != nil {
			t.Error(err)
		}
	})
	return pool
}

// Tx is a transaction on a migrated database that the tests of this process share; it is rolled back at the end.
func Tx(t testing.TB) pgx.Tx {
	t.Helper()
	server.ready(t)
	server.sharedOnce.Do(func() {
		server.shared, server.sharedErr = server.copyTemplate(server.prefix+"_shared", server.prefix)
	})
	if server.sharedErr != nil {
		t.Fatal(server.sharedErr)
	}
	tx, err := server.shared.Begin(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tx.Rollback(context.Background()) })
	return tx
}

// URL is the address of a pool's database.
func URL(pool *pgxpool.Pool) string { return pool.Config().ConnString() }

// Empty is a database without a single table of ours, for the tests of migrations.
func Empty(t testing.TB) *pgxpool.Pool {
	t.Helper()
	server.ready(t)
	name := fmt.Sprintf("%s_%d", server.prefix, server.made.Add(1))
	if _, err := server.admin.Exec(context.Background(), `create database `+name); err != nil {
		t.Fatal(err)
	}
	pool, err := server.open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		pool.Close()
		if err := server.drop(name); err != nil {
			t.Error(err)
		}
	})
	return pool
}

func (s *testServer) ready(t testing.TB) {
	t.Helper()
	s.once.Do(func() { s.err = s.start() })
	if s.err != nil {
		t.Fatal(s.err)
	}
}

func (s *testServer) start() (err error) {
	ctx := context.Background()
	address := os.Getenv("TEST_DATABASE_URL")
	if address == "" {
		if address, err = s.startEmbedded(ctx); err != nil {
			return err
		}
	}
	if s.admin, err = db.Open(ctx, address, Zone, nil); err != nil {
		return err
	}
	s.prefix = fmt.Sprintf("purple_cross_test_%d_%d", os.Getpid(), time.Now().UnixMilli())

	if _, err := s.admin.Exec(ctx, `create database `+s.prefix); err != nil {
		return fmt.Errorf("make the template of the tests: %w", err)
	}
	template, err := s.open(s.prefix)
	if err != nil {
		return err
	}
	defer template.Close()
	if err := db.Migrate(ctx, template); err != nil {
		return err
	}
	river, err := rivermigrate.New(riverpgxv5.New(template), nil)
	if err != nil {
		return err
	}
	_, err = river.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

func (s *testServer) startEmbedded(ctx context.Context) (string, error) {
	var err error
	if s.dir, err = os.MkdirTemp("", "purple-cross-test-"); err != nil {
		return "", err
	}
	if err := os.Chmod(s.dir, 0o711); err != nil { // as root the server is nobody, who must be able to enter
		return "", err
	}
	if s.embedded, err = db.StartEmbedded(ctx, db.EmbeddedOptions{Dir: s.dir, Log: os.Stderr, Throwaway: true}); err != nil {
		return "", err
	}
	return s.embedded.URL(), nil
}

// stop drops every database of this process, and the server if it is ours.
func (s *testServer) stop() error {
	if s.shared != nil {
		s.shared.Close()
	}
	if s.admin != nil {
		if s.embedded == nil {
			for _, name := range append(slices.Collect(maps.Keys(s.filled)), s.prefix+"_shared", s.prefix) {
				if err := s.drop(name); err != nil {
					return err
				}
			}
		}
		s.admin.Close()
	}
	var err error
	if s.embedded != nil {
		err = s.embedded.Stop()
	}
	if s.dir != "" {
		_ = os.RemoveAll(s.dir)
	}
	return err
}

func (s *testServer) copyTemplate(name, template string) (*pgxpool.Pool, error) {
	if _, err := s.admin.Exec(context.Background(), `create database `+name+` template `+template); err != nil {
		return nil, fmt.Errorf("copy the template of the tests: %w", err)
	}
	return s.open(name)
}

func (s *testServer) drop(name string) error {
	if _, err := s.admin.Exec(context.Background(), `drop database if exists `+name+` with (force)`); err != nil {
		return fmt.Errorf("drop the database of a test: %w", err)
	}
	return nil
}

// open is a pool on another database of the same server.
func (s *testServer) open(name string) (*pgxpool.Pool, error) {
	address, err := url.Parse(s.admin.Config().ConnString())
	if err != nil {
		return nil, fmt.Errorf("read the address of the test server: %w", err)
	}
	address.Path = "/" + name
	return db.Open(context.Background(), address.String(), Zone, nil)
}
