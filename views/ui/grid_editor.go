package ui

import (
	"strconv"
	"time"

	"github.com/a-h/templ"
)

// GridEditorKind is the control that a value needs.
type GridEditorKind string

// The kinds of control.
const (
	GridEditorText   GridEditorKind = ""
	GridEditorLong   GridEditorKind = "long"   // several lines
	GridEditorNumber GridEditorKind = "number" // with its unit
	GridEditorDate   GridEditorKind = "date"
	GridEditorChoice GridEditorKind = "choice" // a list that is searched by typing
)

// Options lists the kinds of control.
func (GridEditorKind) Options() []GridEditorKind {
	return []GridEditorKind{GridEditorText, GridEditorLong, GridEditorNumber, GridEditorDate, GridEditorChoice}
}

// GridEditorProps is one cell being edited.
type GridEditorProps struct {
	Action   string              // Where the value is sent.
	Kind     GridEditorKind      // Which control.
	Label    string              // What is edited, and whose: "Weight of Coco".
	Value    string              // What stands in the control.
	Options  []Option            // Of a choice; of a text what others have.
	Free     bool                // A choice beside which anything may be typed.
	Unit     string              // Of a number.
	Most     int                 // Characters, 0 for no limit.
	Fields   []GridField         // What goes with the value: the record, the column, the version that was read.
	Error    string              // What is wrong, in a sentence.
	Conflict *GridEditorConflict // Somebody else changed it meanwhile.
}

// GridEditorConflict is what somebody else put into the cell.
type GridEditorConflict struct {
	By     string    // Who.
	At     time.Time // When; the zero time where that is not known.
	Theirs string    // What, in words.
	Mine   string    // What was about to be saved, in words.
}

func (p GridEditorProps) attributes() templ.Attributes {
	attributes := templ.Attributes{
		"id": "grid-editor-value", "name": "value", "aria-label": p.Label, "autocomplete": "off", "data-value": "",
	}
	if p.Error != "" {
		attributes["aria-invalid"], attributes["aria-describedby"] = "true", "grid-editor-error"
	}
	if p.Most > 0 {
		attributes["maxlength"] = strconv.Itoa(p.Most)
	}
	switch {
	case len(p.Options) > 0:
		for name, value := range map[string]string{"role": "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": "grid-editor-options"} {
			attributes[name] = value
		}
		if !p.Free {
			attributes["data-strict"] = true
		}
	case p.Kind == GridEditorNumber:
		attributes["inputmode"] = "decimal"
	}
	return attributes
}

func (p GridEditorProps) kind() string {
	if p.Kind == GridEditorDate {
		return "date"
	}
	return "text"
}
