package handlers

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/db/grid"
	"purplecross/jobs/sheets"
	"purplecross/views/ui"
)

// What a form says of the rows that were chosen in a list. With scripts they are ranges of places in the snapshot that
// the page holds, so that a million of them are as short as one; without, the keys of the page's rows, or all.
const (
	chosenQuery = "query" // the question
	chosenSnap  = "snap"  // the snapshot whose places rows means
	chosenRows  = "rows"  // "1-1000,1002"
	chosenIDs   = "id"    // rows by their keys
	chosenAll   = "all"   // the whole answer

	chosenRanges = 10_000
)

const (
	nothingChosen = "Nothing is chosen. Tick the rows that you mean, then press the button again."
	chosenMoved   = "The list has changed since the rows were chosen, so it is not sure any more which ones are meant. Open the list again and choose them anew."
)

// gridChosen is the rows that a form is about.
type gridChosen struct {
	question grid.Question
	all      bool // the whole answer
	ids      []int64
	total    int
	snap     string // the snapshot of ids, "" when they were named
	rows     string // as it was sent
}

// readChosen reads which rows of a list a form is about; with none named, all.
func (a *App) gridChosen(c echo.Context, resource grid.Resource) (gridChosen, error) {
	question, err := a.questionOf(c, resource, c.FormValue(chosenQuery))
	if err != nil {
		return gridChosen{}, err
	}
	chosen := gridChosen{question: question, snap: c.FormValue(chosenSnap), rows: c.FormValue(chosenRows)}
	form, err := c.FormParams()
	if err != nil {
		return chosen, err
	}
	switch {
	case chosen.rows != "" && c.FormValue(chosenAll) == "":
		return a.chosenPlaces(c, chosen)
	case c.FormValue(chosenAll) == "" && len(form[chosenIDs]) > 0:
		for _, word := range form[chosenIDs] {
			id, err := strconv.ParseInt(word, 10, 64)
			if err != nil || id < 1 {
				return chosen, echo.NewHTTPError(http.StatusBadRequest, nothingChosen)
			}
			chosen.ids = append(chosen.ids, id)
		}
		chosen.total = len(chosen.ids)
		return chosen, nil
	case c.FormValue(chosenAll) == "":
		return chosen, echo.NewHTTPError(http.StatusUnprocessableEntity, nothingChosen)
	}
	snapshot, err := a.takeSnapshot(c.Request().Context(), grid.NewPlan(question, a.today()))
	if err != nil {
		return chosen, err
	}
	chosen.all = true
	if snapshot != nil { // else there are more than can be counted at once
		chosen.ids, chosen.total, chosen.snap = snapshot.Block(0, snapshot.Len()), snapshot.Len(), snapshot.ID
		chosen.rows = "1-" + strconv.Itoa(snapshot.Len())
	}
	return chosen, nil
}

// chosenPlaces finds the rows at places of the snapshot that the page held. Where this process has it no more it is
// read again, and refused when it is another by now.
func (a *App) chosenPlaces(c echo.Context, chosen gridChosen) (gridChosen, error) {
	snapshot, err := a.sameSnapshot(c, grid.NewPlan(chosen.question, a.today()), chosen.snap)
	switch {
	case err != nil:
		return chosen, err
	case snapshot == nil:
		return chosen, echo.NewHTTPError(http.StatusConflict, chosenMoved)
	}
	ranges, sound := readRanges(chosen.rows, snapshot.Len())
	if !sound {
		return chosen, echo.NewHTTPError(http.StatusBadRequest, nothingChosen)
	}
	for _, r := range ranges {
		chosen.ids = append(chosen.ids, snapshot.Block(r[0]-1, r[1]-r[0]+1)...)
	}
	chosen.total = len(chosen.ids)
	return chosen, nil
}

// readRanges reads "1-3,7" as first and last places, ascending and apart, none after n.
func readRanges(text string, n int) ([][2]int, bool) {
	var ranges [][2]int
	for word := range strings.SplitSeq(text, ",") {
		from, to, ranged := strings.Cut(word, "-")
		first, err := strconv.Atoi(from)
		last := first
		if err == nil && ranged {
			last, err = strconv.Atoi(to)
		}
		if err != nil || first < 1 || last < first || last > n || len(ranges) == chosenRanges {
			return nil, false
		}
		ranges = append(ranges, [2]int{first, last})
	}
	slices.SortFunc(ranges, func(a, b [2]int) int { return a[0] - b[0] })
	for i := 1; i < len(ranges); i++ {
		if ranges[i][0] <= ranges[i-1][1] {
			return nil, false
		}
	}
	return ranges, true
}

// bulkActions are what this list offers for chosen rows.
func (v gridView) bulkActions() ui.GridBulk {
	if len(v.answer.rows) == 0 || len(v.refused) > 0 {
		return ui.GridBulk{}
	}
	bulk := ui.GridBulk{Query: v.question.At(grid.Place{}).Encode()}
	if v.question.Resource.Editable() {
		bulk.Actions = append(bulk.Actions, ui.GridAction{Label: "Change", Icon: ui.IconEdit, Action: v.path + bulkEditsPath + "/new"})
	}
	if db.Mailable(v.question.Resource.Name) {
		bulk.Actions = append(bulk.Actions, ui.GridAction{Label: "Write", Icon: ui.IconMail, Action: v.path + mailingsPath + "/new"})
	}
	bulk.Actions = append(bulk.Actions, ui.GridAction{Label: "Export", Icon: ui.IconDownload, Action: v.path + exportsPath, Name: "format", Value: string(sheets.XLSX)})
	return bulk
}
