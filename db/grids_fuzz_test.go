package db_test

import (
	"context"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"purplecross/db"
	"purplecross/db/dbtest"
	"purplecross/db/demo"
	"purplecross/db/grid"
)

// overheard notes every statement that reaches PostgreSQL.
type overheard struct {
	mu  sync.Mutex
	sql []string
}

func (o *overheard) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sql = append(o.sql, data.SQL)
	return ctx
}

func (o *overheard) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (o *overheard) taken() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	said := o.sql
	o.sql = nil
	return said
}

// What the planner may write beside a list's own expressions, and the whole of what it says without asking for rows.
var (
	plannersWords = strings.Fields(`select from where and or not is null true false case when then end in any between like coalesce nullif
		order by asc desc nulls last limit offset group count min max sum filter distinct as answer word_0 word_1 to_char date_trunc starts_with strpos
		pc_norm pc_digits collate bigint date timestamp timestamptz text numeric avg exists union all`)
	plannersTexts = []string{"''", `"C"`, "'YYYY-MM-DD'", "'YYYY-MM-DD HH24:MI'", "'YYYY-MM'", "'YYYY'", "'day'", "'week'", "'month'", "'year'", "'yes'", "'no'", `U&'\FFFF'`}
	plannersAsked = regexp.MustCompile(`^(?:begin|commit|rollback|set local statement_timeout = \d+|set transaction isolation level repeatable read, read only)$`)
	sqlTokens     = regexp.MustCompile(`U&'[^']*'|'[^']*'|"[^"]*"|\$\d+|[A-Za-z_][A-Za-z_0-9]*|\d+|\S`)
)

// declared is every word, text and number of a list's declaration.
func declared(list *grid.Resource) map[string]bool {
	own := []string{list.From, strings.Join(list.Joins, " "), list.Where, list.Key, list.Search, list.Version}
	for _, column := range list.Columns {
		own = append(own, column.SQL, column.Plain, column.Order, column.Filter)
	}
	for _, extra := range list.Extras {
		own = append(own, extra.SQL)
	}
	known := map[string]bool{}
	for _, token := range sqlTokens.FindAllString(strings.Join(own, " "), -1) {
		known[token] = true
	}
	for _, token := range slices.Concat(plannersWords, plannersTexts) {
		known[token] = true
	}
	for _, sign := range "(),.=<>|:+-*/[]" {
		known[string(sign)] = true
	}
	return known
}

// strange is a part of a statement that is neither declared nor the planner's own, "" for none. A number may only stand
// where the planner writes one.
func strange(known map[string]bool, statement string) string {
	if plannersAsked.MatchString(statement) {
		return ""
	}
	if !strings.HasPrefix(statement, "select ") {
		return statement
	}
	if strings.Contains(statement, "--") || strings.Contains(statement, "/*") {
		return "a comment"
	}
	statement = regexp.MustCompile(`\blimit \d+$|^select 1\b|\(select 1\b|\b0::bigint\b|\) > 0\b`).ReplaceAllString(statement, "select")
	for _, token := range sqlTokens.FindAllString(statement, -1) {
		if !known[token] && !strings.HasPrefix(token, "$") {
			return token
		}
	}
	return ""
}

// FuzzAddress holds that, whatever address any list is asked by, what reaches PostgreSQL is made of the list's own
// expressions and the planner's words, PostgreSQL takes it, and the question has one form that reads back as it was.
func FuzzAddress(f *testing.F) {
	pool := dbtest.New(f)
	if err := demo.Fill(f.Context(), pool, demo.Options{Now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), Clients: 12, Patients: 20}); err != nil {
		f.Fatal(err)
	}
	config, err := pgxpool.ParseConfig(dbtest.URL(pool))
	if err != nil {
		f.Fatal(err)
	}
	heard := &overheard{}
	config.ConnConfig.Tracer, config.MaxConns = heard, 2
	listening, err := pgxpool.NewWithConfig(f.Context(), config)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(listening.Close)

	lists := map[string]grid.Resource{}
	words := map[string]map[string]bool{}
	for _, list := range db.Grids {
		if lists[list.Name], err = list.WithChoices(f.Context(), pool); err != nil {
			f.Fatal(err)
		}
		words[list.Name] = declared(&list)
		f.Add(list.Name, "")
		f.Add(list.Name, "q=%25'%3B--\\&at=7&after=3&view=none")
		for _, column := range list.Columns {
			f.Add(list.Name, "sort=-"+column.Key+"&"+column.Key+"="+example(column)+"&any="+column.Key+"(empty),none("+column.Key+"(not:empty))")
			if column.Groupable() {
				f.Add(list.Name, "group=-"+column.Key+"&closed=all&at=2")
			}
			for _, op := range column.FootOps() {
				f.Add(list.Name, "foot="+column.Key+"."+string(op)+"&typed=2026-1")
			}
		}
	}
	for _, seed := range []string{
		"weight=gte:99999999999999999999&sort=weight", "weight=..-99999999999", "weight=1e400", "born=9999999-12-31", "born=over:99999999999y&typed=99999", "born=0001-01-01..today",
		"name=starts:%00", "name=is:%ff%fe", "typed=1e30&sort=weight", "typed=\x00&sort=name", "after=9223372036854775807&sort=-last_visit", "at=9223372036854775807",
		"group=born.week,species&foot=weight.avg,born.min&closed=dog,2024-01-01/cat&before=1", "species=not:dog,empty,';drop table patient", "cols=name:12,weight:40&pin=weight",
	} {
		f.Add("patients", seed)
	}

	today := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, name, query string) {
		list, known := lists[name]
		values, err := url.ParseQuery(query)
		if err != nil || !known {
			return
		}
		typed := values.Get("typed")
		delete(values, "typed")
		question, _ := grid.Ask(&list, values)

		form := question.Encode()
		back, err := url.ParseQuery(form)
		if err != nil {
			t.Fatalf("%q has the form %q: %v", query, form, err)
		}
		if again, refused := grid.Ask(&list, back); len(refused) > 0 || again.Encode() != form {
			t.Fatalf("%q is %q, and that is %q (%v)", query, form, again.Encode(), refused)
		}

		ctx, plan := t.Context(), grid.NewPlan(question, today)
		taken := func(what string, err error) {
			if err != nil {
				t.Errorf("%s %q: PostgreSQL refuses to %s: %v", name, query, what, err)
			}
			for _, statement := range heard.taken() {
				if part := strange(words[name], statement); part != "" {
					t.Errorf("%s %q: %q stands in\n%s", name, query, part, statement)
				}
			}
		}
		stretch, err := plan.Keys(ctx, listening, 7)
		taken("find keys", err)
		_, err = plan.Rows(ctx, listening, append(stretch.IDs, 1))
		taken("read rows", err)
		_, _, err = plan.Count(ctx, listening, 10, time.Minute)
		taken("count", err)
		_, _, _, err = plan.Found(ctx, listening, 3, time.Minute)
		taken("look for all", err)
		_, err = plan.Tally(ctx, listening)
		taken("sum up", err)
		_, err = plan.Paths(ctx, listening, stretch.IDs)
		taken("tell the groups", err)
		snapshot, err := plan.Snapshot(ctx, listening, 1000)
		taken("take a snapshot", err)
		if snapshot != nil && typed != "" && snapshot.Len() > 0 {
			_, err = plan.Seek(ctx, listening, snapshot, typed)
			taken("seek", err)
		}
	})
}
