package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// LockMessage reads a message and keeps others from sending it until the transaction ends.
func LockMessage(ctx context.Context, tx Conn, id int64) (Message, error) {
	if _, err := tx.Exec(ctx, `select from message where id = $1 for update`, id); err != nil {
		return Message{}, wrap(err, "lock message %d", id)
	}
	return GetMessage(ctx, tx, id)
}

// NewerVisitMessage says whether something was written down about the same visit after this message.
func NewerVisitMessage(ctx context.Context, conn Conn, message Message) (bool, error) {
	var newer bool
	err := conn.QueryRow(ctx, `
		select exists (
		  select from message
		   where appointment_id = $1 and direction = 'out' and id > $2)`, message.AppointmentID, message.ID).Scan(&newer)
	return newer, wrap(err, "look for messages after %d", message.ID)
}

// SetMessageJob notes which job will send a message.
func SetMessageJob(ctx context.Context, tx Conn, id, jobID int64) error {
	_, err := tx.Exec(ctx, `
		update message
		   set job_id = $2, updated_at = now()
		 where id = $1`, id, jobID)
	return wrap(err, "set job of message %d", id)
}

// MarkMessageSending notes that a try begins, and which way the message goes.
func MarkMessageSending(ctx context.Context, tx Conn, id, jobID int64, way Way) error {
	_, err := tx.Exec(ctx, `
		update message
		   set status = 'sending', sending_at = clock_timestamp(), attempts = attempts + 1, job_id = $2, channel = $3,
		       to_addr = $4, updated_at = now()
		 where id = $1`, id, jobID, way.channel(), way.Address)
	return wrap(err, "mark message %d sending", id)
}

// SentMessage is what went out, word for word.
type SentMessage struct {
	Subject, Body string
	ProviderID    string // of a text message
	Segments      int    // that it is billed as
}

// MarkMessageSent notes what the mail server or the provider took. The provider may have said more already.
func MarkMessageSent(ctx context.Context, tx Conn, id int64, sent SentMessage) error {
	_, err := tx.Exec(ctx, `
		update message
		   set status = case when status in ('delivered', 'bounced') then status else 'sent' end,
		       status_reason = case when status = 'bounced' then status_reason else '' end,
		       sent_at = coalesce(sent_at, clock_timestamp()), subject = $2, body = $3, provider_id = nullif($4, ''), segments = $5,
		       updated_at = now()
		 where id = $1`, id, sent.Subject, sent.Body, sent.ProviderID, sent.Segments)
	return wrap(err, "mark message %d sent", id)
}

// MarkMessageWaiting puts a message back in the queue after a try that came to nothing, and says why.
func MarkMessageWaiting(ctx context.Context, conn Conn, id int64, reason string) error {
	return markMessage(ctx, conn, id, MessageQueued, reason)
}

// MarkMessageHeld puts a reminder off until a moment, because of the quiet hours.
func MarkMessageHeld(ctx context.Context, conn Conn, id int64, until time.Time) error {
	_, err := conn.Exec(ctx, `
		update message
		   set status = 'queued', status_reason = 'It waits for the end of the quiet hours.', not_before = $2, updated_at = now()
		 where id = $1`, id, until)
	return wrap(err, "hold message %d", id)
}

// MarkMessageFailed ends a message that nobody will receive, says why and tells those who look after it. Somebody has to
// call instead.
func MarkMessageFailed(ctx context.Context, conn Conn, id int64, reason string) error {
	if err := markMessage(ctx, conn, id, MessageFailed, reason); err != nil {
		return err
	}
	if err := NotifyMessageFailed(ctx, conn, id); err != nil {
		return err
	}
	return NeedCall(ctx, conn, id)
}

// MarkMessageSuppressed ends a message that must not go out, and says why.
func MarkMessageSuppressed(ctx context.Context, conn Conn, id int64, reason string) error {
	return markMessage(ctx, conn, id, MessageSuppressed, reason)
}

// NeedCall puts what a message would have told on the list of those to call.
func NeedCall(ctx context.Context, conn Conn, id int64) error {
	_, err := conn.Exec(ctx, `update message set needs_call = true where id = $1 and client_id is not null`, id)
	return wrap(err, "ask for a call instead of message %d", id)
}

func markMessage(ctx context.Context, conn Conn, id int64, status MessageStatus, reason string) error {
	_, err := conn.Exec(ctx, `
		update message
		   set status = $2::message_status, status_reason = $3, updated_at = now()
		 where id = $1`, id, status, reason)
	return wrap(err, "mark message %d %s", id, status)
}

// RequeueMessage takes up again a message that waits, failed or was suppressed, because a person asks for it. It is
// Invalid with the reason when the message must still not go out.
func RequeueMessage(ctx context.Context, tx Conn, id int64, now time.Time) (Message, error) {
	message, err := LockMessage(ctx, tx, id)
	if err != nil {
		return message, err
	}
	if !message.Retryable() {
		return message, Invalid{"": "This message has already gone out, or is going out now."}
	}
	why, facts, err := WhyNotSend(ctx, tx, message, now)
	if err != nil {
		return message, err
	}
	if why != "" {
		return message, Invalid{"": why}
	}

	_, err = tx.Exec(ctx, `
		update message
		   set status = 'queued', status_reason = '', channel = $2, to_addr = $3, not_before = now(), by_hand = true, needs_call = false,
		       updated_at = now()
		 where id = $1`, id, facts.Way().channel(), facts.Way().Address)
	if err != nil {
		return message, wrap(err, "requeue message %d", id)
	}
	err = Audit(ctx, tx, Audited{Action: "requeued", Entity: "message", EntityID: id, ClientID: facts.ClientID})
	if err != nil {
		return message, err
	}
	return GetMessage(ctx, tx, id)
}

// MarkEmailBounced notes that a household's address does not exist, so that no further message is sent to it. It does
// nothing when the household has another address by now.
func MarkEmailBounced(ctx context.Context, tx Conn, clientID int64, address string) error {
	changed, err := tx.Exec(ctx, `
		update client
		   set email_bounced_at = now(), updated_at = now()
		 where id = $1 and email = $2 and email_bounced_at is null`, clientID, address)
	if err != nil || changed.RowsAffected() == 0 {
		return wrap(err, "mark e-mail of client %d bounced", clientID)
	}
	return Audit(ctx, tx, Audited{
		Action: "updated", Entity: "client", EntityID: clientID, ClientID: clientID,
		Diff: Diff{"email_bounced_at": {nil, time.Now()}},
	})
}

// SettleOrphanedMessages ends the messages whose job was cancelled, discarded or deleted without a word on the
// message, and answers how many there were. Without it such a message would wait for ever.
func SettleOrphanedMessages(ctx context.Context, conn Conn) (int64, error) {
	var settled []int64
	err := InTx(ctx, conn, func(tx pgx.Tx) (err error) {
		rows, _ := tx.Query(ctx, `
			update message m
			   set status = 'failed', needs_call = m.client_id is not null, updated_at = now(),
			       status_reason = case j.state
			         when 'cancelled' then 'Its job was cancelled.'
			         when 'discarded' then 'Its job was given up after too many tries.'
			         when 'completed' then 'Its job ended without sending it.'
			         else 'Its job was deleted.' end
			  from message waiting
			  left join river_job j on j.id = waiting.job_id
			 where m.id = waiting.id
			   and waiting.direction = 'out' and waiting.status in ('queued', 'sending')
			   and waiting.job_id is not null
			   and (j.id is null or j.state in ('cancelled', 'discarded', 'completed'))
			returning m.id`)
		if settled, err = pgx.CollectRows(rows, pgx.RowTo[int64]); err != nil {
			return err
		}
		for _, id := range settled {
			if err := NotifyMessageFailed(ctx, tx, id); err != nil {
				return err
			}
		}
		return nil
	})
	return int64(len(settled)), wrap(err, "settle messages without a job")
}

// SetMessageJobs notes which job will send each of the messages.
func SetMessageJobs(ctx context.Context, tx Conn, ids, jobIDs []int64) error {
	_, err := tx.Exec(ctx, `
		update message m
		   set job_id = given.job_id, updated_at = now()
		  from unnest($1::bigint[], $2::bigint[]) as given (id, job_id)
		 where m.id = given.id`, ids, jobIDs)
	return wrap(err, "set jobs of %d messages", len(ids))
}
