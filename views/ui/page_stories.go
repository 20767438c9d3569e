package ui

import (
	"github.com/a-h/templ"

	"purplecross/views/gallery"
)

// PageHeadStories show the tops of pages.
var PageHeadStories = gallery.Component[PageHeadProps]{
	Path:  "Pages/Page head",
	View:  PageHead,
	Use:   []string{"Once, at the top of every page."},
	Avoid: []string{"Within a page: a panel."},
	Anatomy: gallery.Anatomy{Of: "Everything", Wide: true, Parts: []gallery.Part{
		{Name: "Way back", Is: "Where this belongs. One step is enough.", At: ".crumbs"},
		{Name: "Title", Is: "The thing itself, by its name. The only first heading of the page.", At: "h1"},
		{Name: "State", Is: "A badge, if it is not the usual one.", At: ".badge"},
		{Name: "Lead", Is: "One sentence that tells this from the others.", At: ".page-lead"},
		{Name: "Actions", Is: "What is done here most, the primary one last and at the edge.", At: ".page-actions .button"},
	}},
	Stories: []gallery.Story[PageHeadProps]{
		{Name: "Title only", Args: PageHeadProps{Title: "Reminders"}},
		{Name: "Everything", Args: PageHeadProps{
			Title: "Ana Hernández", Lead: "Household of two people and three pets, with us since 2019.",
			Crumbs:  []Crumb{{Label: "Clients", Href: "#clients"}},
			Badge:   Status(StatusProps{Value: "inactive"}),
			Actions: Actions(ActionsProps{Items: []templ.Component{Button(ButtonProps{Label: "Edit household"}), Button(ButtonProps{Label: "Book visit", Kind: ButtonPrimary})}}),
		}},
		{Name: "Long title", From: func(w *gallery.World) PageHeadProps {
			return PageHeadProps{
				Title: "Wolfeschlegelsteinhausenbergerdorff Abernathy-Featherstonehaugh and everybody who lives with them", Lead: w.Note(4),
				Crumbs:  []Crumb{{Label: "Clients", Href: "#clients"}, {Label: "Households that were merged last year", Href: "#merged"}},
				Actions: Button(ButtonProps{Label: "Print", Icon: IconPrint}),
			}
		}},
		{Name: "Narrow", Narrow: true, Args: PageHeadProps{Title: "Coco", Lead: "Beagle of Courtney Reilly", Badge: Status(StatusProps{Value: "active"}), Actions: Button(ButtonProps{Label: "Book visit", Kind: ButtonPrimary})}},
		{Name: "From right to left", Dir: "rtl", Args: PageHeadProps{Title: "بندق", Lead: "محمد العلي"}},
	},
}

var someFacts = []Fact{
	{Term: "Microchip", Value: "977200009123456"},
	{Term: "Colour", Value: "Ruby"},
	{Term: "Insurer"},
	{Term: "Born", Value: "Wed 14 Sep 2022"},
	{Term: "Status", View: Status(StatusProps{Value: "active"})},
}

// PanelStories show parts of pages.
var PanelStories = gallery.Component[PanelProps]{
	Path:  "Pages/Panel",
	View:  Panel,
	Use:   []string{"A part of a page with a heading of its own."},
	Avoid: []string{"Around everything: a page of boxes has no order."},
	Anatomy: gallery.Anatomy{Of: "Count and action", Parts: []gallery.Part{
		{Name: "Title", Is: "What is in it, as a noun.", At: ".panel-title"},
		{Name: "Count", Is: "How many there are, also of those that aren't shown.", At: ".count"},
		{Name: "Action", Is: "What adds to it.", At: ".panel-actions .button"},
		{Name: "Body", Is: "Facts, a list, or why there is nothing. It fails on its own: every panel is a boundary.", At: ".panel-body"},
	}},
	Mirror: "Count and action",
	Stories: []gallery.Story[PanelProps]{
		{Name: "With facts", Args: PanelProps{Title: "Details", Body: Facts(FactsProps{Items: someFacts})}},
		{Name: "Count and action", Args: PanelProps{Title: "Reminders", ID: "reminders", Count: "12", Actions: Button(ButtonProps{Label: "Add reminder", Small: true}), Body: Skeleton(SkeletonProps{Lines: 4})}},
		{Name: "Nothing in it", Args: PanelProps{Title: "Visits", Flush: true, Body: Empty(EmptyProps{Title: "No visits yet", Icon: IconCalendar})}},
		{Name: "No heading", Args: PanelProps{Body: Facts(FactsProps{Items: someFacts, Columns: 3})}},
		{Name: "Long title, narrow", Narrow: true, Args: PanelProps{Title: "Visits, letters and telephone calls of the whole household", Count: "1,204", Actions: Button(ButtonProps{Label: "Add", Small: true}), Body: Empty(EmptyProps{Title: "Nothing yet"})}},
	},
}

// FactsStories show what is known.
var FactsStories = gallery.Component[FactsProps]{
	Path:  "Pages/Facts",
	View:  Facts,
	Use:   []string{"What is known of a record, term by term."},
	Avoid: []string{"To compare records: a table."},
	Stories: []gallery.Story[FactsProps]{
		{Name: "One column", Args: FactsProps{Items: someFacts}},
		{Name: "Two columns", Args: FactsProps{Items: someFacts, Columns: 2}},
		{Name: "Three columns", Args: FactsProps{Items: someFacts, Columns: 3}},
		{Name: "Long text", From: func(w *gallery.World) FactsProps {
			return FactsProps{Items: []Fact{{Term: "What the referring clinic wrote", Value: w.Note(5)}, {Term: "E-mail", Value: "a.very.long.mailbox.name.that.goes.on@example.org"}}}
		}},
		{Name: "Narrow", Narrow: true, Args: FactsProps{Items: someFacts, Columns: 3}},
		{Name: "From right to left", Dir: "rtl", Args: FactsProps{Items: someFacts, Columns: 2}},
	},
}

// TabsStories show views of the same thing.
var TabsStories = gallery.Component[TabsProps]{
	Path:   "Pages/Tabs",
	View:   Tabs,
	Use:    []string{"Views of one record that are seen one at a time."},
	Avoid:  []string{"For steps in an order.", "For filters of a list."},
	Keys:   []gallery.Key{{Key: "Tab, Enter", Does: "Each tab is a link"}},
	Narrow: "More than fit",
	Mirror: "More than fit",
	Stories: []gallery.Story[TabsProps]{
		{Name: "Three", Args: TabsProps{Label: "Patient", Items: []Tab{{Label: "Overview", Href: "#overview", Current: true}, {Label: "Visits", Href: "#visits", Count: "12"}, {Label: "Notes", Href: "#notes"}}}},
		{Name: "More than fit", Args: TabsProps{Label: "Reminders", Items: []Tab{
			{Label: "Due this week", Href: "#week", Count: "84"},
			{Label: "Overdue", Href: "#overdue", Count: "1,204", Current: true},
			{Label: "Booked", Href: "#booked"},
			{Label: "Done", Href: "#done"},
			{Label: "Lapsed", Href: "#lapsed"},
			{Label: "Cancelled", Href: "#cancelled"},
			{Label: "Snoozed until later", Href: "#snoozed"},
		}}},
		{Name: "Only one", Args: TabsProps{Label: "Patient", Items: []Tab{{Label: "Visits", Href: "#visits", Current: true}}}},
	},
}

// PagerStories show places in a long list.
var PagerStories = gallery.Component[PagerProps]{
	Path:  "Pages/Pager",
	View:  Pager,
	Use:   []string{"Under a list that goes on."},
	Avoid: []string{"For a list that is shown whole."},
	Keys:  []gallery.Key{{Key: "Tab, Enter", Does: "As links: first, previous, next, last."}},
	Anatomy: gallery.Anatomy{Of: "In the middle", Parts: []gallery.Part{
		{Name: "Place", Is: "Which rows these are, of how many.", At: ".pager-text"},
		{Name: "Links", Is: "They keep the question of the list in their addresses.", At: ".pager-links .button"},
	}},
	Mirror: "In the middle",
	Stories: []gallery.Story[PagerProps]{
		{Name: "In the middle", Args: PagerProps{Text: "51 to 100 of 3,412", First: "#first", Previous: "#previous", Next: "#next", Last: "#last"}},
		{Name: "At the start", Args: PagerProps{Text: "1 to 50 of 3,412", Next: "#next", Last: "#last"}},
		{Name: "At the end", Args: PagerProps{Text: "3,401 to 3,412 of 3,412", First: "#first", Previous: "#previous"}},
		{Name: "The only page", Args: PagerProps{Text: "1 to 12 of 12"}},
		{Name: "Narrow", Narrow: true, Args: PagerProps{First: "#first", Previous: "#previous", Next: "#next", Last: "#last", Text: "523,401–523,450 of 1,000,000"}},
	},
}
