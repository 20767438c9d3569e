package static

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

func get(t *testing.T, path string, header ...string) *http.Response {
	t.Helper()
	request := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	recorder := httptest.NewRecorder()
	Handler().ServeHTTP(recorder, request)
	return recorder.Result()
}

func TestEveryImportIsThere(t *testing.T) {
	if _, err := build(embedded); err != nil {
		t.Fatal(err)
	}
}

func TestAHashedFileMayBeKeptForEver(t *testing.T) {
	url := URL("css/app.css")
	if !regexp.MustCompile(`^/static/css/app\.[0-9a-f]{16}\.css$`).MatchString(url) {
		t.Fatalf("address %s", url)
	}
	answer := get(t, url, "Accept-Encoding", "gzip")
	if answer.StatusCode != 200 || answer.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" || answer.Header.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("%d %v", answer.StatusCode, answer.Header)
	}
	unzipped, err := gzip.NewReader(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	packed, _ := io.ReadAll(unzipped)
	plain, _ := io.ReadAll(get(t, url).Body)
	if !bytes.Equal(packed, plain) || bytes.Contains(plain, []byte("@import")) {
		t.Error("the two forms differ, or an import is left")
	}
	if again := get(t, url, "Accept-Encoding", "gzip", "If-None-Match", answer.Header.Get("ETag")); again.StatusCode != 304 {
		t.Errorf("asked again: %d", again.StatusCode)
	}
}

func TestAPageOfAnotherVersionGetsWhatThereIs(t *testing.T) {
	answer := get(t, "/static/css/app.0000000000000000.css")
	if answer.StatusCode != 200 || answer.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("%d %v", answer.StatusCode, answer.Header)
	}
}

func TestOnlyWhatWasBuiltInIsServed(t *testing.T) {
	for _, path := range []string{"/static/", "/static/css", "/static/static.go", "/static/vendor/README.md", "/static/../static.go", "/static/css/../../static.go", "/static/css/none.css"} {
		if answer := get(t, path); answer.StatusCode != 404 {
			t.Errorf("%s: %d", path, answer.StatusCode)
		}
	}
}

func TestAModuleFindsOthersByTheirHashes(t *testing.T) {
	all, err := build(fstest.MapFS{
		"js/app.js":     {Data: []byte("import \"./one.js\"\nimport { two } from \"./sub/two.js\"\nconst late = () => import(\"./late.js\")\nconst text = 'from \"./not.js\"'\n")},
		"js/one.js":     {Data: []byte("export const one = 1\n")},
		"js/sub/two.js": {Data: []byte("export { one as two } from \"../one.js\"\n")},
		"js/late.js":    {Data: []byte("")},
		"css/app.css":   {Data: []byte("@import \"part.css\";\n.a { background: url(\"../icons/x.svg\"); }\n")},
		"css/part.css":  {Data: []byte(".part { color: red; }\n")},
		"icons/x.svg":   {Data: []byte("<svg/>")},
	})
	if err != nil {
		t.Fatal(err)
	}
	app := string(all["js/app.js"].body)
	for _, name := range []string{"js/one.js", "js/sub/two.js", "js/late.js"} {
		if !strings.Contains(app, `"`+all[name].url+`"`) {
			t.Errorf("%s is not named by its hash in:\n%s", name, app)
		}
	}
	if !strings.Contains(string(all["js/sub/two.js"].body), all["js/one.js"].url) {
		t.Error("an import of an import is not rewritten")
	}
	sheet := string(all["css/app.css"].body)
	if !strings.HasPrefix(sheet, ".part") || !strings.Contains(sheet, all["icons/x.svg"].url) {
		t.Errorf("the sheet is %s", sheet)
	}
}

func TestAnImportThatIsNotThereOrGoesInACircleIsRefused(t *testing.T) {
	for _, files := range []fstest.MapFS{
		{"js/app.js": {Data: []byte(`import "./none.js"`)}},
		{"js/a.js": {Data: []byte(`import "./b.js"`)}, "js/b.js": {Data: []byte(`import "./a.js"`)}},
	} {
		if _, err := build(files); err == nil {
			t.Errorf("%v was built", files)
		}
	}
}

// A colour has one home, so that light, dark, contrast and print are decided in one place.
func TestNoColourStandsOutsideTheTokens(t *testing.T) {
	literal := regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b|\b(?:rgba?|hsla?|oklch|oklab|lab|lch)\(`)
	sheets, _ := fs.Glob(embedded, "css/*.css")
	for _, name := range sheets {
		if filepath.Base(name) == "tokens.css" {
			continue
		}
		body, _ := embedded.ReadFile(name)
		for i, line := range strings.Split(string(body), "\n") {
			if found := literal.FindString(line); found != "" && !strings.Contains(line, "url(") {
				t.Errorf("%s:%d: %s", name, i+1, found)
			}
		}
	}
}
