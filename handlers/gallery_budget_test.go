package handlers

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"purplecross/internal/browser"
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

// The gallery's speed in Chromium, in milliseconds: go test ./handlers -run none -bench Gallery -benchtime 30x
// A story that is opened in a new browser, the next story, and a letter more in a control.
func BenchmarkGallery(b *testing.B) {
	c := newClinic(b).url
	story := func(i int) string {
		return c + [...]string{"/gallery/actions/button/primary", "/gallery/forms/field/wrong", "/gallery/status/badge/info"}[i%3]
	}
	shown := func(i int) string {
		return inFrame + `?.querySelector("#g-story ` + [...]string{".button", ".field", ".badge"}[i%3] + `") !== null && ` + inFrame + `.documentElement.dataset.watched === ""`
	}

	b.Run("cold", func(b *testing.B) {
		measured(b, func(i int) time.Duration {
			p := browser.New(b, browser.Options{})
			start := time.Now()
			p.Open(story(i))
			p.WaitFor(shown(i))
			return time.Since(start)
		})
	})
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
