package grid

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/jackc/pgx/v5"
)

// composer writes one statement out of a Resource's own expressions; everything that a person typed is an argument.
type composer struct {
	resource *Resource
	today    time.Time // the clinic's day at its midnight
	args     []any
}

// newComposer starts a statement. It is planned anew with its arguments each time: a search for a rare name and one
// for a common letter need different plans. PostgreSQL infers the argument's types, so values may be sent as text.
func newComposer(resource *Resource, today time.Time) *composer {
	return &composer{resource: resource, today: today, args: []any{pgx.QueryExecModeExec}}
}

// arg adds an argument and is its place in the statement.
func (c *composer) arg(value any) string {
	c.args = append(c.args, value)
	return fmt.Sprintf("$%d", len(c.args)-1)
}

var joinAlias = regexp.MustCompile(`^left join (?s:.*)\b([a-z]+) on [^()]*$`)

// from is the table with the joins that a statement's other parts need. The others are left away, although PostgreSQL
// would see that they change nothing: with them it reads the table where an index holds all that was asked.
func (c *composer) from(parts ...string) string {
	used := strings.Join(parts, " ")
	joins := ""
	for _, join := range slices.Backward(c.resource.Joins) {
		alias := joinAlias.FindStringSubmatch(join)[1]
		if regexp.MustCompile(`\b` + alias + `\.`).MatchString(used) {
			joins = "\n  " + join + joins
			used += " " + join
		}
	}
	return "\n  from " + c.resource.From + joins
}

// where is what a row of the answer fulfils, and more besides.
func (c *composer) where(q Question, more ...string) string {
	conditions := append([]string{}, more...)
	if c.resource.Where != "" {
		conditions = append(conditions, c.resource.Where)
	}
	for _, word := range searchWords(q.Search) {
		conditions = append(conditions, c.resource.Search+" like pc_norm("+c.arg("%"+like.Replace(word)+"%")+")")
	}
	for _, node := range q.Filter {
		conditions = append(conditions, node.sql(c))
	}
	if len(conditions) == 0 {
		return ""
	}
	return "\n where " + strings.Join(conditions, "\n   and ")
}

// like escapes what like would read as a wildcard.
var like = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// searchWords are the words that a row must hold all of. A telephone number is looked for by its digits, which is how
// search documents have it: "(970) 555-0167" is 970 and 5550167.
func searchWords(search string) []string {
	words := strings.Fields(search)
	for i, word := range words {
		if digits := digitsOf(word); len(digits) >= 3 && strings.Trim(word, "0123456789()+-./") == "" {
			words[i] = digits
		}
	}
	return words[:min(len(words), 8)]
}

func digitsOf(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

func (g Group) sql(c *composer) string {
	parts := make([]string, 0, len(g.Nodes))
	for _, node := range g.Nodes {
		parts = append(parts, node.sql(c))
	}
	switch g.How {
	case "any":
		return "(" + strings.Join(parts, " or ") + ")"
	case "none":
		return "(" + strings.Join(parts, " or ") + ") is not true"
	}
	return "(" + strings.Join(parts, " and ") + ")"
}

// sql is the test as a condition. "Not" also finds the rows where nothing is known.
func (t Test) sql(c *composer) string {
	if t.Not {
		return "(" + t.holds(c) + ") is not true"
	}
	return t.holds(c)
}

func (t Test) holds(c *composer) string {
	column, expression := t.Column, "("+t.Column.filterSQL()+")"
	switch {
	case t.Op == Empty && column.textual():
		return "coalesce(" + expression + ", '') = ''"
	case t.Op == Empty:
		return expression + " is null"
	case column.textual():
		return t.holdsText(c, expression)
	case column.listed():
		return t.holdsChoice(c, expression)
	case column.Kind == YesNo:
		return expression + map[string]string{"yes": " is true", "no": " is false"}[t.Values[0]]
	case column.dated():
		return t.holdsDay(c, expression)
	}
	return t.holdsNumber(c, expression)
}

func (t Test) holdsText(c *composer, expression string) string {
	value, normal := t.Values[0], "pc_norm"+expression
	switch {
	case t.Column.Digits:
		value, normal = digitsOf(value), "pc_digits"+expression
	case t.Column.Plain != "":
		normal = t.Column.Plain
	}
	var holds string
	switch {
	case t.Op == Is:
		holds = normal + " = pc_norm(" + c.arg(value) + ")"
	case t.Op == Starts && t.Column.Plain != "": // an index may have the beginning
		holds = normal + " like pc_norm(" + c.arg(like.Replace(value)+"%") + ")"
	case t.Op == Starts:
		holds = "starts_with(" + normal + ", pc_norm(" + c.arg(value) + "))"
	default: // like would be taken for rarer than it is, and the whole table read for it
		holds = "strpos(" + normal + ", pc_norm(" + c.arg(value) + ")) > 0"
	}
	conditions := []string{holds}
	if t.Op != Is && t.Column.Plain == "" { // blanks are told apart sooner than worked out
		conditions = []string{expression + " <> ''", holds}
	}
	if t.Column.InSearch {
		for _, word := range indexedWords(value) {
			conditions = append(conditions, c.resource.Search+" like pc_norm("+c.arg("%"+word+"%")+")")
		}
	}
	if len(conditions) == 1 {
		return conditions[0]
	}
	return "(" + strings.Join(conditions, " and ") + ")"
}

// indexedWords are the words of a text that an index of trigrams can find. What stands between them may be written
// otherwise in a search document.
func indexedWords(text string) []string {
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	words = slices.DeleteFunc(words, func(word string) bool { return len([]rune(word)) < 3 })
	return words[:min(len(words), 4)]
}

func (t Test) holdsChoice(c *composer, expression string) string {
	var places []string
	empty := false
	for _, value := range t.Values {
		if value == string(Empty) {
			empty = true
			continue
		}
		places = append(places, c.arg(value))
	}
	chosen := expression + " in (" + strings.Join(places, ", ") + ")"
	switch {
	case len(places) == 0:
		return expression + " is null"
	case empty:
		return "(" + chosen + " or " + expression + " is null)"
	}
	return chosen
}

func (t Test) holdsNumber(c *composer, expression string) string {
	place := func(i int) string { return c.arg(t.Column.stored(t.Values[i])) + "::bigint" }
	if t.Op == Between {
		return expression + " between " + place(0) + " and " + place(1)
	}
	sign := map[Op]string{Is: " = ", AtLeast: " >= ", More: " > ", AtMost: " <= ", Less: " < "}[t.Op]
	return expression + sign + place(0)
}

// holdsDay compares with days of the clinic: a moment is on a day from its midnight to the next.
func (t Test) holdsDay(c *composer, expression string) string {
	place := func(day time.Time) string {
		if t.Column.Kind == Date {
			return c.arg(day.Format(time.DateOnly)) + "::date"
		}
		return c.arg(day.Format(time.RFC3339)) + "::timestamptz"
	}
	from, until := t.days(c.today)
	var conditions []string
	if !from.IsZero() {
		conditions = append(conditions, expression+" >= "+place(from))
	}
	if !until.IsZero() {
		conditions = append(conditions, expression+" < "+place(until))
	}
	if len(conditions) == 2 {
		return "(" + strings.Join(conditions, " and ") + ")"
	}
	return conditions[0]
}

// days are the first day that a test holds on and the first one after it; zero where it is open.
func (t Test) days(today time.Time) (from, until time.Time) {
	day := func(i int) time.Time { return DayOf(t.Values[i], today) }
	switch t.Op {
	case Is:
		return day(0), day(0).AddDate(0, 0, 1)
	case Between:
		return day(0), day(1).AddDate(0, 0, 1)
	case AtLeast:
		return day(0), until
	case After:
		return day(0).AddDate(0, 0, 1), until
	case AtMost:
		return from, day(0).AddDate(0, 0, 1)
	case Before:
		return from, day(0)
	case InLast:
		return shift(today, t.Values[0], -1), today.AddDate(0, 0, 1)
	case InNext:
		return today, shift(today, t.Values[0], 1).AddDate(0, 0, 1)
	}
	return from, shift(today, t.Values[0], -1) // Over
}
