package handlers

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/db/grid"
	"purplecross/jobs/sheets"
)

// What a script says of a rectangle of cells: places in the snapshot that the page holds, and columns as they are shown.
const (
	copiesPath = "/copies" // a POST answers with the cells as text, a row a line, tabs between
	rangeFirst = "first"   // place of the first row, from 1
	rangeLast  = "last"
	rangeFrom  = "from" // key of the first column
	rangeTo    = "to"

	copiedRows = 10_000 // at once, for those who may take whole lists away
)

const rangeLost = "The list has changed since it was opened, so it is not sure which rows are meant. Refresh it, then try again."

// cellRange is a rectangle of cells.
type cellRange struct {
	question grid.Question
	ids      []int64
	columns  []*grid.Column
	beyond   int // rows that were asked for below the end of the list
}

// cellRange reads which cells are meant. A paste may reach further than what was marked: down to least rows and across
// to width columns, or the whole multiples of them that were marked.
func (a *App) cellRange(c echo.Context, resource grid.Resource, most, least, width int) (cellRange, error) {
	question, err := a.questionOf(c, resource, c.FormValue(chosenQuery))
	if err != nil {
		return cellRange{}, err
	}
	cells := cellRange{question: question}
	first, _ := strconv.Atoi(c.FormValue(rangeFirst))
	last, _ := strconv.Atoi(c.FormValue(rangeLast))
	showing := question.Showing()
	place := func(key string) int {
		return slices.IndexFunc(showing, func(column *grid.Column) bool { return column.Key == key })
	}
	from, to := place(c.FormValue(rangeFrom)), place(c.FormValue(rangeTo))
	if first < 1 || last < first || from < 0 || to < from {
		return cells, echo.NewHTTPError(http.StatusBadRequest, "It is not clear which cells are meant. Mark them again.")
	}
	last, to = first+stretched(last-first+1, least)-1, from+stretched(to-from+1, width)-1
	cells.columns = showing[from:min(to+1, len(showing))]
	if last-first >= most {
		return cells, echo.NewHTTPError(http.StatusUnprocessableEntity, "More than "+strconv.Itoa(most)+" rows are marked, and so many can't be taken at once. Mark fewer; for more, choose the rows and press Change or Export.")
	}

	plan := grid.NewPlan(question, a.today())
	snapshot, err := a.sameSnapshot(c, plan, c.FormValue(chosenSnap))
	switch {
	case err != nil:
		return cells, err
	case snapshot == nil || first > snapshot.Len():
		return cells, echo.NewHTTPError(http.StatusConflict, rangeLost)
	}
	cells.beyond = max(last-snapshot.Len(), 0)
	cells.ids = snapshot.Block(first-1, min(last, snapshot.Len())-first+1)
	return cells, nil
}

// stretched is how far a copied block reaches: its own length, or its whole multiple that was marked.
func stretched(marked, block int) int {
	if block > 0 && marked%block != 0 {
		return block
	}
	return marked
}

// sameSnapshot is the snapshot that a page holds; nil when the list is another by now.
func (a *App) sameSnapshot(c echo.Context, plan grid.Plan, id string) (*grid.Snapshot, error) {
	snapshot := a.Snapshots.Of(plan, id)
	if snapshot != nil {
		return snapshot, nil
	}
	snapshot, err := a.takeSnapshot(c.Request().Context(), plan)
	if err != nil || snapshot == nil || snapshot.ID != id {
		return nil, err
	}
	return snapshot, nil
}

// gridCopies answers with cells as a spreadsheet reads them: whole, whether they are on the screen or not, and so that
// it calculates with none of them. It is written down as an export is.
func (a *App) gridCopies(resource grid.Resource) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		most := exportRows
		if viewer(c).Can(db.AbleBulk) {
			most = copiedRows
		}
		cells, err := a.cellRange(c, resource, most, 0, 0)
		if err != nil {
			return a.sayWhyNot(c, err)
		}

		rows, err := grid.NewPlan(cells.question, a.today()).Rows(ctx, a.Pool, cells.ids)
		if err != nil {
			return err
		}
		if err := a.exported(ctx, &resource, "copied", db.Diff{"rows": {nil, len(rows)}}); err != nil {
			return err
		}

		table := make([][]string, len(rows))
		for i, row := range rows {
			for _, column := range cells.columns {
				table[i] = append(table[i], sheets.Text(column, row, a.Zone))
			}
		}
		c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
		return c.String(http.StatusOK, writeCells(table))
	}
}

// sayWhyNot answers a script with the sentence of an error that its user can do something about.
func (a *App) sayWhyNot(c echo.Context, err error) error {
	var said *echo.HTTPError
	if sentence := ""; partial(c) && errors.As(err, &said) && said.Code < 500 {
		if sentence, _ = said.Message.(string); sentence != "" {
			return c.String(said.Code, sentence)
		}
	}
	return err
}

// readCells reads cells as spreadsheets put them on the clipboard: rows in lines, tabs between, and quotation marks
// around a cell that holds a tab, a line's end or a quotation mark. Every row is made as long as the longest.
func readCells(text string) [][]string {
	text = strings.TrimSuffix(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	var table [][]string
	var row []string
	for more := true; more; {
		var cell string
		cell, text, more = cutCell(text)
		row = append(row, cell)
		ends := !more || text[0] == '\n'
		if more {
			text = text[1:]
		}
		if ends {
			table, row = append(table, row), nil
		}
	}
	width := 0
	for _, row := range table {
		width = max(width, len(row))
	}
	for i := range table {
		for len(table[i]) < width {
			table[i] = append(table[i], "")
		}
	}
	return table
}

// cutCell takes the first cell; the rest begins with what ends it.
func cutCell(text string) (cell, rest string, more bool) {
	if strings.HasPrefix(text, `"`) {
		for at := 1; at < len(text); at++ {
			switch {
			case text[at] != '"':
			case strings.HasPrefix(text[at+1:], `"`):
				at++
			case at+1 == len(text) || text[at+1] == '\t' || text[at+1] == '\n':
				return strings.ReplaceAll(text[1:at], `""`, `"`), text[at+1:], at+1 < len(text)
			default:
				at = len(text) // a mark that only looks like one around a cell
			}
		}
	}
	at := strings.IndexAny(text, "\t\n")
	if at < 0 {
		return text, "", false
	}
	return text[:at], text[at:], true
}

// writeCells is the other way.
func writeCells(table [][]string) string {
	var text strings.Builder
	for i, row := range table {
		if i > 0 {
			text.WriteByte('\n')
		}
		for j, cell := range row {
			if j > 0 {
				text.WriteByte('\t')
			}
			if strings.ContainsAny(cell, "\t\n\r\"") {
				cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
			}
			text.WriteString(cell)
		}
	}
	return text.String()
}
