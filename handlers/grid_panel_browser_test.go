package handlers

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"purplecross/internal/browser"
)

const liveGrid = `document.querySelector("#grid[data-live]") !== null`

// key sends a key to where the focus is, with what is held down.
func key(page *browser.Page, name, held string) {
	browser.Eval[bool](page, fmt.Sprintf(`(document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: %q, bubbles: true, cancelable: true, %s })), true)`, name, held))
}

// enter puts the focus on a cell of the first rows, as pressing it does.
func enter(page *browser.Page, row, cell int) {
	browser.Eval[bool](page, fmt.Sprintf(`(document.querySelectorAll("tbody tr")[%d].cells[%d].dispatchEvent(new PointerEvent("pointerdown", { bubbles: true })), true)`, row, cell))
}

func shot(page *browser.Page, name string) {
	if dir := os.Getenv("SHOTS"); dir != "" {
		page.Shot(dir + "/" + name + ".png")
	}
}

func TestARecordIsOpenedWalkedEditedAndClosedBesideTheListByKeyboard(t *testing.T) {
	c := newClinic(t)
	page := signedInTab(t, c, "reception", browser.Options{Width: 1440, Height: 900})
	page.Open(c.url + "/patients?sort=-weight")
	page.WaitFor(liveGrid)
	enter(page, 1, 2)
	second := browser.Eval[string](page, `document.activeElement.parentElement.dataset.id`)
	third := browser.Eval[string](page, `document.querySelectorAll("tbody tr")[2].dataset.id`)
	key(page, "Enter", "altKey: true")
	page.WaitFor(fmt.Sprintf(`document.querySelector("#side")?.dataset.id === %q && document.activeElement.id === "side-title"`, second))
	if asked := browser.Eval[string](page, `location.search`); asked != "?sort=-weight&open="+second {
		t.Errorf("the address asks %s", asked)
	}
	page.WaitFor(`document.querySelector(".side-place")?.textContent.startsWith("2 of ")`)
	shot(page, "panel-wide")
	for _, violation := range page.Axe() {
		t.Error(violation)
	}

	key(page, "j", "")
	page.WaitFor(fmt.Sprintf(`document.querySelector("#side").dataset.id === %q && location.search.endsWith("open=" + %q)`, third, third))
	key(page, "k", "")
	page.WaitFor(fmt.Sprintf(`document.querySelector("#side").dataset.id === %q`, second))

	page.Click(`#side [data-side=edit]`)
	page.WaitFor(`document.querySelector("#side form input[name=breed]") !== null`)
	shot(page, "panel-edit")
	browser.Eval[bool](page, `(document.querySelector("#side form:has([name=name])").noValidate = true)`)
	browser.Eval[bool](page, `(document.querySelector("#side form input[name=name]").select(), true)`)
	page.Press(" ")
	page.Click("#side form button[type=submit]")
	page.WaitFor(`document.querySelector("#side form [name=name][aria-invalid=true]") !== null`)
	page.Type("#side form input[name=name]", "Quince")
	page.Click("#side form button[type=submit]")
	page.WaitFor(fmt.Sprintf(`document.querySelector("#side-title")?.textContent === "Quince" && document.querySelector('tr[data-id="%s"]').innerText.includes("Quince")`, second))

	page.Click("#grid-sort-name")
	page.WaitFor(`!location.search.includes("-weight") && location.search.includes("open=") && ` + liveGrid)
	browser.Eval[bool](page, `(document.getElementById("side-title").focus(), true)`)
	key(page, "Escape", "")
	page.WaitFor(`document.querySelector("#side") === null && !location.search.includes("open=")`)
	page.WaitFor(fmt.Sprintf(`document.activeElement.closest("tr")?.dataset.id === %q`, second))

	page.Open(c.url + "/patients?sort=-weight")
	page.WaitFor(liveGrid)
	enter(page, 0, 0)
	key(page, "Enter", "altKey: true")
	page.WaitFor(`document.querySelector("#side") !== null && location.search.includes("open=")`)
	browser.Eval[bool](page, `(history.back(), true)`)
	page.WaitFor(`!location.search.includes("open=") && document.querySelector("#side") === null && ` + liveGrid)
	for _, trouble := range page.Trouble() {
		if !strings.Contains(trouble, "422") { // the name that was left out
			t.Error(trouble)
		}
	}
}

func TestAVisitIsCheckedInBesideTheList(t *testing.T) {
	c := newClinic(t)
	page := signedInTab(t, c, "reception", browser.Options{Width: 1440, Height: 900})
	var id int64
	err := c.pool.QueryRow(t.Context(), `select id from appointment where patient_id is not null and status in ('booked', 'confirmed') and starts_at::date = $1::date order by starts_at limit 1`, c.app.today()).Scan(&id)
	if err != nil {
		t.Fatal(err)
	}
	page.Open(fmt.Sprintf("%s/appointments?open=%d", c.url, id))
	page.WaitFor(liveGrid + ` && document.querySelector("#side[data-live]") !== null`)
	shot(page, "panel-visit")
	page.Click(`#side form[action$="/check-in"] button`)
	page.WaitFor(`document.querySelector('#side form[action$="/rooming"]') !== null`)
	if path := browser.Eval[string](page, `location.pathname`); path != "/appointments" {
		t.Errorf("the page is %s", path)
	}
	for _, violation := range page.Axe() {
		t.Error(violation)
	}
	page.SetSize(390, 800)
	page.Open(fmt.Sprintf("%s/patients?open=3", c.url))
	shot(page, "panel-narrow")
	if listed := browser.Eval[float64](page, `document.getElementById("grid").getBoundingClientRect().height`); listed != 0 {
		t.Errorf("on a narrow screen the list is %g high behind the record", listed)
	}
	for _, violation := range page.Axe() {
		t.Error(violation)
	}
	page.Click("#side [data-side=close]")
	page.WaitFor(`document.querySelector("#side") === null && document.getElementById("grid").getBoundingClientRect().height > 0`)
	for _, trouble := range page.Trouble() {
		t.Error(trouble)
	}
}

func TestACellsMenuNarrowsTheListByKeyboard(t *testing.T) {
	c := newClinic(t)
	page := signedInTab(t, c, "reception", browser.Options{Width: 1280, Height: 800})
	page.Open(c.url + "/patients")
	page.WaitFor(liveGrid)
	enter(page, 0, 1)
	species := browser.Eval[string](page, `document.activeElement.innerText.trim()`)
	key(page, "F10", "shiftKey: true")
	page.WaitFor(`document.activeElement.getAttribute("role") === "menuitem"`)
	shot(page, "cell-menu")
	if words := browser.Eval[string](page, `document.activeElement.firstElementChild.textContent`); words != "Only Species: "+species {
		t.Errorf("the first entry is %q", words)
	}
	for _, violation := range page.Axe() {
		t.Error(violation)
	}
	key(page, "Escape", "")
	page.Press("\u001b")
	page.WaitFor(`document.querySelector("#grid-cell-menu") === null && document.activeElement.cellIndex === 1`)
	key(page, "f", "altKey: true")
	page.WaitFor(`new URLSearchParams(location.search).has("species") && ` + liveGrid)
	if others := browser.Eval[int](page, fmt.Sprintf(`[...document.querySelectorAll("tbody tr[data-id]")].filter((tr) => tr.cells[1].innerText.trim() !== %q).length`, species)); others != 0 {
		t.Errorf("%d rows are of another species than %s", others, species)
	}
	for _, trouble := range page.Trouble() {
		t.Error(trouble)
	}
}

func TestAFilterIsPutTogetherByKeyboardInADialog(t *testing.T) {
	c := newClinic(t)
	page := signedInTab(t, c, "reception", browser.Options{Width: 1280, Height: 800})
	page.Open(c.url + "/patients")
	page.WaitFor(liveGrid)
	page.Click("#grid-open-filters")
	page.Click("#grid-filters a[data-builder]")
	page.WaitFor(`document.activeElement.id === "builder-column-f.0"`)
	page.Press("Sp")
	page.WaitFor(`document.getElementById("builder-op-f.0") !== null && document.activeElement.id === "builder-column-f.0"`)
	browser.Eval[bool](page, `(document.querySelector('#builder input[value=cat]').focus(), true)`)
	page.Press(" ")
	page.WaitFor(`document.querySelector(".builder-says").textContent.includes("Species is cat.")`)
	browser.Eval[bool](page, `(document.getElementById("builder-group-f").focus(), true)`)
	page.Press("\r")
	page.WaitFor(`document.activeElement.id === "builder-column-f.1.0"`)
	page.Press("Wei")
	page.WaitFor(`document.getElementById("builder-value-f.1.0") !== null`)
	browser.Eval[bool](page, `(document.getElementById("builder-value-f.1.0").focus(), true)`)
	page.Press("4")
	page.WaitFor(`document.querySelector(".builder-says").textContent.includes("Weight is at least 4 kg")`)
	shot(page, "builder")
	for _, violation := range page.Axe() {
		t.Error(violation)
	}
	page.Press("\r")
	page.WaitFor(`location.pathname === "/patients" && decodeURIComponent(location.search).includes("species=cat&any=weight(gte:4)") && ` + liveGrid)
	for _, trouble := range page.Trouble() {
		t.Error(trouble)
	}
}
