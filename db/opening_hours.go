package db

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// OpenDay is when the clinic is open on one day. Both times are instants, so a day on which the clocks change is as
// long as it really is.
type OpenDay struct {
	Opens  time.Time `db:"opens"`
	Closes time.Time `db:"closes"`
}

// Closed says that the clinic doesn't open on that day.
func (d OpenDay) Closed() bool { return d.Opens.IsZero() }

// OpenOn reads the opening hours of the clinic day that an instant falls on; a closed day is the zero OpenDay.
func OpenOn(ctx context.Context, conn Conn, at time.Time) (OpenDay, error) {
	rows, _ := conn.Query(ctx, `
		select ($1::timestamptz::date + opens)::timestamptz as opens, ($1::timestamptz::date + closes)::timestamptz as closes
		from opening_hours
		where weekday = extract(dow from $1::timestamptz)`, at)
	day, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[OpenDay])
	if errors.Is(err, pgx.ErrNoRows) {
		return OpenDay{}, nil
	}
	return day, wrap(err, "read opening hours")
}
