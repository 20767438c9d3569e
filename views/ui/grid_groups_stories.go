package ui

import "purplecross/views/gallery"

// GridSumsStories show the footer.
var GridSumsStories = gallery.Component[GridSumsProps]{
	Path:   "Lists/Numbers below",
	View:   GridSums,
	Use:    []string{"Under a list that is grouped or summed up: the sums of all its rows."},
	Avoid:  []string{"For a report: its tables have sums of their own."},
	Narrow: "Usual",
	Mirror: "Usual",
	Stories: []gallery.Story[GridSumsProps]{
		{Name: "Usual", From: func(*gallery.World) GridSumsProps { return storySums(storyGrid(), false) }},
		{Name: "Being worked out", From: func(*gallery.World) GridSumsProps { return storySums(storyGrid(), true) }},
	},
}

func storySums(grid GridProps, waiting bool) GridSumsProps {
	sums := GridSumsProps{Columns: grid.Columns, Waiting: waiting}
	numbers := map[string][2]string{"name": {"Count", "3,412"}, "weight": {"Average", "13.06 kg"}, "seen": {"Latest", "24 Nov 2026"}}
	for _, column := range grid.Columns {
		number := numbers[column.Key]
		sums.Cells = append(sums.Cells, GridSum{Key: column.Key, Name: column.Label, Label: number[0], Value: number[1]})
	}
	return sums
}

// storyGroups puts heads of groups among the rows.
func storyGroups(props GridProps) GridProps {
	props.Groups = GridGroups{
		Levels:   []GridOrder{{Text: "Species, in order", Turned: "#turned", Without: "#without"}},
		Options:  []Option{{Value: "", Label: "Nothing"}, {Value: "species", Label: "Species"}, {Value: "-seen.month", Label: "Last visit by month"}},
		Chosen:   []string{"species"},
		CloseAll: "#close", OpenAll: "#open", Ungroup: "#ungroup",
	}
	head := func(label, path, count, weight string, closed bool) GridRow {
		return GridRow{Level: 1, Group: GridGroup{Label: label, Path: path, Count: count, Feet: []string{count, "", "", weight, "", ""}, Closed: closed, Toggle: "#toggle-" + path}}
	}
	rows := []GridRow{head("Dog", "dog", "1,871", "21.4 kg", false)}
	rows = append(rows, props.Rows[:3]...)
	rows = append(rows, head("Cat", "cat", "1,102", "4.7 kg", true), head("Rabbit", "rabbit", "439", "2.2 kg", false))
	props.Rows = append(rows, props.Rows[3:]...)
	for i := range props.Rows {
		if props.Rows[i].Level == 0 {
			props.Rows[i].Level = 2
		}
	}
	props.Lines, props.LinesExact = 2313, true
	props.Pager.Text = "Lines 1–9 of 2,313"
	props.Sums = storySums(props, false)
	for _, sum := range props.Sums.Cells {
		props.Feet = append(props.Feet, GridFootMenu{Key: sum.Key, Label: "Below " + sum.Name, Links: []GridLink{{Label: "Count", Href: "#count", Icon: IconMinus, Current: sum.Label == "Count"}}})
	}
	return props
}

func storyInnerGroups(props GridProps) GridProps {
	props = storyGroups(props)
	props.Groups.Levels = append(props.Groups.Levels, GridOrder{Text: "Last visit by month, latest first", Turned: "#turned", Without: "#without"})
	props.Groups.Chosen = append(props.Groups.Chosen, "-seen.month")
	head := func(label, path, count string, level int) GridRow {
		return GridRow{Level: level, Group: GridGroup{Label: label, Path: path, Count: count, Toggle: "#toggle-" + path}}
	}
	props.Above = []GridRow{head("Dog", "dog", "1,871", 1), head("November 2026", "dog/2026-11", "61", 2)}
	props.Rows[0] = head("October 2026", "dog/2026-10", "87", 2)
	for i := range props.Rows {
		if props.Rows[i].Group.Label == "" {
			props.Rows[i].Level = 3
		}
	}
	props.First, props.Pager = 301, PagerProps{First: "#first", Previous: "#previous", Next: "#next", Last: "#last", Text: "Lines 301–309 of 2,340"}
	return props
}

func storyClosedGroups(props GridProps) GridProps {
	props = storyGroups(props)
	var heads []GridRow
	for _, row := range props.Rows {
		if row.Group.Label != "" {
			row.Group.Closed, row.Group.Feet, row.Group.Waiting = true, nil, true
			heads = append(heads, row)
		}
	}
	props.Rows, props.Lines = heads, len(heads)
	props.Pager.Text, props.Sums = "Lines 1–3 of 3", storySums(props, true)
	return props
}
