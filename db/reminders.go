package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// DueCare is an open reminder of a patient, with what it rests on.
type DueCare struct {
	ID            int64      `db:"id"`
	Protocol      string     `db:"protocol"`
	Kind          string     `db:"kind"` // "vaccination", "parasite" …
	DueOn         time.Time  `db:"due_on"`
	Status        string     `db:"status"` // "open", or "booked" while a visit is planned for it
	SnoozedUntil  *time.Time `db:"snoozed_until"`
	EveryDays     int        `db:"every_days"`
	Product       string     `db:"product"`  // what was given last, "" when nothing is on record
	GivenOn       *time.Time `db:"given_on"` // when
	AppointmentID *int64     `db:"appointment_id"`
	VisitAt       *time.Time `db:"visit_at"`
	LastSentAt    *time.Time `db:"last_sent_at"`
}

// DueCareOf reads what care a patient is due, or will be, the earliest first.
func DueCareOf(ctx context.Context, conn Conn, patientID int64) ([]DueCare, error) {
	rows, err := conn.Query(ctx, `
		select r.id, p.name as protocol, p.kind::text, r.due_on, r.status::text, r.snoozed_until, p.every_days,
		       coalesce(t.product, '') as product, t.given_on, r.appointment_id, a.starts_at as visit_at, r.last_sent_at
		  from reminder r
		  join care_protocol p on p.id = r.protocol_id
		  left join treatment t on t.id = r.source_treatment_id
		  left join appointment a on a.id = r.appointment_id
		 where r.patient_id = $1 and r.status in ('open', 'booked')
		 order by r.due_on, r.id`, patientID)
	if err != nil {
		return nil, wrap(err, "list care due for patient %d", patientID)
	}
	care, err := pgx.CollectRows(rows, pgx.RowToStructByName[DueCare])
	return care, wrap(err, "list care due for patient %d", patientID)
}
