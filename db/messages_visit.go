package db

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Household is whom a message goes to, and the clinic that it comes from.
type Household struct {
	ClientID        int64   `db:"client_id"`
	ClientFirstName string  `db:"client_first_name"`
	ClientLastName  string  `db:"client_last_name"`
	ClientStatus    string  `db:"client_status"`
	ClientPhone     string  `db:"client_phone"` // the mobile, or the other telephone
	Preferred       Channel `db:"preferred"`
	Email           string  `db:"email"`
	EmailOptedOut   bool    `db:"email_opted_out"`
	EmailBounced    bool    `db:"email_bounced"`
	Mobile          string  `db:"mobile"`
	SMSOptedOut     bool    `db:"sms_opted_out"`
	MobileFailed    bool    `db:"mobile_failed"`
	Texts           bool    `db:"texts"`        // the clinic sends text messages
	CountryCode     string  `db:"country_code"` // of a mobile without one

	ClinicName    string `db:"clinic_name"`
	ClinicPhone   string `db:"clinic_phone"`
	ClinicEmail   string `db:"clinic_email"`
	ClinicAddress string `db:"clinic_address"`
}

const householdColumns = `
	c.id as client_id, c.first_name as client_first_name, c.last_name as client_last_name, c.status::text as client_status,
	coalesce(nullif(c.mobile, ''), c.phone_alt) as client_phone, c.email,
	c.preferred, c.email_opt_out_at is not null as email_opted_out, c.email_bounced_at is not null as email_bounced,
	c.mobile, c.sms_opt_out_at is not null as sms_opted_out, c.mobile <> '' and c.mobile_failed = c.mobile as mobile_failed,
	coalesce((select texts from message_settings), false) as texts, coalesce((select country_code from message_settings), '1') as country_code,
	coalesce(k.name, '') as clinic_name, coalesce(k.phone, '') as clinic_phone,
	coalesce(k.email, '') as clinic_email, coalesce(k.address, '') as clinic_address`

// VisitFacts is what a message about a visit says, and what decides whether it may be sent.
type VisitFacts struct {
	Household
	AppointmentID int64     `db:"appointment_id"`
	Status        string    `db:"status"`
	StartsAt      time.Time `db:"starts_at"`
	EndsAt        time.Time `db:"ends_at"`
	TypeName      string    `db:"type_name"`
	SendMessages  bool      `db:"send_messages"`
	VetID         int64     `db:"vet_id"` // 0 for none
	VetName       string    `db:"vet_name"`
	RoomID        int64     `db:"room_id"` // 0 for none
	BookedAt      time.Time `db:"booked_at"`
	Version       int       `db:"version"` // grows with every change of the visit

	PatientID     int64  `db:"patient_id"`
	PatientName   string `db:"patient_name"`
	PatientStatus string `db:"patient_status"`
}

const mergedReason = "The household was merged into another one."

// WhyNot is the sentence that says why a message of this kind must not go out about this visit now, or "" when it
// may. The same rules hold when a message is written down and when it is sent: the world may change between.
func (v VisitFacts) WhyNot(kind MessageKind, now time.Time) string {
	cancelled := v.Status == "cancelled"
	switch {
	case kind == MessageVisitCancelled && !cancelled:
		return "The visit is not cancelled any more."
	case kind != MessageVisitCancelled && cancelled:
		return "The visit was cancelled."
	case v.Status == "no_show":
		return "The client did not come to the visit."
	case v.Status == "arrived" || v.Status == "in_room" || v.Status == "ready" || v.Status == "completed":
		return "The client has already arrived."
	case !v.StartsAt.After(now):
		return "The time of the visit has passed."
	case v.PatientStatus == "deceased":
		return "The patient is recorded as deceased."
	case !v.SendMessages:
		return "Visits of this type send no messages."
	case v.ClientStatus == "merged":
		return mergedReason
	case kind == MessageVisitReminder && v.Status == "requested":
		return "The visit is only requested."
	case kind == MessageVisitReminder && v.Status == "confirmed":
		return "The client has confirmed the visit."
	}
	return v.Unreachable()
}

const visitFactsColumns = `
	a.id as appointment_id, a.status::text, a.starts_at, a.ends_at, t.name as type_name, t.send_messages,
	coalesce(a.vet_id, 0) as vet_id, coalesce(s.display_name, '') as vet_name, coalesce(a.room_id, 0) as room_id,
	a.created_at as booked_at, a.version,
	p.id as patient_id, p.name as patient_name, p.status::text as patient_status,` + householdColumns

const visitFactsFrom = `
	  from appointment a
	  join appointment_type t on t.id = a.type_id
	  join client c on c.id = a.client_id
	  join patient p on p.id = a.patient_id
	  left join staff s on s.id = a.vet_id
	  left join clinic k on true`

// GetVisitFacts reads the visit, its household, patient and clinic as they are now. A block is ErrNotFound.
func GetVisitFacts(ctx context.Context, conn Conn, appointmentID int64) (VisitFacts, error) {
	rows, _ := conn.Query(ctx, `
		select `+visitFactsColumns+visitFactsFrom+`
		 where a.id = $1 and a.kind = 'visit'`, appointmentID)
	facts, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[VisitFacts])
	return facts, wrap(err, "read visit %d", appointmentID)
}

// AddVisitMessage writes down that the household is to be told about the visit as it now stands, in the transaction
// of the change that gave reason to. It adds nothing, and answers the message that is there, when the last message
// about the visit already says the same (time, vet and room). Messages still waiting to say something older are
// suppressed. A message that must not go out is written down as suppressed with its reason, so that staff see it.
// Hand the message to jobs.Client.EnqueueMessage in the same transaction.
func AddVisitMessage(ctx context.Context, tx Conn, kind MessageKind, appointmentID int64) (Message, bool, error) {
	if _, err := tx.Exec(ctx, `select from appointment where id = $1 for update`, appointmentID); err != nil {
		return Message{}, false, wrap(err, "lock visit %d", appointmentID)
	}
	facts, err := GetVisitFacts(ctx, tx, appointmentID)
	if err != nil {
		return Message{}, false, err
	}
	earlier, err := MessagesOfAppointment(ctx, tx, appointmentID)
	if err != nil {
		return Message{}, false, err
	}

	says := visitSays(kind, facts)
	if len(earlier) > 0 && earlier[0].DedupeKey != nil && strings.HasPrefix(*earlier[0].DedupeKey, says+":") {
		return earlier[0], false, nil
	}

	var now time.Time
	if err := tx.QueryRow(ctx, `select clock_timestamp()`).Scan(&now); err != nil {
		return Message{}, false, wrap(err, "read the clock")
	}
	key := fmt.Sprintf("%s:%d", says, len(earlier)+1)
	status, reason := MessageQueued, facts.WhyNot(kind, now)
	if reason != "" {
		status = MessageSuppressed
	}
	if err := replaceWaiting(ctx, tx, appointmentID); err != nil {
		return Message{}, false, err
	}

	var id int64
	way := facts.Way()
	err = tx.QueryRow(ctx, `
		insert into message (kind, client_id, patient_id, appointment_id, channel, to_addr, status, status_reason,
		                     dedupe_key, message_id, created_by, created_at, updated_at)
		values (@kind, @client, @patient, @appointment, @channel, @to, @status::message_status, @reason,
		        @key, @message_id, nullif(@by, 0), @now, @now)
		returning id`,
		pgx.NamedArgs{
			"kind": kind, "client": facts.ClientID, "patient": facts.PatientID, "appointment": appointmentID,
			"channel": way.channel(), "to": way.Address, "status": status, "reason": reason,
			"key": key, "message_id": mailID(key, now, facts.ClinicEmail), "by": ActorFrom(ctx).StaffID, "now": now,
		}).Scan(&id)
	if err != nil {
		return Message{}, false, wrap(err, "add message about visit %d", appointmentID)
	}
	message, err := GetMessage(ctx, tx, id)
	return message, err == nil, err
}

const replacedReason = "A newer message about this visit took its place."

// replaceWaiting suppresses what has not gone out yet about a visit: it would tell an old time.
func replaceWaiting(ctx context.Context, tx Conn, appointmentID int64) error {
	_, err := tx.Exec(ctx, `
		update message
		   set status = 'suppressed', status_reason = $2, updated_at = now()
		 where appointment_id = $1 and direction = 'out' and status = 'queued'`, appointmentID, replacedReason)
	return wrap(err, "replace messages of visit %d", appointmentID)
}

// visitSays is what a message of this kind tells the household, as a key. A number is put behind it, so that a visit
// moved away and back again is told about each time.
func visitSays(kind MessageKind, facts VisitFacts) string {
	return fmt.Sprintf("%s:%d:%s:vet-%d:room-%d", kind, facts.AppointmentID,
		facts.StartsAt.UTC().Format("2006-01-02T15:04Z"), facts.VetID, facts.RoomID)
}

// mailID is the Message-ID of a message for good: a second try after a crash carries it again, and mail systems keep
// one of the two. The time tells messages of two databases apart that count their rows alike.
func mailID(key string, at time.Time, clinicEmail string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", key, at.UnixMicro()))
	_, domain, found := strings.Cut(clinicEmail, "@")
	if !found || domain == "" {
		domain = "purple-cross.invalid"
	}
	return hex.EncodeToString(sum[:16]) + "@" + domain
}
