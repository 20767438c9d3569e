package jobs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"purplecross/db"
	"purplecross/internal/profiles"
	"purplecross/internal/report"
)

// traced hands the trace of whoever inserts a job on to the job.
type traced struct{ river.MiddlewareDefaults }

// InsertMany writes the trace into the metadata of the jobs.
func (traced) InsertMany(ctx context.Context, jobs []*rivertype.JobInsertParams, insert func(context.Context) ([]*rivertype.JobInsertResult, error)) ([]*rivertype.JobInsertResult, error) {
	trace := report.Trace(ctx)
	for _, job := range jobs {
		if trace == "" {
			break
		}
		metadata := map[string]any{}
		if len(job.Metadata) > 0 {
			if err := json.Unmarshal(job.Metadata, &metadata); err != nil {
				return nil, err
			}
		}
		metadata["trace"] = trace
		var err error
		if job.Metadata, err = json.Marshal(metadata); err != nil {
			return nil, err
		}
	}
	return insert(ctx)
}

// watched runs a job in its own name, for the audit log, and reports its failure.
type watched struct{ river.MiddlewareDefaults }

// Work runs the job.
func (watched) Work(ctx context.Context, job *rivertype.JobRow, work func(context.Context) error) error {
	info := infoOf(job)
	ctx = db.WithActor(ctx, db.Actor{Name: "job " + job.Kind, RequestID: info.Reference()})
	began, worked := time.Now(), false
	defer func() { countTry(job, began, worked) }()
	var err error
	profiles.Label(ctx, "job", job.Kind, func(ctx context.Context) {
		err = report.Job(ctx, info, func(ctx context.Context) error {
			report.Measured(ctx, "job.wait", began.Sub(job.ScheduledAt))
			return work(ctx)
		})
	})
	worked = err == nil
	return err
}

// failures hears of what failed before it reached its worker, such as a job of a kind that no worker knows.
type failures struct{ log *slog.Logger }

// HandleError notes the error of a try.
func (f failures) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	if !expected(err) {
		f.log.ErrorContext(ctx, "job failed", "job", job.ID, "kind", job.Kind, "attempt", job.Attempt, "error", err)
	}
	report.JobError(ctx, infoOf(job), err)
	return nil
}

// HandlePanic notes a panic; the job is tried again like any other.
func (f failures) HandlePanic(ctx context.Context, job *rivertype.JobRow, value any, trace string) *river.ErrorHandlerResult {
	f.log.ErrorContext(ctx, "job panicked", "job", job.ID, "kind", job.Kind, "attempt", job.Attempt, "stack", trace)
	report.JobPanic(ctx, infoOf(job), value)
	return nil
}

func infoOf(job *rivertype.JobRow) report.JobInfo {
	var metadata struct {
		Trace string `json:"trace"`
	}
	if bytes.Contains(job.Metadata, []byte(`"trace"`)) { // reading JSON is half of what all of this costs a job
		_ = json.Unmarshal(job.Metadata, &metadata) // no trace is as good as an unreadable one
	}
	return report.JobInfo{
		Kind: job.Kind, ID: job.ID, Attempt: job.Attempt, MaxAttempts: job.MaxAttempts,
		Trace: metadata.Trace, Expected: expected,
	}
}

// expected are errors that are nobody's bug: trouble with a mail server stands on its message, a refusal and a
// cancellation on their work, and a snooze is a plan.
func expected(err error) bool {
	var trouble *Trouble
	var snooze *rivertype.JobSnoozeError
	return errors.As(err, &trouble) || errors.As(err, &snooze) || errors.Is(err, errCancelled) || errors.Is(err, errRefused)
}
