package handlers

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/db/grid"
	"purplecross/jobs"
	"purplecross/views"
	"purplecross/views/ui"
)

const (
	bulkEditsPath = "/bulk-edits" // after the list's own path
	bulkAtOnce    = 500           // records that are changed while their reader waits, and by those who may not change whole lists
	bulkCounted   = 5000          // records of which it is counted how many change
)

const tooManyToChange = "More than 500 rows are chosen, and your role changes 500 at most. Choose fewer, or ask a manager."

// bulkEdit is what a form asks to change.
type bulkEdit struct {
	chosen gridChosen
	column *grid.Column // nil before one is chosen
	value  string       // in the form that edits have
	wrong  string
	found  *bulkFound // nil before it was tried
}

// bulkFound is what a change would do.
type bulkFound struct {
	changes, same, told int
	reasons             map[string]int // why rows would be left as they are, and how many
}

func (e bulkEdit) asked() jobs.EditAsked {
	return jobs.EditAsked{Resource: e.chosen.question.Resource.Name, Column: e.column.Key, Value: e.value}
}

func (a *App) readBulkEdit(c echo.Context, resource grid.Resource) (bulkEdit, error) {
	chosen, err := a.gridChosen(c, resource)
	if err != nil {
		return bulkEdit{}, err
	}
	if chosen.total > bulkAtOnce && !viewer(c).Can(db.AbleBulk) {
		return bulkEdit{}, echo.NewHTTPError(http.StatusForbidden, tooManyToChange)
	}
	if len(chosen.ids) == 0 {
		return bulkEdit{}, echo.NewHTTPError(http.StatusUnprocessableEntity, nothingChosen)
	}
	edit := bulkEdit{chosen: chosen, column: chosen.question.Resource.Column(c.FormValue("column"))}
	if edit.column == nil || edit.column.Edit == nil {
		edit.column = nil
		return edit, nil
	}
	edit.value, edit.wrong = edit.column.Typed(c.FormValue("value"), a.today())
	return edit, nil
}

// bulkEditsNew asks what to change, step by step, and says how many rows would.
func (a *App) bulkEditsNew(resource grid.Resource, list views.List) echo.HandlerFunc {
	return func(c echo.Context) error {
		edit, err := a.readBulkEdit(c, resource)
		if err != nil {
			return err
		}
		form, err := c.FormParams()
		if err != nil {
			return err
		}
		asked := form.Has("value")
		if asked && edit.column != nil && edit.wrong == "" {
			if edit.found, err = a.tryBulkEdit(c, edit); err != nil {
				return err
			}
		}
		if !asked {
			edit.wrong = ""
		}
		return a.bulkEditPage(c, http.StatusOK, list, edit)
	}
}

// tryBulkEdit finds out what a change would do: up to 500 rows are changed for good and that is taken back, so that the
// records' own rules decide. Of more it is counted how many have another value; of very many, all of them at most.
func (a *App) tryBulkEdit(c echo.Context, edit bulkEdit) (*bulkFound, error) {
	ctx := c.Request().Context()
	total, key := edit.chosen.total, edit.column.Key
	if total <= bulkAtOnce {
		result, err := a.applyBulkEdit(c, edit, func(pgx.Tx, db.EditResult) error { return errPreview })
		if !errors.Is(err, errPreview) {
			return nil, err
		}
		found := bulkFound{changes: len(result.Records), told: len(result.Tell), reasons: map[string]int{}}
		found.same = total - found.changes - len(result.Refused)
		for _, refused := range result.Refused {
			found.reasons[refused.Said]++
		}
		return &found, nil
	}
	if total > bulkCounted {
		return &bulkFound{changes: total}, nil
	}
	rows, err := db.EditValues(ctx, a.Pool, edit.chosen.question.Resource.Name, edit.chosen.ids, []string{key})
	n := 0
	for _, row := range rows {
		if row.Values[key] != edit.value {
			n++
		}
	}
	return &bulkFound{changes: n, same: total - n}, err
}

// applyBulkEdit changes up to 500 rows, and does something more in the same transaction.
func (a *App) applyBulkEdit(c echo.Context, edit bulkEdit, more func(pgx.Tx, db.EditResult) error) (result db.EditResult, err error) {
	ctx := c.Request().Context()
	resource := edit.chosen.question.Resource
	err = db.InTx(ctx, a.Pool, func(tx pgx.Tx) error {
		batch, err := db.StartEditBatch(ctx, tx, resource.Name, db.EditBulk)
		if err != nil {
			return err
		}
		if result, err = db.ApplyEdits(ctx, tx, batch, resource, a.today(), jobs.CellEdits(edit.asked(), edit.chosen.ids)); err != nil {
			return err
		}
		return more(tx, result)
	})
	return result, err
}

// bulkEditsCreate changes the rows: up to 500 now, more as work.
func (a *App) bulkEditsCreate(resource grid.Resource, list views.List) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		edit, err := a.readBulkEdit(c, resource)
		if err != nil {
			return err
		}
		if edit.column == nil || edit.wrong != "" {
			return a.bulkEditPage(c, http.StatusUnprocessableEntity, list, edit)
		}
		if edit.chosen.total > bulkAtOnce {
			id, err := a.Jobs.StartEdit(ctx, edit.asked(), edit.chosen.ids)
			if err != nil {
				return err
			}
			return a.seeOther(c, views.WorkHref(id), "")
		}

		result, err := a.applyBulkEdit(c, edit, func(tx pgx.Tx, result db.EditResult) error { return a.tellMoved(c, tx, result.Tell) })
		if err != nil {
			return err
		}

		said := ui.Plural(len(result.Records), resource.One+" was changed.", resource.Many+" were changed.")
		if n := len(result.Refused); n > 0 {
			said += " " + ui.Plural(n, "was", "were") + " left: " + result.Refused[0].Said
		}
		return a.seeOther(c, gridHref(a.grids[resource.Name].path, edit.chosen.question), said)
	}
}

func (a *App) bulkEditPage(c echo.Context, status int, list views.List, edit bulkEdit) error {
	resource := edit.chosen.question.Resource
	path := a.grids[resource.Name].path
	props := views.BulkEditPageProps{
		Title: list.Title, One: resource.One, Many: resource.Many, Back: gridHref(path, edit.chosen.question),
		Action: path + bulkEditsPath, Chosen: edit.chosen.total, Kept: edit.chosen.kept(),
		Value: c.FormValue("value"), Error: edit.wrong, Changes: -1, Job: edit.chosen.total > bulkAtOnce,
	}
	if found := edit.found; found != nil {
		props.Changes, props.Same, props.Told = found.changes, found.same, found.told
		for _, said := range slices.Sorted(maps.Keys(found.reasons)) {
			props.Left = append(props.Left, ui.Plural(found.reasons[said], resource.One+" is", resource.Many+" are")+" left: "+said)
		}
	}
	for i := range resource.Columns {
		if column := &resource.Columns[i]; column.Edit != nil {
			props.Columns = append(props.Columns, ui.Option{Value: column.Key, Label: column.Name()})
		}
	}
	if column := edit.column; column != nil {
		props.Column, props.Label, props.Unit = column.Key, column.Name(), column.Unit()
		if !column.Edit.Needed {
			props.Blank = "Nothing"
		}
		for _, choice := range column.Choices {
			props.Options = append(props.Options, ui.Option{Value: choice.Value, Label: choice.Label})
		}
		if column.Kind == grid.YesNo {
			props.Options = []ui.Option{{Value: "yes", Label: "Yes"}, {Value: "no", Label: "No"}}
		}
		if column.Kind == grid.Date {
			props.Type = "date"
		}
	}
	return a.pageStatus(c, status, views.Head{Title: "Change " + resource.Many, Nav: list.Nav}, views.BulkEditPage(props))
}

// kept is the choice as hidden fields, for the next step.
func (g gridChosen) kept() []views.BulkField {
	kept := []views.BulkField{{Name: chosenQuery, Value: g.question.Encode()}}
	if g.snap != "" {
		return append(kept, views.BulkField{Name: chosenSnap, Value: g.snap}, views.BulkField{Name: chosenRows, Value: g.rows})
	}
	for _, id := range g.ids {
		kept = append(kept, views.BulkField{Name: chosenIDs, Value: strconv.FormatInt(id, 10)})
	}
	return kept
}

// workUndosCreate takes back what a change of many records did.
func (a *App) workUndosCreate(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	work, err := a.workSeen(c, id)
	if err != nil {
		return err
	}
	if work.StartedBy != viewer(c).ID || !work.Over() {
		return db.ErrNotFound
	}
	batch, err := db.BatchOfWork(ctx, a.Pool, id)
	if err != nil {
		return err
	}
	place, err := a.gridNamed(c, work.Unit)
	if err != nil {
		return err
	}

	undo, err := a.Jobs.StartUndo(ctx, place.resource.Name, batch)
	if err != nil {
		return err
	}

	return a.seeOther(c, views.WorkHref(undo), "")
}
