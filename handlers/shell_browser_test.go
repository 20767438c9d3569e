package handlers

import (
	"testing"

	"purplecross/internal/browser"
)

// signedInTab is a browser's tab in which the demo person of a role is signed in.
func signedInTab(t *testing.T, c *clinic, role string, options browser.Options) *browser.Page {
	t.Helper()
	p := browser.New(t, options)
	p.SetCookie(c.url, c.sessionCookie(t, role))
	return p
}

// focusSearch presses the key for the search box. A keyboard's press is stopped before it types; the driver sends its
// character apart from the press, so that has to be taken out again.
func focusSearch(t *testing.T, p *browser.Page) {
	t.Helper()
	p.Press("/")
	p.WaitFor(`document.activeElement.id === "search-q" && document.activeElement.role === "combobox"`)
	browser.Eval[bool](p, `document.getElementById("search-q").value = ""; true`)
}

func TestTheSearchBoxIsWorkedWithTheKeyboardAlone(t *testing.T) {
	c := newClinic(t)
	var pet, household string
	if err := c.pool.QueryRow(t.Context(), `
		select p.name, '/clients/' || p.client_id
		from patient p
		where p.status = 'active' and length(p.name) > 3
		order by p.id
		limit 1`).Scan(&pet, &household); err != nil {
		t.Fatal(err)
	}
	p := signedInTab(t, c, "reception", browser.Options{})
	p.Open(c.url + "/messages")

	focusSearch(t, p)
	p.Press(pet)
	p.WaitFor(`document.querySelectorAll("#search-suggestions [role=option]").length > 1`)
	p.WaitFor(`document.getElementById("search-q").ariaExpanded === "true"`)

	p.Press(browser.ArrowDown)
	p.WaitFor(`document.getElementById(document.getElementById("search-q").getAttribute("aria-activedescendant"))?.ariaSelected === "true"`)
	p.Press(browser.Escape)
	p.WaitFor(`document.getElementById("search-q").ariaExpanded === "false"`)
	quiet(t, p)

	p.Press(browser.ArrowDown)
	p.Press(browser.Enter)
	p.WaitFor(`location.pathname.startsWith("/clients/")`)
	if got := browser.Eval[string](p, `location.pathname`); got != household {
		t.Logf("the first suggestion for %q is %s, not %s: another pet of that name", pet, got, household)
	}
}

func TestKeysGoToPagesUnlessOneTypesOrSwitchedThemOff(t *testing.T) {
	c := newClinic(t)
	p := signedInTab(t, c, "reception", browser.Options{})
	p.Open(c.url + "/messages")

	p.Press("?")
	p.WaitFor(`document.querySelector("#shortcuts[open] kbd") !== null`)
	p.Press(browser.Escape)
	p.WaitFor(`document.querySelector("#shortcuts[open]") === null`)

	focusSearch(t, p)
	p.Press("gp")
	p.WaitFor(`document.getElementById("search-q").value === "gp"`)
	browser.Eval[bool](p, `document.activeElement.blur(); localStorage.setItem("shortcuts", "off"); true`)
	p.Press("gp")
	if got := browser.Eval[string](p, `location.pathname`); got != "/messages" {
		t.Fatalf("switched off, and yet at %s", got)
	}

	browser.Eval[bool](p, `localStorage.setItem("shortcuts", "on"); true`)
	p.Press("gp")
	p.WaitFor(`location.pathname === "/patients"`)
}

func TestTheMenuOpensWithoutScriptsOnANarrowScreen(t *testing.T) {
	c := newClinic(t)
	p := signedInTab(t, c, "reception", browser.Options{Width: 390, Height: 844, NoJavaScript: true})
	p.Open(c.url + "/messages")

	p.Click(".top-menu")
	p.Click("#navigation a[href='/reminders']")
	p.WaitFor(`location.pathname === "/reminders" && Boolean(document.querySelector("h1")?.innerText)`)
	if title := p.Text("h1"); title != "Reminders" {
		t.Errorf("at %q", title)
	}
}

func TestAMessageStaysUntilItIsReadOrDismissed(t *testing.T) {
	c := newClinic(t)
	c.sessionCookie(t, "reception") // on another device
	p := signedInTab(t, c, "reception", browser.Options{})
	p.Open(c.url + "/session")
	p.Click("#devices .panel-actions button")

	if said := p.Text("#flash .flash-message"); said == "" {
		t.Fatal("nothing is said")
	}
	p.Click("#flash [data-flash-close]")
	p.WaitFor(`document.querySelector("#flash .flash") === null`)
	quiet(t, p)
}
