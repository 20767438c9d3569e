package report

import (
	"sync"
	"time"

	"github.com/getsentry/sentry-go"
)

// monitors are the jobs that happen by the clock: Sentry notices when one does not, also when no worker lives to say so.
var monitors sync.Map // job kind → interval

// Monitor has each run of a kind of job checked in. The interval is whole minutes.
func Monitor(kind string, every time.Duration) {
	if identifier(kind) != "" {
		monitors.Store(kind, every)
	}
}

// checkedIn says that a job by the clock begins; the function it returns says how it ended, also when it panicked. Only
// first tries count: a later one is the same run.
func checkedIn(kind string, attempt int) func(err *error) {
	every, is := monitors.Load(kind)
	to := sending.Load()
	if !is || to == nil || attempt > 1 {
		return func(*error) {}
	}
	id, began := newEventID(), time.Now()
	say := func(status string, took time.Duration) {
		minutes := int(every.(time.Duration) / time.Minute)
		to.door.postItem(newEventID(), "check_in", wireCheckIn{
			ID: id, Monitor: words(kind), Status: status, Duration: took.Seconds(), Environment: to.door.environment, Release: to.door.release,
			Config: &wireMonitor{Schedule: wireSchedule{Type: "interval", Value: minutes, Unit: "minute"}, Margin: max(2, minutes/2), MaxRuntime: 10},
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
