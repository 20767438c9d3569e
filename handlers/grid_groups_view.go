package handlers

import (
	"net/http"
	"slices"
	"strconv"

	"purplecross/db/grid"
	"purplecross/views/ui"
)

// withGroups are the lines of a grouped answer: heads among the rows.
func (v gridView) withGroups(rows []ui.GridRow) []ui.GridRow {
	grouped := v.answer.grouped
	rows = withGone(rows, grouped.ids)
	lines, next := make([]ui.GridRow, 0, len(grouped.items)), 0
	for _, item := range grouped.items {
		if item.group != nil {
			lines = append(lines, v.head(item))
			continue
		}
		row := rows[next]
		row.Level, row.Place = len(v.question.Groups)+1, item.place+1
		lines, next = append(lines, row), next+1
	}
	return lines
}

// above are the heads of the groups that the page begins in the middle of.
func (v gridView) above() []ui.GridRow {
	var rows []ui.GridRow
	if v.answer.grouped != nil {
		for _, item := range v.answer.grouped.above {
			rows = append(rows, v.head(item))
		}
	}
	return rows
}

// head is the line of a group: what it is called, how many rows it has, what its columns come to, and how to close it.
func (v gridView) head(item gridItem) ui.GridRow {
	name := item.group.Name()
	place := grid.Place{At: min(v.answer.first, item.line+1)}
	if place.At <= 1 {
		place.At = 0
	}
	head := ui.GridGroup{
		Label: groupWords(v.question, item.group), Path: name, Closed: item.closed, Waiting: !item.counted,
		Toggle: v.href(v.question.WithClosed(v.question.Closed.Toggled(name)).At(place)),
	}
	if item.counted {
		head.Count = ui.Count(item.group.Count)
	}
	if len(v.question.Foot) > 0 {
		head.Feet, head.Waiting = v.headFeet(name, head.Waiting)
	}
	return ui.GridRow{Group: head, Level: len(item.group.Path), Place: item.line + 1}
}

// headFeet are the feet of a group, by column.
func (v gridView) headFeet(name string, waiting bool) ([]string, bool) {
	tally := v.answer.grouped.tally
	if tally == nil {
		return nil, true
	}
	sum := tally.Find(name)
	if sum == nil {
		return nil, waiting
	}
	columns := v.question.Showing()
	feet := make([]string, len(columns))
	for i, column := range columns {
		if op := v.question.FootOf(column.Key); op != "" {
			feet[i] = footWords(column, op, tally.Foot(sum, column.Key))
		}
	}
	return feet, waiting
}

// groupMenu is what the list is grouped by, and how else it could be.
func (v gridView) groupMenu() ui.GridGroups {
	menu := ui.GridGroups{Options: []ui.Option{{Value: "", Label: "Nothing"}}}
	for i := range v.question.Resource.Columns {
		column := &v.question.Resource.Columns[i]
		if !column.Groupable() {
			continue
		}
		spans := []string{""}
		if column.Dated() {
			spans = grid.Spans
		}
		for _, span := range spans {
			group := grid.Grouping{Key: column.Key, By: span, Desc: column.Dated()}
			for _, has := range v.question.Groups { // in the direction that it has
				if has.Key == group.Key && has.By == group.By {
					group.Desc = has.Desc
				}
			}
			menu.Options = append(menu.Options, ui.Option{Value: group.String(), Label: group.Words(column)})
		}
	}
	if len(menu.Options) == 1 {
		return ui.GridGroups{}
	}
	for i, group := range v.question.Groups {
		column := v.question.Resource.Column(group.Key)
		turned, without := slices.Clone(v.question.Groups), slices.Delete(slices.Clone(v.question.Groups), i, i+1)
		turned[i].Desc = !group.Desc
		menu.Levels = append(menu.Levels, ui.GridOrder{
			Text:   group.Words(column) + ", " + inSentence(sortWords(column, group.Desc)),
			Turned: v.href(v.question.WithGroups(turned...)), Without: v.href(v.question.WithGroups(without...)),
		})
		menu.Chosen = append(menu.Chosen, group.String())
	}
	if len(v.question.Groups) > 0 {
		top := v.question.At(grid.Place{})
		menu.CloseAll = v.href(top.WithClosed(grid.Closed{But: true}))
		menu.OpenAll = v.href(top.WithClosed(grid.Closed{}))
		menu.Ungroup = v.href(v.question.WithGroups())
	}
	return menu
}

// groupLinks group the list by a column, from its own menu.
func (v gridView) groupLinks(column *grid.Column) []ui.GridLink {
	if !column.Groupable() {
		return nil
	}
	ways := []grid.Grouping{{Key: column.Key}}
	if column.Dated() {
		ways = []grid.Grouping{{Key: column.Key, By: "month", Desc: true}, {Key: column.Key, By: "year", Desc: true}}
	}
	var links []ui.GridLink
	for _, way := range ways {
		label := "Group by this"
		if way.By != "" {
			label = "Group by " + way.By
		}
		current := len(v.question.Groups) == 1 && v.question.Groups[0].Key == way.Key && v.question.Groups[0].By == way.By
		link := ui.GridLink{Label: label, Icon: ui.IconGroup, Href: v.href(v.question.WithGroups(way)), Current: current}
		if current {
			link.Label, link.Href = "Don’t group", v.href(v.question.WithGroups())
		}
		links = append(links, link)
	}
	return links
}

// sayLines tells a page of groups how many lines it has, and how many rows stand behind them.
func sayLines(header http.Header, asked gridAsked, snapshot *grid.Snapshot) {
	if len(asked.question.Groups) == 0 {
		return
	}
	lines := heldLines(asked, snapshot)
	header.Set("Grid-Count", strconv.Itoa(lines.Len()))
	header.Set("Grid-Records", strconv.Itoa(lines.Records()))
}

// linePager names the pages around this one by their lines.
func (v gridView) linePager() ui.PagerProps {
	answer, n := v.answer, len(v.answer.grouped.items)
	if n == 0 {
		return ui.PagerProps{}
	}
	pager := ui.PagerProps{Text: "Lines " + ui.Count(answer.first) + "–" + ui.Count(answer.first+n-1)}
	if answer.grouped.lines != nil {
		pager.Text += " of " + ui.Count(answer.grouped.total)
	}
	if answer.before {
		pager.First = v.href(v.question.At(grid.Place{}))
		pager.Previous = pager.First
		if at := answer.first - gridRows; at > 1 {
			pager.Previous = v.href(v.question.At(grid.Place{At: at}))
		}
	}
	if answer.after {
		pager.Next = v.href(v.question.At(grid.Place{At: answer.first + n}))
		pager.Last = v.href(v.question.At(grid.Place{Last: true}))
	}
	return pager
}

// nothing says whether there are neither rows nor groups to show.
func (v gridView) nothing() bool {
	return len(v.answer.rows) == 0 && (v.answer.grouped == nil || len(v.answer.grouped.items) == 0)
}

// counting says whether numbers of groups or feet are not known yet.
func (v gridView) counting() bool {
	if grouped := v.answer.grouped; grouped != nil && (grouped.lines == nil || grouped.tally == nil) {
		return true
	}
	return len(v.question.Foot) > 0 && v.answer.tally == nil
}
