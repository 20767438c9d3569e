package jobs

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"purplecross/db"
	"purplecross/views/ui"
)

// SendMailing writes a mailing to the households of many rows.
type SendMailing struct {
	WorkID int64 `json:"work_id"`
}

// Kind names the job.
func (SendMailing) Kind() string { return "send_mailing" }

// InsertOpts are the reports queue's: somebody waits for it to be written; the letters themselves go by the e-mail queue.
func (SendMailing) InsertOpts() river.InsertOpts { return Reports.options() }

// MailingAsked is which mailing is written.
type MailingAsked struct {
	Resource  string `json:"resource"` // the list whose rows were chosen
	MailingID int64  `json:"mailing_id"`
}

// mailedTogether is how many households are written to in one transaction: a stop falls between two of them.
const mailedTogether = 100

// StartMailing has a mailing written to the households of rows, and answers the work that does it.
func (c *Client) StartMailing(ctx context.Context, mailing db.Mailing, households int, ids []int64) (int64, error) {
	var work int64
	err := db.InTx(ctx, c.pool, func(tx pgx.Tx) error {
		id, err := db.AddMailing(ctx, tx, mailing)
		if err != nil {
			return err
		}
		work, err = c.startWorkIn(ctx, tx, db.NewWork{
			Kind: "mailing", Title: "Write to " + ui.Plural(households, "household", "households"), Unit: "households", Total: int64(households),
			Asked: MailingAsked{Resource: mailing.List, MailingID: id},
		}, ids, func(_ pgx.Tx, id int64) (river.JobArgs, error) { return SendMailing{WorkID: id}, nil })
		return err
	})
	return work, err
}

type mailingWriter struct {
	inQueue[SendMailing]
	pool *pgxpool.Pool
	zone *time.Location
	now  func() time.Time
}

func (w *mailingWriter) Work(ctx context.Context, job *river.Job[SendMailing]) error {
	client := river.ClientFromContext[pgx.Tx](ctx)
	return Working(ctx, w.pool, job, job.Args.WorkID, func(ctx context.Context, progress *Progress, asked MailingAsked) (db.WorkResult, error) {
		err := w.write(ctx, client, progress, asked)
		later := context.WithoutCancel(ctx)
		if Cancelled(ctx) {
			if stopped := db.StopMailing(later, w.pool, asked.MailingID); stopped != nil {
				return db.WorkResult{}, stopped
			}
		}
		written, suppressed, counted := db.MailingCounts(later, w.pool, asked.MailingID)
		if counted != nil {
			return db.WorkResult{}, counted
		}
		return mailed(written, suppressed, err), err
	})
}

// write goes through all households. A second try begins anew: who has a message by then gets no other.
func (w *mailingWriter) write(ctx context.Context, client *river.Client[pgx.Tx], progress *Progress, asked MailingAsked) error {
	var ids []int64
	for thousand := 0; ; thousand++ {
		part, err := db.WorkTargets(ctx, w.pool, progress.Work.ID, thousand)
		if err != nil {
			return err
		}
		if len(part) == 0 {
			break
		}
		ids = append(ids, part...)
	}
	households, err := db.MailingTargets(ctx, w.pool, asked.Resource, ids)
	if err != nil {
		return err
	}
	progress.Total(len(households))
	for done := 0; done < len(households); {
		part := households[done:min(done+mailedTogether, len(households))]
		if err := w.writePart(ctx, client, asked.MailingID, part); err != nil {
			return err
		}
		done += len(part)
		progress.At(done)
	}
	return nil
}

// writePart writes to some households and gives each message its job, all or nothing. In the quiet hours they wait.
func (w *mailingWriter) writePart(ctx context.Context, client *river.Client[pgx.Tx], mailing int64, households []db.MailingTo) error {
	return db.InTx(ctx, w.pool, func(tx pgx.Tx) error {
		quiet, err := db.GetMessageSettings(ctx, tx)
		if err != nil {
			return err
		}
		at := quiet.End(w.now().In(w.zone))
		messages, err := db.AddMailingMessages(ctx, tx, mailing, households, at)
		if err != nil {
			return err
		}
		return enqueueMessages(ctx, tx, client, messages, at)
	})
}

// mailed says what became of it.
func mailed(written, suppressed int, err error) db.WorkResult {
	said := "Written to " + ui.Plural(written-suppressed, "household", "households")
	if suppressed > 0 {
		said += "; " + ui.Plural(suppressed, "gets", "get") + " none, and each message says why"
	}
	if err != nil {
		said = "Stopped. " + said
	}
	return db.WorkResult{Outcome: said + ".", Href: "/messages?kind=" + string(db.MessageMailing), Label: "See messages"}
}
