package grid

import (
	"regexp"
	"slices"
	"strings"
)

// Node is a part of a filter: a Test of one column, or a Group of parts.
type Node interface {
	key() string    // the parameter it stands under in the query
	String() string // its value there
	Words() string  // what it asks, as a person says it
	sql(*composer) string
}

// Op is what a test asks of a column.
type Op string

// The operators. Which of them a column takes follows from its kind.
const (
	Is       Op = "is" // for a list: any of the values
	Contains Op = "contains"
	Starts   Op = "starts"
	Less     Op = "lt"
	AtMost   Op = "lte"
	More     Op = "gt"
	AtLeast  Op = "gte"
	Between  Op = ".."
	Before   Op = "before"
	After    Op = "after"
	InLast   Op = "last" // the last 30 days, today included
	InNext   Op = "next"
	Over     Op = "over" // longer ago than
	Empty    Op = "empty"
)

// Test asks one thing of one column. Values are written as in the query.
type Test struct {
	Column *Column
	Not    bool
	Op     Op
	Values []string
}

func (t Test) key() string { return t.Column.Key }

// String is the test as its column's parameter has it.
func (t Test) String() string {
	value := strings.Join(t.Values, ",")
	switch {
	case t.Op == Empty:
		value = "empty"
	case t.Op == Between:
		value = strings.Join(t.Values, "..")
	case t.Op == AtLeast && t.Column.dated():
		value += ".."
	case t.Op == AtMost && t.Column.dated():
		value = ".." + value
	case t.Op == Is && !t.Column.textual():
	default:
		value = string(t.Op) + ":" + value
	}
	if t.Not {
		value = "not:" + value
	}
	return value
}

var (
	operator = regexp.MustCompile(`^([a-z]+):`)
	operands = map[Op]func(*Column, string) (string, string){ // the value in its one form, or what is wrong with it
		Contains: textOperand, Starts: textOperand,
		Before: dayOperand, After: dayOperand,
		InLast: spanOperand, InNext: spanOperand, Over: spanOperand,
		Less: numberOperand, AtMost: numberOperand, More: numberOperand, AtLeast: numberOperand,
	}
)

// parseTest reads what is asked of a column, or says what is wrong with it.
func parseTest(column *Column, value string) (Test, string) {
	test := Test{Column: column}
	value = strings.TrimSpace(value)
	if rest, negated := strings.CutPrefix(value, "not:"); negated {
		test.Not, value = true, rest
	}
	if value == "" {
		return test, column.Name() + " is asked nothing. " + column.takes()
	}
	if value == "empty" && !column.listed() {
		test.Op = Empty
		return test, ""
	}
	var sentence string
	if named := operator.FindStringSubmatch(value); named != nil && !column.listed() {
		test.Op, value = Op(named[1]), value[len(named[0]):]
		if !slices.Contains(column.ops(), test.Op) {
			return test, column.Name() + " cannot be asked “" + clip(string(test.Op)) + "”. " + column.takes()
		}
		if test.Op != Is {
			value, sentence = operands[test.Op](column, value)
			test.Values = []string{value}
			return test, sentence
		}
	}
	return parsePlain(test, value)
}

// parsePlain reads a value without an operator of its own.
func parsePlain(test Test, value string) (Test, string) {
	column, sentence := test.Column, ""
	switch {
	case column.textual():
		if test.Op == "" {
			test.Op = Contains
		}
		value, sentence = textOperand(column, value)
		test.Values = []string{value}
	case column.listed():
		test.Op = Is
		test.Values, sentence = choiceOperands(column, value)
	case column.Kind == YesNo:
		test.Op, test.Values = Is, []string{value}
		if value != "yes" && value != "no" {
			sentence = column.Name() + " is not “" + clip(value) + "”. " + column.takes()
		}
	default:
		return parseRange(test, value)
	}
	return test, sentence
}

// parseRange reads a number or a day, or two of them with ".." between; one side of a range may be open.
func parseRange(test Test, value string) (Test, string) {
	column := test.Column
	operand, least, most := numberOperand, AtLeast, AtMost
	if column.dated() {
		operand = dayOperand
	}
	from, to, ranged := strings.Cut(value, "..")
	var sentence string
	switch {
	case !ranged || test.Op == Is:
		test.Op = Is
		from, sentence = operand(column, value)
		test.Values = []string{from}
	case to == "" && from != "":
		test.Op = least
		from, sentence = operand(column, from)
		test.Values = []string{from}
	case from == "":
		test.Op = most
		to, sentence = operand(column, to)
		test.Values = []string{to}
	default:
		test.Op = Between
		if from, sentence = operand(column, from); sentence == "" {
			to, sentence = operand(column, to)
		}
		test.Values = []string{from, to}
	}
	return test, sentence
}

// ops are the operators that a column can be asked.
func (c *Column) ops() []Op {
	switch {
	case c.textual():
		return []Op{Contains, Starts, Is, Empty}
	case c.dated():
		return []Op{Is, Before, After, InLast, InNext, Over, Empty}
	case c.Kind == Number || c.Kind == Money || c.Kind == Weight:
		return []Op{Is, AtLeast, More, AtMost, Less, Empty}
	}
	return []Op{Is, Empty}
}

// takes says what a column can be asked, for whoever asked something else.
func (c *Column) takes() string {
	switch {
	case c.textual():
		return "It takes contains:, starts:, is:, or empty."
	case c.dated():
		return "It takes a day like 2026-11-24, a range like 2026-11-01..2026-11-30, before:, after:, last:30d, next:2w, over:1y, or empty."
	case c.Kind == YesNo:
		return "It takes yes, no, or empty."
	case c.listed():
		values := make([]string, 0, len(c.Choices)+1)
		for _, choice := range c.Choices[:min(len(c.Choices), 30)] {
			values = append(values, choice.Value)
		}
		return "It takes " + strings.Join(append(values, "empty"), ", ") + "."
	}
	return "It takes a number, a range like 10..20, gte:, gt:, lte:, lt:, or empty."
}
