package handlers

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"purplecross/internal/browser"
	"purplecross/views/gallery"
)

func TestTheGalleryInABrowser(t *testing.T) {
	c := newClinic(t)
	t.Run("measures and marks what is seen", func(t *testing.T) { toolbarReachesTheFrame(t, c) })
	t.Run("tells what a story asks for, and answers", func(t *testing.T) { storyIsAnswered(t, c) })
	t.Run("says in its panel what axe finds", func(t *testing.T) { axePanelFinds(t, c) })
	t.Run("changes the frame by a control, which keeps the focus", func(t *testing.T) { controlChangesTheFrame(t, c) })
	t.Run("keeps any text", func(t *testing.T) { anyTextSurvives(t, c) })
	t.Run("is walked by keyboard and history", func(t *testing.T) { galleryIsWalked(t, c) })
	t.Run("is driven by keys alone", func(t *testing.T) { galleryByKeyboard(t, c) })
	t.Run("needs no JavaScript for stories, code and controls", func(t *testing.T) { galleryWithoutJavaScript(t, c) })
	t.Run("copies code from its documentation", func(t *testing.T) { documentationIsCopied(t, c) })
	t.Run("lets nothing lead out of a story", func(t *testing.T) { nothingLeadsOut(t, c) })
	t.Run("shows what changed, to everybody", changesPassAxe)
	t.Run("passes axe itself", func(t *testing.T) { galleryPassesAxe(t, c) })
}

// quiet fails if the console said anything. It is asked before axe runs, which styles and fetches what no page would.
func quiet(t *testing.T, p *browser.Page) {
	t.Helper()
	for _, said := range p.Trouble() {
		t.Error(said)
	}
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

// anyTextSurvives sets a text that other galleries lose, and looks for it in the address, after a reload, in the frame
// and in the code.
func anyTextSurvives(t *testing.T, c *clinic) {
	const awkward = `Void invoice! #1:a/b & "ü" 😀 <b>`
	p := browser.New(t, browser.Options{})
	p.Open(c.url + aStory)
	p.WaitFor(inFrame + `?.documentElement.dataset.watched === ""`)
	set := `(i => { i.value = ` + quoted(awkward) + `; i.dispatchEvent(new Event("input", {bubbles: true})); return true })(document.querySelector("[name=label]"))`
	browser.Eval[bool](p, set)

	shown := inFrame + `?.querySelector("#g-story .button")?.innerText.trim() === ` + quoted(awkward)
	p.WaitFor(shown)
	p.WaitFor(`new URLSearchParams(location.search).get("label") === ` + quoted(awkward))
	p.Open(browser.Eval[string](p, `location.href`))
	p.WaitFor(shown)
	p.WaitFor(`document.querySelector("[name=label]").value === ` + quoted(awkward))
	p.Click("#g-panel-code")
	p.WaitFor(`document.querySelector("#g-code-go")?.textContent.includes(` + quoted(strconv.Quote(awkward)) + `)`)
	p.WaitFor(`document.querySelector("#g-code-html")?.textContent.includes("Void invoice! #1:a/b &amp; &#34;ü&#34; 😀 &lt;b&gt;")`)
	p.WaitFor(shown)
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

// documentationIsCopied presses the buttons that copy a state's call and its HTML.
func documentationIsCopied(t *testing.T, c *clinic) {
	p := browser.New(t, browser.Options{})
	p.Before(`navigator.clipboard.write = async ([item]) => { window.copied = await (await item.getType("text/plain")).text() }`)
	p.Open(c.url + "/gallery/actions/button")
	p.WaitFor(inFrame + `?.documentElement.dataset.watched === ""`)
	for kind, want := range map[string]string{
		"go": `copied.startsWith('@ui.Button(ui.ButtonProps{Label: "Book visit"')`, "html": `copied.startsWith('<button class="button"')`,
	} {
		browser.Eval[bool](p, inFrame+`.querySelector('[data-copy-of="actions/button/primary"][data-kind="`+kind+`"]').click(), true`)
		p.WaitFor(`window.copied && ` + want)
	}
	p.WaitFor(inFrame + `.querySelectorAll(".g-anatomy-mark").length === ` + inFrame + `.querySelectorAll("[data-g-part]").length`)
	quiet(t, p)
}

func galleryPassesAxe(t *testing.T, c *clinic) {
	for _, dark := range []bool{false, true} {
		p := browser.New(t, browser.Options{Dark: dark})
		paths := []string{"/gallery", "/gallery?~q=button+-page", aStory + "?~panel=code&~contrast=more", "/gallery/foundations/colours", aStory + "?label=x&kind=none"}
		for _, panel := range []string{"", "docs", "code", "axe", "actions", "play", "changes"} {
			paths = append(paths, "/gallery/lists/grid/usual?~panel="+panel)
		}
		for _, path := range paths {
			p.Open(c.url + path)
			p.WaitFor(inFrame + `?.documentElement.dataset.watched === ""`)
			quiet(t, p)
			for _, found := range p.AxeIn(`{exclude: [["iframe"]]}`, nil) {
				t.Errorf("dark %v, %s: %s", dark, path, found)
			}
			p.Trouble()
		}
		// What the gallery itself shows within its frames.
		for _, path := range []string{"/gallery/_/frame", "/gallery/_/frame/actions/button", "/gallery/_/frame/guides/errors", "/gallery/_/frame/foundations/type"} {
			p.Open(c.url + path)
			for _, found := range p.AxeIn(`{exclude: [[".g-card-inside"], [".g-state-view"], [".g-anatomy-story"], [".g-example-view"], [".g-specimen"]]}`, gallery.PageRules) {
				t.Errorf("dark %v, %s: %s", dark, path, found)
			}
			p.Trouble()
		}
	}
}

// toolbarReachesTheFrame changes settings, which the address and this browser keep.
func toolbarReachesTheFrame(t *testing.T, c *clinic) {
	p := browser.New(t, browser.Options{})
	p.Open(c.url + aStory)
	p.WaitFor(inFrame + `?.documentElement.dataset.watched === ""`)

	p.Click("#g-drop-display > summary")
	p.Click("#g-set-density-compact")
	p.WaitFor(inFrame + `.documentElement.dataset.density === "compact"`)
	p.WaitFor(`document.querySelector("#g-drop-display[open] .g-drop-count")?.innerText === "1"`)
	p.Click("#g-set-words-long")
	p.WaitFor(`!` + inFrame + `.querySelector("#g-story").innerText.includes("Book visit")`)
	p.Press(browser.Escape)
	p.WaitFor(`!document.querySelector("#g-drop-display").open`)

	browser.Eval[bool](p, `document.getElementById("g-handle").focus(), true`)
	browser.Eval[bool](p, `document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {bubbles: true, cancelable: true, key: "ArrowLeft", shiftKey: true})), true`)
	p.WaitFor(`/~w=\d+/.test(decodeURIComponent(location.search))`)

	p.Open(c.url + "/gallery/actions/button/danger")
	p.WaitFor(`decodeURIComponent(location.search).includes("~density=compact") && ` + inFrame + `?.documentElement.dataset.density === "compact"`)
	quiet(t, p)
}

// storyIsAnswered types into a story's search, and lets the network fail.
func storyIsAnswered(t *testing.T, c *clinic) {
	p := browser.New(t, browser.Options{})
	p.Open(c.url + "/gallery/lists/grid/usual?~panel=actions")
	p.WaitFor(inFrame + `?.documentElement.dataset.watched === ""`)
	search := func(text string) {
		browser.Eval[bool](p, `(input => { input.value = "`+text+`"; input.dispatchEvent(new Event("input", {bubbles: true})); return true })(`+inFrame+`.querySelector("input[type=search]"))`)
	}

	search("luna")
	p.WaitFor(`document.querySelector(".g-log")?.innerText.includes("GET /patients?q=luna: 200")`)
	p.WaitFor(`!` + inFrame + `.querySelector("#g-story").innerText.includes("Ziggy")`)
	quiet(t, p)

	p.Click("#g-drop-network > summary")
	p.Click("#g-set-net-500")
	p.WaitFor(inFrame + `.documentElement.dataset.net === "500"`)
	search("zig")
	p.WaitFor(`document.querySelector(".g-log")?.innerText.includes("q=zig: 500")`)
}

// axePanelFinds a button without a name, which is not ours.
func axePanelFinds(t *testing.T, c *clinic) {
	p := browser.New(t, browser.Options{})
	p.Open(c.url + aStory + "?~panel=axe")
	p.WaitFor(`document.querySelector(".g-fine") !== null`)

	browser.Eval[bool](p, inFrame+`.getElementById("g-story").insertAdjacentHTML("beforeend", "<button></button>"), true`)
	p.Click("[data-axe-run]")
	p.WaitFor(`document.querySelector(".g-found")?.innerText.includes("button-name")`)
	p.Click(".g-node")
	p.WaitFor(inFrame + `.querySelector("button[data-g-marked]") !== null`)
	p.WaitFor(`document.querySelector("#g-nav [data-path='actions/button/primary'] .g-badge")?.innerText === "1"`)
}

func quoted(text string) string {
	quoted, _ := json.Marshal(text)
	return string(quoted)
}
