package grid

import (
	"container/list"
	"context"
	"fmt"
	"regexp"
	"slices"
	"sync"
	"time"
)

// Bounds of what is kept.
const (
	snapshotRows     = 5_000_000
	snapshotPatience = time.Minute
	newsKept         = 20_000 // changed rows that are remembered, to count those since a snapshot
)

// Snapshots keeps the snapshots of a process within a bound of bytes, the least used going first. However many ask the
// same question at once, it is read once.
type Snapshots struct {
	limit int64

	mu     sync.Mutex
	used   int64
	order  *list.List               // of *Snapshot, the last used first
	byID   map[string]*list.Element // by ID and key: equal answers to two questions are two
	byKey  map[string]*Snapshot     // the latest of a question
	builds map[string]*build
	slots  chan struct{}

	tallies    tallies
	tallySlots chan struct{}

	seq    int64            // of the latest news
	tables map[string]int64 // the latest news by table
	news   []changed        // the rows changed, oldest first
	forgot int64            // news up to this are no longer remembered
}

type changed struct {
	seq   int64
	table string
	id    int64 // 0: more than could be named
}

type build struct {
	done     chan struct{}
	snapshot *Snapshot
	err      error
}

// NewSnapshots keeps up to so many bytes.
func NewSnapshots(limit int64) *Snapshots {
	return &Snapshots{
		limit: limit, order: list.New(), byID: map[string]*list.Element{}, byKey: map[string]*Snapshot{},
		builds: map[string]*build{}, slots: make(chan struct{}, 2), tallySlots: make(chan struct{}, 2), tables: map[string]int64{},
	}
}

// Changed takes news: rows of a table changed; without ids, more of them than can be named. The table "*" means that
// news were missed.
func (s *Snapshots) Changed(table string, ids ...int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seq++
	if table == "*" {
		s.forgot, s.news = s.seq, nil
		return
	}
	s.tables[table] = s.seq
	if len(ids) == 0 {
		ids = []int64{0}
	}
	for _, id := range ids {
		s.news = append(s.news, changed{s.seq, table, id})
	}
	if over := len(s.news) - newsKept; over > newsKept/4 {
		s.forgot = s.news[over-1].seq
		s.news = slices.Clone(s.news[over:])
	}
}

// Of is the snapshot that a page holds, by the plan and its ID; nil when it is no longer kept.
func (s *Snapshots) Of(plan Plan, id string) *Snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	element := s.byID[id+plan.Key()]
	if element == nil {
		return nil
	}
	s.order.MoveToFront(element)
	return element.Value.(*Snapshot)
}

// Fresh is a snapshot of the question as it is now; nil when there is none yet.
func (s *Snapshots) Fresh(plan Plan) *Snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fresh(plan)
}

func (s *Snapshots) fresh(plan Plan) *Snapshot {
	latest := s.byKey[plan.Key()]
	if latest == nil || !s.current(plan, latest.seq) {
		return nil
	}
	s.order.MoveToFront(s.byID[latest.ID+latest.Key])
	return latest
}

// current says whether no news since could have changed the plan's answer.
func (s *Snapshots) current(plan Plan, seq int64) bool {
	if s.forgot > seq {
		return false
	}
	for _, table := range plan.question.Resource.tables() {
		if s.tables[table] > seq {
			return false
		}
	}
	return true
}

// Take is the snapshot as it is now, waiting for it to be read; nil when the answer is too large to keep. What is being
// read goes on when this caller gives up: the next one will ask for it.
func (s *Snapshots) Take(ctx context.Context, conn Conn, plan Plan) (*Snapshot, error) {
	s.mu.Lock()
	if latest := s.fresh(plan); latest != nil {
		s.mu.Unlock()
		return latest, nil
	}
	key := plan.Key()
	running := s.builds[key]
	if running == nil {
		running = &build{done: make(chan struct{})}
		s.builds[key] = running
		go s.build(context.WithoutCancel(ctx), conn, plan, running, s.seq)
	}
	s.mu.Unlock()

	select {
	case <-running.done:
		return running.snapshot, running.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// build reads one; two at a time, so that pages keep their share of the database.
func (s *Snapshots) build(ctx context.Context, conn Conn, plan Plan, b *build, seq int64) {
	ctx, cancel := context.WithTimeout(ctx, snapshotPatience)
	defer cancel()
	s.slots <- struct{}{}
	b.err = guarded(func() (err error) {
		b.snapshot, err = plan.Snapshot(ctx, conn, snapshotRows)
		return err
	})
	<-s.slots

	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.builds, plan.Key())
	if b.err == nil && b.snapshot != nil {
		b.snapshot.seq = seq
		s.keep(b.snapshot)
	}
	close(b.done)
}

// guarded turns a panic of a reading in the background into the error of whoever waits for it, who reports it.
func guarded(read func() error) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = fmt.Errorf("panic: %v", value)
		}
	}()
	return read()
}

func (s *Snapshots) keep(snapshot *Snapshot) {
	s.byKey[snapshot.Key] = snapshot
	name := snapshot.ID + snapshot.Key
	if again := s.byID[name]; again != nil { // the same answer as before
		s.used += snapshot.bytes() - again.Value.(*Snapshot).bytes()
		again.Value = snapshot
		s.order.MoveToFront(again)
		return
	}
	s.byID[name] = s.order.PushFront(snapshot)
	s.used += snapshot.bytes()
	for s.used > s.limit && s.order.Len() > 1 {
		oldest := s.order.Back()
		gone := s.order.Remove(oldest).(*Snapshot)
		delete(s.byID, gone.ID+gone.Key)
		if s.byKey[gone.Key] == gone {
			delete(s.byKey, gone.Key)
		}
		s.used -= gone.bytes()
	}
}

// Forget lets every snapshot go; those who hold one have it read again.
func (s *Snapshots) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.order.Init()
	clear(s.byID)
	clear(s.byKey)
	s.used = 0
}

// Since is how many rows of the list's own table changed since the snapshot was taken; with more, at least so many.
func (s *Snapshots) Since(plan Plan, snapshot *Snapshot) (n int, more bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	more = s.forgot > snapshot.seq
	table, seen := plan.question.Resource.Table(), map[int64]struct{}{}
	for i := len(s.news) - 1; i >= 0 && s.news[i].seq > snapshot.seq; i-- {
		switch news := s.news[i]; {
		case news.table != table:
		case news.id == 0:
			more = true
		default:
			seen[news.id] = struct{}{}
		}
	}
	return len(seen), more
}

// Bytes is the room that all of them take.
func (s *Snapshots) Bytes() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.used
}

var joinedTables = regexp.MustCompile(`\b(?:join|from) ([a-z_]+)`)

// Tables are the tables that the list's rows are read from, its own first: news of them may change what it shows.
func (r *Resource) Tables() []string { return r.tables() }

func (r *Resource) tables() []string {
	tables := []string{r.Table()}
	for _, join := range r.Joins {
		for _, found := range joinedTables.FindAllStringSubmatch(join, -1) {
			if !slices.Contains(tables, found[1]) {
				tables = append(tables, found[1])
			}
		}
	}
	return tables
}
