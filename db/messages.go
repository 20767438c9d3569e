package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// MessageStatus is where a message stands.
type MessageStatus string

// The statuses of an outgoing message. Queued covers waiting for another try: StatusReason then says why.
const (
	MessageQueued     MessageStatus = "queued"
	MessageSending    MessageStatus = "sending"
	MessageSent       MessageStatus = "sent"
	MessageDelivered  MessageStatus = "delivered"
	MessageBounced    MessageStatus = "bounced"
	MessageFailed     MessageStatus = "failed"
	MessageSuppressed MessageStatus = "suppressed"
	MessageReceived   MessageStatus = "received" // from a client
)

// MessageKind is what a message is about.
type MessageKind string

// The messages there are.
const (
	MessageVisitConfirmation MessageKind = "visit_confirmation"
	MessageVisitMoved        MessageKind = "visit_moved"
	MessageVisitCancelled    MessageKind = "visit_cancelled"
	MessageVisitReminder     MessageKind = "visit_reminder"
	MessageCareReminder      MessageKind = "care_reminder"
	MessageCertificate       MessageKind = "certificate"  // a patient's vaccinations, attached
	MessageReport            MessageKind = "report"       // to a person of the clinic, with a report's file
	MessageMailing           MessageKind = "mailing"      // what a person writes to many households
	MessageWordingTest       MessageKind = "wording_test" // to a person of the clinic, about a client who was made up
	MessageFromClient        MessageKind = "from_client"  // what a client wrote
)

// Reminds says whether a message comes by the clock, not by what somebody did: quiet hours hold it back.
func (k MessageKind) Reminds() bool { return k == MessageVisitReminder || k == MessageCareReminder }

// Message is one row of the outbox and log, with the names of those it is about. Its MessageID is that of RFC 5322,
// without angle brackets.
type Message struct {
	ID            int64         `db:"id"`
	Kind          MessageKind   `db:"kind"`
	Channel       string        `db:"channel"`
	ClientID      *int64        `db:"client_id"`
	PatientID     *int64        `db:"patient_id"`
	AppointmentID *int64        `db:"appointment_id"`
	ToAddr        string        `db:"to_addr"`
	Subject       string        `db:"subject"` // as sent; empty before
	Body          string        `db:"body"`    // the plain text as sent; empty before
	Status        MessageStatus `db:"status"`
	StatusReason  string        `db:"status_reason"` // a sentence: why it waits, failed or was not sent
	Attempts      int           `db:"attempts"`
	JobID         *int64        `db:"job_id"`
	MessageID     *string       `db:"message_id"`
	DedupeKey     *string       `db:"dedupe_key"`
	NotBefore     time.Time     `db:"not_before"`
	ByHand        bool          `db:"by_hand"`    // a person wants it sent whatever the hour
	NeedsCall     bool          `db:"needs_call"` // it cannot reach the household
	CalledAt      *time.Time    `db:"called_at"`
	Tests         MessageKind   `db:"template_key"` // of a wording test: the kind whose wording it shows
	SendingAt     *time.Time    `db:"sending_at"`
	SentAt        *time.Time    `db:"sent_at"`
	Segments      int           `db:"segments"` // how many text messages it is billed as
	CreatedAt     time.Time     `db:"created_at"`
	UpdatedAt     time.Time     `db:"updated_at"`

	ClientName  string     `db:"client_name"`
	PatientName string     `db:"patient_name"`
	VisitAt     *time.Time `db:"visit_at"`
}

// Settled says whether nothing more will happen to the message by itself.
func (m Message) Settled() bool {
	return m.Status != MessageQueued && m.Status != MessageSending
}

// Retryable says whether a person may ask for another try now.
func (m Message) Retryable() bool {
	switch m.Status {
	case MessageQueued, MessageFailed, MessageSuppressed:
		return true
	}
	return false
}

const messageColumns = `
	select m.id, m.kind, m.channel::text, m.client_id, m.patient_id, m.appointment_id, m.to_addr, m.subject, m.body,
	       m.status::text, m.status_reason, m.attempts, m.job_id, m.message_id, m.dedupe_key, m.not_before, m.by_hand,
	       m.needs_call, m.called_at, m.template_key, m.sending_at, m.sent_at, m.segments, m.created_at, m.updated_at,
	       coalesce(btrim(c.first_name || ' ' || c.last_name), '') as client_name,
	       coalesce(p.name, '') as patient_name, a.starts_at as visit_at
	  from message m
	  left join client c on c.id = m.client_id
	  left join patient p on p.id = m.patient_id
	  left join appointment a on a.id = m.appointment_id`

// GetMessage is the message with this id.
func GetMessage(ctx context.Context, conn Conn, id int64) (Message, error) {
	message, err := oneMessage(ctx, conn, messageColumns+`
		 where m.id = $1`, id)
	return message, wrap(err, "get message %d", id)
}

// MessagesOfClient are the newest messages to a household.
func MessagesOfClient(ctx context.Context, conn Conn, clientID int64, limit int) ([]Message, error) {
	messages, err := manyMessages(ctx, conn, messageColumns+`
		 where m.client_id = $1
		 order by m.created_at desc, m.id desc
		 limit $2`, clientID, limit)
	return messages, wrap(err, "list messages of client %d", clientID)
}

// MessagesOfPatient are the newest messages about a patient.
func MessagesOfPatient(ctx context.Context, conn Conn, patientID int64, limit int) ([]Message, error) {
	messages, err := manyMessages(ctx, conn, messageColumns+`
		 where m.patient_id = $1 or m.id in (select message_id from message_item where patient_id = $1)
		 order by m.created_at desc, m.id desc
		 limit $2`, patientID, limit)
	return messages, wrap(err, "list messages of patient %d", patientID)
}

// MessagesOfAppointment are all messages about a visit, newest first.
func MessagesOfAppointment(ctx context.Context, conn Conn, appointmentID int64) ([]Message, error) {
	messages, err := manyMessages(ctx, conn, messageColumns+`
		 where m.appointment_id = $1 or m.id in (select message_id from message_item where appointment_id = $1)
		 order by m.created_at desc, m.id desc`, appointmentID)
	return messages, wrap(err, "list messages of appointment %d", appointmentID)
}

func oneMessage(ctx context.Context, conn Conn, sql string, args ...any) (Message, error) {
	rows, _ := conn.Query(ctx, sql, args...)
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Message])
}

func manyMessages(ctx context.Context, conn Conn, sql string, args ...any) ([]Message, error) {
	rows, _ := conn.Query(ctx, sql, args...)
	return pgx.CollectRows(rows, pgx.RowToStructByName[Message])
}
