package handlers

import (
	"fmt"
	"testing"

	"purplecross/internal/browser"
)

// gridState is how a list stands: where, what is done there by keyboard, and what is there then.
type gridState struct {
	name, path string
	do         func(p *browser.Page)
	there      string
	wide       bool // a narrow list has none of it
}

const refuseRows = `(window.realFetch ??= fetch, window.fetch = (...a) => /\/rows\?/.test(a[0]) ? Promise.resolve(new Response("", { status: %d })) : realFetch(...a), true)`

func gridStates(c *clinic, t *testing.T) []gridState {
	cell := func(id string) string { return "/patients/cells?cols=name,breed&record=" + id + "&column=breed" }
	colleague := c.signIn(t, "vet")
	return []gridState{
		{name: "plain", path: "/patients"},
		{name: "sorted twice", path: "/patients?sort=species,-weight", there: `document.querySelectorAll(".grid-place").length === 2`},
		{name: "grouped twice with numbers below", path: "/patients?group=species,sex&foot=weight.avg", there: `document.querySelector("tfoot strong") !== null`},
		{name: "filtered", path: "/patients?species=dog,cat&weight=gte:2&q=a", there: `document.querySelectorAll(".grid-chip").length === 2`},
		{name: "a part not understood", path: "/patients?species=dragon", there: `document.querySelector(".callout") !== null`},
		{name: "empty", path: "/patients?q=zzzzz", there: `document.querySelector(".empty") !== null`},
		{name: "columns panel", path: "/patients", do: opened("grid-open-columns"), there: `document.querySelector("#grid-columns:popover-open") !== null`},
		{name: "filters", path: "/patients", do: opened("grid-open-filters"), there: `document.querySelector("#grid-filters:popover-open") !== null`},
		{name: "orders", path: "/patients?sort=species,name", do: opened("grid-open-orders"), there: `document.querySelector("#grid-orders:popover-open") !== null`},
		{name: "groups", path: "/patients?group=species", do: opened("grid-open-groups"), there: `document.querySelector("#grid-groups:popover-open") !== null`},
		{name: "views", path: "/patients", do: opened("grid-open-views"), there: `document.querySelector("#grid-views:popover-open") !== null`},
		{name: "download", path: "/patients", do: opened("grid-open-export"), there: `document.querySelector("#grid-export:popover-open") !== null`},
		{name: "a column's menu", path: "/patients", do: opened("grid-open-weight"), there: `document.querySelector("#grid-filter-weight:popover-open") !== null`, wide: true},
		{name: "the page of columns", path: "/patients/columns"},
		{name: "builder's page", path: "/patients/filter?any=(species:cat;weight:gte:20)", there: `document.querySelector("#builder") !== null`},
		{name: "builder", path: "/patients?species=cat", wide: true, do: func(p *browser.Page) {
			p.WaitFor(liveGrid)
			opened("grid-open-filters")(p)
			browser.Eval[bool](p, `(document.querySelector("a[data-builder]").focus(), true)`)
			p.Press(browser.Enter)
		}, there: `document.querySelector("dialog[open] #builder") !== null`},
		{name: "editing a choice", path: "/patients?cols=name,species", wide: true, do: func(p *browser.Page) { atCell(p, 1); p.Press(browser.Enter) }, there: `document.querySelector(".grid-editor [aria-expanded=true]") !== null`},
		{name: "editing a day", path: "/patients?cols=name,born", wide: true, do: func(p *browser.Page) { atCell(p, 1); p.Press(browser.Enter) }, there: `document.activeElement.type === "date"`},
		{name: "a value refused", path: "/patients?cols=name,weight", wide: true, do: func(p *browser.Page) {
			atCell(p, 1)
			p.Press(browser.Enter)
			p.WaitFor(`document.activeElement.name === "value"`)
			p.Press("heavy" + browser.Enter)
		}, there: `document.querySelector("#grid-editor-error") !== null`},
		{name: "a conflict", path: "/patients?cols=name,breed", wide: true, do: func(p *browser.Page) {
			atCell(p, 1)
			p.Press(browser.Enter)
			p.WaitFor(`document.activeElement.name === "value"`)
			action, form := colleague.editCell(t, cell(browser.Eval[string](p, `document.querySelector(".grid-block tr[data-id]").dataset.id`)))
			form.Set("value", fmt.Sprintf("Theirs %p", p))
			colleague.post(t, action, form)
			p.Press("Mine" + browser.Enter)
		}, there: `document.querySelector(".grid-editor-conflict") !== null`},
		{name: "cells marked", path: "/patients?cols=name,breed,weight", wide: true, do: func(p *browser.Page) {
			atCell(p, 1)
			p.WaitFor(rangesAreIn)
			p.PressShift(browser.ArrowDown + browser.ArrowRight)
		}, there: `document.querySelectorAll("[data-in]").length === 4`},
		{name: "a paste's preview", path: "/patients?cols=name,breed,weight,last_visit", wide: true, do: func(p *browser.Page) {
			atCell(p, 1)
			p.WaitFor(rangesAreIn)
			paste(p, "Borzoi\theavy\tx\nSaluki\t12\t")
		}, there: `document.querySelector("#paste[open] [data-refused]") !== null`},
		{name: "rows chosen", path: "/patients", wide: true, do: func(p *browser.Page) { atCell(p, 0); p.Press(" ") }, there: chosenCount + ` === "1 chosen"`},
		{name: "a record beside", path: "/patients", wide: true, do: func(p *browser.Page) { atCell(p, 2); p.PressAlt(browser.Enter) }, there: `document.querySelector("#side .side-place")?.textContent !== ""`},
		{name: "a record over a narrow list", path: "/patients?open=1", there: `document.querySelector("#side") !== null`},
		{name: "a cell's menu", path: "/patients", wide: true, do: func(p *browser.Page) { atCell(p, 1); key(p, "F10", "shiftKey: true") }, there: `document.querySelector("#grid-cell-menu") !== null`},
		{name: "rows on their way", path: "/patients", wide: true, do: func(p *browser.Page) {
			p.WaitFor(liveGrid)
			browser.Eval[bool](p, `(window.realFetch ??= fetch, window.fetch = (...a) => /\/rows\?/.test(a[0]) ? new Promise(() => {}) : realFetch(...a), true)`)
			browser.Eval[bool](p, `(document.querySelector(".grid-frame").scrollTop = 9000, true)`)
		}, there: `document.querySelector(".grid-block[data-wait]") !== null`},
		{name: "rows that can't be read", path: "/patients", wide: true, do: func(p *browser.Page) {
			p.WaitFor(liveGrid)
			browser.Eval[bool](p, fmt.Sprintf(refuseRows, 500))
			browser.Eval[bool](p, `(document.querySelector(".grid-frame").scrollTop = 9000, true)`)
		}, there: `document.querySelector("#grid-failed:not([hidden])") !== null`},
	}
}

func TestTheGridHasNoViolationInAnyState(t *testing.T) {
	c := newClinic(t)
	morePatients(t, c, 600)
	for _, look := range []struct {
		name string
		browser.Options
	}{
		{"wide", browser.Options{Width: 1280, Height: 800}},
		{"dark", browser.Options{Width: 1280, Height: 800, Dark: true}},
		{"narrow", browser.Options{Width: 390, Height: 844}},
	} {
		p := signedInTab(t, c, "manager", look.Options)
		for _, state := range gridStates(c, t) {
			if !state.wide || look.name != "narrow" {
				gridStands(t, c, p, state, state.name+", "+look.name, look.Dark)
			}
		}
		p.Close()
	}
}

// gridStands brings a list into a state and has it checked: in the dark only the colours are others.
func gridStands(t *testing.T, c *clinic, p *browser.Page, state gridState, name string, dark bool) {
	t.Helper()
	p.Open(c.url + state.path)
	if state.do != nil {
		state.do(p)
	}
	if state.there != "" {
		p.WaitFor(state.there)
	}
	check := p.Axe
	if dark {
		check = func() []string { return p.AxeOnly("document", []string{"color-contrast"}) }
	}
	for _, violation := range check() {
		t.Errorf("%s: %s", name, violation)
	}
	if over := browser.Eval[int](p, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
		t.Errorf("%s: the page is %d px too wide", name, over)
	}
	p.Trouble() // refusals are meant
}
