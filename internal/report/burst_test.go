package report

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

// answering is a receiver that answers as it is told.
func answering(t *testing.T, answer http.HandlerFunc) *receiver {
	t.Helper()
	r := &receiver{Server: httptest.NewServer(answer)}
	t.Cleanup(r.Close)
	return r
}

// words of the vocabulary, so that each of many failures has a title of its own.
var someWords = func() []string {
	var some []string
	for word := range vocabulary {
		some = append(some, word)
	}
	return some
}()

func TestFiveHundredFailuresAtOnceAreAllCountedAndAllDelivered(t *testing.T) {
	failures := kept(t)
	var arrived atomic.Int64
	all := make(chan struct{}) // a slow receiver: it answers nothing before all have failed
	to := answering(t, func(http.ResponseWriter, *http.Request) {
		<-all
		arrived.Add(1)
	})
	send(t, to)

	for i := range 500 {
		Capture(t.Context(), fmt.Errorf("read %s: %w", someWords[i%len(someWords)], errors.New("broken pipe")), "patients", "show")
	}
	close(all)
	flushSender(t)
	records.flush()
	var count int64
	for _, failure := range failures() {
		count += failure.Count
	}
	delivered := Delivered()
	if count != 500 || arrived.Load() != 500 || delivered.Sent != 500 || delivered.Dropped+delivered.Failed != 0 {
		t.Errorf("%d are recorded, %d arrived, %+v", count, arrived.Load(), delivered)
	}
}

func TestAReceiverThatHangsHoldsUpNobodyAndAllThatItMissedIsCounted(t *testing.T) {
	failures := kept(t)
	release := make(chan struct{})
	to := answering(t, func(http.ResponseWriter, *http.Request) { <-release })
	send(t, to)

	const kinds = 400
	for i := range 3 * queued { // all return while the receiver has not answered once
		_, request := Request(t.Context(), "GET", "/clients/:id", NewReference())
		if i < kinds {
			request.Failed(fmt.Errorf("read %s: %w", someWords[i], errors.New("broken pipe")))
		}
		request.End(500)
	}
	got := Delivered()
	if got.Sent+got.Failed != 0 || got.Waiting < queued || got.Waiting > queued+1 || got.Dropped+got.Waiting != 3*queued+kinds {
		t.Errorf("while it hangs: %+v", got)
	}
	close(release)
	flushSender(t)
	if got := Delivered(); got.Sent != queued && got.Sent != queued+1 || got.Sent+got.Dropped != 3*queued+kinds || got.Waiting != 0 {
		t.Errorf("once it answers: %+v", got)
	}
	records.flush()
	var count int64
	for _, failure := range failures() {
		count += failure.Count
	}
	if count != kinds {
		t.Errorf("%d of %d failures are recorded", count, kinds)
	}
}

func TestAReceiverThatRefusesIsLeftAloneForAsLongAsItAsks(t *testing.T) {
	kept(t)
	var asked atomic.Int64
	to := answering(t, func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.Header().Set("Retry-After", "600")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	send(t, to)
	for i := range 20 {
		Capture(t.Context(), fmt.Errorf("%s: %w", someWords[i], errors.New("broken pipe")), "patients", "show")
	}
	flushSender(t)
	if got := Delivered(); asked.Load() != 1 || got.Failed != 1 || got.Dropped != 19 {
		t.Errorf("asked %d times: %+v", asked.Load(), got)
	}
}

func TestAReceiverThatIsAwayIsAskedSeldomAndHoldsUpNoGoodbye(t *testing.T) {
	kept(t)
	var asked atomic.Int64
	to := answering(t, func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	send(t, to)
	for i := range 200 {
		Capture(t.Context(), fmt.Errorf("%s: %w", someWords[i], errors.New("broken pipe")), "patients", "show")
	}
	if got := Delivered(); got.Waiting < 190 || asked.Load() > 10 {
		t.Errorf("asked %d times at once: %+v", asked.Load(), got)
	}
	flushSender(t) // asks for each that waits, once, without resting
	if got := Delivered(); asked.Load() != 200 || got.Failed != 200 || got.Waiting != 0 {
		t.Errorf("asked %d times: %+v", asked.Load(), got)
	}
}

func TestASpikeOfManyKindsIsOneKindAndIsCounted(t *testing.T) {
	failures := kept(t)
	for i := range 3 * newKinds {
		words := someWords[i%300] + " " + someWords[(i/300)*7+1]
		Capture(t.Context(), errors.New(words), "patients", "show")
	}
	records.flush()
	kinds, count := map[string]bool{}, int64(0)
	for _, failure := range failures() {
		kinds[failure.Fingerprint] = true
		count += failure.Count
	}
	if len(kinds) != newKinds+1 || !kinds["spike"] || count != 3*newKinds {
		t.Errorf("%d kinds count %d failures", len(kinds), count)
	}
}
