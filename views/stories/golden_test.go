package stories_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"purplecross/views/gallery"
)

var update = flag.Bool("update", false, "write the HTML of every story to testdata, as it is now")

// The HTML of every story, as it was when somebody last looked: a change of a component shows what it does to each of
// its states. After an intended change:
//
//	go test ./views/stories -run Golden -update
func TestGoldenHTMLOfEveryStory(t *testing.T) {
	said := map[string]*strings.Builder{}
	each(t, newGallery(t), func(path string, _ gallery.CatalogueStory, v *gallery.Visit) {
		markup, err := v.Pretty(t.Context())
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		parts := strings.Split(path, "/")
		name := parts[0] + "." + parts[1] + ".html"
		if said[name] == nil {
			said[name] = &strings.Builder{}
		}
		fmt.Fprintf(said[name], "<!-- %s -->\n%s\n\n", parts[2], markup)
	})

	if *update {
		rewrite(t, said)
	}
	for name, now := range said {
		before, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Errorf("%s is new: run go test ./views/stories -run Golden -update, and look at what it says", name)
			continue
		}
		if different := difference(string(before), now.String()); different != "" {
			t.Errorf("%s has changed. If it was meant to: go test ./views/stories -run Golden -update\n%s", name, different)
		}
	}
	kept, _ := filepath.Glob("testdata/*.html")
	for _, file := range kept {
		if said[filepath.Base(file)] == nil {
			t.Errorf("%s is of a component that is no more: run go test ./views/stories -run Golden -update", file)
		}
	}
}

func rewrite(t *testing.T, said map[string]*strings.Builder) {
	t.Helper()
	if err := os.RemoveAll("testdata"); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir("testdata", 0o755); err != nil {
		t.Fatal(err)
	}
	for name, now := range said {
		if err := os.WriteFile(filepath.Join("testdata", name), []byte(now.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// difference is the first places where two texts differ, with the story they are in; "" where they are the same.
func difference(before, now string) string {
	if before == now {
		return ""
	}
	a, b := strings.Split(before, "\n"), strings.Split(now, "\n")
	var said strings.Builder
	story, places := "", 0
	for i, j := 0, 0; (i < len(a) || j < len(b)) && places < 5; {
		if i < len(a) && j < len(b) && a[i] == b[j] {
			if strings.HasPrefix(a[i], "<!-- ") {
				story = a[i]
			}
			i, j = i+1, j+1
			continue
		}
		goneTo, newTo := meet(a[i:], b[j:])
		fmt.Fprintf(&said, "%s line %d\n", story, i+1)
		for _, line := range a[i : i+goneTo] {
			said.WriteString("  - " + line + "\n")
		}
		for _, line := range b[j : j+newTo] {
			said.WriteString("  + " + line + "\n")
		}
		i, j, places = i+goneTo, j+newTo, places+1
	}
	return said.String()
}

// meet is how far two texts must be read on until they agree again.
func meet(a, b []string) (inA, inB int) {
	const far = 40
	for sum := 1; sum < far; sum++ {
		for inA := range min(sum, len(a)) + 1 {
			inB := sum - inA
			if inB <= len(b) && inA < len(a) && inB < len(b) && a[inA] == b[inB] {
				return inA, inB
			}
		}
	}
	return min(len(a), far), min(len(b), far)
}

func TestADifferenceIsSaidInItsPlace(t *testing.T) {
	before := "<!-- plain -->\n<p>\n  one\n</p>\n\n<!-- loud -->\n<p>\n  two\n</p>\n"
	now := strings.Replace(before, "  two", "  three\n  four", 1)
	if got, want := difference(before, now), "<!-- loud --> line 8\n  -   two\n  +   three\n  +   four\n"; got != want {
		t.Errorf("said %q, want %q", got, want)
	}
	if difference(before, before) != "" {
		t.Error("the same is different")
	}
}
