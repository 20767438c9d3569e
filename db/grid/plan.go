package grid

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Plan is a question that can be answered. First it finds the keys of a stretch of the answer, in order, over an index
// where there is one; then it reads those rows by their keys, live.
type Plan struct {
	question Question
	today    time.Time
	among    []int64 // the keys of the whole answer, where they are known
	inside   []Test  // the group that it is of
}

// NewPlan plans a question. today is the clinic's day at its midnight: "the last 30 days" are counted from it.
func NewPlan(question Question, today time.Time) Plan {
	return Plan{question: question, today: today}
}

// Stretch is a piece of the answer, by keys.
type Stretch struct {
	IDs    []int64
	Before bool // there are rows before it
	After  bool // there are rows after it
}

// Keys finds the keys of up to n rows at the question's place. A place whose row is gone is found by its number.
func (p Plan) Keys(ctx context.Context, conn Conn, n int) (Stretch, error) {
	place := p.question.Place
	backwards := place.Last || place.Before != 0
	var from anchor
	if id := place.Before + place.After; id != 0 {
		var err error
		if from, err = p.anchor(ctx, conn, id); err != nil {
			return Stretch{}, err
		}
		backwards = backwards && from != nil
	}
	skip := 0
	if from == nil && !backwards {
		skip = max(place.At-1, 0)
	}
	ids, err := p.walk(ctx, conn, from, backwards, skip, n+1)
	if err != nil {
		return Stretch{}, err
	}
	more := len(ids) > n
	ids = ids[:min(len(ids), n)]
	switch {
	case backwards && !more && len(ids) < n && from != nil: // the first page is a whole one
		p.question = p.question.At(Place{})
		return p.Keys(ctx, conn, n)
	case backwards:
		slices.Reverse(ids)
		return Stretch{IDs: ids, Before: more, After: from != nil}, nil
	}
	return Stretch{IDs: ids, Before: from != nil || skip > 0, After: more}, nil
}

// Statement is the SQL that begins the answer and its arguments, for explain.
func (p Plan) Statement(n int) (string, []any) {
	c := newComposer(p.question.Resource, p.today)
	return p.keys(c, segments(p.question.terms(), nil, false)[0], 0, n), c.args
}

// anchor reads the values that place a row in the order; nil when the row is gone.
func (p Plan) anchor(ctx context.Context, conn Conn, id int64) (anchor, error) {
	c := newComposer(p.question.Resource, p.today)
	terms := p.question.terms()
	values := make([]string, len(terms))
	for i, t := range terms {
		values[i] = "(" + t.expression + ")::text"
	}
	list := strings.Join(values, ", ")
	statement := "select " + list + c.from(list) + "\n where " + c.resource.Key + " = " + c.arg(id)

	found := make(anchor, len(terms))
	targets := make([]any, len(terms))
	for i := range found {
		targets[i] = &found[i]
	}
	err := conn.QueryRow(ctx, statement, c.args...).Scan(targets...)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil //nolint:nilnil // no row is no anchor
	}
	return found, wrap(err, "place %s", p)
}

// walk collects the keys of segment after segment until it has enough.
func (p Plan) walk(ctx context.Context, conn Conn, from anchor, backwards bool, skip, n int) ([]int64, error) {
	var ids []int64
	for _, s := range segments(p.question.terms(), from, backwards) {
		if len(ids) == n {
			break
		}
		c := newComposer(p.question.Resource, p.today)
		found, err := p.ordered(ctx, conn, p.keys(c, s, skip, n-len(ids)), c.args)
		if err != nil {
			return nil, wrap(err, "order %s", p)
		}
		ids = append(ids, found...)
		switch {
		case skip == 0:
		case len(found) > 0: // what follows begins with the next segment
			skip = 0
		default:
			if skip, err = p.beyond(ctx, conn, s, skip); err != nil {
				return nil, err
			}
		}
	}
	return ids, nil
}

// ordered runs a segment's statement. PostgreSQL likes to walk the index of the order until enough rows fit, which is
// quick unless those stand far from its beginning: everybody called Ziggy by name. Then they are found first and ordered
// after that.
func (p Plan) ordered(ctx context.Context, conn Conn, statement string, args []any) (ids []int64, err error) {
	ask := func(conn Conn) error {
		rows, err := conn.Query(ctx, statement, args...)
		if err != nil {
			return err
		}
		ids, err = pgx.CollectRows(rows, pgx.RowTo[int64])
		return err
	}
	if !p.question.Narrowed() || p.among != nil {
		err = ask(conn)
		return ids, err
	}
	known, err := within(ctx, conn, orderPatience, func(tx pgx.Tx) error { return ask(tx) })
	if known || err != nil {
		return ids, err
	}
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "set local enable_indexscan = off; set local enable_indexonlyscan = off; set local plan_cache_mode = force_custom_plan"); err != nil { // indexes as bitmaps stay
			return err
		}
		return ask(tx)
	})
	return ids, err
}

// orderPatience is how long the walk may take.
const orderPatience = 60 * time.Millisecond

// keys writes the statement for one segment.
func (p Plan) keys(c *composer, s segment, skip, n int) string {
	where := p.where(c, s.where(c)...)
	statement := "select " + c.resource.Key + c.from(where, s.order) + where + "\n order by " + s.order + "\n limit " + c.arg(n)
	if skip > 0 {
		statement += "\noffset " + c.arg(skip)
	}
	return statement
}

// beyond is how many rows are still to skip after a segment that had too few of them.
func (p Plan) beyond(ctx context.Context, conn Conn, s segment, skip int) (int, error) {
	c := newComposer(p.question.Resource, p.today)
	where := p.where(c, s.where(c)...)
	var has int
	err := conn.QueryRow(ctx, "select count(*)"+c.from(where)+where, c.args...).Scan(&has)
	return max(skip-has, 0), wrap(err, "skip in %s", p)
}

// Rows reads rows by key in the order given, with the values of the question's columns and the resource's extras. A
// row that is gone is left out.
func (p Plan) Rows(ctx context.Context, conn Conn, ids []int64) ([]Row, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	c := newComposer(p.question.Resource, p.today)
	keys, values := []string{}, []string{c.resource.Key}
	for _, column := range p.question.Showing() {
		keys, values = append(keys, column.Key), append(values, column.SQL)
	}
	for _, extra := range c.resource.Extras {
		keys, values = append(keys, extra.Key), append(values, extra.SQL)
	}
	if c.resource.Version != "" {
		keys, values = append(keys, "version_"), append(values, c.resource.Version)
	}
	list := strings.Join(values, ",\n       ")
	rows, err := conn.Query(ctx, "select "+list+c.from(list)+"\n where "+c.resource.Key+" = any ("+c.arg(ids)+")", c.args...)
	if err != nil {
		return nil, wrap(err, "read %s", p)
	}
	found := make(map[int64]Row, len(ids))
	_, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (struct{}, error) {
		values, err := row.Values()
		if err != nil {
			return struct{}{}, err
		}
		read := Row{ID: values[0].(int64), values: make(map[string]any, len(keys))}
		for i, key := range keys {
			read.values[key] = values[i+1]
		}
		version, _ := read.Int("version_")
		read.Version = int(version)
		found[read.ID] = read
		return struct{}{}, nil
	})
	if err != nil {
		return nil, wrap(err, "read %s", p)
	}
	ordered := make([]Row, 0, len(ids))
	for _, id := range ids {
		if row, there := found[id]; there {
			ordered = append(ordered, row)
		}
	}
	return ordered, nil
}

// Count counts the answer, up to a limit (0 for none) and for so long; known is false when time ran out.
func (p Plan) Count(ctx context.Context, conn Conn, limit int, patience time.Duration) (n int, known bool, err error) {
	c := newComposer(p.question.Resource, p.today)
	where := p.where(c)
	rows := "select 1" + c.from(where) + where
	if limit > 0 {
		rows += "\n limit " + c.arg(limit)
	}
	known, err = within(ctx, conn, patience, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, "select count(*) from ("+rows+") answer", c.args...).Scan(&n)
	})
	return n, known, wrap(err, "count %s", p)
}

// Found looks for the whole answer, in no order: whole is true when it has at most limit rows and they were found in
// time. Few rows among many are found sooner by what they are than by where they stand: someone called Ziggy is at the
// end of an index of names.
func (p Plan) Found(ctx context.Context, conn Conn, limit int, patience time.Duration) (ids []int64, whole, known bool, err error) {
	c := newComposer(p.question.Resource, p.today)
	where := p.where(c)
	statement := "select " + c.resource.Key + c.from(where) + where + "\n limit " + c.arg(limit+1)
	known, err = within(ctx, conn, patience, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, statement, c.args...)
		if err != nil {
			return err
		}
		ids, err = pgx.CollectRows(rows, pgx.RowTo[int64])
		return err
	})
	return ids, known && len(ids) <= limit, known, wrap(err, "find %s", p)
}

// Among is the plan for an answer whose rows were all found.
func (p Plan) Among(ids []int64) Plan {
	p.among = append([]int64{}, ids...)
	return p
}

// where is what a row of the answer fulfils, and more besides.
func (p Plan) where(c *composer, more ...string) string {
	for _, test := range p.inside {
		more = append(more, test.sql(c))
	}
	if p.among != nil {
		return "\n where " + strings.Join(append(more, c.resource.Key+" = any ("+c.arg(p.among)+")"), "\n   and ")
	}
	return c.where(p.question, more...)
}

// within asks for so long; known is false when time ran out.
func within(ctx context.Context, conn Conn, patience time.Duration, ask func(tx pgx.Tx) error) (known bool, err error) {
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, fmt.Sprintf("set local statement_timeout = %d", patience.Milliseconds())); err != nil {
			return err
		}
		return ask(tx)
	})
	if refused := new(pgconn.PgError); errors.As(err, &refused) && refused.Code == "57014" && ctx.Err() == nil {
		return false, nil
	}
	return err == nil, err
}

// String names the plan in an error: the list, and nothing of what was asked.
func (p Plan) String() string { return p.question.Resource.Name }

func wrap(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf(format+": %w", append(args, err)...)
}
