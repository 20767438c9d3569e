package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

func TestManyHouseholdsAreWrittenToStepByStepWithoutScripts(t *testing.T) {
	c := newClinic(t)
	var ids []string
	if err := c.pool.QueryRow(t.Context(), `
		with one as (
		  insert into client (last_name, email) values ('Mailed', 'mailed@clients.example') returning id
		), two as (
		  insert into client (last_name) values ('Unreached') returning id
		), pets as (
		  insert into patient (client_id, name, species)
		  select one.id, unnest(array['Ada', 'Bo']), 'dog'::species from one
		  union all
		  select two.id, 'Cy', 'cat'::species from two
		  returning id
		)
		select array_agg(id::text) from pets`).Scan(&ids); err != nil {
		t.Fatal(err)
	}
	s := c.signIn(t, "reception")
	list := s.get(t, "/patients")
	if list.Find("#grid-bulk button[formaction='/patients/mailings/new']").Length() != 1 {
		t.Fatal("chosen patients can't be written to")
	}

	page := parse(t, s.post(t, "/patients/mailings/new", formOf(list.Find("#grid-bulk"), url.Values{"id": ids, "rows": {""}, "snap": {""}})))
	if title := page.Find("h1").Text(); title != "Write to 2 households" {
		t.Fatalf("titled %q", title)
	}
	if said := page.Find("main [role=status]").Text(); !strings.Contains(said, "The client has no e-mail address.") {
		t.Errorf("who gets none: %q", said)
	}
	fill := func(page *goquery.Document, body string) url.Values {
		return formOf(page.Find("main form"), url.Values{"subject": {"About {pet}"}, "body": {body}})
	}
	wrong := s.post(t, "/patients/mailings/new", fill(page, "{greeting}\n\n{visit}"))
	if doc := parse(t, wrong); wrong.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(doc.Find("main").Text(), "There is no {visit}.") {
		t.Errorf("a placeholder that is none: %s", wrong.Status)
	}
	page = parse(t, s.post(t, "/patients/mailings/new", fill(page, "{greeting}\n\nWe miss {pet}.")))
	if sample := page.Find("main pre").Text(); !strings.Contains(sample, "We miss Ada and Bo.") {
		t.Errorf("it reads %q", sample)
	}
	send := page.Find("main button[formaction]")
	if send.Text() != "Send to 1 household" {
		t.Errorf("the button says %q", send.Text())
	}
	response := s.post(t, send.AttrOr("formaction", ""), fill(page, "{greeting}\n\nWe miss {pet}."))
	if to := response.Header.Get("Location"); response.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, "/progress/") {
		t.Fatalf("answered %s to %q", response.Status, to)
	}
	if title := s.get(t, response.Header.Get("Location")).Find("h1").Text(); title != "Write to 2 households" {
		t.Errorf("led to %q", title)
	}
	if status := s.post(t, "/patients/mailings", url.Values{"id": ids}).StatusCode; status != http.StatusUnprocessableEntity {
		t.Errorf("a mailing that says nothing: %d", status)
	}
}
