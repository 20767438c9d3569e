package grid

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// ErrNoRow says that a record is not there any more.
var ErrNoRow = errors.New("no such row")

// TestOf is the test that a record's value of a column passes, and others that have the same: its day, its number, its
// choice. Long text is taken by its beginning.
func (p Plan) TestOf(ctx context.Context, conn Conn, column *Column, id int64) (Test, error) {
	c := newComposer(p.question.Resource, p.today)
	value := "(" + column.filterSQL() + ")"
	if column.Kind == Time { // the clinic's day: the sessions have its zone
		value += "::date"
	}
	value += "::text"
	statement := "select " + value + c.from(value) + "\n where " + c.resource.Key + " = " + c.arg(id)
	var text *string
	err := conn.QueryRow(ctx, statement, c.args...).Scan(&text)
	if errors.Is(err, pgx.ErrNoRows) {
		return Test{}, ErrNoRow
	}
	if err != nil {
		return Test{}, wrap(err, "read a cell of %s", p)
	}
	return column.same(text), nil
}

// same is the test for a value as the database writes it.
func (c *Column) same(text *string) Test {
	if text == nil || strings.TrimSpace(*text) == "" {
		if c.listed() {
			return Test{Column: c, Op: Is, Values: []string{string(Empty)}}
		}
		return Test{Column: c, Op: Empty}
	}
	test, value := Test{Column: c, Op: Is}, strings.TrimSpace(*text)
	switch {
	case c.textual() && len(value) > maxText:
		test.Op = Starts
		value = strings.TrimSpace(strings.ToValidUTF8(value[:maxText], ""))
	case c.Kind == YesNo:
		value = map[string]string{"true": "yes", "false": "no"}[value]
	case c.Numeric():
		value = c.operand(value)
	}
	test.Values = []string{value}
	return test
}

// operand is a stored whole number as a question writes it.
func (c *Column) operand(stored string) string {
	digits, negative := strings.CutPrefix(stored, "-")
	if scale := c.scale(); scale > 0 {
		digits = strings.Repeat("0", max(scale+1-len(digits), 0)) + digits
		digits = strings.TrimSuffix(strings.TrimRight(digits[:len(digits)-scale]+"."+digits[len(digits)-scale:], "0"), ".")
	}
	if negative && digits != "0" {
		return "-" + digits
	}
	return digits
}

// WithOnly is the question asking this of a column and nothing else of it.
func (q Question) WithOnly(test Test) Question {
	return q.WithoutColumn(test.key()).with(test)
}

// WithExcept is the question without the rows that pass a test, besides what it asks of the column anyway.
func (q Question) WithExcept(test Test) Question {
	test.Not = true
	if !test.Column.listed() {
		return q.with(test)
	}
	for i, node := range q.Filter { // not a dog, then not a cat either: one part of the filter
		if before, isTest := node.(Test); isTest && before.Column == test.Column && before.Not && before.Op == Is {
			values := append(slices.Clone(before.Values), test.Values...)
			if both, sentence := parseTest(test.Column, "not:"+strings.Join(values, ",")); sentence == "" {
				return q.Without(i).with(both)
			}
		}
	}
	return q.with(test)
}

// with is the question with one more part, where its column stands among the others.
func (q Question) with(node Node) Question {
	a := asking{resource: q.Resource, question: q}
	a.question.Filter, a.question.Place = slices.Clone(q.Filter), Place{}
	if test, isTest := node.(Test); isTest && !slices.ContainsFunc(q.Filter, func(n Node) bool { return n.key() == test.key() && n.String() == test.String() }) {
		a.insert(test)
	}
	return a.question
}

// Test reads what is asked of a column as its parameter has it, or says in a sentence what is wrong with it.
func (r *Resource) Test(key, value string) (Test, string) {
	column := r.column(key)
	if column == nil || column.NoFilter {
		return Test{}, "There is no such column to filter by."
	}
	return parseTest(column, value)
}

// WithFilter is the question narrowed by these parts alone, from its first row.
func (q Question) WithFilter(nodes []Node) Question {
	q.Filter, q.Place = slices.Clone(nodes), Place{}
	return q
}
