package handlers

import (
	"fmt"
	"testing"

	"purplecross/internal/browser"
)

// back signs the person in again in the dialog that comes up.
func back(p *browser.Page) {
	p.WaitFor(`document.querySelector("dialog[open] [data-sign-in-again]") !== null`)
	p.Type("#again-password", "demo-clinic")
	p.Press(browser.Enter)
	p.WaitFor(`document.querySelector("[data-sign-in-again]") === null`)
}

// Whatever a page was doing when its session had ended is done once one has signed in again over it, and the page stays.
func TestWhatWasBeingDoneIsDoneAfterSigningInAgain(t *testing.T) {
	c := newClinic(t)
	morePatients(t, c, 300)
	const list = "/patients?cols=name,breed,colour,species"
	p := signedInTab(t, c, "reception", browser.Options{Width: 1280, Height: 800})
	atRow := func(row int) string {
		return fmt.Sprintf(`document.activeElement?.closest("tr")?.getAttribute("aria-rowindex") === "%d"`, row+1)
	}
	edited := `document.querySelectorAll(".grid-block tr td")[0].textContent.trim()`

	for _, one := range []struct {
		name, page string
		before     func() // up to where the session ends
		does       func()
		done       string
	}{
		{
			"rows far below are fetched", list, func() { p.Click("tbody tr:nth-child(2) td:nth-child(3)") },
			func() { p.PressCtrl(browser.End) }, atRow(400),
		},
		{
			"what one types leads to a row", list, func() { p.Click("tbody tr:nth-child(2) th") },
			func() { p.Press("pet 0200") }, `document.querySelector("#grid-said").textContent.includes("row")`,
		},
		{
			"a record opens beside the list", list, func() { enter(p, 1, 2) },
			func() { key(p, "Enter", "altKey: true") }, `document.querySelector("#side-title") !== null`,
		},
		{
			"its form opens", list, func() {
				enter(p, 1, 2)
				key(p, "Enter", "altKey: true")
				p.WaitFor(`document.querySelector("#side [data-side=edit]") !== null`)
			},
			func() { p.Click("#side [data-side=edit]") }, `document.querySelector("#side form input[name=breed]") !== null`,
		},
		{
			"its form is saved", list, func() {
				enter(p, 1, 2)
				key(p, "Enter", "altKey: true")
				p.WaitFor(`document.querySelector("#side [data-side=edit]") !== null`)
				p.Click("#side [data-side=edit]")
				p.WaitFor(`document.querySelector("#side form input[name=name]") !== null`)
				p.Type("#side form input[name=name]", "Quince")
			},
			func() { p.Click("#side form button[type=submit]") }, `document.querySelector("#side-title")?.textContent.includes("Quince")`,
		},
		{
			"a cell is saved", list, func() {
				p.Click(".grid-block tr td")
				p.WaitFor(`document.activeElement.cellIndex === 1`)
				p.Press(browser.Enter)
				p.WaitFor(`document.activeElement.name === "value"`)
				p.Press("Otterhound")
			},
			func() { p.Press(browser.Enter) }, `!document.querySelector(".grid-editor") && ` + edited + ` === "Otterhound"`,
		},
		{
			"a cell's editor opens", list, func() {
				p.Click(".grid-block tr td")
				p.WaitFor(`document.activeElement.cellIndex === 1`)
			},
			func() { p.Press(browser.Enter) }, `document.activeElement.name === "value"`,
		},
		{
			"a paste is shown", list, func() {
				p.Click(".grid-block tr td")
				p.WaitFor(`document.activeElement.cellIndex === 1`)
				p.WaitFor(rangesAreIn)
			},
			func() { paste(p, "Borzoi\tWhite\n") }, `document.querySelector("#paste[open]") !== null`,
		},
		{
			"a change is taken back", list, func() {
				p.Click(".grid-block tr td")
				p.WaitFor(`document.activeElement.cellIndex === 1`)
			},
			func() { key(p, "z", "ctrlKey: true") }, edited + ` !== "Otterhound"`,
		},
		{
			"a filter is put together", list, func() {
				p.Click("#grid-open-filters")
				p.Click("#grid-filters a[data-builder]")
				p.WaitFor(`document.activeElement.id === "builder-column-f.0"`)
			},
			func() { p.Press("Sp") }, `document.getElementById("builder-op-f.0") !== null`,
		},
		{
			"the form for filters opens", list, func() { p.Click("#grid-open-filters") },
			func() { p.Click("#grid-filters a[data-builder]") }, `document.activeElement.id === "builder-column-f.0"`,
		},
	} {
		t.Run(one.name, func(t *testing.T) {
			p.Open(c.url + one.page)
			p.WaitFor(`Boolean(document.querySelector("#grid[data-live]")?.dataset.live) && document.querySelector(".grid-block tr td") !== null`) // how many there are is known
			one.before()
			if _, err := c.pool.Exec(t.Context(), `delete from session`); err != nil {
				t.Fatal(err)
			}
			browser.Eval[bool](p, `window.stays = true`)
			one.does()
			back(p)
			p.WaitFor(one.done)
			if !browser.Eval[bool](p, `window.stays === true`) {
				t.Error("the page was loaded anew")
			}
		})
	}
}

// A form on a page that stood open overnight is saved with what was typed, or stays as it is.
func TestAFormOnAPageThatStoodOpenIsNotLostWithTheSession(t *testing.T) {
	c := newClinic(t)
	p := signedInTab(t, c, "reception", browser.Options{})
	p.Open(c.url + "/clients/new")
	p.Type("#f-first_name", "Courtney")
	p.Type("#f-last_name", "Reilly")
	if _, err := c.pool.Exec(t.Context(), `delete from session`); err != nil {
		t.Fatal(err)
	}
	browser.Eval[bool](p, `const now = Date.now; Date.now = () => now() + 8 * 60 * 60 * 1000; window.stays = true`)

	p.ClickNamed("button", "Save client")
	p.WaitFor(`document.querySelector("dialog[open] [data-sign-in-again]") !== null`)
	p.Press(browser.Escape)
	p.WaitFor(`document.querySelector("dialog[open]") === null`)
	if !browser.Eval[bool](p, `window.stays === true && document.getElementById("f-last_name").value === "Reilly"`) {
		t.Error("what was typed is gone")
	}
	p.ClickNamed("button", "Save client")
	back(p)
	p.WaitFor(`document.querySelector("h1")?.textContent.includes("Courtney Reilly")`)
}
