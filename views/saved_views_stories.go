package views

import (
	"purplecross/db"
	"purplecross/views/gallery"
)

// SavedViewPageStories are the states of a saved view's page.
var SavedViewPageStories = gallery.Component[SavedViewPageProps]{
	Path: "Lists/Saved view",
	View: SavedViewPage,
	Tags: []string{"page"},
	Stories: []gallery.Story[SavedViewPageProps]{
		{Name: "Mine", Args: SavedViewPageProps{
			View: db.SavedView{ID: 12, Resource: "patients", Name: "Cats over 12", Owner: "Dolores Null-O’Brien", Version: 2, Default: true},
			List: "Patients", Href: "/patients", Change: true, CanShare: true,
			Asks: []string{"Species is cat", "Born is over 12 years ago", "Sorted by Last visit, latest first"},
		}},
		{Name: "A colleague's", Args: SavedViewPageProps{
			View: db.SavedView{ID: 13, Resource: "patients", Name: "Not seen for a year", Owner: "Ana Reyes", Shared: true, Version: 1},
			List: "Patients", Href: "/patients", Asks: []string{"Last visit is over a year ago"},
		}},
		{Name: "Of a name that is taken", Args: SavedViewPageProps{
			View: db.SavedView{Resource: "patients", Name: "Cats over 12", Query: "species=cat"},
			List: "Patients", Href: "/patients", Change: true, Asks: []string{"Species is cat"},
			Errors: map[string]string{"name": "You have a view of this name already. Choose another name."},
		}},
		{Name: "Saved meanwhile", Args: SavedViewPageProps{
			View: db.SavedView{ID: 14, Resource: "patients", Name: "Recall", Owner: "Ana Reyes", Shared: true, Version: 3},
			List: "Patients", Href: "/patients", Change: true, CanShare: true,
			Theirs: &db.SavedView{ID: 14, Name: "Recall list", Shared: true, Version: 3},
		}},
	},
}
