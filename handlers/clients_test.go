package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"purplecross/db"
)

// filled is a form of the page as a browser would send it.
func filled(t *testing.T, doc *goquery.Document, selector string) url.Values {
	t.Helper()
	form := doc.Find(selector)
	if form.Length() != 1 {
		t.Fatalf("%d forms are %s", form.Length(), selector)
	}
	values := url.Values{}
	form.Find("input, select, textarea").Each(func(_ int, field *goquery.Selection) {
		name, kind := field.AttrOr("name", ""), field.AttrOr("type", "")
		_, checked := field.Attr("checked")
		switch {
		case name == "" || (kind == "checkbox" || kind == "radio") && !checked:
		case goquery.NodeName(field) == "select":
			values.Set(name, field.Find("option[selected]").AttrOr("value", field.Find("option").First().AttrOr("value", "")))
		case goquery.NodeName(field) == "textarea":
			values.Set(name, field.Text())
		default:
			values.Set(name, field.AttrOr("value", ""))
		}
	})
	return values
}

func TestSurnameMobilePetAndSpeciesMakeANewClient(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")

	form := filled(t, s.get(t, "/clients/new?q="+url.QueryEscape("courtney xanthopoulos (999) 555-0167")), `form[action="/clients"]`)
	if form.Get("first_name") != "Courtney" || form.Get("last_name") != "Xanthopoulos" || form.Get("mobile") != "(999) 555-0167" {
		t.Fatalf("what was typed into the search is not carried: %v", form)
	}
	form.Set("pet_name", "Coco")
	form.Set("pet_species", "dog")
	form.Set("pet_age", "3 years")
	form.Set("next", "book")
	response := s.post(t, "/clients", form)

	result, err := db.Search(t.Context(), c.pool, "coco xanthopoulos", 5)
	if err != nil || len(result.Hits) != 1 || result.Hits[0].Mobile != "+19995550167" {
		t.Fatalf("saved %+v (%v)", result, err)
	}
	if want := fmt.Sprintf("/appointments/new?patient=%d", result.Hits[0].Pets[0].ID); response.StatusCode != http.StatusSeeOther || response.Header.Get("Location") != want {
		t.Errorf("answered %s %s, want %s", response.Status, response.Header.Get("Location"), want)
	}
}

func TestAHouseholdThatIsProbablyOnFileIsAskedAboutOnce(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	on, _ := c.addHousehold(t, db.Client{FirstName: "Courtney", LastName: "Xanthopoulos", Mobile: "9995550167"}, "Coco")
	form := url.Values{"last_name": {"Xantopoulos"}, "mobile": {"999-555-0167"}, "pet_name": {"Koko"}, "pet_species": {"dog"}}

	fragment := parse(t, s.post(t, "/clients/matches", form))
	if fragment.Find("html head *").Length() != 0 || fragment.Find(fmt.Sprintf(`#matches a[href="/clients/%d"]`, on.ID)).Length() == 0 {
		t.Errorf("while typing nobody is shown: %s", fragment.Text())
	}
	response := s.post(t, "/clients", form)
	doc := parse(t, response)
	if response.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(doc.Find("#matches").Text(), "Same telephone") ||
		doc.Find("#matches input[name=create_anyway]").Length() != 1 {
		t.Fatalf("answered %s without asking", response.Status)
	}
	again := filled(t, doc, `form[action="/clients"]`)
	for field := range form {
		if again.Get(field) != form.Get(field) {
			t.Errorf("%s came back as %q, not %q", field, again.Get(field), form.Get(field))
		}
	}
	again.Set("create_anyway", "true")
	if response := s.post(t, "/clients", again); response.StatusCode != http.StatusSeeOther {
		t.Errorf("with the tick: %s", response.Status)
	}
}

func TestWhatIsWrongStandsAtItsFieldAndNothingTypedIsLost(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")

	response := s.post(t, "/clients", url.Values{
		"first_name": {"<i>Ana</i>"}, "last_name": {" "}, "email": {"not an address"}, "pet_name": {"Coco"}, "pet_weight": {"heavy"}, "pet_age": {"old"},
	})
	doc := parse(t, response)
	if response.StatusCode != http.StatusUnprocessableEntity {
		t.Fatalf("answered %s", response.Status)
	}
	for _, field := range []string{"last_name", "email", "pet_species", "pet_age"} {
		input := doc.Find("#f-" + field)
		described := doc.Find("#f-" + field + "-error")
		if input.AttrOr("aria-invalid", "") != "true" || !strings.Contains(input.AttrOr("aria-describedby", ""), "f-"+field+"-error") || described.Text() == "" {
			t.Errorf("%s: nothing says what is wrong", field)
		}
		if doc.Find(`.error-summary a[href="#f-`+field+`"]`).Length() != 1 {
			t.Errorf("%s is not in the summary", field)
		}
	}
	if value := doc.Find("#f-first_name").AttrOr("value", ""); value != "<i>Ana</i>" {
		t.Errorf("the first name came back as %q", value)
	}
}

func TestAStaleSaveShowsBothVersionsAndTheNextOneGoesThrough(t *testing.T) {
	c := newClinic(t)
	reception, nurse := c.signIn(t, "reception"), c.signIn(t, "nurse")
	client, _ := c.addHousehold(t, db.Client{FirstName: "Courtney", LastName: "Xanthopoulos", Mobile: "9995550167", City: "Fruita"}, "Coco")
	path := fmt.Sprintf("/clients/%d", client.ID)
	mine := filled(t, reception.get(t, path+"/edit"), "#client-form")
	theirs := filled(t, nurse.get(t, path+"/edit"), "#client-form")

	theirs.Set("mobile", "970 555 0199")
	theirs.Set("alert", "Ask for Dan")
	if response := nurse.post(t, path, theirs); response.StatusCode != http.StatusSeeOther {
		t.Fatalf("the first save: %s", response.Status)
	}
	mine.Set("mobile", "970 555 0111")
	mine.Set("city", "Palisade")
	response := reception.post(t, path, mine)
	if response.StatusCode != http.StatusConflict {
		t.Fatalf("the stale save: %s", response.Status)
	}

	doc := parse(t, response)
	nurseName := doc.Find(".conflict .history-line strong").First().Text()
	if person, err := db.StaffByEmail(t.Context(), c.pool, "nurse@demo.clinic"); err != nil || nurseName != person.DisplayName {
		t.Errorf("it was %q who saved (%v)", nurseName, err)
	}
	if doc.Find(".versus").Length() != 2 || !strings.Contains(doc.Find(".versus").Text(), "(970) 555-0199") || !strings.Contains(doc.Find(".versus").Text(), "Ask for Dan") {
		t.Errorf("theirs is not shown: %s", doc.Find(".versus").Text())
	}
	again := filled(t, doc, "#client-form")
	if again.Get("mobile") != "970 555 0111" || again.Get("city") != "Palisade" || again.Get("take.mobile") != "mine" || again.Get("take.alert") != "theirs" {
		t.Errorf("mine is lost: %v", again)
	}
	if response := reception.post(t, path, again); response.StatusCode != http.StatusSeeOther {
		t.Fatalf("the second save: %s", response.Status)
	}

	saved, err := db.GetClient(t.Context(), c.pool, client.ID)
	if err != nil || saved.Mobile != "+19705550111" || saved.City != "Palisade" || saved.Alert != "Ask for Dan" || saved.Version != 3 {
		t.Errorf("saved %+v (%v)", saved, err)
	}
	history := reception.get(t, path).Find("#history")
	if !strings.Contains(history.Text(), nurseName) || history.Find("del").FilterFunction(func(_ int, was *goquery.Selection) bool { return was.Text() == "(999) 555-0167" }).Length() != 1 {
		t.Errorf("the history does not say who changed the mobile: %s", history.Text())
	}
}

func TestTheHouseholdPageHoldsWhatTheTelephoneAsks(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	client, pet := c.addHousehold(t, db.Client{FirstName: "Courtney", LastName: "Xanthopoulos", SecondContact: "Dan Begay", Mobile: "9995550167", Alert: "Pays cash"}, "Coco")

	doc := s.get(t, fmt.Sprintf("/clients/%d", client.ID))
	for selector, want := range map[string]string{
		"h1": "Courtney Xanthopoulos", ".page-lead": "with Dan Begay", `a[href="tel:+19995550167"]`: "(999) 555-0167", ".callout": "Pays cash",
		fmt.Sprintf(`#pets a[href="/patients/%d"]`, pet.ID): "Coco", fmt.Sprintf(`#pets a[href="/appointments/new?patient=%d"]`, pet.ID): "Book visit",
		"#history": "added this household",
	} {
		if got := doc.Find(selector).First().Text(); !strings.Contains(got, want) {
			t.Errorf("%s says %q, not %q", selector, got, want)
		}
	}
	if status := s.status(t, http.MethodGet, "/clients/999999999"); status != http.StatusNotFound {
		t.Errorf("a household that is not there: %d", status)
	}
}
