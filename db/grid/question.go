package grid

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Term is one step of the order.
type Term struct {
	Key  string
	Desc bool
}

// Place is where in the answer a page begins or ends: at a row named by its key, so that no value of a row ever stands
// in a URL.
type Place struct {
	After  int64 // the page begins after this row
	Before int64 // the page ends before this row
	Last   bool  // the page ends with the answer
	At     int   // the number of the page's first row, from 1; 0 when not known
}

// Question is what somebody asks of a list. It is a value: its With methods return another one.
type Question struct {
	Resource *Resource
	Search   string
	Filter   []Node // all must hold
	Order    []Term // nil for the list's own
	Columns  []string
	Widths   map[string]int // in rem, of the columns that are not as wide as declared
	Pins     []string       // columns that stay in sight beside the fixed ones
	Density  Density
	Place    Place
	View     int64 // the saved view that it began with; 0 for none, NoView for none on purpose
	Groups   []Grouping
	Closed   Closed
	Foot     []Footing
	FromForm bool // a form's fields were among the query: Encode says it properly
}

// NoView asks for the list as it is, by somebody for whom it would begin with a saved view.
const NoView = -1

// Refusal says in a sentence which part of a query was not understood. The rest still is.
type Refusal struct {
	Part, Sentence string
}

// Bounds of a question: far beyond what a person asks, far below what hurts.
const (
	maxQuery = 8 << 10
	maxText  = 200
	maxTests = 60
	maxDepth = 4
	maxTerms = 6
	maxPlace = 1_000_000_000
)

// Ask reads a URL's query. What it does not know it refuses, and keeps the rest.
func Ask(resource *Resource, query url.Values) (Question, []Refusal) {
	a := asking{resource: resource}
	a.question.Resource = resource
	if resource.Start != "" && OnlyView(query) {
		start, _ := url.ParseQuery(resource.Start)
		if view, named := query["view"]; named {
			start["view"] = view
		}
		query = start
	}
	size := 0
	for key, values := range query {
		for _, value := range values {
			size += len(key) + len(value) + 2
		}
	}
	if size > maxQuery {
		a.refuse("", "This address asks for more than a list can answer. Start again from the list.")
		return a.question, a.refused
	}
	for _, key := range orderedKeys(resource, query) {
		for _, value := range query[key] {
			a.read(key, value)
		}
	}
	a.readForm(query)
	a.readGroupForm(query)
	a.settle()
	return a.question, a.refused
}

// OnlyView says whether a query asks nothing itself: it is bare, or names a saved view and no more.
func OnlyView(query url.Values) bool {
	_, named := query["view"]
	return len(query) == 0 || named && len(query) == 1
}

// settle brings the question into its one form: what a bare URL says anyway is not said, and a place is one place.
func (a *asking) settle() {
	q := &a.question
	if slices.Equal(q.Order, a.resource.order()) {
		q.Order = nil
	}
	q.settleColumns()
	a.settleGroups()
	place := &q.Place
	if place.Last {
		place.Before = 0
	}
	if place.Last || place.Before != 0 {
		place.After = 0
	}
	if place.At == 1 && place.After == 0 && place.Before == 0 {
		place.At = 0
	}
}

// orderedKeys puts columns in their declared order, so that one question has one form however it was written.
func orderedKeys(resource *Resource, query url.Values) []string {
	place := func(key string) int {
		if at := slices.IndexFunc(resource.Columns, func(c Column) bool { return c.Key == key }); at >= 0 {
			return at
		}
		return len(resource.Columns) + slices.Index([]string{"any", "all", "none"}, key) + 1
	}
	keys := make([]string, 0, len(query))
	for key := range query {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int {
		if pa, pb := place(a), place(b); pa != pb {
			return pa - pb
		}
		return strings.Compare(a, b)
	})
	return keys
}

// asking is a question in the making.
type asking struct {
	resource *Resource
	question Question
	refused  []Refusal
	tests    int
}

func (a *asking) refuse(part, sentence string, args ...any) {
	a.refused = append(a.refused, Refusal{Part: part, Sentence: fmt.Sprintf(sentence, args...)})
}

// read takes one parameter of the query.
func (a *asking) read(key, value string) {
	if strings.ContainsRune(value, 0) || strings.ToValidUTF8(value, "") != value {
		a.refuse(key, "“%s” holds characters that are not text.", clip(key))
		return
	}
	switch key {
	case "q":
		a.readSearch(value)
	case "sort":
		a.readOrder(value)
	case "cols":
		a.readColumns(strings.Split(value, ","))
	case "pin":
		a.readPins(value)
	case "density":
		a.readDensity(value)
	case "at", "after", "before":
		a.readPlace(key, value)
	case "view":
		a.readView(value)
	case "group":
		a.readGroups(value)
	case "closed":
		a.readClosed(value)
	case "foot":
		a.readFoot(value)
	case "any", "all", "none":
		if group, ok := a.readGroup(key, value, 1); ok {
			a.add(group)
		}
	case "set", "op", "value", "from", "to", "show", "move", "outer", "inner": // a form's, read by readForm
	default:
		if strings.HasPrefix(key, widthField) { // a form's too
			return
		}
		a.readTest(key, value)
	}
}

func (a *asking) add(node Node) {
	if !slices.ContainsFunc(a.question.Filter, func(n Node) bool { return n.String() == node.String() && n.key() == node.key() }) {
		a.question.Filter = append(a.question.Filter, node)
	}
}

func (a *asking) readSearch(value string) {
	value = strings.Join(strings.Fields(value), " ")
	switch {
	case value == "":
	case a.resource.Search == "":
		a.refuse("q", "This list cannot be searched.")
	case len(value) > maxText:
		a.refuse("q", "The search is longer than %d characters.", maxText)
	default:
		a.question.Search = value
	}
}

func (a *asking) readOrder(value string) {
	if value == "" {
		return
	}
	for _, word := range strings.Split(value, ",") {
		key, desc := strings.CutPrefix(word, "-")
		column := a.resource.column(key)
		switch {
		case column == nil:
			a.refuse("sort", "There is no column “%s” to sort by. %s", clip(key), a.resource.columnWords(func(c Column) bool { return !c.NoSort }))
		case column.NoSort:
			a.refuse("sort", "%s cannot be sorted by.", column.Name())
		case slices.ContainsFunc(a.question.Order, func(t Term) bool { return t.Key == key }): // the first one rules
		case len(a.question.Order) == maxTerms:
			a.refuse("sort", "A list is sorted by %d columns at most.", maxTerms)
		default:
			a.question.Order = append(a.question.Order, Term{Key: key, Desc: desc})
		}
	}
}

func (a *asking) readPlace(key, value string) {
	place := &a.question.Place
	if key == "before" && value == "end" {
		place.Last = true
		return
	}
	n, err := strconv.ParseInt(value, 10, 64)
	switch {
	case err != nil || n < 1 || (key == "at" && n > maxPlace):
		a.refuse(key, "“%s=%s” is no place in a list: it takes the number of a row.", key, clip(value))
	case key == "at":
		place.At = int(n)
	case key == "after":
		place.After = n
	default:
		place.Before = n
	}
}

func (a *asking) readView(value string) {
	id, err := strconv.ParseInt(value, 10, 64)
	switch {
	case value == "none":
		a.question.View = NoView
	case err != nil || id < 1:
		a.refuse("view", "“view=%s” is no saved view: it takes a view's number.", clip(value))
	default:
		a.question.View = id
	}
}

// readTest takes a column's own parameter.
func (a *asking) readTest(key, value string) {
	if test, ok := a.test(key, value); ok {
		a.add(test)
	}
}

// test reads what is asked of one column.
func (a *asking) test(key, value string) (Test, bool) {
	column := a.resource.column(key)
	switch {
	case column == nil:
		a.refuse(key, "There is no column “%s” in this list. %s", clip(key), a.resource.columnWords(func(c Column) bool { return !c.NoFilter }))
		return Test{}, false
	case column.NoFilter:
		a.refuse(key, "%s cannot be filtered.", column.Name())
		return Test{}, false
	}
	if a.tests++; a.tests > maxTests {
		a.refuse(key, "A question has %d parts at most.", maxTests)
		return Test{}, false
	}
	test, sentence := parseTest(column, value)
	if sentence != "" {
		a.refuse(key, "%s", sentence)
	}
	return test, sentence == ""
}

// columnWords names the columns there are, for whoever named another.
func (r *Resource) columnWords(which func(Column) bool) string {
	var keys []string
	for _, column := range r.Columns {
		if which(column) {
			keys = append(keys, column.Key)
		}
	}
	return "There are " + strings.Join(keys, ", ") + "."
}

// withFixed puts the columns that are always shown before the others.
func (r *Resource) withFixed(keys []string) []string {
	var shown []string
	for _, column := range r.Columns {
		if column.Fixed {
			shown = append(shown, column.Key)
		}
	}
	for _, key := range keys {
		if !slices.Contains(shown, key) {
			shown = append(shown, key)
		}
	}
	return shown
}

// clip shortens what somebody typed for a sentence about it.
func clip(text string) string {
	text = strings.ToValidUTF8(text, "�")
	if runes := []rune(text); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return text
}
