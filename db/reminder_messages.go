package db

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// A lock of ours in PostgreSQL's 64-bit space of advisory locks: "reminder" in ASCII.
const remindLock = 0x72656d696e646572

// reminder is a message to be, with what it tells.
type reminderMessage struct {
	kind  MessageKind
	to    Household
	items []messageItem
}

type messageItem struct {
	key                  string
	patient, visit, care int64 // visit or care is 0
	saidAt, dueOn        *time.Time
	lead                 int
}

// WriteReminders writes down the reminders whose time has come, one message a household, and answers those that are to
// be sent; the rest say why they cannot reach their household. However often and in however many processes it runs,
// each visit and each care is told once: they take turns, and the keys of what is told are unique. In the quiet hours
// it does nothing. The zone of now is the clinic's.
func WriteReminders(ctx context.Context, tx pgx.Tx, now time.Time) ([]int64, error) {
	quiet, err := GetMessageSettings(ctx, tx)
	if err != nil || quiet.End(now).After(now) {
		return nil, err
	}
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, int64(remindLock)); err != nil {
		return nil, wrap(err, "take the turn of reminding")
	}
	visits, err := DueVisitReminders(ctx, tx, now)
	if err != nil {
		return nil, err
	}
	care, err := DueCareReminders(ctx, tx, now)
	if err != nil {
		return nil, err
	}

	messages := make([]reminderMessage, 0, len(visits)+len(care))
	for _, group := range visits {
		messages = append(messages, visitReminder(group))
	}
	for _, group := range care {
		messages = append(messages, careReminder(group))
	}
	return addReminders(ctx, tx, messages)
}

func visitReminder(visits []VisitToRemind) reminderMessage {
	message := reminderMessage{kind: MessageVisitReminder, to: visits[0].Household}
	for _, v := range visits {
		message.items = append(message.items, messageItem{
			key:     fmt.Sprintf("visit:%d:%s:%dh", v.AppointmentID, v.StartsAt.UTC().Format("2006-01-02T15:04Z"), v.Hours),
			patient: v.PatientID, visit: v.AppointmentID, saidAt: &v.StartsAt, lead: v.Hours,
		})
	}
	return message
}

func careReminder(care []CareToRemind) reminderMessage {
	message := reminderMessage{kind: MessageCareReminder, to: care[0].Household}
	for _, c := range care {
		message.items = append(message.items, messageItem{
			key:     fmt.Sprintf("care:%d:%s:%dd", c.ReminderID, c.DueOn.Format(time.DateOnly), c.Days),
			patient: c.PatientID, care: c.ReminderID, dueOn: &c.DueOn, lead: c.Days,
		})
	}
	return message
}

// addReminders inserts all messages, then all that they tell, in two statements however many there are.
func addReminders(ctx context.Context, tx pgx.Tx, messages []reminderMessage) ([]int64, error) {
	if len(messages) == 0 {
		return nil, nil
	}
	written := time.Now()
	var kinds, channels, addresses, statuses, reasons, keys, mailIDs []string
	var clients, patients, visits, cares []int64
	for _, m := range messages {
		key, patient, visit, care := string(m.kind)+":"+m.items[0].key, m.items[0].patient, m.items[0].visit, m.items[0].care
		if len(m.items) > 1 { // of several: each finds it by its item
			patient, visit, care = 0, 0, 0
		}
		status, reason := MessageQueued, m.to.Unreachable()
		if reason != "" {
			status = MessageSuppressed
		}
		way := m.to.Way()
		kinds, channels, addresses = append(kinds, string(m.kind)), append(channels, string(way.channel())), append(addresses, way.Address)
		statuses, reasons = append(statuses, string(status)), append(reasons, reason)
		keys, mailIDs = append(keys, key), append(mailIDs, mailID(key, written, m.to.ClinicEmail))
		clients, patients, visits, cares = append(clients, m.to.ClientID), append(patients, patient), append(visits, visit), append(cares, care)
	}
	rows, _ := tx.Query(ctx, `
		insert into message (kind, client_id, patient_id, appointment_id, reminder_id, channel, to_addr, status, status_reason,
		                     needs_call, dedupe_key, message_id)
		select kind, client, nullif(patient, 0), nullif(visit, 0), nullif(care, 0), channel::channel, address, status::message_status, reason,
		       reason <> '', key, mail_id
		  from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[])
		       as new (kind, client, patient, visit, care, channel, address, status, reason, key, mail_id)
		on conflict (dedupe_key) do nothing
		returning id, dedupe_key, status::text`, kinds, clients, patients, visits, cares, channels, addresses, statuses, reasons, keys, mailIDs)
	type added struct {
		ID     int64
		Key    string
		Status MessageStatus
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[added])
	if err != nil {
		return nil, wrap(err, "write reminders")
	}

	var queued []int64
	ids := map[string]int64{}
	for _, one := range all {
		if ids[one.Key] = one.ID; one.Status == MessageQueued {
			queued = append(queued, one.ID)
		}
	}
	return queued, addItems(ctx, tx, messages, ids)
}

func addItems(ctx context.Context, tx pgx.Tx, messages []reminderMessage, ids map[string]int64) error {
	var rows [][]any
	null := func(id int64) any {
		if id == 0 {
			return nil
		}
		return id
	}
	for _, m := range messages {
		id, added := ids[string(m.kind)+":"+m.items[0].key]
		if !added {
			continue
		}
		for _, item := range m.items {
			rows = append(rows, []any{id, item.patient, null(item.visit), null(item.care), item.saidAt, item.dueOn, item.lead, item.key})
		}
	}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"message_item"},
		[]string{"message_id", "patient_id", "appointment_id", "reminder_id", "said_at", "due_on", "lead", "dedupe_key"}, pgx.CopyFromRows(rows))
	return wrap(err, "write what reminders tell")
}
