package ui

import (
	"strings"

	"github.com/a-h/templ"

	"purplecross/views/gallery"
)

// GridStories show the list in every state that a person meets.
var GridStories = gallery.Component[GridProps]{
	Path:  "Lists/Grid",
	View:  Grid,
	Use:   []string{"Records of one kind, to search, sort, filter and go through."},
	Avoid: []string{"For fewer than ten lines on a record: a plain table.", "For terms and values: facts."},
	Keys:  []gallery.Key{{Key: "Shift Click", Does: "On a head: adds it to the order"}, {Key: "Enter", Does: "In the search: asks at once"}, {Key: "Escape", Does: "Closes a head's menu"}},
	Mock:  storyGridMock,
	Anatomy: gallery.Anatomy{Of: "Filtered and sorted twice", Wide: true, Parts: []gallery.Part{
		{Name: "Search", Is: "Looks in all columns of the list at once, while one types.", At: ".grid-search"},
		{Name: "Buttons", Is: "Saved views, filters, orders, columns, downloads.", At: ".grid-buttons .button"},
		{Name: "Count", Is: "How many rows the question has, not how many are shown.", At: ".grid-count"},
		{Name: "Filters in use", Is: "Each can be changed or taken away where it stands.", At: ".grid-chip"},
		{Name: "Heads", Is: "A press sorts, with Shift as well; the handle behind it filters, pins, groups.", At: "th[aria-sort=descending]"},
		{Name: "Row", Is: "Its first cell leads to the record and stays at the edge.", At: "tbody th"},
	}},
	Narrow: "Filtered and sorted twice",
	Mirror: "Filtered and sorted twice",
	Stories: []gallery.Story[GridProps]{
		{Name: "Usual", Play: storyGridPlay, From: func(*gallery.World) GridProps {
			props := storyGrid()
			props.Count.N = len(props.Rows) // scripts would make room for all others
			return props
		}},
		{Name: "Filtered and sorted twice", From: func(*gallery.World) GridProps {
			props := storyGrid()
			props.Search.Value = "lu"
			props.Chips = []GridChip{
				{Text: "Species is dog or cat", Without: "#without-species", Key: "species"},
				{Text: "Last visit is over a year ago, or Last visit is empty", Without: "#without-group"},
			}
			props.Everything, props.Unsorted = "#everything", "#unsorted"
			props.Columns[4].Sorted, props.Columns[4].Place = GridDescending, 1
			props.Columns[0].Sorted, props.Columns[0].Place = GridAscending, 2
			props.Columns[1].Active, props.Filters[1].Active, props.Filters[1].Values = true, true, []string{"dog", "cat"}
			props.Orders = []GridOrder{
				{Text: "Last visit, latest first", Turned: "#turned", Without: "#without"},
				{Text: "Name, A to Z", Turned: "#turned", Without: "#without"},
			}
			return props
		}},
		{Name: "Of a view that was changed", From: func(*gallery.World) GridProps {
			props := storyGrid()
			props.Chips = []GridChip{{Text: "Species is cat", Without: "#without-species", Key: "species"}}
			props.Views.Current, props.Views.Changed, props.Views.Save, props.Views.Version = "Cats over 12", true, "#save", 3
			props.Views.Revert, props.Views.Manage, props.Views.CanShare = "#view", "#manage", true
			props.Views.Items[0].Current = true
			return props
		}},
		{Name: "Of a colleague's view", From: func(*gallery.World) GridProps {
			props := storyGrid()
			props.Views.Current, props.Views.Changed, props.Views.Revert, props.Views.Manage = "Not seen for a year, by vet and last visit", true, "#view", "#manage"
			props.Views.Items[1].Current = true
			return props
		}},
		{Name: "In the middle of many", From: func(*gallery.World) GridProps {
			props := storyGrid()
			props.First = 523_401
			props.Count = GridCountProps{N: 1_000_000, Exact: true, One: "patient", Many: "patients"}
			props.Pager = PagerProps{First: "#first", Previous: "#previous", Next: "#next", Last: "#last", Text: "523,401–523,406 of 1,000,000"}
			return props
		}},
		{Name: "Columns pinned, rows compact, one open", From: func(*gallery.World) GridProps {
			props := storyGrid()
			props.Compact = true
			props.Columns[1].Pinned, props.Columns[1].Left = true, 11
			props.Rows[2].Open = true
			return props
		}},
		{Name: "Too many to download", From: func(*gallery.World) GridProps {
			props := storyGrid()
			props.Export = GridExport{Refused: "This list has more than 500 rows, and your role downloads 500 at most. Narrow it with a search or a filter, or ask a manager for the whole list."}
			return props
		}},
		{Name: "No match", From: func(*gallery.World) GridProps {
			props := storyGrid()
			props.Rows, props.Pager, props.Export, props.Bulk, props.Search.Value, props.Everything = nil, PagerProps{}, GridExport{}, GridBulk{}, "zzz", "#everything"
			props.Count.N = 0
			props.Empty = Empty(EmptyProps{
				Title: "No patient matches", Text: "Remove a filter, or look for something else.", Icon: IconSearch,
				Action: Button(ButtonProps{Label: "Show all patients", Href: "#everything", Small: true}),
			})
			return props
		}},
		{Name: "Nothing yet", From: func(*gallery.World) GridProps {
			props := storyGrid()
			props.Rows, props.Pager, props.Export, props.Bulk, props.Count.N = nil, PagerProps{}, GridExport{}, GridBulk{}, 0
			props.Empty = Empty(EmptyProps{Title: "No patients yet", Text: "A patient is added from its household's page.", Icon: IconPaw})
			return props
		}},
		{Name: "An address not understood", From: func(*gallery.World) GridProps {
			props := storyGrid()
			props.Refused = []string{"Species is never “dragon”. It takes dog, cat, rabbit, empty.", "Weight takes numbers; “heavy” is none."}
			return props
		}},
		{Name: "Rows on their way", From: func(*gallery.World) GridProps { return storyWaiting("") }},
		{Name: "Nothing reaches the server", From: func(*gallery.World) GridProps {
			return storyWaiting("The server did not answer. Check the connection, then try again.")
		}},
		{Name: "The server can’t read the list", From: func(*gallery.World) GridProps {
			return storyWaiting("The server can’t read the list.")
		}},
		{Name: "Not allowed any more", From: func(*gallery.World) GridProps {
			return storyWaiting("You may not see this list any more.")
		}},
		{Name: "Still counting", From: func(*gallery.World) GridProps {
			props := storyGrid()
			props.Count = GridCountProps{N: 10_000, One: "patient", Many: "patients"}
			return props
		}},
		{Name: "Grouped, with numbers below", From: func(*gallery.World) GridProps { return storyGroups(storyGrid()) }},
		{Name: "Grouped twice, from the middle of a group on", From: func(*gallery.World) GridProps { return storyInnerGroups(storyGrid()) }},
		{Name: "All groups closed, numbers being worked out", From: func(*gallery.World) GridProps { return storyClosedGroups(storyGrid()) }},
		{Name: "Many columns, long words", From: func(*gallery.World) GridProps {
			props := storyGrid()
			for _, label := range []string{"Microchip", "Insurer", "A heading that is longer than its column", "Colour", "Added"} {
				props.Columns = append(props.Columns, GridColumn{Key: "k-" + strings.ToLower(label[:2]), Label: label, Width: 10})
			}
			for i := range props.Rows {
				for range 5 {
					props.Rows[i].Cells = append(props.Rows[i].Cells, storyWords("Words that go on for longer than there is room for them"))
				}
			}
			return props
		}},
	},
}

// GridCountStories show how many there are.
var GridCountStories = gallery.Component[GridCountProps]{
	Path:   "Lists/Count",
	View:   GridCount,
	Use:    []string{"Over a list, as the number of rows that its question has."},
	Avoid:  []string{"For a number beside a heading: Panel has its own count."},
	Mirror: "More than were counted",
	Stories: []gallery.Story[GridCountProps]{
		{Name: "One", Args: GridCountProps{N: 1, Exact: true, One: "patient", Many: "patients"}},
		{Name: "A million", Args: GridCountProps{N: 1_000_000, Exact: true, One: "patient", Many: "patients"}},
		{Name: "More than were counted", Args: GridCountProps{N: 10_000, One: "patient", Many: "patients"}},
		{Name: "Not known yet", Args: GridCountProps{One: "patient", Many: "patients"}},
	},
}

// GridRowsStories show rows alone.
var GridRowsStories = gallery.Component[GridRowsProps]{
	Path:   "Lists/Rows",
	View:   GridRows,
	Use:    []string{"As the answer to a list that is scrolled: rows alone, to be put where they belong."},
	Avoid:  []string{"For a whole list: Grid."},
	Mirror: "A stretch",
	Stories: []gallery.Story[GridRowsProps]{
		{Name: "A stretch", From: func(*gallery.World) GridRowsProps {
			props := storyGrid()
			return GridRowsProps{Label: "Patients", Columns: props.Columns, Rows: props.Rows, First: 501}
		}},
		{Name: "One deleted meanwhile", From: func(*gallery.World) GridRowsProps {
			props := storyGrid()
			props.Rows[1] = GridRow{ID: 2, Gone: true}
			return GridRowsProps{Label: "Patients", Columns: props.Columns, Rows: props.Rows}
		}},
	},
}

// storyWaiting is a list scrolled to rows that are not there yet, and what keeps them away.
func storyWaiting(failed string) GridProps {
	props := storyGrid()
	props.Rows, props.Waiting, props.Failed = nil, true, failed
	props.Pager = PagerProps{Next: "#next", Last: "#last", Text: "501–510 of 3,412"}
	return props
}

func storyGrid() GridProps {
	column := func(key, label string, width int) GridColumn {
		return GridColumn{Key: key, Label: label, Width: width, Toggle: "#sort-" + key, Also: "#also-" + key, Menu: true}
	}
	props := GridProps{
		Label: "Patients", Path: "/patients",
		Search:  GridSearch{Label: "Pet, owner, telephone, chip or breed"},
		Columns: []GridColumn{column("name", "Name", 11), column("species", "Species", 8), column("born", "Age", 8), column("weight", "Weight", 6), column("seen", "Last visit", 9), column("status", "Status", 8)},
		First:   1,
		Orders:  []GridOrder{{Text: "Name, A to Z", Turned: "#turned"}},
		Count:   GridCountProps{N: 3412, Exact: true, One: "patient", Many: "patients"},
		Pager:   PagerProps{Next: "#next", Last: "#last", Text: "1–6 of 3,412"},
		Export:  GridExport{CSV: "#csv", XLSX: "#xlsx", Print: "#print"},
		Bulk:    GridBulk{Query: "species=cat", Actions: []GridAction{{Label: "Change", Icon: IconEdit, Action: "#change"}, {Label: "Message", Icon: IconMail, Action: "#message"}, {Label: "Export", Icon: IconDownload, Action: "#export", Name: "format", Value: "xlsx"}}},
		Chooser: []GridChoice{{Key: "name", Label: "Name", Shown: true, Fixed: true}, {Key: "species", Label: "Species", Shown: true}, {Key: "microchip", Label: "Microchip"}},
	}
	props.Views = GridViews{
		All: "#all", Create: "#create", Fields: []GridField{{Name: "resource", Value: "patients"}, {Name: "query", Value: "species=cat"}},
		Items: []GridView{
			{Name: "Cats over 12", Href: "#view-1", Note: "You begin with it"},
			{Name: "Not seen for a year, by vet and last visit", Href: "#view-2", Note: "Shared by Ana Reyes"},
		},
	}
	props.Columns[0].Sorted = GridAscending
	props.Columns[3].Number = true
	sorts := []GridLink{{Label: "A to Z", Href: "#up", Icon: IconArrowUp, Current: true}, {Label: "Z to A", Href: "#down", Icon: IconArrowDown}, {Label: "Then by this", Href: "#then", Icon: IconPlus}}
	empties := []Option{{Value: "empty", Label: "is empty"}, {Value: "not:empty", Label: "is not empty"}}
	props.Filters = []GridFilter{
		{Key: "name", Label: "Name", Kind: GridFilterText, Sorts: sorts, Ops: append([]Option{{Value: "contains", Label: "contains"}, {Value: "starts", Label: "starts with"}}, empties...)},
		{
			Key: "species", Label: "Species", Kind: GridFilterList, Sorts: sorts, Without: "#without-species",
			Ops:     []Option{{Value: "is", Label: "is any of"}, {Value: "not:is", Label: "is none of"}},
			Options: []Option{{Value: "dog", Label: "Dog"}, {Value: "cat", Label: "Cat"}, {Value: "rabbit", Label: "Rabbit"}},
		},
		{Key: "born", Label: "Born", Kind: GridFilterDate, Sorts: sorts, Ops: append([]Option{{Value: "is", Label: "is between"}, {Value: "over:1y", Label: "over a year ago"}}, empties...)},
		{Key: "weight", Label: "Weight", Kind: GridFilterNumber, Sorts: sorts, Unit: "kg", Ops: append([]Option{{Value: "is", Label: "is between"}}, empties...)},
		{Key: "seen", Label: "Last visit", Kind: GridFilterDate, Sorts: sorts, Ops: append([]Option{{Value: "is", Label: "is between"}, {Value: "over:1y", Label: "over a year ago"}}, empties...)},
		{Key: "status", Label: "Status", Sorts: sorts},
		{Key: "neutered", Label: "Neutered", Kind: GridFilterYesNo, Options: []Option{{Value: "yes", Label: "Yes"}, {Value: "no", Label: "No"}, {Value: "empty", Label: "Empty"}}},
	}
	for i := range props.Filters {
		props.Filters[i].Shown, props.Filters[i].Arrange = true, []GridLink{
			{Label: "Move left", Icon: IconChevronLeft, Href: "#left"},
			{Label: "Move right", Icon: IconChevronRight, Href: "#right"},
			{Label: "Narrower", Icon: IconMinus, Href: "#narrower"},
			{Label: "Wider", Icon: IconPlus, Href: "#wider"},
			{Label: "Pin", Icon: IconPin, Href: "#pin"},
			{Label: "Hide", Icon: IconClose, Href: "#hide"},
		}
	}
	props.Builder = "#builder"
	props.Arrange = GridArrangement{Href: "#columns", Densities: []GridLink{{Label: "Comfortable", Icon: IconMenu, Href: "#comfortable", Current: true}, {Label: "Compact", Icon: IconSheet, Href: "#compact"}}}
	for _, row := range [][6]string{
		{"Biscuit", "Dog", "4 y 2 m", "6.5 kg", "Today", "active"},
		{"Chloé", "Cat", "about 12 y", "3.9 kg", "3 Nov 2026", "active"},
		{"Hedwig-Alexandra von Hohenfels", "Bird", "7 m", "480 g", "", "active"},
		{"Luna", "Dog", "9 y", "31.5 kg", "2 Jan 2024", "deceased"},
		{"محبوب", "Rabbit", "2 y 5 m", "2.1 kg", "14 Oct 2026", "inactive"},
		{"Ziggy", "Cat", "Age unknown", "", "30 Aug 2026", "active"},
	} {
		cells := []templ.Component{
			storyLink(row[0], "#patient"), storyWords(row[1]), storyWords(row[2]), storyWords(row[3]), storyWords(row[4]), Status(StatusProps{Value: row[5]}),
		}
		props.Rows = append(props.Rows, GridRow{Cells: cells})
	}
	return props
}
