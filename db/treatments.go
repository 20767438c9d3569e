package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// Treatment is what was given to a patient.
type Treatment struct {
	ID           int64      `db:"id"`
	PatientID    int64      `db:"patient_id"`
	VisitNoteID  *int64     `db:"visit_note_id"`
	ProtocolID   *int64     `db:"protocol_id"`
	Kind         string     `db:"kind"` // one of TreatmentKinds
	Product      string     `db:"product"`
	Lot          string     `db:"lot"`
	Dose         string     `db:"dose"`
	Instructions string     `db:"instructions"`
	GivenOn      time.Time  `db:"given_on"`
	NextDue      *time.Time `db:"next_due"`
	GivenBy      *int64     `db:"given_by"`
	CreatedAt    time.Time  `db:"created_at"`
	Protocol     string     `db:"protocol"`
	GivenByName  string     `db:"given_by_name"`
}

// CareProtocol is care that is given again after a while.
type CareProtocol struct {
	ID        int64  `db:"id"`
	Name      string `db:"name"`
	Kind      string `db:"kind"`
	EveryDays int    `db:"every_days"`
}

// ProtocolsFor are the care protocols of a species.
func ProtocolsFor(ctx context.Context, conn Conn, species Species) ([]CareProtocol, error) {
	rows, err := conn.Query(ctx, `
		select id, name, kind::text, every_days
		  from care_protocol
		 where active and $1::species = any(species)
		 order by name`, string(species))
	if err != nil {
		return nil, wrap(err, "list care protocols")
	}
	protocols, err := pgx.CollectRows(rows, pgx.RowToStructByName[CareProtocol])
	return protocols, wrap(err, "list care protocols")
}

const selectTreatment = `
	select t.id, t.patient_id, t.visit_note_id, t.protocol_id, t.kind::text, t.product, t.lot, t.dose, t.instructions, t.given_on,
	       t.next_due, t.given_by, t.created_at, coalesce(o.name, '') as protocol, coalesce(s.display_name, '') as given_by_name
	  from treatment t
	  left join care_protocol o on o.id = t.protocol_id
	  left join staff s on s.id = t.given_by`

// TreatmentsOfNote reads what was given at a visit, in the order of giving.
func TreatmentsOfNote(ctx context.Context, conn Conn, noteID int64) ([]Treatment, error) {
	rows, err := conn.Query(ctx, selectTreatment+` where t.visit_note_id = $1 order by t.id`, noteID)
	if err != nil {
		return nil, wrap(err, "list treatments of note %d", noteID)
	}
	given, err := pgx.CollectRows(rows, pgx.RowToStructByName[Treatment])
	return given, wrap(err, "list treatments of note %d", noteID)
}

// GiveTreatment writes down what was given. Under a care protocol it is due again after the protocol's days (or when
// t.NextDue says), the reminder of it is done, and the next one is opened, all in one transaction.
func GiveTreatment(ctx context.Context, conn Conn, t Treatment) (Treatment, error) {
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		patient, err := onePatient(ctx, tx, `select `+patientColumns+` from patient where id = $1 for update`, t.PatientID)
		if err != nil {
			return err
		}
		if patient.Status == PatientDeceased {
			return Refused(patient.Name + " is marked as deceased, so nothing can be given.")
		}
		if err := underProtocol(ctx, tx, &t); err != nil {
			return err
		}
		if t.Product == "" {
			return Invalid{"product": "Enter what was given."}
		}
		err = tx.QueryRow(ctx, `
			insert into treatment (patient_id, visit_note_id, protocol_id, kind, product, lot, dose, instructions, given_on, next_due, given_by)
			values ($1, $2, $3, $4::treatment_kind, $5, $6, $7, $8, $9, $10, $11)
			returning id, created_at`, t.PatientID, t.VisitNoteID, t.ProtocolID, t.Kind, t.Product, t.Lot, t.Dose, t.Instructions,
			t.GivenOn, t.NextDue, t.GivenBy).Scan(&t.ID, &t.CreatedAt)
		if err != nil {
			return err
		}
		if err := remindNext(ctx, tx, t); err != nil {
			return err
		}
		return Audit(ctx, tx, Audited{Action: "created", Entity: "treatment", EntityID: t.ID, ClientID: patient.ClientID, Diff: DiffOf(Treatment{}, t)})
	})
	return t, wrap(err, "give treatment to patient %d", t.PatientID)
}

// underProtocol fills in what a treatment's protocol knows.
func underProtocol(ctx context.Context, tx pgx.Tx, t *Treatment) error {
	if t.ProtocolID == nil {
		return nil
	}
	var every int
	if err := tx.QueryRow(ctx, `select name, kind::text, every_days from care_protocol where id = $1`, *t.ProtocolID).Scan(&t.Protocol, &t.Kind, &every); err != nil {
		return err
	}
	if t.Product == "" {
		t.Product = t.Protocol
	}
	if t.NextDue == nil {
		due := t.GivenOn.AddDate(0, 0, every)
		t.NextDue = &due
	}
	return nil
}

// remindNext closes the reminder that a treatment satisfies and opens the next. Both carry the treatment's moment, by
// which WithdrawTreatment finds them again.
func remindNext(ctx context.Context, tx pgx.Tx, t Treatment) error {
	if t.ProtocolID == nil || t.NextDue == nil {
		return nil
	}
	_, err := tx.Exec(ctx, `
		update reminder
		   set status = 'satisfied', closed_at = $3, closed_reason = 'Given.'
		 where patient_id = $1 and protocol_id = $2 and status in ('open', 'booked')`, t.PatientID, *t.ProtocolID, t.CreatedAt)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into reminder (patient_id, protocol_id, source_treatment_id, due_on, created_at)
		values ($1, $2, $3, $4, $5)`, t.PatientID, *t.ProtocolID, t.ID, *t.NextDue, t.CreatedAt)
	return err
}

// WithdrawTreatment takes a treatment back that was written down by mistake: its reminder is cancelled, the one that
// it satisfied is open again. Once the visit's note is signed it stays.
func WithdrawTreatment(ctx context.Context, conn Conn, noteID, id int64) error {
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		note, err := oneNote(ctx, tx, selectNote+` where n.id = $1 for update of n`, noteID)
		if err != nil {
			return err
		}
		if note.Signed() {
			return Refused("This note is signed, so what was given can't be taken back. Add an amendment that says what really happened.")
		}
		rows, err := tx.Query(ctx, selectTreatment+` where t.id = $1 and t.visit_note_id = $2 for update of t`, id, noteID)
		if err != nil {
			return err
		}
		t, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Treatment])
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `
			update reminder
			   set status = 'cancelled', closed_at = now(), closed_reason = 'The treatment was taken back.', source_treatment_id = null
			 where source_treatment_id = $1`, id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `
			update reminder
			   set status = case when appointment_id is null then 'open' else 'booked' end::reminder_status, closed_at = null, closed_reason = ''
			 where patient_id = $1 and protocol_id = $2 and status = 'satisfied' and closed_at = $3`, t.PatientID, t.ProtocolID, t.CreatedAt); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `delete from treatment where id = $1`, id); err != nil {
			return err
		}
		var client int64
		if err := tx.QueryRow(ctx, `select client_id from patient where id = $1`, t.PatientID).Scan(&client); err != nil {
			return err
		}
		return Audit(ctx, tx, Audited{Action: "deleted", Entity: "treatment", EntityID: t.ID, ClientID: client, Diff: DiffOf(t, Treatment{})})
	})
	return wrap(err, "withdraw treatment %d", id)
}
