package ui

// BuilderProps is the form that puts conditions together, and groups of them.
type BuilderProps struct {
	Form     string         // Where every step of it goes.
	Kept     []GridField    // The rest of the question as hidden fields.
	Root     BuilderPart    // The outer group.
	Sentence string         // What it asks so far, in words; "" for nothing.
	Count    GridCountProps // How many rows that finds.
	Many     string         // "patients".
	Refused  []string       // What can't be asked so, in sentences.
	Back     string         // The list as it is.
}

// BuilderPart is a condition, or a group of parts.
type BuilderPart struct {
	Path    string         // Names its fields: "f.0.1".
	How     string         // Of a group: all, any or none.
	Parts   []BuilderPart  // Of a group.
	Outer   bool           // The group that holds all others.
	Deeper  bool           // A group may stand in it.
	Column  string         // The column's key; "" until one is chosen.
	Columns []Option       // Those to choose from.
	Label   string         // What sentences call the column.
	Kind    GridFilterKind // Which fields it needs.
	Op      string         // What is asked.
	Ops     []Option       // What can be asked.
	Options []Option       // The values of a list.
	Values  []string       // Those that are chosen.
	Value   string         // The text, the number, the day.
	To      string         // The end of a range.
	N       string         // How many days, weeks, months or years.
	Span    string         // Which of them: d, w, m or y.
	Unit    string         // What a number is in.
	Wrong   string         // What is wrong with it, in a sentence.
	Fresh   bool           // It was just added, and takes the focus.
}

func (p BuilderPart) chosen(value string) bool { return GridFilter{Values: p.Values}.chosen(value) }

func (p BuilderPart) id(field string) string { return "builder-" + field + "-" + p.Path }

// dayType is the field of a day: one for words where the question says "today".
func dayType(value string) string {
	if value == "today" || value == "yesterday" || value == "tomorrow" {
		return "text"
	}
	return "date"
}

var builderHows = []Option{{Value: "all", Label: "All of these hold"}, {Value: "any", Label: "Any of these holds"}, {Value: "none", Label: "None of these holds"}}

var builderSpans = []Option{{Value: "d", Label: "days"}, {Value: "w", Label: "weeks"}, {Value: "m", Label: "months"}, {Value: "y", Label: "years"}}
