package handlers

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/jackc/pgx/v5"

	"purplecross/internal/browser"
)

// morePatients adds patients to the small demo clinic.
func morePatients(t *testing.T, c *clinic, n int) {
	t.Helper()
	_, err := c.pool.Exec(t.Context(), `
		insert into patient (client_id, name, species, weight_g)
		select (select min(id) from client), 'Pet ' || lpad(n::text, 4, '0'), 'dog', 1000 + n from generate_series(1, $1) n`, n)
	if err != nil {
		t.Fatal(err)
	}
}

// patientIDs are all patients in an order.
func patientIDs(t *testing.T, c *clinic, order string) []string {
	t.Helper()
	rows, err := c.pool.Query(t.Context(), "select id::text as found from patient order by "+order)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}

// blockRows are the ids of rows that a script asked for, and the answer's headers.
func blockRows(t *testing.T, s *session, path string) ([]string, http.Header) {
	t.Helper()
	response := s.do(t, http.MethodGet, path, nil)
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", path, response.Status)
	}
	var ids []string
	parse(t, response).Find("tbody tr").Each(func(_ int, row *goquery.Selection) {
		id := row.AttrOr("data-id", "")
		if _, gone := row.Attr("data-gone"); gone {
			id = "gone " + id
		}
		ids = append(ids, id)
	})
	return ids, response.Header
}

func TestBlocksAreTheListBeforeItsSnapshotAndAfter(t *testing.T) {
	c := newClinic(t)
	morePatients(t, c, 200)
	s := c.signIn(t, "reception")
	want := patientIDs(t, c, "weight_g desc nulls last, id desc")

	before, header := blockRows(t, s, "/patients/rows?sort=-weight&block=101-50")
	if !slices.Equal(before, want[100:150]) || header.Get("Grid-Snapshot") != "" {
		t.Errorf("before: %v (%s), want %v", before, header.Get("Grid-Snapshot"), want[100:150])
	}
	taken := s.do(t, http.MethodGet, "/patients/snapshot?sort=-weight", nil)
	snap := taken.Header.Get("Grid-Snapshot")
	if taken.Header.Get("Grid-Count") != "300" || snap == "" {
		t.Fatalf("%d, %v", taken.StatusCode, taken.Header)
	}
	after, header := blockRows(t, s, "/patients/rows?sort=-weight&block=276-100&snap="+snap)
	if !slices.Equal(after, want[275:]) || header.Get("Grid-Snapshot") != snap {
		t.Errorf("after: %v", after)
	}

	if _, err := c.pool.Exec(t.Context(), `delete from patient where id = $1::text::bigint`, want[278]); err != nil {
		t.Fatal(err)
	}
	after, _ = blockRows(t, s, "/patients/rows?sort=-weight&block=276-5&snap="+snap)
	if after[3] != "gone "+want[278] || after[4] != want[279] {
		t.Errorf("a deleted row did not keep its place: %v", after)
	}
}

func TestAnotherProcessAnswersForASnapshotThatItNeverTook(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	snap := s.do(t, http.MethodGet, "/patients/snapshot", nil).Header.Get("Grid-Snapshot")

	twin := &App{Pool: c.app.Pool, Jobs: c.app.Jobs, Config: c.app.Config, Zone: c.app.Zone, Now: c.app.Now, Log: c.app.Log, News: c.app.News}
	second := httptest.NewServer(New(twin))
	t.Cleanup(second.Close)
	other := *s
	other.clinic = &clinic{url: second.URL, pool: c.pool, app: twin}
	ids, header := blockRows(t, &other, "/patients/rows?block=51-25&snap="+snap)
	if header.Get("Grid-Snapshot") != snap || !slices.Equal(ids, patientIDs(t, c, "name_key, id")[50:75]) {
		t.Errorf("%s instead of %s: %v", header.Get("Grid-Snapshot"), snap, ids)
	}
}

func TestRowsAreRefusedInASentence(t *testing.T) {
	s := newClinic(t).signIn(t, "reception")
	for _, path := range []string{"/patients/rows", "/patients/rows?block=0-25", "/patients/rows?block=1-101", "/patients/rows?ids=1,x", "/patients/rows?block=1-25&sort=nothing"} {
		if status := s.status(t, http.MethodGet, path); status != http.StatusBadRequest {
			t.Errorf("%s: %d", path, status)
		}
	}
}

// openList opens a list in a wide window and waits until it holds its snapshot.
func openList(t *testing.T, c *clinic, path string, options browser.Options) *browser.Page {
	t.Helper()
	if options.Width == 0 {
		options.Width, options.Height = 1280, 800
	}
	p := browser.New(t, options)
	p.SetCookie(c.url, c.sessionCookie(t, "reception"))
	p.Open(c.url + path)
	p.WaitFor(standing)
	return p
}

const (
	standing = `document.querySelector("#grid[data-live]:not([data-live='']) table")?.getAttribute("aria-rowcount") > 0 && !document.querySelector("tbody[data-wait]")`
	frame    = `document.querySelector(".grid-frame")`
	// inSight are the rows that can be read whole: number and id.
	inSight = `[...document.querySelectorAll("tbody tr[data-id]")].filter((tr) => { const f = ` + frame + `.getBoundingClientRect(), r = tr.getBoundingClientRect(), h = document.querySelector("thead").getBoundingClientRect(); return r.top >= h.bottom - 1 && r.bottom <= f.bottom + 1 }).map((tr) => [Number(tr.getAttribute("aria-rowindex")) - 1 + "", tr.dataset.id])`
)

func TestEachRowIsShownOnceWhileOthersAddChangeAndDelete(t *testing.T) {
	c := newClinic(t)
	morePatients(t, c, 400)
	want := patientIDs(t, c, "name_key, id")
	p := openList(t, c, "/patients", browser.Options{})

	shown := map[string]string{}
	for step := 0; len(shown) < len(want) && step < 200; step++ {
		for _, row := range browser.Eval[[][2]string](p, inSight) {
			if before, again := shown[row[0]]; again && before != row[1] {
				t.Fatalf("row %s was %s and is %s", row[0], before, row[1])
			}
			shown[row[0]] = row[1]
		}
		if _, err := c.pool.Exec(t.Context(), `
			with added as (insert into patient (client_id, name, species) values ((select min(id) from client), 'Aaa ' || $1::int, 'cat')),
			     renamed as (update patient set name = 'Zzz ' || $1::int where id = $2::text::bigint)
			delete from patient where id = $3::text::bigint and not exists (select from appointment where patient_id = patient.id)`,
			step, want[(step*37)%len(want)], want[(step*53+11)%len(want)]); err != nil && !strings.Contains(err.Error(), "foreign key") {
			t.Fatal(err)
		}
		browser.Eval[bool](p, frame+`.scrollBy(0, `+frame+`.clientHeight - 150); true`)
		p.WaitFor(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(!document.querySelector("tbody[data-wait]")))))`)
	}
	for i, id := range want {
		if shown[strconv.Itoa(i+1)] != id {
			t.Fatalf("row %d showed %q, want %q", i+1, shown[strconv.Itoa(i+1)], id)
		}
	}
	p.WaitFor(`document.querySelector("#grid-changed:not([hidden])")?.innerText.includes("changed · Refresh")`)
	if trouble := p.Trouble(); len(trouble) > 0 {
		t.Error(trouble)
	}
}

// auditList fills the audit log, which is the quickest list to make long: higher than a browser's boxes, so scaled.
func auditList(t *testing.T, c *clinic, n int) {
	t.Helper()
	err := pgx.BeginFunc(t.Context(), c.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), `set local session_replication_role = replica`); err != nil { // no triggers: nobody listens yet
			return err
		}
		_, err := tx.Exec(t.Context(), `
			insert into audit_log (at, actor, action, entity, entity_id)
			select timestamptz '2020-01-01' + n * interval '1 minute', 'Tester', 'wrote', 'note', n from generate_series(1, $1) n`, n)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.pool.Exec(t.Context(), `analyze audit_log`); err != nil {
		t.Fatal(err)
	}
}

// At 300 % a browser's boxes end at 11 million pixels, a third of what they do at 100 %.
func TestTheLastRowIsReachedAndAWheelNeverSkipsRowsAtAnyZoom(t *testing.T) {
	c := newClinic(t)
	auditList(t, c, 400_000)
	for _, zoom := range []int{100, 200, 300} {
		p := browser.New(t, browser.Options{Width: 900, Height: 600, Zoom: zoom})
		p.SetCookie(c.url, c.sessionCookie(t, "manager"))
		total, last, most := reachAndWheel(t, p, c.url+"/admin/audit?sort=when")
		if at := browser.Eval[float64](p, "devicePixelRatio"); int(at*100) != zoom || total < 400_000 {
			t.Fatalf("%d rows at a zoom of %v, not %d %%", total, at, zoom)
		}
		if high := browser.Eval[int](p, `document.querySelector("table").offsetHeight`); high > 4_100_000 {
			t.Errorf("at %d %% the box is %d pixels high", zoom, high)
		}
		if last != total {
			t.Errorf("at %d %% below is row %d of %d", zoom, last, total)
		}
		if most > 3 {
			t.Errorf("at %d %% one notch moved %d rows", zoom, most)
		}
		p.Close()
	}
}

func TestTheListIsWalkedByKeyboard(t *testing.T) {
	c := newClinic(t)
	morePatients(t, c, 300)
	p := openList(t, c, "/patients", browser.Options{})
	active := func(row, cell int) string {
		return fmt.Sprintf(`document.activeElement?.closest("tr")?.getAttribute("aria-rowindex") === "%d" && document.activeElement.cellIndex === %d`, row+1, cell)
	}
	p.Click("tbody tr:nth-child(2) td:nth-child(3)")
	p.WaitFor(active(2, 2))
	p.Press(browser.ArrowDown)
	p.Press(browser.ArrowRight)
	p.WaitFor(active(3, 3))
	p.Press(browser.Home)
	p.WaitFor(active(3, 0))
	p.PressCtrl(browser.End)
	p.WaitFor(active(400, browser.Eval[int](p, `document.querySelector("thead tr").cells.length - 1`)))
	p.PressCtrl(browser.Home)
	p.WaitFor(active(1, 0))
	p.Press(browser.PageDown)
	p.WaitFor(`Number(document.activeElement?.closest("tr")?.getAttribute("aria-rowindex")) > 8`)

	want := slices.Index(patientIDs(t, c, "name_key, id"), patientIDs(t, c, "name = 'Pet 0200' desc, id")[0]) + 1
	p.Press("pet 0200")
	p.WaitFor(active(want, 0))
	p.WaitFor(fmt.Sprintf(`location.search.includes("at=") && document.querySelector("#grid-said").textContent.includes("row %d")`, want))
	if tabbable := browser.Eval[int](p, `[...document.querySelectorAll("tbody :is(a, button, th, td)")].filter((e) => e.tabIndex === 0 && (e.matches("a, button") || e.hasAttribute("tabindex"))).length`); tabbable != 1 {
		t.Errorf("%d stops for the tab key among the rows", tabbable)
	}
	place := browser.Eval[string](p, `document.querySelector(".grid-place-now").textContent.split("–")[0]`)
	p.Open(browser.Eval[string](p, "location.href"))
	p.WaitFor(standing + fmt.Sprintf(` && document.querySelector(".grid-place-now").textContent.split("–")[0] === %q`, place))
	p.Click("tbody tr:nth-child(3) a")
	p.WaitFor(`location.pathname !== "/patients" && !document.querySelector("#grid")`)
	browser.Eval[bool](p, "history.back(), true")
	p.WaitFor(standing + fmt.Sprintf(` && document.querySelector(".grid-place-now").textContent.split("–")[0] === %q`, place))
	if violations := p.Axe(); len(violations) > 0 {
		t.Error(strings.Join(violations, "\n"))
	}
	if trouble := p.Trouble(); len(trouble) > 0 {
		t.Error(trouble)
	}
}

func TestAListInAnotherOrderBeginsAtItsFirstRow(t *testing.T) {
	c := newClinic(t)
	p := openList(t, c, "/patients", browser.Options{})
	browser.Eval[bool](p, frame+`.scrollTop = 1500; true`)
	p.WaitFor(inSight + `[0]?.[0] > 30`)
	p.Click("#grid-sort-weight")
	p.WaitFor(`document.querySelector("th[aria-sort=descending] #grid-sort-weight") !== null && ` + standing)
	p.WaitFor(inSight + `[0]?.[0] === "1"`)
	if top := browser.Eval[float64](p, frame+`.scrollTop`); top != 0 {
		t.Errorf("the bar stands at %g", top)
	}
}

func TestWhoeverWantsNoMotionMeasuresRowsThatStandStill(t *testing.T) {
	c := newClinic(t)
	p := signedInTab(t, c, "reception", browser.Options{}) // tests want no motion
	p.Before(`addEventListener("DOMContentLoaded", () => window.moving = document.getAnimations().map((a) => a.transitionProperty))`)
	p.Open(c.url + "/patients")
	if moving := browser.Eval[[]string](p, `window.moving`); len(moving) > 0 {
		t.Errorf("%d properties change over time, the first is %s", len(moving), moving[0])
	}
}

// The list around the rows of another order never comes here: what htmx asks for waits, then fails.
func TestTheFirstRowsOfAnotherOrderDoNotWaitForTheListAroundThem(t *testing.T) {
	c := newClinic(t)
	heaviest, _ := blockRows(t, c.signIn(t, "manager"), "/patients/rows?sort=-weight&block=1-10")
	p := signedInTab(t, c, "manager", browser.Options{})
	p.Before(`
		const real = window.fetch
		window.fetch = (at, ...more) => {
			const { pathname, searchParams } = new URL(at.url ?? at, location)
			if (pathname === "/patients") return new Promise((_, fail) => window.lose = () => fail(new TypeError("lost")))
			if (pathname === "/patients/rows" && searchParams.has("sort") && !window.come) return new Promise((done) => window.come = () => done(real(at, ...more)))
			return real(at, ...more)
		}`)
	p.Open(c.url + "/patients")
	p.WaitFor(standing)
	browser.Eval[bool](p, frame+`.scrollTop = 1500; true`)
	p.WaitFor(inSight + `[0]?.[0] > 30`)

	p.Click("#grid-sort-weight")
	p.WaitFor(`window.come !== undefined`)
	browser.Eval[bool](p, frame+`.scrollTop = 2600; true`) // meanwhile the list is what it was
	p.WaitFor(inSight + `[0]?.[0] > 60`)
	browser.Eval[bool](p, `window.come(); true`)
	p.WaitFor(fmt.Sprintf(`%s.slice(0, 10).map(([, id]) => id).join() === %q`, inSight, strings.Join(heaviest, ",")))
	p.WaitFor(`window.lose !== undefined`)
	browser.Eval[bool](p, `window.lose(); true`)
	p.WaitFor(`document.querySelector("#grid-failed").checkVisibility()`)

	browser.Eval[bool](p, frame+`.scrollTop = 1500; true`) // it goes on as a list of the new order
	p.WaitFor(inSight + `[0]?.[0] > 30`)
	browser.Eval[bool](p, `window.fetch = real; true`)
	p.Click("#grid-failed button")
	p.WaitFor(`document.querySelector("th[aria-sort=descending] #grid-sort-weight") !== null && ` + standing)
}

func TestAColleaguesChangeAppearsWhereOneReads(t *testing.T) {
	c := newClinic(t)
	ids := patientIDs(t, c, "name_key, id")
	p := openList(t, c, "/patients", browser.Options{})
	if _, err := c.pool.Exec(t.Context(), `update patient set breed = 'Lagotto Romagnolo' where id = $1::text::bigint`, ids[4]); err != nil {
		t.Fatal(err)
	}
	p.WaitFor(fmt.Sprintf(`document.querySelector('tr[data-id="%s"]').innerText.includes("Lagotto Romagnolo")`, ids[4]))
	if at := browser.Eval[string](p, fmt.Sprintf(`document.querySelector('tr[data-id="%s"]').getAttribute("aria-rowindex")`, ids[4])); at != "6" {
		t.Errorf("the row moved to %s", at)
	}
	if _, err := c.pool.Exec(t.Context(), `
		with others as (update client set city = 'Elsewhere')
		update patient set breed = 'Otterhound' where id = $1::text::bigint`, ids[5]); err != nil {
		t.Fatal(err)
	}
	p.WaitFor(fmt.Sprintf(`document.querySelector('tr[data-id="%s"]').innerText.includes("Otterhound")`, ids[5]))
	if marked := browser.Eval[string](p, `[...document.querySelectorAll("tr[data-fresh]")].map((row) => row.dataset.id).sort((a, b) => a - b).join()`); marked != ids[4]+","+ids[5] {
		t.Errorf("marked as changed are %s, not %s and %s", marked, ids[4], ids[5])
	}
	if _, err := c.pool.Exec(t.Context(), `insert into patient (client_id, name, species) values ((select min(id) from client), 'Aaa', 'cat')`); err != nil {
		t.Fatal(err)
	}
	p.WaitFor(`document.querySelector("#grid-changed:not([hidden])")?.innerText.includes("2 changed")`)
	p.Click("#grid-changed")
	p.WaitFor(standing + ` && document.querySelector("tbody th").innerText.includes("Aaa") && document.querySelector("#grid-changed").hidden`)
	p.WaitFor(`document.querySelector("#grid-count").innerText.includes("101")`)
	if trouble := p.Trouble(); len(trouble) > 0 {
		t.Error(trouble)
	}
}

// The first view is the page and all that it asks for at once. What counts is gzip, which every browser and proxy reads;
// brotli, which most browsers get for files, can only be less.
func TestTheFirstViewOfAListIsLightOnTheWire(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "manager")
	assets := []string{"/patients"}
	parse(t, s.do(t, http.MethodGet, "/patients", nil)).Find("link[rel=stylesheet], link[rel=modulepreload], link[rel=icon], script[src]").Each(func(_ int, asset *goquery.Selection) {
		assets = append(assets, asset.AttrOr("href", asset.AttrOr("src", "")))
	})
	weigh := func(accepted string) (sum int) {
		for _, path := range assets {
			response := s.do(t, http.MethodGet, path, nil, "Accept-Encoding", accepted)
			body, err := io.ReadAll(response.Body)
			if err != nil || response.StatusCode != http.StatusOK {
				t.Fatalf("%s: %s %v", path, response.Status, err)
			}
			t.Logf("%8s %6d bytes of %s", response.Header.Get("Content-Encoding"), len(body), path)
			sum += len(body)
		}
		return sum
	}
	zipped, brotli := weigh("gzip"), weigh("gzip, deflate, br")
	t.Logf("%d bytes in gzip, %d with brotli", zipped, brotli)
	if zipped > 60_000 {
		t.Errorf("the first view weighs %d bytes, more than 60,000", zipped)
	}
	if brotli >= zipped {
		t.Errorf("with brotli it weighs %d bytes, more than the %d of gzip", brotli, zipped)
	}
}
