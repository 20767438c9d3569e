package grid

import (
	"slices"
	"strings"
)

// Footing asks for one number of all values of a column. In a query some of them read like
//
//	foot=weight.avg,born.min
type Footing struct {
	Key string
	Op  FootOp
}

// FootOp is what is worked out of all values.
type FootOp string

// The numbers of all values. Which of them a column has follows from its kind.
const (
	FootCount  FootOp = "count" // of all rows
	FootFilled FootOp = "filled"
	FootEmpty  FootOp = "empty"
	FootSum    FootOp = "sum"
	FootAvg    FootOp = "avg"
	FootMin    FootOp = "min"
	FootMax    FootOp = "max"
)

const maxFeet = 24

// FootOps are the numbers that the column has.
func (c *Column) FootOps() []FootOp {
	ops := []FootOp{FootCount}
	if !c.NotNull && !c.NoFilter {
		ops = append(ops, FootFilled, FootEmpty)
	}
	switch {
	case c.Numeric():
		ops = append(ops, FootSum, FootAvg, FootMin, FootMax)
	case c.dated():
		ops = append(ops, FootMin, FootMax)
	}
	return ops
}

func (a *asking) readFoot(value string) {
	if value == "" {
		return
	}
	for _, word := range strings.Split(value, ",") {
		key, op, _ := strings.Cut(word, ".")
		column := a.resource.column(key)
		switch {
		case column == nil:
			a.refuse("foot", "There is no column “%s” to sum up. %s", clip(key), a.resource.columnWords(func(Column) bool { return true }))
		case !slices.Contains(column.FootOps(), FootOp(op)):
			var ops []string
			for _, has := range column.FootOps() {
				ops = append(ops, string(has))
			}
			a.refuse("foot", "%s has no “%s”. It has %s.", column.Name(), clip(op), strings.Join(ops, ", "))
		case slices.ContainsFunc(a.question.Foot, func(f Footing) bool { return f.Key == key }): // the first one rules
		case len(a.question.Foot) == maxFeet:
			a.refuse("foot", "A list sums up %d columns at most.", maxFeet)
		default:
			a.question.Foot = append(a.question.Foot, Footing{Key: key, Op: FootOp(op)})
		}
	}
}

func footString(feet []Footing) string {
	words := make([]string, 0, len(feet))
	for _, foot := range feet {
		words = append(words, foot.Key+"."+string(foot.Op))
	}
	return strings.Join(words, ",")
}

// WithFoot is the question with another number below a column; "" for none.
func (q Question) WithFoot(key string, op FootOp) Question {
	feet := slices.DeleteFunc(slices.Clone(q.Foot), func(f Footing) bool { return f.Key == key })
	if op != "" {
		feet = append(feet, Footing{Key: key, Op: op})
		place := func(f Footing) int {
			return slices.IndexFunc(q.Resource.Columns, func(c Column) bool { return c.Key == f.Key })
		}
		slices.SortStableFunc(feet, func(x, y Footing) int { return place(x) - place(y) })
	}
	q.Foot = feet
	return q
}

// FootOf is what stands below a column; "" for nothing.
func (q Question) FootOf(key string) FootOp {
	for _, foot := range q.Foot {
		if foot.Key == key {
			return foot.Op
		}
	}
	return ""
}

// sql are the three values that a foot is made of, for any number of rows: how many have one, their sum, and the end
// of them. The groups' are put together from those of their parts.
func (f Footing) sql(column *Column) (filled, sum, end string) {
	value := "(" + column.SQL + ")"
	filled, sum, end = "0::bigint", "null::bigint", "null::text"
	switch f.Op {
	case FootFilled, FootEmpty, FootAvg:
		filled = "count(" + value + ")"
		if column.textual() || column.listed() {
			filled = "count(nullif(" + value + "::text, ''))"
		}
	}
	switch f.Op {
	case FootSum, FootAvg:
		sum = "sum(" + value + ")::bigint"
	case FootMin, FootMax:
		end = string(f.Op) + "(" + value + ")::text"
		switch column.Kind {
		case Date:
			end = "to_char(" + string(f.Op) + "(" + value + "), 'YYYY-MM-DD')"
		case Time:
			end = "to_char(" + string(f.Op) + "(" + value + "), 'YYYY-MM-DD HH24:MI')"
		}
	}
	return filled, sum, end
}
