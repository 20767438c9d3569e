package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// postForm sends a POST form as a browser does: its hidden fields, and what is given.
func (s *session) postForm(t *testing.T, form *goquery.Selection, given url.Values) *http.Response {
	t.Helper()
	if form.Length() != 1 || form.AttrOr("method", "") != "post" {
		t.Fatalf("%d POST forms", form.Length())
	}
	fields := url.Values{}
	form.Find("input[type=hidden]").Each(func(_ int, field *goquery.Selection) {
		fields.Add(field.AttrOr("name", ""), field.AttrOr("value", ""))
	})
	for name, values := range given {
		fields[name] = values
	}
	return s.post(t, form.AttrOr("action", ""), fields)
}

// saveView saves a list as a view by the form in its menu and returns the view's address.
func (s *session) saveView(t *testing.T, list string, given url.Values) string {
	t.Helper()
	response := s.postForm(t, s.get(t, list).Find("#grid-views form"), given)
	if response.StatusCode != http.StatusSeeOther {
		t.Fatalf("save %v: %s", given, response.Status)
	}
	return response.Header.Get("Location")
}

// follow reads where an address leads.
func (s *session) follow(t *testing.T, address string) (string, *goquery.Document) {
	t.Helper()
	for range 3 {
		response := s.do(t, http.MethodGet, address, nil)
		if response.StatusCode != http.StatusSeeOther {
			return address, parse(t, response)
		}
		address = response.Header.Get("Location")
	}
	t.Fatalf("%s leads on and on", address)
	return "", nil
}

func currentView(doc *goquery.Document) string {
	return strings.TrimPrefix(doc.Find("#grid-open-views .button-label").Text(), "View: ")
}

// manage is the path of the current view's page, less "/edit".
func manage(doc *goquery.Document) string {
	return strings.TrimSuffix(doc.Find("#grid-views .grid-pop-foot a").AttrOr("href", ""), "/edit")
}

func TestASavedViewIsReopenedChangedAndSavedAgain(t *testing.T) {
	s := newClinic(t).signIn(t, "reception")
	list := "/patients?species=cat&sort=-weight&cols=name,species,weight"
	view := s.saveView(t, list, url.Values{"name": {" Heavy cats "}})

	address, doc := s.follow(t, view)
	number := strings.TrimPrefix(view, "/patients?view=")
	if address != list+"&view="+number {
		t.Fatalf("the view is at %s", address)
	}
	if name := currentView(doc); name != "Heavy cats" || doc.Find("#grid-views a[aria-current]").Length() != 1 {
		t.Errorf("the menu says %q", name)
	}
	if doc.Find(".grid-view").Length() != 0 || doc.Find("output .flash-message").Text() != "The view “Heavy cats” is saved." {
		t.Errorf("an unchanged view says %q %q", doc.Find(".grid-view").Text(), doc.Find("output .flash-message").Text())
	}

	changed := s.submit(t, doc.Find("#grid-filter-species form"), url.Values{"value": {"cat", "dog"}})
	_, doc = s.follow(t, changed.Header.Get("Location"))
	if doc.Find(".grid-view-changed").Text() != "Changed" {
		t.Fatal("a changed question does not say so")
	}
	if back, _ := doc.Find(".grid-view a").Attr("href"); back != address {
		t.Errorf("the way back to the view is %s", back)
	}
	save := doc.Find(".grid-view form")
	response := s.postForm(t, save, nil)
	if address, doc = s.follow(t, response.Header.Get("Location")); !strings.Contains(address, "species=dog,cat") || doc.Find(".grid-view").Length() != 0 {
		t.Errorf("saved, the view is %s", address)
	}
	if again := s.postForm(t, save, nil); again.StatusCode != http.StatusConflict {
		t.Errorf("a save over a version that was never read: %s", again.Status)
	}
	everything := doc.Find(".grid-clear").AttrOr("href", "")
	if _, doc = s.follow(t, everything); doc.Find(".grid-chip").Length() != 0 || doc.Find(".grid-view-changed").Length() != 1 {
		t.Errorf("Clear all leads to %s", everything)
	}
}

func TestAColleagueUsesASharedSavedViewAndCannotChangeIt(t *testing.T) {
	c := newClinic(t)
	manager, reception := c.signIn(t, "manager"), c.signIn(t, "reception")
	view := manager.saveView(t, "/patients?species=rabbit", url.Values{"name": {"Rabbits"}, "shared": {"true"}})

	_, doc := reception.follow(t, reception.get(t, "/patients").Find(`#grid-views a:contains("Rabbits")`).AttrOr("href", ""))
	if currentView(doc) != "Rabbits" || doc.Find(".grid-chip > button").Text() != "Species is rabbit" {
		t.Fatalf("the shared view shows %q", doc.Find(".grid-chips").Text())
	}
	path := manage(doc)
	page := reception.get(t, path+"/edit")
	if page.Find("input[name=name]").Length() != 0 || page.Find(`main form[action$="/delete"]`).Length() != 0 {
		t.Error("reception gets a form to change or delete a shared view")
	}
	for _, action := range []string{"", "/question", "/delete"} {
		if response := reception.post(t, path+action, url.Values{"name": {"Hares"}, "version": {"1"}}); response.StatusCode != http.StatusForbidden {
			t.Errorf("%s by reception: %s", action, response.Status)
		}
	}
	form := reception.get(t, "/patients?species=dog").Find("#grid-views form")
	if form.Find("input[name=shared]").Length() != 0 {
		t.Error("reception is offered to share")
	}
	if response := reception.postForm(t, form, url.Values{"name": {"Dogs"}, "shared": {"true"}}); response.StatusCode != http.StatusForbidden {
		t.Errorf("reception shares a view: %s", response.Status)
	}

	copied := reception.postForm(t, page.Find(`main form[action$="/copy"]`), nil)
	if page = reception.get(t, copied.Header.Get("Location")); page.Find("input[name=name]").AttrOr("value", "") != "Rabbits (copy)" {
		t.Errorf("the copy is called %q", page.Find("input[name=name]").AttrOr("value", ""))
	}
	renamed := reception.postForm(t, page.Find("form[data-guard]"), url.Values{"name": {"My rabbits"}})
	if _, doc = reception.follow(t, renamed.Header.Get("Location")); currentView(doc) != "My rabbits" {
		t.Errorf("renamed, it is %q", currentView(doc))
	}
	var written int
	err := c.pool.QueryRow(t.Context(), `select count(*) from audit_log where entity = 'saved_view'`).Scan(&written)
	if err != nil || written != 1 {
		t.Errorf("%d lines in the audit log, want the shared view's alone (%v); %s", written, err, view)
	}
}

func TestABareAddressOpensTheDefaultSavedView(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "nurse")
	view := s.saveView(t, "/appointments?status=arrived", url.Values{"name": {"Waiting"}, "default": {"true"}})
	address, doc := s.follow(t, "/appointments")
	if !strings.HasPrefix(address, "/appointments?status=arrived&view=") || currentView(doc) != "Waiting" {
		t.Fatalf("a bare address leads to %s", address)
	}
	address, doc = s.follow(t, doc.Find("#grid-views .grid-links a").First().AttrOr("href", ""))
	if address != "/appointments?view=none" || doc.Find(".grid-chip > button").Text() != "Time is on or after today" {
		t.Errorf("the list as it is, at %s, asks %q", address, doc.Find(".grid-chips").Text())
	}
	if _, doc = s.follow(t, doc.Find(".grid-clear").AttrOr("href", "")); currentView(doc) != "Views" {
		t.Errorf("Clear all falls back to the view %q", currentView(doc))
	}
	if address, _ = c.signIn(t, "reception").follow(t, "/appointments"); address != "/appointments" {
		t.Errorf("a colleague begins with %s", address)
	}

	_, doc = s.follow(t, view)
	s.postForm(t, s.get(t, manage(doc)+"/edit").Find(`main form[action$="/default/delete"]`), nil)
	if address, _ = s.follow(t, "/appointments"); address != "/appointments" {
		t.Errorf("without a default a bare address leads to %s", address)
	}
	other := s.saveView(t, "/appointments?status=booked", url.Values{"name": {"Booked"}, "default": {"true"}})
	s.post(t, manage(doc)+"/default", url.Values{})
	if _, doc = s.follow(t, "/appointments"); currentView(doc) != "Waiting" {
		t.Errorf("of two the list begins with %q, not the last chosen (%s)", currentView(doc), other)
	}
}

func TestADeletedSavedViewComesBackByUndo(t *testing.T) {
	s := newClinic(t).signIn(t, "vet")
	view := s.saveView(t, "/clients?status=inactive", url.Values{"name": {"Gone quiet"}})
	_, doc := s.follow(t, view)
	response := s.postForm(t, s.get(t, manage(doc)+"/edit").Find(`main form[action$="/delete"]`), nil)
	_, doc = s.follow(t, response.Header.Get("Location"))
	if strings.Contains(doc.Find("#grid-views").Text(), "Gone quiet") || s.status(t, http.MethodGet, view) != http.StatusNotFound {
		t.Error("the deleted view is still there")
	}
	response = s.postForm(t, doc.Find("output .flash form"), nil)
	if _, doc = s.follow(t, response.Header.Get("Location")); currentView(doc) != "Gone quiet" || doc.Find(".grid-chip > button").Text() != "Status is inactive" {
		t.Errorf("Undo brings back %q: %q", currentView(doc), doc.Find(".grid-chips").Text())
	}
}

func TestSomebodyElsesPersonalSavedViewIsNotThere(t *testing.T) {
	c := newClinic(t)
	owner, other := c.signIn(t, "reception"), c.signIn(t, "manager")
	view := owner.saveView(t, "/patients?species=dog", url.Values{"name": {"Dogs"}})
	address, doc := owner.follow(t, view)
	for _, path := range []string{view, address, manage(doc) + "/edit"} {
		if status := other.status(t, http.MethodGet, path); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
	for _, action := range []string{"", "/question", "/default", "/default/delete", "/copy", "/delete", "/restoration"} {
		if status := other.status(t, http.MethodPost, manage(doc)+action); status != http.StatusNotFound {
			t.Errorf("POST %s: %d", action, status)
		}
	}
	staff := other.saveView(t, "/admin/staff?role=vet", url.Values{"name": {"Vets"}, "shared": {"true"}})
	_, doc = other.follow(t, staff)
	if status := owner.status(t, http.MethodGet, manage(doc)+"/edit"); status != http.StatusForbidden {
		t.Errorf("a shared view of a list that is not for reception: %d", status)
	}
}

func TestASavedViewNeedsANameOfItsOwnAndAQuestionThatCanBeAsked(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	s.saveView(t, "/patients?species=dog", url.Values{"name": {"Dogs"}})
	form := s.get(t, "/patients?species=dog&sort=-weight").Find("#grid-views form")
	for name, sentence := range map[string]string{
		"dogs":                  "You have a view of this name already. Choose another name.",
		"":                      "Give the view a name.",
		strings.Repeat("é", 61): "A view's name has 60 characters at most.",
	} {
		response := s.postForm(t, form, url.Values{"name": {name}})
		doc := parse(t, response)
		if response.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(doc.Find(".field-error").Text(), sentence) {
			t.Errorf("name %q: %s, %q", name, response.Status, doc.Find(".field-error").Text())
		}
		if doc.Find("input[name=query]").AttrOr("value", "") != "species=dog&sort=-weight" || doc.Find("input[name=name]").AttrOr("value", "?") != name {
			t.Errorf("name %q: the form does not hold what was sent", name)
		}
	}
	for _, query := range []string{"species=dragon", "shape=round", "view=mine", "%zz"} {
		response := s.postForm(t, form, url.Values{"name": {"Dragons"}, "query": {query}})
		if said := parse(t, response).Find(".error-summary").Text(); response.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(said, "cannot be") {
			t.Errorf("%s: %s, %q", query, response.Status, said)
		}
	}

	// A column may be gone long after the view was saved.
	if _, err := c.pool.Exec(t.Context(), `update saved_view set query = 'species=dog&shape=round'`); err != nil {
		t.Fatal(err)
	}
	_, doc := s.follow(t, s.get(t, "/patients").Find(`#grid-views a:contains("Dogs")`).AttrOr("href", ""))
	if said := doc.Find(".callout").Text(); !strings.Contains(said, "There is no column “shape”") || doc.Find(".grid-chip > button").Text() != "Species is dog" {
		t.Errorf("a column that is gone: %q, %q", said, doc.Find(".grid-chips").Text())
	}
}

func TestClearingAListLeavesTheDefaultSavedViewClosed(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "nurse")
	s.saveView(t, "/patients?species=rabbit", url.Values{"name": {"Rabbits"}, "default": {"true"}})

	clear := s.get(t, "/patients?species=dog").Find("a.grid-clear").AttrOr("href", "")

	address, doc := s.follow(t, clear)
	if doc.Find(".grid-chip").Length() != 0 {
		t.Errorf("Clear all of a question of one's own leads to %s, which asks for something again", address)
	}
}
