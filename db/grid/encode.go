package grid

import (
	"slices"
	"strconv"
	"strings"
)

// Field is one parameter of a query, as a link or a hidden field of a form carries it.
type Field struct {
	Name, Value string
}

// Fields is the question as a query's parameters, in its one form.
func (q Question) Fields() []Field {
	var fields []Field
	add := func(name, value string) { fields = append(fields, Field{name, value}) }
	if q.Search != "" {
		add("q", q.Search)
	}
	for _, node := range q.Filter {
		add(node.key(), node.String())
	}
	if q.Order != nil {
		add("sort", orderString(q.Order))
	}
	q.columnFields(add)
	if len(q.Groups) > 0 {
		add("group", groupString(q.Groups))
	}
	if q.Closed.Any() {
		add("closed", q.Closed.String())
	}
	if len(q.Foot) > 0 {
		add("foot", footString(q.Foot))
	}
	if len(fields) == 0 && (q.Resource.Start != "" || q.View > 0) {
		add("sort", orderString(q.Resource.order())) // a bare URL would ask the list's own question, or the view's
	}
	switch place := q.Place; {
	case place.Last:
		add("before", "end")
	case place.Before != 0:
		add("before", strconv.FormatInt(place.Before, 10))
	case place.After != 0:
		add("after", strconv.FormatInt(place.After, 10))
	}
	if q.Place.At != 0 {
		add("at", strconv.Itoa(q.Place.At))
	}
	switch {
	case q.View == NoView:
		add("view", "none")
	case q.View > 0:
		add("view", strconv.FormatInt(q.View, 10))
	}
	return fields
}

// Encode is the question as a query: one question has one form, and Ask reads it back as it was.
func (q Question) Encode() string {
	fields := q.Fields()
	if start := q.Resource.Start; start != "" && joined(fields) == start {
		return ""
	}
	return joined(fields)
}

func joined(fields []Field) string {
	var query strings.Builder
	for i, field := range fields {
		if i > 0 {
			query.WriteByte('&')
		}
		escape(&query, field.Name)
		query.WriteByte('=')
		escape(&query, field.Value)
	}
	return query.String()
}

// escape writes a query's part so that people can read it: more characters may stand as they are in a query than
// url.QueryEscape leaves.
func escape(to *strings.Builder, text string) {
	const hex = "0123456789ABCDEF"
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z', b >= '0' && b <= '9', strings.IndexByte("-._~,:()/@!*", b) >= 0:
			to.WriteByte(b)
		case b == ' ':
			to.WriteByte('+')
		default:
			to.WriteByte('%')
			to.WriteByte(hex[b>>4])
			to.WriteByte(hex[b&15])
		}
	}
}

func orderString(order []Term) string {
	words := make([]string, 0, len(order))
	for _, term := range order {
		if term.Desc {
			words = append(words, "-"+term.Key)
		} else {
			words = append(words, term.Key)
		}
	}
	return strings.Join(words, ",")
}

// order is the list's own order.
func (r *Resource) order() []Term {
	var order []Term
	for _, word := range strings.Split(r.Order, ",") {
		key, desc := strings.CutPrefix(word, "-")
		order = append(order, Term{Key: key, Desc: desc})
	}
	return order
}

// shown are the columns that nobody had to ask for.
func (r *Resource) shown() []string {
	var keys []string
	for _, column := range r.Columns {
		if column.Shown || column.Fixed {
			keys = append(keys, column.Key)
		}
	}
	return r.withFixed(keys)
}

// Sorted is the order that rules: the question's, or the list's own.
func (q Question) Sorted() []Term {
	if q.Order != nil {
		return q.Order
	}
	return q.Resource.order()
}

// Narrowed says whether anything keeps rows from the answer.
func (q Question) Narrowed() bool { return q.Search != "" || len(q.Filter) > 0 }

// WithOrder is the question sorted otherwise, from its first row.
func (q Question) WithOrder(order ...Term) Question {
	q.Order, q.Place = order, Place{}
	if slices.Equal(order, q.Resource.order()) {
		q.Order = nil
	}
	return q
}

// ThenBy is the question with one more step of order; a step that is there already is turned.
func (q Question) ThenBy(term Term) Question {
	order := slices.Clone(q.Sorted())
	if at := slices.IndexFunc(order, func(t Term) bool { return t.Key == term.Key }); at >= 0 {
		order[at] = term
	} else {
		order = append(order[:min(len(order), maxTerms-1)], term)
	}
	return q.WithOrder(order...)
}

// WithoutOrder is the question without one step of order; without any, the list's own order rules.
func (q Question) WithoutOrder(key string) Question {
	order := slices.DeleteFunc(slices.Clone(q.Sorted()), func(t Term) bool { return t.Key == key })
	if len(order) == 0 {
		order = q.Resource.order()
	}
	return q.WithOrder(order...)
}

// Without is the question without one part of its filter.
func (q Question) Without(part int) Question {
	q.Filter, q.Place = slices.Delete(slices.Clone(q.Filter), part, part+1), Place{}
	return q
}

// WithoutColumn is the question without what it asks of one column, groups apart.
func (q Question) WithoutColumn(key string) Question {
	q.Filter = slices.DeleteFunc(slices.Clone(q.Filter), func(n Node) bool { return n.key() == key })
	q.Place = Place{}
	return q
}

// WithSearch is the question with other words to look for.
func (q Question) WithSearch(words string) Question {
	q.Search, q.Place = words, Place{}
	return q
}

// Everything is the question without search and filter.
func (q Question) Everything() Question {
	q.Search, q.Filter, q.Place = "", nil, Place{}
	return q
}

// At is the question from another place on.
func (q Question) At(place Place) Question {
	q.Place = place
	return q
}

// WithView is the question as one that began with a saved view, from its first row.
func (q Question) WithView(id int64) Question {
	q.View, q.Place = id, Place{}
	return q
}

// Tests are what the question asks of one column, groups apart.
func (q Question) Tests(key string) []Test {
	var tests []Test
	for _, node := range q.Filter {
		if test, isTest := node.(Test); isTest && test.key() == key {
			tests = append(tests, test)
		}
	}
	return tests
}
