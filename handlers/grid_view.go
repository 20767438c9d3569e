package handlers

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"purplecross/db/grid"
	"purplecross/views"
	"purplecross/views/ui"
)

// gridView turns a question and its answer into what the grid shows: every link is the question with one thing changed.
type gridView struct {
	path     string
	question grid.Question
	answer   gridAnswer
	list     views.List
	refused  []grid.Refusal
	today    time.Time
	saved    gridSaved
	bulk     bool  // this person may take away any number of rows
	open     int64 // the record that is open beside the list
}

// href is the address of a question, with the record that is open beside the list.
func (v gridView) href(question grid.Question) string {
	return withOpen(v.beside(question), v.open)
}

// beside is the address of a question alone. The bare one would open the reader's default view, so it says that none is
// meant.
func (v gridView) beside(question grid.Question) string {
	href := gridHref(v.path, question)
	if href == v.path && v.saved.opens(nil) != nil {
		href += "?view=none"
	}
	return href
}

func (v gridView) props() ui.GridProps {
	resource := v.question.Resource
	props := ui.GridProps{
		Label: v.list.Title, Name: resource.Name, Path: v.path,
		Again:   v.beside(v.question.At(grid.Place{})),
		Kept:    v.kept(),
		Columns: v.columns(), Rows: v.rows(), First: v.answer.first,
		Filters: v.filters(), Chips: v.chips(), Orders: v.orders(), Chooser: v.chooser(),
		Count:  ui.GridCountProps{N: v.answer.count, Exact: v.answer.exact, One: resource.One, Many: resource.Many},
		Pager:  v.pager(),
		Empty:  v.empty(),
		Export: v.export(), Editable: resource.Editable(),
		Bulk:  v.bulkActions(),
		Views: v.saved.props(v.path, v.question),
		Above: v.above(), Groups: v.groupMenu(), Sums: v.sums(v.answer.tally), Feet: v.footMenus(),

		Compact: v.question.Density == grid.Compact, Arrange: v.arrangement(), Panels: v.panels(),
		Builder: gridHref(v.path+filterPath, v.question.At(grid.Place{})),
	}
	if grouped := v.answer.grouped; grouped != nil {
		props.Lines, props.LinesExact = max(grouped.total, len(grouped.items)), grouped.lines != nil || !v.answer.after
	}
	if v.counting() {
		props.Wait = gridHref(v.path, v.question) + "&wait=1"
	}
	if resource.Search != "" {
		props.Search = ui.GridSearch{Label: resource.SearchLabel, Value: v.question.Search}
	}
	_, props.Question, _ = strings.Cut(props.Again, "?")
	for _, order := range props.Orders {
		props.Sorting = strings.TrimPrefix(props.Sorting+"; "+order.Text, "; ")
	}
	if v.question.Narrowed() {
		props.Everything = v.href(v.question.Everything())
	}
	if v.question.Order != nil {
		props.Unsorted = v.href(v.question.WithOrder())
	}
	if !v.answer.exact {
		props.Count.Ask = v.href(v.question.At(grid.Place{}))
	}
	for _, refusal := range v.refused {
		props.Refused = append(props.Refused, refusal.Sentence)
	}
	return props
}

// kept is the question as hidden fields: all but the search, which a form has a box for, and the place.
func (v gridView) kept() []ui.GridField {
	var kept []ui.GridField
	for _, field := range v.question.WithSearch("").Fields() {
		kept = append(kept, ui.GridField{Name: field.Name, Value: field.Value})
	}
	return kept
}

func (v gridView) rows() []ui.GridRow {
	columns := v.question.Showing()
	rows := make([]ui.GridRow, 0, len(v.answer.rows))
	for _, row := range v.answer.rows {
		cells := make([]templ.Component, 0, len(columns))
		for _, column := range columns {
			cells = append(cells, v.list.Cell(column, row))
		}
		rows = append(rows, ui.GridRow{ID: row.ID, Version: row.Version, Pick: true, Cells: cells, Open: row.ID == v.open && v.open != 0})
	}
	if v.answer.grouped != nil {
		return v.withGroups(rows)
	}
	return rows
}

func (v gridView) columns() []ui.GridColumn {
	sorted := v.question.Sorted()
	var columns []ui.GridColumn
	left := 0
	for _, column := range v.question.Showing() {
		head := ui.GridColumn{
			Key: column.Key, Label: column.Label, Width: v.question.Width(column), Number: column.Numeric(),
			Pinned: v.question.Pinned(column), Left: left, Menu: true, Filterable: !column.NoFilter, Active: len(v.question.Tests(column.Key)) > 0, Edit: column.Edit != nil,
		}
		left += head.Width
		if !column.NoSort {
			at := slices.IndexFunc(sorted, func(t grid.Term) bool { return t.Key == column.Key })
			next := grid.Term{Key: column.Key, Desc: column.LargestFirst()}
			if at >= 0 {
				head.Sorted = ui.GridAscending
				if sorted[at].Desc {
					head.Sorted = ui.GridDescending
				}
				next.Desc = !sorted[at].Desc
				if len(sorted) > 1 {
					head.Place = at + 1
				}
			}
			head.Toggle = v.href(v.question.WithOrder(next))
			head.Also = v.href(v.question.ThenBy(next))
		}
		columns = append(columns, head)
	}
	return columns
}

func (v gridView) chips() []ui.GridChip {
	var chips []ui.GridChip
	for i, node := range v.question.Filter {
		chip := ui.GridChip{Text: node.Words(), Without: v.href(v.question.Without(i))}
		if test, single := node.(grid.Test); single {
			chip.Key = test.Column.Key
		}
		chips = append(chips, chip)
	}
	return chips
}

func (v gridView) orders() []ui.GridOrder {
	sorted := v.question.Sorted()
	var orders []ui.GridOrder
	for _, term := range sorted {
		column := v.question.Resource.Column(term.Key)
		if column == nil {
			continue
		}
		order := ui.GridOrder{
			Text:   orderWords(column, term.Desc),
			Turned: v.href(v.question.ThenBy(grid.Term{Key: term.Key, Desc: !term.Desc})),
		}
		if len(sorted) > 1 {
			order.Without = v.href(v.question.WithoutOrder(term.Key))
		}
		orders = append(orders, order)
	}
	return orders
}

// orderWords is one step of an order: "Last visit, latest first".
func orderWords(column *grid.Column, desc bool) string {
	return column.Name() + ", " + inSentence(sortWords(column, desc))
}

// inSentence begins words small where they are words: "Latest first", not "A to Z".
func inSentence(words string) string {
	if words[1] == ' ' {
		return words
	}
	return strings.ToLower(words[:1]) + words[1:]
}

// sortWords says what sorting by a column puts first.
func sortWords(column *grid.Column, desc bool) string {
	words := [2]string{"A to Z", "Z to A"}
	switch column.Kind {
	case grid.Number, grid.Money, grid.Weight:
		words = [2]string{"Smallest first", "Largest first"}
	case grid.Date, grid.Time:
		words = [2]string{"Earliest first", "Latest first"}
	case grid.Choice:
		words = [2]string{"In order", "In reverse order"}
	case grid.YesNo:
		words = [2]string{"No first", "Yes first"}
	}
	if desc {
		return words[1]
	}
	return words[0]
}

// pager names the pages around this one by the rows that it begins and ends with.
func (v gridView) pager() ui.PagerProps {
	rows, answer := v.answer.rows, v.answer
	if answer.grouped != nil {
		return v.linePager()
	}
	if len(rows) == 0 {
		return ui.PagerProps{}
	}
	pager := ui.PagerProps{Text: v.place()}
	if answer.before {
		pager.First = v.href(v.question.At(grid.Place{}))
		pager.Previous = v.href(v.question.At(grid.Place{Before: rows[0].ID, At: max(answer.first-gridRows, 0)}))
	}
	if answer.after {
		next := grid.Place{After: rows[len(rows)-1].ID}
		if answer.first > 0 {
			next.At = answer.first + len(rows)
		}
		pager.Next = v.href(v.question.At(next))
		pager.Last = v.href(v.question.At(grid.Place{Last: true}))
	}
	return pager
}

// export leads to the file of the whole answer, or says why this person can't have it.
func (v gridView) export() ui.GridExport {
	question := v.question.At(grid.Place{})
	export := ui.GridExport{Print: gridHref(v.path+printPath, question)}
	switch {
	case v.nothing() || len(v.refused) > 0: // what was asked is not what the page shows
		return ui.GridExport{}
	case !v.bulk && v.answer.count > exportRows:
		return ui.GridExport{Refused: tooManyToExport}
	case v.answer.exact && v.answer.count <= exportAtOnce:
		export.CSV, export.XLSX = gridHref(v.path+exportPath+"csv", question), gridHref(v.path+exportPath+"xlsx", question)
	default:
		export.Create, export.Query = v.path+exportsPath, question.Encode()
	}
	return export
}

// place says where in the list the page is.
func (v gridView) place() string {
	n := len(v.answer.rows)
	rows := fmt.Sprintf("%s–%s", ui.Count(v.answer.first), ui.Count(v.answer.first+n-1))
	switch {
	case v.answer.first == 0 && v.question.Place.Last:
		return fmt.Sprintf("The last %d %s", n, v.question.Resource.Many)
	case v.answer.first == 0:
		return ui.Plural(n, v.question.Resource.One, v.question.Resource.Many)
	case v.answer.exact:
		return rows + " of " + ui.Count(v.answer.count)
	}
	return rows
}

// empty says why there are no rows, and what to do.
func (v gridView) empty() templ.Component {
	many := v.question.Resource.Many
	show := func(label string, question grid.Question) templ.Component {
		return ui.Button(ui.ButtonProps{Label: label, Href: v.href(question), Small: true})
	}
	switch {
	case !v.nothing():
		return nil
	case v.answer.before:
		return ui.Empty(ui.EmptyProps{
			Title: "Nothing here any more", Text: "The list has become shorter than this page's place in it.", Icon: v.list.Icon,
			Action: show("Go to the first "+many, v.question.At(grid.Place{})),
		})
	case v.question.Narrowed():
		return ui.Empty(ui.EmptyProps{
			Title: "No " + v.question.Resource.One + " matches", Text: "Remove a filter, or look for something else.", Icon: ui.IconSearch,
			Action: show("Show all "+many, v.question.Everything()),
		})
	}
	return ui.Empty(ui.EmptyProps{Title: "No " + many + " yet", Text: v.list.None, Icon: v.list.Icon})
}
