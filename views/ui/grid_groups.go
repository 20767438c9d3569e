package ui

import "strconv"

// GridGroup is the head of a group, which stands among the rows.
type GridGroup struct {
	Label   string   // What the group is called; "" where a row is no head.
	Path    string   // What it is called in the address.
	Closed  bool     // Its rows are not shown.
	Count   string   // How many rows it has; "" while they are counted.
	Feet    []string // What its columns come to, in their order; "" for those that nobody asked for.
	Waiting bool     // Its numbers are still being worked out.
	Toggle  string   // The list with it closed, or opened.
}

// GridGroups is what the list is grouped by, and what it can be.
type GridGroups struct {
	Levels   []GridOrder // In words, the outermost first.
	Options  []Option    // What each level can be; none when nothing can be grouped.
	Chosen   []string    // What the levels are.
	CloseAll string      // The list with all groups closed.
	OpenAll  string      // The list with all groups open.
	Ungroup  string      // The list without groups; "" when it has none.
}

// GridFootMenu is what can stand below a column.
type GridFootMenu struct {
	Key   string     // The column's.
	Label string     // "Below Weight".
	Links []GridLink // The numbers there are.
}

// GridSum is a number below a column.
type GridSum struct {
	Key   string // The column's.
	Name  string // What sentences call the column.
	Label string // "Average"; "" for a column without a number.
	Value string // "4.2 kg".
}

// GridSumsProps is the footer: a number for each column that one was asked for, of the whole answer.
type GridSumsProps struct {
	Columns []GridColumn // As the list's.
	Cells   []GridSum    // One for each column.
	Waiting bool         // They are still being worked out.
	Ask     string       // Where they are to be had as soon as they are known.
}

// levels is how many levels of groups the list has, for scripts.
func (g GridGroups) levels() string { return strconv.Itoa(len(g.Levels)) }

// chosen is what a level is grouped by.
func (g GridGroups) chosen(level int) string {
	if level < len(g.Chosen) {
		return g.Chosen[level]
	}
	return ""
}

// role is a treegrid's where rows have levels.
func gridRole(grouped bool) string {
	if grouped {
		return "treegrid"
	}
	return "grid"
}

// lines is how many lines scripts scroll through, and whether that is all of them.
func (p GridProps) lines() GridCountProps {
	if len(p.Groups.Levels) > 0 {
		return GridCountProps{N: p.Lines, Exact: p.LinesExact}
	}
	return p.Count
}

// foot is a column's number in the head of a group.
func (g GridGroup) foot(column int) string {
	if column < len(g.Feet) {
		return g.Feet[column]
	}
	return ""
}
