package db

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// NoteStatus says whether a visit note may still change.
type NoteStatus string

// The statuses of a visit note, as the note_status type names them.
const (
	NoteDraft  NoteStatus = "draft"
	NoteSigned NoteStatus = "signed"
)

// VisitNote is what was found at a visit and what follows: a draft that is saved as one writes, then signed and final.
type VisitNote struct {
	ID              int64      `db:"id"`
	PatientID       int64      `db:"patient_id"`
	AppointmentID   *int64     `db:"appointment_id"` // nil of an amendment
	VetID           int64      `db:"vet_id"`
	AmendsID        *int64     `db:"amends_id"` // the signed note that this one adds to
	SeenAt          time.Time  `db:"seen_at"`
	WeightG         *int       `db:"weight_g"`       // grams
	TemperatureDC   *int       `db:"temperature_dc"` // tenths of a degree Celsius
	HeartRate       *int       `db:"heart_rate"`     // beats a minute
	RespiratoryRate *int       `db:"respiratory_rate"`
	BodyCondition   *int       `db:"body_condition"` // 1 to 9
	Reason          string     `db:"reason"`
	Subjective      string     `db:"subjective"`
	Objective       string     `db:"objective"`
	Assessment      string     `db:"assessment"`
	Plan            string     `db:"plan"`
	Status          NoteStatus `db:"status"`
	SignedAt        *time.Time `db:"signed_at"`
	Version         int        `db:"version"`
	UpdatedAt       time.Time  `db:"updated_at"`
	VetName         string     `db:"vet_name"`
	SignedByName    string     `db:"signed_by_name"`
}

// Signed says whether the note is final.
func (n VisitNote) Signed() bool { return n.Status == NoteSigned }

const selectNote = `
	select n.id, n.patient_id, n.appointment_id, n.vet_id, n.amends_id, n.seen_at, n.weight_g, n.temperature_dc, n.heart_rate,
	       n.respiratory_rate, n.body_condition, n.reason, n.subjective, n.objective, n.assessment, n.plan, n.status, n.signed_at,
	       n.version, n.updated_at, coalesce(v.display_name, '') as vet_name, coalesce(s.display_name, '') as signed_by_name
	  from visit_note n
	  left join staff v on v.id = n.vet_id
	  left join staff s on s.id = n.signed_by`

func oneNote(ctx context.Context, conn Conn, sql string, args ...any) (VisitNote, error) {
	rows, err := conn.Query(ctx, sql, args...)
	if err != nil {
		return VisitNote{}, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[VisitNote])
}

// NoteOfVisit reads the note of a visit; ErrNotFound when nobody has begun it.
func NoteOfVisit(ctx context.Context, conn Conn, appointmentID int64) (VisitNote, error) {
	note, err := oneNote(ctx, conn, selectNote+` where n.appointment_id = $1`, appointmentID)
	return note, wrap(err, "read note of appointment %d", appointmentID)
}

// AmendmentsOf reads what was added to a signed note, the first first.
func AmendmentsOf(ctx context.Context, conn Conn, noteID int64) ([]VisitNote, error) {
	rows, err := conn.Query(ctx, selectNote+` where n.amends_id = $1 order by n.id`, noteID)
	if err != nil {
		return nil, wrap(err, "list amendments of note %d", noteID)
	}
	notes, err := pgx.CollectRows(rows, pgx.RowToStructByName[VisitNote])
	return notes, wrap(err, "list amendments of note %d", noteID)
}

// EarlierNotes reads the latest signed notes of a patient but one, the newest first.
func EarlierNotes(ctx context.Context, conn Conn, patientID, butID int64, limit int) ([]VisitNote, error) {
	rows, err := conn.Query(ctx, selectNote+`
		where n.patient_id = $1 and n.id <> $2 and n.status = 'signed' and n.amends_id is distinct from $2
		order by n.seen_at desc, n.id desc
		limit $3`, patientID, butID, limit)
	if err != nil {
		return nil, wrap(err, "list notes of patient %d", patientID)
	}
	notes, err := pgx.CollectRows(rows, pgx.RowToStructByName[VisitNote])
	return notes, wrap(err, "list notes of patient %d", patientID)
}

// quietFor is how long a writer's further saves of a draft need no line of their own in the log: a draft is saved every
// few seconds, and what it comes to is written down when it is signed.
const quietFor = 10 * time.Minute

// SaveVisitNote saves the draft of a visit's note, begun (Version 0) or over the version that was read. ErrStale when
// somebody else saved it meanwhile, also when both began it; the note as it stands comes with that.
func SaveVisitNote(ctx context.Context, conn Conn, note VisitNote) (VisitNote, error) {
	var saved VisitNote
	err := InTx(ctx, conn, func(tx pgx.Tx) (err error) {
		saved, err = saveNote(ctx, tx, note)
		return err
	})
	if errors.Is(err, ErrStale) && note.AppointmentID != nil {
		if saved, err = NoteOfVisit(ctx, conn, *note.AppointmentID); err == nil {
			err = ErrStale
		}
	}
	return saved, wrap(err, "save note of patient %d", note.PatientID)
}

// SignVisitNote saves a note and makes it final. What the patient weighed becomes its weight.
func SignVisitNote(ctx context.Context, conn Conn, note VisitNote, by int64, now time.Time) (VisitNote, error) {
	var signed VisitNote
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		saved, err := saveNote(ctx, tx, note)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			update visit_note
			   set status = 'signed', signed_at = $2, signed_by = $3, version = version + 1, updated_at = $2
			 where id = $1`, saved.ID, now, by)
		if err != nil {
			return err
		}
		if signed, err = oneNote(ctx, tx, selectNote+` where n.id = $1`, saved.ID); err != nil {
			return err
		}
		if err := auditNote(ctx, tx, "signed", VisitNote{}, signed); err != nil {
			return err
		}
		return weighAtVisit(ctx, tx, signed)
	})
	if errors.Is(err, ErrStale) && note.AppointmentID != nil {
		if signed, err = NoteOfVisit(ctx, conn, *note.AppointmentID); err == nil {
			err = ErrStale
		}
	}
	return signed, wrap(err, "sign note of patient %d", note.PatientID)
}

// AmendVisitNote adds to a signed note what was noticed later; it is signed at once.
func AmendVisitNote(ctx context.Context, conn Conn, noteID int64, text string, by int64, now time.Time) error {
	if text == "" {
		return Invalid{"amendment": "Write what is to be added."}
	}
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		amended, err := oneNote(ctx, tx, selectNote+` where n.id = $1`, noteID)
		if err != nil {
			return err
		}
		if !amended.Signed() {
			return Refused("This note isn't signed yet: change it, it needs no amendment.")
		}
		var id int64
		err = tx.QueryRow(ctx, `
			insert into visit_note (patient_id, vet_id, amends_id, seen_at, reason, assessment, status, signed_at, signed_by)
			values ($1, $2, $3, $4, 'Amendment', $5, 'signed', $4, $2)
			returning id`, amended.PatientID, by, noteID, now, text).Scan(&id)
		if err != nil {
			return err
		}
		amendment, err := oneNote(ctx, tx, selectNote+` where n.id = $1`, id)
		if err != nil {
			return err
		}
		return auditNote(ctx, tx, "amended", VisitNote{}, amendment)
	})
	return wrap(err, "amend note %d", noteID)
}

func saveNote(ctx context.Context, tx pgx.Tx, note VisitNote) (VisitNote, error) {
	if note.Version == 0 {
		return beginNote(ctx, tx, note)
	}
	before, err := oneNote(ctx, tx, selectNote+` where n.id = $1 for update of n`, note.ID)
	switch {
	case err != nil:
		return before, err
	case before.Signed():
		return before, Refused("This note is signed, so it can't change. Add an amendment below it.")
	case before.Version != note.Version:
		return before, ErrStale
	}
	_, err = tx.Exec(ctx, `
		update visit_note
		   set weight_g = $2, temperature_dc = $3, heart_rate = $4, respiratory_rate = $5, body_condition = $6, reason = $7,
		       subjective = $8, objective = $9, assessment = $10, plan = $11, version = version + 1, updated_at = now()
		 where id = $1`, note.ID, note.WeightG, note.TemperatureDC, note.HeartRate, note.RespiratoryRate, note.BodyCondition,
		note.Reason, note.Subjective, note.Objective, note.Assessment, note.Plan)
	if err != nil {
		return before, err
	}
	after, err := oneNote(ctx, tx, selectNote+` where n.id = $1`, note.ID)
	if err != nil {
		return after, err
	}
	said, err := saidLately(ctx, tx, note.ID)
	if err != nil || said {
		return after, err
	}
	return after, auditNote(ctx, tx, "updated", before, after)
}

// beginNote writes the first draft; whoever begins second is told of the first.
func beginNote(ctx context.Context, tx pgx.Tx, note VisitNote) (VisitNote, error) {
	err := tx.QueryRow(ctx, `
		insert into visit_note (patient_id, appointment_id, vet_id, seen_at, weight_g, temperature_dc, heart_rate, respiratory_rate,
		                        body_condition, reason, subjective, objective, assessment, plan)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		on conflict (appointment_id) do nothing
		returning id`, note.PatientID, note.AppointmentID, note.VetID, note.SeenAt, note.WeightG, note.TemperatureDC, note.HeartRate,
		note.RespiratoryRate, note.BodyCondition, note.Reason, note.Subjective, note.Objective, note.Assessment, note.Plan).Scan(&note.ID)
	if errors.Is(err, pgx.ErrNoRows) {
		return note, ErrStale
	} else if err != nil {
		return note, err
	}
	begun, err := oneNote(ctx, tx, selectNote+` where n.id = $1`, note.ID)
	if err != nil {
		return begun, err
	}
	return begun, auditNote(ctx, tx, "created", VisitNote{}, begun)
}

// saidLately says whether the log names this writer as the last of a draft, a moment ago.
func saidLately(ctx context.Context, tx pgx.Tx, noteID int64) (bool, error) {
	var lately bool
	err := tx.QueryRow(ctx, `
		select coalesce((
		  select actor = $2 and at > now() - $3::interval
		    from audit_log
		   where entity = 'visit_note' and entity_id = $1
		   order by id desc
		   limit 1), false)`, noteID, ActorFrom(ctx).Name, quietFor).Scan(&lately)
	return lately, err
}

func auditNote(ctx context.Context, tx pgx.Tx, action string, before, after VisitNote) error {
	before.VetName, before.SignedByName, after.VetName, after.SignedByName = "", "", "", ""
	var client int64
	if err := tx.QueryRow(ctx, `select client_id from patient where id = $1`, after.PatientID).Scan(&client); err != nil {
		return err
	}
	return Audit(ctx, tx, Audited{Action: action, Entity: "visit_note", EntityID: after.ID, ClientID: client, Diff: DiffOf(before, after)})
}

// weighAtVisit makes what a patient weighed at a visit its weight, unless it was weighed later.
func weighAtVisit(ctx context.Context, tx pgx.Tx, note VisitNote) error {
	if note.WeightG == nil {
		return nil
	}
	before, err := onePatient(ctx, tx, `select `+patientColumns+` from patient where id = $1 for update`, note.PatientID)
	if err != nil {
		return err
	}
	after, err := onePatient(ctx, tx, `
		update patient
		   set weight_g = $2, weighed_on = $3::timestamptz::date, version = version + 1, updated_at = now()
		 where id = $1 and (weighed_on is null or weighed_on <= $3::timestamptz::date) and (weight_g, weighed_on) is distinct from ($2, $3::timestamptz::date)
		returning `+patientColumns, note.PatientID, note.WeightG, note.SeenAt)
	if errors.Is(err, pgx.ErrNoRows) || errors.Is(err, ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	return Audit(ctx, tx, Audited{Action: "updated", Entity: "patient", EntityID: after.ID, ClientID: after.ClientID, Diff: DiffOf(before, after)})
}
