package report

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/getsentry/sentry-go"
)

// monitors are the jobs that happen by the clock: Sentry notices when one does not, also when no worker lives to say so.
var monitors sync.Map // job kind → *monitor

// Clock says when a job happens: every so often, or by a crontab's line in a time zone.
type Clock struct {
	Every   time.Duration // 0: by Crontab
	Crontab string        // "30 8 * * 1,4"
	Zone    string        // "Europe/Zurich"
}

type monitor struct {
	clock Clock
	said  atomic.Int64 // when it was last checked in, in Unix seconds
}

// Monitor has each run of a kind of job checked in; of one that runs more than once a minute, one run a minute.
func Monitor(kind string, clock Clock) {
	if identifier(kind) != "" {
		monitors.Store(kind, &monitor{clock: clock})
	}
}

// config is the monitor as Sentry wants it; it is made there by the first check-in.
func (m *monitor) config() *wireMonitor {
	if m.clock.Every == 0 {
		return &wireMonitor{Schedule: wireSchedule{Type: "crontab", Value: m.clock.Crontab}, Margin: 5, MaxRuntime: 10, Zone: m.clock.Zone}
	}
	minutes := max(1, int(m.clock.Every/time.Minute))
	return &wireMonitor{Schedule: wireSchedule{Type: "interval", Value: minutes, Unit: "minute"}, Margin: max(2, minutes/2), MaxRuntime: 10}
}

// due says whether a run is to be checked in.
func (m *monitor) due(now time.Time) bool {
	last := m.said.Load()
	return m.clock.Every == 0 || m.clock.Every >= time.Minute || now.Unix()-last >= 60 && m.said.CompareAndSwap(last, now.Unix())
}

// checkedIn says that a job by the clock begins; the function it returns says how it ended, also when it panicked. Only
// first tries count: a later one is the same run.
func checkedIn(kind string, attempt int) func(err *error) {
	known, is := monitors.Load(kind)
	to := sending.Load()
	if !is || to == nil || attempt > 1 || !known.(*monitor).due(time.Now()) {
		return func(*error) {}
	}
	id, began, config := newEventID(), time.Now(), known.(*monitor).config()
	say := func(status string, took time.Duration) {
		to.door.postItem(newEventID(), "check_in", wireCheckIn{
			ID: id, Monitor: words(kind), Status: status, Duration: took.Seconds(), Environment: to.door.environment, Release: to.door.release, Config: config,
		})
	}
	say(string(sentry.CheckInStatusInProgress), 0)
	return func(err *error) {
		status := sentry.CheckInStatusOK
		if value := recover(); value != nil {
			say(string(sentry.CheckInStatusError), time.Since(began))
			panic(value)
		}
		if *err != nil {
			status = sentry.CheckInStatusError
		}
		say(string(status), time.Since(began))
	}
}
