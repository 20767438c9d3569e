package report

import (
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

// event is a failure as Sentry knows it, all in vouched words.
func event(what occurrence, failure Failure, place string, of *work, steps []step) *sentry.Event {
	report := sentry.NewEvent()
	report.Level = what.level
	report.Transaction = vouch(failure.Route)
	report.Fingerprint = []string{vouch(failure.Fingerprint)}
	report.Exception = []sentry.Exception{{Type: vouch(failure.Kind), Value: vouch(failure.Title), Stacktrace: trace(what.stack)}}
	report.Tags = map[string]string{"reference": vouch(failure.Reference)}
	if place != "" {
		report.Tags["section"], report.Tags["action"] = vouch(string(what.section)), vouch(string(what.action))
	}
	if of.origin != "" {
		report.Tags["origin_trace"] = of.origin
	}
	for _, one := range steps {
		report.Breadcrumbs = append(report.Breadcrumbs, &sentry.Breadcrumb{Timestamp: one.at, Category: vouch(string(one.kind)), Message: vouch(one.words())})
	}
	if person := of.person.Load(); person != nil {
		report.User.ID = vouch(*person)
	}
	return report
}

// trace is a stack as Sentry wants it: outermost first.
func trace(stack []frame) *sentry.Stacktrace {
	if len(stack) == 0 {
		return nil
	}
	frames := make([]sentry.Frame, 0, len(stack))
	for _, f := range slices.Backward(stack) {
		frames = append(frames, sentry.Frame{Function: vouch(f.function), Module: vouch(f.pkg), Filename: vouch(f.file), Lineno: f.line, InApp: f.ours()})
	}
	return &sentry.Stacktrace{Frames: frames}
}
