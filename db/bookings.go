package db

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Booking is a visit to be booked or moved, as the form asks for it.
type Booking struct {
	PatientID      int64
	TypeID         int64
	VetID          int64 // 0 for whoever is free
	RoomID         int64 // 0 for any free room
	StartsAt       time.Time
	Minutes        int // 0 for as long as the type takes
	Reason         string
	Overbook       bool // on top of what is there, or outside opening hours
	OverbookReason string
	Now            time.Time // the moment of asking; zero for the clock
}

// lateEntry is how long after its start a visit may still be booked: somebody stands at the desk, or the slot's
// minute passed while the form was open.
const lateEntry = 10 * time.Minute

// placement is where a visit is to go: what the rules and the constraints decide about.
type placement struct {
	Booking
	id       int64 // of the visit that moves; 0 for a new one
	clientID int64
	patient  string
	status   string
	kind     AppointmentType
	vet      string
	room     string
	endsAt   time.Time
}

// BookAppointment books a visit and writes it to the log. The exclusion constraints decide whether the vet, the room
// and the pet are free: what they refuse is a *Clash; what the form got wrong, or what must not be booked, Invalid.
func BookAppointment(ctx context.Context, conn Conn, booking Booking) (int64, error) {
	p := placement{Booking: booking}
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		if err := p.prepare(ctx, tx); err != nil {
			return err
		}
		if err := queueForDay(ctx, tx, p.StartsAt); err != nil {
			return err
		}
		err := p.place(ctx, tx, func(tx pgx.Tx, vetID, roomID int64, over bool) error {
			return tx.QueryRow(ctx, `
				insert into appointment (client_id, patient_id, type_id, vet_id, room_id, starts_at, ends_at, reason, overbooked, overbook_reason, booked_by)
				values ($1, $2, $3, nullif($4, 0), nullif($5, 0), $6, $7, $8, $9, $10, nullif($11, 0))
				returning id`,
				p.clientID, p.PatientID, p.TypeID, vetID, roomID, p.StartsAt, p.endsAt, p.Reason, over, p.OverbookReason, ActorFrom(ctx).StaffID).Scan(&p.id)
		})
		if err != nil {
			return err
		}
		visit, err := GetVisit(ctx, tx, p.id)
		if err != nil {
			return err
		}
		return Audit(ctx, tx, Audited{Action: "booked", Entity: "appointment", EntityID: p.id, ClientID: p.clientID, Diff: visitDiff(Visit{}, visit)})
	})
	return p.id, wrap(err, "book appointment")
}

// queueForDay makes bookings of one clinic day wait for each other, so that the constraints answer each with yes or
// no: rows inserted at the same moment would wait in a ring, and PostgreSQL breaks a ring only after a second.
func queueForDay(ctx context.Context, tx pgx.Tx, days ...time.Time) error {
	_, err := tx.Exec(ctx, `
		select pg_advisory_xact_lock(hashtext('appointment day'), day)
		from (select distinct t::date - date '2000-01-01' as day from unnest($1::timestamptz[]) t order by 1) d`, days)
	return err
}

// prepare reads what the booking names and says what is wrong with it before the constraints are asked.
func (p *placement) prepare(ctx context.Context, tx pgx.Tx) error {
	if p.Now.IsZero() {
		p.Now = time.Now()
	}
	p.Reason, p.OverbookReason = strings.TrimSpace(p.Reason), strings.TrimSpace(p.OverbookReason)
	wrong := Invalid{}
	if err := p.readNames(ctx, tx, wrong); err != nil {
		return err
	}
	if p.Minutes == 0 {
		p.Minutes = max(p.kind.Minutes, 5)
	}
	if p.Minutes < 5 || p.Minutes > 480 {
		wrong["minutes"] = "A visit lasts from 5 minutes to 8 hours."
	}
	if len([]rune(p.Reason)) > 500 {
		wrong["reason"] = "Keep the reason under 500 characters."
	}
	p.endsAt = p.StartsAt.Add(time.Duration(p.Minutes) * time.Minute)
	p.checkOverbooking(wrong)
	if p.StartsAt.IsZero() {
		wrong["time"] = "Choose a day and a time."
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	return p.checkHours(ctx, tx)
}

// readNames looks up the patient, the type, the vet and the room, and refuses those that can't be booked.
func (p *placement) readNames(ctx context.Context, tx pgx.Tx, wrong Invalid) error {
	err := tx.QueryRow(ctx, `select client_id, name, status::text from patient where id = $1`, p.PatientID).Scan(&p.clientID, &p.patient, &p.status)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		wrong["patient"] = "Choose the pet that the visit is for."
	case err != nil:
		return err
	case p.status == "deceased":
		wrong["patient"] = p.patient + " has died, so no visit can be booked."
	}
	p.kind, err = GetAppointmentType(ctx, tx, p.TypeID)
	switch {
	case errors.Is(err, ErrNotFound), err == nil && !p.kind.Active && p.id == 0:
		wrong["type"] = "Choose what the visit is for."
	case err != nil:
		return err
	}
	if p.VetID != 0 {
		err = tx.QueryRow(ctx, `select display_name from staff where id = $1 and bookable and active`, p.VetID).Scan(&p.vet)
		if errors.Is(err, pgx.ErrNoRows) {
			wrong["vet"] = "Choose somebody who takes visits."
		} else if err != nil {
			return err
		}
	}
	if p.RoomID != 0 {
		err = tx.QueryRow(ctx, `select name from room where id = $1 and active`, p.RoomID).Scan(&p.room)
		if errors.Is(err, pgx.ErrNoRows) {
			wrong["room"] = "Choose a room that is in use."
		} else if err != nil {
			return err
		}
	}
	return nil
}

func (p *placement) checkOverbooking(wrong Invalid) {
	if !p.Overbook {
		p.OverbookReason = ""
		return
	}
	if p.OverbookReason == "" {
		wrong["overbook_reason"] = "Say why this slot is overbooked."
	}
	if p.VetID == 0 && p.kind.NeedsVet && wrong["vet"] == "" {
		wrong["vet"] = "Choose the vet to overbook."
	}
}

// checkHours refuses the past, and what lies outside opening hours unless it is overbooked on purpose.
func (p *placement) checkHours(ctx context.Context, tx pgx.Tx) error {
	if p.StartsAt.Before(p.Now.Add(-lateEntry)) {
		return Invalid{"time": "This time has passed. Choose a later one."}
	}
	if p.Overbook {
		return nil
	}
	day, err := OpenOn(ctx, tx, p.StartsAt)
	if err != nil {
		return err
	}
	const anyway = " Choose another time, or overbook it with a reason."
	if day.Closed() {
		return Invalid{"time": "The clinic is closed on that day." + anyway}
	}
	if p.StartsAt.Before(day.Opens) || p.endsAt.After(day.Closes) {
		var hours string
		if err := tx.QueryRow(ctx, `select to_char($1::timestamptz, 'HH24:MI') || '–' || to_char($2::timestamptz, 'HH24:MI')`, day.Opens, day.Closes).Scan(&hours); err != nil {
			return err
		}
		return Invalid{"time": fmt.Sprintf("The clinic is open %s on that day.%s", hours, anyway)}
	}
	shut, err := inTheWay(ctx, tx, "clinic_open", 0, p.id, p.StartsAt, p.endsAt)
	if errors.Is(err, ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	return p.clash(ctx, tx, &Clash{Constraint: "clinic_open", With: shut})
}

// visitDiff is what changed between two states of a visit, in names instead of numbers: the log is read by people.
func visitDiff(before, after Visit) Diff {
	type facts struct {
		Status  AppointmentStatus `db:"status"`
		Starts  time.Time         `db:"starts_at"`
		Minutes int               `db:"minutes"`
		Type    string            `db:"type"`
		Vet     string            `db:"vet"`
		Room    string            `db:"room"`
		Reason  string            `db:"reason"`
		Over    string            `db:"overbook_reason"`
		Cancel  string            `db:"cancel_reason"`
	}
	of := func(v Visit) facts {
		return facts{v.Status, v.StartsAt, v.Minutes(), v.TypeName, v.VetName, v.RoomName, v.Reason, v.OverbookReason, v.CancelReason}
	}
	diff := DiffOf(of(before), of(after))
	if was, moved := diff["starts_at"]; moved && before.ID == 0 {
		diff["starts_at"] = [2]any{nil, was[1]}
	}
	return diff
}
