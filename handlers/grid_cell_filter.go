package handlers

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/db/grid"
)

// cellFilterPath narrows a list to the rows that have a cell's value: ?record=7&column=species, and &not=1 for the
// others. The value is named by its place, so that no page carries it twice.
const cellFilterPath = "/cell-filter"

func (a *App) gridCellFilter(resource grid.Resource) echo.HandlerFunc {
	return func(c echo.Context) error {
		asked, err := a.gridAsk(c, resource)
		if err != nil {
			return err
		}
		record, err := strconv.ParseInt(asked.query.Get("record"), 10, 64)
		column := asked.question.Resource.Column(asked.query.Get("column"))
		if err != nil || column == nil || column.NoFilter {
			return echo.NewHTTPError(http.StatusBadRequest, "A list is narrowed by a record and a column that can be filtered.")
		}

		test, err := asked.plan.TestOf(c.Request().Context(), a.Pool, column, record)
		if errors.Is(err, grid.ErrNoRow) {
			return db.ErrNotFound
		}
		if err != nil {
			return err
		}

		question := asked.question.WithOnly(test)
		if asked.query.Get("not") != "" {
			question = asked.question.WithExcept(test)
		}
		open, _ := strconv.ParseInt(asked.query.Get("open"), 10, 64)
		return c.Redirect(http.StatusSeeOther, withOpen(gridHref(strings.TrimSuffix(c.Request().URL.Path, cellFilterPath), question), open))
	}
}
