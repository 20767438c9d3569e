package browser

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func serve(t *testing.T, page string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'")
		_, _ = w.Write([]byte(page))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// The checks must be able to fail, or every test that stands on them proves nothing.
func TestAPageWithFaultsIsCaught(t *testing.T) {
	url := serve(t, `<!doctype html><html lang="en"><title>Faulty</title><main><h1>Faulty</h1><p style="color:red">Red</p><img src="data:,"><input></main></html>`)
	p := New(t, Options{})

	p.Open(url)

	found := strings.Join(p.Axe(), "\n")
	for _, rule := range []string{"image-alt", "label"} {
		if !strings.Contains(found, rule+":") {
			t.Errorf("axe does not find %s in:\n%s", rule, found)
		}
	}
	if said := strings.Join(p.Trouble(), "\n"); !strings.Contains(said, "Content Security Policy") {
		t.Errorf("the refused inline style is not noticed: %q", said)
	}
}

func TestAGoodPageIsQuiet(t *testing.T) {
	url := serve(t, `<!doctype html><html lang="en"><head><title>Good</title><link rel="icon" href="data:,"></head><body><main><h1>Good</h1><label>Name <input></label></main></body></html>`)
	p := New(t, Options{Dark: true})

	p.Open(url)
	p.Type("input", "Coco")

	if value := Eval[string](p, `document.querySelector("input").value`); value != "Coco" {
		t.Errorf("typed Coco, the page has %q", value)
	}
	if dark := Eval[bool](p, `matchMedia("(prefers-color-scheme: dark)").matches`); !dark {
		t.Errorf("the tab does not prefer dark")
	}
	if found := p.Axe(); len(found) > 0 {
		t.Errorf("axe finds in a good page: %v", found)
	}
}

func TestElementsAreFoundByRoleAndName(t *testing.T) {
	url := serve(t, `<!doctype html><html lang="en"><head><title>Named</title><link rel="icon" href="data:,"></head>
		<body><form><label>Surname <input name="surname"></label><button>Save</button><button name="booked" value="yes">Book visit</button></form></body></html>`)
	p := New(t, Options{})

	p.Open(url)
	p.TypeNamed("textbox", "Surname", "Court")
	p.ClickNamed("button", "Book visit")

	p.WaitFor(`location.search === "?surname=Court&booked=yes"`)
}
