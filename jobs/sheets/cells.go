package sheets

import (
	"regexp"
	"strings"
	"time"

	"purplecross/db/grid"
	"purplecross/views/ui"
)

// Text is a value as a spreadsheet reads it: days and moments of the clinic as ISO 8601 has them, numbers without
// their unit, telephones as people write them.
func Text(column *grid.Column, row grid.Row, zone *time.Location) string {
	at := row.Time(column.Key)
	n, known := row.Int(column.Key)
	switch {
	case column.Kind == grid.Date && !at.IsZero():
		return at.Format(time.DateOnly)
	case column.Kind == grid.Time && !at.IsZero():
		return at.In(zone).Format(time.DateTime)
	case column.Kind == grid.Choice:
		return harmless(column.Says(row.Text(column.Key)))
	case column.Kind == grid.YesNo:
		return YesNo(row.Bool(column.Key))
	case column.Numeric() && known:
		return column.Decimal(n)
	case column.Digits:
		return harmless(ui.Phone(row.Text(column.Key)))
	}
	return harmless(row.Text(column.Key))
}

// YesNo is a yes or no in a word, "" where it is not known.
func YesNo(yes *bool) string {
	switch {
	case yes == nil:
		return ""
	case *yes:
		return "Yes"
	}
	return "No"
}

var (
	formula = regexp.MustCompile(`^[=+\-@\t\r\n＝＋－＠]`)
	hidden  = regexp.MustCompile(`([;\t] *)([=+\-@])`)
	number  = regexp.MustCompile(`^[+-][0-9]+([.,][0-9]+)?$`)
)

// harmless keeps a spreadsheet from calculating with what somebody typed: "=HYPERLINK(…)" as a pet's name would run on
// the computer of whoever opens the file. An apostrophe before it makes it text. The same sign after a semicolon or a
// tab gets one too, since many countries' spreadsheets cut a line there. A sign and digits alone, such as -3 or
// +4915555501, are a number or a telephone and stay as they are: other programs want to read them. "+49-155-501" would
// be subtracted, and so becomes text.
func harmless(text string) string {
	if number.MatchString(text) {
		return text
	}
	if formula.MatchString(text) {
		text = "'" + text
	}
	return hidden.ReplaceAllString(text, "$1'$2")
}

// Said is a value as people read it on paper.
func Said(column *grid.Column, row grid.Row, zone *time.Location) string {
	at := row.Time(column.Key)
	n, known := row.Int(column.Key)
	switch {
	case column.Kind == grid.Date && !at.IsZero():
		return at.Format("2 Jan 2006")
	case column.Kind == grid.Time && !at.IsZero():
		return at.In(zone).Format("2 Jan 2006 15:04")
	case column.Numeric() && known:
		return strings.TrimSpace(column.Decimal(n) + " " + column.Unit())
	case column.Kind == grid.Choice:
		return column.Says(row.Text(column.Key))
	case column.Kind == grid.YesNo:
		return YesNo(row.Bool(column.Key))
	case column.Digits:
		return ui.Phone(row.Text(column.Key))
	}
	return row.Text(column.Key)
}
