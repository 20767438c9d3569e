package grid_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"purplecross/db/dbtest"
	"purplecross/db/grid"
)

// petPool is the table of pets where others see it too.
func petPool(t *testing.T) *pgxpool.Pool {
	t.Helper()
	pool := dbtest.New(t)
	if _, err := pool.Exec(t.Context(), petRows); err != nil {
		t.Fatal(err)
	}
	return pool
}

func TestASnapshotHoldsTheWholeAnswerInOrder(t *testing.T) {
	pool := petPool(t)
	snapshots := grid.NewSnapshots(1 << 20)
	for _, c := range []struct{ query, sql string }{
		{"", `select id from pet order by pc_norm(name) collate "C", id`},
		{"sort=-weight", "select id from pet order by weight_g desc nulls last, id desc"},
		{"sort=-species,born&vet=7", "select id from pet where vet_id = 7 order by species desc nulls last, born nulls last, id"},
		{"q=nobody", "select id from pet where false"},
	} {
		question, _ := ask(t, c.query)
		want := keys(t, pool, c.sql)
		snapshot, err := snapshots.Take(t.Context(), pool, grid.NewPlan(question, today))
		if err != nil {
			t.Fatal(err)
		}
		if got := snapshot.Block(0, snapshot.Len()); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", c.query, got, want)
		}
		if len(want) > 0 && (snapshot.Place(want[100%len(want)]) != 100%len(want) || snapshot.Place(1) != -1) {
			t.Errorf("%s: a row stands elsewhere", c.query)
		}
	}
}

func TestASnapshotIsReadOnceHoweverManyAskAndAgainAfterAChange(t *testing.T) {
	pool := petPool(t)
	snapshots := grid.NewSnapshots(1 << 20)
	question, _ := ask(t, "sort=born")
	plan := grid.NewPlan(question, today)

	taken := make([]*grid.Snapshot, 20)
	var all sync.WaitGroup
	for i := range taken {
		all.Go(func() { taken[i], _ = snapshots.Take(t.Context(), pool, plan) })
	}
	all.Wait()
	for _, snapshot := range taken {
		if snapshot == nil || snapshot != taken[0] {
			t.Fatal("it was read more than once")
		}
	}

	snapshots.Changed("something_else", 1)
	if snapshots.Fresh(plan) != taken[0] {
		t.Error("another table's news made it old")
	}
	snapshots.Changed("pet", 3, 6)
	snapshots.Changed("pet", 6, 9)
	if snapshots.Fresh(plan) != nil {
		t.Error("news of its table did not make it old")
	}
	if n, more := snapshots.Since(plan, taken[0]); n != 3 || more {
		t.Errorf("%d rows changed (and more: %v), want 3", n, more)
	}
	if snapshots.Of(plan, taken[0].ID) != taken[0] {
		t.Error("a page that holds the old one has lost it")
	}
	if _, err := pool.Exec(t.Context(), "delete from pet where id = 6"); err != nil {
		t.Fatal(err)
	}
	again, err := snapshots.Take(t.Context(), pool, plan)
	if err != nil || again.Len() != taken[0].Len()-1 || again.ID == taken[0].ID {
		t.Errorf("the new one has %d rows: %v", again.Len(), err)
	}
	snapshots.Changed("*")
	if snapshots.Fresh(plan) != nil {
		t.Error("one is trusted after news were missed")
	}
	if _, more := snapshots.Since(plan, again); !more {
		t.Error("missed news were not told")
	}
}

func TestTwoProcessesGiveTheSameAnswerTheSameName(t *testing.T) {
	pool := petPool(t)
	question, _ := ask(t, "sort=weight&species=dog")
	plan := grid.NewPlan(question, today)
	one, err := grid.NewSnapshots(1<<20).Take(t.Context(), pool, plan)
	if err != nil {
		t.Fatal(err)
	}
	other, err := grid.NewSnapshots(1<<20).Take(t.Context(), pool, plan)
	if err != nil {
		t.Fatal(err)
	}
	if one == other || one.ID != other.ID {
		t.Errorf("%s and %s", one.ID, other.ID)
	}
}

func TestSnapshotsStayWithinTheirBytes(t *testing.T) {
	pool := petPool(t)
	const limit = 20_000
	snapshots := grid.NewSnapshots(limit)
	var first grid.Plan
	for n := range 100 {
		question, _ := ask(t, fmt.Sprintf("weight=not:%d", n))
		plan := grid.NewPlan(question, today)
		if n == 0 {
			first = plan
		}
		if _, err := snapshots.Take(t.Context(), pool, plan); err != nil {
			t.Fatal(err)
		}
		if snapshots.Fresh(plan) == nil {
			t.Fatal("the latest was let go")
		}
		if snapshots.Bytes() > limit {
			t.Fatalf("%d bytes are kept", snapshots.Bytes())
		}
	}
	if snapshots.Fresh(first) != nil {
		t.Error("the oldest is still kept")
	}
}

func TestTypingFindsTheFirstRowThatBeginsSo(t *testing.T) {
	pool := petPool(t)
	snapshots := grid.NewSnapshots(1 << 20)
	for _, c := range []struct{ query, typed, where string }{
		{"", "m", "name = 'Max'"},
		{"", "LUN", "name ilike 'luna'"},
		{"", "zoe", "name in ('Zoë', 'Zoe')"},
		{"sort=-name", "l", "name ilike 'luna'"},
		{"sort=weight", "3", "weight_g = 3000"},
		{"sort=-weight", "2.5", "weight_g = 2000"},
		{"sort=born", "2020", "born >= '2020-01-01'"},
		{"sort=-born", "2020-03", "born < '2020-04-01'"},
		{"sort=-seen", "2026-11", "seen_at < '2026-12-01'"},
	} {
		question, _ := ask(t, c.query)
		plan := grid.NewPlan(question, today)
		snapshot, err := snapshots.Take(t.Context(), pool, plan)
		if err != nil {
			t.Fatal(err)
		}
		place, err := plan.Seek(t.Context(), pool, snapshot, c.typed)
		if err != nil {
			t.Fatal(err)
		}
		fits := keys(t, pool, "select id from pet where "+c.where)
		want := slices.IndexFunc(snapshot.Block(0, snapshot.Len()), func(id int64) bool { return slices.Contains(fits, id) })
		if place != want {
			t.Errorf("%s, typed %s: row %d, want %d", c.query, c.typed, place, want)
		}
	}
}
