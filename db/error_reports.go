package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// Failure is one kind of failure as internal/report tells it. Nothing in it can name a person.
type Failure struct {
	Fingerprint string // the same for failures that one mend would end
	Title       string
	Kind        string // the Go type of the error
	Route       string // "GET /patients/:id", "job email", "clients create"
	Stack       string
	Release     string
	Reference   string   // of the latest one
	JobID       int64    // 0 for none
	TraceID     string   // of the latest one, "" while nothing is traced
	Person      string   // whom it happened to, an opaque id; "" for nobody
	Count       int64    // how many since it was last recorded
	Trail       string   // what was done before the latest one, a line each
	References  []string // of those counted, the latest last; some of many
}

// ErrorReport is a kind of failure with its history.
type ErrorReport struct {
	ID          int64      `db:"id"`
	Fingerprint string     `db:"fingerprint"`
	Title       string     `db:"title"`
	Kind        string     `db:"kind"`
	Route       string     `db:"route"`
	Stack       string     `db:"stack"`
	Release     string     `db:"release"`
	Reference   string     `db:"reference"`
	Count       int64      `db:"count"`
	FirstSeenAt time.Time  `db:"first_seen_at"`
	LastSeenAt  time.Time  `db:"last_seen_at"`
	JobID       *int64     `db:"job_id"`
	Status      string     `db:"status"` // open, resolved or ignored
	ResolvedBy  *int64     `db:"resolved_by"`
	ResolvedAt  *time.Time `db:"resolved_at"`
	AssignedTo  *int64     `db:"assigned_to"`
	Assignee    string     `db:"assignee"` // "" for nobody
	TraceID     string     `db:"trace_id"`
	Releases    []string   `db:"releases"` // that have it, the latest last
	People      int        `db:"people"`   // staff who met it
	Trail       string     `db:"trail"`    // what was done before the latest one
}

// RecordError adds a failure to its kind. One that was resolved is open again when a release has it that was not known to;
// of the releases from before the mend it is only counted. One that is ignored only counts.
func RecordError(ctx context.Context, conn Conn, failure Failure) error {
	_, err := conn.Exec(ctx, `
		with recorded as (
		insert into error_report as known (fingerprint, title, kind, route, stack, release, reference, job_id, count, trace_id, releases, trail, recent)
		values ($1, left($2, 500), left($3, 200), left($4, 200), left($5, 8192), $6, $7, nullif($8, 0), greatest($9, 1), $10, array[$6], left($12, 4000), $13::text[])
		on conflict (fingerprint) do update
		   set count = known.count + excluded.count,
		       last_seen_at = now(),
		       stack = excluded.stack,
		       release = excluded.release,
		       reference = excluded.reference,
		       job_id = excluded.job_id,
		       trace_id = excluded.trace_id,
		       trail = excluded.trail,
		       recent = (known.recent || excluded.recent)[greatest(1, cardinality(known.recent) + cardinality(excluded.recent) - 49):],
		       releases = case when excluded.release = any (known.releases) then known.releases
		                       else (known.releases || excluded.release)[greatest(1, cardinality(known.releases) - 18):] end,
		       status = case when `+staysClosed+` then known.status else 'open' end,
		       resolved_by = case when `+staysClosed+` then known.resolved_by end,
		       resolved_at = case when `+staysClosed+` then known.resolved_at end
		returning id),
		explained as (
		update error_feedback f
		   set error_report_id = recorded.id
		  from recorded
		 where f.error_report_id is null and f.reference = any ($13::text[]))
		insert into error_report_person (error_report_id, person)
		select id, $11 from recorded where $11 <> ''
		on conflict do nothing`,
		failure.Fingerprint, failure.Title, failure.Kind, failure.Route, failure.Stack, failure.Release, failure.Reference, failure.JobID, failure.Count,
		failure.TraceID, failure.Person, failure.Trail, failure.references())
	return wrap(err, "record error")
}

// references are those that lead to the failure, fifty at most.
func (f Failure) references() []string {
	known := f.References
	if len(known) == 0 && f.Reference != "" {
		known = []string{f.Reference}
	}
	return append([]string{}, known[max(0, len(known)-50):]...)
}

// staysClosed says whether a failure that comes again needs nobody: it is ignored, or was mended in a later release than
// the one that has it. Every build of a developer's machine has the same name, so there it is open again.
const staysClosed = `known.status = 'ignored'
		or known.status = 'resolved' and excluded.release = any (known.releases) and excluded.release <> '' and excluded.release not like '%@dev'`

// GetErrorReport reads one kind of failure.
func GetErrorReport(ctx context.Context, conn Conn, id int64) (ErrorReport, error) {
	rows, _ := conn.Query(ctx, `
		select e.id, fingerprint, title, kind, route, stack, release, reference, count, first_seen_at, last_seen_at, job_id,
		       status, resolved_by, resolved_at, assigned_to, coalesce(s.display_name, '') as assignee, trace_id, releases, trail,
		       (select count(*) from error_report_person p where p.error_report_id = e.id) as people
		  from error_report e
		  left join staff s on s.id = e.assigned_to
		 where e.id = $1`, id)
	found, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[ErrorReport])
	return found, wrap(err, "read error %d", id)
}

// ResolveError says that a failure was mended; if it comes again it is open again.
func ResolveError(ctx context.Context, conn Conn, id int64) error {
	return setErrorStatus(ctx, conn, id, "resolved")
}

// IgnoreError says that nobody needs to look at a failure, also when it comes again.
func IgnoreError(ctx context.Context, conn Conn, id int64) error {
	return setErrorStatus(ctx, conn, id, "ignored")
}

// ReopenError takes back a resolving or an ignoring.
func ReopenError(ctx context.Context, conn Conn, id int64) error {
	return setErrorStatus(ctx, conn, id, "open")
}

func setErrorStatus(ctx context.Context, conn Conn, id int64, status string) error {
	return InTx(ctx, conn, func(tx pgx.Tx) error {
		var before string
		err := tx.QueryRow(ctx, `select status from error_report where id = $1 for update`, id).Scan(&before)
		if err != nil || before == status {
			return wrap(err, "read error %d", id)
		}
		_, err = tx.Exec(ctx, `
			update error_report
			   set status = $2,
			       resolved_at = case when $2 <> 'open' then now() end,
			       resolved_by = case when $2 <> 'open' then nullif($3, 0) end
			 where id = $1`, id, status, ActorFrom(ctx).StaffID)
		if err != nil {
			return wrap(err, "mark error %d %s", id, status)
		}
		return Audit(ctx, tx, Audited{Action: "updated", Entity: "error_report", EntityID: id, Diff: Diff{"status": {before, status}}})
	})
}
