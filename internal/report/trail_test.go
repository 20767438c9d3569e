package report

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

func TestWhatLedUpToAFailureIsKeptInSafeWordsAndSent(t *testing.T) {
	failures := kept(t)
	to := newReceiver(t)
	send(t, to)
	Routes([]string{"/clients/:id"})
	ctx, request := Request(t.Context(), "GET", "/clients/:id", NewReference())
	for i := range trailKept + 5 {
		asked := Tracer().TraceQueryStart(ctx, nil, pgx.TraceQueryStartData{SQL: fmt.Sprintf("select name from patient where name = '%s' and id = %d", everyone, i)})
		Tracer().TraceQueryEnd(asked, nil, pgx.TraceQueryEndData{})
	}
	asked := Tracer().TraceQueryStart(ctx, nil, pgx.TraceQueryStartData{SQL: "insert into client (name) values ($1)", Args: []any{everyone}})
	Tracer().TraceQueryEnd(asked, nil, pgx.TraceQueryEndData{Err: &pgconn.PgError{Code: "23505", Message: everyone, TableName: "client"}})
	slog.New(Logs(slog.NewTextHandler(new(bytes.Buffer), nil))).WarnContext(ctx, "no letter to "+everyone)
	request.Failed(errors.New("broken pipe"))
	request.End(500)
	flushSender(t)

	trail := failures()[0].Trail
	steps := strings.Split(strings.TrimSpace(trail), "\n")
	if len(steps) != trailKept || !strings.HasSuffix(steps[0], "query\tselect patient") {
		t.Errorf("the trail is\n%s", trail)
	}
	for i, want := range []string{"query\tinsert client", "query failed\tPostgreSQL 23505 table client", "log\tno *"} {
		if got := steps[len(steps)-3+i]; !strings.Contains(got, want) {
			t.Errorf("step %q, not %q", got, want)
		}
	}
	sent := fmt.Sprint(to.events(t, "event")[0]["breadcrumbs"])
	if !strings.Contains(sent, "insert client") || !strings.Contains(sent, "PostgreSQL 23505 table client") {
		t.Errorf("sent %s", sent)
	}
	if leaked := to.leaked(); len(leaked) > 0 || strings.Contains(trail, "Mabel") {
		t.Errorf("these left: %q\n%s", leaked, trail)
	}
}

// What a person says of a failure is joined to the event that it was, also when others have met the same since.
func TestFeedbackNamesTheEventOfItsReference(t *testing.T) {
	kept(t)
	to := newReceiver(t)
	send(t, to)
	reference := Capture(t.Context(), errors.New("broken pipe"), "clients", "create")
	Feedback(reference)
	flushSender(t)
	event, feedback := to.events(t, "event")[0], to.events(t, "feedback")[0]
	said := feedback["contexts"].(map[string]any)["feedback"].(map[string]any)
	if said["associated_event_id"] != event["event_id"] || event["event_id"] == nil {
		t.Errorf("feedback of %v, event %v", said["associated_event_id"], event["event_id"])
	}
}

// The reference of each person leads to the failure, also of those who met it within the same second.
func TestEveryReferenceShownIsKeptWithItsFailure(t *testing.T) {
	failures := kept(t)
	shown := map[string]bool{}
	for range 12 {
		shown[Capture(t.Context(), errors.New("unexpected token"), "clients", "index")] = true
	}
	records.flush()
	for _, failure := range failures() {
		for _, reference := range failure.References {
			delete(shown, reference)
		}
	}
	if len(shown) != 0 {
		t.Errorf("%d references lead nowhere", len(shown))
	}
}

func TestAJobThatRunsMoreThanOnceAMinuteIsCheckedInOnceAMinute(t *testing.T) {
	tick := &monitor{clock: Clock{Every: 15 * time.Second}}
	began := time.Now()
	runs := 0
	for i := range 20 {
		if tick.due(began.Add(time.Duration(i) * 15 * time.Second)) {
			runs++
		}
	}
	if runs != 5 {
		t.Errorf("%d check-ins in five minutes", runs)
	}
	if config := tick.config(); config.Schedule.Value != 1 || config.Schedule.Unit != "minute" {
		t.Errorf("the monitor is %+v", config)
	}
	nightly := &monitor{clock: Clock{Crontab: "0 3 * * *", Zone: "Europe/Zurich"}}
	if config := nightly.config(); config.Schedule.Type != "crontab" || config.Schedule.Value != "0 3 * * *" || config.Zone != "Europe/Zurich" {
		t.Errorf("the monitor is %+v", config)
	}
}
