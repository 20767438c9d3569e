// Package imports brings clients and patients of another system into the clinic, from a CSV file of a known layout.
// A row comes in whole or not at all: when a value cannot be read it is refused, with its line, column, value and
// reason; when its meaning is certain it is set right, with a note. Whoever has been imported is known by the number
// that the other system gave, so the same file twice changes nothing. It knows no HTTP.
package imports

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Options change how a file is read; the zero value is useful.
type Options struct {
	// Source keeps the numbers of one system apart from another's: two systems may both have a client 17. Empty for
	// the system that clients.csv and patients.csv come from; the one-file layout has "legacy" unless it is set.
	Source string
	// Progress is told how many rows are done of about how many.
	Progress func(done, total int)
}

// Problem is an error with a file as a whole, in one sentence to the person who chose it.
type Problem struct{ Said string }

func (p *Problem) Error() string { return p.Said }

func problem(format string, args ...any) error {
	return &Problem{Said: fmt.Sprintf(format, args...)}
}

// Issue is something about a row that a person should know. A refused row changed nothing.
type Issue struct {
	Line    int    `json:"-"` // of the file, where the row begins
	Column  string `json:"column,omitempty"`
	Value   string `json:"value,omitempty"`
	Reason  string `json:"reason"`
	Refused bool   `json:"refused,omitempty"`
	Code    Code   `json:"code"` // what kind of issue it is
}

// String is the issue as one line of text.
func (i Issue) String() string {
	if i.Column == "" {
		return fmt.Sprintf("line %d: %s", i.Line, i.Reason)
	}
	return fmt.Sprintf("line %d, %s “%s”: %s", i.Line, i.Column, i.Value, i.Reason)
}

// Code names a kind of issue, for counting.
type Code string

// keptIssues is how many refusals and notes a Summary holds; all of them are in import_row.
const keptIssues = 20

// Summary is what became of a file. Total is Added, Updated, Unchanged and Refused together.
type Summary struct {
	BatchID                                   int64
	File, Layout, Encoding, Delimiter         string
	Total, Added, Updated, Unchanged, Refused int
	ClientsAdded, ClientsUpdated              int
	PatientsAdded, PatientsUpdated            int
	Refusals, Notes                           []Issue      // the first of them
	RefusedBy, NotedBy                        map[Code]int // rows with an issue of a kind
	UnusedColumns                             []string
	Took                                      time.Duration
}

// importLock is held while a file is imported: two imports at once would both add the same client.
const importLock = 0x696d_706f_7274 // "import"

// File imports the file at path.
func File(ctx context.Context, pool *pgxpool.Pool, path string, options Options) (Summary, error) {
	file, err := os.Open(path)
	if err != nil {
		return Summary{}, cannotOpen(path, err)
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return Summary{}, problem("%s is a folder. Name one CSV file.", path)
	}
	return Read(ctx, pool, filepath.Base(path), file, options)
}

func cannotOpen(path string, err error) error {
	switch {
	case errors.Is(err, os.ErrNotExist):
		return problem("There is no file %s.", path)
	case errors.Is(err, os.ErrPermission):
		return problem("The file %s may not be read by this user.", path)
	}
	return fmt.Errorf("open import: %w", err)
}

// Read imports what a source holds, from its beginning; name is how the file is called. An error that is a *Problem
// is for the person who chose the file. Batches of rows commit one after the other, so what stands before an error
// in the middle of a file has been imported, and importing the mended file brings the rest.
func Read(ctx context.Context, pool *pgxpool.Pool, name string, source io.ReadSeeker, options Options) (Summary, error) {
	began := time.Now()
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return Summary{}, fmt.Errorf("import: %w", err)
	}
	defer conn.Release()
	if err := lock(ctx, conn); err != nil {
		return Summary{}, err
	}
	defer func() { // when the connection is gone, the lock goes with it
		_, _ = conn.Exec(context.WithoutCancel(ctx), `select pg_advisory_unlock($1)`, int64(importLock))
	}()

	found, err := look(ctx, source)
	if err != nil {
		return Summary{}, err
	}
	im := newRun(conn, name, found, options)
	if err := im.begin(ctx); err != nil {
		return Summary{}, fmt.Errorf("import: %w", err)
	}
	if err := im.rows(ctx, source); err != nil {
		// The connection may be gone with the error, so the pool's next one says so.
		_, _ = pool.Exec(context.WithoutCancel(ctx), `update import_batch set status = 'failed' where id = $1`, im.summary.BatchID)
		return im.summary, err
	}
	if err := im.finish(ctx); err != nil {
		return im.summary, fmt.Errorf("import: %w", err)
	}
	im.summary.Took = time.Since(began)
	return im.summary, nil
}

// lock lets one import run at a time. It waits a second, for PostgreSQL takes a moment to see that one was killed.
func lock(ctx context.Context, conn *pgxpool.Conn) error {
	err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `set local lock_timeout = '1s'`); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `select pg_advisory_lock($1)`, int64(importLock)) // until unlocked, not until the end of tx
		return err
	})
	if late := new(pgconn.PgError); errors.As(err, &late) && late.Code == "55P03" {
		return problem("Another import is running. Wait until it has finished, then try again.")
	}
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	return nil
}
