package grid

import (
	"slices"
	"strings"
)

// The answer is read in segments: stretches of it that one range of an index holds in order. A list sorted by last
// visit is two of them, the rows with a visit and then those without; the rest of it after some row is three: the same
// day and a later id, a later day, no day. Each is a plain range with a limit, whichever way nulls stand in the index,
// so that any page of a million rows costs what the first one does. (OFFSET reads all the rows before.)

// term is a step of the order with its expression; the last one is the primary key.
type term struct {
	expression string
	desc       bool
	notNull    bool
}

// terms are the steps of the order, ties broken by the primary key in the direction of the last step.
func (q Question) terms() []term {
	terms := q.groupTerms()
	desc := false
	for _, step := range q.Sorted() {
		column := q.Resource.column(step.Key)
		if column == nil {
			continue // the list's own order names a column that this person may not see
		}
		desc = step.Desc
		expression := "(" + column.sortSQL() + ")"
		if slices.ContainsFunc(terms, func(t term) bool { return t.expression == expression }) {
			continue // grouped by it already
		}
		terms = append(terms, term{expression: expression, desc: step.Desc, notNull: column.NotNull})
	}
	return append(terms, term{expression: q.Resource.Key, desc: desc, notNull: true})
}

// segment is one stretch: what holds in it, and its order.
type segment struct {
	conditions []condition
	order      string
}

// condition compares an expression, with an anchor's value where there is one.
type condition struct {
	compared string
	value    *string
}

// where writes the segment's conditions.
func (s segment) where(c *composer) []string {
	written := make([]string, 0, len(s.conditions))
	for _, condition := range s.conditions {
		if condition.value != nil {
			written = append(written, condition.compared+c.arg(*condition.value))
		} else {
			written = append(written, condition.compared)
		}
	}
	return written
}

// anchor is the row that a page begins after or ends before: its values by term, nil where there is none. An empty
// anchor is the edge of the answer.
type anchor []*string

// segments lists the stretches after an anchor, or before it and backwards, nearest first.
func segments(terms []term, from anchor, backwards bool) []segment {
	if len(from) == 0 {
		return stretches(terms, 0, nil, backwards, nil)
	}
	var all []segment
	for level := len(terms) - 1; level >= 0; level-- {
		var same []condition
		for i := range level {
			same = append(same, sameAs(terms[i], from[i]))
		}
		switch value := from[level]; {
		case value == nil && backwards: // nulls stand last: before one stand all the others
			all = append(all, notNullStretch(terms, level, same, backwards))
		case value == nil: // and after one there is nothing
		default:
			beyond := condition{terms[level].expression + beyondSign(terms[level].desc != backwards), value}
			all = append(all, stretches(terms, level, same, backwards, &beyond)...)
		}
	}
	return all
}

// stretches are the rows that share the terms before level, in order: those with a value, beyond the anchor's when it
// has one, and those without.
func stretches(terms []term, level int, same []condition, backwards bool, beyond *condition) []segment {
	valued := notNullStretch(terms, level, same, backwards)
	if beyond != nil {
		valued = segment{conditions: append(slices.Clone(same), *beyond), order: valued.order}
	}
	if terms[level].notNull || (beyond != nil && backwards) {
		return []segment{valued}
	}
	blank := segment{
		conditions: append(slices.Clone(same), condition{terms[level].expression + " is null", nil}),
		order:      orderBy(terms[level+1:], backwards),
	}
	if backwards {
		return []segment{blank, valued}
	}
	return []segment{valued, blank}
}

func notNullStretch(terms []term, level int, same []condition, backwards bool) segment {
	s := segment{conditions: slices.Clone(same)}
	if !terms[level].notNull {
		s.conditions = append(s.conditions, condition{terms[level].expression + " is not null", nil})
	}
	// No word about nulls: there are none here, and so an index in its usual order serves both directions.
	s.order = terms[level].expression + direction(terms[level].desc != backwards)
	if rest := orderBy(terms[level+1:], backwards); rest != "" {
		s.order += ", " + rest
	}
	return s
}

// orderBy is the order of whole terms, nulls last; backwards, all of it reversed.
func orderBy(terms []term, backwards bool) string {
	steps := make([]string, 0, len(terms))
	for _, t := range terms {
		step := t.expression + direction(t.desc != backwards)
		if !t.notNull {
			step += map[bool]string{false: " nulls last", true: " nulls first"}[backwards]
		}
		steps = append(steps, step)
	}
	return strings.Join(steps, ", ")
}

func sameAs(t term, value *string) condition {
	if value == nil {
		return condition{t.expression + " is null", nil}
	}
	return condition{t.expression + " = ", value}
}

func direction(desc bool) string {
	if desc {
		return " desc"
	}
	return ""
}

func beyondSign(desc bool) string {
	if desc {
		return " < "
	}
	return " > "
}
