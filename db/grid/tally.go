package grid

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// ErrTooManyGroups says that an answer falls into more groups than a page can lay out.
var ErrTooManyGroups = errors.New("more groups than can be laid out")

const maxGroups = 50_000

// Tally is what is known of the answer without its rows: its groups in their order, each before its parts, with their
// counts, and the feet of each and of the whole.
type Tally struct {
	Groups []Sum
	Total  Sum
	Feet   []Footing
	byName map[string]int
	seq    int64
}

// Sum is what is known of all rows of a group, or of the whole answer.
type Sum struct {
	Path  []string // what the group is called, from the outermost on; none for the whole answer
	Label string   // of a person
	Count int

	Labels []string // by level, of a row's group
	feet   []foot
}

type foot struct {
	filled, sum int64
	summed      bool
	end         string
}

// Footed is a number of all values: a whole number as it is stored, an average, or a day or moment as text.
type Footed struct {
	Known   bool
	N       int64
	Average float64
	At      string
}

// Foot is a column's foot for a group or the whole answer.
func (t *Tally) Foot(sum *Sum, key string) Footed {
	at := slices.IndexFunc(t.Feet, func(f Footing) bool { return f.Key == key })
	if at < 0 || at >= len(sum.feet) {
		return Footed{}
	}
	f, count := sum.feet[at], int64(sum.Count)
	switch t.Feet[at].Op {
	case FootCount:
		return Footed{Known: true, N: count}
	case FootFilled:
		return Footed{Known: true, N: f.filled}
	case FootEmpty:
		return Footed{Known: true, N: count - f.filled}
	case FootSum:
		return Footed{Known: f.summed, N: f.sum}
	case FootAvg:
		if f.filled == 0 {
			return Footed{}
		}
		return Footed{Known: true, Average: float64(f.sum) / float64(f.filled)}
	}
	return Footed{Known: f.end != "", N: whole64(f.end), At: f.end}
}

// Find is a group by its name; nil when there is none.
func (t *Tally) Find(name string) *Sum {
	if at, known := t.byName[name]; known {
		return &t.Groups[at]
	}
	return nil
}

// add puts the rows of a part to those of the whole.
func (s *Sum) add(part Sum, feet []Footing, numeric []bool) {
	s.Count += part.Count
	if s.feet == nil {
		s.feet = make([]foot, len(feet))
	}
	for i, f := range part.feet {
		whole := &s.feet[i]
		whole.filled += f.filled
		whole.sum += f.sum
		whole.summed = whole.summed || f.summed
		if f.end == "" {
			continue
		}
		earlier := f.end < whole.end
		if numeric[i] { // whole numbers, as text
			earlier = whole64(f.end) < whole64(whole.end)
		}
		if whole.end == "" || earlier == (feet[i].Op == FootMin) {
			whole.end = f.end
		}
	}
}

func whole64(text string) int64 {
	n, _ := strconv.ParseInt(text, 10, 64)
	return n
}

// groupSQL is how one level is grouped, named and ordered.
type groupSQL struct {
	by, word, label string
	order           []string
}

func (g Grouping) sql(column *Column) groupSQL {
	ordered := func(expression string) string { return expression + direction(g.Desc) + " nulls last" }
	bucket := g.bucket(column)
	switch {
	case column.dated():
		form := map[string]string{"day": "YYYY-MM-DD", "week": "YYYY-MM-DD", "month": "YYYY-MM", "year": "YYYY"}[g.By]
		return groupSQL{by: bucket, word: "to_char(" + bucket + ", '" + form + "')", label: "null::text", order: []string{ordered(bucket)}}
	case column.Kind == YesNo:
		return groupSQL{by: bucket, word: "case " + bucket + " when true then 'yes' when false then 'no' end", label: "null::text", order: []string{ordered(bucket)}}
	case column.Kind == Person: // each has one name, which is worked with once a group and not once a row
		by, name := "("+column.Filter+")", `min((`+column.SQL+`)::text collate "C")`
		return groupSQL{by: by, word: by + "::text", label: name, order: []string{ordered(`nullif(pc_norm(` + name + `), '') collate "C"`), ordered(by)}}
	}
	return groupSQL{by: bucket, word: bucket + "::text", label: "null::text", order: []string{ordered(bucket)}}
}

// bucket is the expression that all rows of a group share.
func (g Grouping) bucket(column *Column) string {
	value := "(" + column.SQL + ")"
	if g.By == "" || g.By == "day" && column.Kind == Date {
		return value
	}
	return "date_trunc('" + g.By + "', " + value + "::timestamp)" // in the session's zone, which is the clinic's
}

// groupTerms are the steps of the order that keep the groups together.
func (q Question) groupTerms() []term {
	var terms []term
	for i, group := range q.Groups {
		column := q.Resource.column(group.Key)
		first := q.Sorted()[0]
		if i == len(q.Groups)-1 && column.dated() && first.Key == group.Key && first.Desc == group.Desc {
			continue // sorted by the day itself, and so over its index: a month's days stand together anyway
		}
		if column.Kind == Person {
			terms = append(terms,
				term{expression: "(" + column.sortSQL() + ")", desc: group.Desc, notNull: column.NotNull},
				term{expression: "(" + column.Filter + ")", desc: group.Desc})
			continue
		}
		terms = append(terms, term{expression: group.bucket(column), desc: group.Desc, notNull: column.NotNull})
	}
	return terms
}

// Tally counts the groups and works out the feet, in one statement over the rows.
func (p Plan) Tally(ctx context.Context, conn Conn) (*Tally, error) {
	tally, outer := &Tally{Feet: p.question.Foot}, -1
	statement, args, numeric := p.tallySQL()
	rows, err := conn.Query(ctx, statement, args...)
	if err != nil {
		return nil, wrap(err, "tally %s", p)
	}
	defer rows.Close()
	levels := len(p.question.Groups)
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			return nil, wrap(err, "tally %s", p)
		}
		leaf := Sum{Path: make([]string, 0, levels)}
		for i := range levels {
			word, _ := values[2*i].(string)
			if word == "" {
				word = string(Empty)
			}
			label, _ := values[2*i+1].(string)
			leaf.Path, leaf.Label = append(leaf.Path, word), label
			if i == 0 && levels > 1 && (outer < 0 || tally.Groups[outer].Path[0] != word) {
				outer = len(tally.Groups)
				tally.Groups = append(tally.Groups, Sum{Path: []string{word}, Label: label})
			}
		}
		leaf.read(values[2*levels:], len(tally.Feet))
		tally.Total.add(leaf, tally.Feet, numeric)
		if levels > 1 {
			tally.Groups[outer].add(leaf, tally.Feet, numeric)
		}
		if levels > 0 {
			tally.Groups = append(tally.Groups, leaf)
		}
		if len(tally.Groups) > maxGroups {
			return nil, ErrTooManyGroups
		}
	}
	tally.byName = make(map[string]int, len(tally.Groups))
	for i := range tally.Groups {
		tally.byName[tally.Groups[i].Name()] = i
	}
	return tally, wrap(rows.Err(), "tally %s", p)
}

// read takes the counts of one row of the statement.
func (s *Sum) read(values []any, feet int) {
	count, _ := values[0].(int64)
	s.Count, s.feet = int(count), make([]foot, feet)
	for i := range s.feet {
		f, at := &s.feet[i], 1+3*i
		f.filled, _ = values[at].(int64)
		f.sum, f.summed = values[at+1].(int64)
		f.end, _ = values[at+2].(string)
	}
}

// tallySQL is grouped by all levels at once, which PostgreSQL does in parallel; the outer ones follow from their parts.
func (p Plan) tallySQL() (statement string, args []any, numeric []bool) {
	c := newComposer(p.question.Resource, p.today)
	var values, by, order []string
	for i, group := range p.question.Groups {
		level := group.sql(c.resource.column(group.Key))
		// Named, lest "order by (species)" mean the word, and not the value in its own order.
		values, by, order = append(values, fmt.Sprintf("%s as word_%d", level.word, i), level.label), append(by, level.by), append(order, level.order...)
	}
	values = append(values, "count(*)")
	for _, foot := range p.question.Foot {
		column := c.resource.column(foot.Key)
		filled, sum, end := foot.sql(column)
		values, numeric = append(values, filled, sum, end), append(numeric, column.Numeric())
	}
	list, where := strings.Join(values, ",\n       "), p.where(c)
	statement = "select " + list + c.from(list, where) + where
	if len(by) > 0 {
		statement += "\n group by " + strings.Join(by, ", ") + "\n order by " + strings.Join(order, ", ") + fmt.Sprintf("\n limit %d", maxGroups+1)
	}
	return statement, c.args, numeric
}

// TallyStatement is the SQL of the groups and feet and its arguments, for explain.
func (p Plan) TallyStatement() (string, []any) {
	statement, args, _ := p.tallySQL()
	return statement, args
}

// FirstGroup is the group that the answer begins with, found level by level: to put the whole answer in order for its
// first rows takes long where that group is large. nil where those rows are in no group.
func (p Plan) FirstGroup(ctx context.Context, conn Conn) ([]string, error) {
	var path []string
	for _, group := range p.question.Groups {
		c := newComposer(p.question.Resource, p.today)
		level := group.sql(c.resource.column(group.Key))
		where, order := p.Inside(path, 1).where(c), strings.Join(level.order, ", ")
		var word *string
		err := conn.QueryRow(ctx, "select "+level.word+c.from(level.word, where, order)+where+"\n order by "+order+"\n limit 1", c.args...).Scan(&word)
		switch {
		case errors.Is(err, pgx.ErrNoRows) || err == nil && (word == nil || *word == ""):
			return nil, nil
		case err != nil:
			return nil, wrap(err, "first group of %s", p)
		}
		path = append(path, *word)
	}
	return path, nil
}

// Inside is the plan of one group's rows from a place in it on, from 1, in the answer's order.
func (p Plan) Inside(path []string, at int) Plan {
	for i, word := range path {
		group := p.question.Groups[i]
		p.inside = append(slices.Clip(p.inside), group.test(p.question.Resource.column(group.Key), word))
	}
	p.question = p.question.WithGroups().At(Place{At: at})
	return p
}

// From is the plan of the answer from a place on, from 1.
func (p Plan) From(at int) Plan {
	p.question = p.question.At(Place{At: at})
	return p
}

// Paths are the groups that rows stand in, by their keys.
func (p Plan) Paths(ctx context.Context, conn Conn, ids []int64) (map[int64]Sum, error) {
	c := newComposer(p.question.Resource, p.today)
	values := []string{c.resource.Key}
	for _, group := range p.question.Groups {
		column := c.resource.column(group.Key)
		level, label := group.sql(column), "null::text"
		if column.Kind == Person {
			label = "(" + column.SQL + ")::text"
		}
		values = append(values, level.word, label)
	}
	list := strings.Join(values, ", ")
	rows, err := conn.Query(ctx, "select "+list+c.from(list)+"\n where "+c.resource.Key+" = any ("+c.arg(ids)+")", c.args...)
	if err != nil {
		return nil, wrap(err, "group %s", p)
	}
	defer rows.Close()
	paths := make(map[int64]Sum, len(ids))
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			return nil, wrap(err, "group %s", p)
		}
		var sum Sum
		for i := range p.question.Groups {
			word, _ := values[1+2*i].(string)
			if word == "" {
				word = string(Empty)
			}
			sum.Path = append(sum.Path, word)
			sum.Label, _ = values[2+2*i].(string)
			sum.Labels = append(sum.Labels, sum.Label)
		}
		paths[values[0].(int64)] = sum
	}
	return paths, wrap(rows.Err(), "group %s", p)
}
