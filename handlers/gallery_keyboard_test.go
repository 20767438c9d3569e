package handlers

import (
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"purplecross/internal/browser"
	"purplecross/static"
	"purplecross/views/gallery"
)

// galleryByKeyboard does what a designer does in the gallery, and presses nothing but keys.
func galleryByKeyboard(t *testing.T, c *clinic) {
	p := browser.New(t, browser.Options{})
	p.Open(c.url + "/gallery")
	p.WaitFor(inFrame + `?.documentElement.dataset.watched === ""`)

	// Search, and walk what is found.
	p.PressCtrl("k")
	p.WaitFor(`document.activeElement.id === "g-search"`)
	p.Press("usual grid")
	p.WaitFor(`document.querySelectorAll("#g-nav .g-component:not([data-away])").length < 4`)
	p.Press(browser.ArrowDown)
	p.WaitFor(`document.activeElement.closest("#g-nav [data-path]") !== null`)
	for range 40 {
		if browser.Eval[bool](p, `document.activeElement.closest("[data-path]")?.dataset.path === "lists/grid/usual"`) {
			break
		}
		p.Press(browser.ArrowDown)
	}
	p.Press(browser.Enter)
	p.WaitFor(`location.pathname === "/gallery/lists/grid/usual" && ` + inFrame + `.querySelector(".grid") !== null`)

	// Play its steps, in a frame that is loaded for it.
	tabTo(t, p, `e.id === "g-panel-play"`)
	p.Press(browser.Enter)
	p.WaitFor(`document.getElementById("g-panel-body").dataset.panel === "play" && document.activeElement.id === "g-panel-play"`)
	tabTo(t, p, `e.matches("[data-play-run]")`)
	p.Press(browser.Enter)
	p.WaitFor(`[...document.querySelectorAll(".g-step-item")].every((item) => item.dataset.state === "done") || document.querySelector(".g-step-item[data-state=failed]") !== null`)
	if wrong := browser.Eval[string](p, `document.querySelector(".g-steps .g-error")?.innerText ?? ""`); wrong != "" {
		t.Fatal(wrong)
	}

	// Every panel is opened by its tab.
	for _, panel := range []string{"docs", "code", "axe", "actions", "changes", ""} {
		tabTo(t, p, fmt.Sprintf(`e.id === "g-panel-%s"`, panel))
		p.Press(browser.Enter)
		p.WaitFor(fmt.Sprintf(`document.getElementById("g-panel-body").dataset.panel === %q`, panel))
	}

	// A control is changed, the theme, and what the menu of the toolbar has.
	tabTo(t, p, `e.name === "label"`)
	p.Press("Pets of ")
	p.WaitFor(inFrame + `.querySelector(".grid").ariaLabel.includes("Pets of ")`)
	tabTo(t, p, `e.id === "g-set-theme-dark"`)
	p.Press(browser.Enter)
	p.WaitFor(inFrame + `.documentElement.dataset.theme === "dark"`)
	tabTo(t, p, `e.closest("#g-drop-inspect") && e.matches("summary")`)
	p.Press(browser.Enter)
	tabTo(t, p, `e.id === "g-set-outline"`)
	p.Press(browser.Enter)
	p.WaitFor(inFrame + `.documentElement.dataset.outline === "on"`)
	p.Press(browser.Escape)
	p.WaitFor(`document.activeElement.matches("#g-drop-inspect > summary") && !document.querySelector(".g-drop[open]")`)

	// Into the frame, and out of it again.
	p.Press("2")
	p.WaitFor(`document.activeElement.id === "g-frame"`)
	p.Press(browser.Tab)
	p.WaitFor(inFrame + `.activeElement.closest("#g-story") !== null`)
	for range 200 {
		p.Press(browser.Tab)
		if browser.Eval[bool](p, `document.activeElement.id !== "g-frame"`) {
			break
		}
	}
	if at := browser.Eval[string](p, `document.activeElement.id`); at == "g-frame" {
		t.Fatal("the Tab key does not lead out of the frame")
	}
	p.Press("3")
	p.WaitFor(`document.activeElement.id === "g-panel-body"`)
	p.Press("1")
	p.WaitFor(`document.activeElement.matches("#g-nav [aria-current]")`)

	// The next story, and the one before.
	tabTo(t, p, `e.id === "g-go-next"`)
	p.Press(browser.Enter)
	p.WaitFor(`location.pathname !== "/gallery/lists/grid/usual" && document.activeElement.id === "g-go-next"`)
	tabTo(t, p, `e.id === "g-go-previous"`)
	p.Press(browser.Enter)
	p.WaitFor(`location.pathname === "/gallery/lists/grid/usual"`)
	quiet(t, p)
}

// tabTo presses Tab until what has the focus, e, is as told. Whatever has it must be seen and be marked.
func tabTo(t *testing.T, p *browser.Page, wanted string) {
	t.Helper()
	for range 400 {
		p.Press(browser.Tab)
		at := browser.Eval[string](p, `(() => {
			const e = document.activeElement;
			if (e === document.body) return "";
			if (`+wanted+`) return "here";
			const style = getComputedStyle(e), on = e.id === "g-frame" || e.matches("#g-panel-body, .g-pre");
			return on || style.outlineStyle !== "none" || style.boxShadow !== "none" || e.matches(".g-hidden") ? "" : "has the focus and does not show it: " + e.outerHTML.slice(0, 120);
		})()`)
		if at == "here" {
			return
		}
		if strings.HasPrefix(at, "has") {
			t.Error(at)
		}
	}
	t.Fatalf("the Tab key does not lead to what is %s", wanted)
}

// galleryWithoutJavaScript is the gallery in a browser that runs no scripts: words, documentation, and controls as a form.
// Where a link or the form leads is opened, which waits for all of the page: nothing in it could tell when it is there.
func galleryWithoutJavaScript(t *testing.T, c *clinic) {
	p := browser.New(t, browser.Options{NoJavaScript: true})
	follow := func(link string) { p.Open(browser.Eval[string](p, `document.querySelector(`+quoted(link)+`).href`)) }
	holds := func(expression string) {
		t.Helper()
		if !browser.Eval[bool](p, expression) {
			t.Errorf("at %s it does not hold that %s", browser.Eval[string](p, `location.href`), expression)
		}
	}
	const label = "Book visit, now & <here>"

	p.Open(c.url + "/gallery")
	holds(inFrame + `.querySelectorAll(".g-card").length > 50`)
	follow(`#g-nav [data-path="actions/button"] > a`)
	holds(inFrame + `.getElementById("g-anatomy") !== null && ` + inFrame + `.querySelectorAll(".g-state").length > 5`)
	follow(`.g-tabs a[href$="/primary"]`)
	holds(`document.querySelector(".g-apply button").checkVisibility()`)
	p.Open(browser.Eval[string](p, `(form => {
		form.elements.label.value = `+quoted(label)+`;
		return form.action + "?" + new URLSearchParams(new FormData(form));
	})(document.getElementById("g-controls"))`))
	holds(`new URLSearchParams(location.search).get("label") === ` + quoted(label))
	holds(inFrame + `.querySelector("#g-story .button").innerText.trim() === ` + quoted(label))
	follow(`#g-set-theme-dark`)
	holds(inFrame + `.documentElement.dataset.theme === "dark" && new URLSearchParams(location.search).get("label") === ` + quoted(label))
	follow(`#g-panel-code`)
	holds(`document.querySelector("#g-code-go").innerText.includes("now & <here>")`)
	for _, unseen := range []string{`[data-copy]`, `[data-again]`, `#g-handle`} {
		holds(`![...document.querySelectorAll(` + quoted(unseen) + `)].some((e) => e.checkVisibility())`)
	}
}

// changesPassAxe shows the Changes panel of a story with a picture that changed, one that is new and one as before.
func changesPassAxe(t *testing.T) {
	g, err := theGallery()
	if err != nil {
		t.Fatal(err)
	}
	checks := gallery.Checks{Browser: "Chromium", Taken: time.Date(2026, 11, 24, 14, 30, 0, 0, time.UTC), Known: true, Stories: map[string]*gallery.Checked{
		"actions/button/primary": {Findings: 2, Pictures: []gallery.Taken{
			{View: "390-light", State: gallery.TakenChanged, Pixels: 12, Before: true}, {View: "768-dark", State: gallery.TakenNew}, {View: "1280-light", State: gallery.TakenSame},
		}},
	}}
	mux := http.NewServeMux()
	mux.Handle("/static/", static.Handler())
	mux.HandleFunc("/gallery/_/pictures/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/png")
		_ = png.Encode(w, image.NewGray(image.Rect(0, 0, 390, 120)))
	})
	mux.HandleFunc("/gallery/", func(w http.ResponseWriter, r *http.Request) {
		path, framed := strings.CutPrefix(strings.TrimPrefix(r.URL.Path, "/gallery/"), "_/frame/")
		visit, err := g.Visit(path, r.URL.RawQuery)
		if err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
			return
		}
		visit.Develop(gallery.Workshop{Checks: &checks, Pictures: "/gallery/_/pictures"})
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if framed {
			_ = visit.Frame().Render(r.Context(), w)
			return
		}
		_ = visit.Page().Render(r.Context(), w)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)

	for _, dark := range []bool{false, true} {
		p := browser.New(t, browser.Options{Dark: dark})
		p.Open(server.URL + aStory + "?~panel=changes")
		p.WaitFor(inFrame + `?.documentElement.dataset.watched === ""`)
		tabTo(t, p, `e.matches(".g-compare-by input")`)
		p.Press(browser.ArrowRight)
		p.WaitFor(`document.querySelector(".g-compare").style.getPropertyValue("--at") === "51%"`)
		if said := p.Text("#g-nav [data-path='actions/button/primary'] .g-badge"); said != "2" {
			t.Errorf("the tree counts %s findings", said)
		}
		quiet(t, p)
		for _, found := range p.AxeIn(`{exclude: [["iframe"]]}`, nil) {
			t.Errorf("dark %v: %s", dark, found)
		}
	}
}
