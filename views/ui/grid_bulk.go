package ui

// GridExport is what a list can be taken away as.
type GridExport struct {
	CSV     string // Where the file is; "" where it is too long to wait for.
	XLSX    string // The same, for a spreadsheet.
	Create  string // Where a POST has a long one written; it needs the question as "query".
	Query   string // The question.
	Print   string // The list for paper.
	Refused string // Why none can be had and what to do, in place of the rest.
}

// GridBulk is what can be done with rows that are chosen; the zero value for nothing, and then none can be.
type GridBulk struct {
	Query   string       // The question, as the form sends it.
	Actions []GridAction // In the order in which they stand.
}

// GridAction is something to do with the chosen rows.
type GridAction struct {
	Label  string   // A verb: "Change".
	Icon   IconName // Before the label.
	Action string   // Where the form goes.
	Name   string   // A value that goes with it.
	Value  string   // The value.
}
