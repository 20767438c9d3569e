package grid

import (
	"context"
	"time"
)

// Bounds of the tallies that are kept.
const (
	talliesKept = 64
	groupsKept  = 200_000 // of all of them
)

// tallies are kept beside the snapshots: the same news makes them old.
type tallies struct {
	byKey  map[string]*Tally
	used   map[string]time.Time
	builds map[string]*tallyBuild
}

type tallyBuild struct {
	done  chan struct{}
	tally *Tally
	err   error
}

// tallyKey is what makes two questions have one tally.
func (p Plan) tallyKey() string { return p.Key() + "#" + footString(p.question.Foot) }

// Tally is what was last worked out for the question; fresh says that nothing has changed since. It is nil when nothing
// was.
func (s *Snapshots) Tally(plan Plan) (tally *Tally, fresh bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tally(plan)
}

func (s *Snapshots) tally(plan Plan) (*Tally, bool) {
	key := plan.tallyKey()
	tally := s.tallies.byKey[key]
	if tally == nil {
		return nil, false
	}
	s.tallies.used[key] = time.Now()
	return tally, s.current(plan, tally.seq)
}

// TakeTally is the tally as it is now, waiting for it to be worked out: once, however many ask. It goes on when this
// caller gives up, so that whoever asks next may find it.
func (s *Snapshots) TakeTally(ctx context.Context, conn Conn, plan Plan) (*Tally, error) {
	s.mu.Lock()
	if tally, fresh := s.tally(plan); fresh {
		s.mu.Unlock()
		return tally, nil
	}
	if s.tallies.byKey == nil {
		s.tallies = tallies{byKey: map[string]*Tally{}, used: map[string]time.Time{}, builds: map[string]*tallyBuild{}}
	}
	key := plan.tallyKey()
	running := s.tallies.builds[key]
	if running == nil {
		running = &tallyBuild{done: make(chan struct{})}
		s.tallies.builds[key] = running
		go s.buildTally(context.WithoutCancel(ctx), conn, plan, running, s.seq)
	}
	s.mu.Unlock()

	select {
	case <-running.done:
		return running.tally, running.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *Snapshots) buildTally(ctx context.Context, conn Conn, plan Plan, b *tallyBuild, seq int64) {
	ctx, cancel := context.WithTimeout(ctx, snapshotPatience)
	defer cancel()
	s.tallySlots <- struct{}{}
	b.err = guarded(func() (err error) {
		b.tally, err = plan.Tally(ctx, conn)
		return err
	})
	<-s.tallySlots

	s.mu.Lock()
	defer s.mu.Unlock()
	key := plan.tallyKey()
	delete(s.tallies.builds, key)
	if b.err == nil {
		b.tally.seq = seq
		s.tallies.byKey[key], s.tallies.used[key] = b.tally, time.Now()
		s.tallies.bound(key)
	}
	close(b.done)
}

// bound lets the least used go, but not the one that has just come.
func (t tallies) bound(newest string) {
	for {
		groups, oldest := 0, ""
		for key, tally := range t.byKey {
			groups += len(tally.Groups)
			if key != newest && (oldest == "" || t.used[key].Before(t.used[oldest])) {
				oldest = key
			}
		}
		if oldest == "" || len(t.byKey) <= talliesKept && groups <= groupsKept {
			return
		}
		delete(t.byKey, oldest)
		delete(t.used, oldest)
	}
}
