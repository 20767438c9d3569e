package report

import (
	"context"
	"errors"
	"time"

	"github.com/getsentry/sentry-go"
)

// By says who does the work that ctx belongs to, by an opaque id.
func By(ctx context.Context, staffID int64) { workOf(ctx).knows(staffID) }

// Part reports that a part of a page failed, by an error or by a panic that the caller has just recovered, and returns
// the reference to show in its place.
func Part(ctx context.Context, err error, recovered any) string {
	if recovered != nil {
		err = &panicked{recovered}
	}
	if err == nil || errors.Is(err, context.Canceled) {
		return ""
	}
	return capture(ctx, occurrence{err: err, section: "part", action: "render", level: sentry.LevelError, stack: callers(2)})
}

// Feedback says that somebody wrote what they were doing when a failure happened. What they wrote stays in our database.
func Feedback(reference string) {
	to := sending.Load()
	if to == nil || !IsReference(reference) {
		return
	}
	id := newEventID()
	said := to.door.stamp(wireEvent{EventID: id, Type: "feedback", Timestamp: moment{time.Now().UTC()}, Tags: wireTags{Reference: words(reference)}}, "go")
	said.Contexts.Feedback = &wireFeedback{Message: "Somebody said what they were doing. Read it at /admin/errors.", Event: sentAs.id(reference)}
	to.door.postItem(id, "feedback", said)
}
