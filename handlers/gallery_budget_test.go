package handlers

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"purplecross/internal/browser"
	"purplecross/views/gallery"
)

// What a designer waits for on a slow line: the gallery's page and all it asks for, as it goes over the wire.
func TestTheGallerysOwnPageIsLight(t *testing.T) {
	c := newClinic(t)
	page := wire(t, c.url+aStory)
	requests, bytes := 1, len(page)
	doc := c.visitor(t).get(t, aStory)
	doc.Find(`link[rel="stylesheet"], link[rel="icon"], link[rel="modulepreload"], script[src]`).Each(func(_ int, asked *goquery.Selection) {
		requests++
		bytes += len(wire(t, c.url+asked.AttrOr("src", asked.AttrOr("href", ""))))
	})
	if requests > 6 || bytes > 40_000 {
		t.Errorf("the page takes %d requests and %d bytes", requests, bytes)
	}
	if frame := wire(t, c.url+"/gallery/_/frame/actions/button/primary"); len(frame) > 15_000 {
		t.Errorf("a frame's document takes %d bytes", len(frame))
	}
}

// wire is what an address answers, packed as a browser asks for it.
func wire(t *testing.T, address string) []byte {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept-Encoding", "gzip")
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %v", address, response.Status, err)
	}
	return body
}

// What a gallery of a thousand stories sends for its tree, whatever else it holds.
func TestTheTreeOfAThousandStoriesIsLight(t *testing.T) {
	type props struct{ Label string }
	var entries []gallery.Entry
	for i := range 100 {
		c := gallery.Component[props]{
			Path: fmt.Sprintf("Group %d/Component with a name %d", i/10, i),
			View: func(p props) templ.Component { return templ.Raw(templ.EscapeString(p.Label)) },
		}
		for j := range 10 {
			c.Stories = append(c.Stories, gallery.Story[props]{Name: fmt.Sprintf("State of it %d", j), Args: props{"Text"}})
		}
		entries = append(entries, c)
	}
	g, err := gallery.New(gallery.Options{Title: "A thousand"}, entries...)
	if err != nil {
		t.Fatal(err)
	}
	visit, err := g.Visit("group-1/component-with-a-name-10/state-of-it-3", "")
	if err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	packed := gzip.NewWriter(&page)
	if err := visit.Page().Render(t.Context(), packed); err != nil {
		t.Fatal(err)
	}
	if err := packed.Close(); err != nil {
		t.Fatal(err)
	}
	if page.Len() > 80_000 {
		t.Errorf("the page takes %d bytes", page.Len())
	}
	t.Logf("%d bytes", page.Len())
}

// The gallery's speed in Chromium, in milliseconds: go test ./handlers -run none -bench Gallery -benchtime 30x
// A story that is opened in a new browser, the next story, and a letter more in a control. STORYBOOK names a folder with
// a built Storybook, to be measured in the same run: views/gallery/bench/beside-storybook makes one.
func BenchmarkGallery(b *testing.B) {
	c := newClinic(b).url
	story := func(i int) string {
		return c + [...]string{"/gallery/actions/button/primary", "/gallery/forms/field/wrong", "/gallery/status/badge/info"}[i%3]
	}
	shown := func(i int) string {
		return inFrame + `?.querySelector("#g-story ` + [...]string{".button", ".field", ".badge"}[i%3] + `") !== null && ` + inFrame + `.documentElement.dataset.watched === ""`
	}

	b.Run("cold", func(b *testing.B) { measureCold(b, story, shown) })
	b.Run("switch", func(b *testing.B) {
		p := browser.New(b, browser.Options{})
		p.Open(story(0))
		p.WaitFor(shown(0))
		measured(b, func(int) time.Duration { return untilDrawn(p, `document.getElementById("g-go-next").click()`) })
	})
	b.Run("control", func(b *testing.B) {
		p := browser.New(b, browser.Options{})
		p.Open(story(0))
		p.WaitFor(shown(0))
		measured(b, func(i int) time.Duration {
			return untilDrawn(p, fmt.Sprintf(`(i => { i.value = "Label %d"; i.dispatchEvent(new Event("input", {bubbles: true})) })(document.querySelector("[name=label]"))`, i))
		})
	})
}

// BenchmarkGalleryBeside measures the same of a built Storybook, in the folder that STORYBOOK names.
func BenchmarkGalleryBeside(b *testing.B) {
	folder := os.Getenv("STORYBOOK")
	if folder == "" {
		b.Skip("STORYBOOK names no folder")
	}
	server := httptest.NewServer(http.FileServer(http.Dir(folder)))
	b.Cleanup(server.Close)
	names := [...]string{"primary", "danger", "quiet"}
	labels := [...]string{"Book visit", "Cancel visit", "Show all"}
	story := func(i int) string { return server.URL + "/?path=/story/actions-button--" + names[i%3] }
	button := `document.getElementById("storybook-preview-iframe")?.contentDocument?.querySelector("#storybook-root button")?.textContent`
	shown := func(i int) string { return button + ` === ` + quoted(labels[i%3]) }

	b.Run("cold", func(b *testing.B) { measureCold(b, story, shown) })
	until := func(p *browser.Page, do, text string) time.Duration {
		ms := browser.Eval[float64](p, `new Promise((done) => {
			const start = performance.now();
			`+do+`;
			const look = () => `+button+` === `+quoted(text)+` ? done(performance.now() - start) : requestAnimationFrame(look);
			look();
		})`)
		return time.Duration(ms * float64(time.Millisecond))
	}
	b.Run("switch", func(b *testing.B) {
		p := browser.New(b, browser.Options{})
		p.Open(story(0))
		p.WaitFor(shown(0))
		p.WaitFor(`document.querySelector('[data-item-id="actions-button--danger"] a, a[data-item-id="actions-button--danger"]') !== null`)
		measured(b, func(i int) time.Duration {
			next := (i + 1) % 3
			return until(p, `document.querySelector('[data-item-id="actions-button--`+names[next]+`"] a, a[data-item-id="actions-button--`+names[next]+`"]').click()`, labels[next])
		})
	})
	b.Run("control", func(b *testing.B) {
		p := browser.New(b, browser.Options{})
		p.Open(story(0))
		p.WaitFor(shown(0))
		p.WaitFor(`document.getElementById("control-label") !== null`)
		measured(b, func(i int) time.Duration {
			text := fmt.Sprintf("Label %d", i)
			return until(p, `(e => { Object.getOwnPropertyDescriptor(Object.getPrototypeOf(e), "value").set.call(e, `+quoted(text)+`);
				e.dispatchEvent(new Event("input", {bubbles: true})) })(document.getElementById("control-label"))`, text)
		})
	})
}

// measureCold opens stories in new browsers, and counts what they ask for, the page and its frame.
func measureCold(b *testing.B, story, shown func(int) string) {
	b.Helper()
	var requests, size float64
	measured(b, func(i int) time.Duration {
		p := browser.New(b, browser.Options{})
		defer p.Close()
		start := time.Now()
		p.Open(story(i))
		p.WaitFor(shown(i))
		took := time.Since(start)
		asked := browser.Eval[[]float64](p, `(() => {
			let requests = 0, bytes = 0;
			for (const inside of [window, ...Array.from({ length: window.length }, (_, i) => window[i])]) for (const e of [...inside.performance.getEntriesByType("navigation"), ...inside.performance.getEntriesByType("resource")]) {
				if (e.initiatorType === "iframe") continue;
				requests++;
				bytes += e.transferSize;
			}
			return [requests, bytes];
		})()`)
		requests, size = asked[0], asked[1]
		return took
	})
	b.ReportMetric(requests, "requests")
	b.ReportMetric(size/1000, "kB")
}

// untilDrawn is how long it takes from doing something until the frame's story is another element, by the page's clock.
func untilDrawn(p *browser.Page, do string) time.Duration {
	ms := browser.Eval[float64](p, `new Promise((done) => {
		const inside = `+inFrame+`, before = inside.getElementById("g-story"), start = performance.now();
		new MutationObserver((_, all) => {
			if (inside.getElementById("g-story") === before) return;
			all.disconnect();
			requestAnimationFrame(() => done(performance.now() - start));
		}).observe(inside.body, {childList: true});
		`+do+`;
	})`)
	return time.Duration(ms * float64(time.Millisecond))
}

// measured reports the median.
func measured(b *testing.B, once func(i int) time.Duration) {
	b.Helper()
	var took []time.Duration
	for i := range b.N {
		took = append(took, once(i))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2])/float64(time.Millisecond), "p50-ms")
}
