package ui

// GridPasteProps is what pasting into a list would do.
type GridPasteProps struct {
	Action    string         // Where the cells are changed.
	Back      string         // The list, for those who have no script.
	One       string         // "patient".
	Many      string         // "patients".
	Columns   []string       // Names of the columns that are pasted into.
	Fixed     []string       // Names of columns that were pasted into and can't be edited.
	Rows      []GridPasteRow // The records that change, or have a cell that can't.
	More      int            // Such records that are not shown.
	Untouched int            // Records that have these values already.
	Beyond    int            // Rows that would be below the end of the list.
	Changes   int            // Cells that change.
	Records   int            // Records that change.
	Refused   int            // Cells that can't.
	Told      int            // Clients that are written to.
	Fields    []GridField    // What is pasted where.
}

// GridPasteRow is one record of a paste.
type GridPasteRow struct {
	Name  string          // Whose.
	Cells []GridPasteCell // A column each.
}

// GridPasteCell is one value of a paste.
type GridPasteCell struct {
	Was  string // What stands there.
	Is   string // What would, or was pasted.
	Why  string // Why it can't, in a sentence.
	Same bool   // It stands there already.
}

// Title says what is about to happen.
func (p GridPasteProps) Title() string {
	if p.Changes == 0 {
		return "Nothing to change"
	}
	return "Change " + Plural(p.Changes, "cell", "cells") + " of " + Plural(p.Records, p.One, p.Many) + "?"
}

// says is what the table does not show.
func (p GridPasteProps) says() []string {
	var said []string
	add := func(n int, one, many string) {
		if n > 0 {
			said = append(said, Plural(n, one, many))
		}
	}
	for _, name := range p.Fixed {
		said = append(said, name+" can’t be edited in the list and stays as it is.")
	}
	add(p.Refused, "cell can’t be changed and stays as it is.", "cells can’t be changed and stay as they are.")
	add(p.Untouched, p.One+" has these values already.", p.Many+" have these values already.")
	add(p.Beyond, "row of what was copied is below the end of the list and is left out.", "rows of what was copied are below the end of the list and are left out.")
	add(p.Told, "client gets a message about it.", "clients get a message about it.")
	return said
}

func (p GridPasteProps) column(n int) string {
	if n < len(p.Columns) {
		return p.Columns[n]
	}
	return ""
}

func orDash(words string) string {
	if words == "" {
		return "–"
	}
	return words
}
