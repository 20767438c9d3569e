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

func TestTheGalleryInABrowser(t *testing.T) {
	c := newClinic(t)
	t.Run("shows stories that pass axe in both themes", func(t *testing.T) { everyStoryPassesAxe(t, c) })
	t.Run("changes the frame by a control, which keeps the focus", func(t *testing.T) { controlChangesTheFrame(t, c) })
	t.Run("is walked by keyboard and history", func(t *testing.T) { galleryIsWalked(t, c) })
	t.Run("lets nothing lead out of a story", func(t *testing.T) { nothingLeadsOut(t, c) })
	t.Run("passes axe itself", func(t *testing.T) { galleryPassesAxe(t, c) })
}

// everyStoryPassesAxe puts every story into one frame, one after the other.
func everyStoryPassesAxe(t *testing.T, c *clinic) {
	p := browser.New(t, browser.Options{})
	g, err := theGallery()
	if err != nil {
		t.Fatal(err)
	}

	for _, theme := range []string{"light", "dark"} {
		p.Trouble() // What axe said before.
		p.Open(c.url + "/gallery/_/frame?~q=nothing-is-called-that&~theme=" + theme)
		quiet(t, p)
		for _, component := range g.Catalogue().Components {
			for _, story := range component.Stories {
				visit, err := g.Visit(strings.TrimPrefix(story.URL, "/gallery/"), "")
				if err != nil {
					t.Fatal(err)
				}
				var frame bytes.Buffer
				if err := visit.Frame().Render(t.Context(), &frame); err != nil {
					t.Fatal(err)
				}
				browser.Eval[bool](p, put(t, &frame))
				for _, found := range p.AxeIn(`document.getElementById("g-story")`, slices.Concat(gallery.PageRules, slices.Collect(maps.Keys(story.Allow)))) {
					t.Errorf("%s, %s: %s", theme, story.URL, found)
				}
			}
		}
	}
}

// quiet fails if the console said anything. It is asked before axe runs, which styles and fetches what no page would.
func quiet(t *testing.T, p *browser.Page) {
	t.Helper()
	for _, said := range p.Trouble() {
		t.Error(said)
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
	quoted, err := json.Marshal(story)
	if err != nil {
		t.Fatal(err)
	}
	return `(() => {
		const template = document.createElement("template");
		template.innerHTML = ` + string(quoted) + `;
		document.getElementById("g-story").replaceWith(template.content);
		return true;
	})()`
}

const inFrame = `document.getElementById("g-frame").contentDocument`

func controlChangesTheFrame(t *testing.T, c *clinic) {
	p := browser.New(t, browser.Options{})
	p.Open(c.url + aStory)
	p.WaitFor(inFrame + `?.documentElement.dataset.watched === ""`)
	browser.Eval[bool](p, inFrame+`.defaultView.same = true`)

	p.Type(`[name="label"]`, "now ")
	p.WaitFor(inFrame + `.querySelector("#g-story").innerText.includes("now ")`)
	p.WaitFor(`location.search.includes("now+")`)
	if !browser.Eval[bool](p, `document.activeElement.name === "label" && `+inFrame+`.defaultView.same`) {
		t.Error("the control lost the focus, or the frame was loaded again")
	}
	if !browser.Eval[bool](p, `document.querySelector('[data-control="label"]').hasAttribute("data-changed")`) {
		t.Error("the changed control is not marked")
	}

	p.Click("#g-reset")
	p.WaitFor(`location.search === "" && !` + inFrame + `.querySelector("#g-story").innerText.includes("now ")`)
	p.Click("#g-set-theme-dark")
	p.WaitFor(inFrame + `.documentElement.dataset.theme === "dark"`)
	p.Click(`#g-panel-code`)
	p.WaitFor(`document.querySelector("#g-code-go")?.innerText.startsWith("@ui.Button(")`)
	quiet(t, p)
}

func galleryIsWalked(t *testing.T, c *clinic) {
	p := browser.New(t, browser.Options{})
	p.Open(c.url + aStory)
	p.WaitFor(inFrame + `?.documentElement.dataset.watched === ""`)
	title := p.Text(".g-title")

	press := func(keys string) {
		browser.Eval[bool](p, `document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {bubbles: true, cancelable: true, `+keys+`})), true`)
	}
	press(`key: "/"`)
	p.WaitFor(`document.activeElement.id === "g-search"`)
	p.Type("#g-search", "callout")
	p.WaitFor(`document.querySelectorAll(".g-component:not([data-away])").length === 1`)
	p.Press(browser.Enter)
	p.WaitFor(`document.querySelector(".g-title").innerText === "Callout" && ` + inFrame + `.querySelector(".callout") !== null`)
	browser.Eval[bool](p, `history.back(), true`)
	p.WaitFor(`document.querySelector(".g-title").innerText === ` + quoted(title) + ` && location.pathname === ` + quoted(aStory))

	browser.Eval[bool](p, `document.activeElement.blur(), true`)
	press(`key: "ArrowRight", altKey: true`)
	p.WaitFor(`location.pathname !== ` + quoted(aStory))
	quiet(t, p)
}

func nothingLeadsOut(t *testing.T, c *clinic) {
	p := browser.New(t, browser.Options{})
	p.Open(c.url + aStory + "?href=%2Fpatients%2F3")
	p.WaitFor(inFrame + `?.documentElement.dataset.watched === ""`)

	browser.Eval[bool](p, inFrame+`.querySelector("#g-story a").click(), true`)
	p.WaitFor(`document.getElementById("g-toast").innerText.includes("/patients/3")`)
	if at := browser.Eval[string](p, inFrame+`.location.pathname`); !strings.HasPrefix(at, "/gallery/_/frame/") {
		t.Errorf("the frame went to %s", at)
	}
}

func galleryPassesAxe(t *testing.T, c *clinic) {
	for _, dark := range []bool{false, true} {
		p := browser.New(t, browser.Options{Dark: dark})
		for _, path := range []string{"/gallery", aStory, aStory + "?label=x&kind=none", aStory + "?~panel=code", "/gallery/actions/button"} {
			p.Open(c.url + path)
			p.WaitFor(inFrame + `?.documentElement.dataset.watched === ""`)
			quiet(t, p)
			for _, found := range p.AxeIn(`{exclude: [["iframe"]]}`, nil) {
				t.Errorf("dark %v, %s: %s", dark, path, found)
			}
			p.Trouble()
		}
	}
}

func quoted(text string) string {
	quoted, _ := json.Marshal(text)
	return string(quoted)
}
