package db

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Refused says why a record's state does not allow what was asked: a sentence for the person who asked.
type Refused string

// Error is the sentence; it names no one.
func (r Refused) Error() string { return string(r) }

// MoveAppointment saves a visit's form over the version it was read at: another time, vet, room, type or reason. The
// constraints decide as they do for a new one. A visit that the client had confirmed is booked again when its time
// changes. It says whether the client should hear of it: the time, the vet or the room is another.
func MoveAppointment(ctx context.Context, conn Conn, id int64, version int, booking Booking) (tell bool, err error) {
	err = InTx(ctx, conn, func(tx pgx.Tx) error {
		before, err := getSame(ctx, tx, id, version)
		if err != nil {
			return err
		}
		p := placement{Booking: booking, id: id}
		p.PatientID = deref(before.PatientID)
		if err := p.prepareMove(ctx, tx, before); err != nil {
			return err
		}
		if err := queueForDay(ctx, tx, before.StartsAt, p.StartsAt); err != nil {
			return err
		}
		err = p.place(ctx, tx, func(tx pgx.Tx, vetID, roomID int64, over bool) error {
			tag, err := tx.Exec(ctx, `
				update appointment
				set type_id = $3, vet_id = nullif($4, 0), room_id = nullif($5, 0), starts_at = $6, ends_at = $7,
					reason = $8, overbooked = $9, overbook_reason = $10,
					status = case when starts_at <> $6 and status = 'confirmed' then 'booked' else status end,
					confirmed_at = case when starts_at = $6 then confirmed_at end,
					confirmed_via = case when starts_at = $6 then confirmed_via end,
					version = version + 1, updated_at = now()
				where id = $1 and version = $2`,
				id, version, p.TypeID, vetID, roomID, p.StartsAt, p.endsAt, p.Reason, over, p.OverbookReason)
			if err == nil && tag.RowsAffected() == 0 {
				return ErrStale
			}
			return err
		})
		if err != nil {
			return err
		}
		after, err := auditVisit(ctx, tx, "moved", before)
		tell = !after.StartsAt.Equal(before.StartsAt) || deref(after.VetID) != deref(before.VetID) || deref(after.RoomID) != deref(before.RoomID)
		return err
	})
	return tell, wrap(err, "move appointment %d", id)
}

// prepareMove checks only what the move changes: a visit that began an hour ago may still get another vet.
func (p *placement) prepareMove(ctx context.Context, tx pgx.Tx, before Visit) error {
	settled := []AppointmentStatus{AppointmentCompleted, AppointmentCancelled, AppointmentNoShow}
	if slices.Contains(settled, before.Status) {
		return Refused("This visit is " + before.Status.word() + ", so it can't be changed.")
	}
	sameTime := p.StartsAt.Equal(before.StartsAt) && (p.Minutes == 0 || p.Minutes == before.Minutes())
	here := []AppointmentStatus{AppointmentArrived, AppointmentInRoom, AppointmentReady}
	if !sameTime && slices.Contains(here, before.Status) && !p.StartsAt.Equal(before.StartsAt) {
		return Refused("The client is here already, so the time stays. Undo the check-in to move the visit.")
	}
	if sameTime && p.TypeID == deref(before.TypeID) {
		p.Minutes = before.Minutes()
	}
	if p.StartsAt.Equal(before.StartsAt) {
		p.Now = before.StartsAt
	}
	return p.prepare(ctx, tx)
}

// getSame reads a visit at the version it was seen at; version 0 takes it as it is.
func getSame(ctx context.Context, conn Conn, id int64, version int) (Visit, error) {
	visit, err := GetVisit(ctx, conn, id)
	switch {
	case err != nil:
		return Visit{}, err
	case visit.Block():
		return Visit{}, ErrNotFound
	case version != 0 && visit.Version != version:
		return visit, ErrStale
	}
	return visit, nil
}

// auditVisit logs what became of a visit, and returns it as it is now.
func auditVisit(ctx context.Context, tx pgx.Tx, action string, before Visit) (Visit, error) {
	after, err := GetVisit(ctx, tx, before.ID)
	if err != nil {
		return Visit{}, err
	}
	return after, Audit(ctx, tx, Audited{
		Action: action, Entity: "appointment", EntityID: before.ID, ClientID: deref(before.ClientID), Diff: visitDiff(before, after),
	})
}

func (s AppointmentStatus) word() string { return strings.ReplaceAll(string(s), "_", " ") }

func deref(id *int64) int64 {
	if id == nil {
		return 0
	}
	return *id
}

// CancelAppointment cancels a visit: its slot is free from now on. Cancelling twice is cancelling once.
func CancelAppointment(ctx context.Context, conn Conn, id int64, version int, reason string) error {
	reason = strings.TrimSpace(reason)
	if reason == "" || len([]rune(reason)) > 300 {
		return Invalid{"reason": "Say why the visit is cancelled, in up to 300 characters."}
	}
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		before, err := getSame(ctx, tx, id, version)
		if before.Status == AppointmentCancelled {
			return nil
		} else if err != nil {
			return err
		}
		open := []AppointmentStatus{AppointmentRequested, AppointmentBooked, AppointmentConfirmed, AppointmentArrived}
		if !slices.Contains(open, before.Status) {
			return Refused("This visit is " + before.Status.word() + ", so it can't be cancelled.")
		}
		if err := setStatus(ctx, tx, before, time.Now(), `status = 'cancelled', cancelled_at = $3, cancel_reason = $4`, reason); err != nil {
			return err
		}
		_, err = auditVisit(ctx, tx, "cancelled", before)
		return err
	})
	return wrap(err, "cancel appointment %d", id)
}

// RestoreAppointment takes a cancellation back if the slot is still free; else it is a *Clash.
func RestoreAppointment(ctx context.Context, conn Conn, id int64, version int) error {
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		before, err := getSame(ctx, tx, id, version)
		if err != nil {
			return err
		}
		if before.Status != AppointmentCancelled {
			return Refused("This visit is not cancelled.")
		}
		if err := reopen(ctx, tx, before); err != nil {
			return err
		}
		_, err = auditVisit(ctx, tx, "restored", before)
		return err
	})
	return wrap(err, "restore appointment %d", id)
}

// reopen puts a cancelled visit or a no-show back on the calendar, where it has to fit as any other.
func reopen(ctx context.Context, tx pgx.Tx, visit Visit) error {
	p := placement{id: visit.ID, Booking: Booking{
		PatientID: deref(visit.PatientID), TypeID: deref(visit.TypeID), VetID: deref(visit.VetID), RoomID: deref(visit.RoomID),
		StartsAt: visit.StartsAt, Minutes: visit.Minutes(), Overbook: visit.Overbooked, OverbookReason: visit.OverbookReason, Now: visit.StartsAt,
	}}
	if err := p.prepare(ctx, tx); err != nil {
		return err
	}
	if err := queueForDay(ctx, tx, visit.StartsAt); err != nil {
		return err
	}
	return p.place(ctx, tx, func(tx pgx.Tx, vetID, roomID int64, _ bool) error {
		return setStatus(ctx, tx, visit, time.Now(), `
			status = case when confirmed_at is null then 'booked' else 'confirmed' end::appointment_status,
			vet_id = nullif($4, 0), room_id = nullif($5, 0), arrived_at = null, cancelled_at = null, cancel_reason = ''`, vetID, roomID)
	})
}

// setStatus updates a visit at the version it was read at. The assignments are constants of this package; the moment is
// $3 in them, and the arguments follow.
func setStatus(ctx context.Context, tx pgx.Tx, visit Visit, at time.Time, assignments string, args ...any) error {
	tag, err := tx.Exec(ctx, `
		update appointment
		set `+assignments+`, version = version + 1, updated_at = $3
		where id = $1 and version = $2`, append([]any{visit.ID, visit.Version, at}, args...)...)
	if err == nil && tag.RowsAffected() == 0 {
		return ErrStale
	}
	return err
}
