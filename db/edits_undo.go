package db

import (
	"context"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// keptEdit is what was kept of one record's change.
type keptEdit struct {
	RecordID int64                 `db:"record_id"`
	Cells    map[string]editedCell `db:"cells"`
	Undone   []string              `db:"undone"`
	Updated  time.Time             `db:"was_updated_at"`
	Version  int                   `db:"version"`
}

// revert takes back, or does again, the edits of up to limit records after one, and says which was the last; 0 when
// there are no more.
func (e *editing[T]) revert(ctx context.Context, tx pgx.Tx, batch, after int64, limit int, redo bool) (EditResult, int64, error) {
	var result EditResult
	rows, _ := tx.Query(ctx, `
		select record_id, cells, undone, was_updated_at, version
		  from edit
		 where batch_id = $1 and record_id > $2
		 order by record_id
		 limit $3`, batch, after, limit)
	kept, err := pgx.CollectRows(rows, pgx.RowToStructByName[keptEdit])
	if err != nil || len(kept) == 0 {
		return result, 0, err
	}
	edits, ids := map[int64]keptEdit{}, make([]int64, 0, len(kept))
	for _, edit := range kept {
		edits[edit.RecordID], ids = edit, append(ids, edit.RecordID)
	}
	records, err := e.load(ctx, tx, ids, true)
	if err != nil {
		return result, 0, err
	}

	var changes []editChange[T]
	left := map[string][]CellRefused{}
	for _, record := range records {
		change, changed, err := e.inverse(record, edits[e.row(&record).id], redo)
		if err != nil {
			return result, 0, err
		}
		for _, column := range changed {
			about := e.row(&record)
			left[column] = append(left[column], CellRefused{ID: about.id, Record: about.name, Column: column, Stale: true, Theirs: e.cells[column].get(record)})
		}
		if len(change.columns) > 0 {
			changes = append(changes, change)
		}
	}
	for _, column := range slices.Sorted(maps.Keys(left)) {
		if err := e.sayWho(ctx, tx, left[column]); err != nil {
			return result, 0, err
		}
		result.Refused = append(result.Refused, left[column]...)
	}
	if err := e.save(ctx, tx, changes); err != nil {
		return result, 0, err
	}
	e.outcome(&result, changes)
	if err := markReverted(ctx, tx, batch, e, changes, redo); err != nil {
		return result, 0, err
	}
	last := kept[len(kept)-1].RecordID
	if len(kept) < limit {
		last = 0
	}
	return result, last, nil
}

// inverse is the change that brings one record's values back, and the columns that somebody changed since.
func (e *editing[T]) inverse(record T, edit keptEdit, redo bool) (change editChange[T], changed []string, err error) {
	change = editChange[T]{before: record, after: record}
	whole := true
	for _, column := range slices.Sorted(maps.Keys(edit.Cells)) {
		if redo != slices.Contains(edit.Undone, column) {
			whole = whole && redo
			continue
		}
		from, to := 1, 0
		if redo {
			from, to = 0, 1
		}
		next := change.after
		same := true
		for field, values := range edit.Cells[column] {
			same = same && holdsField(record, field, values[from])
			if err := setField(&next, field, values[to]); err != nil {
				return change, nil, err
			}
		}
		if !same {
			changed, whole = append(changed, column), false
			continue
		}
		change.after, change.columns = next, append(change.columns, column)
	}
	if about := e.row(&record); whole && !redo && about.version == edit.Version {
		change.updated = edit.Updated
	}
	return change, changed, nil
}

// holdsField says whether a record's field has a stored value.
func holdsField[T any](record T, field string, value json.RawMessage) bool {
	other := record
	if err := setField(&other, field, value); err != nil {
		return false
	}
	_, differs := DiffOf(normalTimes(record), normalTimes(other))[field]
	return !differs
}

// normalTimes puts a record's moments into one zone, so that equal ones compare as equal.
func normalTimes[T any](record T) T {
	fields := reflect.ValueOf(&record).Elem()
	for i := range fields.NumField() {
		if at, isTime := fields.Field(i).Interface().(*time.Time); isTime && at != nil {
			utc := at.UTC()
			fields.Field(i).Set(reflect.ValueOf(&utc))
		}
	}
	return record
}

func setField[T any](record *T, field string, value json.RawMessage) error {
	fields := reflect.ValueOf(record).Elem()
	for i := range fields.NumField() {
		if name, _, _ := strings.Cut(fields.Type().Field(i).Tag.Get("db"), ","); name == field {
			fields.Field(i).SetZero()
			return json.Unmarshal(value, fields.Field(i).Addr().Interface())
		}
	}
	return nil
}

// markReverted notes which columns are undone now, and the version that the record was left at.
func markReverted[T any](ctx context.Context, tx pgx.Tx, batch int64, e *editing[T], changes []editChange[T], redo bool) error {
	type mark struct {
		Record  int64    `json:"record_id"`
		Columns []string `json:"columns"`
		Version int      `json:"version"`
	}
	var marks []mark
	for _, change := range changes {
		if change.saved {
			marks = append(marks, mark{e.row(&change.before).id, change.columns, change.version})
		}
	}
	if len(marks) == 0 {
		return nil
	}
	document, err := json.Marshal(marks)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		update edit e
		   set version = m.version,
		       undone = case when $3
		         then array(select unnest(e.undone) except select unnest(m.columns))
		         else e.undone || m.columns
		       end
		  from jsonb_to_recordset($2::jsonb) as m (record_id bigint, columns text[], version int)
		 where e.batch_id = $1 and e.record_id = m.record_id`, batch, string(document), redo)
	return err
}
