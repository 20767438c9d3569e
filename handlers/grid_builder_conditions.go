package handlers

import (
	"slices"
	"strings"

	"purplecross/db/grid"
	"purplecross/views/ui"
)

// conditionOps is what can be asked of a column, in a person's words.
func conditionOps(column *grid.Column) []ui.Option {
	var ops []ui.Option
	switch column.Kind {
	case grid.Choice, grid.Person:
		return []ui.Option{{Value: "is", Label: "is any of"}, {Value: "not:is", Label: "is none of"}}
	case grid.YesNo:
		ops = []ui.Option{{Value: "yes", Label: "is yes"}, {Value: "no", Label: "is no"}}
	case grid.Date, grid.Time:
		ops = []ui.Option{
			{Value: "last", Label: "is in the last"},
			{Value: "next", Label: "is in the next"},
			{Value: "over", Label: "is longer ago than"},
			{Value: "not:over", Label: "is not longer ago than"},
			{Value: "is", Label: "is on"},
			{Value: "today", Label: "is today"},
			{Value: "yesterday", Label: "is yesterday"},
			{Value: "tomorrow", Label: "is tomorrow"},
			{Value: "before", Label: "is before"},
			{Value: "after", Label: "is after"},
			{Value: "gte", Label: "is on or after"},
			{Value: "lte", Label: "is on or before"},
			{Value: "..", Label: "is between"},
			{Value: "not:..", Label: "is not between"},
		}
	case grid.Number, grid.Money, grid.Weight:
		ops = []ui.Option{
			{Value: "gte", Label: "is at least"},
			{Value: "lte", Label: "is at most"},
			{Value: "gt", Label: "is more than"},
			{Value: "lt", Label: "is less than"},
			{Value: "is", Label: "is"},
			{Value: "not:is", Label: "is not"},
			{Value: "..", Label: "is between"},
			{Value: "not:..", Label: "is not between"},
		}
	default:
		ops = []ui.Option{
			{Value: "contains", Label: "contains"},
			{Value: "not:contains", Label: "does not contain"},
			{Value: "starts", Label: "starts with"},
			{Value: "not:starts", Label: "does not start with"},
			{Value: "is", Label: "is"},
			{Value: "not:is", Label: "is not"},
		}
	}
	if !column.NotNull {
		ops = append(ops, ui.Option{Value: "empty", Label: "is empty"}, ui.Option{Value: "not:empty", Label: "is not empty"})
	}
	return ops
}

// conditionOf is a test as the form's line has it.
func conditionOf(test grid.Test) *builderPart {
	part := &builderPart{column: test.Column.Key, op: string(test.Op), values: test.Values}
	if len(test.Values) > 0 {
		part.value = test.Values[0]
	}
	switch near := part.value == "today" || part.value == "yesterday" || part.value == "tomorrow"; {
	case test.Column.Kind == grid.YesNo && test.Op == grid.Is:
		part.op = part.value
	case test.Op == grid.Is && near && !test.Not && (test.Column.Kind == grid.Date || test.Column.Kind == grid.Time):
		part.op = part.value
	case test.Op == grid.Between:
		part.to = test.Values[1]
	case test.Op == grid.InLast || test.Op == grid.InNext || test.Op == grid.Over:
		part.n, part.unit = part.value[:len(part.value)-1], part.value[len(part.value)-1:]
	}
	if test.Not {
		part.op = "not:" + part.op
	}
	return part
}

// chosenOp is the operator that rules: the first one until another is chosen.
func (p *builderPart) chosenOp(column *grid.Column) string {
	ops := conditionOps(column)
	if slices.ContainsFunc(ops, func(o ui.Option) bool { return o.Value == p.op }) || conditionWords[p.op] != "" {
		return p.op
	}
	return ops[0].Value
}

// asked writes the line as the column's parameter.
func (p *builderPart) asked(column *grid.Column) string {
	if column == nil {
		return ""
	}
	chosen := p.chosenOp(column)
	op, negated := strings.CutPrefix(chosen, "not:")
	dated := column.Kind == grid.Date || column.Kind == grid.Time
	value := p.value
	switch {
	case op == "empty" || op == "yes" || op == "no" || op == "today" || op == "yesterday" || op == "tomorrow":
		value = op
	case column.Kind == grid.Choice || column.Kind == grid.Person:
		value = strings.Join(p.values, ",")
	case op == "..":
		if value == "" || p.to == "" {
			return ""
		}
		value += ".." + p.to
	case op == "last" || op == "next" || op == "over":
		value = op + ":" + p.n + p.unit
	case value == "":
		return ""
	case dated && op == "gte":
		value += ".."
	case dated && op == "lte":
		value = ".." + value
	case op != "is" || column.Kind == grid.Text || column.Kind == grid.Link:
		value = op + ":" + value
	}
	if negated && value != "" {
		value = "not:" + value
	}
	return value
}

// conditionWords are operators that an address can ask and the form offers only then.
var conditionWords = map[string]string{
	"not:yes": "is not yes", "not:no": "is not no", "not:last": "is not in the last", "not:next": "is not in the next",
	"not:before": "is not before", "not:after": "is not after", "not:gte": "is not at least", "not:lte": "is not at most",
	"not:gt": "is not more than", "not:lt": "is not less than", "not:is": "is not",
}

// fill puts the line's fields into the form.
func (p *builderPart) fill(shown *ui.BuilderPart, column *grid.Column) {
	shown.Label, shown.Op, shown.Ops, shown.Unit = column.Name(), p.chosenOp(column), conditionOps(column), column.Unit()
	if !slices.ContainsFunc(shown.Ops, func(o ui.Option) bool { return o.Value == shown.Op }) {
		shown.Ops = append(shown.Ops, ui.Option{Value: shown.Op, Label: conditionWords[shown.Op]})
	}
	shown.Value, shown.To, shown.N, shown.Span = p.value, p.to, p.n, p.unit
	if shown.N == "" {
		shown.N, shown.Span = "30", "d"
	}
	switch column.Kind {
	case grid.Choice, grid.Person:
		shown.Kind, shown.Values = ui.GridFilterList, p.values
		for _, choice := range column.Choices {
			shown.Options = append(shown.Options, ui.Option{Value: choice.Value, Label: choice.Label})
		}
		if !column.NotNull {
			shown.Options = append(shown.Options, ui.Option{Value: "empty", Label: "Empty"})
		}
	case grid.YesNo:
		shown.Kind = ui.GridFilterYesNo
	case grid.Date, grid.Time:
		shown.Kind = ui.GridFilterDate
	case grid.Number, grid.Money, grid.Weight:
		shown.Kind = ui.GridFilterNumber
	default:
		shown.Kind = ui.GridFilterText
	}
}
