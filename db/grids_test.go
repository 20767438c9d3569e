package db_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"purplecross/db"
	"purplecross/db/dbtest"
	"purplecross/db/grid"
)

func TestEveryColumnOfEveryListCanBeShownSortedAndFiltered(t *testing.T) {
	tx := dbtest.Tx(t)
	today := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	for _, list := range db.Grids {
		if err := list.Check(); err != nil {
			t.Error(err)
			continue
		}
		list, err := list.WithChoices(t.Context(), tx)
		if err != nil {
			t.Fatalf("%s: %v", list.Name, err)
		}
		all := make([]string, 0, len(list.Columns))
		queries := []string{"", "q=" + map[bool]string{true: "luna+court", false: ""}[list.Search != ""]}
		for _, column := range list.Columns {
			all = append(all, column.Key)
			if !column.NoSort {
				queries = append(queries, "sort="+column.Key, "sort=-"+column.Key+","+list.Columns[0].Key)
			}
			if !column.NoFilter {
				queries = append(queries, column.Key+"=empty", column.Key+"="+example(column))
			}
		}
		for _, column := range list.Columns {
			if column.Groupable() {
				queries = append(queries, "group="+column.Key, "group=-"+column.Key+"&sort="+list.Columns[0].Key)
			}
			for _, op := range column.FootOps() {
				queries = append(queries, "foot="+column.Key+"."+string(op))
			}
		}
		queries = append(queries, "cols="+strings.Join(all, ","))
		for _, query := range queries {
			values, _ := url.ParseQuery(query)
			question, refused := grid.Ask(&list, values)
			if len(refused) > 0 {
				t.Fatalf("%s?%s: %s", list.Name, query, refused[0].Sentence)
			}
			plan := grid.NewPlan(question, today)
			if _, err := plan.Keys(t.Context(), tx, 50); err != nil {
				t.Fatalf("%s?%s: %v", list.Name, query, err)
			}
			if _, err := plan.Tally(t.Context(), tx); err != nil {
				t.Fatalf("%s?%s: %v", list.Name, query, err)
			}
			if _, err := plan.Rows(t.Context(), tx, []int64{1}); err != nil {
				t.Fatalf("%s?%s: %v", list.Name, query, err)
			}
		}
	}
}

// example is something that a column can be asked.
func example(column grid.Column) string {
	switch column.Kind {
	case grid.Text, grid.Link:
		return "contains:1"
	case grid.Date, grid.Time:
		return "last:30d"
	case grid.Number, grid.Money, grid.Weight:
		return "1..2"
	case grid.YesNo:
		return "yes"
	}
	if len(column.Choices) > 0 {
		return column.Choices[0].Value
	}
	return "empty"
}

// The tables are empty here, where PostgreSQL would read them whole whatever there is; so it is told not to. What it
// then cannot help but sort or read whole has no index.
func TestEveryListsOwnOrderComesFromAnIndex(t *testing.T) {
	tx := dbtest.Tx(t)
	if _, err := tx.Exec(t.Context(), `set local enable_seqscan = off; set local enable_bitmapscan = off`); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		list    grid.Resource
		queries []string
	}{
		{db.PatientsGrid, []string{"", "sort=-name", "sort=last_visit", "sort=-last_visit", "sort=owner", "sort=species", "sort=-breed", "sort=-born", "sort=weight", "sort=status", "last_visit=over:1y&sort=last_visit"}},
		{db.ClientsGrid, []string{"", "sort=-name"}},
		{db.AppointmentsGrid, []string{"", "sort=-starts", "starts=last:30d"}},
		{db.TreatmentsGrid, []string{""}},
		{db.RemindersGrid, []string{""}},
		{db.MessagesGrid, []string{"", "sort=created"}},
		{db.AuditGrid, []string{"", "sort=when"}},
		{db.ErrorsGrid, []string{""}},
		{db.ImportsGrid, []string{""}},
		{db.ImportIssuesGrid, []string{"", "import=7"}},
	} {
		for _, query := range c.queries {
			values, _ := url.ParseQuery(query)
			question, _ := grid.Ask(&c.list, values)
			plan := explain(t, tx, grid.NewPlan(question, time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)))
			whole := strings.Contains(strings.ReplaceAll(plan, "Incremental Sort", ""), "Sort  (") || strings.Contains(plan, "Seq Scan")
			if whole {
				t.Errorf("%s?%s reads or sorts a whole table:\n%s", c.list.Name, query, plan)
			}
		}
	}
}

func explain(t *testing.T, tx pgx.Tx, plan grid.Plan) string {
	t.Helper()
	statement, args := plan.Statement(51)
	rows, err := tx.Query(t.Context(), "explain "+statement, args...)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return strings.Join(lines, "\n")
}
