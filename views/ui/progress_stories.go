package ui

import (
	"time"

	"purplecross/views/gallery"
)

// ProgressStories are the states of long work.
var ProgressStories = gallery.Component[ProgressProps]{
	Path:  "Messages/Progress",
	View:  Progress,
	Use:   []string{"For work that takes longer than a person waits: exports, imports, changes of thousands.", "On the page of that work, from its beginning to its result."},
	Avoid: []string{"For a page that loads: a skeleton.", "For the number of things that are left to do: a count."},
	Anatomy: gallery.Anatomy{Of: "Under way", Parts: []gallery.Part{
		{Name: "Title", Is: "The work, as a verb and what it is done to.", At: ".progress-title"},
		{Name: "State", Is: "A word, which says more than a full bar: waiting, under way, cancelling, done.", At: ".badge"},
		{Name: "Bar", Is: "How far it is. Without a known end it moves on its own.", At: "progress"},
		{Name: "Numbers", Is: "How many of how many, how fast, and how long it will take.", At: ".progress-numbers"},
		{Name: "Cancel", Is: "As long as it can be stopped. The state says that it is being cancelled, and then what became of it.", At: ".progress-actions .button"},
		{Name: "Log", Is: "What it said, the newest last.", At: ".progress-log"},
	}},
	Narrow: "Under way",
	Mirror: "Under way",
	Stories: []gallery.Story[ProgressProps]{
		{Name: "Waiting", Args: ProgressProps{ID: "work-1", Title: "Export patients", State: ProgressQueued, Unit: "rows", Cancel: "#cancel"}},
		{Name: "Under way", Args: ProgressProps{ID: "work-1", Title: "Export patients", State: ProgressRunning, Unit: "rows", Done: 430_000, Total: 1_000_000, Rate: 21_300, Cancel: "#cancel", Log: progressLines("Reading patients, 11 columns.")}},
		{Name: "Of unknown length", Args: ProgressProps{ID: "work-1", Title: "Read clients.csv", State: ProgressRunning, Unit: "rows", Done: 4300, Rate: 0.4, Cancel: "#cancel"}},
		{Name: "Cancelling", Args: ProgressProps{ID: "work-1", Title: "Change 12,000 patients", State: ProgressRunning, Unit: "patients", Done: 4300, Total: 12_000, Rate: 800, Cancel: "#cancel", Cancelling: true}},
		{Name: "Done", Args: ProgressProps{ID: "work-1", Title: "Export patients", State: ProgressDone, Unit: "rows", Done: 51_754, Total: 51_754, Outcome: "51,754 rows are in the file. It is kept for 24 hours.", ResultHref: "#file", ResultLabel: "Download patients.xlsx"}},
		{Name: "Failed", Args: ProgressProps{ID: "work-1", Title: "Export patients", State: ProgressFailed, Unit: "rows", Done: 1200, Total: 51_754, Outcome: "The list’s address is no longer understood. Open the list again.", Log: progressLines("Something went wrong on our side. It is tried again.", "Given up.")}},
		{Name: "Cancelled", Args: ProgressProps{ID: "work-1", Title: "Change 12,000 patients", State: ProgressCancelled, Unit: "patients", Done: 4500, Total: 12_000, Outcome: "Cancelled. 4,500 patients were changed, the others were left as they are."}},
		{Name: "Long text", From: func(w *gallery.World) ProgressProps {
			return ProgressProps{ID: "work-1", Title: w.Note(1), State: ProgressFailed, Unit: "rows", Outcome: w.Note(4), Log: progressLines(w.Note(2), w.Note(3))}
		}},
	},
}

// ProgressBadgeStories are the states in a word.
var ProgressBadgeStories = gallery.Component[ProgressBadgeProps]{
	Path:   "Messages/Progress badge",
	View:   ProgressBadge,
	Use:    []string{"In the bar over every page, while work of mine goes on."},
	Avoid:  []string{"On the page of that work: Progress, with its numbers."},
	Mirror: "Under way",
	Stories: []gallery.Story[ProgressBadgeProps]{
		{Name: "Under way", Args: ProgressBadgeProps{State: ProgressRunning}},
		{Name: "Cancelling", Args: ProgressBadgeProps{State: ProgressRunning, Cancelling: true}},
		{Name: "Done", Args: ProgressBadgeProps{State: ProgressDone}},
	},
}

func progressLines(words ...string) []ProgressLine {
	at := time.Date(2026, 11, 20, 17, 0, 0, 0, time.UTC)
	var lines []ProgressLine
	for i, line := range words {
		lines = append(lines, ProgressLine{At: at.Add(time.Duration(i) * time.Minute), Words: line})
	}
	return lines
}
