package handlers

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/db/grid"
	"purplecross/jobs/sheets"
	"purplecross/views"
	"purplecross/views/ui"
)

const cellsPath = "/cells" // ?record=7&column=weight with the question: the editor; a POST saves

// cellAsked is the cell that an editor is for.
type cellAsked struct {
	gridAsked
	path   string
	id     int64
	column *grid.Column
	row    db.EditedRow
}

// cellAsk reads which cell is meant; a column that can't be edited by this person is not there.
func (a *App) cellAsk(c echo.Context, resource grid.Resource) (cellAsked, error) {
	ctx := c.Request().Context()
	asked, err := a.gridAsk(c, resource)
	if err != nil {
		return cellAsked{}, err
	}
	cell := cellAsked{gridAsked: asked, path: c.Request().URL.Path, column: asked.question.Resource.Column(asked.query.Get("column"))}
	cell.id, err = strconv.ParseInt(asked.query.Get("record"), 10, 64)
	if err != nil || cell.column == nil || cell.column.Edit == nil {
		return cell, db.ErrNotFound
	}
	rows, err := db.EditValues(ctx, a.Pool, resource.Name, []int64{cell.id}, []string{cell.column.Key})
	if err != nil {
		return cell, err
	}
	row, there := rows[cell.id]
	if !there {
		return cell, db.ErrNotFound
	}
	cell.row = row
	return cell, nil
}

// cellsEdit answers with the editor of one cell.
func (a *App) cellsEdit(resource grid.Resource, _ views.List) echo.HandlerFunc {
	return func(c echo.Context) error {
		cell, err := a.cellAsk(c, resource)
		if err != nil {
			return err
		}
		value := cell.row.Values[cell.column.Key]
		props, err := a.cellEditor(c, cell, editWords(cell.column, value), strconv.Itoa(cell.row.Version), value)
		if err != nil {
			return err
		}

		return a.fragment(c, ui.GridEditor(props))
	}
}

// cellsUpdate saves one cell and answers with its row as it is now; or with the editor, and what keeps it from that.
func (a *App) cellsUpdate(resource grid.Resource, list views.List) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		cell, err := a.cellAsk(c, resource)
		if err != nil {
			return err
		}
		values := readValues(c, []string{"value", "was"}, "")
		was := values["was"]
		edit := db.CellEdit{ID: cell.id, Column: cell.column.Key, Value: values["value"], Version: max(formVersion(c), 1), Was: &was}

		var result db.EditResult
		err = db.InTx(ctx, a.Pool, func(tx pgx.Tx) error {
			batch, err := db.StartEditBatch(ctx, tx, resource.Name, db.EditCell)
			if err != nil {
				return err
			}
			if result, err = db.ApplyEdits(ctx, tx, batch, cell.question.Resource, a.today(), []db.CellEdit{edit}); err != nil {
				return err
			}
			return a.tellMoved(c, tx, result.Tell)
		})
		if err != nil {
			return err
		}

		if len(result.Refused) > 0 {
			return a.cellRefused(c, cell, values, result.Refused[0])
		}
		rows, err := cell.plan.Rows(ctx, a.Pool, []int64{cell.id})
		if err != nil {
			return err
		}
		view := gridView{question: cell.question, answer: gridAnswer{rows: rows}, list: list, today: a.today()}
		return a.fragment(c, ui.GridRows(ui.GridRowsProps{Label: list.Title, Columns: view.columns(), Rows: view.rows()}))
	}
}

// cellRefused answers with the editor again: 422 with what is wrong, 409 with what somebody else put there.
func (a *App) cellRefused(c echo.Context, cell cellAsked, values map[string]string, refused db.CellRefused) error {
	version, was, status := c.FormValue("version"), values["was"], http.StatusUnprocessableEntity
	if refused.Stale {
		version, was, status = strconv.Itoa(cell.row.Version), refused.Theirs, http.StatusConflict
	}
	props, err := a.cellEditor(c, cell, values["value"], version, was)
	if err != nil {
		return err
	}
	props.Error = refused.Said
	if refused.Stale {
		props.Conflict = &ui.GridEditorConflict{By: refused.By, At: refused.At, Theirs: orNothing(editWords(cell.column, refused.Theirs)), Mine: orNothing(values["value"])}
	}
	return a.write(c, status, ui.GridEditor(props))
}

// tellMoved writes to the clients whose visits have another vet or room now.
func (a *App) tellMoved(c echo.Context, tx pgx.Tx, visits []int64) error {
	for _, id := range visits {
		if err := a.tell(c.Request().Context(), tx, db.MessageVisitMoved, id); err != nil {
			return err
		}
	}
	return nil
}

// cellEditor is the editor that a column needs.
func (a *App) cellEditor(c echo.Context, cell cellAsked, value, version, was string) (ui.GridEditorProps, error) {
	column := cell.column
	props := ui.GridEditorProps{
		Action: gridHref(cell.path, cell.question) + "?", Label: column.Name() + " of " + cell.row.Name, Value: value,
		Unit: column.Unit(), Most: column.Edit.Most,
		Fields: []ui.GridField{{Name: "version", Value: version}, {Name: "was", Value: was}},
	}
	if strings.Contains(strings.TrimSuffix(props.Action, "?"), "?") {
		props.Action = strings.TrimSuffix(props.Action, "?") + "&"
	}
	props.Action += "record=" + strconv.FormatInt(cell.id, 10) + "&column=" + column.Key
	switch {
	case column.Edit.Long:
		props.Kind = ui.GridEditorLong
	case column.Numeric():
		props.Kind = ui.GridEditorNumber
	case column.Kind == grid.Date:
		props.Kind = ui.GridEditorDate
	case column.Kind == grid.YesNo:
		props.Kind, props.Options = ui.GridEditorChoice, []ui.Option{{Label: "Yes"}, {Label: "No"}}
		if !column.Edit.Needed {
			props.Options = append(props.Options, ui.Option{Label: "Not known"})
		}
	case column.Edit.SuggestSQL != "":
		props.Free = true
		rows, err := a.Pool.Query(c.Request().Context(), column.Edit.SuggestSQL)
		if err != nil {
			return props, err
		}
		suggested, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return props, err
		}
		for _, label := range suggested {
			props.Options = append(props.Options, ui.Option{Label: label})
		}
	case len(column.Choices) > 0:
		props.Kind = ui.GridEditorChoice
		for _, choice := range column.Choices {
			props.Options = append(props.Options, ui.Option{Value: choice.Value, Label: choice.Label})
		}
	}
	return props, nil
}

// editWords is a stored value as its editor shows it.
func editWords(column *grid.Column, value string) string {
	switch {
	case column.Kind == grid.YesNo && value == "":
		return ""
	case column.Kind == grid.YesNo:
		return sheets.YesNo(ptr(value == "yes"))
	case column.Digits:
		return ui.Phone(value)
	}
	return column.Says(value)
}

func orNothing(words string) string {
	if words == "" {
		return "nothing"
	}
	return words
}

// lastEditsRevert takes back, or does again, what this person did last in a list.
func (a *App) lastEditsRevert(redo bool) echo.HandlerFunc {
	return func(c echo.Context) error {
		place, err := a.gridNamed(c, c.FormValue("list"))
		if err != nil {
			return err
		}
		batch, err := db.LastEditBatch(c.Request().Context(), a.Pool, viewer(c).ID, place.resource.Name, redo)
		switch {
		case errors.Is(err, db.ErrNotFound) && redo:
			return a.saidOf(c, place, "There is nothing to do again.")
		case errors.Is(err, db.ErrNotFound):
			return a.saidOf(c, place, "There is nothing of yours to undo from the last day.")
		case err != nil:
			return err
		}
		return a.editsRevert(c, place, batch, redo)
	}
}

// editsUndo takes one batch back: one's own, or for those who may edit in bulk anybody's.
func (a *App) editsUndo(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}
	batch, err := db.GetEditBatch(c.Request().Context(), a.Pool, id)
	if err != nil {
		return err
	}
	place, err := a.gridNamed(c, batch.List)
	if err != nil {
		return err
	}
	if (batch.StaffID == nil || *batch.StaffID != viewer(c).ID) && !viewer(c).Can(db.AbleBulk) {
		return echo.NewHTTPError(http.StatusForbidden, "A colleague made these changes. They or a manager can undo them.")
	}
	return a.editsRevert(c, place, batch, false)
}

func (a *App) editsRevert(c echo.Context, place gridPlace, batch db.EditBatch, redo bool) error {
	ctx := c.Request().Context()
	if !viewer(c).Can(db.Ability(place.resource.EditNeeds)) {
		return echo.NewHTTPError(http.StatusForbidden)
	}
	if n, err := db.EditedInBatch(ctx, a.Pool, batch.ID); err != nil {
		return err
	} else if n > bulkAtOnce {
		return a.editsRevertAsWork(c, place, batch, redo, n)
	}
	revert := db.UndoBatch
	if redo {
		revert = db.RedoBatch
	}

	var result db.EditResult
	err := db.InTx(ctx, a.Pool, func(tx pgx.Tx) error {
		var err error
		if result, err = revert(ctx, tx, batch.ID, nil); err != nil {
			return err
		}
		return a.tellMoved(c, tx, result.Tell)
	})
	if err != nil {
		return err
	}

	return a.saidOf(c, place, revertedWords(&place.resource, result, redo))
}

// editsRevertAsWork reverts many records as work, with its progress.
func (a *App) editsRevertAsWork(c echo.Context, place gridPlace, batch db.EditBatch, redo bool, n int) error {
	start, said := a.Jobs.StartUndo, "being changed back."
	if redo {
		start, said = a.Jobs.StartRedo, "being changed again."
	}
	id, err := start(c.Request().Context(), place.resource.Name, batch.ID)
	if err != nil {
		return err
	}
	if partial(c) {
		return a.fragment(c, ui.Flash(ui.FlashProps{Message: ui.Plural(n, place.resource.One+" is", place.resource.Many+" are") + " " + said + " Work under way shows how far it is."}))
	}
	return a.seeOther(c, views.WorkHref(id), "")
}

// saidOf says what became of it: to a script in a flash, to others on the list's page.
func (a *App) saidOf(c echo.Context, place gridPlace, said string) error {
	if partial(c) {
		return a.fragment(c, ui.Flash(ui.FlashProps{Message: said}))
	}
	return a.seeOther(c, place.path, said)
}

// revertedWords says how much was undone, and names what was left: "11 of 12 undone; Coco’s weight was changed by
// Dr Ito since."
func revertedWords(resource *grid.Resource, result db.EditResult, redo bool) string {
	done := "undone"
	if redo {
		done = "done again"
	}
	if len(result.Refused) == 0 {
		return ui.Plural(result.Cells, "change", "changes") + " " + done + "."
	}
	said := ui.Count(result.Cells) + " of " + ui.Count(result.Cells+len(result.Refused)) + " " + done
	for i, left := range result.Refused {
		if i == 3 {
			said += "; and " + ui.Count(len(result.Refused)-i) + " more were left"
			break
		}
		name := left.Column
		if column := resource.Column(left.Column); column != nil {
			name = strings.ToLower(column.Name())
		}
		if left.Stale {
			said += "; " + left.Record + "’s " + name + " was changed by " + left.By + " since"
		} else {
			said += "; " + left.Record + "’s " + name + ": " + strings.TrimSuffix(left.Said, ".")
		}
	}
	return said + "."
}
