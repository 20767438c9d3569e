package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// AppointmentStatus is how far a visit has come.
type AppointmentStatus string

// The statuses, in the order a visit takes them.
const (
	AppointmentRequested AppointmentStatus = "requested"
	AppointmentBooked    AppointmentStatus = "booked"
	AppointmentConfirmed AppointmentStatus = "confirmed" // by the client
	AppointmentArrived   AppointmentStatus = "arrived"   // waiting
	AppointmentInRoom    AppointmentStatus = "in_room"
	AppointmentReady     AppointmentStatus = "ready" // to pay and go
	AppointmentCompleted AppointmentStatus = "completed"
	AppointmentCancelled AppointmentStatus = "cancelled"
	AppointmentNoShow    AppointmentStatus = "no_show"
)

// Appointment is a visit, or a block (lunch, leave) that keeps visits away, as its row stands.
type Appointment struct {
	ID             int64             `db:"id"`
	Kind           string            `db:"kind"` // "visit" or "block"
	ClientID       *int64            `db:"client_id"`
	PatientID      *int64            `db:"patient_id"`
	TypeID         *int64            `db:"type_id"`
	VetID          *int64            `db:"vet_id"`
	RoomID         *int64            `db:"room_id"`
	StartsAt       time.Time         `db:"starts_at"`
	EndsAt         time.Time         `db:"ends_at"`
	Status         AppointmentStatus `db:"status"`
	Reason         string            `db:"reason"`
	Note           string            `db:"note"`
	Overbooked     bool              `db:"overbooked"`
	OverbookReason string            `db:"overbook_reason"`
	ConfirmedAt    *time.Time        `db:"confirmed_at"`
	ConfirmedVia   *string           `db:"confirmed_via"`
	ArrivedAt      *time.Time        `db:"arrived_at"`
	RoomedAt       *time.Time        `db:"roomed_at"`
	ReadyAt        *time.Time        `db:"ready_at"`
	CompletedAt    *time.Time        `db:"completed_at"`
	CancelledAt    *time.Time        `db:"cancelled_at"`
	CancelReason   string            `db:"cancel_reason"`
	BookedBy       *int64            `db:"booked_by"`
	Version        int               `db:"version"`
	CreatedAt      time.Time         `db:"created_at"`
	UpdatedAt      time.Time         `db:"updated_at"`
}

// Minutes is how long it lasts.
func (a Appointment) Minutes() int { return int(a.EndsAt.Sub(a.StartsAt) / time.Minute) }

// Block says that this keeps visits away and is none itself.
func (a Appointment) Block() bool { return a.Kind == "block" }

// Visit is an appointment with the names a person needs to read it. Of a block only the vet's and room's are set.
type Visit struct {
	Appointment
	TypeName      string `db:"type_name"`
	TypeColour    int    `db:"type_colour"`
	PatientName   string `db:"patient_name"`
	Species       string `db:"species"`
	PatientAlert  string `db:"patient_alert"`
	PatientStatus string `db:"patient_status"`
	ClientFirst   string `db:"client_first"`
	ClientLast    string `db:"client_last"`
	ClientPhone   string `db:"client_phone"` // the mobile, else the other number
	ClientAlert   string `db:"client_alert"`
	VetName       string `db:"vet_name"`
	VetInitials   string `db:"vet_initials"`
	VetColour     int    `db:"vet_colour"`
	RoomName      string `db:"room_name"`
	BookedByName  string `db:"booked_by_name"`
	CareDue       bool   `db:"care_due"` // a reminder of this patient is overdue
}

// ClientName is the account holder as people say it.
func (v Visit) ClientName() string {
	if v.ClientFirst == "" {
		return v.ClientLast
	}
	return v.ClientFirst + " " + v.ClientLast
}

const selectVisit = `
	select a.id, a.kind, a.client_id, a.patient_id, a.type_id, a.vet_id, a.room_id, a.starts_at, a.ends_at, a.status,
		a.reason, a.note, a.overbooked, a.overbook_reason, a.confirmed_at, a.confirmed_via, a.arrived_at, a.roomed_at,
		a.ready_at, a.completed_at, a.cancelled_at, a.cancel_reason, a.booked_by, a.version, a.created_at, a.updated_at,
		coalesce(t.name, '') as type_name, coalesce(t.colour, 0) as type_colour,
		coalesce(p.name, '') as patient_name, coalesce(p.species::text, '') as species,
		coalesce(p.alert, '') as patient_alert, coalesce(p.status::text, '') as patient_status,
		coalesce(c.first_name, '') as client_first, coalesce(c.last_name, '') as client_last,
		coalesce(nullif(c.mobile, ''), c.phone_alt, '') as client_phone, coalesce(c.alert, '') as client_alert,
		coalesce(v.display_name, '') as vet_name, coalesce(v.initials, '') as vet_initials, coalesce(v.colour, 0) as vet_colour,
		coalesce(r.name, '') as room_name, coalesce(b.display_name, '') as booked_by_name,
		exists (
			select 1
			from reminder d
			where d.patient_id = a.patient_id and d.status = 'open' and d.due_on < current_date) as care_due
	from appointment a
	left join appointment_type t on t.id = a.type_id
	left join patient p on p.id = a.patient_id
	left join client c on c.id = a.client_id
	left join staff v on v.id = a.vet_id
	left join room r on r.id = a.room_id
	left join staff b on b.id = a.booked_by`

// GetVisit reads one appointment with its names.
func GetVisit(ctx context.Context, conn Conn, id int64) (Visit, error) {
	rows, _ := conn.Query(ctx, selectVisit+` where a.id = $1`, id)
	visit, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Visit])
	return visit, wrap(err, "get appointment %d", id)
}

// ListVisits reads what starts from one instant up to another, cancelled visits too, and the blocks that began
// before and reach into it.
func ListVisits(ctx context.Context, conn Conn, from, until time.Time) ([]Visit, error) {
	rows, _ := conn.Query(ctx, selectVisit+`
		where (a.starts_at >= $1 and a.starts_at < $2)
		   or (a.kind = 'block' and a.starts_at < $1 and a.starts_at > $1 - interval '14 days' and a.ends_at > $1)
		order by a.starts_at, a.kind, v.id, a.id`, from, until)
	visits, err := pgx.CollectRows(rows, pgx.RowToStructByName[Visit])
	return visits, wrap(err, "list visits")
}

// ListUpcomingVisits reads the visits of a patient that are still to come after an instant, the next first.
func ListUpcomingVisits(ctx context.Context, conn Conn, patientID int64, after time.Time) ([]Visit, error) {
	rows, _ := conn.Query(ctx, selectVisit+`
		where a.patient_id = $1
		  and a.starts_at > $2
		  and a.status in ('requested', 'booked', 'confirmed')
		order by a.starts_at
		limit 10`, patientID, after)
	visits, err := pgx.CollectRows(rows, pgx.RowToStructByName[Visit])
	return visits, wrap(err, "list upcoming visits of patient %d", patientID)
}
