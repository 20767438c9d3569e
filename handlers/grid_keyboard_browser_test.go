package handlers

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"purplecross/internal/browser"
)

// atCell waits for the first row and stands on one of its cells.
func atCell(p *browser.Page, cell int) {
	p.WaitFor(liveGrid + ` && document.querySelector(".grid-block tr[data-id]") !== null`)
	enter(p, 0, cell)
	p.WaitFor(fmt.Sprintf(`document.activeElement?.cellIndex === %d`, cell))
}

func opened(button string) func(p *browser.Page) {
	return func(p *browser.Page) {
		browser.Eval[bool](p, `(document.getElementById(`+quoted(button)+`).focus(), true)`)
		p.Press(browser.Enter)
	}
}

// hears notes what the live regions of a list say, whichever of the list's elements is drawn anew.
const hears = `(() => {
	window.heard = []
	const note = () => { for (const id of ["grid-said", "grid-count"]) {
		const words = document.getElementById(id)?.textContent.trim()
		if (words && heard[id] !== words) { heard[id] = words; heard.push(words) }
	} }
	new MutationObserver(note).observe(document.getElementById("main"), { subtree: true, childList: true, characterData: true })
	note()
	return true
})()`

func TestAScreenReaderHearsPlaceOrderChoiceAndAnswer(t *testing.T) {
	c := newClinic(t)
	morePatients(t, c, 600)
	p := openList(t, c, "/patients", browser.Options{})
	browser.Eval[bool](p, hears)
	heard := func(words string) {
		t.Helper()
		p.WaitFor(`heard.some((said) => said.includes(` + quoted(words) + `))`)
	}
	region := `[...document.querySelectorAll("#grid [role=status], #grid [aria-live]")].map((r) => r.id || r.className).sort().join()`
	if is := browser.Eval[string](p, region); is != "grid-count,grid-said" {
		t.Errorf("live regions: %s", is)
	}

	atCell(p, 1)
	place := browser.Eval[string](p, `(() => { const cell = document.activeElement, table = cell.closest("table")
		return [cell.getAttribute("role"), table.ariaRowCount, table.ariaColCount, cell.parentElement.getAttribute("aria-rowindex"), cell.getAttribute("aria-colindex")].join() })()`)
	if place != "gridcell,701,8,2,2" {
		t.Errorf("where one is: %s", place)
	}
	p.Press(" ")
	heard("1 chosen")
	p.PressCtrl(browser.End)
	p.WaitFor(`document.activeElement.parentElement?.getAttribute("aria-rowindex") === "701"`)
	heard("Row 700")
	opened("grid-sort-species")(p)
	heard("Sorted by Species, in order")
	p.WaitFor(`document.querySelector('th[data-key=species]').ariaSort === "ascending"`)
	p.Press(browser.Enter)
	heard("Sorted by Species, in reverse order")
	p.WaitFor(`document.activeElement.id === "grid-sort-species" && document.querySelector('th[data-key=species]').ariaSort === "descending"`)
	p.Type("#grid-q", "pet 0599")
	heard("1 patient")
	browser.Eval[bool](p, `(document.querySelector(".grid-clear").focus(), true)`)
	p.Press(browser.Enter)
	p.WaitFor(`heard.at(-1).includes("700 patients")`)
	quiet(t, p)
}

// tabOnTo presses Tab until the focus is on what is looked for, as somebody without a mouse does.
func tabOnTo(t *testing.T, p *browser.Page, selector string, words ...string) {
	t.Helper()
	var been []string
	there := `document.activeElement.matches(` + quoted(selector) + `)`
	for _, word := range words {
		there += ` && (document.activeElement.closest("label") ?? document.activeElement).textContent.trim() === ` + quoted(word)
	}
	for range 80 {
		if browser.Eval[bool](p, there) {
			return
		}
		p.Press(browser.Tab)
		been = append(been, browser.Eval[string](p, `document.activeElement.id || document.activeElement.className || document.activeElement.tagName`))
	}
	t.Fatalf("no way by Tab to %s; been at %s", selector, strings.Join(been, " "))
}

func TestEveryFeatureOfAListIsWorkedWithTheKeyboardAlone(t *testing.T) {
	c := newClinic(t)
	morePatients(t, c, 300)
	p := openList(t, c, "/patients?cols=name,species,breed,born,weight,insurer", browser.Options{})
	asked := func(part string) {
		t.Helper()
		p.WaitFor(`decodeURIComponent(location.search).includes(` + quoted(part) + `)`)
		p.WaitFor(standing)
	}
	heads := func() string {
		return browser.Eval[string](p, `[...document.querySelectorAll("thead th")].map((th) => th.dataset.key).join()`)
	}
	menu := func(column, entry string) {
		t.Helper()
		browser.Eval[bool](p, `(document.getElementById("grid-q").focus(), true)`)
		tabOnTo(t, p, "#grid-open-"+column)
		p.PressEnter()
		p.WaitFor(`document.querySelector("#grid-filter-` + column + `:popover-open") !== null`)
		tabOnTo(t, p, `#grid-filter-`+column+` :is(a, button, label, input)`, entry)
	}

	// Columns: wider, elsewhere, pinned, hidden
	menu("species", "Width by keys")
	p.PressEnter()
	p.WaitFor(`document.activeElement.id === "grid-edge-species"`)
	p.Press(browser.ArrowRight + browser.ArrowRight + browser.Enter)
	asked("species:")
	menu("weight", "Move left")
	p.PressEnter()
	p.WaitFor(`[...document.querySelectorAll("thead th")].findIndex((th) => th.dataset.key === "weight") === 3`)
	p.WaitFor(standing)
	menu("weight", "Pin")
	p.PressEnter()
	p.WaitFor(`document.querySelector("thead th:nth-child(2)").dataset.key === "weight"`)
	p.WaitFor(standing)
	menu("insurer", "Hide")
	p.PressEnter()
	p.WaitFor(`!document.querySelector("thead th[data-key=insurer]")`)
	p.WaitFor(standing)
	if is := heads(); is != "name,weight,species,breed,born" {
		t.Errorf("the columns are %s", is)
	}

	// Order by several, a filter, groups
	browser.Eval[bool](p, `(document.getElementById("grid-q").focus(), true)`)
	tabOnTo(t, p, "#grid-sort-weight")
	p.PressEnter()
	asked("sort=")
	menu("species", "Then by this")
	p.PressEnter()
	p.WaitFor(`document.querySelectorAll("thead .grid-place").length === 2`)
	p.WaitFor(standing)
	menu("species", "Dog")
	p.Press(" ")
	p.WaitFor(`document.activeElement.checked`)
	p.PressEnter()
	asked("species=dog")
	browser.Eval[bool](p, `(document.getElementById("grid-q").focus(), true)`)
	tabOnTo(t, p, "#grid-open-groups")
	p.PressEnter()
	tabOnTo(t, p, "#grid-outer")
	p.Press("s")
	p.WaitFor(`document.getElementById("grid-outer").value !== ""`)
	tabOnTo(t, p, "#grid-groups button", "Group")
	p.PressEnter()
	p.WaitFor(`location.search.includes("group=")`)
	p.WaitFor(`document.querySelector(".grid-stuck") !== null`)
	enter(p, 0, 0)
	p.Press(browser.ArrowLeft)
	p.WaitFor(`location.search.includes("closed=")`)
	p.WaitFor(`document.activeElement.closest("tr")?.ariaExpanded === "false"`)
	p.Press(browser.ArrowRight)
	p.WaitFor(`document.activeElement.closest("tr")?.ariaExpanded === "true" && document.querySelectorAll(".grid-block tr[data-id]").length > 5`)

	// Cells: an edit by the date picker's fields, what is filled, and all of it taken back
	p.Open(c.url + "/patients?cols=name,born,insurer&name=starts:pet")
	atCell(p, 1)
	born := `document.querySelectorAll(".grid-block tr[data-id]")[0].cells[1].textContent.trim()`
	before := browser.Eval[string](p, born)
	p.PressEnter()
	p.WaitFor(`document.activeElement.type === "date"`)
	p.Press("02" + "03" + "2021" + browser.Enter)
	p.WaitFor(`!document.querySelector(".grid-editor") && ` + born + ` !== ` + quoted(before))
	p.WaitFor(`document.activeElement.closest("tr")?.getAttribute("aria-rowindex") === "3"`)
	if day := firstBorn(t, c); day != "2021-02-03" {
		t.Errorf("born on %s", day)
	}
	p.Press(browser.ArrowUp)
	p.WaitFor(rangesAreIn)
	p.PressShift(browser.ArrowDown + browser.ArrowDown)
	p.WaitFor(`document.querySelectorAll("[data-in]").length === 3`)
	p.PressCtrl("d")
	p.WaitFor(`[...document.querySelectorAll(".grid-block tr[data-id]")].slice(0, 3).every((tr) => tr.cells[1].textContent.trim() === ` + born + `)`)
	p.PressCtrl("z")
	p.WaitFor(`document.querySelectorAll(".grid-block tr[data-id]")[1].cells[1].textContent.trim() === ""`)
	p.PressCtrl("z")
	p.WaitFor(born + ` === ` + quoted(before))

	// Rows: gone to, chosen, opened beside the list
	p.PressCtrl(browser.End)
	p.WaitFor(`document.activeElement.closest("tr")?.getAttribute("aria-rowindex") === "301"`)
	p.PressCtrl(browser.Home)
	p.WaitFor(`document.activeElement.closest("tr")?.getAttribute("aria-rowindex") === "2"`)
	p.Press(" ")
	p.WaitFor(chosenCount + ` === "1 chosen"`)
	p.PressAlt(browser.Enter)
	p.WaitFor(`document.activeElement.id === "side-title"`)
	p.PressAlt(browser.ArrowDown)
	p.WaitFor(`document.querySelector(".side-place")?.textContent.startsWith("2 of 300")`)
	p.Press(browser.Escape)
	p.WaitFor(`!document.getElementById("side") && document.activeElement.closest("tr")?.getAttribute("aria-rowindex") === "3"`)
	quiet(t, p)
}

func firstBorn(t *testing.T, c *clinic) (day string) {
	t.Helper()
	if err := c.pool.QueryRow(t.Context(), `select coalesce(dob::text, '') from patient where name = 'Pet 0001'`).Scan(&day); err != nil {
		t.Fatal(err)
	}
	return day
}

// A list that can't be read stays where it is and says why; what kept it away is over once it is tried again.
func TestAListThatCannotBeReadKeepsItsPlaceAndTriesAgain(t *testing.T) {
	c := newClinic(t)
	morePatients(t, c, 600)
	p := openList(t, c, "/patients?at=300", browser.Options{})
	words := `(document.querySelector("#grid-failed:not([hidden]) span")?.textContent ?? "")`
	place := `document.querySelector(".grid-place-now").textContent`
	for _, trouble := range []struct {
		name, answer, says string
		again              bool
	}{
		{"the connection", `Promise.reject(new TypeError("Failed to fetch"))`, "did not answer", true},
		{"the server", `Promise.resolve(new Response("<p>Something went wrong</p>", { status: 500, headers: { "X-Request-Id": "r" } }))`, "can’t read the list", true},
		{"the right", `Promise.resolve(new Response("<p>Not allowed</p>", { status: 403, headers: { "X-Request-Id": "r" } }))`, "may not see this list", false},
	} {
		before, address := browser.Eval[string](p, place), browser.Eval[string](p, `location.search`)
		browser.Eval[bool](p, `(window.realFetch ??= fetch, window.fetch = () => `+trouble.answer+`, true)`)
		opened("grid-sort-species")(p)
		p.WaitFor(words + `.includes(` + quoted(trouble.says) + `)`)
		if now := browser.Eval[string](p, place); now != before || browser.Eval[string](p, `location.search`) != address {
			t.Errorf("%s: the place was %q at %s and is %q", trouble.name, before, address, now)
		}
		if button := browser.Eval[bool](p, `document.querySelector("#grid-failed button").checkVisibility()`); button != trouble.again {
			t.Errorf("%s: Try again is there: %t", trouble.name, button)
		}
		browser.Eval[bool](p, `(window.fetch = realFetch, true)`)
		if trouble.again {
			p.Click("#grid-failed button")
			p.WaitFor(`location.search.includes("sort=") && document.querySelector("#grid-failed").hidden`)
			p.WaitFor(standing)
			p.Open(c.url + "/patients?at=300")
			p.WaitFor(standing)
		}
	}
	if said := slices.DeleteFunc(p.Trouble(), func(said string) bool { return strings.Contains(said, "htmx") }); len(said) > 0 {
		t.Error(said)
	}
}
