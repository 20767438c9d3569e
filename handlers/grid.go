package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/db/grid"
	"purplecross/views"
	"purplecross/views/ui"
)

const (
	gridRows     = 25              // on a page
	gridCounted  = 10_000          // counted with the page; beyond that the number is asked for apart
	gridCounting = 5 * time.Second // for the count that is asked for apart
)

// gridPatience is how long a page waits for the count of its rows. Tests, which may run on a busy machine, wait longer.
var gridPatience = 60 * time.Millisecond

// gridIndex is the page of a list: it reads the question from the address, asks it, and shows the answer as the list
// looks. A declaration that is wrong stops the program when its route is added.
func (a *App) gridIndex(resource grid.Resource, list views.List) echo.HandlerFunc {
	if err := resource.Check(); err != nil {
		panic(err)
	}
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		query := c.QueryParams()
		open, wait := takeOpen(query), takeWait(query)
		question, refused, err := a.gridQuestion(c, resource)
		if err != nil {
			return err
		}
		path := c.Request().URL.Path
		saved, err := a.gridSaved(c, question)
		if err != nil {
			return err
		}
		if view := saved.opens(query); view != nil {
			return c.Redirect(http.StatusSeeOther, withOpen(saved.href(path, question.Resource, *view), open))
		}
		if len(refused) == 0 && (question.FromForm || blank(query)) { // a form's address gets its proper form
			return c.Redirect(http.StatusSeeOther, withOpen(gridHref(path, question), open))
		}

		plan := grid.NewPlan(question, a.today())
		if partial(c) && strings.HasSuffix(c.Request().Header.Get("HX-Target"), "#grid-count") {
			return a.gridCount(c, plan, question.Resource)
		}
		answer, err := a.gridAnswer(ctx, plan, question, wait)
		if errors.Is(err, grid.ErrTooManyGroups) {
			question, refused = question.WithGroups(), append(refused, grid.Refusal{Part: "group", Sentence: tooManyGroups})
			answer, err = a.gridAnswer(ctx, grid.NewPlan(question, a.today()), question, wait)
		}
		if err != nil {
			return err
		}

		view := gridView{
			path: path, question: question, answer: answer, list: list, refused: refused, today: a.today(),
			saved: saved, bulk: viewer(c).Can(db.AbleBulk), open: open,
		}.props()
		side, err := a.sideOf(c, gridAsked{question: question.At(grid.Place{}), plan: grid.NewPlan(question.At(grid.Place{}), a.today())}, open)
		if err != nil {
			return err
		}
		status := http.StatusOK
		if len(refused) > 0 {
			status = http.StatusBadRequest
		}
		return a.pageStatus(c, status, views.Head{Title: list.Title, Nav: list.Nav, Wide: true, List: true, Side: side != nil},
			views.ListPage(views.ListPageProps{List: list, Grid: view, Side: side}), views.Part{ID: "grid", View: ui.Grid(view)})
	}
}

// gridQuestion reads what a request asks of a list as its viewer may see it.
func (a *App) gridQuestion(c echo.Context, resource grid.Resource) (grid.Question, []grid.Refusal, error) {
	seen, err := a.gridSeen(c, resource)
	if err != nil {
		return grid.Question{}, nil, err
	}
	question, refused := grid.Ask(&seen, c.QueryParams())
	return question, refused, nil
}

// blank says whether a form sent fields that ask nothing.
func blank(query map[string][]string) bool {
	for _, values := range query {
		for _, value := range values {
			if value == "" {
				return true
			}
		}
	}
	return false
}

// gridAnswer is a page of rows and what is known about the others.
type gridAnswer struct {
	rows          []grid.Row
	before, after bool
	first         int // the number of the first row, 0 when not known
	count         int
	exact         bool
	grouped       *gridGrouped // its lines, where it is grouped
	tally         *grid.Tally  // the numbers below the columns; nil when they take longer than a page may
}

// takeWait reads whether a page is to wait for the numbers of its groups and feet, which one without scripts says.
func takeWait(query url.Values) bool {
	wait := query.Has("wait")
	delete(query, "wait")
	return wait
}

// gridAnswer counts the rows for as long as a page may wait, then reads those of the page.
func (a *App) gridAnswer(ctx context.Context, plan grid.Plan, question grid.Question, wait bool) (gridAnswer, error) {
	var answer gridAnswer
	counted, known := 0, false
	if question.Narrowed() {
		found, whole, inTime, err := plan.Found(ctx, a.Pool, gridCounted, gridPatience)
		if err != nil {
			return answer, err
		}
		counted, known = len(found), inTime
		if whole {
			plan = plan.Among(found)
		}
	} else {
		var err error
		if counted, known, err = plan.Count(ctx, a.Pool, gridCounted+1, gridPatience); err != nil {
			return answer, err
		}
	}
	fresh := a.Snapshots.Fresh(plan)
	if fresh != nil && !known {
		counted, known = fresh.Len(), true
	}
	patience := gridPatience / 2
	switch {
	case wait:
		patience = gridCounting
	case !known || counted > gridCounted:
		patience = 0 // it keeps the database from finding the rows, and the browser from drawing them
	}
	if len(question.Groups) > 0 {
		answer.count, answer.exact = min(counted, gridCounted), false
		return a.gridGroupedAnswer(ctx, plan, question, answer, fresh, patience)
	}
	var err error
	if len(question.Foot) > 0 { // groups are counted with their feet
		if answer.tally, err = a.tallied(ctx, plan, patience); err != nil {
			return answer, err
		}
	}
	stretch, err := a.gridStretch(ctx, plan, question.Place, fresh)
	if err != nil {
		return answer, err
	}
	if answer.rows, err = plan.Rows(ctx, a.Pool, stretch.IDs); err != nil {
		return answer, err
	}

	answer.before, answer.after = stretch.Before, stretch.After
	answer.count, answer.exact = counted, known && (counted <= gridCounted || fresh != nil)
	if !answer.exact {
		answer.count = min(counted, gridCounted)
	}
	switch {
	case !answer.before && !answer.after:
		answer.count, answer.exact = len(answer.rows), true
	case !known && !answer.before:
		answer.count = len(answer.rows) // more than these
	}
	switch {
	case !answer.before:
		answer.first = 1
	case question.Place.Last && answer.exact:
		answer.first = answer.count - len(answer.rows) + 1
	default:
		answer.first = question.Place.At
	}
	return answer, nil
}

// gridStretch finds the page's rows: far into the answer by the snapshot where there is one, else over the index.
func (a *App) gridStretch(ctx context.Context, plan grid.Plan, place grid.Place, fresh *grid.Snapshot) (grid.Stretch, error) {
	if fresh == nil || place != (grid.Place{At: place.At}) || place.At <= gridCounted {
		return plan.Keys(ctx, a.Pool, gridRows)
	}
	return grid.Stretch{IDs: fresh.Block(place.At-1, gridRows), Before: true, After: place.At+gridRows <= fresh.Len()}, nil
}

// gridCount answers the page that asks for the exact number of its rows.
func (a *App) gridCount(c echo.Context, plan grid.Plan, resource *grid.Resource) error {
	n, known, err := plan.Count(c.Request().Context(), a.Pool, 0, gridCounting)
	if err != nil {
		return err
	}
	if !known {
		n = gridCounted
	}
	return a.fragment(c, ui.GridCount(ui.GridCountProps{N: n, Exact: known, One: resource.One, Many: resource.Many}))
}

// gridHref is the address of a question.
func gridHref(path string, question grid.Question) string {
	if query := question.Encode(); query != "" {
		return path + "?" + query
	}
	return path
}
