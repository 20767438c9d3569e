package handlers

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"purplecross/db"
)

func TestALongListIsExportedByAFormWithoutScripts(t *testing.T) {
	c := newClinic(t)
	if _, err := c.pool.Exec(t.Context(), `
		insert into patient (client_id, name, species)
		select (select min(id) from client), 'Bulk ' || n, 'dog'
		  from generate_series(1, 1000) n`); err != nil {
		t.Fatal(err)
	}
	s := c.signIn(t, "manager")
	form := s.get(t, "/patients?sort=-name").Find("#grid-export form")
	query, _ := form.Find("[name=query]").Attr("value")
	action, _ := form.Attr("action")
	if query != "sort=-name" || form.Find("button[name=format]").Length() != 2 {
		t.Fatalf("the form asks %q", query)
	}

	response := s.post(t, action, url.Values{"query": {query}, "all": {"1"}, "format": {"csv"}})

	if response.StatusCode != http.StatusSeeOther {
		t.Fatalf("answered %s", response.Status)
	}
	page := s.get(t, response.Header.Get("Location"))
	if title := page.Find("h1").Text(); title != "Export patients" || page.Find(".progress form").Length() != 1 {
		t.Errorf("led to %q", title)
	}
	if n := c.signIn(t, "reception").post(t, action, url.Values{"all": {"1"}, "format": {"csv"}}).StatusCode; n != http.StatusForbidden {
		t.Errorf("reception takes the whole list away: %d", n)
	}
}

func TestAFileIsForItsStarterAloneAsLongAsTheySeeTheList(t *testing.T) {
	c := newClinic(t)
	id := startWork(t, c, "manager")
	err := db.InTx(t.Context(), c.pool, func(tx pgx.Tx) error {
		file, err := db.NewFileWriter(t.Context(), tx, db.WorkFile{WorkID: id, Resource: "staff", Name: "staff.csv", MediaType: "text/csv"})
		if err != nil {
			return err
		}
		if _, err := file.Write([]byte(strings.Repeat("a line of it\r\n", 40_000))); err != nil {
			return err
		}
		return file.Close()
	})
	if err != nil {
		t.Fatal(err)
	}
	path := fmt.Sprintf("/progress/%d/file", id)

	manager := c.signIn(t, "manager")
	response := manager.do(t, http.MethodGet, path, nil)
	body, err := io.ReadAll(response.Body)
	if err != nil || len(body) != 14*40_000 || response.Header.Get("Content-Disposition") != `attachment; filename="staff.csv"` {
		t.Errorf("%s, %d bytes, %v", response.Status, len(body), err)
	}
	for _, role := range []string{"admin", "reception"} {
		if got := c.signIn(t, role).status(t, http.MethodGet, path); got != http.StatusNotFound {
			t.Errorf("%s reads %d", role, got)
		}
	}
	if _, err := c.pool.Exec(t.Context(), `update staff set role = 'reception' where email = 'manager@demo.clinic'`); err != nil {
		t.Fatal(err)
	}
	if got := manager.status(t, http.MethodGet, path); got != http.StatusForbidden {
		t.Errorf("who may not see the list any more reads %d", got)
	}
}

func TestAListIsPrintedWholeUpToItsLimit(t *testing.T) {
	c := newClinic(t)
	if _, err := c.pool.Exec(t.Context(), `
		insert into patient (client_id, name, species)
		select (select min(id) from client), 'Bulk ' || n, 'dog'
		  from generate_series(1, 2001) n`); err != nil {
		t.Fatal(err)
	}

	for role, limit := range map[string]int{"manager": printRows, "reception": exportRows} {
		page := c.signIn(t, role).get(t, "/patients/print?name=starts:bulk")
		if rows, said := page.Find(".print-table tbody tr").Length(), page.Find(".callout").Text(); rows != limit || !strings.Contains(said, "Only the first") {
			t.Errorf("%s: %d rows, it says %q", role, rows, said)
		}
	}
	page := c.signIn(t, "reception").get(t, "/patients/print?name=is:Bulk+7")
	if page.Find(".print-table tbody tr").Length() != 1 || page.Find(".callout").Length() != 0 || page.Find(".print-asks li").Length() != 1 {
		t.Errorf("printed %q", page.Find("main").Text())
	}
}
