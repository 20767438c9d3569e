package report

import (
	"context"
	"log/slog"
)

// Logs adds to each line of a log the reference and the trace of the work that it belongs to. Warnings and errors are sent
// on too, in words of the vocabulary; their values stay here.
func Logs(next slog.Handler) slog.Handler { return logs{next} }

type logs struct{ slog.Handler }

// Handle passes a line on.
func (l logs) Handle(ctx context.Context, record slog.Record) error {
	of, _ := ctx.Value(workKey{}).(*work)
	trace := TraceID(ctx)
	if of != nil || trace != "" {
		record = record.Clone()
	}
	if of != nil && record.Message != failureMessage {
		record.AddAttrs(slog.String("reference", of.reference))
	}
	if trace != "" {
		record.AddAttrs(slog.String("trace", trace))
	}
	if record.Level >= slog.LevelWarn && record.Message != failureMessage { // a failure is a report of its own
		if of != nil {
			of.trail.note(lineLogged, record.Message)
		}
		sendLog(record, of, trace)
	}
	return l.Handler.Handle(ctx, record)
}

// WithAttrs keeps the attributes here.
func (l logs) WithAttrs(attrs []slog.Attr) slog.Handler { return logs{l.Handler.WithAttrs(attrs)} }

// WithGroup keeps the group here.
func (l logs) WithGroup(name string) slog.Handler { return logs{l.Handler.WithGroup(name)} }

// sendLog sends a line without its values: a message is a constant, but nothing makes it one.
func sendLog(record slog.Record, of *work, trace string) {
	to := sending.Load()
	if to == nil {
		return
	}
	line := wireLog{
		Timestamp: float64(record.Time.UnixMilli()) / 1000, TraceID: hexID(trace), Level: "warn", Body: words(Words(record.Message)),
		Facts: map[string]wireAttribute{"environment": attribute(to.door.environment), "release": attribute(to.door.release)},
	}
	if line.TraceID == "" {
		line.TraceID = newEventID()
	}
	if record.Level >= slog.LevelError {
		line.Level = "error"
	}
	if of != nil {
		line.Facts["reference"], line.Facts["route"] = attribute(of.reference), attribute(of.route)
	}
	to.door.postItem(newEventID(), "log", wireLogs{Items: []wireLog{line}})
}

func attribute(value string) wireAttribute { return wireAttribute{Value: words(value), Type: "string"} }
