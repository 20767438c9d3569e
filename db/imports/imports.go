// Package imports brings clients, patients, visits and treatments of another system into the clinic, from a CSV file whose
// columns are guessed by their headings and can be named by a person.
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

	"github.com/jackc/pgx/v5/pgxpool"
)

// Options change how a file is read; the zero value is useful.
type Options struct {
	// Source keeps the numbers of one system apart from another's: two systems may both have a client 17. Empty for what
	// the file's kind or its headings say.
	Source string
	// Progress is told how far it is.
	Progress Progress
	// CheckOnly makes it a dry run.
	CheckOnly bool
}

// Progress is told how many rows are done, and of about how many.
type Progress interface {
	At(done int)
	Step(n int)
	Total(n int)
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

// Summary is what became of a file's rows. Total is Added, Updated, Unchanged, Refused and Waiting together.
type Summary struct {
	BatchID                                   int64
	File, Layout, Encoding, Delimiter         string
	Total, Added, Updated, Unchanged, Refused int
	Waiting                                   int // they may be somebody here already: somebody has to choose
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
	f, err := look(ctx, source)
	if err != nil {
		return Summary{}, err
	}
	kind, from, err := f.guess(ctx, pool)
	if err != nil {
		return Summary{}, err
	}
	if options.Source != "" {
		from = options.Source
	}
	if len(kind.Missing(f.columns)) > 0 {
		return Summary{}, unknownLayout(f.header)
	}
	id, err := f.keep(ctx, pool, name, from, source)
	if err != nil {
		return Summary{}, err
	}
	pass := Commit
	if options.CheckOnly {
		pass = Check
	}
	summary, err := pass(ctx, pool, id, options.Progress)
	summary.Took = time.Since(began)
	return summary, err
}

// lock lets one import run at a time; others wait their turn.
func lock(ctx context.Context, pool *pgxpool.Pool) (conn *pgxpool.Conn, unlock func(), err error) {
	if conn, err = pool.Acquire(ctx); err != nil {
		return nil, nil, fmt.Errorf("import: %w", err)
	}
	if _, err = conn.Exec(ctx, `select pg_advisory_lock($1)`, int64(importLock)); err != nil {
		conn.Release()
		return nil, nil, fmt.Errorf("import: %w", err)
	}
	return conn, func() { // when the connection is gone, the lock goes with it
		_, _ = conn.Exec(context.WithoutCancel(ctx), `select pg_advisory_unlock($1)`, int64(importLock))
		conn.Release()
	}, nil
}
