package handlers

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"purplecross/internal/browser"
)

// longList fills a clinic's list of patients to some thousands and opens it in a browser.
func longList(t *testing.T, c *clinic, role string, options browser.Options) *browser.Page {
	t.Helper()
	if _, err := c.pool.Exec(t.Context(), `
		insert into patient (client_id, name, species)
		select (select min(id) from client), 'Bulk ' || to_char(n, 'FM0000'), 'dog'
		  from generate_series(1, 3000) n`); err != nil {
		t.Fatal(err)
	}
	p := signedInTab(t, c, role, options)
	p.Open(c.url + "/patients?name=starts:bulk")
	return p
}

const chosenCount = `(document.querySelector("#grid-bulk[data-some] .grid-bulk-count")?.textContent ?? "")`

func pick(row int, shift bool) string {
	return fmt.Sprintf(`document.querySelector('tr[aria-rowindex="%d"] .grid-pick').dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: %t }))`, row+1, shift)
}

func TestRowsAreChosenOneByOneInStretchesAndAllButSome(t *testing.T) {
	c := newClinic(t)
	p := longList(t, c, "manager", browser.Options{})
	p.WaitFor(`document.querySelector("#grid[data-live]") !== null`)

	browser.Eval[bool](p, pick(2, false))
	p.WaitFor(chosenCount + ` === "1 chosen"`)
	browser.Eval[bool](p, pick(6, true))
	p.WaitFor(chosenCount + ` === "5 chosen"`)
	p.WaitFor(`document.querySelectorAll('tbody tr[aria-selected="true"] .grid-pick:checked').length === 5`)

	// What scrolled out of sight and was drawn anew is still chosen.
	browser.Eval[bool](p, `document.querySelector(".grid-frame").scrollTop = 60000; true`)
	p.WaitFor(`Number(document.querySelector("tbody tr[data-id]")?.getAttribute("aria-rowindex")) > 500`)
	p.WaitFor(`document.querySelectorAll('tbody tr[aria-selected="true"]').length === 0`)
	browser.Eval[bool](p, `document.querySelector(".grid-frame").scrollTop = 0; true`)
	p.WaitFor(`document.querySelectorAll('tbody tr[aria-selected="true"] .grid-pick:checked').length === 5`)

	// So is a row that a colleague changes.
	if _, err := c.pool.Exec(t.Context(), `update patient set breed = 'Collie' where name = 'Bulk 0003'`); err != nil {
		t.Fatal(err)
	}
	p.WaitFor(`document.querySelector('tr[aria-rowindex="4"][aria-selected="true"]')?.textContent.includes("Collie")`)

	p.Click("#grid-pick-all")
	p.WaitFor(chosenCount + ` === "3,000 chosen"`)
	browser.Eval[bool](p, pick(10, false))
	p.WaitFor(chosenCount + ` === "2,999 chosen"`)
	p.WaitFor(`document.getElementById("grid-pick-all").indeterminate`)
	if rows := browser.Eval[string](p, `document.querySelector("#grid-bulk [name=rows]").value`); rows != "1-9,11-3000" {
		t.Errorf("sent as %q", rows)
	}
	if found := p.Axe(); len(found) > 0 {
		t.Error(found)
	}

	p.Click(`#grid-bulk button[value="xlsx"]`)
	p.WaitFor(`location.pathname.startsWith("/progress/")`)
	var n int
	if err := c.pool.QueryRow(t.Context(), `select sum(cardinality(ids)) from work_target`).Scan(&n); err != nil || n != 2999 {
		t.Errorf("%d are exported, %v", n, err)
	}
	quiet(t, p)
}

func TestRowsAreChosenByKeyboard(t *testing.T) {
	c := newClinic(t)
	p := longList(t, c, "manager", browser.Options{})
	p.WaitFor(`document.querySelector("#grid[data-live]") !== null`)
	browser.Eval[bool](p, `document.querySelector("tbody th").focus(); true`)

	p.Press(" ")
	p.WaitFor(chosenCount + ` === "1 chosen"`)
	p.Press(browser.ArrowDown + browser.ArrowDown)
	browser.Eval[bool](p, `document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: " ", shiftKey: true, bubbles: true, cancelable: true }))`)
	p.WaitFor(chosenCount + ` === "3 chosen"`)
	browser.Eval[bool](p, `document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "a", ctrlKey: true, bubbles: true, cancelable: true }))`)
	p.WaitFor(chosenCount + ` === "3,000 chosen"`)
	p.WaitFor(`document.getElementById("grid-said").textContent === "3,000 chosen"`)
	p.Click("#grid-bulk [data-clear]")
	p.WaitFor(`document.querySelector("#grid-bulk[data-some]") === null`)
	quiet(t, p)
}

func TestAChoiceInAListThatHasChangedIsRefusedWithASentence(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "manager")
	snap := s.do(t, "GET", "/patients/snapshot", nil).Header.Get("Grid-Snapshot")
	chosen := url.Values{"query": {""}, "snap": {snap}, "rows": {"1-3"}, "format": {"csv"}}
	if response := s.post(t, "/patients/exports", chosen); response.StatusCode != 303 {
		t.Fatalf("the list as it is: %s", response.Status)
	}
	if _, err := c.pool.Exec(t.Context(), `delete from reminder; update patient set name = 'Aaaa' where id = (select max(id) from patient)`); err != nil {
		t.Fatal(err)
	}
	c.app.Snapshots.Forget()

	response := s.post(t, "/patients/exports", chosen)

	if said := parse(t, response).Find("main").Text(); response.StatusCode != 409 || !strings.Contains(said, "choose them anew") {
		t.Errorf("%s says %q", response.Status, said)
	}
	for _, rows := range []string{"0-3", "3-1", "1-999999", "1,1", "x", "1-2,2-3"} {
		chosen.Set("rows", rows)
		chosen.Set("snap", s.do(t, "GET", "/patients/snapshot", nil).Header.Get("Grid-Snapshot"))
		if response := s.post(t, "/patients/exports", chosen); response.StatusCode != 400 {
			t.Errorf("rows=%s: %s", rows, response.Status)
		}
	}
}

func TestRowsAreChosenWithoutScripts(t *testing.T) {
	c := newClinic(t)
	p := longList(t, c, "manager", browser.Options{Width: 390, Height: 844, NoJavaScript: true})

	p.Click(`tbody .grid-pick`)
	p.Click(`#grid-bulk button[value="xlsx"]`)

	p.WaitFor(`location.pathname.startsWith("/progress/")`)
	var n int
	if err := c.pool.QueryRow(t.Context(), `select sum(cardinality(ids)) from work_target`).Scan(&n); err != nil || n != 1 {
		t.Errorf("%d are exported, %v", n, err)
	}
}
