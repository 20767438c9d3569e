package handlers

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"purplecross/internal/browser"
	"purplecross/views/gallery"
)

// What can differ between themes; everything else is asked in light only.
var rulesOfColour = []string{"color-contrast", "link-in-text-block"}

// Every story stands in one frame, one after the other: to load a page for each would take minutes.
func TestEveryStoryInABrowser(t *testing.T) {
	c := newClinic(t)
	note := noteFindings(t)
	t.Run("passes axe in light", func(t *testing.T) {
		t.Parallel()
		onStage(t, c, browser.New(t, browser.Options{}), func(p *browser.Page, s gallery.CatalogueStory) []string {
			found := p.AxeIn(aStage, slices.Concat(gallery.PageRules, slices.Collect(maps.Keys(s.Allow))))
			note(s, found)
			return found
		})
	})
	t.Run("keeps its contrast in dark", func(t *testing.T) {
		t.Parallel()
		onStage(t, c, browser.New(t, browser.Options{Dark: true}), func(p *browser.Page, s gallery.CatalogueStory) []string {
			found := colourful(p, s)
			note(s, found)
			return found
		})
	})
	t.Run("says in forced colours what is chosen", func(t *testing.T) {
		t.Parallel()
		p := browser.New(t, browser.Options{})
		p.SetForcedColours()
		onStage(t, c, p, marked)
	})
	t.Run("fits a phone and is reached by keyboard", func(t *testing.T) {
		t.Parallel()
		onStage(t, c, browser.New(t, browser.Options{Width: 390, Height: 844}), fits)
	})
	t.Run("loads without a word or a shift", func(t *testing.T) { storiesLoadCalmly(t, c) })
	t.Run("plays its steps", func(t *testing.T) { storiesPlay(t, c) })
	t.Run("is caught when it is broken", func(t *testing.T) { brokenIsCaught(t, c) })
}

const aStage = `document.getElementById("g-story")`

func colourful(p *browser.Page, s gallery.CatalogueStory) []string {
	rules := slices.DeleteFunc(slices.Clone(rulesOfColour), func(rule string) bool { return s.Allow[rule] != "" })
	return p.AxeOnly(aStage, rules)
}

// marked lists what is chosen among others, and known by a ground alone: forced colours take grounds away.
func marked(p *browser.Page, _ gallery.CatalogueStory) []string {
	return browser.Eval[[]string](p, `(() => {
		const said = [];
		const looks = (e) => {
			const s = getComputedStyle(e), before = getComputedStyle(e, "::before");
			return [s.fontWeight, s.textDecorationLine, s.borderTopWidth, s.borderBottomWidth, s.borderInlineStartWidth, s.outlineStyle,
				s.forcedColorAdjust, s.borderBottomColor, before.content, before.borderStyle, e.querySelectorAll("svg").length].join();
		};
		for (const e of document.querySelectorAll("#g-story :is([aria-current]:not([aria-current=false]), [aria-selected=true], [aria-pressed=true])")) {
			if (!e.checkVisibility() || e.closest("[popover]:not(:popover-open)")) continue;
			const around = e.closest("ul, ol, nav, [role=tablist], [role=group], form") ?? e.parentElement;
			const other = [...around.querySelectorAll(e.tagName)].find((o) => o !== e && o.className === e.className && !o.matches("[aria-current]:not([aria-current=false]), [aria-selected=true], [aria-pressed=true]"));
			if (other && looks(e) === looks(other)) said.push("chosen by its ground alone: " + e.outerHTML.slice(0, 140));
		}
		return said;
	})()`)
}

// fits lists what sticks out of a narrow window, and what a keyboard can't get to.
func fits(p *browser.Page, _ gallery.CatalogueStory) []string {
	return browser.Eval[[]string](p, `(() => {
		const said = [], name = (e) => e.outerHTML.slice(0, 120);
		const room = document.documentElement.clientWidth;
		for (const dir of ["ltr", "rtl"]) {
			document.documentElement.dir = dir;
			if (document.scrollingElement.scrollWidth <= room) continue;
			const wide = [...document.querySelectorAll("#g-story *")].filter((e) => e.getBoundingClientRect().right > room + 1 || e.getBoundingClientRect().left < -1);
			said.push("wider than 390 px, " + dir + ": " + (wide.length ? name(wide.at(-1)) : "the story"));
		}
		document.documentElement.dir = "ltr";
		const ids = new Set();
		for (const e of document.querySelectorAll("#g-story [id]")) {
			if (ids.has(e.id)) said.push("duplicate id: " + name(e));
			ids.add(e.id);
		}
		for (const e of document.querySelectorAll("#g-story :is([role=button], [role=link], [role=checkbox], [role=switch], [role=tab], [role=menuitem], [tabindex], summary, [onclick])")) {
			if (e.tabIndex > 0) said.push("jumps the queue of the Tab key: " + name(e));
			if (e.tabIndex < 0 && !e.hasAttribute("tabindex")) said.push("not reached by keyboard: " + name(e));
		}
		for (const e of document.querySelectorAll("#g-story :is(a[href], button, input, select, textarea):not([disabled], [type=hidden], [tabindex='-1'])")) {
			if (!e.checkVisibility({visibilityProperty: true}) || e.closest("[inert], fieldset[disabled], [popover]:not(:popover-open), dialog:not([open])")) continue;
			e.focus();
			if (document.activeElement !== e) said.push("takes no focus: " + name(e));
		}
		return said;
	})()`)
}

// onStage shows every story and says what a check finds.
func onStage(t *testing.T, c *clinic, p *browser.Page, check func(*browser.Page, gallery.CatalogueStory) []string) {
	t.Helper()
	p.Open(c.url + "/gallery/_/frame?~q=nothing-is-called-that")
	quiet(t, p)
	everyStory(t, func(g *gallery.Gallery, story gallery.CatalogueStory) {
		visit, err := g.Visit(strings.TrimPrefix(story.URL, "/gallery/"), "")
		if err != nil {
			t.Fatal(err)
		}
		var frame bytes.Buffer
		if err := visit.Frame().Render(t.Context(), &frame); err != nil {
			t.Fatal(err)
		}
		browser.Eval[bool](p, put(t, &frame))
		for _, found := range check(p, story) {
			t.Errorf("%s: %s", story.URL, found)
		}
	})
}

func everyStory(t *testing.T, visit func(*gallery.Gallery, gallery.CatalogueStory)) {
	t.Helper()
	g, err := theGallery()
	if err != nil {
		t.Fatal(err)
	}
	for _, component := range g.Catalogue().Components {
		for _, story := range component.Stories {
			visit(g, story)
		}
	}
}

// put is the script that shows a frame's story in the document that is open.
func put(t *testing.T, frame *bytes.Buffer) string {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(frame)
	if err != nil {
		t.Fatal(err)
	}
	story, err := goquery.OuterHtml(doc.Find("#g-story"))
	if err != nil {
		t.Fatal(err)
	}
	return `(() => {
		const template = document.createElement("template");
		template.innerHTML = ` + quoted(story) + `;
		document.getElementById("g-story").replaceWith(template.content);
		gallery.apply();
		return true;
	})()`
}

// storiesLoadCalmly loads the first story of each component as a person would.
func storiesLoadCalmly(t *testing.T, c *clinic) {
	p := browser.New(t, browser.Options{})
	last := ""
	everyStory(t, func(_ *gallery.Gallery, story gallery.CatalogueStory) {
		component := story.Frame[:strings.LastIndex(story.Frame, "/")]
		if component == last {
			return
		}
		last = component
		if slices.Contains(story.Tags, gallery.TagLetter) {
			return // Its styles come by a script, as the policy of frames wants it.
		}
		p.Open(c.url + story.Frame)
		shift := browser.Eval[float64](p, `document.fonts.ready.then(() => new Promise((done) => {
			let sum = 0;
			new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value }).observe({type: "layout-shift", buffered: true});
			requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
		}))`)
		if shift > 0.01 {
			t.Errorf("%s shifts by %.3f while it loads", story.Frame, shift)
		}
		for _, said := range p.Trouble() {
			t.Errorf("%s: %s", story.Frame, said)
		}
	})
}

// storiesPlay does the steps of every story that has some, by the script that designers press Play for.
func storiesPlay(t *testing.T, c *clinic) {
	p := browser.New(t, browser.Options{})
	played := 0
	everyStory(t, func(_ *gallery.Gallery, story gallery.CatalogueStory) {
		if len(story.Play) == 0 {
			return
		}
		played++
		steps, err := json.Marshal(story.Play)
		if err != nil {
			t.Fatal(err)
		}
		p.Open(c.url + story.Frame)
		p.WaitFor(`document.documentElement.dataset.watched === ""`)
		for i, wrong := range browser.Eval[[]string](p, `gallery.play(`+string(steps)+`)`) {
			if wrong != "" {
				t.Errorf("%s, step %d (%s): %s", story.URL, i+1, story.Play[i], wrong)
			}
		}
		for _, said := range p.Trouble() {
			if !strings.Contains(said, "422") { // A form that was meant to come back.
				t.Errorf("%s: %s", story.URL, said)
			}
		}
	})
	if played < 5 {
		t.Errorf("only %d stories have steps", played)
	}
}

// brokenIsCaught breaks a component on purpose in each way that the checks are for.
func brokenIsCaught(t *testing.T, c *clinic) {
	p := browser.New(t, browser.Options{Width: 390, Height: 844})
	for want, broken := range map[string]struct{ markup, script string }{
		"color-contrast":             {`<p>Hardly seen</p>`, `e.style.cssText = "color: #999; background: #aaa"`},
		"chosen by its ground alone": {`<nav><a href="#" aria-current="page">One</a><a href="#">Two</a></nav>`, ``},
		"label":                      {`<input type="text">`, ``},
		"duplicate id":               {`<p id="twice">One</p><p id="twice">Two</p>`, ``},
		"wider than 390 px":          {`<div>Wide</div>`, `e.style.width = "600px"`},
		"not reached by keyboard":    {`<span role="button">Press</span>`, ``},
		"jumps the queue":            {`<button tabindex="3">First</button>`, ``},
		"error: broken on purpose":   {`<p>Loud</p>`, `console.error("broken on purpose")`},
		"Applying inline style":      {`<p style="color: red">Red</p>`, ``},
		"request failed":             {`<img alt="" src="http://127.0.0.1:1/none.png">`, ``},
	} {
		p.Open(c.url + "/gallery/_/frame?~q=nothing-is-called-that")
		p.Trouble()
		browser.Eval[bool](p, `(() => { document.getElementById("g-story").innerHTML = `+quoted(broken.markup)+`;
			const e = document.querySelector("#g-story > *"); `+broken.script+`; return true })()`)
		found := slices.Concat(marked(p, gallery.CatalogueStory{}), fits(p, gallery.CatalogueStory{}), p.AxeIn(aStage, gallery.PageRules), p.Trouble())
		if !slices.ContainsFunc(found, func(said string) bool { return strings.HasPrefix(said, want) || strings.Contains(said, want) }) {
			t.Errorf("%s is not among %q", want, found)
		}
	}
}
