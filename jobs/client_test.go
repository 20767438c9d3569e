package jobs

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river/rivertype"

	"purplecross/db/dbtest"
)

func TestProcessesThatMigrateAtOnceAllFindTheTables(t *testing.T) {
	pool := dbtest.Empty(t)
	client := insertOnly(t, pool)
	if client.Ready(t.Context()) == nil {
		t.Fatal("the queue is ready without its tables")
	}

	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			if err := Migrate(t.Context(), pool); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if err := client.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestEveryQueueIsWorkedAndReadyOnlyWhileItIs(t *testing.T) {
	pool := dbtest.New(t)
	client, err := New(pool, Options{Work: true, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	if client.Ready(t.Context()) == nil {
		t.Error("ready before the start")
	}
	if err := client.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := client.Ready(t.Context()); err != nil {
		t.Error(err)
	}

	want := []string{"default", "email", "imports", "notifications", "reminders", "reports"}
	until(t, "all queues are registered", func() bool {
		rows, err := pool.Query(t.Context(), `select name from river_queue order by name`)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				t.Fatal(err)
			}
			names = append(names, name)
		}
		return slices.Equal(names, want)
	})

	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := client.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	if client.Ready(t.Context()) == nil {
		t.Error("ready after the stop")
	}
}

func TestWaitsDoubleUpToTheLongest(t *testing.T) {
	for failed, want := range map[int]time.Duration{1: 2 * time.Second, 2: 4 * time.Second, 5: 32 * time.Second, 12: 10 * time.Minute, 149: 10 * time.Minute} {
		job := &rivertype.JobRow{Queue: "email", Errors: make([]rivertype.AttemptError, failed-1)}
		got := time.Until(retries{}.NextRetry(job))
		if got < want*89/100 || got > want*111/100 {
			t.Errorf("after %d failed tries the wait is %s, not about %s", failed, got, want)
		}
	}
}

func TestRiversPagesAnswerUnderTheirPrefix(t *testing.T) {
	client := insertOnly(t, dbtest.New(t))
	t.Cleanup(func() { _ = client.Stop(context.Background()) })
	pages := client.RiverUI("/admin/jobs")

	for path, said := range map[string]string{"/admin/jobs/": "/admin/jobs/assets/", "/admin/jobs/api/queues": `"data"`} {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		request.Header.Set("Accept", "text/html,application/json")
		answer := httptest.NewRecorder()
		pages.ServeHTTP(answer, request)
		if answer.Code != http.StatusOK || !strings.Contains(answer.Body.String(), said) {
			t.Errorf("%s answers %d: %.200s", path, answer.Code, answer.Body)
		}
	}
}
