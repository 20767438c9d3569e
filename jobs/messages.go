package jobs

import (
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"purplecross/db"
	"purplecross/internal/report"
	"purplecross/jobs/texts"
	"purplecross/views/emails"
)

// SendMessage sends one message of the outbox.
type SendMessage struct {
	MessageID int64 `json:"message_id"`
}

// Kind names the job.
func (SendMessage) Kind() string { return "send_message" }

// InsertOpts are the e-mail queue's; a message has one job at a time.
func (SendMessage) InsertOpts() river.InsertOpts {
	options := Email.options()
	options.UniqueOpts = river.UniqueOpts{ByArgs: true, ByState: unfinished}
	return options
}

// EnqueueMessage gives a queued message the job that sends it, in the transaction that wrote it down: both are there
// or neither. A message that is not queued (suppressed, for one) needs no job and gets none.
func (c *Client) EnqueueMessage(ctx context.Context, tx pgx.Tx, messageID int64) error {
	_, err := c.enqueueMessage(ctx, tx, messageID)
	return err
}

// SendNow takes up a message again because a person asks for it: one that waits is tried at once, one that failed or
// was suppressed gets a new job. It is db.Invalid with the reason when the message must not go out.
func (c *Client) SendNow(ctx context.Context, tx pgx.Tx, messageID int64, now time.Time) error {
	if _, err := db.RequeueMessage(ctx, tx, messageID, now); err != nil {
		return err
	}
	job, err := c.enqueueMessage(ctx, tx, messageID)
	if err != nil {
		return err
	}
	if _, err := c.river.JobRetryTx(ctx, tx, job.ID); err != nil { // does nothing to a job that is new or at work
		return fmt.Errorf("retry the job of message %d: %w", messageID, err)
	}
	return nil
}

func (c *Client) enqueueMessage(ctx context.Context, tx pgx.Tx, messageID int64) (*rivertype.JobRow, error) {
	message, err := db.LockMessage(ctx, tx, messageID) // before its job, as the worker does: else each may wait for the other
	if err != nil {
		return nil, err
	}
	if message.Status != db.MessageQueued {
		return nil, nil
	}
	var options *river.InsertOpts
	if message.NotBefore.After(time.Now()) {
		options = &river.InsertOpts{ScheduledAt: message.NotBefore}
	}
	inserted, err := c.river.InsertTx(ctx, tx, SendMessage{MessageID: messageID}, options)
	if err != nil {
		return nil, fmt.Errorf("enqueue message %d: %w", messageID, err)
	}
	return inserted.Job, db.SetMessageJob(ctx, tx, messageID, inserted.Job.ID)
}

// messageSender works SendMessage: queued → sending → sent, failed or suppressed.
//
// A row found in sending is a try that ended without a word: its process was killed between the mail server's yes and
// our note of it, or before. Nobody can know which. For the messages there are (confirmed, moved, cancelled) a missing
// one costs the client a visit and a second one costs a glance, so it is sent again, with the same Message-ID, by
// which mail systems drop the second. A kind for which this is wrong, such as an invoice, must not take this way.
type messageSender struct {
	inQueue[SendMessage]
	pool  *pgxpool.Pool
	post  *mailRoom
	texts texts.Sender // nil for none
	zone  *time.Location
	now   func() time.Time
	links links
}

// attempt is what a try is about to send.
type attempt struct {
	message db.Message
	facts   db.MessageFacts
	way     db.Way
}

// Work is one try.
func (w *messageSender) Work(ctx context.Context, job *river.Job[SendMessage]) error {
	attempt, err := w.begin(ctx, job)
	if err != nil || attempt == nil {
		return err
	}

	letter, err := w.write(ctx, attempt)
	if err == nil {
		err = w.send(ctx, attempt, &letter)
	}

	// From here on the outcome is a fact; it is noted even when the program is being stopped.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if err != nil {
		return w.failed(ctx, job, attempt, err)
	}
	return w.sent(ctx, job, attempt, letter)
}

// write words the letter as the clinic does now.
func (w *messageSender) write(ctx context.Context, a *attempt) (Letter, error) {
	now := w.now().In(w.zone)
	if a.message.Kind == db.MessageReport {
		return writeReport(ctx, w.pool, w.links, a.message, a.facts)
	}
	if a.way.Channel == db.ChannelSMS {
		return w.writeText(ctx, a, now)
	}
	if a.message.Kind == db.MessageWordingTest {
		wording := emails.Wording{Subject: "Test: " + a.message.Subject, Body: a.message.Body}
		return WriteLetter(ctx, a.message.Tests, wording, a.facts, "", now)
	}
	wording, err := MessageWording(ctx, w.pool, a.message.Kind, a.facts, db.ChannelEmail)
	if err != nil {
		return Letter{}, err
	}
	return WriteLetter(ctx, a.message.Kind, wording, a.facts, w.links.preferences(a.message), now)
}

func (w *messageSender) writeText(ctx context.Context, a *attempt, now time.Time) (Letter, error) {
	if a.message.Kind == db.MessageWordingTest {
		return Letter{Text: WriteText(a.message.Tests, emails.Wording{Body: "Test: " + a.message.Body}, a.facts, now)}, nil
	}
	wording, err := MessageWording(ctx, w.pool, a.message.Kind, a.facts, db.ChannelSMS)
	return Letter{Text: WriteText(a.message.Kind, wording, a.facts, now)}, err
}

// begin reads the message and the world afresh and marks the try. It answers nil when nothing is to be sent.
func (w *messageSender) begin(ctx context.Context, job *river.Job[SendMessage]) (*attempt, error) {
	var begun *attempt
	var wait time.Duration
	err := db.InTx(ctx, w.pool, func(tx pgx.Tx) error {
		begun, wait = nil, 0
		message, err := db.LockMessage(ctx, tx, job.Args.MessageID)
		if errors.Is(err, db.ErrNotFound) {
			return nil // deleted with its client
		}
		if err != nil || message.Status == db.MessageSent || message.Status == db.MessageDelivered || message.Status == db.MessageBounced {
			return err
		}
		if wait = max(message.NotBefore.Sub(w.now()), w.heldForWord(message)); wait > 0 {
			return nil
		}
		why, facts, err := db.WhyNotSend(ctx, tx, message, w.now().In(w.zone))
		if err != nil {
			return err
		}
		if wait, err = w.settle(ctx, tx, message, facts, why); err != nil || wait > 0 {
			return err
		}
		if why != "" {
			return complete(ctx, tx, job)
		}
		begun = &attempt{message: message, facts: facts, way: facts.Way()}
		action := actionPreferences
		if begun.way.Channel == db.ChannelSMS {
			action = actionText
		}
		if err := db.SetMessageToken(ctx, tx, message.ID, w.links.token(message, action), action); err != nil {
			return err
		}
		return db.MarkMessageSending(ctx, tx, message.ID, job.ID, begun.way)
	})
	if err == nil && wait > 0 {
		return nil, river.JobSnooze(wait)
	}
	return begun, err
}

// settle notes why a message is not sent, or for how long quiet hours hold a reminder back.
func (w *messageSender) settle(ctx context.Context, tx pgx.Tx, message db.Message, facts db.MessageFacts, why string) (time.Duration, error) {
	if message.Kind.Reminds() {
		if err := db.NoteReminder(ctx, tx, message, facts); err != nil {
			return 0, err
		}
	}
	if why != "" {
		if err := db.MarkMessageSuppressed(ctx, tx, message.ID, why); err != nil || why != facts.Unreachable() {
			return 0, err
		}
		return 0, db.NeedCall(ctx, tx, message.ID)
	}
	if !message.Kind.Reminds() || message.ByHand {
		return 0, nil
	}
	quiet, err := db.GetMessageSettings(ctx, tx)
	if err != nil {
		return 0, err
	}
	until := quiet.End(w.now().In(w.zone))
	if wait := until.Sub(w.now()); wait > 0 {
		return wait, db.MarkMessageHeld(ctx, tx, message.ID, until)
	}
	return 0, nil
}

func (w *messageSender) send(ctx context.Context, a *attempt, letter *Letter) error {
	if a.way.Channel == db.ChannelSMS {
		return w.text(ctx, a, letter)
	}
	if a.facts.ClinicEmail == "" {
		return &Trouble{Reason: "The clinic has no e-mail address of its own to send from."}
	}
	return w.post.send(ctx, envelope{
		letter:    *letter,
		from:      netmail.Address{Name: oneLine(a.facts.ClinicName), Address: a.facts.ClinicEmail},
		to:        netmail.Address{Name: oneLine(a.facts.ClientFirstName + " " + a.facts.ClientLastName), Address: a.way.Address},
		messageID: orEmpty(a.message.MessageID),
		dedupeKey: orEmpty(a.message.DedupeKey),
		optOut:    w.links.preferences(a.message),
		trace:     report.Trace(ctx),
	})
}

// sent notes the outcome and completes the job in one transaction. The letter is out, so a database that is away for
// a moment is asked again: without this note the letter would go out twice.
func (w *messageSender) sent(ctx context.Context, job *river.Job[SendMessage], a *attempt, letter Letter) error {
	for pause := 100 * time.Millisecond; ; pause *= 2 {
		err := db.InTx(ctx, w.pool, func(tx pgx.Tx) error {
			sent := db.SentMessage{Subject: letter.Subject, Body: letter.Text, ProviderID: letter.ProviderID}
			if a.way.Channel == db.ChannelSMS {
				sent.Segments, _ = emails.Segments(letter.Text)
			}
			if err := db.MarkMessageSent(ctx, tx, a.message.ID, sent); err != nil {
				return err
			}
			if err := db.MarkReminded(ctx, tx, a.message, w.now()); err != nil {
				return err
			}
			return complete(ctx, tx, job)
		})
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
	}
}

// failed notes why nothing went out, and whether it will be tried again.
func (w *messageSender) failed(ctx context.Context, job *river.Job[SendMessage], a *attempt, cause error) error {
	trouble := new(Trouble)
	if !errors.As(cause, &trouble) {
		trouble = &Trouble{Reason: "Something went wrong on our side."}
	}
	last := job.Attempt >= job.MaxAttempts && !errors.Is(cause, context.Canceled)

	err := db.InTx(ctx, w.pool, func(tx pgx.Tx) (err error) {
		switch {
		case trouble.Unclear && !last:
			return nil // it stays in sending: see heldForWord
		case (trouble.NoSuch || trouble.OptedOut) && a.message.ClientID != nil:
			if trouble.Final, err = w.unreachable(ctx, tx, a, trouble); err != nil || !trouble.Final {
				return err
			}
			return db.MarkMessageFailed(ctx, tx, a.message.ID, trouble.Said())
		case trouble.Final:
			return db.MarkMessageFailed(ctx, tx, a.message.ID, trouble.Said())
		case last:
			return db.MarkMessageFailed(ctx, tx, a.message.ID,
				fmt.Sprintf("Given up after %d tries. %s", job.Attempt, trouble.Said()))
		}
		return db.MarkMessageWaiting(ctx, tx, a.message.ID, trouble.Said())
	})
	if err != nil {
		return errors.Join(cause, err)
	}
	if trouble.Final {
		return river.JobCancel(cause)
	}
	return cause
}

// unreachable notes that an address does not reach the household, and says whether no other does either. Where one
// does, the message waits for its next try, which goes that way.
func (w *messageSender) unreachable(ctx context.Context, tx pgx.Tx, a *attempt, trouble *Trouble) (final bool, err error) {
	switch {
	case trouble.OptedOut:
		err = db.OptOutOfTexts(ctx, tx, a.facts.ClientID, true)
	case a.way.Channel == db.ChannelSMS:
		err = db.MarkMobileFailed(ctx, tx, a.facts.ClientID, a.way.Address)
	default:
		err = db.MarkEmailBounced(ctx, tx, a.facts.ClientID, a.way.Address)
	}
	if err != nil {
		return true, err
	}
	why, _, err := db.WhyNotSend(ctx, tx, a.message, w.now().In(w.zone))
	if err != nil || why != "" {
		return true, err
	}
	return false, db.MarkMessageWaiting(ctx, tx, a.message.ID, trouble.Said())
}

// complete ends the job in the transaction of its effect. A job that an operator cancelled meanwhile stays so, and
// so does one that another worker has by now, because we were taken for dead.
func complete[A river.JobArgs](ctx context.Context, tx pgx.Tx, job *river.Job[A]) error {
	_, err := river.JobCompleteTx[*riverpgxv5.Driver](ctx, tx, job)
	if errors.Is(err, rivertype.ErrNotFound) {
		return nil
	}
	return err
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
