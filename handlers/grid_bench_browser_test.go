package handlers

import (
	"fmt"

	"purplecross/internal/browser"
)

// benchScript times from an act to rows on the screen, in the page: once they have come, until the frame with them has been
// drawn. Looking at every frame instead would keep a processor busy that the database wants.
const benchScript = `
const painted = (ready) => new Promise((done) => {
  const look = () => {
    if (!ready()) return
    watch.disconnect()
    requestAnimationFrame(() => setTimeout(() => done(performance.now())))
  }
  const watch = new MutationObserver(look)
  watch.observe(document.querySelector("#grid"), { subtree: true, childList: true, attributes: true })
})
window.rowsAt = (part) => {
  const frame = document.querySelector(".grid-frame"), total = Number(document.querySelector("table").getAttribute("aria-rowcount")) - 1
  const began = performance.now()
  frame.scrollTop = (frame.scrollHeight - frame.clientHeight) * part
  return painted(() => {
    const box = frame.getBoundingClientRect()
    const row = document.elementFromPoint(box.left + 80, box.top + 200)?.closest("tbody:not([data-wait]) tr")
    return row && Math.abs(row.getAttribute("aria-rowindex") / (total > 0 ? total : 10000) - part) < 0.02
  }).then((now) => now - began)
}
window.rowsSorted = (key) => {
  const before = document.querySelector("tbody tr").dataset.id
  const began = performance.now()
  document.querySelector("#grid-sort-" + key).click()
  return painted(() => (document.querySelector("tbody:not([data-wait]) tr")?.dataset.id ?? before) !== before).then((now) => now - began)
}
window.longestFrame = async (pixels, frames) => {
  const frame = document.querySelector(".grid-frame")
  let last = performance.now(), longest = 0
  for (let n = 0; n < frames; n++) {
    frame.scrollTop += pixels
    await new Promise(requestAnimationFrame)
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }
  return longest
}
true`

// browser measures what a person waits for.
func (g *gridBench) browser(row func(string, ...float64)) {
	var paints, bytes []float64
	for range benchTimes {
		p := g.bare("/patients")
		paints = append(paints, paint(p)) // nobody looks for anything else meanwhile
		p.WaitFor(standing)
		bytes = append(bytes, browser.Eval[float64](p, `[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource").filter((e) => /static|snapshot/.test(e.name))].reduce((sum, e) => sum + e.transferSize, 0) / 1000`))
		p.Close()
	}
	row("first rows painted, nothing cached", paints...)
	row("kB on the wire for it, headers included", bytes...)

	p := g.open("/patients?sort=-last_visit", false)
	g.jumps(p, row, "jump by last visit, snapshot standing")
	for n := range 200 {
		browser.Eval[float64](p, fmt.Sprintf("rowsAt(%f)", float64((n*37)%97+1)/100))
	}
	row("MB of script memory after 200 jumps", p.Heap())
	row("longest frame while wheeling 100 px a frame for 200 frames", browser.Eval[float64](p, "longestFrame(100, 200)"))
	row("longest frame at 400 px a frame", browser.Eval[float64](p, "longestFrame(400, 200)"))
	p.Close()

	p = g.open("/patients?sort=-last_visit", true)
	g.jumps(p, row, "jump by last visit, before the snapshot")
	p.Close()

	for _, sorted := range []struct{ key, index string }{{"last_visit", "index"}, {"born", "index"}, {"weight", "index"}, {"breed", "index"}, {"colour", "no index"}} {
		var values []float64
		for range benchTimes {
			p := g.open("/patients?sort=owner&cols=name,last_visit,born,weight,breed,owner,colour", false)
			values = append(values, browser.Eval[float64](p, fmt.Sprintf("rowsSorted(%q)", sorted.key)))
			p.Close()
		}
		row(fmt.Sprintf("sort by %s (%s), first rows", sorted.key, sorted.index), values...)
	}
	p = g.open("/patients?sort=-colour&cols=name,colour,breed,last_visit,owner", false)
	g.jumps(p, row, "jump by colour (no index), snapshot standing")
	p.Close()

	for _, with := range []struct{ name, query string }{{"plain", ""}, {"with four footers", "?foot=weight.avg,born.min,born.max,last_visit.max"}, {"in groups", "?group=species"}, {"in two levels of groups with a footer", "?group=species,status&foot=weight.avg"}} {
		var values []float64
		for range benchTimes {
			g.clinic.app.Snapshots.Changed("*") // nothing that was worked out before helps
			p := g.bare("/patients" + with.query)
			values = append(values, paint(p))
			p.WaitFor(standing + ` && !document.querySelector("#grid-sums[hx-get]")`) // what follows is not in the next one's way
			p.Close()
		}
		row("first rows painted, "+with.name+", nothing worked out before", values...)
	}
}

func paint(p *browser.Page) float64 {
	return browser.Eval[float64](p, `new Promise((done) => new PerformanceObserver((list) => list.getEntriesByName("first-contentful-paint").forEach((e) => done(e.startTime))).observe({type: "paint", buffered: true}))`)
}

func (g *gridBench) jumps(p *browser.Page, row func(string, ...float64), name string) {
	var values []float64
	for n := range benchTimes {
		values = append(values, browser.Eval[float64](p, fmt.Sprintf("rowsAt(%f)", []float64{0.5, 0.2, 0.8}[n%3]+float64(n)/200)))
	}
	row(name, values...)
}

// open is the list in a tab of its own with an empty cache; without, its snapshot is never asked for.
func (g *gridBench) open(path string, without bool) *browser.Page {
	p := g.tab(browser.Options{Width: 1280, Height: 800})
	if without {
		g.clinic.app.Snapshots.Changed("*")
		p.Before(`const real = window.fetch; window.fetch = (at, ...more) => String(at).includes("/snapshot") ? new Promise(() => {}) : real(at, ...more)`)
	}
	p.Open(g.clinic.url + path)
	if !without {
		p.WaitFor(standing)
	}
	browser.Eval[bool](p, benchScript)
	browser.Eval[bool](p, settled)
	return p
}

// settled is when the browser has put away what a new tab and a page's load leave to do, which on two processors would be
// measured with whatever comes next.
const settled = `new Promise((done) => setTimeout(() => requestIdleCallback(() => done(true)), 500))`

// bare is the list as soon as it is loaded.
func (g *gridBench) bare(path string) *browser.Page {
	p := g.tab(browser.Options{Width: 1280, Height: 800})
	p.Open(g.clinic.url + path)
	return p
}

func (g *gridBench) tab(options browser.Options) *browser.Page {
	p := browser.New(g, options)
	p.ForgetCache()
	p.SetCookie(g.clinic.url, g.sessionCookie())
	p.Open(g.clinic.url + "/healthz") // the tab's process is the browser's affair
	browser.Eval[bool](p, settled)
	return p
}
