package handlers

import (
	"fmt"
	"testing"

	"purplecross/internal/browser"
)

func TestBoardTakesStepsInPlaceAndSaysARefusalAboveTheList(t *testing.T) {
	c := newClinic(t)
	id := c.comeToday(t)
	page := signedInTab(t, c, "reception", browser.Options{})
	page.Open(c.url + "/")
	browser.Eval[bool](page, `window.stayed = true`)

	status := fmt.Sprintf(`document.querySelector("#visit-%d").dataset.status`, id)
	page.Click(fmt.Sprintf(`#visit-%d form[action$="/check-in"] button`, id))
	page.WaitFor(status + ` === "arrived"`)
	if !browser.Eval[bool](page, `window.stayed === true`) {
		t.Error("the whole page was loaded for one step")
	}

	c.exec(t, `update appointment set version = version + 1 where id = $1`, id)
	page.Click(fmt.Sprintf(`#visit-%d form[action$="/rooming"] button`, id))
	page.WaitFor(`document.querySelector("#board-said").textContent.trim() !== ""`)
	if got := browser.Eval[string](page, status); got != "arrived" {
		t.Errorf("a refused step made the visit %s", got)
	}
}

func TestChoosingWhatForKeepsTheReasonThatWasTyped(t *testing.T) {
	c := newClinic(t)
	page := signedInTab(t, c, "reception", browser.Options{})
	page.Open(c.url + bookingPath(c.pets(t, 1)[0]))
	page.Type("#f-reason", "Limps since Sunday")
	page.ClickNamed("link", "Vaccination 15 min")
	page.WaitFor(`document.querySelector("a.chip[aria-current]").textContent.includes("Vaccination")`)
	if reason := browser.Eval[string](page, `document.querySelector("#f-reason").value`); reason != "Limps since Sunday" {
		t.Errorf("the reason is %q now", reason)
	}
	page.Click("button.slot")
	page.WaitFor(`document.querySelector("h1").textContent.startsWith("Vaccination for")`)
	for _, trouble := range page.Trouble() {
		t.Error(trouble)
	}
}
