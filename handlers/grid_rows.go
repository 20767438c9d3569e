package handlers

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/db/grid"
	"purplecross/views"
	"purplecross/views/ui"
)

// What a list with scripts asks beside its page: stretches of rows by their number or by their keys, and what is known
// of the whole answer. The question is the page's own; these parameters are no part of it.
const (
	rowsPath     = "/rows"     // ?block=FROM-N (from 1) or ?ids=1,2,3, &snap=ID
	snapshotPath = "/snapshot" // ?snap=ID: reads the whole answer's keys and says how many they are
	labelsPath   = "/labels"   // ?snap=ID: the sorted column's value at regular places
	placePath    = "/place"    // ?snap=ID&record=7 or &typed=lu: where a record, or a value, stands

	rowsAtOnce     = 100
	labelsAtOnce   = 400
	snapshotBytes  = 96 << 20
	snapshotWaited = 30 * time.Second
)

// gridAsked is a question with what a script asked about its answer.
type gridAsked struct {
	question grid.Question
	plan     grid.Plan
	snap     string
	query    url.Values // the rest
}

var gridExtraParameters = []string{"block", "ids", "snap", "record", "typed", "column"}

// gridAsk reads both. A question that was not understood is the page's to explain.
func (a *App) gridAsk(c echo.Context, resource grid.Resource) (gridAsked, error) {
	query := c.QueryParams()
	extra := url.Values{}
	for _, name := range gridExtraParameters {
		if values, given := query[name]; given {
			extra[name] = values
			delete(query, name)
		}
	}
	question, refused, err := a.gridQuestion(c, resource)
	if err != nil {
		return gridAsked{}, err
	}
	if len(refused) > 0 {
		return gridAsked{}, echo.NewHTTPError(http.StatusBadRequest, refused[0].Sentence)
	}
	question = question.At(grid.Place{})
	return gridAsked{question: question, plan: grid.NewPlan(question, a.today()), snap: extra.Get("snap"), query: extra}, nil
}

// held is the snapshot that the page holds, or the one that is fresh; nil without either.
func (a *App) held(asked gridAsked) *grid.Snapshot {
	if asked.snap != "" {
		if snapshot := a.Snapshots.Of(asked.plan, asked.snap); snapshot != nil {
			return snapshot
		}
	}
	return a.Snapshots.Fresh(asked.plan)
}

// gridRows answers with table rows alone. Until a snapshot is there, a block is found over the index; one that the page
// held and this process has not (another one had it, or it was let go) is read again, and its name tells the page
// whether it is the same.
func (a *App) gridRows(resource grid.Resource, list views.List) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		asked, err := a.gridAsk(c, resource)
		if err != nil {
			return err
		}
		from, ids, err := askedRows(asked.query)
		if err != nil {
			return err
		}
		snapshot := a.held(asked)
		if snapshot == nil && asked.snap != "" {
			if snapshot, err = a.takeSnapshot(ctx, asked.plan); err != nil {
				return err
			}
		}
		switch {
		case ids != nil:
		case snapshot != nil:
			ids = snapshot.Block(from.first-1, from.n)
		default:
			asked.plan = grid.NewPlan(asked.question.At(grid.Place{At: from.first}), a.today())
			stretch, err := asked.plan.Keys(ctx, a.Pool, from.n)
			if err != nil {
				return err
			}
			ids = stretch.IDs
		}
		rows, err := asked.plan.Rows(ctx, a.Pool, ids)
		if err != nil {
			return err
		}
		a.sayHeld(c, asked, snapshot)
		view := gridView{question: asked.question, answer: gridAnswer{rows: rows}, list: list, today: a.today()}
		return a.fragment(c, ui.GridRows(ui.GridRowsProps{Label: list.Title, Columns: view.columns(), Rows: withGone(view.rows(), ids), First: from.first}))
	}
}

type rowsFrom struct{ first, n int }

// askedRows reads which rows: a block by its place, or rows by their keys.
func askedRows(query url.Values) (from rowsFrom, ids []int64, err error) {
	refuse := echo.NewHTTPError(http.StatusBadRequest, "Rows are asked for as block=1-25 or ids=1,2,3.")
	if list := query.Get("ids"); list != "" {
		ids = []int64{}
		for word := range strings.SplitSeq(list, ",") {
			id, err := strconv.ParseInt(word, 10, 64)
			if err != nil || id < 1 || len(ids) == rowsAtOnce {
				return from, nil, refuse
			}
			ids = append(ids, id)
		}
		return from, ids, nil
	}
	first, n, _ := strings.Cut(query.Get("block"), "-")
	if from.first, err = strconv.Atoi(first); err != nil || from.first < 1 {
		return from, nil, refuse
	}
	if from.n, err = strconv.Atoi(n); err != nil || from.n < 1 || from.n > rowsAtOnce {
		return from, nil, refuse
	}
	return from, nil, nil
}

// withGone keeps the place of rows that were deleted since the snapshot was taken.
func withGone(rows []ui.GridRow, ids []int64) []ui.GridRow {
	if len(rows) == len(ids) {
		return rows
	}
	all, next := make([]ui.GridRow, 0, len(ids)), 0
	for _, id := range ids {
		if next < len(rows) && rows[next].ID == id {
			all, next = append(all, rows[next]), next+1
		} else {
			all = append(all, ui.GridRow{ID: id, Gone: true})
		}
	}
	return all
}

// sayHeld tells the page which snapshot it was given rows of, how many rows that has and how many changed since.
func (a *App) sayHeld(c echo.Context, asked gridAsked, snapshot *grid.Snapshot) {
	header := c.Response().Header()
	header.Set("Cache-Control", "no-store")
	if snapshot == nil {
		return
	}
	header.Set("Grid-Snapshot", snapshot.ID)
	header.Set("Grid-Count", strconv.Itoa(snapshot.Len()))
	header.Set("Grid-Changed", a.changedSince(asked, snapshot))
}

func (a *App) changedSince(asked gridAsked, snapshot *grid.Snapshot) string {
	n, more := a.Snapshots.Since(asked.plan, snapshot)
	if more {
		return strconv.Itoa(n) + "+"
	}
	return strconv.Itoa(n)
}

func (a *App) takeSnapshot(ctx context.Context, plan grid.Plan) (*grid.Snapshot, error) {
	ctx, cancel := context.WithTimeout(ctx, snapshotWaited)
	defer cancel()
	return a.Snapshots.Take(ctx, a.Pool, plan)
}

// gridSnapshot reads the whole answer's keys, once however many ask, and says how many they are.
func (a *App) gridSnapshot(resource grid.Resource) echo.HandlerFunc {
	return func(c echo.Context) error {
		asked, err := a.gridAsk(c, resource)
		if err != nil {
			return err
		}
		var snapshot *grid.Snapshot
		if asked.snap != "" {
			snapshot = a.Snapshots.Of(asked.plan, asked.snap)
		}
		if snapshot == nil {
			if snapshot, err = a.takeSnapshot(c.Request().Context(), asked.plan); err != nil {
				return err
			}
		}
		a.sayHeld(c, asked, snapshot)
		return c.NoContent(http.StatusNoContent)
	}
}

// gridLabels says what stands where in the order, for the label beside the scroll bar.
func (a *App) gridLabels(resource grid.Resource) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		asked, err := a.gridAsk(c, resource)
		if err != nil {
			return err
		}
		snapshot := a.held(asked)
		column := asked.question.Resource.Column(asked.question.Sorted()[0].Key)
		labels := []string{}
		if snapshot != nil && column != nil {
			every := max((snapshot.Len()+labelsAtOnce-1)/labelsAtOnce, 1)
			var ids []int64
			for i := 0; i < snapshot.Len(); i += every {
				ids = append(ids, snapshot.At(i))
			}
			if labels, err = a.labels(ctx, asked, column, ids); err != nil {
				return err
			}
		}
		a.sayHeld(c, asked, snapshot)
		return c.JSON(http.StatusOK, labels)
	}
}

// labels are the column's values of some rows, in words; "" where there is none.
func (a *App) labels(ctx context.Context, asked gridAsked, column *grid.Column, ids []int64) ([]string, error) {
	only := grid.NewPlan(asked.question.WithColumns([]string{column.Key}), a.today())
	rows, err := only.Rows(ctx, a.Pool, ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]string, len(rows))
	for _, row := range rows {
		byID[row.ID] = labelCell(column, row, a.Zone)
	}
	labels := make([]string, len(ids))
	for i, id := range ids {
		labels[i] = byID[id]
	}
	return labels, nil
}

// labelCell is a value in a word or two.
func labelCell(column *grid.Column, row grid.Row, zone *time.Location) string {
	at := row.Time(column.Key)
	n, known := row.Int(column.Key)
	switch {
	case column.Kind == grid.Date && !at.IsZero():
		return at.Format("2 Jan 2006")
	case column.Kind == grid.Time && !at.IsZero():
		return at.In(zone).Format("2 Jan 2006")
	case column.Kind == grid.Choice, column.Kind == grid.Person:
		return column.Says(row.Text(column.Key))
	case column.Kind == grid.YesNo:
		return yesNoWord(row.Bool(column.Key))
	case column.Numeric() && known:
		return strings.TrimSpace(column.Decimal(n) + " " + column.Unit())
	}
	text := []rune(row.Text(column.Key))
	return string(text[:min(len(text), 24)])
}

// gridPlace says where a record stands in the answer, or the first row whose sorted value is a text's or comes after it.
func (a *App) gridPlace(resource grid.Resource) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		asked, err := a.gridAsk(c, resource)
		if err != nil {
			return err
		}
		snapshot := a.held(asked)
		if snapshot == nil {
			if snapshot, err = a.takeSnapshot(ctx, asked.plan); err != nil {
				return err
			}
		}
		if snapshot == nil {
			return db.ErrNotFound
		}
		place := -1
		if typed := asked.query.Get("typed"); typed != "" {
			if place, err = asked.plan.Seek(ctx, a.Pool, snapshot, typed); err != nil {
				return err
			}
		} else if id, err := strconv.ParseInt(asked.query.Get("record"), 10, 64); err == nil {
			place = snapshot.Place(id)
		}
		a.sayHeld(c, asked, snapshot)
		return c.JSON(http.StatusOK, map[string]int{"at": place + 1})
	}
}
