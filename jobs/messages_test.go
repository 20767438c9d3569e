package jobs

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/jackc/pgx/v5"

	"purplecross/db"
	"purplecross/db/dbtest"
	"purplecross/jobs/mailbox"
)

func TestABookedVisitIsConfirmedOnceAsHTMLAndText(t *testing.T) {
	pool := dbtest.New(t)
	box, err := mailbox.Start(t.TempDir(), quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	work(t, pool, box.URL())
	web := insertOnly(t, pool)
	visit := bookVisit(t, pool)

	message := tell(t, pool, web, db.MessageVisitConfirmation, visit)
	if again := tell(t, pool, web, db.MessageVisitConfirmation, visit); again.ID != message.ID {
		t.Errorf("the same booking made a second message")
	}
	message = untilStatus(t, pool, message.ID, db.MessageSent)

	mails, err := box.List()
	if err != nil || len(mails) != 1 {
		t.Fatalf("the mailbox holds %d messages (%v), not one", len(mails), err)
	}
	mail, err := box.Get(mails[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	for name, part := range map[string]string{"text": mail.Text, "HTML": mail.HTML} {
		for _, said := range []string{"Zoë", "Coco", "Vaccination", "Dr Lund", "Harbour Vets", "(970) 555-0100"} {
			if !strings.Contains(part, said) {
				t.Errorf("the %s part does not say %q", name, said)
			}
		}
	}
	if mail.MessageID != *message.MessageID || mail.Header("X-Purple-Cross-Message") != *message.DedupeKey {
		t.Errorf("the letter carries %q and %q", mail.MessageID, mail.Header("X-Purple-Cross-Message"))
	}
	if message.Subject != mail.Subject || !strings.Contains(message.Body, "Coco") || message.SentAt == nil {
		t.Errorf("the message does not keep what was sent: %+v", message)
	}
	if state := jobState(t, pool, *message.JobID); state != "completed" {
		t.Errorf("the job is %s", state)
	}
}

func TestARolledBackBookingLeavesNoMessageAndNoJob(t *testing.T) {
	pool := dbtest.New(t)
	client := insertOnly(t, pool)
	visit := bookVisit(t, pool)
	changed := errors.New("the caller changed their mind")

	err := db.InTx(t.Context(), pool, func(tx pgx.Tx) error {
		message, added, err := db.AddVisitMessage(t.Context(), tx, db.MessageVisitConfirmation, visit)
		if err != nil || !added {
			t.Fatalf("added %v, %v", added, err)
		}
		if err := client.EnqueueMessage(t.Context(), tx, message.ID); err != nil {
			t.Fatal(err)
		}
		return changed
	})
	if !errors.Is(err, changed) {
		t.Fatal(err)
	}

	var messages, jobs int
	err = pool.QueryRow(t.Context(), `select (select count(*) from message), (select count(*) from river_job)`).Scan(&messages, &jobs)
	if err != nil || messages != 0 || jobs != 0 {
		t.Errorf("%d messages and %d jobs are left (%v)", messages, jobs, err)
	}
}

func TestADeadMailServerLeavesAReasonAndOneLetterWhenItIsBack(t *testing.T) {
	pool := dbtest.New(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	client := work(t, pool, "smtp://"+address)
	message := tell(t, pool, client, db.MessageVisitConfirmation, bookVisit(t, pool))

	until(t, "the message says why it waits", func() bool {
		message = read(t, pool, message.ID)
		return message.Status == db.MessageQueued && strings.Contains(message.StatusReason, "connection was refused")
	})
	until(t, "the job waits for its next try", func() bool {
		job, err := db.GetJob(t.Context(), pool, *message.JobID)
		return err == nil && (job.State == "retryable" || job.State == "available" && job.ScheduledAt.After(time.Now()))
	})

	office := openPostOffice(t, address)
	err = db.InTx(t.Context(), pool, func(tx pgx.Tx) error {
		return client.SendNow(t.Context(), tx, message.ID, time.Now())
	})
	if err != nil {
		t.Fatal(err)
	}
	message = untilStatus(t, pool, message.ID, db.MessageSent)
	if letters := office.letters(); len(letters) != 1 {
		t.Errorf("%d letters went out", len(letters))
	}
	if message.StatusReason != "" || message.Attempts < 2 {
		t.Errorf("after it was sent: %d tries, reason %q", message.Attempts, message.StatusReason)
	}
	until(t, "the job is completed", func() bool { return jobState(t, pool, *message.JobID) == "completed" })
}

func TestAnAddressThatDoesNotExistIsFinal(t *testing.T) {
	pool := dbtest.New(t)
	office := openPostOffice(t, "127.0.0.1:0")
	office.address = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "zoe@example.com unknown"}
	client := work(t, pool, office.url)
	visit := bookVisit(t, pool)
	message := tell(t, pool, client, db.MessageVisitConfirmation, visit)

	message = untilStatus(t, pool, message.ID, db.MessageFailed)
	if message.StatusReason != "The client's e-mail address does not exist. (The mail server answered 550 5.1.1.)" {
		t.Errorf("the reason is %q", message.StatusReason)
	}
	until(t, "the job is cancelled", func() bool { return jobState(t, pool, *message.JobID) == "cancelled" })
	var errors string
	if err := pool.QueryRow(t.Context(), `select errors::text from river_job where id = $1`, *message.JobID).Scan(&errors); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(errors, "zoe@") {
		t.Errorf("the job's errors name the client: %s", errors)
	}

	if _, err := pool.Exec(t.Context(), `update appointment set starts_at = starts_at + interval '1 hour', ends_at = ends_at + interval '1 hour'`); err != nil {
		t.Fatal(err)
	}
	moved := tell(t, pool, client, db.MessageVisitMoved, visit)
	if moved.Status != db.MessageSuppressed || moved.StatusReason != "Earlier e-mail to this address came back." || moved.JobID != nil {
		t.Errorf("the next message is %s: %s", moved.Status, moved.StatusReason)
	}
}

func TestAVisitCancelledBeforeTheTrySendsNothing(t *testing.T) {
	pool := dbtest.New(t)
	office := openPostOffice(t, "127.0.0.1:0")
	message := tell(t, pool, insertOnly(t, pool), db.MessageVisitConfirmation, bookVisit(t, pool))
	if _, err := pool.Exec(t.Context(), `update appointment set status = 'cancelled', cancelled_at = now()`); err != nil {
		t.Fatal(err)
	}

	work(t, pool, office.url)
	message = untilStatus(t, pool, message.ID, db.MessageSuppressed)

	if message.StatusReason != "The visit was cancelled." || len(office.letters()) != 0 {
		t.Errorf("%d letters; reason %q", len(office.letters()), message.StatusReason)
	}
}

func TestALetterOfAKilledWorkerGoesOutUnderTheSameMessageID(t *testing.T) {
	pool := dbtest.New(t)
	office := openPostOffice(t, "127.0.0.1:0")
	message := tell(t, pool, insertOnly(t, pool), db.MessageVisitConfirmation, bookVisit(t, pool))
	// What a worker leaves that is killed between the mail server's yes and our note of it, after River has given its
	// job back.
	_, err := pool.Exec(t.Context(), `update message set status = 'sending', attempts = 1, sending_at = now() - interval '3 minutes'`)
	if err != nil {
		t.Fatal(err)
	}

	work(t, pool, office.url)
	message = untilStatus(t, pool, message.ID, db.MessageSent)

	letters := office.letters()
	if len(letters) != 1 || !strings.Contains(letters[0], "Message-ID: <"+*message.MessageID+">") {
		t.Errorf("%d letters, the first without Message-ID %s", len(letters), *message.MessageID)
	}
	if message.Attempts != 2 {
		t.Errorf("%d tries are counted", message.Attempts)
	}
}

func TestAStoppedWorkerPutsItsLetterBack(t *testing.T) {
	pool := dbtest.New(t)
	office := openPostOffice(t, "127.0.0.1:0")
	office.hang = make(chan struct{})
	defer close(office.hang)
	client := work(t, pool, office.url)
	message := tell(t, pool, client, db.MessageVisitConfirmation, bookVisit(t, pool))
	select {
	case <-office.hanging:
	case <-t.Context().Done():
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel() // no time for a soft stop
	if err := client.Stop(ctx); err != nil {
		t.Fatal(err)
	}

	message = read(t, pool, message.ID)
	if message.Status != db.MessageQueued || message.StatusReason != "Sending was interrupted." {
		t.Errorf("the message is %s: %s", message.Status, message.StatusReason)
	}
	job, err := db.GetJob(t.Context(), pool, *message.JobID)
	if err != nil || job.State != "available" || job.Attempt != 0 {
		t.Errorf("the job is %s after %d tries (%v)", job.State, job.Attempt, err)
	}
}

func TestAJobCancelledByHandEndsItsMessage(t *testing.T) {
	pool := dbtest.New(t)
	client := insertOnly(t, pool)
	message := tell(t, pool, client, db.MessageVisitConfirmation, bookVisit(t, pool))
	if _, err := client.river.JobCancel(t.Context(), *message.JobID); err != nil {
		t.Fatal(err)
	}

	settled, err := db.SettleOrphanedMessages(t.Context(), pool)
	if err != nil || settled != 1 {
		t.Fatalf("settled %d, %v", settled, err)
	}
	if message = read(t, pool, message.ID); message.Status != db.MessageFailed || message.StatusReason != "Its job was cancelled." {
		t.Errorf("the message is %s: %s", message.Status, message.StatusReason)
	}

	err = db.InTx(t.Context(), pool, func(tx pgx.Tx) error {
		return client.SendNow(t.Context(), tx, message.ID, time.Now())
	})
	if err != nil {
		t.Fatal(err)
	}
	if again := read(t, pool, message.ID); again.Status != db.MessageQueued || *again.JobID == *message.JobID {
		t.Errorf("asked for again it is %s with job %d", again.Status, *again.JobID)
	}
}
