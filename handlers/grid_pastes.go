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
	"purplecross/views"
	"purplecross/views/ui"
)

const (
	pastesPath   = "/pastes" // cells are changed; with "/new", what would change is shown
	pasteText    = "text"    // the cells, as a spreadsheet copies them
	pasteHow     = "how"     // paste, fill or clear
	pasteRecords = "records" // "7:3,8:1", the rows as the preview had them, with their versions
	pasteKeys    = "columns" // "name,weight"
	pasteShown   = 200       // rows of the preview
	pasteBytes   = 200_000   // of text
	nothingThere = "Nothing was copied that could be pasted."
)

// errPreview takes back what a preview tried.
var errPreview = errors.New("only tried")

// gridPaste is cells for records: table[i % its rows][j % its columns] for each.
type gridPaste struct {
	question grid.Question
	how      db.EditHow
	ids      []int64
	versions map[int64]int
	columns  []*grid.Column
	table    [][]string
	beyond   int
}

// edits are the cells of a paste as edits.
func (p gridPaste) edits() []db.CellEdit {
	edits := make([]db.CellEdit, 0, len(p.ids)*len(p.columns))
	for i, id := range p.ids {
		row := p.table[i%len(p.table)]
		for j, column := range p.columns {
			edits = append(edits, db.CellEdit{ID: id, Column: column.Key, Value: row[j%len(row)], Version: p.versions[id]})
		}
	}
	return edits
}

// readPaste reads what a form pastes: where a range says, or exactly what a preview has shown.
func (a *App) readPaste(c echo.Context, resource grid.Resource) (gridPaste, error) {
	paste := gridPaste{how: db.EditHow(c.FormValue(pasteHow)), versions: map[int64]int{}}
	text := c.FormValue(pasteText)
	switch {
	case paste.how != db.EditFill && paste.how != db.EditClear:
		paste.how = db.EditPaste
	case paste.how == db.EditClear:
		text = ""
	}
	if len(text) > pasteBytes {
		return paste, echo.NewHTTPError(http.StatusUnprocessableEntity, "That is more than can be pasted at once. Paste it in parts, or import it as a file.")
	}
	paste.table = readCells(text)
	if c.FormValue(pasteRecords) != "" {
		return a.previewedPaste(c, resource, paste)
	}
	if text == "" && paste.how == db.EditPaste {
		return paste, echo.NewHTTPError(http.StatusUnprocessableEntity, nothingThere)
	}

	height, width := len(paste.table), len(paste.table[0])
	if paste.how != db.EditPaste {
		height, width = 0, 0
	}
	cells, err := a.cellRange(c, resource, bulkAtOnce, height, width)
	if err != nil {
		return paste, err
	}
	paste.question, paste.ids, paste.columns, paste.beyond = cells.question, cells.ids, cells.columns, cells.beyond
	if paste.how == db.EditFill {
		return a.filledDown(c, paste)
	}
	return paste, nil
}

// previewedPaste has the rows and columns that a preview had, and the versions at which it had them.
func (a *App) previewedPaste(c echo.Context, resource grid.Resource, paste gridPaste) (gridPaste, error) {
	var err error
	if paste.question, err = a.questionOf(c, resource, c.FormValue(chosenQuery)); err != nil {
		return paste, err
	}
	unclear := echo.NewHTTPError(http.StatusBadRequest, "It is not clear which cells are meant. Paste again.")
	for word := range strings.SplitSeq(c.FormValue(pasteRecords), ",") {
		key, version, _ := strings.Cut(word, ":")
		id, wrong := strconv.ParseInt(key, 10, 64)
		at, alsoWrong := strconv.Atoi(version)
		if wrong != nil || alsoWrong != nil || at < 1 || len(paste.ids) == bulkAtOnce {
			return paste, unclear
		}
		paste.ids = append(paste.ids, id)
		paste.versions[id] = at
	}
	for key := range strings.SplitSeq(c.FormValue(pasteKeys), ",") {
		column := paste.question.Resource.Column(key)
		if column == nil {
			return paste, unclear
		}
		paste.columns = append(paste.columns, column)
	}
	return paste, nil
}

// filledDown takes the values of the first row for all below it.
func (a *App) filledDown(c echo.Context, paste gridPaste) (gridPaste, error) {
	if len(paste.ids) < 2 {
		return paste, echo.NewHTTPError(http.StatusUnprocessableEntity, "There is no row above to fill from.")
	}
	keys := columnKeys(paste.columns)
	rows, err := db.EditValues(c.Request().Context(), a.Pool, paste.question.Resource.Name, paste.ids[:1], keys)
	if err != nil {
		return paste, err
	}
	values := rows[paste.ids[0]].Values
	paste.table = [][]string{make([]string, len(keys))}
	for i, key := range keys {
		paste.table[0][i] = values[key]
	}
	paste.ids = paste.ids[1:]
	return paste, nil
}

// narrow leaves columns out that can't be edited, and what was to be pasted into them, and names them.
func (p *gridPaste) narrow() (fixed []string) {
	var columns []*grid.Column
	table := make([][]string, len(p.table))
	for j, column := range p.columns {
		if column.Edit == nil {
			fixed = append(fixed, column.Name())
			continue
		}
		columns = append(columns, column)
		for i, row := range p.table {
			table[i] = append(table[i], row[j%len(row)])
		}
	}
	if len(columns) > 0 && len(fixed) > 0 {
		p.columns, p.table = columns, table
		return fixed
	}
	return nil
}

func columnKeys(columns []*grid.Column) []string {
	keys := make([]string, len(columns))
	for i, column := range columns {
		keys[i] = column.Key
	}
	return keys
}

// pastesNew shows what a paste would change and what it can't. It is tried for good and taken back, so that what it
// says is what the records' own rules say.
func (a *App) pastesNew(resource grid.Resource, list views.List) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		paste, err := a.readPaste(c, resource)
		if err != nil {
			return a.sayWhyNot(c, err)
		}
		fixed := paste.narrow()
		keys := columnKeys(paste.columns)
		before, err := db.EditValues(ctx, a.Pool, resource.Name, paste.ids, keys)
		if err != nil {
			return err
		}
		for id, row := range before {
			paste.versions[id] = row.Version
		}

		var result db.EditResult
		var after map[int64]db.EditedRow
		err = db.InTx(ctx, a.Pool, func(tx pgx.Tx) (err error) {
			if result, err = a.applyPaste(c, tx, paste); err != nil {
				return err
			}
			if after, err = db.EditValues(ctx, tx, resource.Name, paste.ids, keys); err != nil {
				return err
			}
			return errPreview
		})
		if !errors.Is(err, errPreview) {
			return err
		}

		props := pastePreview(paste, before, after, result)
		props.Fixed = fixed
		props.Action, props.Back = a.grids[resource.Name].path+pastesPath, gridHref(a.grids[resource.Name].path, paste.question)
		if partial(c) {
			return a.fragment(c, ui.GridPaste(props))
		}
		return a.page(c, views.Head{Title: props.Title(), Nav: list.Nav}, views.PastePage(views.PastePageProps{List: list.Title, Paste: props}))
	}
}

func (a *App) applyPaste(c echo.Context, tx pgx.Tx, paste gridPaste) (db.EditResult, error) {
	ctx := c.Request().Context()
	batch, err := db.StartEditBatch(ctx, tx, paste.question.Resource.Name, paste.how)
	if err != nil {
		return db.EditResult{}, err
	}
	return db.ApplyEdits(ctx, tx, batch, paste.question.Resource, a.today(), paste.edits())
}

// pastesCreate changes cells in one transaction, and says how many and what was left.
func (a *App) pastesCreate(resource grid.Resource, _ views.List) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		paste, err := a.readPaste(c, resource)
		if err != nil {
			return a.sayWhyNot(c, err)
		}

		var result db.EditResult
		var undo string
		err = db.InTx(ctx, a.Pool, func(tx pgx.Tx) error {
			batch, err := db.StartEditBatch(ctx, tx, resource.Name, paste.how)
			if err != nil {
				return err
			}
			undo = "/edits/" + strconv.FormatInt(batch.ID, 10) + "/undo"
			if result, err = db.ApplyEdits(ctx, tx, batch, paste.question.Resource, a.today(), paste.edits()); err != nil {
				return err
			}
			return a.tellMoved(c, tx, result.Tell)
		})
		if err != nil {
			return err
		}

		if result.Cells == 0 {
			undo = ""
		}
		said := pastedWords(paste.question.Resource, result)
		if partial(c) {
			return a.fragment(c, ui.Flash(ui.FlashProps{Message: said, UndoAction: undo}))
		}
		return a.seeOtherUndo(c, gridHref(a.grids[resource.Name].path, paste.question), said, undo)
	}
}

// pastedWords says how much was changed and why some was not.
func pastedWords(resource *grid.Resource, result db.EditResult) string {
	said := ui.Plural(result.Cells, "cell", "cells") + " of " + ui.Plural(len(result.Records), resource.One, resource.Many) + " changed."
	if result.Cells == 0 {
		said = "Nothing was changed."
	}
	if n := len(result.Refused); n > 0 {
		why := result.Refused[0].Said
		if result.Refused[0].Stale {
			why = "somebody changed it meanwhile."
		}
		said += " " + ui.Plural(n, "cell was", "cells were") + " left: " + why
	}
	return said
}

// pasteWords is a stored value as people read it.
func pasteWords(column *grid.Column, value string) string {
	words := editWords(column, value)
	if unit := column.Unit(); words != "" && unit != "" {
		words += " " + unit
	}
	return words
}

// pastePreview is what a paste would do, cell by cell.
func pastePreview(paste gridPaste, before, after map[int64]db.EditedRow, result db.EditResult) ui.GridPasteProps {
	resource := paste.question.Resource
	props := ui.GridPasteProps{
		One: resource.One, Many: resource.Many, Changes: result.Cells, Records: len(result.Records),
		Refused: len(result.Refused), Beyond: paste.beyond, Told: len(result.Tell),
	}
	for _, column := range paste.columns {
		props.Columns = append(props.Columns, column.Name())
	}
	refused := map[int64]map[string]db.CellRefused{}
	for _, cell := range result.Refused {
		if refused[cell.ID] == nil {
			refused[cell.ID] = map[string]db.CellRefused{}
		}
		refused[cell.ID][cell.Column] = cell
	}
	records := make([]string, 0, len(paste.ids))
	for i, id := range paste.ids {
		if version := paste.versions[id]; version > 0 {
			records = append(records, strconv.FormatInt(id, 10)+":"+strconv.Itoa(version))
		}
		row, touched := ui.GridPasteRow{Name: before[id].Name}, false
		for j, column := range paste.columns {
			was, is := before[id].Values[column.Key], after[id].Values[column.Key]
			cell := ui.GridPasteCell{Was: pasteWords(column, was), Is: pasteWords(column, is), Same: was == is}
			if left, isRefused := refused[id][column.Key]; isRefused {
				values := paste.table[i%len(paste.table)]
				cell.Is, cell.Why, cell.Same = values[j%len(values)], left.Said, false
			}
			touched = touched || !cell.Same
			row.Cells = append(row.Cells, cell)
		}
		switch {
		case !touched:
			props.Untouched++
		case len(props.Rows) < pasteShown:
			props.Rows = append(props.Rows, row)
		default:
			props.More++
		}
	}
	props.Fields = []ui.GridField{
		{Name: chosenQuery, Value: paste.question.At(grid.Place{}).Encode()},
		{Name: pasteHow, Value: string(paste.how)},
		{Name: pasteText, Value: writeCells(paste.table)},
		{Name: pasteRecords, Value: strings.Join(records, ",")},
		{Name: pasteKeys, Value: strings.Join(columnKeys(paste.columns), ",")},
	}
	return props
}
