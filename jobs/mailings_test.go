package jobs

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"purplecross/db"
	"purplecross/db/dbtest"
)

func TestAMailingReachesEachHouseholdOnceAndSaysWhyNotTheOthers(t *testing.T) {
	pool := dbtest.New(t)
	ctx := manyPatients(t, pool, 6)
	office := openPostOffice(t, "127.0.0.1:0")
	if _, err := pool.Exec(ctx, `update message_settings set quiet_from = '00:00', quiet_until = '00:00'`); err != nil {
		t.Fatal(err)
	}
	// Four households: two pets of one; one pet dead; one that wants no e-mail; one whose pet dies before it is sent.
	if _, err := pool.Exec(ctx, `
		insert into clinic (name, email) select 'Harbour Vets', 'desk@harbour.example' where not exists (select from clinic);
		update clinic set email = 'desk@harbour.example';
		insert into client (last_name, email, email_opt_out_at)
		select 'Mailed ' || n, case when n = 3 then '' else 'home' || n || '@clients.example' end, null from generate_series(1, 4) n;
		update patient p set client_id = c.id, status = (case when h.n = 2 then 'deceased' else 'active' end)::patient_status, deceased_on = case when h.n = 2 then current_date end
		  from (select id, row_number() over (order by id) as at from patient) o, (values (1, 1), (2, 1), (3, 2), (4, 3), (5, 4)) h (at, n), client c
		 where o.id = p.id and o.at = h.at and c.last_name = 'Mailed ' || h.n`); err != nil {
		t.Fatal(err)
	}
	var ids []int64
	if err := pool.QueryRow(ctx, `select array_agg(p.id order by p.id) from patient p join client c on c.id = p.client_id where c.last_name like 'Mailed %'`).Scan(&ids); err != nil {
		t.Fatal(err)
	}
	client := work(t, pool, office.url)

	id, err := client.StartMailing(ctx, db.Mailing{List: "patients", Subject: "About {pet}", Body: "{greeting}\n\nWe miss {pet}.", TextBody: "We miss {pet}."}, 4, ids)
	if err != nil {
		t.Fatal(err)
	}
	untilWork(t, pool, id, db.WorkDone)
	until(t, "two letters are out", func() bool {
		return countOf(t, pool, `select count(*) from message where kind = 'mailing' and status = 'sent'`) == 2
	})
	if n := countOf(t, pool, `select count(*) from message where kind = 'mailing'`); n != 4 {
		t.Errorf("%d messages for 4 households", n)
	}
	if n := countOf(t, pool, `select count(*) from message where kind = 'mailing' and status = 'suppressed' and status_reason <> ''`); n != 2 {
		t.Errorf("%d say why they were not sent", n)
	}
	if n := countOf(t, pool, `select count(*) from message where kind = 'mailing' and status = 'sent' and body like '%We miss%and%'`); n != 1 {
		t.Errorf("%d letters name both pets of a household", n)
	}
	if n := len(office.letters()); n != 2 {
		t.Errorf("%d letters went out", n)
	}
}

func TestAMailingThatWasStoppedOrWhosePetDiedMeanwhileIsNotSent(t *testing.T) {
	pool := dbtest.New(t)
	ctx := manyPatients(t, pool, 1)
	var pet int64
	if err := pool.QueryRow(ctx, `select id from patient`).Scan(&pet); err != nil {
		t.Fatal(err)
	}
	var mailing int64
	var messages []int64
	err := db.InTx(ctx, pool, func(tx pgx.Tx) (err error) {
		if mailing, err = db.AddMailing(ctx, tx, db.Mailing{List: "patients", Subject: "About {pet}", Body: "Come.", TextBody: "Come."}); err != nil {
			return err
		}
		households, err := db.MailingTargets(ctx, tx, "patients", []int64{pet})
		if err != nil {
			return err
		}
		for range 2 { // a second try writes no second message
			more, err := db.AddMailingMessages(ctx, tx, mailing, households, time.Now())
			if err != nil {
				return err
			}
			messages = append(messages, more...)
		}
		return nil
	})
	if err != nil || len(messages) != 1 {
		t.Fatalf("%d messages, %v", len(messages), err)
	}
	why := func() string {
		t.Helper()
		said, facts, err := db.WhyNotSend(ctx, pool, read(t, pool, messages[0]), time.Now())
		if err != nil || facts.Mailing == nil {
			t.Fatal(err)
		}
		return said
	}
	if said := why(); said != "" {
		t.Errorf("before: %q", said)
	}
	if _, err := pool.Exec(ctx, `update patient set status = 'deceased', deceased_on = current_date`); err != nil {
		t.Fatal(err)
	}
	if said := why(); said != "The patient is recorded as deceased." {
		t.Errorf("after its pet died: %q", said)
	}
	if err := db.StopMailing(ctx, pool, mailing); err != nil {
		t.Fatal(err)
	}
	if said := why(); said != "Sending this message to many was stopped." {
		t.Errorf("after it was stopped: %q", said)
	}
}

func TestAMailingStoppedHalfwaySaysWhoHasItAndSendsNoMore(t *testing.T) {
	pool := dbtest.New(t)
	ctx := manyPatients(t, pool, 250)
	if _, err := pool.Exec(ctx, `
		insert into client (last_name, email) select 'Mailed ' || n, 'home' || n || '@clients.example' from generate_series(1, 250) n;
		update patient p set client_id = c.id
		  from (select id, row_number() over (order by id) as n from patient) o, client c
		 where o.id = p.id and c.last_name = 'Mailed ' || o.n;
		update message_settings set quiet_from = '00:00', quiet_until = '23:59'`); err != nil {
		t.Fatal(err)
	}
	var ids []int64
	if err := pool.QueryRow(ctx, `select array_agg(id) from patient`).Scan(&ids); err != nil {
		t.Fatal(err)
	}
	held, err := pool.Begin(ctx) // a household that the second hundred has to wait for
	if err != nil {
		t.Fatal(err)
	}
	if _, err := held.Exec(ctx, `select from client where last_name = 'Mailed 150' for update`); err != nil {
		t.Fatal(err)
	}
	client := work(t, pool, "")
	id, err := client.StartMailing(ctx, db.Mailing{List: "patients", Subject: "About {pet}", Body: "Come.", TextBody: "Come."}, 250, ids)
	if err != nil {
		t.Fatal(err)
	}
	until(t, "the first hundred is written", func() bool { return readWork(t, pool, id).Done == mailedTogether })

	if err := db.CancelWork(ctx, pool, id); err != nil {
		t.Fatal(err)
	}

	done := untilWork(t, pool, id, db.WorkCancelled)
	if err := held.Rollback(ctx); err != nil {
		t.Fatal(err)
	}
	if done.Outcome != "Stopped. Written to 0 households; 100 get none, and each message says why." {
		t.Errorf("it says %q", done.Outcome)
	}
	if n := countOf(t, pool, `select count(*) from message where kind = 'mailing' and status = 'suppressed' and status_reason = 'Sending this message to many was stopped.'`); n != mailedTogether {
		t.Errorf("%d messages say so", n)
	}
	if n := countOf(t, pool, `select count(*) from message where kind = 'mailing'`); n != mailedTogether {
		t.Errorf("%d messages, so part of a hundred was written", n)
	}
}
