package report

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

// kept is a database that only remembers; what it answers is what it was told so far.
func kept(t *testing.T) func() []Failure {
	t.Helper()
	var mu sync.Mutex // a timer tells of what was held back while the test goes on
	var failures []Failure
	records = &recording{}
	RecordWith(func(_ context.Context, failure Failure) error {
		mu.Lock()
		defer mu.Unlock()
		failures = append(failures, failure)
		return nil
	})
	t.Cleanup(func() { // what is still held back by this one's timer stays with it
		records.recorder.Store(nil)
		records = &recording{}
	})
	return func() []Failure {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(failures)
	}
}

func TestAFailureIsRecordedWithoutADSN(t *testing.T) {
	failures := kept(t)
	Routes([]string{"/patients/:id"})
	_, request := Request(t.Context(), "GET", "/patients/:id", "ABCD")
	func() {
		defer func() { request.Panicked(recover()) }()
		var none []int
		_ = none[len(t.Name())]
	}()

	if len(failures()) != 1 {
		t.Fatalf("%d failures were recorded", len(failures()))
	}
	got := failures()[0]
	if got.Route != "GET /patients/:id" || got.Reference != "ABCD" || got.Kind != "runtime.boundsError" || !strings.Contains(got.Title, "index out of range") {
		t.Errorf("the record says %+v", got)
	}
	_, here, _, _ := runtime.Caller(0)
	library, _ := runtime.FuncForPC(reflect.ValueOf(strings.Contains).Pointer()).FileLine(0)
	if !strings.HasPrefix(got.Stack, "purplecross/internal/report.TestAFailureIsRecordedWithoutADSN") ||
		strings.Contains(got.Stack, filepath.Dir(here)) || strings.Contains(got.Stack, strings.TrimSuffix(library, "/strings/strings.go")) {
		t.Errorf("the stack is\n%s", got.Stack)
	}
}

func TestAStormOfOneFailureIsRecordedOnceAndCounted(t *testing.T) {
	failures := kept(t)
	for i := range 500 {
		Capture(t.Context(), fmt.Errorf("read patient %d: %w", i, errors.New("broken pipe")), "patients", "show")
	}
	records.flush()

	var count int64
	for _, failure := range failures() {
		count += failure.Count
	}
	if len(failures()) > 10 || count != 500 {
		t.Errorf("%d records count %d failures", len(failures()), count)
	}
}

func TestAVisitorWhoWentAwayIsNoFailure(t *testing.T) {
	failures := kept(t)
	Capture(t.Context(), fmt.Errorf("list: %w", context.Canceled), "patients", "index")
	if len(failures()) != 0 {
		t.Errorf("recorded: %+v", failures())
	}
}

func TestAJobsFailureIsToldOnce(t *testing.T) {
	failures := kept(t)
	info := JobInfo{Kind: "email", ID: 3, Attempt: 1, MaxAttempts: 2}

	err := Job(t.Context(), info, func(context.Context) error { return errors.New("broken pipe") })
	JobError(t.Context(), info, err)
	func() {
		defer func() { JobPanic(t.Context(), info, recover()) }()
		_ = Job(t.Context(), info, func(context.Context) error { panic("broken") })
	}()
	JobError(t.Context(), JobInfo{Kind: "of another binary", ID: 4}, errors.New("unknown kind"))

	var told []string
	for _, failure := range failures() {
		told = append(told, fmt.Sprint(failure.Route, " ", failure.Title, " ", failure.Reference))
	}
	want := "[job email broken pipe job-3 job email panic: broken job-3 job (unknown) unknown kind job-4]"
	if fmt.Sprint(told) != want {
		t.Errorf("told %v, not %v", told, want)
	}
}

func TestNothingIsSentFromDevelopment(t *testing.T) {
	to := newReceiver(t)
	if err := Init(Options{DSN: to.dsn(), Environment: "development"}); err != nil {
		t.Fatal(err)
	}
	defer Close()
	drive(t.Context())
	if _, envelopes := to.everything(); envelopes != 0 || sending.Load() != nil {
		t.Errorf("%d envelopes left", envelopes)
	}
}

func TestAWrongDSNIsOneSentence(t *testing.T) {
	err := Init(Options{DSN: "sentry.example", Environment: "production"})
	if err == nil || !strings.HasPrefix(err.Error(), "SENTRY_DSN is not a DSN.") {
		t.Errorf("the sentence is %v", err)
	}
}

func TestWordsKeepsOnlyTheVocabulary(t *testing.T) {
	for text, want := range map[string]string{
		"read patient 4711: no such Coco":         "read patient *: no such *",
		"dial tcp 203.0.113.77:5432: broken pipe": "dial tcp *.*.*.*:*: broken pipe",
		"Mabel Featherstone (970) 555-0167":       "* * (*) *",
		"index out of range [5] with length 3":    "index out of range [*] with length *",
		"mabel@example.com":                       "*.*",
		"invalid memory address":                  "invalid memory address",
	} {
		if got := Words(text); got != want {
			t.Errorf("%q became %q, not %q", text, got, want)
		}
	}
}

func BenchmarkRequestWithoutADSN(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_, request := Request(b.Context(), "GET", "/patients/:id", "ABCD")
		request.End(200)
	}
}
