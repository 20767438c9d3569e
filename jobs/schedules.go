package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"purplecross/db"
	"purplecross/internal/report"
	"purplecross/views"
)

// Schedule is something that happens by the clock. Its row in the database knows when it runs next, so it survives
// restarts, and any number of workers run it once.
type Schedule struct {
	Name  string        // its row goes by it, so it never changes
	About string        // for the operator's page
	Rule  string        // "every 5m", "daily 08:00", "mon thu 08:00" or "monthly 1 08:00", by the clinic's clocks
	Late  time.Duration // a run that is later than this is left out; 0: however late, it is made up for, once
	Job   river.JobArgs
}

// Schedules is everything that happens by the clock. To add one, add a line: a worker that starts writes it down.
var Schedules = []Schedule{
	{Name: "find-reminders", About: "Write the reminders that are due", Rule: "every 5m", Job: FindReminders{}},
	{Name: "settle-messages", About: "End messages whose job is gone", Rule: "every 5m", Job: SettleMessages{}},
	{Name: "tidy-work", About: "Delete long work that ended a while ago", Rule: "every 5m", Job: TidyWork{}},
	{Name: "forget-notifications", About: "Delete old notifications", Rule: "every 1h", Job: ForgetNotifications{}},
	{Name: "tidy-imports", About: "Delete imported files whose time is over", Rule: "every 1h", Job: TidyImports{}},
	{Name: "trim-errors", About: "Delete failures that nobody saw for long", Rule: "every 1h", Job: TrimErrors{}},
	{Name: "trim-jobs", About: "Delete finished jobs beyond what their queue keeps", Rule: "every 10m", Job: TrimJobs{}},
	{Name: "sweep-sessions", About: "Delete sessions and failed sign-ins that no longer count", Rule: "every 1h", Job: SweepSessions{}},
}

// tickEvery is how late a schedule runs at most while all is well.
const tickEvery = 15 * time.Second

// ScheduleNames are the names of the schedules that this program knows.
func ScheduleNames() []string { return names(Schedules) }

func names(schedules []Schedule) []string {
	names := make([]string, len(schedules))
	for i, schedule := range schedules {
		names[i] = schedule.Name
	}
	return names
}

// seedSchedules writes down what the code says of them; as often as you like.
func seedSchedules(ctx context.Context, pool *pgxpool.Pool, schedules []Schedule, zone *time.Location, now time.Time) error {
	report.Monitor(RunSchedules{}.Kind(), report.Clock{Every: tickEvery})
	return db.InTx(ctx, pool, func(tx pgx.Tx) error {
		for _, schedule := range schedules {
			rule, err := parseRule(schedule.Rule)
			if err != nil {
				return err
			}
			report.Monitor(schedule.Job.Kind(), report.Clock{Every: rule.every, Crontab: rule.crontab(), Zone: zone.String()})
			row := db.JobSchedule{
				Name: schedule.Name, About: schedule.About, Rule: schedule.Rule, Zone: zone.String(),
				Misfire: "once", Grace: schedule.Late, NextAt: rule.first(now, zone),
			}
			if schedule.Late > 0 {
				row.Misfire = "skip"
			}
			if err := db.SeedSchedule(ctx, tx, row); err != nil {
				return err
			}
		}
		return nil
	})
}

// RunSchedules inserts the jobs of the schedules whose time has come.
type RunSchedules struct{}

// Kind names the job.
func (RunSchedules) Kind() string { return "run_schedules" }

// InsertOpts are the default queue's, one at a time and before all others.
func (RunSchedules) InsertOpts() river.InsertOpts {
	options := once(Default)
	options.Priority = 1
	return options
}

type ticker struct {
	inQueue[RunSchedules]
	pool      *pgxpool.Pool
	schedules []Schedule
	now       func() time.Time
	log       *slog.Logger
}

// Work is one tick. It ends in the transaction of what it does, and forgets the ticks before: they are of no interest.
func (w *ticker) Work(ctx context.Context, job *river.Job[RunSchedules]) error {
	client := river.ClientFromContext[pgx.Tx](ctx)
	return db.InTx(ctx, w.pool, func(tx pgx.Tx) error {
		if err := db.ForgetCompleted(ctx, tx, job.Kind); err != nil {
			return err
		}
		if err := w.tick(ctx, tx, client, w.now()); err != nil {
			return err
		}
		if err := w.tickReports(ctx, tx, client, w.now()); err != nil {
			return err
		}
		if err := db.NotifyGivenUpJobs(ctx, tx, views.KindWord); err != nil {
			return err
		}
		if err := db.NoteJobDepths(ctx, tx, w.now().Truncate(db.JobStatBucket)); err != nil {
			return err
		}
		_, err := river.JobCompleteTx[*riverpgxv5.Driver](ctx, tx, job)
		return err
	})
}

func (w *ticker) tick(ctx context.Context, tx pgx.Tx, client *river.Client[pgx.Tx], now time.Time) error {
	due, err := db.LockDueSchedules(ctx, tx, names(w.schedules), now)
	if err != nil {
		return err
	}
	for _, row := range due {
		next, err := nextRun(row, now)
		if err != nil { // a newer version's rule; that one will run it
			w.log.WarnContext(ctx, "a schedule was not run", "schedule", row.Name, "error", err)
			continue
		}
		if row.Misfire == "skip" && now.Sub(row.NextAt) > row.Grace {
			err = db.ScheduleSkipped(ctx, tx, row.ID, now, next)
		} else {
			err = runSchedule(ctx, tx, client, w.schedules, row, now, &row.NextAt, next)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func nextRun(row db.JobSchedule, now time.Time) (time.Time, error) {
	rule, err := parseRule(row.Rule)
	if err != nil {
		return time.Time{}, err
	}
	zone, err := time.LoadLocation(row.Zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("read the zone of schedule %s: %w", row.Name, err)
	}
	return rule.next(row.NextAt, now, zone), nil
}

// runSchedule inserts the job of a schedule. If the one before has not ended, that one counts.
func runSchedule(ctx context.Context, tx pgx.Tx, client *river.Client[pgx.Tx], known []Schedule, row db.JobSchedule, now time.Time, due *time.Time, next time.Time) error {
	for _, schedule := range known {
		if schedule.Name != row.Name {
			continue
		}
		why, err := json.Marshal(map[string]any{"schedule": row.Name, "due": due})
		if err != nil {
			return err
		}
		inserted, err := client.InsertTx(ctx, tx, schedule.Job, &river.InsertOpts{Metadata: why})
		if err != nil {
			return fmt.Errorf("run schedule %s: %w", row.Name, err)
		}
		return db.ScheduleRan(ctx, tx, row.ID, inserted.Job.ID, now, due, next)
	}
	return db.ErrNotFound
}

// RunSchedule has a schedule run now because a person asks for it; its next run stays when it was.
func (c *Client) RunSchedule(ctx context.Context, tx pgx.Tx, id int64, now time.Time) error {
	row, err := db.LockSchedule(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := runSchedule(ctx, tx, c.river, c.schedules, row, now, nil, row.NextAt); err != nil {
		return err
	}
	return db.AuditScheduleRun(ctx, tx, row)
}

// ResumeSchedule lets a paused schedule run again, at its next time from now.
func (c *Client) ResumeSchedule(ctx context.Context, tx pgx.Tx, id int64, now time.Time) error {
	row, err := db.LockSchedule(ctx, tx, id)
	if err != nil {
		return err
	}
	next, err := nextRun(row, now)
	if err != nil {
		return err
	}
	return db.ResumeSchedule(ctx, tx, id, next)
}
