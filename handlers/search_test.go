package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"purplecross/db"
)

// addHousehold adds a household with one dog.
func (c *clinic) addHousehold(t *testing.T, client db.Client, pet string) (db.Client, db.Patient) {
	t.Helper()
	added, patient, err := db.AddHousehold(t.Context(), c.pool, client, &db.Patient{Name: pet, Species: "dog"})
	if err != nil {
		t.Fatal(err)
	}
	return added, patient
}

func TestEnterOnOneExactResultOpensTheHousehold(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	client, _ := c.addHousehold(t, db.Client{FirstName: "Courtney", LastName: "Xanthopoulos", Mobile: "999 555 0167"}, "Cocoa Nib")

	for _, q := range []string{"cocoa nib court", "xanthop", "(999) 555-0167"} {
		response := s.do(t, http.MethodGet, "/search?q="+url.QueryEscape(q), nil)
		if response.StatusCode != http.StatusSeeOther || response.Header.Get("Location") != fmt.Sprintf("/clients/%d", client.ID) {
			t.Errorf("%q: %s %s", q, response.Status, response.Header.Get("Location"))
		}
	}

	near := s.get(t, "/search?q=xanthopuolos")
	if near.Find("#found a").First().Text() != "Courtney Xanthopoulos" || near.Find(".callout").Length() != 1 {
		t.Errorf("a near match is not listed as one: %s", near.Find("main").Text())
	}
	none := s.get(t, "/search?q=Quetzalcoatl+9995550100")
	if none.Find(`a[href^="/clients/new?q=Quetzalcoatl"]`).Length() == 0 {
		t.Error("nothing leads from an empty result to a new client")
	}
}

func TestSuggestionsAreLinksWithThePetThatMatched(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	client, _ := c.addHousehold(t, db.Client{FirstName: "Courtney", LastName: "Xanthopoulos", Mobile: "999 555 0167", Alert: "Pays cash"}, "Cocoa <b>Nib</b>")

	doc := s.get(t, "/search/suggestions?q=cocoa+court")
	option := doc.Find(fmt.Sprintf(`a[role=option][href="/clients/%d"]`, client.ID))
	if option.Length() != 1 || option.Find("mark").Text() != "Cocoa <b>Nib</b>" || option.Find(".nowrap").Text() != "(999) 555-0167" {
		t.Errorf("the option is %q", option.Text())
	}
	if doc.Find(`a[role=option][href="/clients/new?q=cocoa+court"]`).Length() != 1 {
		t.Error("the last option is not a new client with what was typed")
	}
	if empty := s.get(t, "/search/suggestions?q="); empty.Find("a").Length() != 0 {
		t.Error("an empty box has suggestions")
	}
}
