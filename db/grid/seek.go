package grid

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Seek finds the first row of a snapshot whose sorted value is what somebody began to type, or comes after it; -1 when
// the order is not by something that can be typed. It halves the way to it, one row at a time by its key: twenty looks
// for a million.
func (p Plan) Seek(ctx context.Context, conn Conn, snapshot *Snapshot, typed string) (int, error) {
	typed = strings.ToValidUTF8(strings.ReplaceAll(typed, "\x00", ""), "")
	sorted := p.question.Sorted()[0]
	column := p.question.Resource.column(sorted.Key)
	if column == nil {
		return -1, nil
	}
	compared, value, ok := column.sought(typed, sorted.Desc, p.today)
	if !ok {
		return -1, nil
	}
	low, high := 0, snapshot.Len()
	for low < high {
		middle := (low + high) / 2
		reached, err := p.reached(ctx, conn, snapshot.At(middle), compared, value)
		if err != nil {
			return -1, err
		}
		if reached {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return min(low, snapshot.Len()-1), nil
}

// reached asks of one row whether the value stands at it or before it. What has no value, or is gone, stands behind.
func (p Plan) reached(ctx context.Context, conn Conn, id int64, compared, value string) (bool, error) {
	c := newComposer(p.question.Resource, p.today)
	holds := strings.Replace(compared, "?", c.arg(value), 1)
	statement := "select coalesce((select coalesce(" + holds + ", true)" + c.from(holds) + "\n where " + c.resource.Key + " = " + c.arg(id) + "), true)"
	var reached bool
	err := conn.QueryRow(ctx, statement, c.args...).Scan(&reached)
	return reached, wrap(err, "seek in %s", p)
}

var yearOrMonth = regexp.MustCompile(`^(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?$`)

// sought is what a row must fulfil for a typed value to stand at it or before it, with a question mark for the value.
func (c *Column) sought(typed string, desc bool, today time.Time) (compared, value string, ok bool) {
	expression, sign := "("+c.sortSQL()+")", " >= "
	if desc {
		sign = " <= "
	}
	switch {
	case c.Kind == Text || c.Kind == Link || c.Kind == Person:
		if desc { // the last of those that begin so come first
			return expression + " <= " + c.normal("?") + " || U&'\\FFFF'", typed, true
		}
		return expression + " >= " + c.normal("?"), typed, true
	case c.Numeric():
		if n, err := strconv.ParseFloat(strings.Replace(typed, ",", ".", 1), 64); err == nil {
			for range c.scale() {
				n *= 10
			}
			return expression + sign + "?::bigint", strconv.FormatInt(int64(n), 10), true
		}
	case c.dated():
		return c.soughtDay(typed, desc, today, expression+sign)
	case c.Kind == Choice:
		for _, choice := range c.Choices {
			if strings.HasPrefix(strings.ToLower(choice.Label), strings.ToLower(typed)) {
				return expression + sign + "?", choice.Value, true
			}
		}
	}
	return "", "", false
}

// soughtDay reads a year, a month or a day; going back in time one meets its last day first.
func (c *Column) soughtDay(typed string, desc bool, today time.Time, compared string) (string, string, bool) {
	parts := yearOrMonth.FindStringSubmatch(typed)
	if parts == nil {
		return "", "", false
	}
	numbers := [3]int{0, 1, 1}
	for i := range numbers {
		if parts[i+1] != "" {
			numbers[i], _ = strconv.Atoi(parts[i+1])
		}
	}
	day := time.Date(numbers[0], time.Month(numbers[1]), numbers[2], 0, 0, 0, 0, today.Location())
	if desc {
		switch {
		case parts[3] != "":
			day = day.AddDate(0, 0, 1)
		case parts[2] != "":
			day = day.AddDate(0, 1, 0)
		default:
			day = day.AddDate(1, 0, 0)
		}
		compared = strings.Replace(compared, "<=", "<", 1)
	}
	if c.Kind == Date {
		return compared + "?::date", day.Format(time.DateOnly), true
	}
	return compared + "?::timestamptz", day.Format(time.RFC3339), true
}

// normal is a typed text as the column's values are compared.
func (c *Column) normal(typed string) string {
	if c.Order != "" {
		return typed + "::text"
	}
	return "pc_norm(" + typed + ")"
}
