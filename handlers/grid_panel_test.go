package handlers

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

func TestTheRecordBesideAListIsWalkedInTheListsOrder(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	const question = "sort=-last_visit,species&species=dog,cat"
	order := ids(s.get(t, "/patients?"+question))[:25]

	for _, held := range []bool{false, true} { // over the index, then by the snapshot
		if held {
			s.status(t, http.MethodGet, "/patients/snapshot?"+question)
		}
		walked, id := []string{}, order[0]
		for len(walked) < len(order) && id != "" {
			side := s.get(t, "/patients/"+id+"/panel?"+question).Find("#side")
			if back := side.Find("a[data-side=previous]").AttrOr("data-id", ""); len(walked) > 0 && back != walked[len(walked)-1] {
				t.Errorf("before %s comes %q", id, back)
			}
			walked, id = append(walked, side.AttrOr("data-id", "none")), side.Find("a[data-side=next]").AttrOr("data-id", "")
		}
		if !slices.Equal(walked, order) {
			t.Errorf("with a snapshot %v: walked %v\nof %v", held, walked, order)
		}
	}
	panel := s.get(t, "/patients/"+order[1]+"/panel?"+question)
	if place := panel.Find(".side-place").Text(); !strings.HasPrefix(place, "2 of ") {
		t.Errorf("the second stands at %q", place)
	}
	if other := s.get(t, "/patients?"+question+"&open=99999999"); other.Find("#side").Length() != 0 || other.Find("tbody tr").Length() == 0 {
		t.Error("a record that is gone takes the list with it")
	}
	if status := s.status(t, http.MethodGet, "/patients/99999999/panel"); status != http.StatusNotFound {
		t.Errorf("the panel of nobody: %d", status)
	}
}

func TestARecordIsReadAndClosedBesideItsListWithoutScripts(t *testing.T) {
	s := newClinic(t).signIn(t, "reception")
	for _, path := range []string{"/patients", "/clients", "/appointments"} {
		id := ids(s.get(t, path))[0]
		doc := s.get(t, path+"?open="+id)
		side := doc.Find("#side")
		if side.Find("#side-title").Text() == "" || side.Find(".panel").Length() < 2 || doc.Find(`tbody tr[aria-current=true]`).AttrOr("data-id", "") != id {
			t.Errorf("%s: beside the list stands %q", path, side.Text())
		}
		if close := side.Find("a[data-side=close]").AttrOr("href", ""); close != path || s.get(t, close).Find("#side").Length() != 0 {
			t.Errorf("%s: closing leads to %s", path, close)
		}
	}
}

// ids are the records of a list's page.
func ids(doc *goquery.Document) []string {
	return doc.Find("#grid tbody tr[data-id]").Map(func(_ int, row *goquery.Selection) string { return row.AttrOr("data-id", "") })
}
