package views

import (
	"time"

	"purplecross/views/gallery"
)

// ProfilesPageStories show what the processor did.
var ProfilesPageStories = gallery.Component[ProfilesPageProps]{
	Path: "Operations/Profiles page",
	View: ProfilesPage,
	Stories: []gallery.Story[ProfilesPageProps]{
		{Name: "Sampled and asked for", Args: ProfilesPageProps{Rate: 0.1, Windows: []ProfileRow{
			{ID: 2, Began: time.Date(2026, 11, 20, 17, 42, 0, 0, time.UTC), Took: 10 * time.Second, Asked: true, Bytes: 48_100},
			{ID: 1, Began: time.Date(2026, 11, 20, 17, 30, 0, 0, time.UTC), Took: 10 * time.Second, Bytes: 9_300},
		}}},
		{Name: "A slow request", Args: ProfilesPageProps{Rate: 1, Flying: true, Flights: []FlightRow{
			{ID: "flight-K7QX2M4D5P", Route: "GET /reports", Ended: time.Date(2026, 11, 20, 17, 42, 0, 0, time.UTC), Took: 2300 * time.Millisecond, Bytes: 1_904_100},
		}}},
		{Name: "Being recorded", Args: ProfilesPageProps{Recording: true}},
	},
}
