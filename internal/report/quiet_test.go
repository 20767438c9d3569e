package report

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestARepeatedMessageIsToldOnceWithItsCount(t *testing.T) {
	var out bytes.Buffer
	handler := Quiet(slog.NewTextHandler(&out, nil), time.Minute)
	began := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	say := func(after time.Duration, message string) {
		if err := handler.WithAttrs([]slog.Attr{slog.String("queue", "email")}).Handle(context.Background(), slog.NewRecord(began.Add(after), slog.LevelError, message, 0)); err != nil {
			t.Fatal(err)
		}
	}

	for second := range 30 {
		say(time.Duration(second)*time.Second, "fetching jobs")
	}
	say(10*time.Second, "another thing")
	say(90*time.Second, "fetching jobs")

	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 3 || !strings.Contains(lines[1], "another thing") || !strings.Contains(lines[2], "repeated=29") {
		t.Errorf("the log says\n%s", out.String())
	}
}
