package jobs

import (
	"math/rand/v2"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// Queue is how one kind of work is treated. Attempts, timeout, priority and back-off belong to the jobs in it.
type Queue struct {
	Name     string
	About    string        // for the operator's page
	Workers  int           // at once in one process
	Attempts int           // tries before the job is given up
	First    time.Duration // the wait after the first try; it doubles with each
	Longest  time.Duration // the wait stops growing here
	Timeout  time.Duration // of one try
	Priority int           // 1 is worked before 4
	// What stays of finished jobs to be looked at: so many of each state at most, and none that is older. Given up are
	// the discarded, after too many tries, and the cancelled.
	KeepCompleted, KeepGivenUp       int
	KeepCompletedFor, KeepGivenUpFor time.Duration
}

// Queues is every queue there is, with the reason beside each number.
var Queues = []Queue{Email, Reminders, Reports, Notifications, Imports, Default}

// Email is one message to one client a job.
var Email = Queue{
	Name:  "email",
	About: "Messages to clients, one job each",
	// A try waits on a mail server, not on us, so many may wait at once; a slow server must not hold up the rest.
	Workers: 10,
	// Most trouble is over at the second or third try, after 2 and 4 s. But a mail server may be away overnight, and
	// three tries would lose what it missed: doubling up to 10 minutes, 150 tries last a day. After that a telephone
	// call serves the client better. A refusal for good (5xx) ends at the first try, and a visit that has passed
	// meanwhile ends it too.
	Attempts: 150, First: 2 * time.Second, Longest: 10 * time.Minute,
	// A mail server gets 20 s to let us in and 20 s to take the letter; the rest is the database's.
	Timeout: 45 * time.Second,
	// A client who has just hung up looks at the telephone for it.
	Priority: 1,
	// The message itself keeps what was sent and when; its job is for whoever looks into today's trouble. What was
	// given up is looked into later, and by the hundred when a mail server was set up wrongly.
	KeepCompleted: 100, KeepCompletedFor: day, KeepGivenUp: 500, KeepGivenUpFor: 60 * day,
}

// Reminders finds out who is to be reminded and writes the messages down.
var Reminders = Queue{
	Name:  "reminders",
	About: "Finding out who is due, and writing their messages",
	// Only the database is busy; more would only compete with people's pages.
	Workers: 2,
	// It must outlast a restart of PostgreSQL: 2 s doubled seven times is four minutes. Running late hurts nobody.
	Attempts: 8, First: 2 * time.Second, Longest: 5 * time.Minute,
	Timeout:  5 * time.Minute,
	Priority: 2,
	// One run an hour: a week of them.
	KeepCompleted: 200, KeepCompletedFor: 14 * day, KeepGivenUp: 500, KeepGivenUpFor: 60 * day,
}

// Reports makes files that a person asked for.
var Reports = Queue{
	Name:  "reports",
	About: "Exports and printed reports that a person waits for",
	// Each holds a long query and a processor; two leave the machine to the pages.
	Workers: 2,
	// Somebody waits: say soon that it does not work. They can ask again.
	Attempts: 3, First: 2 * time.Second, Longest: time.Minute,
	Timeout:  10 * time.Minute,
	Priority: 3,
	// Somebody asks after last week's report on Monday.
	KeepCompleted: 100, KeepCompletedFor: 14 * day, KeepGivenUp: 500, KeepGivenUpFor: 60 * day,
}

// Notifications tells staff about something, on the screen.
var Notifications = Queue{
	Name:    "notifications",
	About:   "News for staff, on their screens",
	Workers: 5,
	// News is old after a minute: 2, 4, 8 and 16 s, then it is dropped.
	Attempts: 5, First: 2 * time.Second, Longest: 30 * time.Second,
	Timeout:  10 * time.Second,
	Priority: 1,
	// Nobody asks after news of yesterday.
	KeepCompleted: 100, KeepCompletedFor: day, KeepGivenUp: 100, KeepGivenUpFor: 14 * day,
}

// Imports reads clients' files.
var Imports = Queue{
	Name:  "imports",
	About: "Reading clients and patients from files",
	// Two imports at once would fight over the same households.
	Workers: 1,
	// A file that fails three times fails because of what is in it.
	Attempts: 3, First: 2 * time.Second, Longest: time.Minute,
	// Five million rows, with room. It goes on where it was after that, too.
	Timeout:  6 * time.Hour,
	Priority: 4,
	// Imports are few; questions about one come for weeks.
	KeepCompleted: 100, KeepCompletedFor: 14 * day, KeepGivenUp: 500, KeepGivenUpFor: 60 * day,
}

// Default is the house's own tidying.
var Default = Queue{
	Name:  "default",
	About: "Tidying up",
	// One may be long; the other keeps the clock going.
	Workers: 2,
	// The next round comes by itself.
	Attempts: 3, First: 2 * time.Second, Longest: time.Minute,
	// It deletes in bites; what it does not manage waits for the next round.
	Timeout:  45 * time.Second,
	Priority: 4,
	// Enough to see that it runs, and what went wrong lately.
	KeepCompleted: 100, KeepCompletedFor: day, KeepGivenUp: 100, KeepGivenUpFor: 14 * day,
}

const day = 24 * time.Hour

// How long finished jobs are kept at most, whatever their queue: River sees to it, also for queues of older releases.
const (
	keepFinished = 14 * day
	keepGivenUp  = 60 * day
)

// options are the queue's, for a job's InsertOpts.
func (q Queue) options() river.InsertOpts {
	return river.InsertOpts{Queue: q.Name, MaxAttempts: q.Attempts, Priority: q.Priority}
}

// wait is the pause after this many failed tries, a tenth more or less so that a crowd does not come back at once.
func (q Queue) wait(failed int) time.Duration {
	pause := q.Longest
	if doublings := max(failed, 1) - 1; doublings < 20 {
		pause = min(q.First<<doublings, q.Longest)
	}
	return time.Duration(float64(pause) * (0.9 + 0.2*rand.Float64()))
}

// queueNamed is the queue with this name; Default when there is none, as for a job of an older release.
func queueNamed(name string) Queue {
	for _, queue := range Queues {
		if queue.Name == name {
			return queue
		}
	}
	return Default
}

// retries is River's question when a job is tried next.
type retries struct{}

func (retries) NextRetry(job *rivertype.JobRow) time.Time {
	return time.Now().Add(queueNamed(job.Queue).wait(len(job.Errors) + 1))
}

// inQueue gives a worker its queue's timeout.
type inQueue[A river.JobArgs] struct {
	river.WorkerDefaults[A]
	queue Queue
}

// Timeout is the queue's.
func (w inQueue[A]) Timeout(*river.Job[A]) time.Duration { return w.queue.Timeout }
