package ui

import (
	"time"

	"purplecross/views/gallery"
)

// ProgressStories are the states of long work.
var ProgressStories = gallery.Component[ProgressProps]{
	Path: "Messages/Progress",
	View: Progress,
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
	Path: "Messages/Progress badge",
	View: ProgressBadge,
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
