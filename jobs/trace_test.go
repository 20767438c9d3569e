package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"purplecross/db"
	"purplecross/db/dbtest"
	"purplecross/internal/report"
	"purplecross/internal/report/receiver"
)

// One trace leads from the click to the statement, to the job and to the letter's header; and of the people in them
// nothing leaves.
func TestTheClicksTraceLeadsToTheLettersHeader(t *testing.T) {
	to := receiver.New(t)
	if err := report.Init(report.Options{DSN: to.DSN(), Environment: "staging", SecretKey: "key"}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = report.Close() })
	report.Routes([]string{"/appointments"})
	plain := dbtest.New(t)
	visit := bookVisit(t, plain)
	pool, err := db.Open(t.Context(), plain.Config().ConnString(), dbtest.Zone, report.Tracer())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	office := openPostOffice(t, "127.0.0.1:0")
	client := work(t, pool, office.url)

	var said strings.Builder
	ctx, request := report.Request(t.Context(), "POST", "/appointments", "CLIC-K234-REFE")
	var message db.Message
	err = db.InTx(ctx, pool, func(tx pgx.Tx) (err error) {
		if message, _, err = db.AddVisitMessage(ctx, tx, db.MessageVisitConfirmation, visit); err != nil {
			return err
		}
		return client.EnqueueMessage(ctx, tx, message.ID)
	})
	if err != nil {
		t.Fatal(err)
	}
	trace := report.TraceID(ctx)
	request.End(303)
	slog.New(report.Logs(slog.NewTextHandler(&said, nil))).WarnContext(ctx, "reminder of Zoë Court skipped", "client", "Zoë Court")

	untilStatus(t, pool, message.ID, db.MessageSent)
	if letters := office.letters(); len(letters) != 1 || !strings.Contains(letters[0], "X-Purple-Cross-Trace:\r\n "+trace) {
		t.Errorf("trace %s is not in the letter: %v", trace, letters)
	}
	of := func(name string) map[string]any {
		return to.Wait("transaction", func(body map[string]any) bool {
			return receiver.At(body, "transaction") == name && receiver.At(body, "contexts", "trace", "trace_id") == trace
		})
	}
	if spans := fmt.Sprint(of("POST /appointments")["spans"]); !strings.Contains(spans, "insert message") {
		t.Errorf("the click's spans are %s", spans)
	}
	of("job send_message")
	to.Wait("log", func(body map[string]any) bool {
		said := fmt.Sprint(body)
		return strings.Contains(said, trace) && strings.Contains(said, "reminder of *")
	})
	to.Wait("check_in", func(body map[string]any) bool {
		return body["monitor_slug"] == "trim_errors" && body["status"] == "ok"
	})
	_ = report.Close()
	for _, name := range []string{"Zoë", "Court", "Coco", "zoe@example.com", "Harbour"} {
		if strings.Contains(to.Text(), name) {
			t.Errorf("%s left:\n%s", name, to.Text())
		}
	}
}

func TestATryAfterTheFirstHasATraceOfItsOwnThatNamesTheClicks(t *testing.T) {
	to := receiver.New(t)
	if err := report.Init(report.Options{DSN: to.DSN(), Environment: "staging", SecretKey: "key"}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = report.Close() })
	click := "0123456789abcdef0123456789abcdef"
	for i, kind := range []string{"try_one", "try_two", "try_three"} { // the same failure thrice in a second would be told once
		info := report.JobInfo{Kind: kind, ID: 7, Attempt: i + 1, MaxAttempts: 3, Trace: click + "-0123456789abcdef-1"}
		_ = report.Job(t.Context(), info, func(context.Context) error { return errors.New("broken pipe") })
	}
	_ = report.Close()

	var told []string
	for _, event := range to.Items("event") {
		same := receiver.At(event.Body, "contexts", "trace", "trace_id") == click
		told = append(told, fmt.Sprint(event.Body["level"], " ", same, " ", receiver.At(event.Body, "tags", "origin_trace") == click))
	}
	if strings.Join(told, ", ") != "warning true false, warning false true, error false true" {
		t.Errorf("told %v", told)
	}
}
