package db

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// MessageFacts is what a message is about, as the world is now.
type MessageFacts struct {
	Household
	Visits  []VisitFacts      // one, or of a reminder several
	Care    []CareFacts       // of a reminder of care
	Proof   *CertificateFacts // of a certificate
	LeftOut map[int64]string  // why a reminder no longer speaks of an item, by the item's id
	Merged  bool              // the household it was written to is another one now
	Mailing *Mailing          // of a mailing: what it says
	Pets    []string          // of a mailing: whom it is about
}

// MessageItem is one thing that a reminder tells.
type MessageItem struct {
	ID            int64      `db:"id"`
	PatientID     int64      `db:"patient_id"`
	AppointmentID *int64     `db:"appointment_id"`
	ReminderID    *int64     `db:"reminder_id"`
	SaidAt        *time.Time `db:"said_at"`
	DueOn         *time.Time `db:"due_on"`
	Lead          int        `db:"lead"` // hours before the visit, or days before the care is due
	LeftOut       string     `db:"left_out"`
}

// ItemsOfMessage is what a reminder tells; a message of another kind has none.
func ItemsOfMessage(ctx context.Context, conn Conn, id int64) ([]MessageItem, error) {
	rows, _ := conn.Query(ctx, `
		select id, patient_id, appointment_id, reminder_id, said_at, due_on, lead, left_out
		  from message_item
		 where message_id = $1
		 order by said_at, due_on, id`, id)
	items, err := pgx.CollectRows(rows, pgx.RowToStructByName[MessageItem])
	return items, wrap(err, "list what message %d tells", id)
}

// GetMessageFacts reads what a message is about. A visit that is gone is ErrNotFound.
func GetMessageFacts(ctx context.Context, conn Conn, message Message, now time.Time) (MessageFacts, error) {
	if message.Kind == MessageMailing {
		_, facts, err := whyNoMailing(ctx, conn, message)
		return facts, err
	}
	if message.Kind.Reminds() {
		return reminderFacts(ctx, conn, message, now)
	}
	if message.Kind == MessageCertificate && message.PatientID != nil {
		facts, err := GetCertificateFacts(ctx, conn, *message.PatientID)
		facts.Preferred, facts.Texts = ChannelEmail, false // a text message carries no file
		return MessageFacts{Household: facts.Household, Proof: &facts}, err
	}
	if message.AppointmentID == nil {
		return MessageFacts{}, ErrNotFound
	}
	visit, err := GetVisitFacts(ctx, conn, *message.AppointmentID)
	return MessageFacts{Household: visit.Household, Visits: []VisitFacts{visit}}, err
}

// reminderFacts reads each thing that a reminder tells afresh, and leaves out what is no longer so.
func reminderFacts(ctx context.Context, conn Conn, message Message, now time.Time) (MessageFacts, error) {
	facts := MessageFacts{LeftOut: map[int64]string{}}
	items, err := ItemsOfMessage(ctx, conn, message.ID)
	if err != nil {
		return facts, err
	}
	for _, item := range items {
		household, why, err := facts.add(ctx, conn, message.Kind, item, now)
		if err != nil {
			return facts, err
		}
		if facts.ClientID == 0 || why == "" {
			facts.Household = household
		}
		if household.ClientStatus == "merged" || message.ClientID != nil && household.ClientID != *message.ClientID {
			facts.Merged = true
		}
		if why != "" {
			facts.LeftOut[item.ID] = why
		}
	}
	return facts, nil
}

// add reads one thing that a reminder tells, and takes it in unless there is a reason not to.
func (f *MessageFacts) add(ctx context.Context, conn Conn, kind MessageKind, item MessageItem, now time.Time) (Household, string, error) {
	if item.AppointmentID == nil {
		care, err := GetCareFacts(ctx, conn, *item.ReminderID, now)
		why := care.WhyNot(now)
		if why == "" && !care.DueOn.Equal(*item.DueOn) {
			why = "The care is due on another day now."
		}
		if why == "" {
			f.Care = append(f.Care, care)
		}
		return care.Household, why, err
	}
	visit, err := GetVisitFacts(ctx, conn, *item.AppointmentID)
	why := visit.WhyNot(kind, now)
	if why == "" && !visit.StartsAt.Equal(*item.SaidAt) {
		why = "The visit was moved."
	}
	if why == "" {
		f.Visits = append(f.Visits, visit)
	}
	return visit.Household, why, err
}

// WhyNotSend is the sentence that says why this message must not go out, "" when it may, with the facts that say so.
func WhyNotSend(ctx context.Context, conn Conn, message Message, now time.Time) (string, MessageFacts, error) {
	if message.Kind == MessageWordingTest {
		return whyNoTest(ctx, conn, message, now)
	}
	if message.Kind == MessageReport {
		return whyNoReport(ctx, conn, message)
	}
	if message.Kind == MessageMailing {
		return whyNoMailing(ctx, conn, message)
	}
	facts, err := GetMessageFacts(ctx, conn, message, now)
	if errors.Is(err, ErrNotFound) && message.AppointmentID == nil {
		return "The message belongs to no visit.", facts, nil
	}
	if err != nil {
		return "", facts, err
	}
	if message.Kind.Reminds() {
		return facts.whyNoReminder(), facts, nil
	}
	if facts.Proof != nil {
		return facts.Proof.WhyNot(), facts, nil
	}
	newer, err := NewerVisitMessage(ctx, conn, message)
	if err != nil {
		return "", facts, err
	}
	if newer {
		return replacedReason, facts, nil
	}
	return facts.Visits[0].WhyNot(message.Kind, now), facts, nil
}

func whyNoTest(ctx context.Context, conn Conn, message Message, now time.Time) (string, MessageFacts, error) {
	clinic, err := GetClinic(ctx, conn)
	facts := SampleFacts(message.Tests, clinic, now)
	facts.Email = message.ToAddr
	if message.Channel == string(ChannelSMS) {
		facts.Email, facts.Mobile, facts.Texts, facts.CountryCode = "", message.ToAddr, true, "1"
	}
	if message.SentAt != nil {
		return "A test is sent once.", facts, err
	}
	return "", facts, err
}

func (f MessageFacts) whyNoReminder() string {
	if f.Merged {
		return mergedReason
	}
	if len(f.Visits)+len(f.Care) > 0 {
		return ""
	}
	var reasons []string
	for _, why := range f.LeftOut {
		if !strings.Contains(strings.Join(reasons, " "), why) {
			reasons = append(reasons, why)
		}
	}
	if len(reasons) == 0 {
		return "What it was about is gone."
	}
	return strings.Join(reasons, " ")
}

// NoteReminder writes down what a reminder that goes out leaves out and, of one that must not because its household
// was merged, lets the other household's next reminder tell it.
func NoteReminder(ctx context.Context, tx Conn, message Message, facts MessageFacts) error {
	if _, err := tx.Exec(ctx, `update message_item set left_out = '' where message_id = $1 and left_out <> ''`, message.ID); err != nil {
		return wrap(err, "note what message %d leaves out", message.ID)
	}
	for id, why := range facts.LeftOut {
		if _, err := tx.Exec(ctx, `update message_item set left_out = $2 where id = $1`, id, why); err != nil {
			return wrap(err, "note what message %d leaves out", message.ID)
		}
	}
	if !facts.Merged {
		return nil
	}
	_, err := tx.Exec(ctx, `
		with released as (
		  update message_item set released = true where message_id = $1
		)
		update message set dedupe_key = dedupe_key || ':' || id where id = $1`, message.ID)
	return wrap(err, "release what message %d tells", message.ID)
}

// MarkReminded notes on each care that a message told of it.
func MarkReminded(ctx context.Context, tx Conn, message Message, at time.Time) error {
	_, err := tx.Exec(ctx, `
		update reminder r
		   set last_sent_at = $2, sends = sends + 1
		  from message_item i
		 where i.message_id = $1 and i.left_out = '' and r.id = i.reminder_id`, message.ID, at)
	return wrap(err, "mark care of message %d as reminded", message.ID)
}
