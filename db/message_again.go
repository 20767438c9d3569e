package db

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// SendAgain writes down once more a message that has gone out, because a person asks for it: the client lost it. It is
// Invalid with the reason when it must not go out now. Hand the message to jobs.Client.EnqueueMessage in the same
// transaction.
func SendAgain(ctx context.Context, tx pgx.Tx, id int64, now time.Time) (Message, error) {
	before, err := LockMessage(ctx, tx, id)
	if err != nil {
		return before, err
	}
	if before.Status != MessageSent && before.Status != MessageDelivered {
		return before, Invalid{"": "This message has not gone out yet."}
	}
	why, facts, err := WhyNotSend(ctx, tx, before, now)
	if err != nil {
		return before, err
	}
	if why != "" {
		return before, Invalid{"": why}
	}

	var again int64
	way := facts.Way()
	key := fmt.Sprintf("%s:again:%d", *before.DedupeKey, now.UnixMilli())
	err = tx.QueryRow(ctx, `
		insert into message (kind, mailing_id, client_id, patient_id, appointment_id, reminder_id, channel, to_addr, dedupe_key, message_id,
		                     by_hand, created_by, work_id, staff_id)
		select kind, mailing_id, client_id, patient_id, appointment_id, reminder_id, $6::channel, $2, $3, $4, true, nullif($5, 0), work_id, staff_id
		  from message
		 where id = $1
		returning id`, id, way.Address, key, mailID(key, now, facts.ClinicEmail), ActorFrom(ctx).StaffID, way.channel()).Scan(&again)
	if err != nil {
		return before, wrap(err, "send message %d again", id)
	}
	// Copies of what it tells are born released: that it was told stands on the first.
	_, err = tx.Exec(ctx, `
		insert into message_item (message_id, patient_id, appointment_id, reminder_id, said_at, due_on, lead, dedupe_key, released)
		select $2, patient_id, appointment_id, reminder_id, said_at, due_on, lead, dedupe_key, true
		  from message_item
		 where message_id = $1`, id, again)
	if err != nil {
		return before, wrap(err, "copy what message %d tells", id)
	}
	err = Audit(ctx, tx, Audited{Action: "sent again", Entity: "message", EntityID: id, ClientID: facts.ClientID})
	if err != nil {
		return before, err
	}
	return GetMessage(ctx, tx, again)
}

// RemindNow writes down the next reminder of a visit before its time, because a person asks for it. It is Invalid with
// the reason when the household must not be reminded. Hand the message to jobs.Client.EnqueueMessage in the same
// transaction.
func RemindNow(ctx context.Context, tx pgx.Tx, appointmentID int64, now time.Time) (Message, error) {
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, int64(remindLock)); err != nil {
		return Message{}, wrap(err, "take the turn of reminding")
	}
	facts, err := GetVisitFacts(ctx, tx, appointmentID)
	if err != nil {
		return Message{}, err
	}
	if why := facts.WhyNot(MessageVisitReminder, now); why != "" {
		return Message{}, Invalid{"": why}
	}
	planned, err := NextReminders(ctx, tx, facts.ClientID, now)
	if err != nil {
		return Message{}, err
	}
	next, is := planned[appointmentID]
	if !is {
		return Message{}, Invalid{"": "No reminder of this visit is planned any more."}
	}
	ids, err := addReminders(ctx, tx, []reminderMessage{visitReminder([]VisitToRemind{next})})
	if err != nil {
		return Message{}, err
	}
	if len(ids) != 1 {
		return Message{}, Invalid{"": "This reminder is being sent already."}
	}
	if _, err := tx.Exec(ctx, `update message set by_hand = true, created_by = nullif($2, 0) where id = $1`, ids[0], ActorFrom(ctx).StaffID); err != nil {
		return Message{}, wrap(err, "remind of visit %d", appointmentID)
	}
	err = Audit(ctx, tx, Audited{Action: "reminded", Entity: "appointment", EntityID: appointmentID, ClientID: facts.ClientID})
	if err != nil {
		return Message{}, err
	}
	return GetMessage(ctx, tx, ids[0])
}
