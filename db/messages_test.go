package db_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"purplecross/db"
	"purplecross/db/dbtest"
)

// aVisit is a household with one pet and a visit in two days.
func aVisit(t *testing.T, tx pgx.Tx) (visit int64) {
	t.Helper()
	err := tx.QueryRow(t.Context(), `
		with kind as (
		  insert into appointment_type (name, minutes)
		  values ('Check of the messages test', 20)
		  returning id
		), client as (
		  insert into client (first_name, last_name, email)
		  values ('Zoë', 'Court', 'zoe@example.com')
		  returning id
		), patient as (
		  insert into patient (client_id, name, species)
		  select id, 'Coco', 'dog' from client
		  returning id, client_id
		)
		insert into appointment (client_id, patient_id, type_id, starts_at, ends_at)
		select patient.client_id, patient.id, kind.id, now() + interval '2 days', now() + interval '2 days 20 minutes'
		  from patient, kind
		returning id`).Scan(&visit)
	if err != nil {
		t.Fatal(err)
	}
	return visit
}

func moveBy(t *testing.T, tx pgx.Tx, visit int64, by string) {
	t.Helper()
	_, err := tx.Exec(t.Context(), `
		update appointment
		   set starts_at = starts_at + $2::interval, ends_at = ends_at + $2::interval
		 where id = $1`, visit, by)
	if err != nil {
		t.Fatal(err)
	}
}

func TestAVisitMovedAwayAndBackIsToldAboutEachTime(t *testing.T) {
	tx := dbtest.Tx(t)
	visit := aVisit(t, tx)
	tell := func(kind db.MessageKind) (db.Message, bool) {
		t.Helper()
		message, added, err := db.AddVisitMessage(t.Context(), tx, kind, visit)
		if err != nil {
			t.Fatal(err)
		}
		return message, added
	}

	booked, added := tell(db.MessageVisitConfirmation)
	if !added || booked.Status != db.MessageQueued || booked.PatientName != "Coco" || booked.ClientName != "Zoë Court" {
		t.Fatalf("added %v: %+v", added, booked)
	}
	moveBy(t, tx, visit, "1 hour")
	if _, added = tell(db.MessageVisitMoved); !added {
		t.Error("the move is not told")
	}
	if _, added = tell(db.MessageVisitMoved); added {
		t.Error("the same move is told twice")
	}
	moveBy(t, tx, visit, "-1 hour")
	if _, added = tell(db.MessageVisitMoved); !added {
		t.Error("the way back is not told")
	}
	moveBy(t, tx, visit, "1 hour")
	if _, added = tell(db.MessageVisitMoved); !added {
		t.Error("the second move to the same time is not told")
	}

	messages, err := db.MessagesOfAppointment(t.Context(), tx, visit)
	if err != nil || len(messages) != 4 {
		t.Fatalf("%d messages (%v)", len(messages), err)
	}
	for i, message := range messages {
		waits := message.Status == db.MessageQueued
		if waits != (i == 0) {
			t.Errorf("message %d of 4 is %s: %s", 4-i, message.Status, message.StatusReason)
		}
	}
}

func TestAMessageThatMustNotGoOutIsKeptWithItsReason(t *testing.T) {
	for change, reason := range map[string]string{
		`update client set email = ''`:                                              "The client has no e-mail address.",
		`update client set email_opt_out_at = now()`:                                "The client has asked for no e-mail.",
		`update client set email_bounced_at = now()`:                                "Earlier e-mail to this address came back.",
		`update patient set status = 'deceased'`:                                    "The patient is recorded as deceased.",
		`update appointment_type set send_messages = false`:                         "Visits of this type send no messages.",
		`update appointment set starts_at = now() - interval '1 hour'`:              "The time of the visit has passed.",
		`update appointment set status = 'cancelled', cancelled_at = now()`:         "The visit was cancelled.",
		`update appointment set status = 'arrived', arrived_at = now()`:             "The client has already arrived.",
		`update appointment set status = 'no_show'`:                                 "The client did not come to the visit.",
		`update patient set status = 'inactive'`:                                    "",
		`update client set sms_opt_out_at = now(), preferred = 'phone'::channel`:    "",
		`update appointment set status = 'confirmed', confirmed_via = 'phone'`:      "",
		`update appointment set starts_at = now() + interval '1 hour', note = 'hm'`: "",
	} {
		tx := dbtest.Tx(t)
		visit := aVisit(t, tx)
		if _, err := tx.Exec(t.Context(), change); err != nil {
			t.Fatal(err)
		}

		message, added, err := db.AddVisitMessage(t.Context(), tx, db.MessageVisitConfirmation, visit)

		if err != nil || !added || message.StatusReason != reason || (message.Status == db.MessageSuppressed) != (reason != "") {
			t.Errorf("after %s: %s, %q (%v)", change, message.Status, message.StatusReason, err)
		}
		if err := tx.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestASuppressedMessageIsTakenUpAgainOnlyWhenItsReasonIsGone(t *testing.T) {
	tx := dbtest.Tx(t)
	visit := aVisit(t, tx)
	if _, err := tx.Exec(t.Context(), `update client set email = ''`); err != nil {
		t.Fatal(err)
	}
	message, _, err := db.AddVisitMessage(t.Context(), tx, db.MessageVisitConfirmation, visit)
	if err != nil {
		t.Fatal(err)
	}

	_, err = db.RequeueMessage(t.Context(), tx, message.ID, time.Now())
	if invalid, is := err.(db.Invalid); !is || invalid[""] != "The client has no e-mail address." {
		t.Errorf("without an address it is answered %v", err)
	}
	if _, err := tx.Exec(t.Context(), `update client set email = 'new@example.com'`); err != nil {
		t.Fatal(err)
	}
	message, err = db.RequeueMessage(t.Context(), tx, message.ID, time.Now())
	if err != nil || message.Status != db.MessageQueued || message.ToAddr != "new@example.com" {
		t.Errorf("with an address it is %s to %q (%v)", message.Status, message.ToAddr, err)
	}
}
