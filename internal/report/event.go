package report

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"

	"github.com/getsentry/sentry-go"
)

const (
	serverName = "purple-cross" // never the machine's: hosts are named after people and places
	maxText    = 1000
)

// voucher marks what this package has made safe. The door lets a text out only with it, and takes it off: 128 random
// bits of this process, so nothing typed can carry it.
var voucher = "pc:" + rand.Text() + ":"

func vouch(s string) string { return voucher + s }

// vouched is s without its voucher; "" when it has none.
func vouched(s string) string {
	said, safe := strings.CutPrefix(s, voucher)
	if !safe {
		return ""
	}
	return strings.ToValidUTF8(said[:min(len(said), maxText)], "")
}

// safeWords is a text that this package has made safe, cut to what may leave.
func safeWords(s string) words { return words(strings.ToValidUTF8(s[:min(len(s), maxText)], "")) }

// event is a failure as Sentry knows it. It is made of safe words alone, when it is its turn to leave.
func event(what occurrence, failure Failure, place string, of *work, steps []step) wireEvent {
	report := wireEvent{
		Timestamp: moment{what.at}, Level: level(what.level), Transaction: safeWords(failure.Route), Fingerprint: []words{safeWords(failure.Fingerprint)},
		Exception: listed[wireError]{{Type: safeWords(failure.Kind), Value: safeWords(failure.Title), Stacktrace: wired(what.stack)}},
		Tags:      wireTags{Reference: safeWords(failure.Reference), Origin: hexID(of.origin)},
	}
	if place != "" {
		report.Tags.Section, report.Tags.Action = words(what.section), words(what.action)
	}
	for _, one := range steps {
		report.Breadcrumbs = append(report.Breadcrumbs, wireStep{Timestamp: moment{one.at}, Category: words(one.kind), Message: safeWords(one.words())})
	}
	if person := of.personID(); person != "" {
		report.User = &wireUser{ID: words(person)}
	}
	if what.span != nil {
		report.Contexts.Trace = what.span
	}
	return report
}

// spanOf is where in its trace ctx is; nil where nothing is traced.
func spanOf(ctx context.Context) *wireTrace {
	span := sentry.SpanFromContext(ctx)
	if span == nil {
		return nil
	}
	at := &wireTrace{TraceID: hexID(span.TraceID.String()), SpanID: hexID(span.SpanID.String()), Op: words(vouched(span.Op))}
	if span.ParentSpanID != (sentry.SpanID{}) {
		at.ParentID = hexID(span.ParentSpanID.String())
	}
	return at
}

// wired is a stack as Sentry wants it: outermost first.
func wired(stack []frame) *wireStack {
	if len(stack) == 0 {
		return nil
	}
	frames := make([]wireFrame, 0, len(stack))
	for _, f := range slices.Backward(stack) {
		frames = append(frames, wireFrame{Function: safeWords(f.function), Module: safeWords(f.pkg), Filename: safeWords(f.file), Line: lineNo(f.line), InApp: f.ours()})
	}
	return &wireStack{Frames: frames}
}
