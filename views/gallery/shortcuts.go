package gallery

import "slices"

// shortcut is a key and what it does, as gallery.js has it.
type shortcut struct {
	keys []string
	does string
}

var shortcuts = []shortcut{
	{[]string{"Ctrl", "K"}, "Search, also by /"},
	{[]string{"-page"}, "In a search: all without pages"},
	{[]string{"Alt", "→"}, "Next story; ← the one before"},
	{[]string{"Alt", "↓"}, "Next component; ↑ the one before"},
	{[]string{"1"}, "Focus the tree; 2 the frame, 3 the panel"},
	{[]string{"Alt", "F"}, "The frame alone, and back"},
	{[]string{"Alt", "S"}, "Show or hide the tree"},
	{[]string{"Alt", "A"}, "Show or hide the panels"},
	{[]string{"Alt", "D"}, "Panels below or beside"},
	{[]string{"Alt", "T"}, "Show or hide the toolbar"},
	{[]string{"Alt", "R"}, "Draw the story anew"},
	{[]string{"M"}, "Measure; O outlines, G grid"},
	{[]string{"Alt", "Shift", "L"}, "Copy the link"},
	{[]string{"Alt", "Shift", "I"}, "The frame in a tab of its own"},
	{[]string{"Alt", "Shift", "E"}, "Open in the editor, in development"},
	{[]string{"?"}, "This list"},
}

func slicesHas(options []Option, value string) bool {
	return slices.ContainsFunc(options, func(o Option) bool { return o.Value == value })
}
