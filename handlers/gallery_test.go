package handlers

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"purplecross/views/gallery"
)

const aStory = "/gallery/actions/button/primary"

func body(t *testing.T, response *http.Response) string {
	t.Helper()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTheGallery(t *testing.T) {
	c := newClinic(t)
	t.Run("works without JavaScript", func(t *testing.T) { galleryWorksWithoutJavaScript(t, c) })
	t.Run("has frames that know nothing of who asks", func(t *testing.T) { galleryFramesKnowNobody(t, c) })
	t.Run("gives a script the part that changes", func(t *testing.T) { galleryGivesParts(t, c) })
	t.Run("names every story in its catalogue", func(t *testing.T) { galleryHasACatalogue(t, c) })
}

func galleryWorksWithoutJavaScript(t *testing.T, c *clinic) {
	s := c.visitor(t)
	index := s.get(t, "/gallery")
	component := index.Find(".g-group:not([data-pages]) .g-component > a").First().AttrOr("href", "")
	story := s.get(t, component).Find(".g-tabs a").Eq(1).AttrOr("href", "")
	page := s.get(t, story)

	form := page.Find("#g-controls")
	fields := url.Values{}
	form.Find("input[type=hidden]").Each(func(_ int, input *goquery.Selection) {
		fields.Set(input.AttrOr("name", ""), input.AttrOr("value", ""))
	})
	text := form.Find("input[type=text]").First().AttrOr("name", "")
	fields.Set(text, "Who’s next?")
	dark := page.Find("#g-set-theme-dark").AttrOr("href", "")
	at, err := url.Parse(dark)
	if err != nil {
		t.Fatal(err)
	}
	for key, values := range at.Query() {
		fields[key] = values
	}

	response := s.do(t, http.MethodGet, form.AttrOr("action", "")+"?"+fields.Encode(), nil)
	address := response.Header.Get("Location")
	if want := (url.Values{text: {"Who’s next?"}, "~theme": {"dark"}}).Encode(); response.StatusCode != http.StatusSeeOther || !strings.HasSuffix(address, "?"+want) {
		t.Fatalf("the form leads to %s %s", response.Status, address)
	}
	frame := s.get(t, s.get(t, address).Find("iframe").AttrOr("src", ""))
	if said := frame.Find("#g-story").Text(); !strings.Contains(said, "Who’s next?") {
		t.Errorf("the frame says %q", said)
	}
	if theme := frame.Find("html").AttrOr("data-theme", ""); theme != "dark" {
		t.Errorf("the frame's theme is %q", theme)
	}
	for _, missing := range []string{"/gallery/nobody", "/gallery/actions/button/nobody", "/gallery/_/frame/nobody"} {
		if status := s.status(t, http.MethodGet, missing); status != http.StatusNotFound {
			t.Errorf("%s: %d", missing, status)
		}
	}
	if status := s.status(t, http.MethodGet, aStory+"?label="+strings.Repeat("x", 5000)); status != http.StatusRequestURITooLong {
		t.Errorf("an address of 5 kB: %d", status)
	}
}

func galleryFramesKnowNobody(t *testing.T, c *clinic) {
	vet, nobody := c.signIn(t, "vet"), c.visitor(t)
	at, _ := url.Parse(c.url)
	vet.client.Jar.SetCookies(at, []*http.Cookie{{Name: "theme", Value: "dark", Path: "/"}, {Name: "flash", Value: "U2FpZA", Path: "/"}})

	for _, frame := range []string{"/gallery/_/frame", "/gallery/_/frame/actions/button", "/gallery/_/frame/actions/button/primary?label=x"} {
		first, second := vet.do(t, http.MethodGet, frame, nil), nobody.do(t, http.MethodGet, frame, nil)
		if body(t, first) != body(t, second) {
			t.Errorf("%s is not the same for a vet and for nobody", frame)
		}
		if len(first.Cookies()) > 0 {
			t.Errorf("%s sets cookies", frame)
		}
		policy := first.Header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "/gallery/_/mock/;", "form-action 'none'", "frame-ancestors 'self'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s has the policy %q", frame, policy)
			}
		}
	}
}

func TestWhoEntersTheGalleryIsSaidByItsSetting(t *testing.T) {
	paths := []string{"/gallery", aStory, "/gallery/_/frame", "/gallery/_/frame/actions/button/primary", "/gallery/stories.json"}
	for setting, want := range map[string]struct{ nobody, designer int }{
		"public": {http.StatusOK, http.StatusOK},
		"staff":  {http.StatusSeeOther, http.StatusOK},
		"off":    {http.StatusSeeOther, http.StatusNotFound},
	} {
		c := newClinic(t, func(cfg *configOf) { cfg.Gallery = setting })
		nobody, designer := c.visitor(t), c.signIn(t, "designer")
		for _, path := range paths {
			if got := nobody.status(t, http.MethodGet, path); got != want.nobody {
				t.Errorf("GALLERY=%s: nobody reads %s with %d", setting, path, got)
			}
			if got := designer.status(t, http.MethodGet, path); got != want.designer {
				t.Errorf("GALLERY=%s: a designer reads %s with %d", setting, path, got)
			}
		}
	}
}

func galleryGivesParts(t *testing.T, c *clinic) {
	s := c.visitor(t)
	response := s.do(t, http.MethodGet, aStory+"?label=New&~form=1&unknown=x", nil, "X-Gallery-Part", "1")
	part := parse(t, response)
	if response.StatusCode != http.StatusOK || part.Find(".g-nav").Length() != 0 {
		t.Errorf("answered %s with the whole page", response.Status)
	}
	if address := part.Find("#g-main").AttrOr("data-address", ""); address != aStory+"?label=New" {
		t.Errorf("the part's address is %s", address)
	}
	if story, _ := part.Find("template#g-next").Html(); !strings.Contains(story, "New") {
		t.Errorf("the part's story is %s", story)
	}
}

func galleryHasACatalogue(t *testing.T, c *clinic) {
	s := c.visitor(t)
	var catalogue gallery.Catalogue
	if err := json.NewDecoder(s.do(t, http.MethodGet, "/gallery/stories.json", nil).Body).Decode(&catalogue); err != nil {
		t.Fatal(err)
	}
	if len(catalogue.Components) < 20 {
		t.Fatalf("%d components", len(catalogue.Components))
	}
	first := catalogue.Components[0]
	if len(first.Controls) == 0 || first.Doc == "" || !strings.HasPrefix(first.Call, "ui.") {
		t.Errorf("the first is %+v", first)
	}
	for _, story := range first.Stories {
		if status := s.status(t, http.MethodGet, story.Frame); status != http.StatusOK {
			t.Errorf("%s: %d", story.Frame, status)
		}
	}
}
