package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"

	"purplecross/db/dbtest"
	"purplecross/internal/report"
)

// What River turns away before any worker sees it is a failure like any other: a job of a kind that no worker knows, one
// whose arguments cannot be read.
func TestAJobThatNoWorkerCanTakeIsReported(t *testing.T) {
	pool := dbtest.New(t)
	var mu sync.Mutex
	told := map[string]report.Failure{}
	report.RecordWith(func(_ context.Context, failure report.Failure) error {
		mu.Lock()
		defer mu.Unlock()
		told[failure.Route] = failure
		return nil
	})
	t.Cleanup(func() { report.RecordWith(func(context.Context, report.Failure) error { return nil }) })
	office := openPostOffice(t, "127.0.0.1:0")
	work(t, pool, office.url)

	for kind, arguments := range map[string]string{"of another release": `{}`, "send_message": `{"message_id": "Zoë Court"}`} {
		if _, err := pool.Exec(t.Context(), `
			insert into river_job (kind, args, queue, max_attempts, state) values ($1, $2, 'default', 1, 'available')`, kind, json.RawMessage(arguments)); err != nil {
			t.Fatal(err)
		}
	}
	until(t, "both are reported", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return told["job (unknown)"].JobID != 0 && told["job send_message"].JobID != 0
	})
	mu.Lock()
	defer mu.Unlock()
	for _, failure := range told {
		if failure.Reference != fmt.Sprintf("job-%d", failure.JobID) || slices.Contains(failure.References, "Zoë") {
			t.Errorf("told %+v", failure)
		}
	}
}

func TestEveryScheduleIsAMonitorByItsRule(t *testing.T) {
	for text, want := range map[string]string{
		"every 5m": "", "daily 08:00": "0 8 * * *", "mon thu 08:30": "30 8 * * 1,4", "monthly 1 23:05": "5 23 1 * *",
	} {
		rule, err := parseRule(text)
		if err != nil || rule.crontab() != want {
			t.Errorf("%s is %q by crontab: %v", text, rule.crontab(), err)
		}
	}
}
