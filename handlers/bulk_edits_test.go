package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// form is what a page's form would send, with some fields filled in.
func formOf(form *goquery.Selection, filled url.Values) url.Values {
	values := url.Values{}
	form.Find("input[type=hidden]").Each(func(_ int, input *goquery.Selection) {
		values.Add(input.AttrOr("name", ""), input.AttrOr("value", ""))
	})
	for name, value := range filled {
		values[name] = value
	}
	return values
}

func TestChosenRowsAreChangedStepByStepWithoutScripts(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	list := s.get(t, "/patients")
	ids := list.Find("tbody .grid-pick").Slice(0, 3).Map(func(_ int, pick *goquery.Selection) string { return pick.AttrOr("value", "") })

	page := parse(t, s.post(t, "/patients/bulk-edits/new", formOf(list.Find("#grid-bulk"), url.Values{"id": ids, "rows": {""}, "snap": {""}})))
	if title := page.Find("h1").Text(); title != "Change 3 patients" || page.Find("select[name=column] option").Length() < 5 {
		t.Fatalf("at %q", title)
	}
	page = parse(t, s.post(t, "/patients/bulk-edits/new", formOf(page.Find("main form"), url.Values{"column": {"insurer"}})))
	page = parse(t, s.post(t, "/patients/bulk-edits/new", formOf(page.Find("main form"), url.Values{"value": {"Petplan"}})))
	if said := page.Find("main [role=status]").Text(); !strings.HasPrefix(said, "3 patients change.") {
		t.Fatalf("it says %q", said)
	}
	response := s.post(t, page.Find("main button[formaction]").AttrOr("formaction", ""), formOf(page.Find("main form"), url.Values{"value": {"Petplan"}}))

	if response.StatusCode != http.StatusSeeOther {
		t.Fatalf("answered %s", response.Status)
	}
	var n int
	if err := c.pool.QueryRow(t.Context(), `select count(*) from patient where insurer = 'Petplan' and id = any ($1::text[]::bigint[])`, ids).Scan(&n); err != nil || n != 3 {
		t.Errorf("%d were changed, %v", n, err)
	}
	if status := s.post(t, "/patients/bulk-edits", url.Values{"id": ids, "column": {"weight"}, "value": {"heavy"}}).StatusCode; status != http.StatusUnprocessableEntity {
		t.Errorf("a heavy weight: %d", status)
	}
	if status := s.post(t, "/patients/bulk-edits", url.Values{"id": ids, "column": {"owner"}, "value": {"me"}}).StatusCode; status != http.StatusUnprocessableEntity {
		t.Errorf("a column that can't be changed: %d", status)
	}
}

func TestOnlyWhoMayChangeWholeListsChangesMoreThan500Rows(t *testing.T) {
	c := newClinic(t)
	if _, err := c.pool.Exec(t.Context(), `
		insert into patient (client_id, name, species)
		select (select min(id) from client), 'Bulk ' || n, 'dog'
		  from generate_series(1, 600) n`); err != nil {
		t.Fatal(err)
	}
	change := url.Values{"query": {"name=starts:bulk"}, "all": {"1"}, "column": {"insurer"}, "value": {"Petplan"}}

	if status := c.signIn(t, "reception").post(t, "/patients/bulk-edits", change).StatusCode; status != http.StatusForbidden {
		t.Errorf("reception: %d", status)
	}
	manager := c.signIn(t, "manager")
	response := manager.post(t, "/patients/bulk-edits", change)
	if to := response.Header.Get("Location"); response.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, "/progress/") {
		t.Fatalf("a manager: %s to %q", response.Status, to)
	}
	if title := manager.get(t, response.Header.Get("Location")).Find("h1").Text(); title != "Change 600 patients" {
		t.Errorf("led to %q", title)
	}
}

func TestChosenVisitsGetAnotherRoomAndTheirClientsHearOfIt(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	ids := s.get(t, "/appointments?starts=tomorrow..&status=booked,confirmed&room=empty").Find("tbody .grid-pick").Slice(0, 2).
		Map(func(_ int, pick *goquery.Selection) string { return pick.AttrOr("value", "") })
	list := s.get(t, "/appointments?status=cancelled")
	ids = append(ids, list.Find("tbody .grid-pick").First().AttrOr("value", ""))
	var room string
	if err := c.pool.QueryRow(t.Context(), `insert into room (name, sort) values ('Garden', 99) returning id::text`).Scan(&room); err != nil {
		t.Fatal(err)
	}
	change := url.Values{"query": {""}, "id": ids, "column": {"room"}, "value": {room}}
	messages := `select count(*) from message where kind = 'visit_moved'`
	count := func(query string) (n int) {
		t.Helper()
		if err := c.pool.QueryRow(t.Context(), query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := count(messages)

	said := parse(t, s.post(t, "/appointments/bulk-edits/new", change)).Find("main [role=status]").Text()
	if !strings.HasPrefix(said, "2 visits change.1 visit is left: This visit is cancelled, so it can't be changed.2 clients get a message about it.") {
		t.Errorf("it says %q", said)
	}
	if count(messages) != before || count(`select count(*) from appointment a join room r on r.id = a.room_id where r.name = 'Garden'`) != 0 {
		t.Fatal("looking changed something")
	}
	if response := s.post(t, "/appointments/bulk-edits", change); response.StatusCode != http.StatusSeeOther {
		t.Fatalf("answered %s", response.Status)
	}
	if n := count(`select count(*) from appointment a join room r on r.id = a.room_id where r.name = 'Garden'`); n != 2 || count(messages) != before+2 {
		t.Errorf("%d moved, %d messages", n, count(messages)-before)
	}
	s.post(t, "/edits/undo", url.Values{"list": {"appointments"}})
	if n := count(`select count(*) from appointment a join room r on r.id = a.room_id where r.name = 'Garden'`); n != 0 {
		t.Errorf("%d are still there after the undo", n)
	}
}
