package jobs

import (
	"bytes"
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"purplecross/db"
	"purplecross/views/emails"
)

// attachedMost is how large a file a letter carries: many mail servers refuse more than 10 MB, and a file grows by a third
// on its way.
const attachedMost = 7 << 20

// sendReport writes down the messages that carry a scheduled report, each with its job, and rings the bells of those
// readers who can open it. A report that a person asked for is fetched, not sent.
func sendReport(ctx context.Context, tx pgx.Tx, work db.Work, asked ReportAsked) error {
	if asked.ScheduleID == 0 {
		return nil
	}
	ids, err := db.AddReportMessages(ctx, tx, work.ID, asked.ScheduleID, asked.Due, work.CreatedAt)
	if err != nil {
		return err
	}
	client := river.ClientFromContext[pgx.Tx](ctx)
	for _, id := range ids {
		inserted, err := client.InsertTx(ctx, tx, SendMessage{MessageID: id}, nil)
		if err != nil {
			return fmt.Errorf("enqueue message %d: %w", id, err)
		}
		if err := db.SetMessageJob(ctx, tx, id, inserted.Job.ID); err != nil {
			return err
		}
	}
	return nil
}

// writeReport is the letter that carries a report's file; of one that is too large, the way to it.
func writeReport(ctx context.Context, pool *pgxpool.Pool, links links, message db.Message, facts db.MessageFacts) (Letter, error) {
	work, person, err := db.ReportOfMessage(ctx, pool, message.ID)
	if err != nil {
		return Letter{}, err
	}
	file, err := db.GetWorkFile(ctx, pool, work.ID)
	if err != nil {
		return Letter{}, err
	}
	props := emails.ReportProps{
		Clinic: emails.Clinic{Name: facts.ClinicName},
		Title:  work.Title, Outcome: work.Outcome,
	}
	if links.base != "" && person.Role.Can(db.AbleConfigure) {
		props.Href = fmt.Sprintf("%s/progress/%d", links.base, work.ID)
	}
	letter := Letter{Subject: work.Title}
	if file.Bytes <= attachedMost {
		var content bytes.Buffer
		if err := db.CopyWorkFile(ctx, pool, work.ID, &content); err != nil {
			return Letter{}, err
		}
		letter.Attached = &Attachment{Name: file.Name, MediaType: file.MediaType, Bytes: content.Bytes()}
		props.File = file.Name
	}
	var html bytes.Buffer
	if err := emails.Report(props).Render(ctx, &html); err != nil {
		return Letter{}, fmt.Errorf("write letter: %w", err)
	}
	letter.HTML, letter.Text = html.String(), props.Text()
	return letter, nil
}
