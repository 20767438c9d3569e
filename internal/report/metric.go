package report

import (
	"context"
	"time"

	"github.com/getsentry/sentry-go"
)

// Measured sends how long something took, with the trace that leads to it, when that is kept: for whoever sees a slow job
// and asks which click it goes back to. Numbers for operators are at /metrics.
func Measured(ctx context.Context, name text, took time.Duration) {
	to := sending.Load()
	span := sentry.SpanFromContext(ctx)
	if to == nil || span == nil || !span.Sampled.Bool() {
		return
	}
	to.door.postItem(newEventID(), "trace_metric", wireMetrics{Items: []wireMetric{{
		Timestamp: float64(time.Now().UnixMilli()) / 1000, TraceID: hexID(span.TraceID.String()), SpanID: hexID(span.SpanID.String()),
		Name: words(name), Type: "distribution", Value: float64(took.Milliseconds()), Unit: "millisecond",
		Facts: map[string]wireAttribute{"route": attribute(workOf(ctx).route), "environment": attribute(to.door.environment), "release": attribute(to.door.release)},
	}}})
}
