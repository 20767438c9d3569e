package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"purplecross/db"
	"purplecross/jobs/sheets"
)

// reportLate is how late a report by the clock is made at most: yesterday's day sheet is of use to nobody. The next comes
// by itself.
const reportLate = 24 * time.Hour

// NextReport is when a report by the clock is made first after now.
func NextReport(s db.ReportSchedule, now time.Time) (time.Time, error) {
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("read the zone of report schedule %d: %w", s.ID, err)
	}
	r := rule{monthday: s.Monthday, minute: s.Minute}
	for _, day := range s.Weekdays {
		r.weekdays = append(r.weekdays, time.Weekday(day))
	}
	return r.next(now, now, zone), nil
}

// RunReportSchedule has a report made and sent out of turn because a person asks for it; its next run stays when it was.
func (c *Client) RunReportSchedule(ctx context.Context, id int64, now time.Time) (int64, error) {
	var work int64
	err := db.InTx(ctx, c.pool, func(tx pgx.Tx) error {
		schedule, err := db.GetReportSchedule(ctx, tx, id)
		if err != nil {
			return err
		}
		work, err = askScheduled(ctx, tx, c.river, schedule, now)
		return err
	})
	return work, err
}

// tickReports asks for the reports whose time has come. It is in the tick's transaction, so each is asked for once; one that
// cannot be asked for holds up no other.
func (w *ticker) tickReports(ctx context.Context, tx pgx.Tx, client *river.Client[pgx.Tx], now time.Time) error {
	due, err := db.LockDueReportSchedules(ctx, tx, now)
	if err != nil {
		return err
	}
	for _, schedule := range due {
		next, err := NextReport(schedule, now)
		if err != nil {
			w.log.WarnContext(ctx, "a report was not made", "schedule", schedule.ID, "error", err)
			continue
		}
		if now.Sub(schedule.NextAt) > reportLate {
			if err := db.ReportScheduleSkipped(ctx, tx, schedule.ID, now, next); err != nil {
				return err
			}
			continue
		}
		err = pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error {
			work, err := askScheduled(ctx, tx, client, schedule, schedule.NextAt)
			if err != nil {
				return err
			}
			return db.ReportScheduleRan(ctx, tx, schedule.ID, work, schedule.NextAt, next)
		})
		if err != nil {
			w.log.ErrorContext(ctx, "a report was not made", "schedule", schedule.ID, "error", err)
			if err := db.ReportScheduleSkipped(ctx, tx, schedule.ID, now, next); err != nil {
				return err
			}
		}
	}
	return nil
}

// askScheduled asks for a schedule's report, of the days as they are seen from when it was due.
func askScheduled(ctx context.Context, tx pgx.Tx, client *river.Client[pgx.Tx], s db.ReportSchedule, due time.Time) (int64, error) {
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		return 0, err
	}
	first, last := s.Span.Days(due.In(zone))
	asked := AskReport(db.ReportQuestion{Kind: s.Report, First: first, Last: last, VetID: s.VetID}, sheets.Format(s.Format))
	asked.ScheduleID, asked.Due = s.ID, due.UTC()
	return startReport(ctx, tx, client, asked)
}
