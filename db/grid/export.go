package grid

import (
	"context"
	"errors"
	"math"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// ErrTooMany says that an answer has more rows than somebody may take away.
var ErrTooMany = errors.New("more rows than may be exported")

// Export reads the whole answer in its order, as it stood at one moment: start is called once it is sure that there are
// at most so many rows (0 for any number), then each for every row. The rows come as they are taken, so that a million
// of them need the room of one; an error of each, or of ctx, stops the statement in the database too.
func (p Plan) Export(ctx context.Context, conn Conn, atMost int, start func() error, each func(Row) error) error {
	within, stop := context.WithCancel(ctx)
	defer stop()
	tx, err := conn.Begin(within)
	if err != nil {
		return wrap(err, "export %s", p)
	}
	defer func() {
		stop() // rows that nobody takes any more are not read to their end
		_ = tx.Rollback(context.WithoutCancel(ctx))
	}()

	if _, err := tx.Exec(within, "set transaction isolation level repeatable read, read only"); err != nil {
		return wrap(err, "export %s", p)
	}
	if _, err := tx.Exec(within, "set local statement_timeout = 0"); err != nil {
		return wrap(err, "export %s", p)
	}
	if err := p.atMost(within, tx, atMost); err != nil {
		return err
	}
	if err := start(); err != nil {
		return err
	}
	for _, s := range segments(p.question.terms(), nil, false) {
		if err := p.stream(within, stop, tx, s, each); err != nil {
			return err
		}
	}
	return nil
}

// atMost counts no further than it must.
func (p Plan) atMost(ctx context.Context, tx pgx.Tx, limit int) error {
	if limit == 0 {
		return nil
	}
	c := newComposer(p.question.Resource, p.today)
	where := p.where(c)
	rows := "select 1" + c.from(where) + where + "\n limit " + c.arg(limit+1)
	var n int
	err := tx.QueryRow(ctx, "select count(*) from ("+rows+") answer", c.args...).Scan(&n)
	if err == nil && n > limit {
		return ErrTooMany
	}
	return wrap(err, "export %s", p)
}

// stream reads one segment, without the extras that only a page's cells need.
func (p Plan) stream(ctx context.Context, stop func(), tx pgx.Tx, s segment, each func(Row) error) error {
	c := newComposer(p.question.Resource, p.today)
	columns := p.question.Showing()
	values := []string{c.resource.Key}
	for _, column := range columns {
		values = append(values, column.SQL)
	}
	list, where := strings.Join(values, ",\n       "), p.where(c, s.where(c)...)
	rows, err := tx.Query(ctx, "select "+list+c.from(list, where, s.order)+where+"\n order by "+s.order, c.args...)
	if err != nil {
		return wrap(err, "export %s", p)
	}
	defer rows.Close()
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			return wrap(err, "export %s", p)
		}
		row := Row{ID: values[0].(int64), values: make(map[string]any, len(columns))}
		for i, column := range columns {
			row.values[column.Key] = values[i+1]
		}
		if err := each(row); err != nil {
			stop()
			return err
		}
	}
	return wrap(rows.Err(), "export %s", p)
}

// Decimal writes a stored number of the column with its point, exactly: 6500 g are 6.5. Money keeps its cents.
func (c *Column) Decimal(n int64) string {
	return decimal(n, c.scale(), c.Kind == Money)
}

// Rounded writes a stored number of the column with its point and no more decimals than tell anything: an average of
// weights in grams as kilograms with two, one of whole numbers with one.
func (c *Column) Rounded(n float64) string {
	decimals := 1
	switch {
	case c.Kind == Money || c.Kind == Weight:
		decimals = 2
	case c.Scale > 0:
		decimals = c.Scale
	}
	text := strconv.FormatFloat(n/math.Pow10(c.scale()), 'f', decimals, 64)
	if c.Kind != Money {
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	whole, rest, _ := strings.Cut(text, ".")
	for at := len(whole) - 3; at > len(whole)-len(strings.TrimPrefix(whole, "-")); at -= 3 {
		whole = whole[:at] + "," + whole[at:]
	}
	if rest != "" {
		return whole + "." + rest
	}
	return whole
}
