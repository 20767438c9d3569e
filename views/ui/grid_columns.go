package ui

import "strconv"

// GridArrangement is how a list's rows and columns can be arranged otherwise.
type GridArrangement struct {
	Href      string     // Where order, widths and pins are set; "" for nowhere.
	Densities []GridLink // How close the rows can stand.
}

// GridColumnsProps is the form that arranges a list's columns.
type GridColumnsProps struct {
	Label   string             // What is listed: "Patients".
	Path    string             // Where the list is.
	Form    string             // Where this form is: moving a column draws it anew.
	Kept    []GridField        // The question as hidden fields, without what the form sets.
	Columns []GridColumnChoice // Those that are shown first, in order.
	Compact bool               // The rows stand close.
	Usual   string             // The form with the list's own columns; "" when they are.
	Back    string             // The list as it was.
	Refused []string           // What was not understood, in sentences.
}

// GridColumnChoice is a column as the form has it.
type GridColumnChoice struct {
	Key    string // In the address.
	Label  string // Its heading.
	Shown  bool   // It is.
	Fixed  bool   // It always is, before the others.
	Pinned bool   // It stays in sight.
	Width  int    // In rem.
	First  bool   // Nothing stands before it that it could change places with.
	Last   bool   // Nothing after it.
}

func (c GridColumnChoice) width() string { return strconv.Itoa(c.Width) }
