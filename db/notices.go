package db

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// NotifyGivenUpJobs tells admins of the jobs that were given up since it was last asked, a line a kind.
func NotifyGivenUpJobs(ctx context.Context, tx Conn, words func(kind string) string) error {
	rows, _ := tx.Query(ctx, `
		with noticed as (
		  insert into job_noticed (job_id, finalized_at)
		  select id, finalized_at
		    from river_job
		   where state = 'discarded' and finalized_at > now() - interval '1 day'
		  on conflict do nothing
		  returning job_id
		)
		select j.id, j.kind
		  from noticed
		  join river_job j on j.id = noticed.job_id
		 order by j.id`)
	type givenUp struct {
		ID   int64  `db:"id"`
		Kind string `db:"kind"`
	}
	jobs, err := pgx.CollectRows(rows, pgx.RowToStructByName[givenUp])
	if err != nil {
		return wrap(err, "notice given-up jobs")
	}
	for _, job := range jobs {
		err := Notify(ctx, tx, Notice{
			Kind: NoticeJobFailed, Subject: "job", SubjectID: job.ID, Href: fmt.Sprintf("/admin/jobs/jobs/%d", job.ID),
			Sentence: "A job was given up: " + words(job.Kind) + ".",
			Group:    "job_failed " + job.Kind, Many: "# jobs were given up: " + words(job.Kind) + ".", ManyHref: "/admin/queues",
			Roles: []Role{RoleAdmin},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// notifyWork tells whoever started work that it is over, unless they stopped it themselves.
func notifyWork(ctx context.Context, conn Conn, work Work) error {
	if work.StartedBy == 0 || work.State == WorkCancelled && work.CancelRequestedAt != nil {
		return nil
	}
	kind := NoticeWorkDone
	switch {
	case work.State != WorkDone:
		kind = NoticeWorkFailed
	case work.Kind == "export":
		kind = NoticeExportReady
	case work.Kind == "report":
		kind = NoticeReportReady
	case work.Kind == "import":
		kind = NoticeImportDone
	case work.Kind == "edit":
		kind = NoticeEditDone
	}
	return Notify(ctx, conn, Notice{
		Kind: kind, Subject: "work", SubjectID: work.ID, Href: fmt.Sprintf("/progress/%d", work.ID),
		Sentence: strings.TrimSpace(work.Title + ": " + work.Outcome), To: []int64{work.StartedBy},
	})
}

// NotifyMessageFailed tells managers, and whoever caused it, that a message reaches nobody.
func NotifyMessageFailed(ctx context.Context, conn Conn, id int64) error {
	var cause *int64
	var kind MessageKind
	var reason string
	err := conn.QueryRow(ctx, `select created_by, kind, status_reason from message where id = $1`, id).Scan(&cause, &kind, &reason)
	if err != nil {
		return wrap(err, "read message %d", id)
	}
	notice := Notice{
		Kind: NoticeMessageFailed, Subject: "message", SubjectID: id, Href: fmt.Sprintf("/messages/%d", id),
		Sentence: strings.TrimSpace("A message did not go out. " + reason),
		Group:    "message_failed", Many: "# messages did not go out.", ManyHref: "/messages?status=failed,bounced&sort=-created",
		Roles: []Role{RoleManager},
	}
	if cause != nil {
		notice.To = []int64{*cause}
	}
	if kind == MessageWordingTest {
		notice.Roles = nil // only who tries the wording waits for it
	}
	return Notify(ctx, conn, notice)
}
