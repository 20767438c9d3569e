package grid

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Grouping is one level that the answer is grouped by. In a query two of them read like
//
//	group=species,-last_visit.month
type Grouping struct {
	Key  string
	By   string // of a date: day, week, month or year
	Desc bool
}

const maxGroupings = 2

// Spans are what dates are grouped by.
var Spans = []string{"day", "week", "month", "year"}

// Closed says which groups show their head alone: those that are named, or all but those. A group is named by its words
// from the outermost on: "cat/2024-03".
type Closed struct {
	But   bool
	Paths []string
}

func (g Grouping) String() string {
	word := g.Key
	if g.By != "" {
		word += "." + g.By
	}
	if g.Desc {
		return "-" + word
	}
	return word
}

func groupString(groups []Grouping) string {
	words := make([]string, 0, len(groups))
	for _, group := range groups {
		words = append(words, group.String())
	}
	return strings.Join(words, ",")
}

func (c Closed) String() string {
	switch {
	case c.But && len(c.Paths) == 0:
		return "all"
	case c.But:
		return "not:" + strings.Join(c.Paths, ",")
	}
	return strings.Join(c.Paths, ",")
}

// Any says whether a group may be closed.
func (c Closed) Any() bool { return c.But || len(c.Paths) > 0 }

// Has says whether a group is closed.
func (c Closed) Has(path string) bool {
	_, named := slices.BinarySearch(c.Paths, path)
	return named != c.But
}

// Toggled is the same with one group closed that was open, or the other way round.
func (c Closed) Toggled(path string) Closed {
	at, named := slices.BinarySearch(c.Paths, path)
	if named {
		c.Paths = slices.Delete(slices.Clone(c.Paths), at, at+1)
	} else {
		c.Paths = slices.Insert(slices.Clone(c.Paths), at, path)
	}
	return c
}

// Groupable says whether the answer can be grouped by the column.
func (c *Column) Groupable() bool {
	switch c.Kind {
	case Choice, YesNo, Date, Time:
		return !c.NoSort && !c.NoGroup
	case Person:
		return c.Filter != "" && !c.NoSort && !c.NoGroup
	}
	return false
}

// Dated says whether the column is grouped by a span of days.
func (c *Column) Dated() bool { return c.dated() }

func (a *asking) readGroups(value string) {
	if value == "" {
		return
	}
	for _, word := range strings.Split(value, ",") {
		name, desc := strings.CutPrefix(word, "-")
		key, by, _ := strings.Cut(name, ".")
		column := a.resource.column(key)
		switch {
		case column == nil:
			a.refuse("group", "There is no column “%s” to group by. %s", clip(key), a.resource.columnWords(Column.groupable))
			continue
		case !column.Groupable():
			a.refuse("group", "%s cannot be grouped by. %s", column.Name(), a.resource.columnWords(Column.groupable))
			continue
		case column.dated() && by == "":
			by = "month"
		case column.dated() && !slices.Contains(Spans, by):
			a.refuse("group", "%s is grouped by day, week, month or year; “%s” is none of them.", column.Name(), clip(by))
			continue
		case !column.dated() && by != "":
			a.refuse("group", "%s has no “%s” to group by.", column.Name(), clip(by))
			continue
		}
		switch {
		case slices.ContainsFunc(a.question.Groups, func(g Grouping) bool { return g.Key == key && g.By == by }): // the first one rules
		case len(a.question.Groups) == maxGroupings:
			a.refuse("group", "A list is grouped by %d columns at most.", maxGroupings)
		default:
			a.question.Groups = append(a.question.Groups, Grouping{Key: key, By: by, Desc: desc})
		}
	}
}

func (a *asking) readClosed(value string) {
	closed := &a.question.Closed
	if value == "all" {
		closed.But = true
		return
	}
	value, closed.But = strings.CutPrefix(value, "not:")
	for _, path := range strings.Split(value, ",") {
		if path != "" && !slices.Contains(closed.Paths, path) {
			closed.Paths = append(closed.Paths, path)
		}
	}
}

// settleGroups leaves only groups that there can be to be closed, in one order, and a place that lines can have.
func (a *asking) settleGroups() {
	q := &a.question
	for _, foot := range slices.Clone(q.Foot) { // in the order of the columns
		*q = q.WithFoot(foot.Key, foot.Op)
	}
	if len(q.Groups) == 0 {
		if q.Closed.Any() {
			a.refuse("closed", "The list is not grouped, so no group of it is closed.")
		}
		q.Closed = Closed{}
		return
	}
	q.Closed.Paths = slices.DeleteFunc(q.Closed.Paths, func(path string) bool {
		words := strings.Split(path, "/")
		for i, word := range words {
			if i >= len(q.Groups) || !q.Groups[i].takes(a.resource, word) {
				a.refuse("closed", "“%s” is no group of this list.", clip(path))
				return true
			}
		}
		return false
	})
	slices.Sort(q.Closed.Paths)
	q.Place.After, q.Place.Before = 0, 0
}

var (
	plainWord = regexp.MustCompile(`^[A-Za-z0-9_-]{1,60}$`)
	layouts   = map[string]string{"day": time.DateOnly, "week": time.DateOnly, "month": "2006-01", "year": "2006"}
)

// takes says whether a group of the level can be called so.
func (g Grouping) takes(resource *Resource, word string) bool {
	column := resource.column(g.Key)
	switch {
	case word == string(Empty):
		return true
	case column.dated():
		_, err := time.Parse(layouts[g.By], word)
		return err == nil
	case column.Kind == YesNo:
		return word == "yes" || word == "no"
	}
	return plainWord.MatchString(word) || slices.ContainsFunc(column.Choices, func(c Chosen) bool { return c.Value == word })
}

// readGroupForm reads what the form of groups sends, a field a level.
func (a *asking) readGroupForm(query url.Values) {
	if !query.Has("outer") && !query.Has("inner") {
		return
	}
	a.question.FromForm = true
	a.question.Groups, a.question.Closed, a.question.Place = nil, Closed{}, Place{}
	for _, name := range []string{"outer", "inner"} {
		a.readGroups(typed(query.Get(name)))
	}
}

// Says is what a group of the level is called: "March 2024", "Dr Alder", "Neutered: yes".
func (g Grouping) Says(column *Column, word, label string) string {
	switch {
	case word == string(Empty):
		return column.Name() + ": empty"
	case column.dated():
		from, err := time.Parse(layouts[g.By], word)
		if err != nil {
			return word
		}
		return from.Format(map[string]string{"day": "2 Jan 2006", "week": "Week of 2 Jan 2006", "month": "January 2006", "year": "2006"}[g.By])
	case column.Kind == YesNo:
		return column.Name() + ": " + word
	case label != "":
		return label
	}
	return column.Says(word)
}

// Words says what the level groups by: "Species", "Last visit by month".
func (g Grouping) Words(column *Column) string {
	if g.By != "" {
		return column.Name() + " by " + g.By
	}
	return column.Name()
}

// test is what all rows of a group of the level fulfil.
func (g Grouping) test(column *Column, word string) Test {
	switch {
	case column.listed():
		return Test{Column: column, Op: Is, Values: []string{word}}
	case word == string(Empty):
		return Test{Column: column, Op: Empty}
	case column.Kind == YesNo:
		return Test{Column: column, Op: Is, Values: []string{word}}
	}
	from, _ := time.Parse(layouts[g.By], word)
	until := map[string]time.Time{"day": from, "week": from.AddDate(0, 0, 6), "month": from.AddDate(0, 1, -1), "year": from.AddDate(1, 0, -1)}[g.By]
	return Test{Column: column, Op: Between, Values: []string{from.Format(time.DateOnly), until.Format(time.DateOnly)}}
}

// WithGroups is the question grouped otherwise, all groups open, from its first line.
func (q Question) WithGroups(groups ...Grouping) Question {
	q.Groups, q.Closed, q.Place = groups, Closed{}, Place{}
	return q
}

// WithClosed is the question with other groups closed.
func (q Question) WithClosed(closed Closed) Question {
	q.Closed = closed
	return q
}

// WithGroupColumns is the question that shows what it is grouped by, too, as a file of it does.
func (q Question) WithGroupColumns() Question {
	var keys []string
	for _, group := range q.Groups {
		keys = append(keys, group.Key)
	}
	for _, column := range q.Showing() {
		if !slices.Contains(keys, column.Key) {
			keys = append(keys, column.Key)
		}
	}
	return q.WithColumns(keys)
}

func (c Column) groupable() bool { return c.Groupable() }
