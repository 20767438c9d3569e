package grid_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"purplecross/db/dbtest"
	"purplecross/db/grid"
)

const petRows = `
		create table pet (
		  id bigint primary key, name text not null, doc text not null, species species, weight_g int, fee_cents int, visits int,
		  born date, seen_at timestamptz, neutered boolean, vet_id bigint, vet_name text, mobile text, note text, salary int);
		insert into pet
		select n * 3, (array['Luna', 'luna', 'Max', 'Zoë', 'Zoe', '50%_\'])[1 + n % 6], 'pet ' || n || ' luna courtney 9705550' || 100 + n || ' ' || pc_norm((array['Luna', 'luna', 'Max', 'Zoë', 'Zoe', '50%_\'])[1 + n % 6]),
		       (array['dog', 'cat', 'bird', null])[1 + n % 4]::species, case when n % 5 > 0 then n % 7 * 1000 end, n % 3 * 50, n % 4,
		       case when n % 6 > 0 then date '2026-11-24' - n * 40 end,
		       case when n % 3 > 0 then timestamptz '2026-11-24 23:30-07' - n * interval '9 hours' end,
		       (array[true, false, null])[1 + n % 3], (array[3, 7, null])[1 + n % 3], (array['Dr Alder', 'Dr Birch', null])[1 + n % 3],
		       case when n % 2 = 0 then '(970) 555-0' || 100 + n else '' end, '', n
		  from generate_series(1, 137) n`

// petTable fills the table of pets with 137 rows: many ties, and nulls and blanks in every column that may have them.
func petTable(t *testing.T) pgx.Tx {
	t.Helper()
	tx := dbtest.Tx(t)
	_, err := tx.Exec(t.Context(), petRows)
	if err != nil {
		t.Fatal(err)
	}
	return tx
}

func TestPagingShowsEachRowOnceInOrderBothWays(t *testing.T) {
	tx := petTable(t)
	for _, c := range []struct{ query, order string }{
		{"", `pc_norm(name) collate "C", id`},
		{"sort=-name", `pc_norm(name) collate "C" desc, id desc`},
		{"sort=weight", `weight_g nulls last, id`},
		{"sort=-weight", `weight_g desc nulls last, id desc`},
		{"sort=-species,born", `species desc nulls last, born nulls last, id`},
		{"sort=neutered,-weight,vet", `neutered nulls last, weight_g desc nulls last, pc_norm(vet_name) collate "C" nulls last, id`},
		{"sort=mobile", `nullif(pc_norm(mobile), '') collate "C" nulls last, id`},
		{"sort=-seen,-fee", `seen_at desc nulls last, fee_cents desc nulls last, id desc`},
	} {
		want := keys(t, tx, "select id from pet order by "+c.order)
		question, _ := ask(t, c.query)

		for _, n := range []int{7, 50, 137} {
			var forwards []int64
			place := grid.Place{}
			for more := true; more; {
				page := stretch(t, tx, question.At(place), n)
				forwards, more = append(forwards, page.IDs...), page.After
				place = grid.Place{After: page.IDs[len(page.IDs)-1]}
			}
			if !slices.Equal(forwards, want) {
				t.Fatalf("%s by %d forwards: %v, want %v", c.query, n, forwards, want)
			}
			var backwards []int64
			place = grid.Place{Last: true}
			for more := true; more && len(backwards) < 200; {
				page := stretch(t, tx, question.At(place), n)
				if !page.Before { // the first page is a whole one, however many rows were left
					page.IDs = page.IDs[:len(want)-len(backwards)]
				}
				backwards, more = append(slices.Clone(page.IDs), backwards...), page.Before
				place = grid.Place{Before: page.IDs[0]}
			}
			if !slices.Equal(backwards, want) {
				t.Fatalf("%s by %d backwards: %v, want %v", c.query, n, backwards, want)
			}
		}
		for _, at := range []int{1, 2, 100, 120, 137, 138} {
			if page := stretch(t, tx, question.At(grid.Place{At: at}), 5); !slices.Equal(page.IDs, want[at-1:min(at+4, len(want))]) {
				t.Errorf("%s at %d: %v", c.query, at, page.IDs)
			}
		}
	}
}

func TestAPageGoesOnWhenTheRowItBeganAfterIsGone(t *testing.T) {
	tx := petTable(t)
	question, _ := ask(t, "sort=weight")
	all := keys(t, tx, "select id from pet order by weight_g nulls last, id")
	if _, err := tx.Exec(t.Context(), `delete from pet where id = $1`, all[49]); err != nil {
		t.Fatal(err)
	}
	page := stretch(t, tx, question.At(grid.Place{After: all[49], At: 51}), 10)
	if !slices.Equal(page.IDs, all[51:61]) {
		t.Errorf("%v, want %v", page.IDs, all[51:61])
	}
}

func TestFiltersFindWhatTheirWordsSay(t *testing.T) {
	tx := petTable(t)
	for _, c := range []struct{ query, where string }{
		{"species=dog,cat", `species in ('dog', 'cat')`},
		{"species=not:dog", `species <> 'dog' or species is null`},
		{"species=dog,empty", `species = 'dog' or species is null`},
		{"vet=7", `vet_id = 7`},
		{"vet=empty", `vet_id is null`},
		{"name=contains:zoe", `name in ('Zoë', 'Zoe')`},
		{"name=is:LUNA", `name ilike 'luna'`},
		{"name=starts:50%25_%5C", `name like '50%'`},
		{"name=contains:%25", `name like '50%'`},
		{"name=not:contains:a", `name !~* 'a'`},
		{"mobile=contains:970-555", `mobile <> ''`},
		{"mobile=empty", `mobile = ''`},
		{"weight=gte:2", `weight_g >= 2000`},
		{"weight=1..3", `weight_g between 1000 and 3000`},
		{"weight=not:empty", `weight_g is not null`},
		{"fee=0.5", `fee_cents = 50`},
		{"visits=lt:2", `visits < 2`},
		{"born=over:1y", `born < '2025-11-24'`},
		{"born=2026-01-01..2026-06-30", `born between '2026-01-01' and '2026-06-30'`},
		{"born=last:30d", `born between '2026-10-25' and '2026-11-24'`},
		{"seen=today", `seen_at >= '2026-11-24 00:00-07' and seen_at < '2026-11-25 00:00-07'`},
		{"seen=before:2026-11-20", `seen_at < '2026-11-20 00:00-07'`},
		{"seen=after:2026-11-20", `seen_at >= '2026-11-21 00:00-07'`},
		{"neutered=no", `neutered = false`},
		{"neutered=empty", `neutered is null`},
		{"any=species(dog),all(weight(gte:5),neutered(yes))", `species = 'dog' or (weight_g >= 5000 and neutered)`},
		{"none=species(dog),weight(gte:5)", `species is distinct from 'dog' and (weight_g < 5000 or weight_g is null)`},
		{"q=COURT+97055501", `doc like '%97055501%'`},
		{"q=(970)+555-0142", `id = 42 * 3`},
		{"q=100%25", `false`},
	} {
		question, refused := ask(t, c.query)
		if len(refused) > 0 {
			t.Fatal(refused)
		}
		want := keys(t, tx, "select id from pet where "+c.where+" order by pc_norm(name) collate \"C\", id")
		if page := stretch(t, tx, question, 200); !slices.Equal(page.IDs, want) {
			t.Errorf("%s: %v, want %v", c.query, page.IDs, want)
		}
		plan := grid.NewPlan(question, today)
		found, whole, known, err := plan.Found(t.Context(), tx, len(want), time.Minute)
		if err != nil || !whole || !known {
			t.Errorf("%s: found %d, %t, %t, %v", c.query, len(found), whole, known, err)
		}
		if page, err := plan.Among(found).Keys(t.Context(), tx, 200); err != nil || !slices.Equal(page.IDs, want) {
			t.Errorf("%s among the found: %v, %v; want %v", c.query, page.IDs, err, want)
		}
		n, known, err := plan.Count(t.Context(), tx, 0, time.Minute)
		if err != nil || !known || n != len(want) {
			t.Errorf("%s: counted %d, %t, %v; want %d", c.query, n, known, err, len(want))
		}
	}
}

func TestACountStopsAtItsLimitAndWhenTimeIsUp(t *testing.T) {
	tx := petTable(t)
	question, _ := ask(t, "")
	if n, known, err := grid.NewPlan(question, today).Count(t.Context(), tx, 100, time.Minute); n != 100 || !known || err != nil {
		t.Errorf("up to 100: %d, %t, %v", n, known, err)
	}
	slow := pets
	slow.Where = "pg_sleep(0.05) is not null"
	question.Resource = &slow
	if _, known, err := grid.NewPlan(question, today).Count(t.Context(), tx, 0, 20*time.Millisecond); known || err != nil {
		t.Errorf("out of time: known %t, %v", known, err)
	}
	if page := stretch(t, tx, question.WithSearch("pet"), 1); len(page.IDs) != 1 {
		t.Error("the connection is of no use after a count ran out of time")
	}
}

func TestRowsCarryTheColumnsAskedForInTheOrderOfTheirKeys(t *testing.T) {
	tx := petTable(t)
	question, _ := ask(t, "cols=name,species,weight,born,seen,neutered")
	rows, err := grid.NewPlan(question, today).Rows(t.Context(), tx, []int64{6, 999, 3, 18})
	if err != nil || len(rows) != 3 || rows[0].ID != 6 || rows[1].ID != 3 || rows[2].ID != 18 {
		t.Fatalf("%v, %v", rows, err)
	}
	weight, weighed := rows[0].Int("weight")
	if rows[0].Text("species") != "bird" || !weighed || weight != 2000 || rows[0].Time("born").Format(time.DateOnly) != "2026-09-05" || rows[0].Bool("neutered") != nil {
		t.Errorf("%+v", rows[0])
	}
	if !rows[2].Time("born").IsZero() {
		t.Errorf("%+v", rows[2])
	}
}

func stretch(t *testing.T, tx pgx.Tx, question grid.Question, n int) grid.Stretch {
	t.Helper()
	found, err := grid.NewPlan(question, today).Keys(t.Context(), tx, n)
	if err != nil {
		t.Fatalf("%s: %v", question.Encode(), err)
	}
	return found
}

func keys(t *testing.T, tx grid.Conn, statement string) []int64 {
	t.Helper()
	rows, err := tx.Query(t.Context(), statement)
	if err != nil {
		t.Fatal(err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		t.Fatal(fmt.Errorf("%s: %w", strings.TrimSpace(statement), err))
	}
	return found
}

// Reading a row takes 2 ms here, so that 150 of them take longer than a walk down the order may.
func TestRowsThatStandFarDownTheOrderAreFoundAllTheSame(t *testing.T) {
	pool := manyRows(t, 150)
	slow := many
	slow.Columns = slices.Clone(many.Columns)
	slow.Columns[1].SQL = "case when pg_sleep(0.002) is not null then m.weight_g end"
	question, refused := grid.Ask(&slow, url.Values{"weight": {"gt:0.1"}})
	if len(refused) > 0 {
		t.Fatal(refused)
	}
	found, err := grid.NewPlan(question, today).Keys(t.Context(), pool, 500)
	if err != nil {
		t.Fatal(err)
	}
	if want := keys(t, pool, `select id from many where weight_g > 100 order by name collate "C", id`); !slices.Equal(found.IDs, want) {
		t.Errorf("found %v, want %v", found.IDs, want)
	}
}
