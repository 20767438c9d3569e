package views

import (
	"net/http"

	"github.com/a-h/templ"

	"purplecross/db"
	"purplecross/views/gallery"
	"purplecross/views/ui"
)

// PageStories show the shell around every page.
var PageStories = gallery.Component[PageProps]{
	Path: "Pages/Shell", View: Page, Tags: []string{gallery.TagWhole},
	Use:  []string{"Around every page of a signed-in person."},
	Keys: []gallery.Key{{Key: "/", Does: "Focuses the search"}, {Key: "N", Does: "Books a visit"}, {Key: "?", Does: "Lists the keys"}, {Key: "↑ ↓, Enter", Does: "In the search: chooses a suggestion, and opens it"}},
	Mock: gallery.Mock{"GET /search/suggestions": func(r *http.Request) templ.Component {
		return SearchSuggestions(SearchSuggestionsProps{Query: r.FormValue("q"), Result: db.SearchResult{Hits: storyFound(r.FormValue("q"))}})
	}},
	Stories: []gallery.Story[PageProps]{
		{Name: "With a page", Play: []gallery.Step{
			gallery.Type("combobox", "Search clients", "coco"),
			gallery.Expect("listbox", "Suggestions", "Courtney Reilly"),
			gallery.Press("ArrowDown"),
			gallery.Press("Escape"),
		}, Args: PageProps{Head: Head{Title: "Patients", Nav: "patients"}, Content: ui.PageHead(ui.PageHeadProps{Title: "Patients", Lead: "Everybody who was ever here."})}},
		{Name: "Wide", Args: PageProps{Head: Head{Title: "Calendar", Nav: "calendar", Wide: true}, Content: ui.Empty(ui.EmptyProps{Title: "Nothing booked", Icon: ui.IconCalendar})}},
	},
}

// SignedOutPageStories show the shell of the pages that need no sign-in.
var SignedOutPageStories = gallery.Component[SignedOutPageProps]{
	Path: "Session/Signed-out page", View: SignedOutPage, Tags: []string{gallery.TagWhole},
	Use: []string{"For nobody in particular: the way in, and what went wrong before it."},
	Stories: []gallery.Story[SignedOutPageProps]{
		{Name: "Sign in", Args: SignedOutPageProps{Head: Head{Title: "Sign in"}, Content: SignInForm(SignInPageProps{Demo: demoPeople, Password: "demo-clinic"})}},
		{Name: "Something went wrong", Args: SignedOutPageProps{Head: Head{Title: "Not found"}, Content: ui.Problem(ui.ProblemProps{Title: "Nothing here", Text: "The page does not exist, or it was removed."})}},
	},
}
