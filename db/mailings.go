package db

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// Mailing is what a person writes to many households at once, with the placeholders of its kind of wording.
type Mailing struct {
	ID        int64      `db:"id"`
	List      string     `db:"list"` // whose rows were chosen
	Subject   string     `db:"subject"`
	Body      string     `db:"body"`
	TextBody  string     `db:"text_body"` // for households that prefer text messages
	StaffID   *int64     `db:"staff_id"`
	At        time.Time  `db:"at"`
	StoppedAt *time.Time `db:"stopped_at"` // it sends no more
}

// MailingTo is a household that a mailing goes to, with the pets that were chosen.
type MailingTo struct {
	Household
	Patients []int64 `db:"patients"` // those alive
	Chosen   int     `db:"chosen"`   // pets or visits that were meant
	Why      string  // why it gets none, "" when it gets one
}

const noPetAlive = "The patient is recorded as deceased."

// mailingTargets finds the households of chosen rows, and the pets: of a visit that was cancelled none.
var mailingTargets = map[string]string{
	PatientsGrid.Name: `
		select p.client_id, p.id as patient_id, p.status <> 'deceased' as meant
		  from patient p
		 where p.id = any ($1)`,
	ClientsGrid.Name: `
		select c.id as client_id, p.id as patient_id, coalesce(p.status = 'active', true) as meant
		  from client c
		  left join patient p on p.client_id = c.id and p.status = 'active'
		 where c.id = any ($1)`,
	AppointmentsGrid.Name: `
		select a.client_id, a.patient_id, p.status <> 'deceased' and a.status <> 'cancelled' as meant
		  from appointment a
		  join patient p on p.id = a.patient_id
		 where a.id = any ($1) and a.kind = 'visit'`,
}

// Mailable says whether many households can be written to from a list.
func Mailable(list string) bool { return mailingTargets[list] != "" }

// MailingTargets are the households of rows of a list, one however many of its rows were chosen, and why some of them
// get no message.
func MailingTargets(ctx context.Context, conn Conn, list string, ids []int64) ([]MailingTo, error) {
	targets := mailingTargets[list]
	if targets == "" {
		return nil, ErrNotFound
	}
	rows, _ := conn.Query(ctx, `
		with target as (`+targets+`
		), household as (
		  select client_id, count(*) as chosen, bool_or(meant) as meant,
		         coalesce(array_agg(distinct patient_id) filter (where meant and patient_id is not null), '{}') as patients
		    from target
		   where client_id is not null
		   group by client_id
		)
		select`+householdColumns+`, h.chosen, h.patients, case when h.meant then '' else $2 end as why
		  from household h
		  join client c on c.id = h.client_id
		  left join clinic k on true
		 order by c.id`, ids, noPetAlive)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[MailingTo])
	for i := range all {
		switch {
		case all[i].Why != "" && list == AppointmentsGrid.Name:
			all[i].Why = "The visit was cancelled, or the patient is recorded as deceased."
		case all[i].Why == "":
			all[i].Why = all[i].whyNoMailing()
		}
	}
	return all, wrap(err, "find households of %s", list)
}

func (h Household) whyNoMailing() string {
	if h.ClientStatus == "merged" {
		return mergedReason
	}
	return h.Unreachable()
}

// AddMailing writes down what is to be said to many.
func AddMailing(ctx context.Context, tx pgx.Tx, mailing Mailing) (int64, error) {
	var id int64
	err := tx.QueryRow(ctx, `
		insert into mailing (list, subject, body, text_body, staff_id)
		values ($1, $2, $3, $4, nullif($5, 0))
		returning id`, mailing.List, mailing.Subject, mailing.Body, mailing.TextBody, ActorFrom(ctx).StaffID).Scan(&id)
	if err != nil {
		return 0, wrap(err, "add mailing")
	}
	return id, Audit(ctx, tx, Audited{Action: "wrote", Entity: "mailing", EntityID: id})
}

// GetMailing reads a mailing.
func GetMailing(ctx context.Context, conn Conn, id int64) (Mailing, error) {
	rows, _ := conn.Query(ctx, `select * from mailing where id = $1`, id)
	mailing, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Mailing])
	return mailing, wrap(err, "get mailing %d", id)
}

const mailingStopped = "Sending this message to many was stopped."

// StopMailing keeps those of its messages that have not gone out from going out; they say so at once.
func StopMailing(ctx context.Context, conn Conn, id int64) error {
	_, err := conn.Exec(ctx, `
		with stopped as (
		  update mailing set stopped_at = now() where id = $1 and stopped_at is null
		)
		update message
		   set status = 'suppressed', status_reason = $2, updated_at = now()
		 where mailing_id = $1 and status = 'queued'`, id, mailingStopped)
	return wrap(err, "stop mailing %d", id)
}

// AddMailingMessages writes down a mailing's messages to households, none before a time, and answers those that are to be
// sent; a household that gets none has a row that says why. However often it runs, a household has one.
func AddMailingMessages(ctx context.Context, tx pgx.Tx, mailing int64, to []MailingTo, notBefore time.Time) ([]int64, error) {
	var queued []int64
	written := time.Now()
	for _, household := range to {
		key := fmt.Sprintf("%s:%d:%d", MessageMailing, mailing, household.ClientID)
		status, way := MessageQueued, household.Way()
		if household.Why != "" {
			status = MessageSuppressed
		}
		rows, _ := tx.Query(ctx, `
			insert into message (kind, mailing_id, client_id, patient_id, channel, to_addr, status, status_reason, not_before, dedupe_key, message_id, created_by)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, nullif($12, 0))
			on conflict (dedupe_key) do nothing
			returning id`,
			MessageMailing, mailing, household.ClientID, onlyOne(household.Patients), way.channel(), way.Address, status, household.Why,
			notBefore, key, mailID(key, written, household.ClinicEmail), ActorFrom(ctx).StaffID)
		ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return nil, wrap(err, "write mailing %d", mailing)
		}
		if len(ids) == 0 {
			continue // written by an earlier try
		}
		if status == MessageQueued {
			queued = append(queued, ids[0])
		}
		if _, err := tx.Exec(ctx, `
			insert into message_item (message_id, patient_id, lead, dedupe_key)
			select $1, patient, 0, $2 || ':' || patient
			  from unnest($3::bigint[]) patient`, ids[0], key, household.Patients); err != nil {
			return nil, wrap(err, "write what mailing %d is about", mailing)
		}
	}
	return queued, nil
}

func onlyOne(ids []int64) *int64 {
	if len(ids) != 1 {
		return nil
	}
	return &ids[0]
}

// MailingCounts is how many households a mailing was written to, and how many of them get none.
func MailingCounts(ctx context.Context, conn Conn, id int64) (written, suppressed int, err error) {
	err = conn.QueryRow(ctx, `
		select count(*), count(*) filter (where status = 'suppressed')
		  from message
		 where mailing_id = $1`, id).Scan(&written, &suppressed)
	return written, suppressed, wrap(err, "count messages of mailing %d", id)
}

// whyNoMailing is why a mailing's message must not go out now: its household, its pets and itself are read afresh.
func whyNoMailing(ctx context.Context, conn Conn, message Message) (string, MessageFacts, error) {
	facts := MessageFacts{}
	rows, _ := conn.Query(ctx, `
		select n.*
		  from mailing n
		  join message m on m.mailing_id = n.id
		 where m.id = $1`, message.ID)
	mailing, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Mailing])
	if err != nil {
		return "", facts, wrap(err, "read what message %d says", message.ID)
	}
	facts.Mailing = &mailing
	rows, _ = conn.Query(ctx, `
		select`+householdColumns+`
		  from client c
		  left join clinic k on true
		 where c.id = $1`, message.ClientID)
	if facts.Household, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Household]); err != nil {
		return "", facts, wrap(err, "read household of message %d", message.ID)
	}
	rows, _ = conn.Query(ctx, `
		select p.name, p.status::text
		  from message_item i
		  join patient p on p.id = i.patient_id
		 where i.message_id = $1
		 order by p.name`, message.ID)
	type pet struct{ Name, Status string }
	pets, err := pgx.CollectRows(rows, pgx.RowToStructByPos[pet])
	if err != nil {
		return "", facts, wrap(err, "read pets of message %d", message.ID)
	}
	for _, pet := range pets {
		if pet.Status != "deceased" {
			facts.Pets = append(facts.Pets, pet.Name)
		}
	}
	facts.Pets = slices.Compact(facts.Pets)
	switch {
	case mailing.StoppedAt != nil:
		return mailingStopped, facts, nil
	case len(pets) > 0 && len(facts.Pets) == 0:
		return noPetAlive, facts, nil
	}
	return facts.whyNoMailing(), facts, nil
}
