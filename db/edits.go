package db

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"purplecross/db/grid"
)

// CellEdit is one value to change: of a record, in a column of its list, in the form that grid.Column.Typed gives.
type CellEdit struct {
	ID      int64
	Column  string
	Value   string
	Version int     // the record's when it was read; 0 to change it as it is
	Was     *string // what stood in the cell then: a record of a later version is changed if this still stands there
}

// CellRefused is a value that was left as it is, and why, in a sentence.
type CellRefused struct {
	ID     int64
	Record string // whose it is, as people say it
	Column string
	Said   string
	Theirs string // what stands there, where somebody changed it meanwhile
	By     string // who that was
	At     time.Time
	Stale  bool // somebody changed it meanwhile
}

// EditResult is what became of edits, of an undo or of a redo.
type EditResult struct {
	Cells   int           // changed
	Records []int64       // changed
	Refused []CellRefused // left as they are
	Tell    []int64       // visits whose clients should hear of it
}

func (r *EditResult) add(more EditResult) {
	r.Cells += more.Cells
	r.Records = append(r.Records, more.Records...)
	r.Refused = append(r.Refused, more.Refused...)
	r.Tell = append(r.Tell, more.Tell...)
}

// EditHow is what kind of work a batch was.
type EditHow string

// The kinds of work.
const (
	EditCell  EditHow = "cell"
	EditPaste EditHow = "paste"
	EditFill  EditHow = "fill"
	EditClear EditHow = "clear"
	EditBulk  EditHow = "bulk"
)

// EditBatch is what a person changed at once, and can take back at once.
type EditBatch struct {
	ID       int64      `db:"id"`
	List     string     `db:"list"`
	How      EditHow    `db:"how"`
	StaffID  *int64     `db:"staff_id"`
	At       time.Time  `db:"at"`
	UndoneAt *time.Time `db:"undone_at"`
}

// editable is a noun whose records can be changed in lists.
type editable interface {
	apply(ctx context.Context, tx pgx.Tx, batch int64, column func(string) *grid.Column, today time.Time, edits []CellEdit) (EditResult, error)
	revert(ctx context.Context, tx pgx.Tx, batch int64, after int64, limit int, redo bool) (EditResult, int64, error)
	values(ctx context.Context, conn Conn, ids []int64, columns []string) (map[int64]EditedRow, error)
}

// editables are the lists that can be changed, by name.
var editables = map[string]editable{
	PatientsGrid.Name:     patientEditing,
	ClientsGrid.Name:      clientEditing,
	AppointmentsGrid.Name: visitEditing,
}

// EditedRow is a record as editors begin with it.
type EditedRow struct {
	Name    string
	Version int
	Values  map[string]string // by column
}

// EditValues reads the values that editors of some records begin with.
func EditValues(ctx context.Context, conn Conn, list string, ids []int64, columns []string) (map[int64]EditedRow, error) {
	noun, known := editables[list]
	if !known {
		return nil, ErrNotFound
	}
	rows, err := noun.values(ctx, conn, ids, columns)
	return rows, wrap(err, "read values of %s", list)
}

// StartEditBatch begins a batch of the acting person's; ApplyEdits fills it.
func StartEditBatch(ctx context.Context, conn Conn, list string, how EditHow) (EditBatch, error) {
	rows, _ := conn.Query(ctx, `
		insert into edit_batch (list, how, staff_id)
		values ($1, $2, nullif($3, 0))
		returning *`, list, how, ActorFrom(ctx).StaffID)
	batch, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[EditBatch])
	return batch, wrap(err, "start editing %s", list)
}

// ApplyEdits changes cells, writes the audit log, and keeps what is needed to undo them, all set by set: hundreds of
// records take as many statements as one. What a record's rules refuse is left as it is and said in the result; the
// rest is changed. resource is the list as its editor sees it, with its choices; a long list of edits may come in
// several calls of one batch, a record's edits in one of them. today is the clinic's day.
func ApplyEdits(ctx context.Context, tx pgx.Tx, batch EditBatch, resource *grid.Resource, today time.Time, edits []CellEdit) (EditResult, error) {
	noun, known := editables[batch.List]
	if !known || resource.Name != batch.List {
		return EditResult{}, ErrNotFound
	}
	var result EditResult
	typed := make([]CellEdit, 0, len(edits))
	for _, edit := range edits {
		column := resource.Column(edit.Column)
		if column == nil || column.Edit == nil {
			result.Refused = append(result.Refused, CellRefused{ID: edit.ID, Column: edit.Column, Said: "This column can't be edited in the list."})
			continue
		}
		value, wrong := column.Typed(edit.Value, today)
		if wrong != "" {
			result.Refused = append(result.Refused, CellRefused{ID: edit.ID, Column: edit.Column, Said: wrong})
			continue
		}
		edit.Value = value
		typed = append(typed, edit)
	}
	applied, err := noun.apply(ctx, tx, batch.ID, resource.Column, today, typed)
	result.add(applied)
	return result, wrap(err, "edit %s", batch.List)
}

// undoAtOnce is how many records one transaction takes back.
const undoAtOnce = 1000

// UndoBatch takes a batch back: each value that is still as the batch left it becomes what it was before. One that
// somebody changed since stays, and the result names it. A record that was not saved since gets its time of change back
// too, so that only its version tells: versions never go back, since somebody may hold a form of the one between.
// each may be nil. A long undo that was interrupted goes on where it was.
func UndoBatch(ctx context.Context, conn Conn, id int64, each Reverting) (EditResult, error) {
	return revertBatch(ctx, conn, id, false, each)
}

// RedoBatch does again what UndoBatch took back.
func RedoBatch(ctx context.Context, conn Conn, id int64, each Reverting) (EditResult, error) {
	return revertBatch(ctx, conn, id, true, each)
}

// Reverting hears of each part that an undo or a redo takes, in that part's transaction: what became of it, and how many
// records are done then.
type Reverting func(tx pgx.Tx, part EditResult, done, total int) error

func revertBatch(ctx context.Context, conn Conn, id int64, redo bool, each Reverting) (EditResult, error) {
	var all EditResult
	total, done := 0, 0
	if err := conn.QueryRow(ctx, `select count(*) from edit where batch_id = $1`, id).Scan(&total); err != nil {
		return all, wrap(err, "count edits")
	}
	for after, more := int64(-1), true; more; {
		var part EditResult
		err := InTx(ctx, conn, func(tx pgx.Tx) error {
			batch, err := lockEditBatch(ctx, tx, id)
			if err != nil {
				return err
			}
			if redo != (batch.UndoneAt != nil) {
				more = false
				return nil // somebody was quicker
			}
			var last int64
			if part, last, err = editables[batch.List].revert(ctx, tx, id, after, undoAtOnce, redo); err != nil {
				return err
			}
			after, more = last, last != 0
			done = min(done+undoAtOnce, total)
			if each != nil {
				if err := each(tx, part, done, total); err != nil {
					return err
				}
			}
			if more {
				return nil
			}
			_, err = tx.Exec(ctx, `update edit_batch set undone_at = case when $2 then null else clock_timestamp() end where id = $1`, id, redo)
			return err
		})
		if err != nil {
			return all, wrap(err, "undo edits %d", id)
		}
		all.add(part)
	}
	return all, nil
}

func lockEditBatch(ctx context.Context, tx pgx.Tx, id int64) (EditBatch, error) {
	rows, _ := tx.Query(ctx, `select * from edit_batch where id = $1 for update`, id)
	batch, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[EditBatch])
	if err == nil && editables[batch.List] == nil {
		err = ErrNotFound
	}
	return batch, err
}

// GetEditBatch reads a batch.
func GetEditBatch(ctx context.Context, conn Conn, id int64) (EditBatch, error) {
	rows, _ := conn.Query(ctx, `select * from edit_batch where id = $1`, id)
	batch, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[EditBatch])
	return batch, wrap(err, "get edits %d", id)
}

// LastEditBatch is what a person did last in a list during the last day, to undo; or with redo what they undid last and
// did nothing after. ErrNotFound when there is nothing.
func LastEditBatch(ctx context.Context, conn Conn, staffID int64, list string, redo bool) (EditBatch, error) {
	which := `b.undone_at is null order by b.id desc`
	if redo {
		which = `b.undone_at is not null and not exists (
		           select from edit_batch n where n.staff_id = b.staff_id and n.list = b.list and n.at > b.undone_at)
		         order by b.undone_at desc`
	}
	rows, _ := conn.Query(ctx, `
		select b.*
		  from edit_batch b
		 where b.staff_id = $1 and b.list = $2 and b.at > now() - interval '1 day'
		   and exists (select from edit e where e.batch_id = b.id)
		   and `+which+`
		 limit 1`, staffID, list)
	batch, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[EditBatch])
	return batch, wrap(err, "last edits of %s", list)
}

// editedCell is one cell of an edit as it is stored: field → [before, after].
type editedCell map[string][2]json.RawMessage

// since says who changed fields of records last, by record.
func since(ctx context.Context, tx pgx.Tx, entity string, ids []int64, fields ...string) (map[int64]HistoryLine, error) {
	rows, err := tx.Query(ctx, `
		select distinct on (entity_id) entity_id, actor, at
		  from audit_log
		 where entity = $1 and entity_id = any ($2) and diff ?| $3
		 order by entity_id, id desc`, entity, ids, fields)
	if err != nil {
		return nil, err
	}
	found := map[int64]HistoryLine{}
	var line HistoryLine
	_, err = pgx.ForEachRow(rows, []any{&line.EntityID, &line.Actor, &line.At}, func() error {
		found[line.EntityID] = line
		return nil
	})
	return found, err
}

// sentenceOf is what a person reads of a refusal of a column's value; known is false for an error that is not theirs.
func sentenceOf(err error, zone *time.Location) (said string, known bool) {
	var wrong Invalid
	var refused Refused
	switch clash := new(Clash); {
	case errors.Is(err, ErrStale):
		return "Somebody changed this in the same moment. Look at it again.", true
	case errors.As(err, &clash):
		return clash.Sentence(zone), true
	case errors.As(err, &refused):
		return refused.Error(), true
	case errors.As(err, &wrong):
		for _, said = range wrong {
			return said, true
		}
	}
	return "", false
}
