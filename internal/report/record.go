package report

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"maps"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/getsentry/sentry-go"
)

// Failure is one kind of failure as our own database keeps it. Nothing in it can name a person.
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

// failureMessage is the line of the log that goes with a report.
const failureMessage = "failure"

// occurrence is one failure as it happened.
type occurrence struct {
	err             error
	section, action text
	level           sentry.Level
	stack           []frame
	at              time.Time
	span            *wireTrace
}

// work is the request or the job that ctx belongs to.
type work struct {
	route     string // vouched for by Routes or Job
	reference string
	person    atomic.Pointer[string] // opaque id, once known
	jobID     int64
	origin    string // the trace of whoever enqueued a job that is tried again
	trail     trail  // what was done so far
}

type workKey struct{}

func workOf(ctx context.Context) *work {
	known, _ := ctx.Value(workKey{}).(*work)
	if known == nil {
		known = &work{reference: NewReference()}
	}
	return known
}

// capture tells the log, the database and Sentry, and answers the reference.
func capture(ctx context.Context, what occurrence) string {
	of := workOf(ctx)
	if known := stackOf(what.err); known != nil {
		what.stack = known
	}
	failure := Failure{
		Title: safeText(what.err), Kind: typeName(what.err), Route: of.route, Stack: stackText(what.stack),
		Release: current().Release, Reference: of.reference, JobID: of.jobID, TraceID: TraceID(ctx), Person: of.personID(), Count: 1,
		References: []string{of.reference},
	}
	crumbs := of.trail.steps()
	failure.Trail = trailText(crumbs, time.Now())
	place := strings.TrimSpace(string(what.section) + " " + string(what.action))
	if failure.Route == "" {
		failure.Route = place
	}
	failure.Fingerprint = fingerprint(failure, place, what.stack)

	attributes := []any{"reference", failure.Reference, "where", failure.Route, "what", failure.Title, "type", failure.Kind}
	if current().Environment == "development" {
		attributes = append(attributes, "error", what.err) // made-up clients only, and the terminal of who made it
	}
	slog.ErrorContext(ctx, failureMessage, attributes...)

	if failure = records.admit(failure); failure.Count > 0 {
		records.write(ctx, failure)
		if to := sending.Load(); to != nil {
			what.at, what.span = time.Now().UTC(), spanOf(ctx)
			id := newEventID()
			to.door.later(id, "event", func() any {
				said := to.door.stamp(event(what, failure, place, of, crumbs), "go")
				said.EventID = id
				return said
			})
			sentAs.keep(failure.Reference, id)
		}
	}
	return failure.Reference
}

// fingerprint leaves out lines and numbers: a new release does not make old failures new.
func fingerprint(failure Failure, place string, stack []frame) string {
	parts := []string{failure.Kind, failure.Title, failure.Route, place}
	for _, f := range stack {
		if f.ours() && len(parts) < 7 {
			parts = append(parts, f.pkg+"."+f.function)
		}
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

const (
	oneIn       = time.Second     // the same failure is written and sent once in this time, with its count
	recordIn    = 2 * time.Second // a failing request waits no longer for its record
	afterRefuse = 5 * time.Second // how long no record is tried after one failed: the database is likely away
)

// RecordWith names who keeps failures, and who has been told of no kind of them yet. The function must not report its own
// failure.
func RecordWith(record func(ctx context.Context, failure Failure) error) {
	records.recorder.Store(&record)
	records.mu.Lock()
	defer records.mu.Unlock()
	maps.DeleteFunc(records.seen, func(_ string, known *repeated) bool { return known.held == 0 })
	records.since, records.kinds, records.paused = time.Time{}, 0, time.Time{}
}

var records = &recording{}

// recording passes failures on to the database, each kind at most once a second.
type recording struct {
	recorder atomic.Pointer[func(context.Context, Failure) error]
	met      atomic.Int64 // failures, also those held back
	refused  atomic.Int64 // by the database
	flushing sync.Mutex   // whoever flushes last has seen everything written
	mu       sync.Mutex
	seen     map[string]*repeated
	paused   time.Time // no record before this
	since    time.Time // when kinds began to be counted
	kinds    int       // new ones since then
	late     bool      // a flush is on its way
}

type repeated struct {
	last       time.Time
	failure    Failure // the latest one held back
	held       int64
	references []string // of those held back
}

// newKinds is how many kinds of failure a process tells apart in ten minutes. A spike of more of them is one kind, so that
// it cannot fill the disk; it is counted all the same.
const (
	newKinds  = 500
	kindsTime = 10 * time.Minute
)

// fold is the failure itself, or the one that stands for all when there are too many kinds.
func (r *recording) fold(failure Failure) Failure {
	if r.seen[failure.Fingerprint] != nil {
		return failure
	}
	if time.Since(r.since) > kindsTime {
		r.since, r.kinds = time.Now(), 0
	}
	if r.kinds++; r.kinds <= newKinds {
		return failure
	}
	failure.Fingerprint, failure.Title, failure.Kind, failure.Route, failure.Stack = "spike", "more kinds of failure than are told apart", "spike", "", ""
	return failure
}

// of is what is known of a kind. Those that hold nothing back are forgotten when there are many.
func (r *recording) of(fingerprint string) *repeated {
	if r.seen == nil {
		r.seen = map[string]*repeated{}
	}
	if len(r.seen) > 1000 {
		for name, known := range r.seen {
			if known.held == 0 {
				delete(r.seen, name)
			}
		}
	}
	known := r.seen[fingerprint]
	if known == nil {
		known = &repeated{}
		r.seen[fingerprint] = known
	}
	return known
}

// admit answers the failure to tell of now, with how many of its kind; the count is 0 while it is held back.
func (r *recording) admit(failure Failure) Failure {
	r.met.Add(1)
	r.mu.Lock()
	defer r.mu.Unlock()
	failure = r.fold(failure)
	known := r.of(failure.Fingerprint)
	if time.Since(known.last) < oneIn {
		known.hold(failure)
		r.later(oneIn)
		failure.Count = 0
		return failure
	}
	failure.Count = known.held + 1
	failure.References = append(known.references, failure.References...)
	known.last, known.held, known.references = time.Now(), 0, nil
	return failure
}

// hold keeps a failure back, with the references that people were shown, as many as one record has.
func (k *repeated) hold(failure Failure) {
	k.held += failure.Count
	k.references = append(k.references, failure.References...)
	k.references = k.references[max(0, len(k.references)-50):]
	k.failure = failure
}

// later sees to it that what is held back is written.
func (r *recording) later(after time.Duration) {
	if !r.late {
		r.late = true
		time.AfterFunc(after, r.flush)
	}
}

// flush writes what was held back, and waits for a flush under way.
func (r *recording) flush() {
	r.flushing.Lock()
	defer r.flushing.Unlock()
	r.mu.Lock()
	r.late = false
	var late []Failure
	for _, known := range r.seen {
		if known.held > 0 {
			known.failure.Count, known.failure.References = known.held, known.references
			late = append(late, known.failure)
			known.held, known.references, known.last = 0, nil, time.Now()
		}
	}
	r.mu.Unlock()
	for _, failure := range late {
		r.write(context.Background(), failure)
	}
}

// write keeps a failure in the database. While that is away it is held back, not lost.
func (r *recording) write(ctx context.Context, failure Failure) {
	record := r.recorder.Load()
	if record == nil || r.holdWhilePaused(failure) {
		return
	}
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordIn)
	defer cancel()
	if err := (*record)(within, failure); err != nil {
		r.refused.Add(1)
		slog.Warn("failure not recorded", "reference", failure.Reference, "because", safeText(err))
		r.mu.Lock()
		r.paused = time.Now().Add(afterRefuse)
		r.mu.Unlock()
		r.holdWhilePaused(failure)
	}
}

func (r *recording) holdWhilePaused(failure Failure) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !time.Now().Before(r.paused) {
		return false
	}
	r.of(failure.Fingerprint).hold(failure)
	r.later(afterRefuse)
	return true
}
