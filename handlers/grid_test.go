package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

func init() { gridPatience = 10 * time.Second }

func TestPagingThroughPatientsByLinksShowsEachOnce(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	for _, path := range []string{"/patients", "/patients?sort=-last_visit", "/patients?sort=weight,-species"} {
		var want []string
		for page := path; page != ""; {
			doc := s.get(t, page)
			want = append(want, records(doc)...)
			page = doc.Find(".pager a[rel=next]").AttrOr("href", "")
		}
		var patients int
		if err := c.pool.QueryRow(t.Context(), `select count(*) from patient`).Scan(&patients); err != nil {
			t.Fatal(err)
		}
		if unique := slices.Compact(slices.Sorted(slices.Values(want))); len(want) != patients || len(unique) != patients {
			t.Errorf("%s: %d rows, %d different ones, of %d patients", path, len(want), len(unique), patients)
		}

		last := s.get(t, path).Find(".pager a:last-child").AttrOr("href", "")
		doc := s.get(t, last)
		if got := records(doc); !slices.Equal(got, want[patients-gridRows:]) {
			t.Errorf("%s: the last page is %v, want %v", path, got, want[patients-gridRows:])
		}
		if said := doc.Find(".pager-text").Text(); said != fmt.Sprintf("%d–%d of %d", patients-gridRows+1, patients, patients) {
			t.Errorf("%s: the last page says %q", path, said)
		}
		back := s.get(t, doc.Find(".pager a[rel=prev]").AttrOr("href", ""))
		if before := want[patients-2*gridRows : patients-gridRows]; !slices.Equal(records(back), before) {
			t.Errorf("%s: the page before the last is %v, want %v", path, records(back), before)
		}
	}
}

func TestAHeadSortsAndSaysSo(t *testing.T) {
	s := newClinic(t).signIn(t, "reception")
	doc := s.get(t, s.get(t, "/patients").Find("#grid-sort-weight").AttrOr("href", ""))
	if sorted := doc.Find("th[aria-sort=descending] .grid-label").Text(); sorted != "Weight" {
		t.Errorf("sorted by %q", sorted)
	}
	column := doc.Find("thead th").FilterFunction(func(_ int, th *goquery.Selection) bool { return th.Find("#grid-sort-weight").Length() > 0 }).Index()
	heavier := 1e9
	doc.Find("tbody tr").Each(func(_ int, row *goquery.Selection) {
		words := strings.Fields(row.Children().Eq(column).Text())
		if len(words) != 2 {
			return
		}
		weight, _ := strconv.ParseFloat(words[0], 64)
		if words[1] == "g" {
			weight /= 1000
		}
		if weight > heavier {
			t.Errorf("%v kg stands below %v kg", weight, heavier)
		}
		heavier = weight
	})
	also := s.get(t, doc.Find("#grid-sort-name").AttrOr("data-also", ""))
	if places := also.Find(".grid-place").Length(); places != 2 {
		t.Errorf("%d columns say their place in the order", places)
	}
}

func TestAFilterIsSetChangedAndRemovedByFormsAndLinks(t *testing.T) {
	s := newClinic(t).signIn(t, "reception")
	doc := s.get(t, "/patients?sort=-weight&cols=name,species,weight")

	response := s.submit(t, doc.Find("#grid-filter-species form"), url.Values{"value": {"dog", "cat"}})
	address := response.Header.Get("Location")
	if response.StatusCode != http.StatusSeeOther || address != "/patients?species=dog,cat&sort=-weight&cols=name,species,weight" {
		t.Fatalf("%s to %s", response.Status, address)
	}
	response = s.submit(t, s.get(t, address).Find("#grid-filter-weight form"), url.Values{"from": {"4"}, "to": {""}})
	doc = s.get(t, response.Header.Get("Location"))
	var chips []string
	doc.Find(".grid-chip > button").Each(func(_ int, chip *goquery.Selection) { chips = append(chips, chip.Text()) })
	if !slices.Equal(chips, []string{"Species is dog or cat", "Weight is at least 4 kg"}) {
		t.Errorf("chips %v", chips)
	}
	if checked := doc.Find("#grid-filter-species input[checked]").Length(); checked != 2 {
		t.Errorf("the form has %d species ticked", checked)
	}
	doc.Find("tbody td[data-label=Species]").Each(func(_ int, cell *goquery.Selection) {
		if species := cell.Text(); species != "Dog" && species != "Cat" {
			t.Errorf("a %s among dogs and cats", species)
		}
	})
	doc = s.get(t, doc.Find(".grid-chip a").First().AttrOr("href", ""))
	if words := doc.Find(".grid-chip > button").Text(); words != "Weight is at least 4 kg" {
		t.Errorf("without the first chip: %q", words)
	}
	response = s.submit(t, doc.Find("#grid-columns form"), url.Values{"show": {"name", "microchip", "owner"}})
	doc = s.get(t, response.Header.Get("Location"))
	if heads := doc.Find("thead .grid-label").Text(); heads != "NameMicrochipOwner" {
		t.Errorf("columns %q", heads)
	}
	if doc.Find(".grid-chip").Length() != 1 || doc.Find("th[data-active]").Length() != 0 {
		t.Error("choosing columns changed the filter")
	}
}

func TestSearchingInAListWorksWithoutScripts(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	var name, owner string
	err := c.pool.QueryRow(t.Context(), `select p.name, c.last_name from patient p join client c on c.id = p.client_id order by p.id limit 1`).Scan(&name, &owner)
	if err != nil {
		t.Fatal(err)
	}
	doc := s.get(t, "/patients")
	response := s.submit(t, doc.Find(".grid-search"), url.Values{"q": {strings.ToUpper(name) + " " + owner}})
	doc = parse(t, response)
	if response.StatusCode != http.StatusOK || !strings.Contains(doc.Find("tbody th").Text(), name) {
		t.Errorf("%s: %q", response.Status, doc.Find("tbody th").Text())
	}
	doc = s.get(t, "/patients?q=zzzzzz")
	if title := doc.Find(".empty-title").Text(); title != "No patient matches" {
		t.Errorf("nothing found says %q", title)
	}
	if rows := len(records(s.get(t, doc.Find(".empty-action a").AttrOr("href", "")))); rows != gridRows {
		t.Errorf("from there the way back shows %d rows", rows)
	}
}

func TestAnAddressThatIsNotUnderstoodSaysWhichPart(t *testing.T) {
	s := newClinic(t).signIn(t, "reception")
	response := s.do(t, http.MethodGet, "/patients?species=dog&weight=heavy&shape=round", nil)
	doc := parse(t, response)
	said := doc.Find(".callout").Text()
	if response.StatusCode != http.StatusBadRequest || !strings.Contains(said, "“heavy” is none") || !strings.Contains(said, "There is no column “shape”") {
		t.Errorf("%s: %s", response.Status, said)
	}
	if chip := doc.Find(".grid-chip > button").Text(); chip != "Species is dog" || doc.Find("tbody tr").Length() == 0 {
		t.Errorf("the rest of the question was not kept: %q", chip)
	}
}

func TestOnlyTheGridIsDrawnAnewForScripts(t *testing.T) {
	s := newClinic(t).signIn(t, "reception")
	response := s.do(t, http.MethodGet, "/patients?species=cat", nil, "HX-Request", "true", "HX-Request-Type", "partial", "HX-Target", "section#grid")
	doc := parse(t, response)
	if doc.Find("nav.nav, h1").Length() > 0 || doc.Find("#grid tbody tr").Length() == 0 {
		t.Error("a partial request got the page, or no grid")
	}
	response = s.do(t, http.MethodGet, "/patients", nil, "HX-Request", "true", "HX-Request-Type", "partial", "HX-Target", "span#grid-count")
	if said := strings.TrimSpace(parse(t, response).Find("body").Text()); said != "100 patients" {
		t.Errorf("the count alone says %q", said)
	}
}

func TestVisitsBeginWithToday(t *testing.T) {
	s := newClinic(t).signIn(t, "reception")
	doc := s.get(t, "/appointments")
	if chip := doc.Find(".grid-chip > button").Text(); chip != "Time is on or after today" {
		t.Errorf("a bare address asks %q", chip)
	}
	all := s.get(t, doc.Find(".grid-clear").AttrOr("href", ""))
	if all.Find(".grid-chip").Length() != 0 || all.Find("tbody tr").Length() == 0 {
		t.Error("Clear all does not show all")
	}
}

func TestEveryListShowsItselfWithAllItsColumns(t *testing.T) {
	c := newClinic(t)
	for role, paths := range map[string][]string{
		"reception": {"/patients", "/clients", "/appointments?sort=starts", "/reminders?sort=due", "/messages"},
		"admin":     {"/imports", "/admin/staff", "/admin/audit", "/admin/errors?sort=-last_seen"},
	} {
		s := c.signIn(t, role)
		for _, path := range paths {
			doc := s.get(t, path)
			all := url.Values{}
			doc.Find("#grid-columns input[name=show]").Each(func(_ int, box *goquery.Selection) { all.Add("show", box.AttrOr("value", "")) })
			response := s.submit(t, doc.Find("#grid-columns form"), all)
			doc = s.get(t, response.Header.Get("Location"))
			if heads := doc.Find("thead th").Length(); heads != len(all["show"]) {
				t.Errorf("%s: %d of %d columns", path, heads, len(all["show"]))
			}
		}
	}
}

// records are the rows' links, in order.
func records(doc *goquery.Document) []string {
	return doc.Find("#grid tbody th a").Map(func(_ int, link *goquery.Selection) string { return link.AttrOr("href", "") })
}

// submit sends a GET form as a browser does: its fields, with those given in place of what stands in them.
func (s *session) submit(t *testing.T, form *goquery.Selection, given url.Values) *http.Response {
	t.Helper()
	if form.Length() != 1 {
		t.Fatalf("%d forms", form.Length())
	}
	fields := url.Values{}
	form.Find("input[type=hidden], select").Each(func(_ int, field *goquery.Selection) {
		value := field.AttrOr("value", "")
		if goquery.NodeName(field) == "select" {
			value = field.Find("option[selected]").AttrOr("value", field.Find("option").First().AttrOr("value", ""))
		}
		fields.Add(field.AttrOr("name", ""), value)
	})
	for name, values := range given {
		fields[name] = values
	}
	return s.do(t, http.MethodGet, form.AttrOr("action", "")+"?"+fields.Encode(), nil)
}
