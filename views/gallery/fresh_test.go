package gallery_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"purplecross/views/gallery"
)

func TestAStoryShowsTheValuesThatItsFileHasNow(t *testing.T) {
	built, err := os.ReadFile("sample_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ story, from, to, shows string }{
		{"plain", `{Name: "Coco"}`, `{Name: "Cocoa & Co", Mood: MoodCross, Size: SizeLarge}`, `class="cross">Cocoa &amp; Co l</p>`},
		{"everything", `Name: "Biscuit", Story`, `Name: "Biskuit", Story`, `>Biskuit `},
		{"everything", `Legs: 4,`, ``, ``},
		{"plain", `{Name: "Coco"}`, `{Name: strings.ToUpper("Coco")}`, `>Coco `}, // takes a build
		{"made-up", `return SampleProps{Name: w.Pet(), Born: w.Day(-400), Body: Badge("made")}`, `panic("no such pet")`, `<b>made</b>`},
		{"plain", `{Name: "Coco"}`, `{Name: "Coco`, `>Coco `}, // half typed
	} {
		edited := strings.Replace(string(built), c.from, c.to, 1)
		if edited == string(built) {
			t.Fatalf("there is no %s", c.from)
		}
		visit, err := newGallery(t).Visit("pets/sample/"+c.story, "")
		if err != nil {
			t.Fatal(err)
		}
		visit.Develop(gallery.Workshop{Files: fstest.MapFS{"sample.go": {Data: []byte(edited)}}})
		html, err := visit.HTML(t.Context())
		if err != nil || !strings.Contains(html, c.shows) {
			t.Errorf("%s to %s: %q %v", c.from, c.to, html, err)
		}
		if c.to == "" && strings.Count(html, "<p") != 1 {
			t.Errorf("without the number of legs: %s", html)
		}
	}
}
