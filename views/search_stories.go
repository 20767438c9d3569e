package views

import (
	"purplecross/db"
	"purplecross/views/gallery"
)

// SearchPageStories show the results page, which needs no script.
var SearchPageStories = gallery.Component[SearchPageProps]{
	Path: "Clients/Search results",
	View: SearchPage,
	Stories: []gallery.Story[SearchPageProps]{
		{Name: "Several", From: func(w *gallery.World) SearchPageProps {
			return SearchPageProps{Query: "coco", Result: db.SearchResult{Hits: storyHits(w), More: true}}
		}},
		{Name: "Only near ones", From: func(w *gallery.World) SearchPageProps {
			return SearchPageProps{Query: "reilyl", Result: db.SearchResult{Hits: storyHits(w)[:1], Near: true}}
		}},
		{Name: "Nobody", Args: SearchPageProps{Query: "<script>alert(1)</script>", Result: db.SearchResult{Near: true}}},
		{Name: "Nothing asked", Args: SearchPageProps{}},
	},
}

// SearchSuggestionsStories show what stands under the search box while one types.
var SearchSuggestionsStories = gallery.Component[SearchSuggestionsProps]{
	Path:   "Clients/Search suggestions",
	View:   SearchSuggestions,
	Use:    []string{"Under the search box of every page, while one types."},
	Avoid:  []string{"For a list that is searched: its rows are the answer themselves."},
	Keys:   []gallery.Key{{Key: "↓, ↑", Does: "Goes through what was found."}, {Key: "Enter", Does: "Opens it, or all results."}, {Key: "Escape", Does: "Closes them and keeps what was typed."}},
	Narrow: "Several",
	Mirror: "Several",
	Stories: []gallery.Story[SearchSuggestionsProps]{
		{Name: "Several", Allow: listboxIsAround, From: func(w *gallery.World) SearchSuggestionsProps {
			return SearchSuggestionsProps{Query: "coco", Result: db.SearchResult{Hits: storyHits(w), More: true}}
		}},
		{Name: "Only near ones", Allow: listboxIsAround, From: func(w *gallery.World) SearchSuggestionsProps {
			return SearchSuggestionsProps{Query: "reilyl", Result: db.SearchResult{Hits: storyHits(w)[:1], Near: true}}
		}},
		{Name: "Nobody", Allow: listboxIsAround, Args: SearchSuggestionsProps{Query: "Courtney Reilly", Result: db.SearchResult{Near: true}}},
	},
}

var listboxIsAround = map[string]string{"aria-required-parent": "The search box in the header is the listbox around these options."}

func storyHits(w *gallery.World) []db.SearchHit {
	next := w.Now.AddDate(0, 0, 2)
	return []db.SearchHit{
		{ID: 1, FirstName: "Courtney", LastName: "Reilly", SecondContact: w.Person(), Mobile: "+19705550167", PhoneAlt: w.Phone(), Alert: "Ask for Dan", Status: db.ClientActive, NextVisitAt: &next, Pets: []db.SearchPet{
			{ID: 1, Name: "Coco", Species: "dog", Status: db.PatientActive, Matched: true, Overdue: true},
			{ID: 2, Name: w.Pet(), Species: "cat", Status: db.PatientActive},
			{ID: 3, Name: w.Pet(), Species: "rabbit", Status: db.PatientDeceased},
		}},
		{ID: 2, FirstName: w.Person(), LastName: "Null", Mobile: w.Phone(), Status: db.ClientInactive, LastVisitOn: civilDay(2024, 2, 29), Pets: []db.SearchPet{
			{ID: 4, Name: "Coconut Cream Pie the Second of Upper Canyon Road", Species: "small_mammal", Status: db.PatientActive, Matched: true},
		}},
		{ID: 3, LastName: w.Person(), Status: db.ClientActive},
	}
}
