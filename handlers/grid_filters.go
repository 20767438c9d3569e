package handlers

import (
	"slices"
	"strings"
	"time"

	"purplecross/db/grid"
	"purplecross/views/ui"
)

// filters is the menu of every column: ways to sort by it, and the form that filters by it, filled with what is asked.
func (v gridView) filters() []ui.GridFilter {
	var filters []ui.GridFilter
	for i := range v.question.Resource.Columns {
		column := &v.question.Resource.Columns[i]
		filter := ui.GridFilter{Key: column.Key, Label: column.Name(), Sorts: append(v.sorts(column), v.groupLinks(column)...)}
		filter.Below = slices.Contains(v.question.Showing(), column)
		filter.Arrange, filter.Shown = v.arrange(column)
		if !column.NoFilter {
			tests := v.question.Tests(column.Key)
			var asked grid.Test
			if len(tests) > 0 {
				asked = tests[0]
				filter.Active, filter.Without = true, v.href(v.question.WithoutColumn(column.Key))
			}
			fillFilter(&filter, column, asked, v.today)
		}
		filters = append(filters, filter)
	}
	return filters
}

// sorts are the links that sort by a column, alone or after the others.
func (v gridView) sorts(column *grid.Column) []ui.GridLink {
	if column.NoSort {
		return nil
	}
	sorted := v.question.Sorted()
	var links []ui.GridLink
	for _, desc := range []bool{false, true} {
		term := grid.Term{Key: column.Key, Desc: desc}
		icon := ui.IconArrowUp
		if desc {
			icon = ui.IconArrowDown
		}
		links = append(links, ui.GridLink{
			Label: sortWords(column, desc), Icon: icon, Href: v.href(v.question.WithOrder(term)),
			Current: len(sorted) == 1 && sorted[0] == term,
		})
	}
	if !slices.ContainsFunc(sorted, func(t grid.Term) bool { return t.Key == column.Key }) {
		links = append(links, ui.GridLink{
			Label: "Then by this", Icon: ui.IconPlus,
			Href: v.href(v.question.ThenBy(grid.Term{Key: column.Key, Desc: column.LargestFirst()})),
		})
	}
	return links
}

// fillFilter chooses a column's form and fills it.
func fillFilter(filter *ui.GridFilter, column *grid.Column, asked grid.Test, today time.Time) {
	empties := []ui.Option{{Value: "empty", Label: "is empty"}, {Value: "not:empty", Label: "is not empty"}}
	if column.NotNull {
		empties = nil
	}
	filter.Op, filter.Values, filter.Unit = opOf(asked), asked.Values, column.Unit()
	switch column.Kind {
	case grid.Choice, grid.Person:
		filter.Kind = ui.GridFilterList
		filter.Ops = []ui.Option{{Value: "is", Label: "is any of"}, {Value: "not:is", Label: "is none of"}}
		for _, choice := range column.Choices {
			filter.Options = append(filter.Options, ui.Option{Value: choice.Value, Label: choice.Label})
		}
		if !column.NotNull {
			filter.Options = append(filter.Options, ui.Option{Value: "empty", Label: "Empty"})
		}
	case grid.YesNo:
		filter.Kind = ui.GridFilterYesNo
		filter.Options = []ui.Option{{Value: "yes", Label: "Yes"}, {Value: "no", Label: "No"}}
		if !column.NotNull {
			filter.Options = append(filter.Options, ui.Option{Value: "empty", Label: "Empty"})
		}
		if asked.Op == grid.Empty {
			filter.Values = []string{"empty"}
		}
	case grid.Date, grid.Time:
		filter.Kind = ui.GridFilterDate
		filter.From, filter.To = bounds(asked)
		filter.From, filter.To = dayField(filter.From, today), dayField(filter.To, today)
		filter.Ops = append(dateOps(column, asked), empties...)
	case grid.Number, grid.Money, grid.Weight:
		filter.Kind = ui.GridFilterNumber
		filter.From, filter.To = bounds(asked)
		filter.Ops = append([]ui.Option{{Value: "is", Label: "is between"}}, empties...)
	default:
		filter.Kind = ui.GridFilterText
		filter.Ops = append([]ui.Option{
			{Value: "contains", Label: "contains"},
			{Value: "starts", Label: "starts with"},
			{Value: "is", Label: "is"},
			{Value: "not:contains", Label: "does not contain"},
		}, empties...)
	}
}

// opOf is what the form's first field says of a test.
func opOf(asked grid.Test) string {
	op := string(asked.Op)
	switch asked.Op {
	case grid.AtLeast, grid.AtMost, grid.Between, grid.More, grid.Less:
		op = string(grid.Is)
	case grid.Before, grid.After, grid.InLast, grid.InNext, grid.Over:
		return asked.String()
	case grid.Is:
		if day := asked.Values[0]; day == "today" || day == "yesterday" || day == "tomorrow" {
			return asked.String()
		}
	}
	if asked.Not {
		op = "not:" + op
	}
	return op
}

// bounds are the two ends of a test that has some.
func bounds(asked grid.Test) (from, to string) {
	switch asked.Op {
	case grid.Is:
		return asked.Values[0], asked.Values[0]
	case grid.AtLeast:
		return asked.Values[0], ""
	case grid.AtMost:
		return "", asked.Values[0]
	case grid.Between:
		return asked.Values[0], asked.Values[1]
	}
	return "", ""
}

// dayField is a day as a date field has it.
func dayField(operand string, today time.Time) string {
	if operand == "" {
		return ""
	}
	return grid.DayOf(operand, today).Format(time.DateOnly)
}

// dateOps are the spans that people ask for; another that is asked stands among them.
func dateOps(column *grid.Column, asked grid.Test) []ui.Option {
	options := []ui.Option{
		{Value: "is", Label: "is between"},
		{Value: "today", Label: "is today"},
		{Value: "last:7d", Label: "in the last 7 days"},
		{Value: "last:30d", Label: "in the last 30 days"},
		{Value: "last:1y", Label: "in the last year"},
		{Value: "over:6m", Label: "over 6 months ago"},
		{Value: "over:1y", Label: "over a year ago"},
		{Value: "over:2y", Label: "over 2 years ago"},
		{Value: "next:7d", Label: "in the next 7 days"},
		{Value: "next:30d", Label: "in the next 30 days"},
	}
	switch op := opOf(asked); {
	case op == "" || strings.HasSuffix(op, string(grid.Empty)) || slices.ContainsFunc(options, func(o ui.Option) bool { return o.Value == op }):
	case op == "not:is":
		options = append(options, ui.Option{Value: op, Label: "is not between"})
	default:
		options = append(options, ui.Option{Value: op, Label: strings.TrimPrefix(asked.Words(), column.Name()+" ")})
	}
	return options
}
