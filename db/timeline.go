package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// EventKind is what a line of a patient's timeline is.
type EventKind string

// The kinds of events.
const (
	EventVisit     EventKind = "visit"
	EventNote      EventKind = "note"
	EventTreatment EventKind = "treatment"
	EventMessage   EventKind = "message"
)

// Event is one line of a patient's timeline.
type Event struct {
	Kind   EventKind  `db:"kind"`
	ID     int64      `db:"id"`
	At     time.Time  `db:"at"`     // of a treatment the day's midnight
	Title  string     `db:"title"`  // the visit's type, the product, the message's kind
	Text   string     `db:"text"`   // the reason, the assessment and plan, lot and dose, why it was not sent
	Who    string     `db:"who"`    // the vet, or who gave it
	Status string     `db:"status"` // of the visit, the note, the message
	Next   *time.Time `db:"next"`   // when the treatment is due again
	Visit  *int64     `db:"visit"`  // of which a note is
}

// EventMark is a place in a timeline: the events after it are older.
type EventMark struct {
	At   time.Time
	Kind EventKind
	ID   int64
}

// Timeline is a page of what happened to a patient, newest first, and whether older events follow. A nil mark begins
// with the newest. Notes and treatments are read only for those who may (clinical).
func Timeline(ctx context.Context, conn Conn, patientID int64, after *EventMark, clinical bool, limit int) ([]Event, bool, error) {
	mark := EventMark{At: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}
	if after != nil {
		mark = *after
	}
	rows, err := conn.Query(ctx, `
		select kind, id, at, title, text, who, status, next, visit
		  from (
		    select 'visit' as kind, a.id, a.starts_at as at, coalesce(t.name, 'Visit') as title,
		           concat_ws(' ', nullif(a.reason, ''), nullif(a.cancel_reason, '')) as text,
		           coalesce(s.display_name, '') as who, a.status::text as status, null::date as next, null::bigint as visit
		      from appointment a
		      left join appointment_type t on t.id = a.type_id
		      left join staff s on s.id = a.vet_id
		     where a.patient_id = @patient and (a.starts_at <= now() or a.status = 'cancelled')
		    union all
		    select 'note', n.id, n.seen_at, coalesce(nullif(n.reason, ''), 'Visit note'),
		           concat_ws(E'\n', nullif(n.assessment, ''), nullif(n.plan, '')),
		           coalesce(s.display_name, ''), n.status::text, null, coalesce(n.appointment_id, (select o.appointment_id from visit_note o where o.id = n.amends_id))
		      from visit_note n
		      left join staff s on s.id = n.vet_id
		     where n.patient_id = @patient and @clinical
		    union all
		    select 'treatment', r.id, r.given_on::timestamptz, r.product,
		           concat_ws(' · ', nullif('Lot ' || r.lot, 'Lot '), nullif(r.dose, ''), nullif(r.instructions, '')),
		           coalesce(s.display_name, ''), '', r.next_due, null
		      from treatment r
		      left join staff s on s.id = r.given_by
		     where r.patient_id = @patient and @clinical
		    union all
		    select 'message', m.id, m.created_at, m.kind,
		           m.status_reason, m.channel::text, m.status::text, null, null
		      from message m
		     where m.patient_id = @patient or m.id in (select message_id from message_item where patient_id = @patient)) happened
		 where (at, kind, id) < (@at, @kind, @id)
		 order by at desc, kind desc, id desc
		 limit @limit`,
		pgx.NamedArgs{"patient": patientID, "clinical": clinical, "at": mark.At, "kind": mark.Kind, "id": mark.ID, "limit": limit + 1})
	if err != nil {
		return nil, false, wrap(err, "timeline of patient %d", patientID)
	}
	events, err := pgx.CollectRows(rows, pgx.RowToStructByName[Event])
	older := len(events) > limit
	return events[:min(len(events), limit)], older, wrap(err, "timeline of patient %d", patientID)
}

// Mark is the place of the event, for the page after it.
func (e Event) Mark() EventMark { return EventMark{At: e.At, Kind: e.Kind, ID: e.ID} }
