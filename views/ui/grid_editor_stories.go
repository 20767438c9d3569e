package ui

import (
	"time"

	"purplecross/views/gallery"
)

// GridEditorStories show the editor of a cell: every control, and what can go wrong.
var GridEditorStories = gallery.Component[GridEditorProps]{
	Path:   "Lists/Grid editor",
	View:   GridEditor,
	Use:    []string{"To change one value where it stands, in a list."},
	Avoid:  []string{"For values that depend on each other: the record's form.", "For the same value in many rows: change many."},
	Keys:   []gallery.Key{{Key: "Enter", Does: "Saves, and goes to the row below."}, {Key: "Tab", Does: "Saves, and goes to the next cell."}, {Key: "Escape", Does: "Leaves the value as it was."}},
	Narrow: "Refused",
	Mirror: "Choice",
	Stories: []gallery.Story[GridEditorProps]{
		{Name: "Text", Args: GridEditorProps{Action: "#save", Label: "Colour of Coco", Value: "Black and tan", Most: 100}},
		{Name: "Several lines", Args: GridEditorProps{Action: "#save", Kind: GridEditorLong, Label: "Alert of Coco", Value: "Bites when held.\nMuzzle in drawer 2.", Most: 500}},
		{Name: "Number", Args: GridEditorProps{Action: "#save", Kind: GridEditorNumber, Label: "Weight of Coco", Value: "6.5", Unit: "kg"}},
		{Name: "Date", Args: GridEditorProps{Action: "#save", Kind: GridEditorDate, Label: "Born of Coco", Value: "2022-09-14"}},
		{Name: "Choice", Args: GridEditorProps{
			Action: "#save", Kind: GridEditorChoice, Label: "Species of Coco", Value: "Dog",
			Options: []Option{{Value: "dog", Label: "Dog"}, {Value: "cat", Label: "Cat"}, {Value: "rabbit", Label: "Rabbit"}},
		}},
		{Name: "Refused", Args: GridEditorProps{Action: "#save", Kind: GridEditorNumber, Label: "Weight of Coco", Value: "heavy", Unit: "kg", Error: "Weight takes numbers; “heavy” is none."}},
		{Name: "Changed by someone else", From: func(*gallery.World) GridEditorProps {
			return GridEditorProps{
				Action: "#save", Kind: GridEditorNumber, Label: "Weight of Coco", Value: "7", Unit: "kg",
				Conflict: &GridEditorConflict{By: "Dr Ito", At: time.Date(2026, 11, 24, 17, 5, 0, 0, time.UTC), Theirs: "6.8", Mine: "7"},
			}
		}},
	},
}
