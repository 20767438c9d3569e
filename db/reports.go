package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// WeekFigures is a week of the clinic in numbers.
type WeekFigures struct {
	Booked        int `db:"booked"` // visits that were to be, whatever became of them
	Completed     int `db:"completed"`
	NoShows       int `db:"no_shows"`
	Cancelled     int `db:"cancelled"`
	NewClients    int `db:"new_clients"`
	NotSent       int `db:"not_sent"`       // messages that failed, bounced or were suppressed
	MinutesWaited int `db:"minutes_waited"` // the median from check-in to the room, 0 without any
}

// GetWeekFigures counts the seven clinic days from a Monday's midnight on.
func GetWeekFigures(ctx context.Context, conn Conn, monday time.Time) (WeekFigures, error) {
	rows, _ := conn.Query(ctx, `
		with week as (
		  select status, arrived_at, roomed_at
		  from appointment
		  where kind = 'visit' and starts_at >= $1 and starts_at < $2
		)
		select count(*) as booked,
		       count(*) filter (where status = 'completed') as completed,
		       count(*) filter (where status = 'no_show') as no_shows,
		       count(*) filter (where status = 'cancelled') as cancelled,
		       coalesce(round(percentile_cont(0.5) within group (order by extract(epoch from roomed_at - arrived_at) / 60)
		         filter (where roomed_at > arrived_at)), 0)::int as minutes_waited,
		       (select count(*) from client where created_at >= $1 and created_at < $2) as new_clients,
		       (select count(*) from message
		        where created_at >= $1 and created_at < $2 and status in ('failed', 'bounced', 'suppressed')) as not_sent
		from week`, monday, monday.AddDate(0, 0, 7))
	figures, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[WeekFigures])
	return figures, wrap(err, "count the week")
}

// VisitTally is how many visits of a type somebody had in a week.
type VisitTally struct {
	VetID     int64  `db:"vet_id"` // 0 for nobody in particular
	Vet       string `db:"vet"`
	TypeID    int64  `db:"type_id"`
	Type      string `db:"type"`
	Completed int    `db:"completed"`
	NoShows   int    `db:"no_shows"`
}

// ListVisitTallies counts a week's visits by vet and type.
func ListVisitTallies(ctx context.Context, conn Conn, monday time.Time) ([]VisitTally, error) {
	rows, _ := conn.Query(ctx, `
		select coalesce(v.id, 0) as vet_id, coalesce(v.display_name, '') as vet, t.id as type_id, t.name as type,
		       count(*) filter (where a.status = 'completed') as completed,
		       count(*) filter (where a.status = 'no_show') as no_shows
		from appointment a
		join appointment_type t on t.id = a.type_id
		left join staff v on v.id = a.vet_id
		where a.kind = 'visit' and a.starts_at >= $1 and a.starts_at < $2 and a.status in ('completed', 'no_show')
		group by v.id, t.id
		order by v.display_name nulls last, v.id, t.sort, t.id`, monday, monday.AddDate(0, 0, 7))
	tallies, err := pgx.CollectRows(rows, pgx.RowToStructByName[VisitTally])
	return tallies, wrap(err, "tally the week's visits")
}

// CountOverdue is how many open reminders were due before a clinic day.
func CountOverdue(ctx context.Context, conn Conn, day time.Time) (int, error) {
	var overdue int
	err := conn.QueryRow(ctx, `select count(*) from reminder where status = 'open' and due_on < $1::date`, day.Format(time.DateOnly)).Scan(&overdue)
	return overdue, wrap(err, "count overdue reminders")
}
