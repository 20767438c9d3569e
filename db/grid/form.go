package grid

import (
	"net/url"
	"slices"
	"strings"
)

// readForm reads what a filter form or the chooser of columns sends beside the rest of the question: set names the
// column, and op, value, from and to say what is asked of it; show names the columns to show.
func (a *asking) readForm(query url.Values) {
	if shown := query["show"]; len(shown) > 0 {
		a.question.FromForm = true
		a.question.Columns = nil
		a.readColumns(shown)
	}
	a.readArrangement(query)
	set := query.Get("set")
	if set == "" {
		return
	}
	column := a.resource.column(set)
	if column == nil || column.NoFilter {
		a.readTest(set, "")
		return
	}
	a.question.FromForm = true
	a.question.Place = Place{}
	asked := formValue(column, typed(query.Get("op")), typed(strings.Join(query["value"], ",")), typed(query.Get("from")), typed(query.Get("to")))
	kept := a.question.WithoutColumn(set).Filter
	if asked == "" {
		a.question.Filter = kept
		return
	}
	if test, ok := a.test(set, asked); ok {
		a.question.Filter = kept
		a.insert(test)
	}
}

// formValue writes a form's fields as the column's parameter; "" when they ask nothing.
func formValue(c *Column, op, text, from, to string) string {
	op, negated := strings.CutPrefix(op, "not:")
	asked := ""
	switch {
	case op == string(Empty):
		asked = string(Empty)
	case c.dated() && op != "" && op != string(Is): // "last:30d", as the list of usual spans has it
		asked = op
	case c.textual() && text != "":
		asked = op + ":" + text
	case c.listed() || c.Kind == YesNo:
		asked = text
	case from != "" && from == to:
		asked = from
	case from != "" && to != "":
		asked = from + ".." + to
	case from != "":
		asked = from + ".."
	case to != "":
		asked = ".." + to
	}
	if asked != "" && negated {
		asked = "not:" + asked
	}
	return asked
}

// typed is what a form's field holds, as text that a database can take.
func typed(value string) string {
	return strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(value, "\x00", ""), ""))
}

// insert puts a test where its column stands among the others.
func (a *asking) insert(test Test) {
	a.question.Filter = append(a.question.Filter, test)
	place := func(n Node) int {
		if at := slices.IndexFunc(a.resource.Columns, func(c Column) bool { return c.Key == n.key() }); at >= 0 {
			return at
		}
		return len(a.resource.Columns) + slices.Index([]string{"any", "all", "none"}, n.key())
	}
	slices.SortStableFunc(a.question.Filter, func(x, y Node) int { return place(x) - place(y) })
}
