package handlers

import (
	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/db/grid"
	"purplecross/jobs/sheets"
	"purplecross/views"
)

const (
	printPath = "/print" // after the list's own path
	printRows = 2000
)

// gridPrint is the whole answer as a plain table for paper, up to a limit that it states.
func (a *App) gridPrint(resource grid.Resource, list views.List) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		question, refused, err := a.gridQuestion(c, resource)
		if err != nil {
			return err
		}
		atMost := printRows
		if !viewer(c).Can(db.AbleBulk) {
			atMost = exportRows
		}
		question = question.At(grid.Place{})
		props := views.PrintPageProps{Title: list.Title, Asks: questionWords(question), Back: gridHref(c.Request().URL.Path[:len(c.Request().URL.Path)-len(printPath)], question)}
		for _, refusal := range refused {
			props.Refused = append(props.Refused, refusal.Sentence)
		}

		plan := grid.NewPlan(question, a.today())
		stretch, err := plan.Keys(ctx, a.Pool, atMost)
		if err != nil {
			return err
		}
		rows, err := plan.Rows(ctx, a.Pool, stretch.IDs)
		if err != nil {
			return err
		}
		if err := a.exported(ctx, &resource, "printed", db.Diff{"rows": {nil, len(rows)}}); err != nil {
			return err
		}

		columns := question.Showing()
		for _, column := range columns {
			props.Heads = append(props.Heads, column.Name())
			props.Numbers = append(props.Numbers, column.Numeric())
		}
		for _, row := range rows {
			cells := make([]string, len(columns))
			for i, column := range columns {
				cells[i] = sheets.Said(column, row, a.Zone)
			}
			props.Rows = append(props.Rows, cells)
		}
		props.More, props.Limit = stretch.After, atMost
		return a.page(c, views.Head{Title: list.Title, Nav: list.Nav, Wide: true}, views.PrintPage(props))
	}
}
