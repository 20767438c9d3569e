package ui

import "purplecross/views/gallery"

// GridColumnsStories show the form that arranges a list's columns.
var GridColumnsStories = gallery.Component[GridColumnsProps]{
	Path:   "Lists/Columns",
	View:   GridColumns,
	Use:    []string{"To choose, order, pin and widen the columns of a list, also without a script."},
	Avoid:  []string{"To choose which rows: a filter."},
	Narrow: "Arranged otherwise",
	Mirror: "Arranged otherwise",
	Stories: []gallery.Story[GridColumnsProps]{
		{Name: "Usual", From: func(*gallery.World) GridColumnsProps { return storyColumns() }},
		{Name: "Arranged otherwise", From: func(*gallery.World) GridColumnsProps {
			props := storyColumns()
			props.Compact, props.Usual = true, "#usual"
			props.Columns[1].Pinned, props.Columns[1].Last, props.Columns[2].First = true, true, true
			props.Columns[2].Width = 24
			return props
		}},
		{Name: "A width that can't be", From: func(*gallery.World) GridColumnsProps {
			props := storyColumns()
			props.Refused = []string{"Name can be 4 to 40 wide; “99” is not."}
			return props
		}},
	},
}

func storyColumns() GridColumnsProps {
	return GridColumnsProps{
		Label: "Patients", Path: "/patients", Form: "/patients/columns", Back: "#back",
		Columns: []GridColumnChoice{
			{Key: "name", Label: "Name", Shown: true, Fixed: true, Pinned: true, Width: 10, First: true, Last: true},
			{Key: "species", Label: "Species", Shown: true, Width: 8, First: true},
			{Key: "breed", Label: "Breed", Shown: true, Width: 11},
			{Key: "seen", Label: "Last visit", Shown: true, Width: 9, Last: true},
			{Key: "microchip", Label: "A heading that is longer than there is room for it in a row", Width: 10},
		},
	}
}

// BuilderStories show the form that puts filters together.
var BuilderStories = gallery.Component[BuilderProps]{
	Path:   "Lists/Filter builder",
	View:   Builder,
	Use:    []string{"For a question that the heads of the columns can't ask: groups of “all”, “any” and “none” in one another."},
	Avoid:  []string{"For one condition: the column's own filter, in its head."},
	Keys:   []gallery.Key{{Key: "Tab", Does: "Goes through conditions as they are read."}, {Key: "Enter", Does: "Shows what the filter finds."}},
	Narrow: "Groups in one another",
	Mirror: "Groups in one another",
	Stories: []gallery.Story[BuilderProps]{
		{Name: "Nothing asked", From: func(*gallery.World) BuilderProps {
			props := storyBuilder()
			props.Sentence, props.Count.N = "", 3412
			props.Root.Parts = []BuilderPart{{Path: "f.0", Columns: builderStoryColumns}}
			return props
		}},
		{Name: "Groups in one another", From: func(*gallery.World) BuilderProps { return storyBuilder() }},
		{Name: "One of every kind", From: func(*gallery.World) BuilderProps {
			props := storyBuilder()
			props.Root.Parts = []BuilderPart{
				{Path: "f.0", Column: "name", Columns: builderStoryColumns, Label: "Name", Kind: GridFilterText, Op: "contains", Ops: []Option{{Value: "contains", Label: "contains"}}, Value: "lu"},
				{Path: "f.1", Column: "weight", Columns: builderStoryColumns, Label: "Weight", Kind: GridFilterNumber, Op: "..", Ops: []Option{{Value: "..", Label: "is between"}}, Value: "2", To: "5.5", Unit: "kg"},
				{Path: "f.2", Column: "born", Columns: builderStoryColumns, Label: "Born", Kind: GridFilterDate, Op: "gte", Ops: []Option{{Value: "gte", Label: "is on or after"}}, Value: "2019-01-01", N: "30", Span: "d"},
				{Path: "f.3", Column: "neutered", Columns: builderStoryColumns, Label: "Neutered", Kind: GridFilterYesNo, Op: "yes", Ops: []Option{{Value: "yes", Label: "is yes"}, {Value: "empty", Label: "is empty"}}},
			}
			return props
		}},
		{Name: "Something is missing", From: func(*gallery.World) BuilderProps {
			props := storyBuilder()
			props.Root.Parts[0].Values, props.Root.Parts[0].Wrong = nil, "Species is asked nothing. It takes dog, cat, rabbit, empty."
			props.Refused = []string{"Groups stand in one another 4 deep at most."}
			props.Count = GridCountProps{N: 10_000, One: "patient", Many: "patients"}
			return props
		}},
	},
}

var builderStoryColumns = []Option{{Value: "name", Label: "Name"}, {Value: "species", Label: "Species"}, {Value: "weight", Label: "Weight"}, {Value: "born", Label: "Born"}, {Value: "neutered", Label: "Neutered"}, {Value: "seen", Label: "Last visit"}}

func storyBuilder() BuilderProps {
	spans := []Option{{Value: "last", Label: "is in the last"}, {Value: "over", Label: "is longer ago than"}, {Value: "empty", Label: "is empty"}}
	return BuilderProps{
		Form: "/patients/filter", Back: "#back", Many: "patients",
		Sentence: "Species is dog or cat, and (Last visit is over a year ago, or Last visit is empty).",
		Count:    GridCountProps{N: 217, Exact: true, One: "patient", Many: "patients"},
		Root: BuilderPart{Path: "f", How: "all", Outer: true, Deeper: true, Parts: []BuilderPart{
			{
				Path: "f.0", Column: "species", Columns: builderStoryColumns, Label: "Species", Kind: GridFilterList, Op: "is", Values: []string{"dog", "cat"},
				Ops:     []Option{{Value: "is", Label: "is any of"}, {Value: "not:is", Label: "is none of"}},
				Options: []Option{{Value: "dog", Label: "Dog"}, {Value: "cat", Label: "Cat"}, {Value: "rabbit", Label: "Rabbit"}, {Value: "empty", Label: "Empty"}},
			},
			{Path: "f.1", How: "any", Deeper: true, Parts: []BuilderPart{
				{Path: "f.1.0", Column: "seen", Columns: builderStoryColumns, Label: "Last visit", Kind: GridFilterDate, Op: "over", Ops: spans, N: "1", Span: "y"},
				{Path: "f.1.1", Column: "seen", Columns: builderStoryColumns, Label: "Last visit", Kind: GridFilterDate, Op: "empty", Ops: spans, N: "30", Span: "d"},
			}},
		}},
	}
}

// SideStories show a record beside its list.
var SideStories = gallery.Component[SideProps]{
	Path:  "Lists/Side panel",
	View:  Side,
	Use:   []string{"To look at rows one after the other without leaving the list."},
	Avoid: []string{"To edit more than a field: the record's own page, which it leads to."},
	Keys:  []gallery.Key{{Key: "Alt + ↓, Alt + ↑", Does: "The next row, the one before; within the panel also J and K."}, {Key: "←, →", Does: "On its edge: makes it wider or narrower."}, {Key: "Escape", Does: "Closes the panel; the row has the focus again."}},
	Anatomy: gallery.Anatomy{Of: "In the middle", Parts: []gallery.Part{
		{Name: "Edge", Is: "Makes the panel wider: dragged, or with the arrow keys.", At: ".side-edge"},
		{Name: "Title", Is: "The record's name. The focus comes here when the panel opens.", At: ".side-title"},
		{Name: "Place", Is: "Which row of the list this is.", At: ".side-place"},
		{Name: "Buttons", Is: "Previous, next, edit, the whole page, close.", At: ".side-buttons"},
		{Name: "Body", Is: "What one asks most often, and no more.", At: ".side-body"},
	}},
	Narrow: "In the middle",
	Mirror: "In the middle",
	Stories: []gallery.Story[SideProps]{
		{Name: "In the middle", From: func(*gallery.World) SideProps {
			return SideProps{
				ID: 7, Title: "Biscuit", Place: "12 of 3,412", At: 12, Href: "#patient", Edit: "#edit", Close: "#close",
				Previous: SideStep{ID: 6, Href: "#previous"}, Next: SideStep{ID: 8, Href: "#next"}, Body: storyWords("What is said of the record."),
			}
		}},
		{Name: "The only one, with a long name", From: func(*gallery.World) SideProps {
			return SideProps{ID: 7, Title: "Hedwig-Alexandra-Maximiliane von Hohenfels-Waldenbuch", Href: "#patient", Close: "#close", Body: Empty(EmptyProps{Title: "Nothing booked", Icon: IconCalendar})}
		}},
	},
}
