package grid_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"purplecross/db/dbtest"
	"purplecross/db/grid"
)

// many is a list of generated rows: every 10th has no weight, and there are ties.
var many = grid.Resource{
	Name: "many", One: "row", Many: "rows", From: "many m", Key: "m.id", Order: "name",
	Columns: []grid.Column{
		{Key: "name", Label: "Name", Kind: grid.Text, SQL: "m.name", NotNull: true, Fixed: true, Width: 10},
		{Key: "weight", Label: "Weight", Kind: grid.Weight, SQL: "m.weight_g", Shown: true, Width: 10},
	},
}

func manyRows(t *testing.T, n int) *pgxpool.Pool {
	t.Helper()
	pool := dbtest.New(t)
	_, err := pool.Exec(t.Context(), `
		create table many as
		select n::bigint as id, 'Row ' || n % 1000 || repeat('.', 200) as name, case when n % 10 > 0 then n % 777 end as weight_g
		  from generate_series(1, $1::int) n`, n)
	if err != nil {
		t.Fatal(err)
	}
	return pool
}

func TestAnExportIsTheWholeAnswerInOrderWithTheMemoryOfAFewRows(t *testing.T) {
	const n = 100_000
	pool := manyRows(t, n)
	question, refused := grid.Ask(&many, map[string][]string{"sort": {"-weight,name"}})
	if len(refused) > 0 {
		t.Fatal(refused)
	}

	ids := make([]int64, 0, n)
	var memory runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&memory)
	before, most := memory.HeapAlloc, uint64(0)
	err := grid.NewPlan(question, today).Export(t.Context(), pool, 0, func() error { return nil }, func(row grid.Row) error {
		if ids = append(ids, row.ID); len(ids)%20_000 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&memory)
			most = max(most, memory.HeapAlloc)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	tx, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(t.Context()) }()
	if want := keys(t, tx, `select id from many order by weight_g desc nulls last, pc_norm(name) collate "C", id`); !slices.Equal(ids, want) {
		t.Errorf("%d rows, not those of the answer in its order", len(ids))
	}
	if most > before+4<<20 { // the rows are 20 MB
		t.Errorf("the heap grew from %d kB to %d kB", before>>10, most>>10)
	}
}

func TestAnExportOfMoreRowsThanAllowedDoesNotBegin(t *testing.T) {
	pool := manyRows(t, 501)
	question, _ := grid.Ask(&many, nil)
	begun, rows := false, 0
	export := func(atMost int) error {
		return grid.NewPlan(question, today).Export(t.Context(), pool, atMost, func() error { begun = true; return nil }, func(grid.Row) error { rows++; return nil })
	}
	if err := export(500); !errors.Is(err, grid.ErrTooMany) || begun {
		t.Errorf("501 rows where 500 are allowed: %v, begun %t", err, begun)
	}
	if err := export(501); err != nil || rows != 501 {
		t.Errorf("501 rows where 501 are allowed: %d, %v", rows, err)
	}
}

func TestAnExportThatNobodyTakesStopsInTheDatabase(t *testing.T) {
	pool := manyRows(t, 1000)
	slow := many
	slow.Where = "pg_sleep(0.005) is not null and 'slow export' <> ''" // 5 s for all of them
	question, _ := grid.Ask(&slow, nil)
	gone := errors.New("gone")
	for name, cancelled := range map[string]bool{"the taker fails": false, "the request is cancelled": true} {
		ctx, cancel := context.WithCancel(t.Context())
		err := grid.NewPlan(question.WithOrder(grid.Term{Key: "weight"}), today).Export(ctx, pool, 0, func() error {
			if cancelled {
				cancel()
				return nil
			}
			return gone
		}, func(grid.Row) error { return nil })
		cancel()
		if cancelled && !errors.Is(err, context.Canceled) || !cancelled && !errors.Is(err, gone) {
			t.Errorf("%s: %v", name, err)
		}
		within, done := context.WithTimeout(t.Context(), 20*time.Second)
		for running := 1; running > 0; {
			const still = `select count(*) from pg_stat_activity where datname = current_database() and state = 'active' and query like '%slow export%' and pid <> pg_backend_pid()`
			if err := pool.QueryRow(within, still).Scan(&running); err != nil {
				t.Fatalf("%s: it still runs: %v", name, err)
			}
		}
		done()
	}
}
