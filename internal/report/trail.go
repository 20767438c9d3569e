package report

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"
)

// trail is what a request or a job did of late: its statements and the warnings in its log. To remember one costs little,
// since it is put into words only when something fails.
type trail struct {
	mu    sync.Mutex
	ring  [trailKept]step
	count int
}

const trailKept = 20

type step struct {
	at   time.Time
	kind stepKind
	said string // SQL, the message of a line in the log, or an error's safe words
}

type stepKind string

const (
	statementBegun  stepKind = "query"
	statementFailed stepKind = "query failed"
	lineLogged      stepKind = "log"
)

// note remembers a step, and forgets the oldest of many.
func (t *trail) note(kind stepKind, said string) {
	t.mu.Lock()
	t.ring[t.count%trailKept] = step{at: time.Now(), kind: kind, said: said}
	t.count++
	t.mu.Unlock()
}

// steps are those remembered, the oldest first.
func (t *trail) steps() []step {
	t.mu.Lock()
	defer t.mu.Unlock()
	known := make([]step, 0, trailKept)
	for i := max(0, t.count-trailKept); i < t.count; i++ {
		known = append(known, t.ring[i%trailKept])
	}
	return known
}

// words are the step in words that cannot name a person.
func (s step) words() string {
	switch s.kind {
	case statementBegun:
		return statementName(s.said)
	case lineLogged:
		return Words(s.said)
	}
	return s.said // put into safe words already
}

// trailText has a line for each step: how long before the failure, of what kind, and what.
func trailText(steps []step, failed time.Time) string {
	var text strings.Builder
	for _, one := range steps {
		fmt.Fprintf(&text, "%d ms before\t%s\t%s\n", failed.Sub(one.at).Milliseconds(), one.kind, one.words())
	}
	return text.String()
}

// noteStep remembers a step of the work that ctx belongs to, if it belongs to any.
func noteStep(ctx context.Context, kind stepKind, said string) {
	if of, _ := ctx.Value(workKey{}).(*work); of != nil {
		of.trail.note(kind, said)
	}
}

// sentAs are the events that went out under the latest references, so that what a person says of one leads to it.
var sentAs = &references{}

const referencesKept = 1000

type references struct {
	mu    sync.Mutex
	ids   map[string]hexID
	order []string
}

func (r *references) keep(reference string, id hexID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ids == nil {
		r.ids = map[string]hexID{}
	}
	if _, known := r.ids[reference]; !known {
		r.order = append(r.order, reference)
	}
	r.ids[reference] = id
	if len(r.order) > referencesKept {
		delete(r.ids, r.order[0])
		r.order = r.order[1:]
	}
}

func (r *references) id(reference string) hexID {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ids[reference]
}
