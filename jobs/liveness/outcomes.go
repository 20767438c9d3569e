package liveness

import (
	"slices"
	"time"

	"github.com/riverqueue/river/riverdriver"
)

// doubts says whether any of the jobs could be somebody else's by now.
func (g *Guard) doubts(ids []int64) bool {
	if g.sinceRenewal() > doubtAfter {
		return true
	}
	g.mutex.Lock()
	defer g.mutex.Unlock()
	return slices.ContainsFunc(ids, func(id int64) bool {
		job, known := g.held[id]
		return known && job.contested
	})
}

// attempts are the tries that this process made of the jobs, 0 where it does not know.
func (g *Guard) attempts(ids []int64) []int {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	attempts := make([]int, len(ids))
	for i, id := range ids {
		if job, known := g.held[id]; known {
			attempts[i] = job.attempt
		}
	}
	return attempts
}

// note keeps outcomes that could not be written down, and forgets jobs whose outcome was.
func (g *Guard) note(outcomes *riverdriver.JobSetStateIfRunningManyParams, err error) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	for _, id := range outcomes.ID {
		job, known := g.held[id]
		switch {
		case !known || job.ended.IsZero(): // a later try of the same job has begun
		case err == nil:
			delete(g.held, id)
		default:
			job.outcome, job.tried = only(outcomes, []int64{id}), time.Now()
		}
	}
}

// leftOver are the outcomes that River has given up writing down. Jobs that ended without one are forgotten; if the
// database still says that they run, the next audits give them back.
func (g *Guard) leftOver() []*riverdriver.JobSetStateIfRunningManyParams {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	var left []*riverdriver.JobSetStateIfRunningManyParams
	for id, job := range g.held {
		switch {
		case job.outcome != nil && time.Since(job.tried) > riverTries:
			left = append(left, job.outcome)
		case job.outcome == nil && !job.ended.IsZero() && time.Since(job.ended) > riverTries:
			delete(g.held, id)
		}
	}
	return left
}

// only are the outcomes of these jobs.
func only(all *riverdriver.JobSetStateIfRunningManyParams, ids []int64) *riverdriver.JobSetStateIfRunningManyParams {
	some := &riverdriver.JobSetStateIfRunningManyParams{Now: all.Now, Schema: all.Schema}
	for i, id := range all.ID {
		if !slices.Contains(ids, id) {
			continue
		}
		some.ID = append(some.ID, id)
		some.Attempt = append(some.Attempt, all.Attempt[i])
		some.ErrData = append(some.ErrData, all.ErrData[i])
		some.FinalizedAt = append(some.FinalizedAt, all.FinalizedAt[i])
		some.MetadataDoMerge = append(some.MetadataDoMerge, all.MetadataDoMerge[i])
		some.MetadataUpdates = append(some.MetadataUpdates, all.MetadataUpdates[i])
		some.ScheduledAt = append(some.ScheduledAt, all.ScheduledAt[i])
		some.State = append(some.State, all.State[i])
	}
	return some
}
