package report

import (
	"context"
	"errors"

	"github.com/getsentry/sentry-go"
)

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
