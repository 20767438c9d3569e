package static

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestEveryMapLeadsToItsSource(t *testing.T) {
	for name, wants := range map[string]string{
		"vendor/htmx.min.js": "htmx", "vendor/sentry.min.js": "@sentry/browser", "vendor/sentry-replay.min.js": "@sentry/replay",
	} {
		body, err := Read(name)
		if err != nil {
			t.Fatal(err)
		}
		id := DebugID(name)
		if len(id) != 36 || !strings.HasSuffix(string(body), "//# debugId="+id+"\n") {
			t.Errorf("%s has not the debug id of its map, %q", name, id)
		}
		seen := map[string]bool{}
		for i, line := range strings.Split(string(body), "\n") {
			for column := 1; column < len(line); column += 97 {
				source, _, _ := strings.Cut(Original(name, i+1, column), ":")
				seen[source] = true
			}
		}
		var found bool
		for source := range seen {
			found = found || strings.Contains(source, wants)
		}
		if !found {
			t.Errorf("no place of %s leads to %s: %v", name, wants, seen)
		}
		answer := httptest.NewRecorder()
		Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, Prefix+strings.Replace(name, "vendor/", "maps/", 1)+".map", nil))
		if answer.Code != http.StatusNotFound {
			t.Errorf("the map of %s is served: %d", name, answer.Code)
		}
	}
	if Original("vendor/htmx.min.js", 99999, 1) != "" || Original("js/app.js", 1, 1) != "" {
		t.Error("a place that is not there leads somewhere")
	}
}

// The first words of a function in the minified file are those of its source.
func TestAPlaceInHtmxIsTheOneInItsSource(t *testing.T) {
	body, err := Read("vendor/htmx.min.js")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(body), "\n")
	for i, line := range lines {
		if column := strings.Index(line, `"htmx:after:swap"`); column >= 0 {
			if got := Original("vendor/htmx.min.js", i+1, column+1); !strings.Contains(got, "htmx.js:") {
				t.Errorf("line %d, column %d is %q", i+1, column+1, got)
			}
			return
		}
	}
	t.Error("htmx has no such event any more")
}
