package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// HouseholdPet is a patient as its household's page shows it.
type HouseholdPet struct {
	Patient
	NextVisitID *int64     `db:"next_visit_id"`
	NextVisitAt *time.Time `db:"next_visit_at"`
	OverdueCare int        `db:"overdue_care"` // open reminders whose day has passed
}

// HouseholdPets reads the pets of a household: those that may come first, then by name.
func HouseholdPets(ctx context.Context, conn Conn, clientID int64) ([]HouseholdPet, error) {
	rows, err := conn.Query(ctx, `
		select `+patientColumns+`,
		       next_visit_id, next_visit_at,
		       (select count(*)::int from reminder r where r.patient_id = patient.id and r.status = 'open' and r.due_on < current_date) as overdue_care
		  from patient
		  left join lateral (
		    select a.id as next_visit_id, a.starts_at as next_visit_at
		      from appointment a
		     where a.patient_id = patient.id and a.starts_at > now() and a.status in ('requested', 'booked', 'confirmed')
		     order by a.starts_at
		     limit 1) next on true
		 where client_id = $1
		 order by status, lower(name), patient.id`, clientID)
	if err != nil {
		return nil, wrap(err, "list pets of client %d", clientID)
	}
	pets, err := pgx.CollectRows(rows, pgx.RowToStructByName[HouseholdPet])
	return pets, wrap(err, "list pets of client %d", clientID)
}

// UpcomingVisitsOfClient reads a household's visits from now on, those under way too, the nearest first.
func UpcomingVisitsOfClient(ctx context.Context, conn Conn, clientID int64, limit int) ([]Visit, error) {
	visits, err := manyVisits(ctx, conn, selectVisit+`
		where a.client_id = $1 and a.status in ('requested', 'booked', 'confirmed', 'arrived', 'in_room', 'ready') and a.ends_at > now() - interval '12 hours'
		order by a.starts_at, a.id
		limit $2`, clientID, limit)
	return visits, wrap(err, "list upcoming visits of client %d", clientID)
}

// PastVisitsOfClient reads what is over: visits that took place, did not, or were cancelled, the latest first.
func PastVisitsOfClient(ctx context.Context, conn Conn, clientID int64, limit int) ([]Visit, error) {
	visits, err := manyVisits(ctx, conn, selectVisit+`
		where a.client_id = $1 and (a.status in ('completed', 'cancelled', 'no_show') or a.ends_at <= now() - interval '12 hours')
		order by a.starts_at desc, a.id desc
		limit $2`, clientID, limit)
	return visits, wrap(err, "list past visits of client %d", clientID)
}

// UpcomingVisitsOfPatient reads a patient's visits from now on, those under way too, the nearest first.
func UpcomingVisitsOfPatient(ctx context.Context, conn Conn, patientID int64) ([]Visit, error) {
	visits, err := manyVisits(ctx, conn, selectVisit+`
		where a.patient_id = $1 and a.status in ('requested', 'booked', 'confirmed', 'arrived', 'in_room', 'ready') and a.ends_at > now() - interval '12 hours'
		order by a.starts_at, a.id
		limit 20`, patientID)
	return visits, wrap(err, "list upcoming visits of patient %d", patientID)
}

// NoShows counts the visits a household did not come to in the last two years.
func NoShows(ctx context.Context, conn Conn, clientID int64) (int, error) {
	var count int
	err := conn.QueryRow(ctx, `
		select count(*)
		  from appointment
		 where client_id = $1 and status = 'no_show' and starts_at > now() - interval '2 years'`, clientID).Scan(&count)
	return count, wrap(err, "count no-shows of client %d", clientID)
}

func manyVisits(ctx context.Context, conn Conn, sql string, args ...any) ([]Visit, error) {
	rows, err := conn.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Visit])
}
