package profiles

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"sync"
	"testing"
	"time"
)

// begun is a context that says when its end is first waited for: the window is being recorded by then.
type begun struct {
	context.Context
	once  *sync.Once
	begin chan struct{}
}

func (b begun) Done() <-chan struct{} {
	b.once.Do(func() { close(b.begin) })
	return b.Context.Done()
}

func TestAWindowSaysWhichRouteKeptTheProcessorBusyAndTheOldestGo(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	done, begin := make(chan error), make(chan struct{})
	go func() { done <- Record(begun{ctx, &sync.Once{}, begin}, time.Minute, true) }()
	<-begin
	if !Recording() {
		t.Error("it does not say that a window is being recorded")
	}
	if err := Record(t.Context(), time.Millisecond, true); err != ErrBusy {
		t.Errorf("a second one at once: %v", err)
	}
	busy := time.Now().Add(300 * time.Millisecond)
	Label(t.Context(), "route", "GET /patients/:id", func(context.Context) {
		for n := 0; time.Now().Before(busy); n++ {
			_ = n * n
		}
	})
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}

	latest := List()[0]
	unzipped, err := gzip.NewReader(bytes.NewReader(latest.Data))
	if err != nil {
		t.Fatal(err)
	}
	if profile, _ := io.ReadAll(unzipped); !bytes.Contains(profile, []byte("GET /patients/:id")) {
		t.Error("the route is not in the profile")
	}
	if kept, there := Get(latest.ID); !there || !kept.Asked {
		t.Error("the window is not kept")
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for range Kept {
		if err := Record(gone, time.Minute, false); err != nil {
			t.Fatal(err)
		}
	}
	if _, there := Get(latest.ID); there || len(List()) != Kept {
		t.Errorf("%d windows are kept, the oldest among them: %v", len(List()), there)
	}
}
