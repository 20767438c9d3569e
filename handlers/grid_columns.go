package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"purplecross/db/grid"
	"purplecross/views"
	"purplecross/views/ui"
)

// columnsPath is the page that arranges a list's columns; its form shows the list.
const columnsPath = "/columns"

// gridColumns is that page: a GET with any part of the form's fields draws it with them.
func (a *App) gridColumns(resource grid.Resource, list views.List) echo.HandlerFunc {
	return func(c echo.Context) error {
		query := c.QueryParams()
		open := takeOpen(query)
		question, refused, err := a.gridQuestion(c, resource)
		if err != nil {
			return err
		}

		path := strings.TrimSuffix(c.Request().URL.Path, columnsPath)
		view := gridView{path: path, question: question, list: list, refused: refused, open: open}
		status := http.StatusOK
		if len(refused) > 0 {
			status = http.StatusBadRequest
		}
		return a.pageStatus(c, status, views.Head{Title: "Columns of " + list.Title, Nav: list.Nav},
			views.ColumnsPage(views.ColumnsPageProps{List: list, Href: view.href(question), Columns: view.columnsForm()}))
	}
}

// columnsForm is the form as the question has the columns.
func (v gridView) columnsForm() ui.GridColumnsProps {
	usual := usualColumns(v.question)
	form := ui.GridColumnsProps{
		Label: v.list.Title, Path: v.path, Form: v.path + columnsPath, Back: v.href(v.question), Compact: v.question.Density == grid.Compact,
	}
	for _, field := range usual.Fields() {
		form.Kept = append(form.Kept, ui.GridField{Name: field.Name, Value: field.Value})
	}
	if v.open != 0 {
		form.Kept = append(form.Kept, ui.GridField{Name: "open", Value: fmt.Sprint(v.open)})
	}
	if usual.Encode() != v.question.Encode() {
		form.Usual = withOpen(gridHref(v.path+columnsPath, usual), v.open)
	}
	for _, refusal := range v.refused {
		form.Refused = append(form.Refused, refusal.Sentence)
	}
	showing := v.question.Showing()
	for i, column := range v.columnsInOrder() {
		choice := ui.GridColumnChoice{
			Key: column.Key, Label: column.Label, Shown: i < len(showing), Fixed: column.Fixed,
			Pinned: v.question.Pinned(column), Width: v.question.Width(column),
		}
		choice.First, choice.Last = v.ends(showing, i)
		form.Columns = append(form.Columns, choice)
	}
	return form
}

// ends says whether a shown column is the first or the last of those that it can change places with.
func (v gridView) ends(showing []*grid.Column, at int) (first, last bool) {
	if at >= len(showing) || showing[at].Fixed {
		return true, true
	}
	beside := func(i int) bool {
		return i >= 0 && i < len(showing) && !showing[i].Fixed && v.question.Pinned(showing[i]) == v.question.Pinned(showing[at])
	}
	return !beside(at - 1), !beside(at + 1)
}

// columnsInOrder are those that are shown, then the others.
func (v gridView) columnsInOrder() []*grid.Column {
	columns := v.question.Showing()
	for i := range v.question.Resource.Columns {
		if column := &v.question.Resource.Columns[i]; !slices.Contains(columns, column) {
			columns = append(columns, column)
		}
	}
	return columns
}

// usualColumns is the question with the columns as the list has them.
func usualColumns(question grid.Question) grid.Question {
	question.Columns, question.Widths, question.Pins, question.Density = nil, nil, nil, grid.Comfortable
	return question
}

func (v gridView) chooser() []ui.GridChoice {
	showing := v.question.Showing()
	var choices []ui.GridChoice
	for _, column := range v.columnsInOrder() {
		choices = append(choices, ui.GridChoice{Key: column.Key, Label: column.Label, Shown: slices.Contains(showing, column), Fixed: column.Fixed})
	}
	return choices
}

// arrangement leads to what arranges the whole list.
func (v gridView) arrangement() ui.GridArrangement {
	compact := v.question.Density == grid.Compact
	return ui.GridArrangement{
		Href: withOpen(gridHref(v.path+columnsPath, v.question), v.open),
		Densities: []ui.GridLink{
			{Label: "Comfortable", Href: v.href(v.question.WithDensity(grid.Comfortable)), Icon: ui.IconMenu, Current: !compact},
			{Label: "Compact", Href: v.href(v.question.WithDensity(grid.Compact)), Icon: ui.IconSheet, Current: compact},
		},
	}
}

// arrange are the links of a column's menu; shown is false for a column that is not.
func (v gridView) arrange(column *grid.Column) (links []ui.GridLink, shown bool) {
	showing := v.question.Showing()
	at := slices.Index(showing, column)
	if at < 0 {
		return nil, false
	}
	add := func(label string, icon ui.IconName, question grid.Question) {
		links = append(links, ui.GridLink{Label: label, Icon: icon, Href: v.href(question)})
	}
	key, width := column.Key, v.question.Width(column)
	first, last := v.ends(showing, at)
	if !first {
		add("Move left", ui.IconChevronLeft, v.question.WithColumnAt(key, at))
	}
	if !last {
		add("Move right", ui.IconChevronRight, v.question.WithColumnAt(key, at+2))
	}
	if width > grid.MinWidth {
		add("Narrower", ui.IconMinus, v.question.WithWidth(key, width-2))
	}
	if width < grid.MaxWidth {
		add("Wider", ui.IconPlus, v.question.WithWidth(key, width+2))
	}
	switch {
	case column.Fixed:
	case v.question.Pinned(column):
		add("Unpin", ui.IconPin, v.question.WithPin(key, false))
	default:
		add("Pin", ui.IconPin, v.question.WithPin(key, true))
	}
	if !column.Fixed {
		add("Hide", ui.IconClose, v.question.WithoutShown(key))
	}
	return links, true
}

// arrangementWords says how a question arranges its columns, a line for each way.
func arrangementWords(question grid.Question) []string {
	var said, pinned []string
	for _, column := range question.Showing() {
		if !column.Fixed && question.Pinned(column) {
			pinned = append(pinned, column.Label)
		}
	}
	if len(pinned) > 0 {
		said = append(said, strings.Join(pinned, ", ")+" pinned")
	}
	if len(question.Widths) > 0 {
		said = append(said, ui.Plural(len(question.Widths), "column has", "columns have")+" another width than usual")
	}
	if question.Density == grid.Compact {
		said = append(said, "With compact rows")
	}
	return said
}
