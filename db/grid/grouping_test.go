package grid_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"purplecross/db/grid"
)

func TestAGroupedQuestionHasOneForm(t *testing.T) {
	for _, c := range []struct{ query, form string }{
		{"group=species", "group=species"},
		{"group=-species,born", "group=-species,born.month"},
		{"group=born.year,born.month,vet", "group=born.year,born.month"},
		{"group=species&closed=dog,cat,dog", "group=species&closed=cat,dog"},
		{"group=species&closed=not:dog,empty", "group=species&closed=not:dog,empty"},
		{"group=species&closed=not:", "group=species&closed=all"},
		{"group=species,seen.week&closed=cat,cat/2026-11-23", "group=species,seen.week&closed=cat,cat/2026-11-23"},
		{"group=vet&closed=99", "group=vet&closed=99"}, // who no longer is a choice
		{"group=species&sort=-weight&at=51&after=4", "sort=-weight&group=species&at=51"},
		{"foot=born.min,weight.avg,weight.max", "foot=weight.avg,born.min"},
		{"outer=-species&inner=born.year&closed=dog&group=vet", "group=-species,born.year"},
		{"outer=&inner=&group=vet&closed=3", ""},
		{"outer=&inner=species", "group=species"},
	} {
		question, refused := ask(t, c.query)
		if c.query == "group=born.year,born.month,vet" && len(refused) == 1 {
			refused = nil // a third level is one too many
		}
		if form := question.Encode(); form != c.form || len(refused) > 0 {
			t.Errorf("%s: is %s (%v), want %s", c.query, form, refused, c.form)
		}
		again, refused := ask(t, c.form)
		if len(refused) > 0 || again.Encode() != c.form {
			t.Errorf("%s: read again it is %s, %v", c.form, again.Encode(), refused)
		}
	}
}

func TestWhatCannotBeGroupedIsSaid(t *testing.T) {
	for _, c := range []struct{ query, said string }{
		{"group=colour", "There is no column “colour” to group by. There are species, born, seen, neutered, vet."},
		{"group=name", "Name cannot be grouped by."},
		{"group=weight", "Weight cannot be grouped by."},
		{"group=born.decade", "Born is grouped by day, week, month or year; “decade” is none of them."},
		{"group=species.month", "Species has no “month” to group by."},
		{"group=species,vet,neutered", "A list is grouped by 2 columns at most."},
		{"closed=dog", "The list is not grouped"},
		{"group=species&closed=cat/dog", "“cat/dog” is no group of this list."},
		{"group=born.month&closed=2026-13", "“2026-13” is no group of this list."},
		{"group=neutered&closed=maybe", "“maybe” is no group of this list."},
		{"foot=colour.sum", "There is no column “colour” to sum up."},
		{"foot=born.sum", "Born has no “sum”. It has count, filled, empty, min, max."},
	} {
		question, refused := ask(t, c.query+"&visits=gte:3")
		if len(refused) != 1 || !strings.HasPrefix(refused[0].Sentence, c.said) {
			t.Errorf("%s: says %v, want %s", c.query, refused, c.said)
		}
		if !strings.Contains(question.Encode(), "visits=gte:3") {
			t.Errorf("%s: only %q was kept", c.query, question.Encode())
		}
	}
}

func TestClosingChangesNeitherTheRowsNorTheirOrder(t *testing.T) {
	open, _ := ask(t, "group=species&foot=weight.avg")
	closed, _ := ask(t, "group=species&closed=dog")
	plain, _ := ask(t, "")
	if grid.NewPlan(open, today).Key() != grid.NewPlan(closed, today).Key() {
		t.Error("a closed group asks for another snapshot")
	}
	if grid.NewPlan(open, today).Key() == grid.NewPlan(plain, today).Key() {
		t.Error("a grouped list has the snapshot of one that is not")
	}
}

var groupedQueries = []string{
	"group=species", "group=-species", "group=vet", "group=-vet,neutered", "group=neutered&sort=-weight",
	"group=born.year", "group=-born.month&sort=-born", "group=born.month&sort=-born", "group=seen.day", "group=-seen.week,species&sort=seen",
	"group=species,-born.month&sort=-born,name", "group=species,born.day", "group=species&sort=-species,weight", "group=vet&weight=gte:3", "group=born.year,born.month",
}

func TestGroupsHoldTheirRowsAndNoOthers(t *testing.T) {
	tx := petTable(t)
	for _, query := range groupedQueries {
		question, refused := ask(t, query)
		if len(refused) > 0 {
			t.Fatal(refused)
		}
		plan := grid.NewPlan(question, today)
		all := stretch(t, tx, question, 500).IDs
		tally, err := plan.Tally(t.Context(), tx)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		paths, err := plan.Paths(t.Context(), tx, all)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		if tally.Total.Count != len(all) {
			t.Fatalf("%s: %d of %d rows counted", query, tally.Total.Count, len(all))
		}
		at, levels := 0, len(question.Groups)
		for i, group := range tally.Groups {
			if len(group.Path) < levels {
				inner := 0
				for _, part := range tally.Groups[i+1:] {
					if part.Path[0] != group.Path[0] || len(part.Path) == 1 {
						break
					}
					inner += part.Count
				}
				if inner != group.Count {
					t.Errorf("%s: %s has %d rows, its parts %d", query, group.Name(), group.Count, inner)
				}
				continue
			}
			want := all[at : at+group.Count]
			at += group.Count
			for _, id := range want {
				if sum := paths[id]; sum.Name() != group.Name() || sum.Label != group.Label {
					t.Fatalf("%s: row %d of %s %q stands in %s %q", query, id, sum.Name(), sum.Label, group.Name(), group.Label)
				}
			}
			inside, err := plan.Inside(group.Path, 1).Keys(t.Context(), tx, 500)
			if err != nil || !slices.Equal(inside.IDs, want) {
				t.Errorf("%s: inside %s are %v (%v), want %v", query, group.Name(), inside.IDs, err, want)
			}
		}
		if at != len(all) {
			t.Errorf("%s: groups of %d rows, of %d", query, at, len(all))
		}
	}
}

func TestFeetAreWhatPlainSQLSays(t *testing.T) {
	tx := petTable(t)
	for _, c := range []struct{ query, column, op, plain string }{
		{"", "weight", "sum", `sum(weight_g)::text`},
		{"", "weight", "avg", `round(avg(weight_g), 6)::text`},
		{"", "fee", "max", `max(fee_cents)::text`},
		{"", "visits", "min", `min(visits)::text`},
		{"", "born", "min", `min(born)::text`},
		{"", "seen", "max", `to_char(max(seen_at), 'YYYY-MM-DD HH24:MI')`},
		{"", "mobile", "filled", `count(nullif(mobile, ''))::text`},
		{"", "species", "empty", `count(*) filter (where species is null)::text`},
		{"", "name", "count", `count(*)::text`},
		{"weight=gte:4", "weight", "avg", `round(avg(weight_g) filter (where weight_g >= 4000), 6)::text`},
		{"weight=gte:99", "weight", "avg", `null::text`},
		{"weight=gte:99", "weight", "sum", `null::text`},
	} {
		for _, group := range []string{"", "&group=species,born.year"} { // put together from the groups', it is the same
			question, refused := ask(t, c.query+"&foot="+c.column+"."+c.op+group)
			if len(refused) > 1 { // the & at the beginning asks nothing
				t.Fatal(refused)
			}
			tally, err := grid.NewPlan(question, today).Tally(t.Context(), tx)
			if err != nil {
				t.Fatal(err)
			}
			got := footed(tally.Foot(&tally.Total, c.column), c.op)
			if want := text(t, tx, "select "+c.plain+" from pet"); got != want {
				t.Errorf("%s %s.%s %s is %q, want %q", c.query, c.column, c.op, group, got, want)
			}
			for i := range tally.Groups {
				if tally.Groups[i].Name() == "cat" && c.query == "" {
					want := text(t, tx, "select "+c.plain+" from pet where species = 'cat'")
					if got := footed(tally.Foot(&tally.Groups[i], c.column), c.op); got != want {
						t.Errorf("%s.%s of cats is %q, want %q", c.column, c.op, got, want)
					}
				}
			}
		}
	}
}

func footed(foot grid.Footed, op string) string {
	switch {
	case !foot.Known:
		return ""
	case op == "avg":
		return fmt.Sprintf("%.6f", foot.Average)
	case strings.Contains(foot.At, "-"):
		return foot.At
	}
	return fmt.Sprint(foot.N)
}

func text(t *testing.T, tx pgx.Tx, statement string) string {
	t.Helper()
	var found *string
	if err := tx.QueryRow(t.Context(), statement).Scan(&found); err != nil {
		t.Fatal(err)
	}
	if found == nil {
		return ""
	}
	return *found
}

// naive lays out the lines one by one: "cat", "cat/2026" for heads, numbers for rows.
func naive(groups []grid.Sum, levels int, closed grid.Closed) []string {
	var lines []string
	place := 0
	for _, group := range groups {
		hidden := len(group.Path) > 1 && closed.Has(group.Path[0])
		if !hidden {
			lines = append(lines, group.Name())
		}
		if len(group.Path) < levels {
			continue
		}
		for range group.Count {
			if !hidden && !closed.Has(group.Name()) {
				lines = append(lines, fmt.Sprint(place))
			}
			place++
		}
	}
	return lines
}

func TestLinesAreThoseOfAPatientReader(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 11))
	for round := range 400 {
		levels := 1 + random.IntN(2)
		var groups []grid.Sum
		var paths []string
		records := 0
		for i := range random.IntN(6) {
			outer := grid.Sum{Path: []string{fmt.Sprintf("g%d", i)}}
			at := len(groups)
			groups = append(groups, outer)
			if levels == 1 {
				groups[at].Count = 1 + random.IntN(5)
			} else {
				for j := range 1 + random.IntN(4) {
					part := grid.Sum{Path: []string{outer.Path[0], fmt.Sprint("h", j)}, Count: 1 + random.IntN(4)}
					groups[at].Count += part.Count
					groups = append(groups, part)
				}
			}
			records += groups[at].Count
		}
		closed := grid.Closed{But: random.IntN(3) == 0}
		for i := range groups {
			if random.IntN(3) == 0 {
				paths = append(paths, groups[i].Name())
			}
		}
		slices.Sort(paths)
		closed.Paths = paths
		checkLines(t, round, grid.NewLines(groups, levels, closed), naive(groups, levels, closed), records)
	}
}

func checkLines(t *testing.T, round int, lines *grid.Lines, want []string, records int) {
	t.Helper()
	if lines.Len() != len(want) || lines.Records() != records {
		t.Fatalf("round %d: %d lines, %d records; want %d, %d", round, lines.Len(), lines.Records(), len(want), records)
	}
	said := func(line grid.Line) string {
		if line.Group != nil {
			return line.Group.Name()
		}
		return fmt.Sprint(line.Place)
	}
	var heads []string
	for n, words := range want {
		line := lines.At(n)
		if said(line) != words {
			t.Fatalf("round %d: line %d is %s, want %s of %v", round, n, said(line), words, want)
		}
		if line.Group == nil {
			if back := lines.Of(line.Place); back != n {
				t.Fatalf("round %d: row %d is on line %d, not %d", round, line.Place, back, n)
			}
		} else {
			heads = heads[:len(line.Group.Path)-1]
		}
		var above []string
		for _, line := range lines.Above(n) {
			above = append(above, said(line))
		}
		if !slices.Equal(above, heads) {
			t.Fatalf("round %d: above line %d (%s) are %v, want %v", round, n, words, above, heads)
		}
		if line.Group != nil {
			heads = append(slices.Clone(heads), line.Group.Name())
		}
	}
	for place := range records { // the rows of closed groups lead to a head
		if n := lines.Of(place); n < 0 || n >= lines.Len() {
			t.Fatalf("round %d: row %d is on line %d", round, place, n)
		}
	}
	for from := range want {
		var got []string
		for _, run := range lines.Runs(from, 3) {
			for i := range run.N {
				got = append(got, fmt.Sprint(run.From+i))
			}
		}
		rows := slices.DeleteFunc(slices.Clone(want[from:min(from+3, len(want))]), func(words string) bool { return words[0] == 'g' })
		if !slices.Equal(got, rows) {
			t.Fatalf("round %d: the rows from line %d on are %v, want %v", round, from, got, rows)
		}
	}
}

func TestATallyIsKeptUntilItsTablesChange(t *testing.T) {
	tx := petTable(t)
	kept := grid.NewSnapshots(1 << 20)
	question, _ := ask(t, "group=species&foot=weight.avg")
	plan := grid.NewPlan(question, today)
	if tally, _ := kept.Tally(plan); tally != nil {
		t.Error("there is a tally before one was taken")
	}
	first, err := kept.TakeTally(t.Context(), tx, plan)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := kept.TakeTally(t.Context(), tx, plan); again != first || err != nil {
		t.Error("it was worked out twice")
	}
	kept.Changed("pet", 3)
	if old, fresh := kept.Tally(plan); old != first || fresh {
		t.Error("it counts as fresh after the table has changed")
	}
	if again, err := kept.TakeTally(t.Context(), tx, plan); again == first || err != nil {
		t.Error("it was not worked out anew after the table had changed")
	}
}

func TestGroupsAreCalledAsPeopleSayThem(t *testing.T) {
	for _, c := range []struct{ group, word, label, said string }{
		{"species", "dog", "", "Dog"},
		{"species", "empty", "", "Species: empty"},
		{"born.month", "2026-03", "", "March 2026"},
		{"born.week", "2026-03-02", "", "Week of 2 Mar 2026"},
		{"neutered", "yes", "", "Neutered: yes"},
		{"vet", "9", "Dr Cedar", "Dr Cedar"},
	} {
		question, _ := grid.Ask(&pets, url.Values{"group": {c.group}})
		group := question.Groups[0]
		if said := group.Says(pets.Column(group.Key), c.word, c.label); said != c.said {
			t.Errorf("%s %s is called %q, want %q", c.group, c.word, said, c.said)
		}
	}
}
