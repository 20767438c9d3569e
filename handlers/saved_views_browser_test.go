package handlers

import (
	"net/url"
	"testing"

	"purplecross/internal/browser"
)

func TestASavedViewOpensInPlaceAndItsSavesAreSaid(t *testing.T) {
	c := newClinic(t)
	c.signIn(t, "manager").saveView(t, "/patients?species=cat&sort=-weight", url.Values{"name": {"Heavy cats"}, "shared": {"true"}})
	page := signedInTab(t, c, "manager", browser.Options{})
	page.Open(c.url + "/patients")
	browser.Eval[bool](page, `window.stayed = true`)
	page.Click("#grid-open-views")
	page.Click("#grid-views .grid-views li:nth-child(2) a")
	page.WaitFor(`document.querySelector("#grid-open-views .button-label").textContent.includes("Heavy cats")`)
	address := browser.Eval[string](page, `location.pathname + location.search`)
	if address != "/patients?species=cat&sort=-weight&view=1" || !browser.Eval[bool](page, `window.stayed === true`) {
		t.Errorf("the view opened at %s, or the whole page was loaded", address)
	}

	page.Click("#grid-sort-name")
	page.WaitFor(`document.querySelector(".grid-view-changed") !== null`)
	page.Click("#grid-open-views")
	for _, violation := range page.Axe() {
		t.Error(violation)
	}
	page.Press("\u001b")
	page.Click(".grid-view form button")
	page.WaitFor(`document.querySelector(".flash-message") !== null && document.querySelector(".grid-view") === null`)
	if said := page.Text(".flash-message"); said != "The view “Heavy cats” shows this from now on." {
		t.Errorf("it says %q", said)
	}
	for _, trouble := range page.Trouble() {
		t.Error(trouble)
	}
}
