package report

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/getsentry/sentry-go"
)

// routes are the patterns that may stand in a report: the ones that were registered, so no path that was typed.
var routes atomic.Pointer[map[string]bool]

// Routes vouches for the patterns of the server, like "/patients/:id".
func Routes(patterns []string) {
	known := make(map[string]bool, len(patterns))
	for _, pattern := range patterns {
		known[pattern] = true
	}
	routes.Store(&known)
}

var methods = map[string]bool{"GET": true, "HEAD": true, "POST": true, "PUT": true, "PATCH": true, "DELETE": true, "OPTIONS": true}

// RouteName is a method and a pattern of the server; anything else is "(no route)".
func RouteName(method, pattern string) string {
	if !methods[method] {
		method = "OTHER"
	}
	if known := routes.Load(); known == nil || !(*known)[pattern] {
		pattern = "(no route)"
	}
	return method + " " + pattern
}

// Work is a request under way.
type Work struct {
	ctx  context.Context
	of   *work
	span *sentry.Span // nil when not traced
}

// Request begins the report of a request: its route, the reference it will have if it fails, and, with a DSN, its
// trace. Call End.
func Request(ctx context.Context, method, pattern, reference string) (context.Context, *Work) {
	of := &work{route: RouteName(method, pattern), reference: reference}
	ctx = context.WithValue(ctx, workKey{}, of)
	request := &Work{of: of}
	if to := sending.Load(); to != nil {
		ctx = sentry.SetHubOnContext(ctx, to.hub.Clone())
		options := []sentry.SpanOption{sentry.WithTransactionName(vouch(of.route)), sentry.WithTransactionSource(sentry.SourceRoute)}
		request.span = sentry.StartSpan(ctx, vouch("http.server"), append(options, traceOptions(ctx, pattern)...)...)
		ctx = request.span.Context()
	}
	request.ctx = ctx
	return ctx, request
}

// Person says who works, by an opaque id: the same person gets the same one, and only our secret leads back.
func (w *Work) Person(staffID int64) { w.of.knows(staffID) }

func (w *work) knows(staffID int64) {
	if staffID == 0 {
		return
	}
	sum := hmac.New(sha256.New, []byte(current().SecretKey))
	sum.Write(binary.BigEndian.AppendUint64(nil, uint64(staffID)))
	id := hex.EncodeToString(sum.Sum(nil)[:8])
	w.person.Store(&id)
}

// personID is the opaque id, "" for nobody.
func (w *work) personID() string {
	if id := w.person.Load(); id != nil {
		return *id
	}
	return ""
}

// Failed reports the error that the work ended with.
func (w *Work) Failed(err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		capture(w.ctx, occurrence{err: err, level: sentry.LevelError})
	}
}

// Panicked reports a recovered panic. Call it in the function that recovered it.
func (w *Work) Panicked(value any) {
	capture(w.ctx, occurrence{err: &panicked{value}, level: sentry.LevelFatal, stack: callers(2)})
}

// End ends the trace of a request with the status of its answer.
func (w *Work) End(status int) {
	if w.span != nil {
		w.span.Status = sentry.HTTPtoSpanStatus(status)
		w.span.Finish()
	}
}

// Kept says whether the trace of a request goes out; without a DSN every one counts as kept, for our own pages.
func (w *Work) Kept() bool {
	return w.span == nil && sending.Load() == nil || w.span != nil && w.span.Sampled.Bool()
}

// Slow notes the recording of what led up to a slow request, for the log and for its trace. The id is one of ours.
func (w *Work) Slow(recording string, took time.Duration) {
	slog.WarnContext(w.ctx, "slow request", "where", w.of.route, "ms", took.Milliseconds(), "recording", recording)
	if w.span != nil {
		w.span.SetTag("flight_recording", vouch(recording))
	}
}

// Trace is what continues this trace elsewhere, for a job's metadata or an e-mail's header; "" when nothing is traced.
func Trace(ctx context.Context) string {
	if sending.Load() == nil {
		return ""
	}
	if span := sentry.SpanFromContext(ctx); span != nil {
		return span.ToSentryTrace()
	}
	return ""
}

// JobInfo is what a report says of a job.
type JobInfo struct {
	Kind                 string // of a registered worker
	ID                   int64
	Attempt, MaxAttempts int
	Trace                string               // Trace of whoever enqueued it; the first attempt continues it
	Expected             func(err error) bool // errors that are no failure: snoozed, cancelled, a mail server's refusal
}

// Reference is what a job's failure is found by.
func (j JobInfo) Reference() string { return "job-" + strconv.FormatInt(j.ID, 10) }

func (j JobInfo) of() *work {
	of := &work{route: "job " + j.kind(), reference: j.Reference(), jobID: j.ID}
	if id, _, found := strings.Cut(j.Trace, "-"); found && j.Attempt > 1 {
		of.origin = id
	}
	return of
}

// kind is safe because a worker's name is code; an unknown one may be anything.
func (j JobInfo) kind() string {
	if name := identifier(j.Kind); name != "" {
		return name
	}
	return "(unknown)"
}

func (j JobInfo) level() sentry.Level {
	if j.Attempt < j.MaxAttempts {
		return sentry.LevelWarning // it will be tried again
	}
	return sentry.LevelError
}

// Job runs a job's work and reports its failure, or its panic, which goes on to the queue. It belongs in the queue's
// middleware; JobError and JobPanic belong in its error handler, and report what never reached the middleware.
func Job(ctx context.Context, info JobInfo, do func(ctx context.Context) error) (err error) {
	of := info.of()
	ctx = context.WithValue(ctx, workKey{}, of)
	defer checkedIn(info.Kind, info.Attempt)(&err)
	if to := sending.Load(); to != nil {
		options := []sentry.SpanOption{sentry.WithTransactionName(vouch(of.route)), sentry.WithTransactionSource(sentry.SourceTask)}
		if info.Attempt <= 1 && info.Trace != "" {
			options = append(options, sentry.ContinueFromTrace(info.Trace))
		}
		span := sentry.StartSpan(sentry.SetHubOnContext(ctx, to.hub.Clone()), vouch("queue.process"), options...)
		if of.origin != "" { // a try next day must not stretch the click's trace
			span.SetTag("origin_trace", of.origin)
		}
		ctx = span.Context()
		defer func() {
			span.Status = map[bool]sentry.SpanStatus{true: sentry.SpanStatusOK, false: sentry.SpanStatusInternalError}[err == nil]
			span.Finish()
		}()
	}
	defer func() {
		if value := recover(); value != nil {
			capture(ctx, occurrence{err: &panicked{value}, level: sentry.LevelFatal, stack: callers(2)})
			toldPanics.Store(info.ID, true)
			panic(value)
		}
	}()

	err = do(ctx)
	if err == nil || errors.Is(err, context.Canceled) || info.Expected != nil && info.Expected(err) {
		return err
	}
	capture(ctx, occurrence{err: err, level: info.level()})
	return &told{err}
}

// told is an error that was reported already.
type told struct{ error }

func (t *told) Unwrap() error { return t.error }

var toldPanics sync.Map // job id → true, from the middleware's report until the error handler asks

// JobError reports a job's error, unless Job has.
func JobError(ctx context.Context, info JobInfo, err error) {
	if already := new(told); err == nil || errors.As(err, &already) || errors.Is(err, context.Canceled) || info.Expected != nil && info.Expected(err) {
		return
	}
	capture(context.WithValue(ctx, workKey{}, info.of()), occurrence{err: err, level: info.level()})
}

// JobPanic reports a job's panic, unless Job has.
func JobPanic(ctx context.Context, info JobInfo, value any) {
	if _, already := toldPanics.LoadAndDelete(info.ID); already {
		return
	}
	capture(context.WithValue(ctx, workKey{}, info.of()), occurrence{err: &panicked{value}, level: sentry.LevelFatal})
}
