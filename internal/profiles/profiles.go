// Package profiles keeps what the processor did of late: windows of ten seconds of Go's own CPU profile, by route and kind
// of job. A profile holds names of functions, routes and kinds, so it names nobody.
package profiles

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"runtime/pprof"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// Length of a window. Shorter ones hold too few samples of a clinic's light load.
	Length = 10 * time.Second
	// Kept is how many windows stay, the latest; each has some ten to a hundred kilobytes.
	Kept = 20
)

// Window is one profile.
type Window struct {
	ID    int64
	Began time.Time
	Took  time.Duration
	Asked bool // for by a person, not by the sample rate
	Data  []byte
}

// ErrBusy says that a window is being recorded.
var ErrBusy = errors.New("a profile is being recorded")

var (
	recording atomic.Bool
	mu        sync.Mutex
	windows   []Window
	lastID    int64
)

// Rate is how many of the windows are recorded: all in staging, one in ten in production, none on a developer's machine,
// where one asks for them.
func Rate(environment string) float64 {
	switch environment {
	case "staging":
		return 1
	case "production":
		return 0.1
	}
	return 0
}

// Run records windows at a rate until ctx ends.
func Run(ctx context.Context, rate float64) {
	if rate <= 0 {
		return
	}
	tick := time.NewTicker(Length)
	defer tick.Stop()
	for {
		if rand.Float64() < rate {
			if err := Record(ctx, Length, false); err != nil && !errors.Is(err, ErrBusy) {
				slog.WarnContext(ctx, "no profile could be recorded")
				return // another profiler has the processor's: a test, or a developer's
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Record records one window and keeps it.
func Record(ctx context.Context, length time.Duration, asked bool) error {
	if !recording.CompareAndSwap(false, true) {
		return ErrBusy
	}
	defer recording.Store(false)
	var data bytes.Buffer
	began := time.Now()
	if err := pprof.StartCPUProfile(&data); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
	case <-time.After(length):
	}
	pprof.StopCPUProfile()

	mu.Lock()
	defer mu.Unlock()
	lastID++
	windows = append(windows, Window{ID: lastID, Began: began, Took: time.Since(began), Asked: asked, Data: data.Bytes()})
	windows = slices.Delete(windows, 0, max(0, len(windows)-Kept))
	return nil
}

// Recording says whether a window is being recorded.
func Recording() bool { return recording.Load() }

// List is every window kept, the latest first.
func List() []Window {
	mu.Lock()
	defer mu.Unlock()
	all := slices.Clone(windows)
	slices.Reverse(all)
	return all
}

// Get is one window.
func Get(id int64) (Window, bool) {
	mu.Lock()
	defer mu.Unlock()
	at := slices.IndexFunc(windows, func(w Window) bool { return w.ID == id })
	if at < 0 {
		return Window{}, false
	}
	return windows[at], true
}

// Label marks what is done by a route or a kind of job, while a window is recorded; else it costs a look.
func Label(ctx context.Context, kind, name string, do func(ctx context.Context)) {
	if !recording.Load() {
		do(ctx)
		return
	}
	pprof.Do(ctx, pprof.Labels(kind, name), do)
}
