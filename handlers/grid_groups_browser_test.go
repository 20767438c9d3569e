package handlers

import (
	"fmt"
	"testing"

	"purplecross/internal/browser"
)

// lined opens a grouped list of some hundred patients, ready to be scrolled.
func lined(t *testing.T, query string) *browser.Page {
	t.Helper()
	c := newClinic(t)
	if _, err := c.pool.Exec(t.Context(), `
		insert into patient (client_id, name, species, sex, weight_g, last_visit_on)
		select (select min(id) from client), 'Many ' || n, (array['dog', 'cat', 'rabbit']::species[])[1 + n % 3], 'female', 1000 + n, date '2026-11-01' - n
		  from generate_series(1, 600) n`); err != nil {
		t.Fatal(err)
	}
	page := signedInTab(t, c, "reception", browser.Options{})
	page.Open(c.url + "/patients?" + query)
	page.WaitFor(`document.querySelector("#grid[data-live] .grid-stuck") !== null && document.querySelector("#grid-count").textContent.includes("700")`)
	return page
}

const (
	seeCat   = `[...document.querySelectorAll('.grid-block tr[data-group="cat"]')].some((tr) => tr.ariaExpanded === %q)`
	placeOf  = `Math.round(document.querySelector('.grid-block tr[data-group="cat"]').getBoundingClientRect().top)`
	atTop    = `[...document.querySelectorAll(".grid-stuck:not([hidden]) tr")].map((tr) => tr.dataset.group).join()`
	truthful = `(() => {
		const head = document.querySelector("#grid thead").getBoundingClientRect()
		const tr = document.elementFromPoint(head.left + 60, head.bottom + document.querySelectorAll(".grid-stuck tr").length * 37 + 20).closest("tr")
		const species = { Dog: "dog", Cat: "cat", Rabbit: "rabbit" }[tr?.cells[1]?.textContent.trim()]
		return species ?? tr?.dataset.group
	})()`
)

func scrollTo(page *browser.Page, line int) {
	browser.Eval[bool](page, fmt.Sprintf(`(document.querySelector(".grid-frame").scrollTop = %d * 37, true)`, line))
	page.WaitFor(fmt.Sprintf(`document.querySelector('.grid-block:not([data-wait]) tr[aria-rowindex="%d"]') !== null`, line+3))
}

func TestAGroupClosesWithoutLosingOnesPlace(t *testing.T) {
	page := lined(t, "group=species&foot=weight.avg")
	count := browser.Eval[string](page, `document.querySelector('.grid-block tr[data-group="dog"] .grid-group-count').textContent.replace(",", "")`)
	var dogs int
	if _, err := fmt.Sscan(count, &dogs); err != nil {
		t.Fatal(err)
	}
	scrollTo(page, dogs-3) // the head of the cats is among the rows that are seen
	browser.Eval[bool](page, `(document.querySelector(".grid-frame").scrollTop += 11, true)`)
	page.WaitFor(fmt.Sprintf(seeCat, "true") + ` && location.search.includes("at=")`)
	before := browser.Eval[int](page, placeOf)
	page.Click(`.grid-block tr[data-group="cat"] a`)
	page.WaitFor(fmt.Sprintf(seeCat, "false"))
	if after := browser.Eval[int](page, placeOf); after != before {
		t.Errorf("the head moved from %d to %d", before, after)
	}
	if address := browser.Eval[string](page, `location.search`); address != fmt.Sprintf("?group=species&closed=cat&foot=weight.avg&at=%d", dogs-2) {
		t.Errorf("the address is %s", address)
	}

	page.WaitFor(`document.activeElement.closest("tr")?.dataset.group === "cat"`)
	page.Press("\u0303") // right: opens
	page.WaitFor(fmt.Sprintf(seeCat, "true"))
	page.WaitFor(`document.activeElement.closest("tr")?.dataset.group === "cat"`)
	page.Press("\u0302") // left: closes
	page.WaitFor(fmt.Sprintf(seeCat, "false"))
	page.WaitFor(`document.activeElement.closest("tr")?.dataset.group === "cat"`)
	page.Press("\r")
	page.WaitFor(fmt.Sprintf(seeCat, "true"))
	if after := browser.Eval[int](page, placeOf); after != before {
		t.Errorf("after opening, closing and opening it by keyboard the head moved from %d to %d", before, after)
	}
	for _, violation := range page.Axe() {
		t.Error(violation)
	}
	for _, trouble := range page.Trouble() {
		t.Error(trouble)
	}
}

func TestTheHeadInSightIsThatOfTheFirstRow(t *testing.T) {
	page := lined(t, "group=species")
	for _, line := range []int{40, 210, 300, 420, 90, 600} {
		scrollTo(page, line)
		page.WaitFor(atTop + ` === ` + truthful)
	}
	page.Click(".grid-stuck a") // closes the group that one is in, whose head is far above
	page.WaitFor(`document.querySelector('.grid-block tr[aria-expanded="false"]') !== null`)
	if said := browser.Eval[string](page, `document.querySelector("#grid-said").textContent`); said == "" {
		t.Error("nothing is said of the group that was closed")
	}
	for _, trouble := range page.Trouble() {
		t.Error(trouble)
	}
}

func TestNumbersBelowColumnsStayInSightAndFollowTheirMenu(t *testing.T) {
	page := lined(t, "group=species,-last_visit.month&foot=weight.avg")
	page.WaitFor(`document.querySelector("#grid-sum-open-weight strong")?.textContent.endsWith(" kg")`)
	inSight := `(() => {
		const foot = document.querySelector("#grid-sums").getBoundingClientRect(), frame = document.querySelector(".grid-frame").getBoundingClientRect()
		return Math.abs(foot.bottom - frame.bottom) < 20
	})()`
	scrollTo(page, 300)
	if !browser.Eval[bool](page, inSight) {
		t.Error("the numbers are not at the frame's end")
	}
	page.Click("#grid-sum-open-weight")
	page.Click("#grid-sum-weight li:nth-child(6) a")
	page.WaitFor(`document.querySelector("#grid-sum-open-weight .grid-sum-label")?.textContent === "Least"`)
	scrollTo(page, 5)
	page.WaitFor(`[...document.querySelectorAll('.grid-block tr[data-level="2"] td[data-label="Weight"]')].some((td) => td.textContent.endsWith("kg"))`)
	for _, violation := range page.Axe() {
		t.Error(violation)
	}
	for _, trouble := range page.Trouble() {
		t.Error(trouble)
	}
}
