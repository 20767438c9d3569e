package db

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// ScheduleSpan is which days a report by the clock is of, seen from the day that it is made on.
type ScheduleSpan string

// The spans of schedules. The first three are of one day.
const (
	SpanSameDay     ScheduleSpan = "day"
	SpanDayBefore   ScheduleSpan = "day_before"
	SpanDayAfter    ScheduleSpan = "day_after"
	SpanWeekBefore  ScheduleSpan = "week_before"  // the last whole week, Monday to Sunday
	SpanMonthBefore ScheduleSpan = "month_before" // the last whole month
	SpanSameWeek    ScheduleSpan = "week"         // the week that it is, Monday to Sunday
)

// OfOneDay says whether a report of one day can be asked for it.
func (s ScheduleSpan) OfOneDay() bool {
	return s == SpanSameDay || s == SpanDayBefore || s == SpanDayAfter
}

// Days are the first and the last day, seen from a clinic day.
func (s ScheduleSpan) Days(day time.Time) (first, last time.Time) {
	day = time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)
	monday := day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
	month := day.AddDate(0, 0, 1-day.Day())
	switch s {
	case SpanDayBefore:
		return day.AddDate(0, 0, -1), day.AddDate(0, 0, -1)
	case SpanDayAfter:
		return day.AddDate(0, 0, 1), day.AddDate(0, 0, 1)
	case SpanWeekBefore:
		return monday.AddDate(0, 0, -7), monday.AddDate(0, 0, -1)
	case SpanMonthBefore:
		return month.AddDate(0, -1, 0), month.AddDate(0, 0, -1)
	case SpanSameWeek:
		return monday, monday.AddDate(0, 0, 6)
	}
	return day, day
}

// ReportSchedule is a report that is made and e-mailed by the clock.
type ReportSchedule struct {
	ID         int64        `db:"id"`
	Report     ReportKind   `db:"report"`
	Span       ScheduleSpan `db:"span"`
	VetID      int64        `db:"vet_id"` // 0 for all
	Vet        string       `db:"vet"`    // their name
	Format     string       `db:"format"`
	Weekdays   []int        `db:"weekdays"` // Sunday is 0; none when it goes by the month
	Monthday   int          `db:"monthday"` // 0 when it goes by the week
	Minute     int          `db:"minute"`   // of the clinic's day
	Zone       string       `db:"zone"`
	NextAt     time.Time    `db:"next_at"`
	LastDueAt  *time.Time   `db:"last_due_at"`
	LastWorkID *int64       `db:"last_work_id"`
	LastState  string       `db:"last_state"` // of that work, "" when it is gone
	SkippedAt  *time.Time   `db:"skipped_at"`
	PausedAt   *time.Time   `db:"paused_at"`
	Version    int          `db:"version"`
	StaffIDs   []int64      `db:"staff_ids"` // who gets it
	Names      []string     `db:"names"`
}

const selectReportSchedules = `
	select s.id, s.report, s.span, coalesce(s.vet_id, 0) as vet_id, coalesce(v.display_name, '') as vet, s.format, s.weekdays,
	       coalesce(s.monthday, 0) as monthday, s.minute, s.zone, s.next_at, s.last_due_at, s.last_work_id,
	       coalesce(w.state, '') as last_state, s.skipped_at, s.paused_at, s.version,
	       array(select r.staff_id from report_recipient r join staff p on p.id = r.staff_id where r.schedule_id = s.id order by p.display_name, p.id) as staff_ids,
	       array(select p.display_name from report_recipient r join staff p on p.id = r.staff_id where r.schedule_id = s.id order by p.display_name, p.id) as names
	  from report_schedule s
	  left join staff v on v.id = s.vet_id
	  left join work w on w.id = s.last_work_id`

// ListReportSchedules are all of them, those that run next first.
func ListReportSchedules(ctx context.Context, conn Conn) ([]ReportSchedule, error) {
	rows, _ := conn.Query(ctx, selectReportSchedules+`
		 order by s.paused_at is not null, s.next_at, s.id`)
	schedules, err := pgx.CollectRows(rows, pgx.RowToStructByName[ReportSchedule])
	return schedules, wrap(err, "list report schedules")
}

// GetReportSchedule is the one with this id.
func GetReportSchedule(ctx context.Context, conn Conn, id int64) (ReportSchedule, error) {
	rows, _ := conn.Query(ctx, selectReportSchedules+`
		 where s.id = $1`, id)
	schedule, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[ReportSchedule])
	return schedule, wrap(err, "get report schedule %d", id)
}

// LockDueReportSchedules are those whose time has come, but for those that somebody else is running just now.
func LockDueReportSchedules(ctx context.Context, tx Conn, now time.Time) ([]ReportSchedule, error) {
	rows, _ := tx.Query(ctx, selectReportSchedules+`
		 where s.paused_at is null and s.next_at <= $1
		 order by s.next_at, s.id
		   for update of s skip locked`, now)
	schedules, err := pgx.CollectRows(rows, pgx.RowToStructByName[ReportSchedule])
	return schedules, wrap(err, "lock due report schedules")
}

// ReportRecipients are the people whom a report can be sent to: whoever may see clients.
func ReportRecipients(ctx context.Context, conn Conn) ([]Staff, error) {
	rows, _ := conn.Query(ctx, `select `+staffColumns+` from staff where active order by display_name, id`)
	people, err := pgx.CollectRows(rows, pgx.RowToStructByName[Staff])
	people = slices.DeleteFunc(people, func(person Staff) bool { return !person.Role.Can(AbleDesk) })
	return people, wrap(err, "list recipients of reports")
}

// Check says what is wrong with a schedule as it was typed.
func (s ReportSchedule) Check(recipients []Staff) Invalid {
	wrong := Invalid{}
	report, err := ReportOf(s.Report)
	switch {
	case err != nil:
		wrong["report"] = "Choose a report."
	case report.Span == SpanDay && !s.Span.OfOneDay():
		wrong["span"] = "This report is of one day. Choose the same day, the day before or the day after."
	case s.VetID != 0 && !report.ByVet:
		wrong["vet"] = "This report is of the whole clinic."
	}
	if s.Monthday == 0 && len(s.Weekdays) == 0 {
		wrong["weekday"] = "Choose a day at least."
	}
	if s.Monthday < 0 || s.Monthday > 28 {
		wrong["monthday"] = "Choose a day from 1 to 28: every month has those."
	}
	if s.Minute < 0 || s.Minute > 1439 {
		wrong["time"] = "Enter a time, like 07:00."
	}
	if !slices.Contains([]string{"pdf", "xlsx", "csv"}, s.Format) {
		wrong["format"] = "Choose a kind of file."
	}
	if len(s.StaffIDs) == 0 {
		wrong["staff"] = "Choose who gets it."
	}
	for _, id := range s.StaffIDs {
		if !slices.ContainsFunc(recipients, func(person Staff) bool { return person.ID == id }) {
			wrong["staff"] = "Somebody you chose does not work here any more, or may not see clients."
		}
	}
	return wrong
}

// SaveReportSchedule writes a schedule down, new (ID 0) or changed, and answers its id. ErrStale: somebody else saved it.
func SaveReportSchedule(ctx context.Context, conn Conn, s ReportSchedule) (int64, error) {
	id := s.ID
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		args := pgx.NamedArgs{
			"id": s.ID, "version": s.Version, "report": s.Report, "span": s.Span, "vet": s.VetID, "format": s.Format,
			"weekdays": s.Weekdays, "monthday": s.Monthday, "minute": s.Minute, "zone": s.Zone, "next": s.NextAt, "by": ActorFrom(ctx).StaffID,
		}
		if s.Weekdays == nil {
			args["weekdays"] = []int{}
		}
		var err error
		action := "added"
		if s.ID == 0 {
			err = tx.QueryRow(ctx, `
				insert into report_schedule (report, span, vet_id, format, weekdays, monthday, minute, zone, next_at, created_by)
				values (@report, @span, nullif(@vet::bigint, 0), @format, @weekdays, nullif(@monthday::int, 0), @minute, @zone, @next, nullif(@by::bigint, 0))
				returning id`, args).Scan(&id)
		} else {
			action = "updated"
			changed, failed := tx.Exec(ctx, `
				update report_schedule
				   set report = @report, span = @span, vet_id = nullif(@vet::bigint, 0), format = @format, weekdays = @weekdays,
				       monthday = nullif(@monthday::int, 0), minute = @minute, zone = @zone, next_at = @next, version = version + 1, updated_at = now()
				 where id = @id and version = @version`, args)
			if err = failed; err == nil && changed.RowsAffected() == 0 {
				if _, err = GetReportSchedule(ctx, tx, s.ID); err == nil {
					err = ErrStale
				}
			}
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			with gone as (
			  delete from report_recipient where schedule_id = $1 and staff_id <> all($2)
			)
			insert into report_recipient (schedule_id, staff_id)
			select $1, unnest($2::bigint[])
			on conflict do nothing`, id, s.StaffIDs)
		if err != nil {
			return err
		}
		return auditReportSchedule(ctx, tx, action, id, s.Report)
	})
	return id, wrap(err, "save report schedule %d", s.ID)
}

// DeleteReportSchedule ends a schedule. What it made stays.
func DeleteReportSchedule(ctx context.Context, conn Conn, id int64) error {
	return wrap(InTx(ctx, conn, func(tx pgx.Tx) error {
		var report ReportKind
		if err := tx.QueryRow(ctx, `delete from report_schedule where id = $1 returning report`, id).Scan(&report); err != nil {
			return err
		}
		return auditReportSchedule(ctx, tx, "deleted", id, report)
	}), "delete report schedule %d", id)
}

// PauseReportSchedule keeps a schedule from running until somebody lets it go on, then first at next: what it missed is
// not made up for.
func PauseReportSchedule(ctx context.Context, conn Conn, id int64, pause bool, next time.Time) error {
	return wrap(InTx(ctx, conn, func(tx pgx.Tx) error {
		var report ReportKind
		err := tx.QueryRow(ctx, `
			update report_schedule
			   set paused_at = case when $2 then coalesce(paused_at, now()) end,
			       next_at = case when $2 or paused_at is null then next_at else $3 end, updated_at = now()
			 where id = $1
			returning report`, id, pause, next).Scan(&report)
		if err != nil {
			return err
		}
		return auditReportSchedule(ctx, tx, map[bool]string{true: "paused", false: "resumed"}[pause], id, report)
	}), "pause report schedule %d", id)
}

func auditReportSchedule(ctx context.Context, tx Conn, action string, id int64, report ReportKind) error {
	return Audit(ctx, tx, Audited{Action: action, Entity: "report_schedule", EntityID: id, Diff: Diff{"report": {nil, report}}})
}

// ReportScheduleRan notes what was asked for, of what was due, and when the next is to be.
func ReportScheduleRan(ctx context.Context, tx Conn, id, workID int64, due, next time.Time) error {
	_, err := tx.Exec(ctx, `
		update report_schedule
		   set last_due_at = $2, last_work_id = $3, next_at = $4, updated_at = now()
		 where id = $1`, id, due, workID, next)
	return wrap(err, "note the run of report schedule %d", id)
}

// ReportScheduleSkipped notes that a run was left out because it was too late for it.
func ReportScheduleSkipped(ctx context.Context, tx Conn, id int64, now, next time.Time) error {
	_, err := tx.Exec(ctx, `
		update report_schedule
		   set skipped_at = $2, next_at = $3, updated_at = now()
		 where id = $1`, id, now, next)
	return wrap(err, "skip a run of report schedule %d", id)
}

// ListReportWork is the latest work that made reports.
func ListReportWork(ctx context.Context, conn Conn, limit int) ([]Work, error) {
	rows, _ := conn.Query(ctx, selectWork+`
		 where w.kind = 'report'
		 order by w.id desc
		 limit $1`, limit)
	work, err := pgx.CollectRows(rows, pgx.RowToStructByName[Work])
	return work, wrap(err, "list reports")
}
