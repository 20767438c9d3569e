package imports

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"purplecross/db"
)

// run is one pass over one file: its dry run, its import, or another try at the rows that were left out.
type run struct {
	conn     db.Conn
	found    found
	source   string
	dry      bool
	again    map[int]string // lines that are tried again → what became of them; nil for all lines
	fixes    map[int]map[int]string
	progress Progress
	summary  Summary
	zone     *time.Location // the clinic's
	today    time.Time

	seen      *recall[int]      // a row's content → the line where it stood first
	pets      *recall[[]uint64] // owner and name of a pet → what sets those of one name apart
	names     names
	strangers bool  // there are records that no file has brought
	invented  int64 // the last id of a dry run, below 0
	issued    int   // rows with issues that were written down
}

const (
	batchRows  = 1000    // commit together
	mostIssued = 100_000 // rows with issues that are written down; the others are counted
)

// outcome is what became of a row.
type outcome int

const (
	unchanged outcome = iota
	updated
	added
	refused
	waiting // it may be one that is here already
)

func newRun(conn db.Conn, batch db.ImportBatch, f found) *run {
	return &run{
		conn: conn, found: f, source: batch.Source, seen: newRecall[int](), pets: newRecall[[]uint64](),
		summary: Summary{
			BatchID: batch.ID, File: batch.Filename, Layout: f.kind.Key, Encoding: f.encoding, Delimiter: string(f.delimiter), UnusedColumns: f.unused(),
			RefusedBy: map[Code]int{}, NotedBy: map[Code]int{},
		},
	}
}

// ref is a number of the other system, as external_ref keeps it.
func (im *run) ref(number string) string {
	if im.source == "" {
		return number
	}
	return im.source + "/" + number
}

// begin reads what all rows need to know.
func (im *run) begin(ctx context.Context) error {
	var zone string
	err := im.conn.QueryRow(ctx, `
		select current_date, current_setting('timezone'),
		       exists (select from client where external_ref is null and status <> 'merged')`).Scan(&im.today, &zone, &im.strangers)
	if err != nil {
		return err
	}
	if im.zone, err = time.LoadLocation(zone); err != nil {
		return err
	}
	if err := im.loadNames(ctx); err != nil {
		return err
	}
	im.fixes = map[int]map[int]string{}
	rows, _ := im.conn.Query(ctx, `
		select line, fixed
		from import_row
		where batch_id = $1 and fixed is not null`, im.summary.BatchID)
	var line int
	var fixed map[int]string
	_, err = pgx.ForEachRow(rows, []any{&line, &fixed}, func() error {
		im.fixes[line], fixed = fixed, nil
		return nil
	})
	return err
}

// rows reads the file from its beginning and writes it batch by batch, but for the first skip rows, which it only looks at.
func (im *run) rows(ctx context.Context, source io.Reader, skip int) error {
	reader := newReader(source, &im.found)
	if _, err := reader.next(); err != nil { // the heading
		return err
	}
	batch := make([]*reading, 0, batchRows)
	for at := 0; ; at++ {
		r, err := reader.next()
		if err == nil {
			g := im.read(r)
			if im.again != nil {
				if _, is := im.again[r.line]; is {
					batch = append(batch, g)
				}
			} else if at >= skip {
				batch = append(batch, g)
			}
		}
		if len(batch) == batchRows || err != nil && len(batch) > 0 {
			if err := im.commit(ctx, batch); err != nil {
				return fmt.Errorf("import lines %d to %d: %w", batch[0].line, batch[len(batch)-1].line, err)
			}
			batch = batch[:0]
		} else if ctx.Err() != nil {
			return ctx.Err()
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
	if fixes := im.fixes[r.line]; len(fixes) > 0 {
		g.fix(fixes)
	}
	if wrong := g.shape(); wrong != nil {
		g.issues, g.read = append(g.issues, *wrong), 1
		return g
	}
	content := sha256.Sum256([]byte(strings.Join(r.cells, "\x1f")))
	key := string(content[:])
	if first, again := im.seen.get(key); again {
		g.note("duplicate", "", "The same row as line %d.", first)
	} else {
		im.seen.put(key, r.line)
	}
	im.found.kind.read(im, g)
	g.read = len(g.issues)
	return g
}

// fix puts what somebody typed in place of the row's own cells.
func (g *reading) fix(fixes map[int]string) {
	cells := make([]string, max(len(g.found.header), len(g.cells)))
	copy(cells, g.cells)
	for at, value := range fixes {
		if at < len(cells) {
			cells[at] = value
		}
	}
	for len(cells) > len(g.found.header) { // a fixed row has as many columns as the heading
		cells = cells[:len(cells)-1]
	}
	g.cells, g.fixed = cells, true
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
	if im.progress != nil {
		im.progress.Step(len(batch))
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
		if err := w.keepRows(batch); err != nil {
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
	case waiting:
		s.Waiting++
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

// keepNumbers lets the batch's row say how far it is, in the transaction of what it counts: so it goes on there.
func (w *writer) keepNumbers(batch []*reading) error {
	if w.im.dry {
		return nil
	}
	var n [5]int
	for _, g := range batch {
		n[g.outcome]++
	}
	first := len(batch)
	if w.im.again != nil {
		first = 0
		for _, g := range batch {
			if w.im.again[g.line] == "waiting" {
				n[waiting]--
			} else {
				n[refused]--
			}
		}
	}
	_, err := w.tx.Exec(w.ctx, `
		update import_batch
		set total = total + $2, done = done + $2, added = added + $3, updated = updated + $4, unchanged = unchanged + $5, refused = refused + $6, waiting = waiting + $7
		where id = $1`, w.im.summary.BatchID, first, n[added], n[updated], n[unchanged], n[refused], n[waiting])
	return err
}

// keepRows writes the rows that somebody should look at, in place of what was said of them before.
func (w *writer) keepRows(batch []*reading) error {
	lines := make([]int, len(batch))
	for i, g := range batch {
		lines[i] = g.line
	}
	id := w.im.summary.BatchID
	_, err := w.tx.Exec(w.ctx, `
		with said as (
		  delete from import_issue where batch_id = $1 and line = any($2)
		)
		delete from import_row
		where batch_id = $1 and line = any($2)`, id, lines)
	if err != nil {
		return err
	}
	var rows, issues [][]any
	for _, g := range batch {
		if len(g.issues) == 0 && !g.fixed || w.im.issued >= mostIssued && !g.fixed {
			continue
		}
		w.im.issued++
		raw, err := json.Marshal(g.raw())
		if err != nil {
			return err
		}
		var fixed *string
		if g.fixed {
			text, _ := json.Marshal(w.im.fixes[g.line])
			words := string(text)
			fixed = &words
		}
		var clientID, petID *int64
		if state := w.clients[g.clientRef]; state != nil && g.outcome != refused && state.now.ID > 0 {
			clientID = &state.now.ID
		}
		if state := w.pets[g.petRef]; state != nil && g.outcome != refused && state.now.ID > 0 {
			petID = &state.now.ID
		}
		rows = append(rows, []any{id, g.line, string(raw), g.action(), fixed, clientID, petID})
		for _, issue := range g.issues {
			issues = append(issues, []any{id, g.line, issue.Refused, issue.Column, issue.Value, issue.Reason, string(issue.Code)})
		}
	}
	_, err = w.tx.CopyFrom(w.ctx, pgx.Identifier{"import_row"}, strings.Fields(`batch_id line raw action fixed client_id patient_id`), pgx.CopyFromRows(rows))
	if err != nil {
		return err
	}
	_, err = w.tx.CopyFrom(w.ctx, pgx.Identifier{"import_issue"}, strings.Fields(`batch_id line refused column_name value reason code`), pgx.CopyFromRows(issues))
	return err
}
