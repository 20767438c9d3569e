package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestAFilterIsPutTogetherWithoutScripts(t *testing.T) {
	s := newClinic(t).signIn(t, "reception")
	form := s.get(t, s.get(t, "/patients?sort=-weight&q=a").Find("#grid-filters a[data-builder]").AttrOr("href", ""))
	step := func(do string, set url.Values) {
		t.Helper()
		fields := formFields(form.Find("#builder"))
		for name, values := range set {
			fields[name] = values
		}
		fields.Set("do", do)
		form = s.get(t, "/patients/filter?"+fields.Encode())
	}
	step("", url.Values{"column.f.0": {"species"}})
	step("group:f", url.Values{"value.f.0": {"cat", "dog"}})
	step("", url.Values{"column.f.1.0": {"last_visit"}, "column.f.1.1": {"last_visit"}})
	step("add:f.1", url.Values{"op.f.1.0": {"over"}, "n.f.1.0": {"1"}, "unit.f.1.0": {"y"}, "op.f.1.1": {"empty"}})
	step("", url.Values{"column.f.1.2": {"weight"}})
	if said := form.Find(".builder-says").Text(); !strings.Contains(said, "Species is dog or cat, and (Last visit is over a year ago, or Last visit is empty).") {
		t.Errorf("before the weight is said it reads %q", said)
	}

	fields := formFields(form.Find("#builder"))
	fields.Set("do", "apply")
	response := s.do(t, http.MethodGet, "/patients/filter?"+fields.Encode(), nil)
	if doc := parse(t, response); response.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(doc.Find(".field-error").Text(), "Weight is asked nothing.") {
		t.Errorf("a weight of nothing: %s, %q", response.Status, doc.Find(".field-error").Text())
	}

	step("remove:f.1.2", nil)
	fields = formFields(form.Find("#builder"))
	fields.Set("do", "apply")
	response = s.do(t, http.MethodGet, "/patients/filter?"+fields.Encode(), nil)
	want := "/patients?q=a&species=dog,cat&any=last_visit(over:1y),last_visit(empty)&sort=-weight"
	if to := response.Header.Get("Location"); to != want {
		t.Errorf("it leads to %s, want %s", to, want)
	}
	if again := formFields(s.get(t, "/patients/filter?"+strings.TrimPrefix(want, "/patients?")).Find("#builder")); again.Get("op.f.1.0") != "over" || again.Get("n.f.1.0") != "1" || again.Get("op.f.1.1") != "empty" {
		t.Errorf("read again the form is %v", again)
	}
}

func TestEveryQuestionSurvivesTheFormThatPutsFiltersTogether(t *testing.T) {
	s := newClinic(t).signIn(t, "reception")
	for _, query := range []string{
		"name=not:starts:Lu&species=not:bird,reptile&born=2019-01-01..2020-12-31&weight=gte:2.5&neutered=no&last_visit=today&microchip=empty",
		"none=species(dog),weight(not:1..2)", "any=species(dog),all(name(is:a%5C(b),none(born(not:over:12y)))",
		"born=not:2019-01-01..&weight=not:lt:3&last_visit=next:2w&died=not:empty&neutered=not:yes", "weight=gte:2&weight=lt:5", "last_visit=..yesterday&added=not:tomorrow",
	} {
		form := s.get(t, "/patients/filter?"+query)
		fields := formFields(form.Find("#builder"))
		fields.Set("do", "apply")
		response := s.do(t, http.MethodGet, "/patients/filter?"+fields.Encode(), nil)
		canonical := s.get(t, "/patients?"+query).Find("#grid").AttrOr("data-question", "")
		if to := response.Header.Get("Location"); to != "/patients?"+canonical {
			t.Errorf("%s\n became %s\nwant /patients?%s", query, to, canonical)
		}
	}
}

func TestACellsValueNarrowsTheList(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	var id int64
	var day, breed string
	err := c.pool.QueryRow(t.Context(), `
		update patient
		   set species = 'cat', weight_g = 4250, neutered = true, dob = '2020-02-29', microchip = null, breed = 'Maine, Coon'
		 where id = (select min(id) from patient)
		returning id, to_char(created_at, 'YYYY-MM-DD'), breed`).Scan(&id, &day, &breed)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ query, column, not, want string }{
		{"sort=-weight&species=dog&at=51", "species", "", "species=cat&sort=-weight"},
		{"species=not:dog", "species", "1", "species=not:dog,cat"},
		{"q=a", "weight", "", "q=a&weight=4.25"},
		{"weight=gte:2", "weight", "1", "weight=gte:2&weight=not:4.25"},
		{"", "born", "", "born=2020-02-29"},
		{"", "added", "", "added=" + day},
		{"", "neutered", "1", "neutered=not:yes"},
		{"", "microchip", "", "microchip=empty"},
		{"", "breed", "", "breed=is:Maine,+Coon"},
	} {
		query, _ := url.ParseQuery(test.query)
		query.Set("record", "1")
		query.Set("column", test.column)
		if test.not != "" {
			query.Set("not", test.not)
		}
		response := s.do(t, http.MethodGet, "/patients/cell-filter?"+query.Encode(), nil)
		if to := response.Header.Get("Location"); to != "/patients?"+test.want {
			t.Errorf("%s of %q leads to %s, want %s", test.column, test.query, to, test.want)
			continue
		}
		found := s.get(t, "/patients?"+test.want).Find(`tbody tr[data-id="1"]`).Length() == 1
		if found != (test.not == "") && test.query == "" {
			t.Errorf("%s: the record is found: %v", test.want, found)
		}
	}
	for path, want := range map[string]int{
		"/patients/cell-filter?record=1&column=password":       http.StatusBadRequest,
		"/patients/cell-filter?record=99999999&column=species": http.StatusNotFound,
	} {
		if status := s.status(t, http.MethodGet, path); status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
}
