package report

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Quiet passes each warning and error of a log on once in a while, with how often it was said since: while the database is
// away every queue would otherwise fill the terminal, each second.
func Quiet(next slog.Handler, once time.Duration) slog.Handler {
	return &quiet{Handler: next, said: &said{once: once, of: map[string]*repeat{}}}
}

type quiet struct {
	slog.Handler
	said *said
}

// said is shared by the handlers that With makes of one.
type said struct {
	mu   sync.Mutex
	once time.Duration
	of   map[string]*repeat
}

type repeat struct {
	at   time.Time
	held int
}

// Handle holds a message back that was said a moment ago.
func (q *quiet) Handle(ctx context.Context, record slog.Record) error {
	if record.Level < slog.LevelWarn {
		return q.Handler.Handle(ctx, record)
	}
	held, tell := q.said.tell(record.Level.String()+record.Message, record.Time)
	if !tell {
		return nil
	}
	if held > 0 {
		record = record.Clone()
		record.AddAttrs(slog.Int("repeated", held))
	}
	return q.Handler.Handle(ctx, record)
}

func (s *said) tell(message string, at time.Time) (held int, tell bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.of) > 1000 { // messages are constants, so this is somebody's mistake; it must not grow
		clear(s.of)
	}
	known := s.of[message]
	if known == nil {
		s.of[message] = &repeat{at: at}
		return 0, true
	}
	if at.Sub(known.at) < s.once {
		known.held++
		return 0, false
	}
	held = known.held
	known.at, known.held = at, 0
	return held, true
}

// WithAttrs keeps what was said.
func (q *quiet) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &quiet{Handler: q.Handler.WithAttrs(attrs), said: q.said}
}

// WithGroup keeps what was said.
func (q *quiet) WithGroup(name string) slog.Handler {
	return &quiet{Handler: q.Handler.WithGroup(name), said: q.said}
}
