package db

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// step is one move of a visit through the clinic: from which statuses, what it sets ($3 is the moment), and what it is
// called in the log.
type step struct {
	from   []AppointmentStatus
	set    string
	action string
}

var steps = map[AppointmentStatus]step{
	AppointmentArrived:   {[]AppointmentStatus{AppointmentBooked, AppointmentConfirmed}, `status = 'arrived', arrived_at = $3`, "checked in"},
	AppointmentInRoom:    {[]AppointmentStatus{AppointmentArrived}, `status = 'in_room', roomed_at = $3`, "roomed"},
	AppointmentReady:     {[]AppointmentStatus{AppointmentInRoom}, `status = 'ready', ready_at = $3`, "finished"},
	AppointmentCompleted: {[]AppointmentStatus{AppointmentReady}, `status = 'completed', completed_at = $3`, "completed"},
	AppointmentNoShow:    {[]AppointmentStatus{AppointmentBooked, AppointmentConfirmed}, `status = 'no_show'`, "marked as no-show"},
}

// NextStep is what comes after a status on the way through the clinic, "" for nothing.
func (s AppointmentStatus) NextStep() AppointmentStatus {
	for _, to := range []AppointmentStatus{AppointmentArrived, AppointmentInRoom, AppointmentReady, AppointmentCompleted} {
		if slices.Contains(steps[to].from, s) {
			return to
		}
	}
	return ""
}

// AdvanceAppointment takes a visit one step on, or marks it as a no-show, at the moment now. A step that the visit's
// status does not allow is Refused; taking the same step twice is taking it once. Version 0 asks for none in
// particular.
func AdvanceAppointment(ctx context.Context, conn Conn, id int64, version int, to AppointmentStatus, now time.Time) error {
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		before, err := getSame(ctx, tx, id, version)
		if before.ID != 0 && before.Status == to {
			return nil
		} else if err != nil {
			return err
		}
		next := steps[to]
		if !slices.Contains(next.from, before.Status) {
			return Refused(fmt.Sprintf("This visit is %s, so it can't become %s. Reload the page to see how it stands.", before.Status.word(), to.word()))
		}
		if err := checkDay(ctx, tx, before, to, now); err != nil {
			return err
		}
		if err := setStatus(ctx, tx, before, now, next.set); err != nil {
			return err
		}
		_, err = auditVisit(ctx, tx, next.action, before)
		return err
	})
	return wrap(err, "advance appointment %d", id)
}

// checkDay refuses to check in a visit of a later day, and a no-show before the visit has begun.
func checkDay(ctx context.Context, tx pgx.Tx, visit Visit, to AppointmentStatus, now time.Time) error {
	if to == AppointmentNoShow && now.Before(visit.StartsAt) {
		return Refused("This visit hasn't begun yet. Cancel it, or mark it as a no-show once its time has come.")
	}
	if to != AppointmentArrived {
		return nil
	}
	var later bool
	if err := tx.QueryRow(ctx, `select $1::timestamptz::date > $2::timestamptz::date`, visit.StartsAt, now).Scan(&later); err != nil {
		return err
	}
	if later {
		return Refused("This visit is on a later day. Move it to today to check the patient in.")
	}
	return nil
}

// undoFor is how long a step can be taken back: until the day is over.
const undoFor = 12 * time.Hour

// backTo is where taking back the last step leads, with what it clears.
var backTo = map[AppointmentStatus]string{
	AppointmentArrived:   `status = case when confirmed_at is null then 'booked' else 'confirmed' end::appointment_status, arrived_at = null`,
	AppointmentInRoom:    `status = 'arrived', roomed_at = null`,
	AppointmentReady:     `status = 'in_room', ready_at = null`,
	AppointmentCompleted: `status = 'ready', completed_at = null`,
}

// LastStepAt is when the visit came to its status; the zero time before its first step.
func (a Appointment) LastStepAt() time.Time {
	at := map[AppointmentStatus]*time.Time{
		AppointmentArrived: a.ArrivedAt, AppointmentInRoom: a.RoomedAt, AppointmentReady: a.ReadyAt,
		AppointmentCompleted: a.CompletedAt, AppointmentNoShow: &a.UpdatedAt,
	}[a.Status]
	if at == nil {
		return time.Time{}
	}
	return *at
}

// CanUndo says whether the last step of a visit can be taken back at the moment now.
func (a Appointment) CanUndo(now time.Time) bool {
	at := a.LastStepAt()
	return !at.IsZero() && now.Sub(at) < undoFor
}

// UndoAppointmentStep takes the last step of a visit back. A no-show whose slot has been given away is a *Clash.
func UndoAppointmentStep(ctx context.Context, conn Conn, id int64, version int, now time.Time) error {
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		before, err := getSame(ctx, tx, id, version)
		if err != nil {
			return err
		}
		if !before.CanUndo(now) {
			return Refused(fmt.Sprintf("This visit is %s: there is no step of today to undo.", before.Status.word()))
		}
		if before.Status == AppointmentNoShow {
			err = reopen(ctx, tx, before)
		} else {
			err = setStatus(ctx, tx, before, now, backTo[before.Status])
		}
		if err != nil {
			return err
		}
		if before.Status == AppointmentCompleted {
			if err := forgetLastVisit(ctx, tx, before); err != nil {
				return err
			}
		}
		_, err = auditVisit(ctx, tx, "undone", before)
		return err
	})
	return wrap(err, "undo step of appointment %d", id)
}

// forgetLastVisit puts the patient's last visit back to the one before: completing set it, see appointment_last_visit.
func forgetLastVisit(ctx context.Context, tx pgx.Tx, visit Visit) error {
	_, err := tx.Exec(ctx, `
		update patient p
		set last_visit_on = (select max(starts_at)::date from appointment where patient_id = p.id and status = 'completed')
		where p.id = $1 and p.last_visit_on = $2::timestamptz::date`, visit.PatientID, visit.StartsAt)
	return err
}
