package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

func heads(doc *goquery.Document) string {
	return strings.Join(doc.Find("thead th").Map(func(_ int, th *goquery.Selection) string {
		return th.AttrOr("data-key", "") + ":" + th.AttrOr("data-w", "")
	}), " ")
}

func TestColumnsAreMovedSizedPinnedAndHiddenByLinks(t *testing.T) {
	s := newClinic(t).signIn(t, "reception")
	follow := func(doc *goquery.Document, column, label string) *goquery.Document {
		link := doc.Find("#grid-filter-" + column + " .grid-column-links a").FilterFunction(func(_ int, a *goquery.Selection) bool {
			return strings.TrimSpace(a.Text()) == label
		})
		return s.get(t, link.AttrOr("href", "/no-link-"+label))
	}
	doc := s.get(t, "/patients?sort=-weight&at=51&open=3")
	doc = follow(doc, "breed", "Move left")
	doc = follow(doc, "breed", "Wider")
	doc = follow(doc, "owner", "Pin")
	doc = follow(doc, "status", "Hide")
	doc = s.get(t, doc.Find("#grid-columns a:contains(Compact)").AttrOr("href", ""))
	if got := heads(doc); got != "name:12 owner:11 breed:13 species:8 born:7 weight:7 last_visit:9" {
		t.Errorf("the columns are %s", got)
	}
	if pin := doc.Find("tbody tr").First().Children().Eq(1).AttrOr("data-pin", ""); pin != "12" {
		t.Errorf("the pinned cell stays %q rem from the edge, want 12", pin)
	}
	if density := doc.Find("#grid").AttrOr("data-density", ""); density != "compact" {
		t.Errorf("the rows are %q", density)
	}
	if question := doc.Find("#grid").AttrOr("data-question", ""); question != "sort=-weight&cols=name,breed:13,species,born,weight,owner,last_visit&pin=owner&density=compact" {
		t.Errorf("the question is %s", question)
	}
	if side := doc.Find("#side").AttrOr("data-id", ""); side != "3" {
		t.Errorf("the record beside the list is %q after all that", side)
	}
	if doc = follow(doc, "owner", "Unpin"); !strings.Contains(heads(doc), "weight:7 owner:11 last_visit:9") {
		t.Errorf("unpinned, the column did not come back to its place: %s", heads(doc))
	}
}

func TestTheFormOfColumnsArrangesThemWithoutScripts(t *testing.T) {
	s := newClinic(t).signIn(t, "reception")
	form := s.get(t, s.get(t, "/patients?species=cat").Find("#grid-columns .grid-pop-foot a").AttrOr("href", ""))
	fields := formFields(form.Find(".columns-form"))
	fields.Set("width-name", "20")
	fields.Add("show", "microchip")
	fields.Set("move", "left:microchip")
	form = s.get(t, "/patients/columns?"+fields.Encode())
	fields = formFields(form.Find(".columns-form"))
	fields.Add("pin", "weight")
	response := s.do(t, http.MethodGet, "/patients?"+fields.Encode(), nil)
	want := "/patients?species=cat&cols=name:20,species,breed,born,weight,owner,last_visit,microchip,status&pin=weight"
	if to := response.Header.Get("Location"); response.StatusCode != http.StatusSeeOther || to != want {
		t.Errorf("the form leads to %s, want %s", to, want)
	}
	if doc := parse(t, s.do(t, http.MethodGet, "/patients/columns?width-name=99", nil)); !strings.Contains(doc.Find(".callout").Text(), "Name can be 4 to 40 wide") {
		t.Errorf("a width of 99 is answered with %q", doc.Find(".callout").Text())
	}
}

// formFields are a form's fields as a browser without scripts sends them.
func formFields(form *goquery.Selection) url.Values {
	fields := url.Values{}
	form.Find("input[name], select[name]").Each(func(_ int, field *goquery.Selection) {
		name, value := field.AttrOr("name", ""), field.AttrOr("value", "")
		kind := field.AttrOr("type", "")
		_, checked := field.Attr("checked")
		switch {
		case goquery.NodeName(field) == "select":
			chosen := field.Find("option[selected]")
			if chosen.Length() == 0 {
				chosen = field.Find("option").First()
			}
			value = chosen.AttrOr("value", "")
		case (kind == "checkbox" || kind == "radio") && !checked:
			return
		}
		if _, off := field.Attr("disabled"); !off {
			fields.Add(name, value)
		}
	})
	return fields
}
