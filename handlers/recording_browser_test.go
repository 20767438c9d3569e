package handlers

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/labstack/echo/v4"

	"purplecross/internal/browser"
)

// inflated is what stands in a recording.
func inflated(t *testing.T, recording []byte) string {
	t.Helper()
	_, body, _ := bytes.Cut(recording, []byte("\n"))
	reader, err := zlib.NewReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}

// sentByPages remembers the recordings as pages sent them, before our server masks them once more.
func sentByPages(e *echo.Echo) func() [][]byte {
	var mu sync.Mutex
	var sent [][]byte
	e.Pre(func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if c.Request().URL.Path == "/monitoring" {
				body, _ := io.ReadAll(c.Request().Body)
				c.Request().Body = io.NopCloser(bytes.NewReader(body))
				if _, recording, found := bytes.Cut(body, []byte(`"replay_recording"`)); found {
					_, recording, _ = bytes.Cut(recording, []byte("\n"))
					mu.Lock()
					sent = append(sent, recording)
					mu.Unlock()
				}
			}
			return next(c)
		}
	})
	return func() [][]byte {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(sent)
	}
}

// Where the clinic has said yes, what came before a failure arrives: the page, its classes and its sheets, every letter a
// star, under the same strict policy. Neither what the page sends nor what leaves has anybody in it.
func TestWhatCameBeforeAFailureIsRecordedMaskedByPageAndServer(t *testing.T) {
	c := newClinic(t)
	to := reporting(t, c)
	if _, err := c.pool.Exec(t.Context(), `update clinic set records_pages = true`); err != nil {
		t.Fatal(err)
	}
	c.app.name.forget()
	e := New(c.app)
	sent := sentByPages(e)
	server := httptest.NewServer(e)
	t.Cleanup(server.Close) // after the browser, whose page follows the news
	p := browser.New(t, browser.Options{})
	p.SetCookie(server.URL, c.sessionCookie(t, "reception"))
	p.Open(server.URL + "/patients?q=Featherstone")
	p.WaitFor(`typeof SentryReplay === "object"`)
	p.WaitFor(`sessionStorage.getItem("sentryReplaySession") !== null`)
	p.Type("#grid-q", "Mabel")
	browser.Eval[bool](p, `
		const secret = document.createElement("a")
		secret.href = "tel:9705550167"; secret.title = "Featherstone"; secret.dataset.email = "mabel.featherstone@example.com"; secret.className = "panel Featherstone"
		secret.setAttribute("hx-vals", '{"name": "Featherstone"}'); secret.setAttribute("aria-description", "Featherstone"); secret.textContent = "Mabel Featherstone"
		document.body.append(secret)
		setTimeout(() => secret.setAttribute("data-note", "owner is rude"))
		document.title = "Mabel Featherstone"
		console.log("Featherstone")
		setTimeout(() => { null.Featherstone }, 300); true`)

	about := to.Wait("replay_event", func(map[string]any) bool { return true })
	if about["platform"] != "javascript" || !strings.Contains(fmt.Sprint(about["urls"]), "https://purple-cross.invalid/patients") || fmt.Sprint(about["error_ids"]) == "[]" {
		t.Errorf("the piece is %v", about)
	}
	recordings := to.Items("replay_recording")
	left := inflated(t, recordings[0].Raw)
	for _, want := range []string{`"tagName":"main"`, `"class":"shell"`, `"_cssText":"@layer`, `***`} {
		if !strings.Contains(left, want) {
			t.Errorf("no %s in what left (%d bytes)", want, len(left))
		}
	}
	var pages strings.Builder
	for _, one := range sent() {
		pages.WriteString(inflated(t, one))
	}
	if !strings.Contains(pages.String(), `"tagName":"main"`) {
		t.Errorf("no page in what pages sent (%d bytes), so nothing is proved", pages.Len())
	}
	for place, text := range map[string]string{"what pages sent": pages.String(), "what left": left + to.Text()} {
		for _, secret := range []string{"Featherstone", "Mabel", "mabel.featherstone", "9705550167", "owner is rude", "reception@", "demo.clinic", url.QueryEscape("owner is rude")} {
			if strings.Contains(text, secret) {
				t.Errorf("%q is in %s", secret, place)
			}
		}
	}
}

// Nobody who said no is recorded, and nobody at all where the clinic has not said yes; an envelope of theirs is not passed on.
func TestWhoSaysNoIsNotRecorded(t *testing.T) {
	c := newClinic(t)
	_ = reporting(t, c)
	desk := c.signIn(t, "reception")
	recorder := func() int { return desk.get(t, "/patients").Find("meta[name=recorder]").Length() }
	if recorder() != 0 {
		t.Error("recorded though the clinic has not said yes")
	}
	if got := desk.post(t, "/session/recording", url.Values{"recorded": {"true"}}); got.StatusCode != http.StatusSeeOther {
		t.Errorf("answered %s", got.Status)
	}
	if _, err := c.pool.Exec(t.Context(), `update clinic set records_pages = true`); err != nil {
		t.Fatal(err)
	}
	c.app.name.forget()
	if recorder() != 1 {
		t.Error("not recorded though both said yes")
	}
	if notice := desk.get(t, "/session").Find("#recording").Text(); !strings.Contains(notice, "Every letter and every number is a star") {
		t.Errorf("the notice is %q", notice)
	}
	desk.post(t, "/session/recording", url.Values{"recorded": {"false"}})
	if recorder() != 0 {
		t.Error("recorded against a person's no")
	}
	if desk.get(t, "/session").Find(`#recording input[value="true"]`).Length() != 1 {
		t.Error("there is no way back")
	}
}
