package db

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// AddReportMessages writes down the messages that carry a report's file to those whom its schedule names, each once for
// every time that it is due, and answers their ids. Hand them to the queue in the same transaction.
func AddReportMessages(ctx context.Context, tx pgx.Tx, workID, scheduleID int64, due, now time.Time) ([]int64, error) {
	rows, _ := tx.Query(ctx, `
		select `+staffColumns+`
		  from staff
		 where active and id in (select staff_id from report_recipient where schedule_id = $1)
		 order by id`, scheduleID)
	people, err := pgx.CollectRows(rows, pgx.RowToStructByName[Staff])
	if err != nil {
		return nil, wrap(err, "read whom report schedule %d is for", scheduleID)
	}
	clinic, err := GetClinic(ctx, tx)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, person := range people {
		if !person.Role.Can(AbleDesk) {
			continue
		}
		key := fmt.Sprintf("%s:%d:%s:staff-%d", MessageReport, scheduleID, due.UTC().Format(time.RFC3339), person.ID)
		var id int64
		err := tx.QueryRow(ctx, `
			insert into message (kind, channel, to_addr, dedupe_key, message_id, by_hand, work_id, staff_id)
			values ($1, 'email', $2, $3, $4, true, $5, $6)
			on conflict (dedupe_key) do nothing
			returning id`, MessageReport, person.Email, key, mailID(key, now, clinic.Email), workID, person.ID).Scan(&id)
		if errors.Is(err, pgx.ErrNoRows) {
			continue // an earlier try wrote it down
		}
		if err != nil {
			return nil, wrap(err, "add message with report %d", workID)
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// ReportOfMessage is the work whose report a message carries, and who gets it. ErrNotFound: it is gone.
func ReportOfMessage(ctx context.Context, conn Conn, messageID int64) (Work, Staff, error) {
	var workID, staffID int64
	err := conn.QueryRow(ctx, `select coalesce(work_id, 0), coalesce(staff_id, 0) from message where id = $1`, messageID).Scan(&workID, &staffID)
	if err != nil {
		return Work{}, Staff{}, wrap(err, "read report of message %d", messageID)
	}
	work, err := GetWork(ctx, conn, workID)
	if err != nil {
		return work, Staff{}, err
	}
	person, err := GetStaff(ctx, conn, staffID)
	return work, person, err
}

// whyNoReport says why a report must not be sent: its file is gone, or its reader may not see it any more.
func whyNoReport(ctx context.Context, conn Conn, message Message) (string, MessageFacts, error) {
	clinic, err := GetClinic(ctx, conn)
	facts := MessageFacts{Household: Household{
		ClinicName: clinic.Name, ClinicPhone: clinic.Phone, ClinicEmail: clinic.Email, ClinicAddress: clinic.Address,
	}}
	if err != nil {
		return "", facts, err
	}
	work, person, err := ReportOfMessage(ctx, conn, message.ID)
	if errors.Is(err, ErrNotFound) {
		return "The report is gone. Make it again.", facts, nil
	}
	if err != nil {
		return "", facts, err
	}
	facts.ClientFirstName, facts.Email = person.DisplayName, person.Email
	if !person.Active || !person.Role.Can(AbleDesk) {
		return "Its reader does not work here any more, or may not see clients.", facts, nil
	}
	if _, err := GetWorkFile(ctx, conn, work.ID); errors.Is(err, ErrNotFound) {
		return "The report was kept for a while and is gone. Make it again.", facts, nil
	} else if err != nil {
		return "", facts, err
	}
	return "", facts, nil
}
