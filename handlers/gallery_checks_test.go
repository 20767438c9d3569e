package handlers

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"purplecross/views/gallery"
)

// theChecks is what the checks of this process found, for the gallery's sidebar and its Changes panel. A run of some of
// them leaves what others found before.
var theChecks struct {
	sync.Mutex
	gallery.Checks
}

// checksFolder is where they are left, at the root of the repository.
var checksFolder = filepath.Join("..", gallery.ChecksFolder)

// noteChecks changes what is known of a story.
func noteChecks(path string, change func(*gallery.Checked)) {
	theChecks.Lock()
	defer theChecks.Unlock()
	if theChecks.Stories == nil {
		theChecks.Stories = map[string]*gallery.Checked{}
		if before := gallery.ReadChecks(checksFolder); before != nil && before.Stories != nil {
			theChecks.Checks = *before
		}
	}
	if theChecks.Stories[path] == nil {
		theChecks.Stories[path] = &gallery.Checked{}
	}
	change(theChecks.Stories[path])
}

// keepChecks writes them, without stories that are no more.
func keepChecks(t *testing.T) {
	t.Helper()
	known := map[string]bool{}
	everyStory(t, func(_ *gallery.Gallery, story gallery.CatalogueStory) { known[pathOf(story)] = true })
	theChecks.Lock()
	defer theChecks.Unlock()
	for path := range theChecks.Stories {
		if !known[path] {
			delete(theChecks.Stories, path)
		}
	}
	text, err := json.MarshalIndent(theChecks.Checks, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(checksFolder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(checksFolder, "checks.json"), text, 0o600); err != nil {
		t.Fatal(err)
	}
}

func pathOf(story gallery.CatalogueStory) string { return strings.TrimPrefix(story.URL, "/gallery/") }

// noteFindings starts to count anew what axe finds, and returns what counts.
func noteFindings(t *testing.T) func(gallery.CatalogueStory, []string) {
	t.Helper()
	t.Cleanup(func() { keepChecks(t) })
	everyStory(t, func(_ *gallery.Gallery, story gallery.CatalogueStory) {
		noteChecks(pathOf(story), func(c *gallery.Checked) { c.Findings = 0 })
	})
	return func(story gallery.CatalogueStory, found []string) {
		noteChecks(pathOf(story), func(c *gallery.Checked) { c.Findings += len(found) })
	}
}

// notePicture keeps a picture's place in the order of views.
func notePicture(story gallery.CatalogueStory, taken gallery.Taken) {
	noteChecks(pathOf(story), func(c *gallery.Checked) {
		c.Pictures = slices.DeleteFunc(c.Pictures, func(t gallery.Taken) bool {
			return t.View == taken.View || !slices.Contains(pictureViews(), t.View)
		})
		c.Pictures = append(c.Pictures, taken)
		slices.SortFunc(c.Pictures, func(a, b gallery.Taken) int {
			return slices.Index(pictureViews(), a.View) - slices.Index(pictureViews(), b.View)
		})
	})
}
