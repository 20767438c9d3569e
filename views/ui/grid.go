package ui

import (
	"strconv"

	"github.com/a-h/templ"
)

// GridProps is a list as a person reads, sorts, filters and pages it. Every link and form of it is an address: the grid
// knows neither the question nor the database.
type GridProps struct {
	Label      string          // What is listed: "Patients".
	Name       string          // What scripts call the list when they ask for news of it: "patients".
	Path       string          // Where the list is: "/patients".
	Question   string          // What is asked of it, as the address has it, without the place.
	Again      string          // The same list as it is now.
	Sorting    string          // How it is sorted, in words.
	Failed     string          // What keeps the rows away, in a sentence; scripts write it.
	Waiting    bool            // The rows are on their way; scripts say so of each block of them.
	Search     GridSearch      // The search box; none without a label.
	Kept       []GridField     // The question as hidden fields, without the search.
	Columns    []GridColumn    // What is shown, in order; the first one names the row.
	Rows       []GridRow       // One page of them.
	First      int             // The number of the first row; 0 when not known.
	Filters    []GridFilter    // What can be filtered, shown or not.
	Chips      []GridChip      // What keeps rows from the list.
	Everything string          // The list without search and filters; "" when there are none.
	Orders     []GridOrder     // How it is sorted.
	Unsorted   string          // The list in its own order; "" when it is.
	Chooser    []GridChoice    // The columns there are.
	Views      GridViews       // The saved views.
	Refused    []string        // What of the address was not understood, in sentences.
	Count      GridCountProps  // How many there are.
	Pager      PagerProps      // Where one is.
	Empty      templ.Component // What to say when there are no rows.
	Export     GridExport      // What it can be taken away as; the zero one for nothing.
	Bulk       GridBulk        // What can be done with chosen rows.
	Groups     GridGroups      // What it is grouped by, and what it can be.
	Above      []GridRow       // The heads of the groups that the page begins in the middle of.
	Lines      int             // Of a grouped list: how many rows and heads of groups there are.
	LinesExact bool            // They are not more.
	Sums       GridSumsProps   // The footer; none without cells.
	Wait       string          // The list that waits for numbers still being worked out, for those without scripts.
	Feet       []GridFootMenu  // What can stand below the columns shown.
	Compact    bool            // The rows stand close.
	Arrange    GridArrangement // How the columns and rows are arranged otherwise.
	Builder    string          // Where filters are put together; "" for nowhere.
	Panels     string          // The style sheet that a row opened beside the list needs; "" where none can be.
	Editable   bool            // Values can be changed in it.
}

// GridSearch is the grid's own search box.
type GridSearch struct {
	Label string // What can be searched for.
	Value string // What is.
}

// GridField is a hidden field of a form.
type GridField struct {
	Name  string // The parameter.
	Value string // Its value.
}

// GridColumn is the head of a column.
type GridColumn struct {
	Key    string     // In the address.
	Label  string     // Its heading.
	Width  int        // In rem, 4 to 40; it grows with the room.
	Pinned bool       // It stays in sight, like the first one.
	Left   int        // How far from the edge it does, in rem.
	Number bool       // Its values are aligned at the end.
	Sorted GridSorted // Whether the list is sorted by it.
	Place  int        // Its step of the order, when there are several.
	Toggle string     // Sort by it alone, or the other way round; "" when it can't be sorted by.
	Also   string     // Sort by it after the others.
	Menu   bool       // There is a filter of its key.
	Active bool       // The filter is in use.
	Edit   bool       // Its values can be changed.

	Filterable bool // The list can be narrowed to a value of it.
}

// GridSorted is which way a column is sorted.
type GridSorted string

// The ways; the words are those of aria-sort.
const (
	GridNotSorted  GridSorted = ""
	GridAscending  GridSorted = "ascending"
	GridDescending GridSorted = "descending"
)

// Options lists the ways.
func (GridSorted) Options() []GridSorted {
	return []GridSorted{GridNotSorted, GridAscending, GridDescending}
}

// GridRow is one row: a cell for each column.
type GridRow struct {
	ID      int64             // The record's.
	Pick    bool              // It can be chosen.
	Gone    bool              // It was deleted since the list was asked for.
	Open    bool              // It is open beside the list.
	Cells   []templ.Component // In the order of the columns.
	Group   GridGroup         // Where it is the head of a group: that.
	Level   int               // In a grouped list: how deep it stands, from 1.
	Place   int               // In a grouped list: of a row, its number among the rows; of a head, its line.
	Version int               // Of the record, 0 for none.
}

// GridFilterKind is the form that a filter needs.
type GridFilterKind string

// The kinds of filter form.
const (
	GridFilterNone   GridFilterKind = "" // sorting only
	GridFilterText   GridFilterKind = "text"
	GridFilterList   GridFilterKind = "list"
	GridFilterYesNo  GridFilterKind = "yesno"
	GridFilterNumber GridFilterKind = "number"
	GridFilterDate   GridFilterKind = "date"
)

// Options lists the kinds of filter form.
func (GridFilterKind) Options() []GridFilterKind {
	return []GridFilterKind{GridFilterNone, GridFilterText, GridFilterList, GridFilterYesNo, GridFilterNumber, GridFilterDate}
}

// GridFilter is what can be asked of one column, and what is.
type GridFilter struct {
	Key     string         // The column's.
	Label   string         // What sentences call the column.
	Kind    GridFilterKind // Which form.
	Op      string         // What is asked.
	Ops     []Option       // What can be asked.
	Options []Option       // The values of a list.
	Values  []string       // Those that are chosen; the text of a text.
	From    string         // The least, or the first day.
	To      string         // The most, or the last day.
	Unit    string         // What a number is in.
	Active  bool           // It is in use.
	Without string         // The list without it.
	Sorts   []GridLink     // Ways to sort by the column, and to group by it.
	Below   bool           // A number can stand below the column.
	Shown   bool           // The column is shown.
	Arrange []GridLink     // Ways to show it otherwise.
}

// GridLink is a link in a menu.
type GridLink struct {
	Label   string   // What it does.
	Href    string   // Where it leads.
	Icon    IconName // Before the label.
	Current bool     // It is so already.
}

// GridChip is one part of the filter, in words.
type GridChip struct {
	Text    string // "Species is dog or cat".
	Without string // The list without it.
	Key     string // The filter that changes it; "" for none.
}

// GridOrder is one step of the order, in words.
type GridOrder struct {
	Text    string // "Last visit, latest first".
	Turned  string // The other way round.
	Without string // The list without it; "" for the only one.
}

// GridChoice is a column that can be shown.
type GridChoice struct {
	Key   string // In the address.
	Label string // Its heading.
	Shown bool   // It is.
	Fixed bool   // It always is.
}

func gridWidth(width int) string { return strconv.Itoa(min(max(width, 4), 40)) }

// gridLeft is how far from the edge a column stays in sight; nothing for the first.
func gridLeft(column GridColumn) string {
	if column.Left == 0 {
		return ""
	}
	return strconv.Itoa(column.Left)
}

// gridNumber is the number of a column for those who hear it.
func gridNumber(at int) string { return strconv.Itoa(at + 1) }

func gridPopover(key string) string { return "grid-" + key }

// gridCountedRows is what aria-rowcount says: -1 where the number is not known.
func gridCountedRows(count GridCountProps) string {
	if count.Exact {
		return strconv.Itoa(count.N + 1)
	}
	return "-1"
}

// ariaSort marks the first step of the order only, as ARIA asks; the others say it in words.
func (c GridColumn) ariaSort() string {
	if c.Place > 1 || c.Sorted == GridNotSorted {
		return "none"
	}
	return string(c.Sorted)
}

// chosen says whether a value of a list is.
func (f GridFilter) chosen(value string) bool {
	for _, v := range f.Values {
		if v == value {
			return true
		}
	}
	return false
}

func (f GridFilter) text() string {
	if len(f.Values) > 0 {
		return f.Values[0]
	}
	return ""
}
