package views

import (
	"time"

	"purplecross/db"
	"purplecross/views/gallery"
)

// WorkPageStories are a piece of work under way and after.
var WorkPageStories = gallery.Component[WorkPageProps]{
	Path: "Operations/Work",
	View: WorkPage,
	Stories: []gallery.Story[WorkPageProps]{
		{Name: "Under way", Args: WorkPageProps{Work: workOf(7, db.WorkRunning, 430_000, 1_000_000), Own: true, Log: []db.WorkLine{{At: workBegan, Words: "Reading patients, 11 columns."}}}},
		{Name: "Done", Args: WorkPageProps{Work: workOf(7, db.WorkDone, 1_000_000, 1_000_000), Own: true}},
	},
}

// WorkListStories are what somebody started.
var WorkListStories = gallery.Component[WorkListProps]{
	Path:   "Operations/Work list",
	View:   WorkList,
	Use:    []string{"For work in the background: mine, or everybody's."},
	Avoid:  []string{"For a single piece of it: Progress."},
	Narrow: "Some",
	Mirror: "Some",
	Stories: []gallery.Story[WorkListProps]{
		{Name: "Some", Args: WorkListProps{Work: []db.Work{workOf(8, db.WorkRunning, 4300, 12_000), workOf(7, db.WorkDone, 51_754, 51_754)}}},
		{Name: "Everybody’s", Args: WorkListProps{Everyone: true, Work: []db.Work{workOf(8, db.WorkCancelled, 4300, 12_000)}}},
		{Name: "None", Args: WorkListProps{}},
	},
}

var workBegan = time.Date(2026, 11, 20, 17, 0, 0, 0, time.UTC)

func workOf(id int64, state db.WorkState, done, total int64) db.Work {
	work := db.Work{
		ID: id, Kind: "export", Title: "Export patients", Unit: "rows", StartedBy: 1, Starter: "Dolores Null-O’Brien", State: state,
		Done: done, Total: &total, ResumedAt: &workBegan, CreatedAt: workBegan, UpdatedAt: workBegan.Add(20 * time.Second),
	}
	if work.Over() {
		work.FinishedAt, work.Outcome = &work.UpdatedAt, "The file is kept for 24 hours."
	}
	if state == db.WorkDone {
		work.ResultHref, work.ResultLabel = "#file", "Download patients.xlsx"
	}
	return work
}
