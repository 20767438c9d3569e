package jobs

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/riverqueue/river/rivertype"
)

// Outcome is how the tries of one kind of job went in this process.
type Outcome struct {
	Queue, Kind    string
	Worked, Failed int64
	Took, Waited   time.Duration // of all tries together
}

var outcomes = struct {
	sync.Mutex
	of map[string]*Outcome
}{of: map[string]*Outcome{}}

// Outcomes are those of this process since its start, by queue and kind.
func Outcomes() []Outcome {
	outcomes.Lock()
	defer outcomes.Unlock()
	var all []Outcome
	for _, one := range outcomes.of {
		all = append(all, *one)
	}
	slices.SortFunc(all, func(a, b Outcome) int { return cmp.Or(cmp.Compare(a.Queue, b.Queue), cmp.Compare(a.Kind, b.Kind)) })
	return all
}

// countTry notes a try that ended. Only a worker's kinds come here, so there are few.
func countTry(job *rivertype.JobRow, began time.Time, worked bool) {
	outcomes.Lock()
	defer outcomes.Unlock()
	one := outcomes.of[job.Kind]
	if one == nil {
		one = &Outcome{Queue: job.Queue, Kind: job.Kind}
		outcomes.of[job.Kind] = one
	}
	if worked {
		one.Worked++
	} else {
		one.Failed++
	}
	one.Took += time.Since(began)
	one.Waited += max(0, began.Sub(job.ScheduledAt))
}
