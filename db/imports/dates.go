package imports

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	isoDate   = regexp.MustCompile(`^\d{4}-\d{1,2}-\d{1,2}( 00:00(:00)?)?$`)
	slashDate = regexp.MustCompile(`^\d{1,2}/\d{1,2}/\d{4}$`)
	shortDate = regexp.MustCompile(`^\d{1,2}/\d{1,2}/\d{2}$`)
	wordDate  = regexp.MustCompile(`^\d{1,2}-[A-Za-z]{3}-\d{2}$`)
	longDate  = regexp.MustCompile(`^\d{1,2}-[A-Za-z]{3}-\d{4}$`)
	noDate    = regexp.MustCompile(`^(0{1,4}[-/.]0{1,2}[-/.]0{1,4}|-+|n/?a|unknown|\?+)$`)
	ageOnly   = regexp.MustCompile(`(?i)^\d+\s*(y|yr|yrs|years?|m|mo|months?|w|wks?|weeks?)\.?( old)?$`)
	about     = regexp.MustCompile(`(?i)^(approx\.?|about|circa|c\.|ca\.?|~|around)\s*((19|20)\d\d)$`)
)

// parseDate understands 2019-03-27, 3/27/2019 (month first), 27-Mar-19 and 27-Mar-2019.
func parseDate(text string, today time.Time) (time.Time, bool) {
	form, century := "", false
	switch {
	case isoDate.MatchString(text):
		form, text = "2006-1-2", strings.Fields(text)[0]
	case slashDate.MatchString(text):
		form = "1/2/2006"
	case shortDate.MatchString(text):
		form, century = "1/2/06", true
	case wordDate.MatchString(text):
		form, century = "2-Jan-06", true
	case longDate.MatchString(text):
		form = "2-Jan-2006"
	default:
		return time.Time{}, false
	}
	day, err := time.Parse(form, text)
	if err == nil && century && day.After(today) {
		day = day.AddDate(-100, 0, 0)
	}
	return day, err == nil && day.Year() >= 1900
}

// date reads a day that is not after today; nil when none is given.
func (g *reading) date(column, what string) *time.Time {
	text := g.cell(column)
	if text == "" {
		return nil
	}
	if noDate.MatchString(strings.ToLower(text)) {
		g.note("zero-date", column, "%s “%s” means that it is not known.", what, text)
		return nil
	}
	day, ok := parseDate(text, g.today)
	switch {
	case ageOnly.MatchString(text):
		g.refuse("date", column, "%s “%s” is an age, and it does not say when. Enter a date, or leave it empty.", what, text)
	case !ok:
		g.refuse("date", column, "%s “%s” is not a date. Use 2019-03-27 or 3/27/2019, or leave it empty.", what, shorten(text, 40))
	case day.After(g.today):
		g.refuse("future", column, "%s %s is in the future.", what, text)
	default:
		return &day
	}
	return nil
}

// birth reads a date of birth, which may be a mere year.
func (g *reading) birth(column string) (day *time.Time, estimated bool) {
	if year := about.FindStringSubmatch(g.cell(column)); year != nil {
		n, _ := strconv.Atoi(year[2])
		middle := time.Date(n, 7, 1, 0, 0, 0, 0, time.UTC)
		if middle.After(g.today) {
			middle = time.Date(n, 1, 1, 0, 0, 0, 0, time.UTC)
		}
		if !middle.After(g.today) {
			g.note("about", column, "Born about %d: kept as an estimate.", n)
			return &middle, true
		}
	}
	return g.date(column, "Birth date"), false
}
