package handlers

import (
	"fmt"
	"strings"
	"testing"

	"purplecross/internal/browser"
)

// pointer sends what a mouse sends: down on an element's middle, moves to another place, up.
func dragBy(page *browser.Page, selector string, dx int) {
	browser.Eval[bool](page, fmt.Sprintf(`(async () => {
		const element = document.querySelector(%q), box = element.getBoundingClientRect()
		const at = { clientX: box.left + box.width / 2, clientY: box.top + box.height / 2, bubbles: true, cancelable: true, button: 0, buttons: 1, pointerType: "mouse" }
		element.dispatchEvent(new PointerEvent("pointerdown", at))
		let module
		while (!(module = performance.getEntriesByType("resource").find((e) => e.name.includes("grid-columns") && e.name.endsWith(".js")))) await new Promise(requestAnimationFrame)
		await import(module.name) // it is fetched when it is first needed
		for (const part of [0.3, 0.7, 1]) element.dispatchEvent(new PointerEvent("pointermove", { ...at, clientX: at.clientX + %d * part }))
		return true
	})()`, selector, dx))
}

const release = `(dispatchEvent(new PointerEvent("pointerup", { bubbles: true })), true)`

func TestColumnsAreSizedAndMovedByPointerAndByKeyboard(t *testing.T) {
	c := newClinic(t)
	page := signedInTab(t, c, "reception", browser.Options{Width: 1280, Height: 800})
	page.Open(c.url + "/patients")
	page.WaitFor(`document.querySelector("#grid[data-live]") !== null`)
	width := func(key string) float64 {
		return browser.Eval[float64](page, fmt.Sprintf(`document.querySelector("th[data-key=%s]").getBoundingClientRect().width`, key))
	}
	asked := func() string { return browser.Eval[string](page, `decodeURIComponent(location.search)`) }

	before := width("breed")
	browser.Eval[int](page, `(window.requests = 0, window.realFetch = fetch, window.fetch = (...a) => { requests += /ids=|snapshot/.test(a[0]) ? 0 : 1; return realFetch(...a) }, 1)`)
	dragBy(page, "#grid-edge-breed", 64)
	if n := browser.Eval[int](page, `requests`); n != 0 {
		t.Errorf("%d requests while dragging", n)
	}
	page.WaitFor(fmt.Sprintf(`Math.abs(document.querySelector("th[data-key=breed]").getBoundingClientRect().width - %g) <= 4`, before+64))
	if cell := browser.Eval[float64](page, `document.querySelector("tbody tr").cells[2].getBoundingClientRect().width`); cell != width("breed") {
		t.Errorf("the cells are %g wide below a head of %g", cell, width("breed"))
	}
	browser.Eval[bool](page, release)
	page.WaitFor(`location.search.includes("breed:")`)
	page.WaitFor(`document.querySelector("#grid[data-live]") !== null`)

	page.Click("#grid-open-species")
	page.WaitFor(`document.querySelector("#grid-filter-species:popover-open") !== null`)
	page.Click("#grid-filter-species [data-edge]")
	page.WaitFor(`document.activeElement.id === "grid-edge-species"`)
	was := browser.Eval[int](page, `Number(document.activeElement.getAttribute("aria-valuenow"))`)
	browser.Eval[bool](page, `(document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true, cancelable: true })), true)`)
	page.WaitFor(fmt.Sprintf(`Number(document.activeElement.getAttribute("aria-valuenow")) === %d`, was+1))
	page.Press("\r")
	page.WaitFor(fmt.Sprintf(`decodeURIComponent(location.search).includes("species:%d")`, was+1))
	page.WaitFor(`document.activeElement.id === "grid-edge-species"`)

	const heads = `[...document.querySelectorAll("thead th")].map((th) => th.dataset.key).join()`
	order := browser.Eval[string](page, heads)
	dragBy(page, "thead th[data-key=weight] .grid-label", -130)
	page.WaitFor(`document.querySelector("th[data-drop]") !== null`)
	browser.Eval[bool](page, release)
	page.WaitFor(fmt.Sprintf(`%s !== %q && document.querySelector("#grid[data-live]") !== null`, heads, order))
	if !strings.Contains(asked(), "weight") {
		t.Errorf("the address is %s", asked())
	}
	page.Click("#grid-open-weight")
	page.WaitFor(`document.querySelector("#grid-filter-weight:popover-open") !== null`)
	page.Click("#grid-filter-weight .grid-column-links a[href*='pin=weight']")
	page.WaitFor(`document.querySelector("thead th:nth-child(2)").dataset.key === "weight" && document.querySelector("tbody tr").cells[1].dataset.pin > 0`)
	for _, violation := range page.Axe() {
		t.Error(violation)
	}
	for _, trouble := range page.Trouble() {
		t.Error(trouble)
	}
}

// The module that carries heads is fetched when one is first pressed; the press may be over by then.
func TestAHeadThatWasLetGoAlreadyIsNotCarried(t *testing.T) {
	c := newClinic(t)
	page := signedInTab(t, c, "reception", browser.Options{Width: 1280, Height: 800})
	page.Open(c.url + "/patients")
	page.WaitFor(`document.querySelector("#grid[data-live]") !== null`)
	browser.Eval[bool](page, `(async () => {
		const label = document.querySelector("thead th[data-key=weight] .grid-label"), to = document.querySelector("thead th[data-key=name]").getBoundingClientRect()
		const box = label.getBoundingClientRect(), at = { clientX: box.left + 2, clientY: box.top + 2, bubbles: true, button: 0, pointerType: "mouse" }
		label.dispatchEvent(new PointerEvent("pointerdown", { ...at, buttons: 1 }))
		label.dispatchEvent(new PointerEvent("pointerup", { ...at, buttons: 0 }))
		let module
		while (!(module = performance.getEntriesByType("resource").find((e) => e.name.includes("grid-columns") && e.name.endsWith(".js")))) await new Promise(requestAnimationFrame)
		await import(module.name)
		await new Promise(requestAnimationFrame)
		label.dispatchEvent(new PointerEvent("pointermove", { ...at, clientX: to.left + 20, buttons: 0 }))
		return true
	})()`)
	if browser.Eval[bool](page, `document.querySelector("[data-carried], [data-drop]") !== null`) {
		t.Error("the head follows a pointer that does not press")
	}
}
