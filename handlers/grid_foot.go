package handlers

import (
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"purplecross/db/grid"
	"purplecross/views"
	"purplecross/views/ui"
)

const footPath = "/foot" // the numbers below the columns, of the whole answer

// gridFoot answers with the footer alone, for a page that did not wait for it.
func (a *App) gridFoot(resource grid.Resource, list views.List) echo.HandlerFunc {
	return func(c echo.Context) error {
		asked, err := a.gridAsk(c, resource)
		if err != nil {
			return err
		}
		tally, err := a.tallied(c.Request().Context(), asked.plan, 2*gridCounting)
		if err != nil {
			return err
		}
		view := gridView{path: strings.TrimSuffix(c.Request().URL.Path, footPath), question: asked.question, list: list, today: a.today()}
		sums := view.sums(tally)
		sums.Ask = ""
		c.Response().Header().Set("Cache-Control", "no-store")
		return a.fragment(c, ui.GridSums(sums))
	}
}

var footLabels = map[grid.FootOp]string{
	grid.FootCount: "Count", grid.FootFilled: "Filled", grid.FootEmpty: "Empty",
	grid.FootSum: "Sum", grid.FootAvg: "Average", grid.FootMin: "Least", grid.FootMax: "Most",
}

// footLabel is what a number of a column is called: the least day is the earliest.
func footLabel(column *grid.Column, op grid.FootOp) string {
	if column.Dated() {
		switch op {
		case grid.FootMin:
			return "Earliest"
		case grid.FootMax:
			return "Latest"
		}
	}
	return footLabels[op]
}

// footWords is a number of a column as people read it; "–" where there is none.
func footWords(column *grid.Column, op grid.FootOp, foot grid.Footed) string {
	switch {
	case !foot.Known:
		return "–"
	case op == grid.FootCount || op == grid.FootFilled || op == grid.FootEmpty:
		return ui.Count(int(foot.N))
	case column.Dated():
		day, err := time.Parse(time.DateOnly, foot.At[:min(len(foot.At), len(time.DateOnly))])
		if err != nil {
			return foot.At
		}
		return day.Format("2 Jan 2006")
	case op == grid.FootAvg:
		return column.Rounded(foot.Average) + unitOf(column)
	}
	return column.Rounded(float64(foot.N)) + unitOf(column)
}

func unitOf(column *grid.Column) string {
	if unit := column.Unit(); unit != "" {
		return " " + unit
	}
	return ""
}

// sums is the footer: a cell for each column.
func (v gridView) sums(tally *grid.Tally) ui.GridSumsProps {
	if len(v.question.Foot) == 0 {
		return ui.GridSumsProps{}
	}
	sums := ui.GridSumsProps{Columns: v.columns(), Waiting: tally == nil}
	if tally == nil {
		sums.Ask = gridHref(v.path+footPath, v.question.At(grid.Place{}))
	}
	for _, column := range v.question.Showing() {
		cell := ui.GridSum{Key: column.Key, Name: column.Name()}
		if op := v.question.FootOf(column.Key); op != "" {
			cell.Label = footLabel(column, op)
			if tally != nil {
				cell.Value = footWords(column, op, tally.Foot(&tally.Total, column.Key))
			}
		}
		sums.Cells = append(sums.Cells, cell)
	}
	return sums
}

// footMenus are what can stand below each column.
func (v gridView) footMenus() []ui.GridFootMenu {
	var menus []ui.GridFootMenu
	for _, column := range v.question.Showing() {
		current := v.question.FootOf(column.Key)
		menu := ui.GridFootMenu{Key: column.Key, Label: "Below " + column.Name()}
		for _, op := range column.FootOps() {
			menu.Links = append(menu.Links, ui.GridLink{Label: footLabel(column, op), Icon: ui.IconMinus, Href: v.href(v.question.WithFoot(column.Key, op)), Current: op == current})
		}
		if current != "" {
			menu.Links = append(menu.Links, ui.GridLink{Label: "Nothing", Icon: ui.IconClose, Href: v.href(v.question.WithFoot(column.Key, ""))})
		}
		menus = append(menus, menu)
	}
	return menus
}
