package imports

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"purplecross/db"
)

// run is one import of one file.
type run struct {
	conn    db.Conn
	found   found
	options Options
	summary Summary
	zone    *time.Location // the clinic's
	today   time.Time
	seen    map[[16]byte]int    // a row's content → the line where it stood first
	pets    map[string][]string // owner and name of a pet → what sets those of one name apart
}

// batchRows is how many rows commit together.
const batchRows = 1000

// outcome is what became of a row.
type outcome int

const (
	unchanged outcome = iota
	updated
	added
	refused
)

func newRun(conn db.Conn, name string, f found, options Options) *run {
	if options.Source == "" {
		options.Source = f.layout.source
	}
	return &run{
		conn: conn, found: f, options: options, seen: map[[16]byte]int{}, pets: map[string][]string{},
		summary: Summary{
			File: name, Layout: f.layout.kind, Encoding: f.encoding, Delimiter: string(f.delimiter), UnusedColumns: f.unused,
			RefusedBy: map[Code]int{}, NotedBy: map[Code]int{},
		},
	}
}

// ref is a number of the other system, as external_ref keeps it.
func (im *run) ref(number string) string {
	if im.options.Source == "" {
		return number
	}
	return im.options.Source + "/" + number
}

// petRef makes a number for a pet that has none: its owner's and its name. Two pets of one name in a household are
// told apart by whatever else the row says of them, and numbered in the order of the file.
func (im *run) petRef(g *reading, owner string) string {
	key := strings.ToLower(owner + "/" + g.pet.Name)
	signs := strings.Join([]string{g.cell("spec"), g.cell("breed"), g.cell("sex"), g.cell("birthday"), g.cell("chip")}, "\x1f")
	at := -1
	for i, other := range im.pets[key] {
		if other == signs {
			at = i
		}
	}
	if at < 0 {
		at = len(im.pets[key])
		im.pets[key] = append(im.pets[key], signs)
	}
	if at == 0 {
		return im.ref(key)
	}
	return im.ref(fmt.Sprintf("%s/%d", key, at+1))
}

// begin writes the batch's row. A batch of the same file that was killed in the middle counts as failed.
func (im *run) begin(ctx context.Context) error {
	return db.InTx(ctx, im.conn, func(tx pgx.Tx) error {
		var zone string
		err := tx.QueryRow(ctx, `select current_date, current_setting('timezone')`).Scan(&im.today, &zone)
		if err != nil {
			return err
		}
		if im.zone, err = time.LoadLocation(zone); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `update import_batch set status = 'failed' where status = 'committing' and sha256 = $1`, im.found.sha256)
		if err != nil {
			return err
		}
		actor := db.ActorFrom(ctx)
		return tx.QueryRow(ctx, `
			insert into import_batch (kind, filename, sha256, encoding, delimiter, status, created_by)
			values ($1, $2, $3, $4, $5, 'committing', nullif($6, 0))
			returning id`,
			im.found.layout.kind, im.summary.File, im.found.sha256, im.found.encoding, string(im.found.delimiter), actor.StaffID).Scan(&im.summary.BatchID)
	})
}

// rows reads the file from its beginning and writes it batch by batch.
func (im *run) rows(ctx context.Context, source io.ReadSeeker) error {
	if _, err := source.Seek(0, io.SeekStart); err != nil {
		return err
	}
	reader := newReader(source, &im.found)
	if _, err := reader.next(); err != nil { // the heading
		return err
	}
	batch := make([]*reading, 0, batchRows)
	for {
		r, err := reader.next()
		if err == nil {
			batch = append(batch, im.read(r))
		}
		if len(batch) == batchRows || err != nil && len(batch) > 0 {
			if err := im.commit(ctx, batch); err != nil {
				return fmt.Errorf("import lines %d to %d: %w", batch[0].line, batch[len(batch)-1].line, err)
			}
			batch = batch[:0]
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// read turns a row into what it means.
func (im *run) read(r row) *reading {
	g := &reading{row: r, today: im.today}
	if wrong := r.shape(); wrong != nil {
		g.issues, g.read = append(g.issues, *wrong), 1
		return g
	}
	content := sha256.Sum256([]byte(strings.Join(r.cells, "\x1f")))
	key := [16]byte(content[:])
	if first, again := im.seen[key]; again {
		g.note("duplicate", "", "The same row as line %d.", first)
	} else {
		im.seen[key] = r.line
	}
	im.found.layout.read(im, g)
	g.read = len(g.issues)
	return g
}

// commit writes a batch in one transaction. What the database itself refuses is found by writing the rows one by one.
func (im *run) commit(ctx context.Context, batch []*reading) error {
	err := im.write(ctx, batch)
	if rule := brokenRule(err); rule != "" && len(batch) > 1 {
		for i := range batch {
			if err := im.commit(ctx, batch[i:i+1]); err != nil {
				return err
			}
		}
		return nil
	} else if rule != "" {
		batch[0].refuse("database", "", "The clinic's rules do not allow this row: %s", rule)
		batch[0].read = len(batch[0].issues)
		err = im.write(ctx, batch)
	}
	if err != nil {
		return err
	}
	for _, g := range batch {
		im.count(g)
	}
	if total := im.found.lines - 1; im.options.Progress != nil && im.summary.Total < total {
		im.options.Progress(im.summary.Total, total)
	}
	return nil
}

// write decides every row of a batch and writes what follows, with the batch's numbers.
func (im *run) write(ctx context.Context, batch []*reading) error {
	var w *writer
	err := db.InTx(ctx, im.conn, func(tx pgx.Tx) error {
		w = &writer{ctx: ctx, tx: tx, im: im}
		for _, g := range batch { // from the start again, should the transaction be tried twice
			g.outcome, g.issues = unchanged, g.issues[:g.read]
		}
		if err := w.load(batch); err != nil {
			return err
		}
		for _, g := range batch {
			w.decide(g)
		}
		if err := w.store(); err != nil {
			return err
		}
		if err := w.keepIssues(batch); err != nil {
			return err
		}
		return w.keepNumbers(batch)
	})
	if err == nil {
		im.summary.ClientsAdded += w.clientsAdded
		im.summary.ClientsUpdated += w.clientsUpdated
		im.summary.PatientsAdded += w.patientsAdded
		im.summary.PatientsUpdated += w.patientsUpdated
	}
	return err
}

func (im *run) count(g *reading) {
	s := &im.summary
	s.Total++
	switch g.outcome {
	case added:
		s.Added++
	case updated:
		s.Updated++
	case unchanged:
		s.Unchanged++
	case refused:
		s.Refused++
	}
	by := map[Code]bool{}
	for _, issue := range g.issues {
		if g.outcome == refused && !issue.Refused {
			continue // what else was found in a refused row was not set right either
		}
		kept, counts := &s.Notes, s.NotedBy
		if issue.Refused {
			kept, counts = &s.Refusals, s.RefusedBy
		}
		if len(*kept) < keptIssues {
			*kept = append(*kept, issue)
		}
		if !by[issue.Code] {
			counts[issue.Code]++
		}
		by[issue.Code] = true
	}
}

// finish closes the batch and writes its entry in the log.
func (im *run) finish(ctx context.Context) error {
	if im.options.Progress != nil {
		im.options.Progress(im.summary.Total, im.summary.Total)
	}
	return db.InTx(ctx, im.conn, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update import_batch set status = 'committed', committed_at = now() where id = $1`, im.summary.BatchID)
		if err != nil {
			return err
		}
		s := im.summary
		return db.Audit(ctx, tx, db.Audited{Action: "imported", Entity: "import_batch", EntityID: s.BatchID, Diff: db.Diff{
			"total": {nil, s.Total}, "added": {nil, s.Added}, "updated": {nil, s.Updated}, "unchanged": {nil, s.Unchanged}, "refused": {nil, s.Refused},
		}})
	})
}
