package ui

import (
	"context"
	"time"
)

type clockKey struct{}

type clock struct {
	now  time.Time
	zone *time.Location
}

// WithClock gives every view below the moment of the request and the clinic's time zone.
func WithClock(ctx context.Context, now time.Time, zone *time.Location) context.Context {
	return context.WithValue(ctx, clockKey{}, clock{now: now, zone: zone})
}

// ClockFrom returns what WithClock gave: now, in the clinic's zone, and the zone. Without a clock it is the zero time
// in UTC, and times are then shown in full.
func ClockFrom(ctx context.Context) (now time.Time, zone *time.Location) {
	given, ok := ctx.Value(clockKey{}).(clock)
	if !ok {
		return time.Time{}, time.UTC
	}
	if given.zone == nil {
		given.zone = time.UTC
	}
	return given.now.In(given.zone), given.zone
}
