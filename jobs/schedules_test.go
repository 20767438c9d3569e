package jobs

import (
	"context"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"purplecross/db"
	"purplecross/db/dbtest"
)

func TestADaysTimeComesOnceAlsoWhenTheClocksChange(t *testing.T) {
	for _, try := range []struct{ zone, rule, from, want string }{
		{"America/New_York", "daily 08:00", "2026-03-07T09:00:00-05:00", "2026-03-08T08:00:00-04:00"},
		{"America/New_York", "daily 02:30", "2026-03-07T03:00:00-05:00", "2026-03-08T03:00:00-04:00"}, // 2:30 is jumped over
		{"America/New_York", "daily 02:30", "2026-03-08T03:00:00-04:00", "2026-03-09T02:30:00-04:00"},
		{"America/New_York", "daily 01:30", "2026-11-01T00:00:00-04:00", "2026-11-01T01:30:00-04:00"}, // 1:30 comes twice
		{"America/New_York", "daily 01:30", "2026-11-01T01:30:00-04:00", "2026-11-02T01:30:00-05:00"},
		{"Europe/Zurich", "daily 02:30", "2026-10-25T00:00:00+02:00", "2026-10-25T02:30:00+02:00"},
		{"Europe/Zurich", "daily 02:30", "2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"},
		{"Europe/Zurich", "daily 02:30", "2026-03-29T00:00:00+01:00", "2026-03-29T03:00:00+02:00"},
		{"America/Santiago", "daily 00:00", "2026-09-05T12:00:00-04:00", "2026-09-06T01:00:00-03:00"}, // midnight is jumped over
		{"Australia/Lord_Howe", "daily 02:15", "2026-10-03T12:00:00+10:30", "2026-10-04T02:30:00+11:00"},
		{"Australia/Lord_Howe", "daily 01:45", "2026-04-05T00:00:00+11:00", "2026-04-05T01:45:00+11:00"},
		{"UTC", "mon thu 08:00", "2026-03-05T08:00:00Z", "2026-03-09T08:00:00Z"}, // from a Thursday
		{"UTC", "monthly 28 23:59", "2026-01-28T23:59:00Z", "2026-02-28T23:59:00Z"},
		{"UTC", "every 5m", "2026-03-05T08:00:00Z", "2026-03-05T08:05:00Z"},
	} {
		zone, err := time.LoadLocation(try.zone)
		if err != nil {
			t.Fatal(err)
		}
		from, _ := time.Parse(time.RFC3339, try.from)
		want, _ := time.Parse(time.RFC3339, try.want)
		rule, err := parseRule(try.rule)
		if err != nil {
			t.Fatal(err)
		}
		if got := rule.next(from, from, zone); !got.Equal(want) {
			t.Errorf("%s in %s after %s: %s, not %s", try.rule, try.zone, try.from, got.In(zone).Format(time.RFC3339), try.want)
		}
	}
	for _, text := range []string{"", "every", "every 0s", "08:00", "daily 8", "monthly 31 08:00", "sometimes 08:00", "daily 25:00"} {
		if _, err := parseRule(text); err == nil {
			t.Errorf("%q is taken for a rule", text)
		}
	}
}

func TestEverySchedulesRuleCanBeReadAndItsNameIsItsOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, schedule := range Schedules {
		if _, err := parseRule(schedule.Rule); err != nil || seen[schedule.Name] || schedule.About == "" || schedule.Job == nil {
			t.Errorf("schedule %q: %v", schedule.Name, err)
		}
		seen[schedule.Name] = true
	}
}

// clockwork is a set of schedules and a clock that the test sets. Their job is an errand: it is not unique, so each run is
// a row.
type clockwork struct {
	pool   *pgxpool.Pool
	client *Client
	ticker *ticker
	zone   *time.Location
}

func newClockwork(t *testing.T, zone string, schedules ...Schedule) *clockwork {
	t.Helper()
	pool := dbtest.New(t)
	at, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	client, err := New(pool, Options{Log: quiet, Zone: at, schedules: schedules, also: withErrands(pool, nil)})
	if err != nil {
		t.Fatal(err)
	}
	return &clockwork{pool: pool, client: client, ticker: &ticker{pool: pool, schedules: schedules, log: quiet}, zone: at}
}

// start is a worker's start; tick is what the tick job does.
func (c *clockwork) start(t *testing.T, now time.Time) {
	t.Helper()
	if err := seedSchedules(t.Context(), c.pool, c.ticker.schedules, c.zone, now); err != nil {
		t.Fatal(err)
	}
}

func (c *clockwork) tick(t *testing.T, now time.Time) {
	t.Helper()
	err := db.InTx(t.Context(), c.pool, func(tx pgx.Tx) error { return c.ticker.tick(t.Context(), tx, c.client.river, now) })
	if err != nil {
		t.Error(err)
	}
}

// due are the times of the runs that were inserted, as the clinic's clocks showed them.
func (c *clockwork) due(t *testing.T, schedule string) []string {
	t.Helper()
	rows, _ := c.pool.Query(t.Context(), `
		select (metadata->>'due')::timestamptz
		  from river_job
		 where metadata->>'schedule' = $1
		 order by id`, schedule)
	times, err := pgx.CollectRows(rows, pgx.RowTo[time.Time])
	if err != nil {
		t.Fatal(err)
	}
	shown := make([]string, len(times))
	for i, at := range times {
		shown[i] = at.In(c.zone).Format("Jan 2 15:04")
	}
	return shown
}

func (c *clockwork) schedule(t *testing.T, name string) db.JobSchedule {
	t.Helper()
	found, err := db.ListSchedules(t.Context(), c.pool, []string{name})
	if err != nil || len(found) != 1 {
		t.Fatalf("%d schedules (%v)", len(found), err)
	}
	return found[0]
}

func TestASchedulesRunsAreOneADayOverClocksRestartsAndTwoLeaders(t *testing.T) {
	c := newClockwork(t, "America/New_York", Schedule{Name: "night", About: "At night", Rule: "daily 02:30", Job: Errand{}})
	begin := time.Date(2026, 3, 6, 12, 0, 0, 0, c.zone)
	c.start(t, begin)

	for now := begin; now.Before(begin.AddDate(0, 0, 5)); now = now.Add(13 * time.Minute) {
		if local := now.In(c.zone); local.Day() == 10 && local.Hour() < 12 {
			c.start(t, now) // a night of restarts, in which nobody ticks
			continue
		}
		var leaders sync.WaitGroup
		for range 2 {
			leaders.Go(func() { c.tick(t, now) })
		}
		leaders.Wait()
	}

	want := []string{"Mar 7 02:30", "Mar 8 03:00", "Mar 9 02:30", "Mar 10 02:30", "Mar 11 02:30"}
	if got := c.due(t, "night"); !slices.Equal(got, want) {
		t.Errorf("it ran for %q, not %q", got, want)
	}
}

func TestAMissedRunIsMadeUpForOnceOrLeftOutWhenTooLate(t *testing.T) {
	c := newClockwork(t, "UTC",
		Schedule{Name: "tidy", About: "However late", Rule: "every 10m", Job: Errand{}},
		Schedule{Name: "greet", About: "In the morning", Rule: "daily 08:00", Late: time.Hour, Job: Errand{}})
	begin := time.Date(2026, 5, 4, 7, 0, 0, 0, time.UTC)
	c.start(t, begin)

	c.tick(t, begin)
	c.tick(t, begin.Add(95*time.Minute)) // 8:35: late for both, too late for neither
	c.tick(t, begin.Add(27*time.Hour))   // 10:00 the next day

	if got, want := c.due(t, "tidy"), []string{"May 4 07:00", "May 4 07:10", "May 4 08:40"}; !slices.Equal(got, want) {
		t.Errorf("the tidying ran for %q, not %q", got, want)
	}
	if got, want := c.due(t, "greet"), []string{"May 4 08:00"}; !slices.Equal(got, want) {
		t.Errorf("the greeting ran for %q, not %q", got, want)
	}
	greet := c.schedule(t, "greet")
	if greet.SkippedAt == nil || !greet.NextAt.Equal(time.Date(2026, 5, 6, 8, 0, 0, 0, time.UTC)) {
		t.Errorf("after a run that was left out: %+v", greet)
	}
}

func TestTwoVersionsSideBySideRunWhatBothKnowOnceAndLeaveTheOthersAlone(t *testing.T) {
	older := newClockwork(t, "UTC", Schedule{Name: "both", About: "Old words", Rule: "daily 08:00", Job: Errand{}})
	newer := *older
	newer.ticker = &ticker{pool: older.pool, log: quiet, schedules: []Schedule{
		{Name: "both", About: "New words", Rule: "daily 09:00", Job: Errand{}},
		{Name: "new", About: "New", Rule: "daily 07:00", Job: Errand{}},
	}}
	begin := time.Date(2026, 5, 4, 6, 0, 0, 0, time.UTC)
	older.start(t, begin)
	newer.start(t, begin)

	for now := begin; now.Before(begin.Add(24 * time.Hour)); now = now.Add(30 * time.Minute) {
		older.tick(t, now)
		newer.tick(t, now)
	}

	if got, want := older.due(t, "both"), []string{"May 4 09:00"}; !slices.Equal(got, want) {
		t.Errorf("the schedule of both ran for %q, not %q", got, want)
	}
	if got, want := older.due(t, "new"), []string{"May 4 07:00"}; !slices.Equal(got, want) {
		t.Errorf("the newer's schedule ran for %q, not %q", got, want)
	}
}

func TestAPausedScheduleWaitsAndOneRunByHandKeepsItsTime(t *testing.T) {
	c := newClockwork(t, "UTC", Schedule{Name: "both", About: "In the morning", Rule: "daily 08:00", Job: Errand{}})
	begin := time.Date(2026, 5, 4, 6, 0, 0, 0, time.UTC)
	c.start(t, begin)
	id := c.schedule(t, "both").ID
	act := func(do func(tx pgx.Tx) error) {
		if err := db.InTx(t.Context(), c.pool, do); err != nil {
			t.Fatal(err)
		}
	}

	act(func(tx pgx.Tx) error { return db.PauseSchedule(t.Context(), tx, id) })
	c.tick(t, begin.Add(3*time.Hour))
	act(func(tx pgx.Tx) error { return c.client.RunSchedule(t.Context(), tx, id, begin.Add(4*time.Hour)) })
	act(func(tx pgx.Tx) error { return c.client.ResumeSchedule(t.Context(), tx, id, begin.Add(5*time.Hour)) })
	c.tick(t, begin.Add(6*time.Hour))

	after := c.schedule(t, "both")
	if runs, _ := db.CountJobs(t.Context(), c.pool); len(runs) != 1 || runs[0].Count != 1 || after.LastDueAt != nil {
		t.Errorf("it ran %v", runs)
	}
	if want := time.Date(2026, 5, 5, 8, 0, 0, 0, time.UTC); !after.NextAt.Equal(want) {
		t.Errorf("it runs next at %s", after.NextAt)
	}
	rows, _ := c.pool.Query(t.Context(), `select action from audit_log where entity = 'schedule' order by id`)
	if acts, err := pgx.CollectRows(rows, pgx.RowTo[string]); err != nil || !slices.Equal(acts, []string{"paused", "run", "resumed"}) {
		t.Errorf("the log has %q (%v)", acts, err)
	}
}

func TestSchedulesGoOnWhenTheLeaderIsKilledAndNoneRunsTwice(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	newErrands(t, pool)
	workers := map[int]*process{}
	for range 2 {
		worker := startWorker(t, pool, "")
		workers[worker.Process.Pid] = worker
	}
	runs := func() (count int) {
		if err := pool.QueryRow(t.Context(), `select count(*) from river_job where metadata->>'schedule' = 'test'`).Scan(&count); err != nil {
			t.Fatal(err)
		}
		return count
	}
	leader := func() (pid int) {
		err := pool.QueryRow(t.Context(), `
			select worker.pid
			  from river_leader leader
			  join job_worker worker on worker.client = leader.leader_id
			 where leader.expires_at > now()`).Scan(&pid)
		if err != nil {
			return 0
		}
		return pid
	}
	until(t, "a leader has run it", func() bool { return runs() > 0 && leader() != 0 })

	killed, before := leader(), runs()
	workers[killed].signal(t, syscall.SIGKILL)

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for (leader() == killed || leader() == 0 || runs() <= before) && ctx.Err() == nil {
		<-time.After(50 * time.Millisecond)
	}
	if ctx.Err() != nil {
		t.Fatal("nobody runs the schedules any more")
	}
	var doubled int
	err := pool.QueryRow(t.Context(), `
		select count(*)
		  from (
		    select from river_job
		     where metadata->>'schedule' = 'test'
		     group by metadata->>'due'
		    having count(*) > 1
		  ) twice`).Scan(&doubled)
	if err != nil || doubled != 0 {
		t.Errorf("%d times it ran twice (%v)", doubled, err)
	}
}
