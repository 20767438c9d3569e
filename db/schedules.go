package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// JobSchedule is one thing that happens by the clock, as it stands.
type JobSchedule struct {
	ID        int64         `db:"id"`
	Name      string        `db:"name"`
	About     string        `db:"about"`
	Rule      string        `db:"rule"`
	Zone      string        `db:"zone"`
	Misfire   string        `db:"misfire"` // "once" or "skip"
	Grace     time.Duration `db:"grace"`
	NextAt    time.Time     `db:"next_at"`
	LastAt    *time.Time    `db:"last_at"`
	LastDueAt *time.Time    `db:"last_due_at"` // when the last run was to be; nil after one that a person asked for
	LastJobID *int64        `db:"last_job_id"` // may have been deleted since
	LastState *string       `db:"last_state"`  // of that job, nil when it was deleted
	SkippedAt *time.Time    `db:"skipped_at"`
	PausedAt  *time.Time    `db:"paused_at"`
	PausedBy  *string       `db:"paused_by"` // a name
}

const selectSchedules = `
	select s.id, s.name, s.about, s.rule, s.zone, s.misfire, s.grace, s.next_at, s.last_at, s.last_due_at, s.last_job_id,
	       job.state::text as last_state, s.skipped_at, s.paused_at, person.display_name as paused_by
	  from job_schedule s
	  left join river_job job on job.id = s.last_job_id
	  left join staff person on person.id = s.paused_by`

// ListSchedules are the schedules with these names, those that run next first.
func ListSchedules(ctx context.Context, conn Conn, names []string) ([]JobSchedule, error) {
	rows, _ := conn.Query(ctx, selectSchedules+`
		 where s.name = any($1)
		 order by s.paused_at is not null, s.next_at, s.name`, names)
	schedules, err := pgx.CollectRows(rows, pgx.RowToStructByName[JobSchedule])
	return schedules, wrap(err, "list schedules")
}

// LockSchedule reads a schedule and keeps others from running it until the transaction ends.
func LockSchedule(ctx context.Context, tx Conn, id int64) (JobSchedule, error) {
	rows, _ := tx.Query(ctx, selectSchedules+`
		 where s.id = $1
		   for update of s`, id)
	schedule, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[JobSchedule])
	return schedule, wrap(err, "lock schedule %d", id)
}

// LockDueSchedules are those of the named schedules whose time has come, but for those that somebody else is running
// just now.
func LockDueSchedules(ctx context.Context, tx Conn, names []string, now time.Time) ([]JobSchedule, error) {
	rows, _ := tx.Query(ctx, selectSchedules+`
		 where s.name = any($1) and s.paused_at is null and s.next_at <= $2
		 order by s.next_at, s.name
		   for update of s skip locked`, names, now)
	schedules, err := pgx.CollectRows(rows, pgx.RowToStructByName[JobSchedule])
	return schedules, wrap(err, "lock due schedules")
}

// SeedSchedule writes down what the code says of a schedule. When it runs next stays as it is, unless it is new or
// goes by another rule now.
func SeedSchedule(ctx context.Context, tx Conn, s JobSchedule) error {
	_, err := tx.Exec(ctx, `
		insert into job_schedule (name, about, rule, zone, misfire, grace, next_at)
		values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (name) do update
		   set about = excluded.about, rule = excluded.rule, zone = excluded.zone, misfire = excluded.misfire,
		       grace = excluded.grace, updated_at = now(),
		       next_at = case
		         when (job_schedule.rule, job_schedule.zone) = (excluded.rule, excluded.zone) then job_schedule.next_at
		         else excluded.next_at end
		 where (job_schedule.about, job_schedule.rule, job_schedule.zone, job_schedule.misfire, job_schedule.grace)
		    is distinct from (excluded.about, excluded.rule, excluded.zone, excluded.misfire, excluded.grace)`,
		s.Name, s.About, s.Rule, s.Zone, s.Misfire, s.Grace, s.NextAt)
	return wrap(err, "seed schedule %s", s.Name)
}

// ScheduleRan notes a run: at now, of what was due at due (nil: a person asked), and when the next is to be.
func ScheduleRan(ctx context.Context, tx Conn, id, jobID int64, now time.Time, due *time.Time, next time.Time) error {
	_, err := tx.Exec(ctx, `
		update job_schedule
		   set last_at = $2, last_due_at = $3, last_job_id = $4, next_at = $5, updated_at = now()
		 where id = $1`, id, now, due, jobID, next)
	return wrap(err, "note the run of schedule %d", id)
}

// ScheduleSkipped notes that a run was left out because it was too late for it.
func ScheduleSkipped(ctx context.Context, tx Conn, id int64, now, next time.Time) error {
	_, err := tx.Exec(ctx, `
		update job_schedule
		   set skipped_at = $2, next_at = $3, updated_at = now()
		 where id = $1`, id, now, next)
	return wrap(err, "skip a run of schedule %d", id)
}

// PauseSchedule keeps a schedule from running until somebody resumes it. It does nothing to one that is paused.
func PauseSchedule(ctx context.Context, tx Conn, id int64) error {
	schedule, err := LockSchedule(ctx, tx, id)
	if err != nil || schedule.PausedAt != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		update job_schedule
		   set paused_at = now(), paused_by = nullif($2::bigint, 0), updated_at = now()
		 where id = $1`, id, ActorFrom(ctx).StaffID)
	if err != nil {
		return wrap(err, "pause schedule %d", id)
	}
	return auditSchedule(ctx, tx, "paused", schedule)
}

// ResumeSchedule lets a paused schedule run again, at next first: what it missed meanwhile is not made up for.
func ResumeSchedule(ctx context.Context, tx Conn, id int64, next time.Time) error {
	schedule, err := LockSchedule(ctx, tx, id)
	if err != nil || schedule.PausedAt == nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		update job_schedule
		   set paused_at = null, paused_by = null, next_at = $2, updated_at = now()
		 where id = $1`, id, next)
	if err != nil {
		return wrap(err, "resume schedule %d", id)
	}
	return auditSchedule(ctx, tx, "resumed", schedule)
}

// AuditScheduleRun notes that a person had a schedule run out of turn.
func AuditScheduleRun(ctx context.Context, tx Conn, schedule JobSchedule) error {
	return auditSchedule(ctx, tx, "run", schedule)
}

func auditSchedule(ctx context.Context, tx Conn, action string, schedule JobSchedule) error {
	return Audit(ctx, tx, Audited{Action: action, Entity: "schedule", EntityID: schedule.ID, Diff: Diff{"name": {nil, schedule.Name}}})
}

// ForgetCompleted deletes the completed jobs of a kind that nobody will ask for.
func ForgetCompleted(ctx context.Context, tx Conn, kind string) error {
	_, err := tx.Exec(ctx, `delete from river_job where kind = $1 and state = 'completed'`, kind)
	return wrap(err, "forget completed jobs of kind %s", kind)
}
