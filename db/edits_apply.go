package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"purplecross/db/grid"
)

// editing is how records of one type are changed in lists.
type editing[T any] struct {
	entity string // in the audit log
	read   string // the statement that reads records by $1, an array of ids
	lock   string // what locks them
	row    func(*T) editedRecord
	cells  map[string]editingCell[T] // by column
	check  func(T) Invalid           // the rules of the record's form; nil where save has them
	fields map[string]string         // the column of a field that check names, where it is called otherwise
	save   func(ctx context.Context, tx pgx.Tx, changes []editChange[T]) error
}

type editedRecord struct {
	id       int64
	version  int
	name     string
	clientID int64
	updated  time.Time
}

type editingCell[T any] struct {
	get func(T) string
	set func(*T, string, *grid.Column, time.Time) string // the sentence says what is wrong
}

// editChange is one record's change: what it was, what it is to be, and what came of that.
type editChange[T any] struct {
	before, after T
	columns       []string  // that change it
	updated       time.Time // the time of change to give it back, zero for now

	saved   bool // set by save
	version int
	refused string
	tell    bool
}

func (e *editing[T]) load(ctx context.Context, conn Conn, ids []int64, locked bool) ([]T, error) {
	statement := e.read
	if locked {
		statement += e.lock
	}
	rows, err := conn.Query(ctx, statement, ids)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[T])
}

func (e *editing[T]) values(ctx context.Context, conn Conn, ids []int64, columns []string) (map[int64]EditedRow, error) {
	records, err := e.load(ctx, conn, ids, false)
	if err != nil {
		return nil, err
	}
	found := make(map[int64]EditedRow, len(records))
	for _, record := range records {
		about := e.row(&record)
		row := EditedRow{Name: about.name, Version: about.version, Values: map[string]string{}}
		for _, column := range columns {
			if cell, known := e.cells[column]; known {
				row.Values[column] = cell.get(record)
			}
		}
		found[about.id] = row
	}
	return found, nil
}

func (e *editing[T]) apply(ctx context.Context, tx pgx.Tx, batch int64, column func(string) *grid.Column, today time.Time, edits []CellEdit) (EditResult, error) {
	var result EditResult
	byRecord := map[int64][]CellEdit{}
	for _, edit := range edits {
		byRecord[edit.ID] = append(byRecord[edit.ID], edit)
	}
	ids := make([]int64, 0, len(byRecord))
	for id := range byRecord {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	records, err := e.load(ctx, tx, ids, true)
	if err != nil {
		return result, err
	}

	var changes []editChange[T]
	for _, record := range records {
		about := e.row(&record)
		change := editChange[T]{before: record, after: record}
		for _, edit := range byRecord[about.id] {
			refused, stale := e.setCell(&change, edit, column(edit.Column), today)
			if refused != "" || stale {
				result.Refused = append(result.Refused, CellRefused{
					ID: about.id, Record: about.name, Column: edit.Column, Said: refused, Stale: stale, Theirs: e.cells[edit.Column].get(record),
				})
			}
		}
		if len(change.columns) > 0 {
			changes = append(changes, change)
		}
		delete(byRecord, about.id)
	}
	for id, gone := range byRecord {
		for _, edit := range gone {
			result.Refused = append(result.Refused, CellRefused{ID: id, Column: edit.Column, Said: "This record is not there any more."})
		}
	}
	if err := e.sayWho(ctx, tx, result.Refused); err != nil {
		return result, err
	}
	if err := e.save(ctx, tx, changes); err != nil {
		return result, err
	}
	e.outcome(&result, changes)
	return result, keepEdits(ctx, tx, batch, e, changes)
}

// setCell sets one value, unless somebody changed it meanwhile or the record's rules refuse it.
func (e *editing[T]) setCell(change *editChange[T], edit CellEdit, column *grid.Column, today time.Time) (refused string, stale bool) {
	cell, known := e.cells[edit.Column]
	if !known {
		return "This column can't be edited in the list.", false
	}
	now := cell.get(change.before)
	if now == edit.Value {
		return "", false
	}
	if edit.Version != 0 && edit.Version != e.row(&change.before).version && (edit.Was == nil || *edit.Was != now) {
		return "", true
	}
	next := change.after
	if said := cell.set(&next, edit.Value, column, today); said != "" {
		return said, false
	}
	if e.check != nil {
		had := e.check(change.after)
		for field, said := range e.check(next) {
			if had[field] != said {
				return said, false
			}
		}
	}
	if len(DiffOf(change.after, next)) > 0 {
		change.after, change.columns = next, append(change.columns, edit.Column)
	}
	return "", false
}

// sayWho names who changed the values that are stale.
func (e *editing[T]) sayWho(ctx context.Context, tx pgx.Tx, refused []CellRefused) error {
	stale := map[string][]int64{}
	for _, cell := range refused {
		if cell.Stale {
			stale[cell.Column] = append(stale[cell.Column], cell.ID)
		}
	}
	for column, ids := range stale {
		who, err := since(ctx, tx, e.entity, ids, column, e.field(column))
		if err != nil {
			return err
		}
		for i, cell := range refused {
			if line, known := who[cell.ID]; cell.Stale && cell.Column == column {
				refused[i].By, refused[i].At = "somebody", time.Time{}
				if known {
					refused[i].By, refused[i].At = line.Actor, line.At
				}
			}
		}
	}
	return nil
}

// field is what the record's table calls the column.
func (e *editing[T]) field(column string) string {
	if field, other := e.fields[column]; other {
		return field
	}
	return column
}

func (e *editing[T]) outcome(result *EditResult, changes []editChange[T]) {
	for _, change := range changes {
		about := e.row(&change.before)
		if !change.saved {
			for _, column := range change.columns {
				result.Refused = append(result.Refused, CellRefused{ID: about.id, Record: about.name, Column: column, Said: change.refused})
			}
			continue
		}
		result.Cells += len(change.columns)
		result.Records = append(result.Records, about.id)
		if change.tell {
			result.Tell = append(result.Tell, about.id)
		}
	}
}

// keepEdits stores what an undo needs.
func keepEdits[T any](ctx context.Context, tx pgx.Tx, batch int64, e *editing[T], changes []editChange[T]) error {
	type kept struct {
		Record  int64                 `json:"record_id"`
		Cells   map[string]editedCell `json:"cells"`
		Updated time.Time             `json:"was_updated_at"`
		Version int                   `json:"version"`
	}
	var all []kept
	for _, change := range changes {
		if !change.saved {
			continue
		}
		about := e.row(&change.before)
		cells, err := e.editedCells(change)
		if err != nil {
			return err
		}
		all = append(all, kept{about.id, cells, about.updated, change.version})
	}
	if len(all) == 0 {
		return nil
	}
	document, err := json.Marshal(all)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into edit (batch_id, record_id, cells, was_updated_at, version)
		select $1, record_id, cells, was_updated_at, version
		  from jsonb_to_recordset($2::jsonb) as e (record_id bigint, cells jsonb, was_updated_at timestamptz, version int)`, batch, string(document))
	return err
}

// editedCells are the fields that each column's value stands in.
func (e *editing[T]) editedCells(change editChange[T]) (map[string]editedCell, error) {
	cells := map[string]editedCell{}
	for _, column := range change.columns {
		cells[column] = editedCell{}
	}
	for field, values := range DiffOf(change.before, change.after) {
		at := slices.IndexFunc(change.columns, func(column string) bool {
			return e.field(column) == field || slices.Contains(companions[column], field)
		})
		before, err := json.Marshal(values[0])
		if err != nil {
			return nil, err
		}
		after, err := json.Marshal(values[1])
		if err != nil {
			return nil, err
		}
		cells[change.columns[max(at, 0)]][field] = [2]json.RawMessage{before, after}
	}
	return cells, nil
}

// companions are the fields that a column's value moves beside its own.
var companions = map[string][]string{
	"weight": {"weighed_on"},
	"born":   {"dob_estimated"},
	"status": {"deceased_on"},
	"email":  {"email_bounced_at"},
	"vet":    {"overbooked", "overbook_reason"},
	"room":   {"overbooked", "overbook_reason"},
}

// saveTable writes changed records of a table in one statement, and their audit rows in another. Where a constraint
// refuses the set, its halves are tried, down to the record that is refused.
func saveTable[T any](table string, e *editing[T]) func(ctx context.Context, tx pgx.Tx, changes []editChange[T]) error {
	return func(ctx context.Context, tx pgx.Tx, changes []editChange[T]) error {
		if len(changes) == 0 {
			return nil
		}
		err := pgx.BeginFunc(ctx, tx, func(savepoint pgx.Tx) error { return updateSet(ctx, savepoint, table, e, changes) })
		var wrong Invalid
		switch {
		case err == nil:
			return nil
		case !errors.As(wrap(err, "save %s", table), &wrong):
			return err
		case len(changes) == 1:
			changes[0].saved = false
			changes[0].refused, _ = sentenceOf(wrong, nil)
			return nil
		}
		half := len(changes) / 2
		if err := saveTable(table, e)(ctx, tx, changes[:half]); err != nil {
			return err
		}
		return saveTable(table, e)(ctx, tx, changes[half:])
	}
}

// updateSet updates the records of a set. Field names come from T's own tags, values as one document.
func updateSet[T any](ctx context.Context, tx pgx.Tx, table string, e *editing[T], changes []editChange[T]) error {
	fields := map[string]bool{}
	diffs := make([]Diff, len(changes))
	for i := range changes {
		diffs[i] = DiffOf(changes[i].before, changes[i].after)
		for field := range diffs[i] {
			fields[field] = true
		}
	}
	document, err := json.Marshal(documents(e, changes, fields))
	if err != nil {
		return err
	}
	sets := ""
	for field := range fields {
		sets += field + " = n." + field + ", "
	}
	rows, err := tx.Query(ctx, fmt.Sprintf(`
		update %[1]s t
		   set %[2]sversion = t.version + 1, updated_at = coalesce(n.updated_at, now())
		  from jsonb_populate_recordset(null::%[1]s, $1::jsonb) n
		 where t.id = n.id
		returning t.id, t.version`, table, sets), string(document))
	if err != nil {
		return err
	}
	versions := map[int64]int{}
	var id int64
	var version int
	if _, err := pgx.ForEachRow(rows, []any{&id, &version}, func() error {
		versions[id] = version
		return nil
	}); err != nil {
		return err
	}
	audited := make([]Audited, len(changes))
	for i := range changes {
		about := e.row(&changes[i].before)
		changes[i].saved, changes[i].version = true, versions[about.id]
		audited[i] = Audited{Action: "updated", Entity: e.entity, EntityID: about.id, ClientID: about.clientID, Diff: diffs[i]}
	}
	return AuditAll(ctx, tx, audited)
}

// documents are the records' new values by field; a field that another record of the set changes keeps its own.
func documents[T any](e *editing[T], changes []editChange[T], fields map[string]bool) []map[string]any {
	all := make([]map[string]any, len(changes))
	for i := range changes {
		about := e.row(&changes[i].before)
		document := map[string]any{"id": about.id}
		record := reflect.ValueOf(changes[i].after)
		for n := range record.NumField() {
			if field, _, _ := strings.Cut(record.Type().Field(n).Tag.Get("db"), ","); fields[field] {
				document[field] = record.Field(n).Interface()
			}
		}
		if !changes[i].updated.IsZero() {
			document["updated_at"] = changes[i].updated
		}
		all[i] = document
	}
	return all
}
