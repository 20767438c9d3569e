package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// MessageSettings are the hours of the clinic's day between which no reminder goes out, as "20:00" and "08:00" (two
// equal hours mean that there are none), and whether it sends text messages.
type MessageSettings struct {
	From        string `db:"quiet_from"`
	Until       string `db:"quiet_until"`
	Texts       bool   `db:"texts"`
	CountryCode string `db:"country_code"` // of a mobile without one, "1"
	Version     int    `db:"version"`
}

// GetMessageSettings reads the clinic's.
func GetMessageSettings(ctx context.Context, conn Conn) (MessageSettings, error) {
	rows, _ := conn.Query(ctx, `
		select to_char(quiet_from, 'HH24:MI') as quiet_from, to_char(quiet_until, 'HH24:MI') as quiet_until, texts, country_code, version
		  from message_settings`)
	quiet, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[MessageSettings])
	return quiet, wrap(err, "get quiet hours")
}

// End is the first moment from at on which is not quiet, in the zone that at carries: at itself outside quiet hours.
func (q MessageSettings) End(at time.Time) time.Time {
	from, until, now := minuteOf(q.From), minuteOf(q.Until), at.Hour()*60+at.Minute()
	day := at.Day()
	switch {
	case from < until && from <= now && now < until, from > until && now < until:
	case from > until && now >= from:
		day++
	default:
		return at
	}
	return time.Date(at.Year(), at.Month(), day, until/60, until%60, 0, 0, at.Location())
}

// minuteOf counts from midnight to a time like "20:00"; one that cannot be read is midnight.
func minuteOf(clock string) int {
	at, err := time.Parse("15:04", clock)
	if err != nil {
		return 0
	}
	return at.Hour()*60 + at.Minute()
}
