package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// DeathStops is what ends when a patient is marked as deceased.
type DeathStops struct {
	Visits    []Visit   // still to come
	Reminders []DueCare // open ones
	Messages  int       // waiting to be sent about the patient
}

const deathReason = "The patient has died."

// StoppedByDeath reads what RecordDeath would stop now.
func StoppedByDeath(ctx context.Context, conn Conn, patientID int64) (DeathStops, error) {
	var stops DeathStops
	var err error
	stops.Visits, err = manyVisits(ctx, conn, selectVisit+`
		where a.patient_id = $1 and a.starts_at > now() and a.status in ('requested', 'booked', 'confirmed')
		order by a.starts_at, a.id`, patientID)
	if err != nil {
		return stops, wrap(err, "list visits stopped for patient %d", patientID)
	}
	if stops.Reminders, err = DueCareOf(ctx, conn, patientID); err != nil {
		return stops, err
	}
	err = conn.QueryRow(ctx, `
		select count(*)
		  from message
		 where patient_id = $1 and direction = 'out' and status = 'queued'`, patientID).Scan(&stops.Messages)
	return stops, wrap(err, "count messages stopped for patient %d", patientID)
}

// RecordDeath marks a patient as deceased on a day (nil: not known) and, in the same transaction, cancels its visits
// to come, closes its reminders and suppresses its waiting messages: nothing is ever sent for it again.
func RecordDeath(ctx context.Context, conn Conn, patientID int64, version int, on *time.Time) (Patient, DeathStops, error) {
	var patient Patient
	var stops DeathStops
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		before, err := onePatient(ctx, tx, `select `+patientColumns+` from patient where id = $1 for update`, patientID)
		if err != nil {
			return err
		}
		if before.Version != version {
			return ErrStale
		}
		if on != nil && before.DOB != nil && on.Before(*before.DOB) {
			return Invalid{"deceased_on": sentences["patient_born_before_death"][1]}
		}
		if stops, err = StoppedByDeath(ctx, tx, patientID); err != nil {
			return err
		}
		patient, err = onePatient(ctx, tx, `
			update patient
			   set status = 'deceased', deceased_on = $2, version = version + 1, updated_at = now()
			 where id = $1
			returning `+patientColumns, patientID, on)
		if err != nil {
			return err
		}
		err = Audit(ctx, tx, Audited{Action: "updated", Entity: "patient", EntityID: patientID, ClientID: patient.ClientID, Diff: DiffOf(before, patient)})
		if err != nil {
			return err
		}
		return stops.stop(ctx, tx, patient)
	})
	return patient, stops, wrap(err, "record death of patient %d", patientID)
}

func (s DeathStops) stop(ctx context.Context, tx pgx.Tx, patient Patient) error {
	for _, visit := range s.Visits {
		_, err := tx.Exec(ctx, `
			update appointment
			   set status = 'cancelled', cancelled_at = now(), cancel_reason = $2, version = version + 1, updated_at = now()
			 where id = $1`, visit.ID, deathReason)
		if err != nil {
			return err
		}
		after, err := GetVisit(ctx, tx, visit.ID)
		if err != nil {
			return err
		}
		err = Audit(ctx, tx, Audited{Action: "cancelled", Entity: "appointment", EntityID: visit.ID, ClientID: patient.ClientID, Diff: visitDiff(visit, after)})
		if err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `
		update reminder
		   set status = 'cancelled', closed_at = now(), closed_reason = $2
		 where patient_id = $1 and status in ('open', 'booked')`, patient.ID, deathReason)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		update message
		   set status = 'suppressed', status_reason = $2, updated_at = now()
		 where patient_id = $1 and direction = 'out' and status = 'queued'`, patient.ID, deathReason)
	return err
}
