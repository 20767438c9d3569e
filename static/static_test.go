package static

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/andybalholm/brotli"
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
		"js/app.js":     {Data: []byte("import \"./one.js\"\nconst late = () => import(\"./late.js\")\nconst sheet = \"../css/app.css\"\nconst text = 'from \"./not.js\"'\n")},
		"js/one.js":     {Data: []byte("export const one = 1\n")},
		"js/sub/two.js": {Data: []byte("export { three as two } from \"../three.js\"\n")},
		"js/three.js":   {Data: []byte("export const three = 3\n")},
		"js/late.js":    {Data: []byte("import { three } from \"./three.js\"\nconsole.log(three)\n")},
		"css/app.css":   {Data: []byte("@import \"part.css\";\n.a { background: url(\"../icons/x.svg\"); }\n")},
		"css/part.css":  {Data: []byte("/* says; nothing */\n.part > a:hover , .b { color: red;  --text: \"a: b; {\" }\n")},
		"icons/x.svg":   {Data: []byte("<svg/>")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, imports := range map[string]string{"js/app.js": "js/late.js css/app.css", "js/late.js": "js/three.js", "js/sub/two.js": "js/three.js"} {
		for imported := range strings.FieldsSeq(imports) {
			if body := string(all[name].body); !strings.Contains(body, `"`+all[imported].url+`"`) {
				t.Errorf("%s is not named by its hash in:\n%s", imported, body)
			}
		}
	}
	want := `.part > a:hover,.b{color:red;--text:"a: b; {"}.a{background:url("` + all["icons/x.svg"].url + `")}`
	if sheet := string(all["css/app.css"].body); sheet != want {
		t.Errorf("the sheet is\n%q\nnot\n%q", sheet, want)
	}
}

func TestWhatEveryPageNeedsIsOneScript(t *testing.T) {
	files := fstest.MapFS{
		"js/app.js":  {Data: []byte("// says why\nimport \"./deep.js\"\nimport { one, two as second } from \"./one.js\"\none(second)\n")},
		"js/deep.js": {Data: []byte("import { one } from \"./one.js\"\n{\n  one(0)\n}\nconst ask = () => import(\"./late.js\")\n")},
		"js/one.js":  {Data: []byte("\nexport function one(n) {\n  throw new Error(n)\n}\nexport const two = 2\n")},
		"js/late.js": {Data: []byte("import { one } from \"./one.js\"\none(3)\n")},
	}
	all, err := build(files)
	if err != nil {
		t.Fatal(err)
	}
	want := `globalThis.modules = {};globalThis.modules["one"] = (() => { ` + `
function one(n) {
throw new Error(n)
}
const two = 2
return { one, two } })();
globalThis.modules["deep"] = (() => { const { one } = globalThis.modules["one"]
{
one(0)
}
const ask = () => import("` + all["js/late.js"].url + `")
})();
globalThis.modules["app"] = (() => { ` + `

const { one, two: second } = globalThis.modules["one"]
one(second)
})();
`
	if got := string(all["js/app.js"].body); got != want {
		t.Errorf("the script is\n%s\nnot\n%s", got, want)
	}
	if got := string(all["js/late.js"].body); !strings.HasPrefix(got, `const { one } = globalThis.modules["one"]`) || all["js/one.js"] != nil {
		t.Errorf("what comes later brings its own: %s", got)
	}
	for line, want := range map[int]string{3: "js/one.js 3", 7: "js/deep.js 1", 9: "js/deep.js 3", 16: "js/app.js 4"} {
		if name, at := place(app, all[app].parts, line); fmt.Sprint(name, " ", at) != want {
			t.Errorf("line %d comes from %s %d, not %s", line, name, at, want)
		}
	}
}

func TestAnImportThatIsNotThereOrGoesInACircleIsRefused(t *testing.T) {
	for _, files := range []fstest.MapFS{
		{"js/app.js": {Data: []byte(`import "./none.js"`)}},
		{"js/app.js": {Data: []byte(`import "./b.js"`)}, "js/b.js": {Data: []byte(`import "./app.js"`)}},
		{"js/app.js": {}, "js/a.js": {Data: []byte(`import "./c.js"`)}, "js/c.js": {Data: []byte(`import "./a.js"`)}},
		{"js/app.js": {Data: []byte("export default 1")}},
		{"js/app.js": {Data: []byte(`import * as all from "./b.js"`)}, "js/b.js": {}},
	} {
		if _, err := build(files); err == nil {
			t.Errorf("%v was built", files)
		}
	}
}

// The first view of a list has 60,000 bytes (see TestTheFirstViewOfAListIsLightOnTheWire in handlers): this is the share of
// what is the same on every list, so that the rows keep theirs.
func TestSheetScriptsAndIconKeepTheirShare(t *testing.T) {
	sum := 0
	for _, part := range []struct {
		name string
		most int
	}{{"css/app.css", 12_000}, {app, 13_000}, {"vendor/htmx.min.js", 13_500}, {"icons/favicon.svg", 400}} {
		size := len(built()[part.name].smaller["gzip"]())
		t.Logf("%-20s %6d bytes in gzip, %6d in brotli", part.name, size, len(built()[part.name].smaller["br"]()))
		if size > part.most {
			t.Errorf("%s weighs %d bytes, more than %d: what a list's first rows don't need is fetched later", part.name, size, part.most)
		}
		sum += size
	}
	if sum > 38_000 {
		t.Errorf("together they weigh %d bytes", sum)
	}
}

func TestABrowserGetsTheSmallestThatItReads(t *testing.T) {
	plain, _ := io.ReadAll(get(t, URL("css/app.css")).Body)
	for accepted, coding := range map[string]string{"gzip, deflate, br, zstd": "br", "gzip;q=1.0, br;q=0": "gzip", "identity": "", "br;q=0.5": "br", "": ""} {
		answer := get(t, URL("css/app.css"), "Accept-Encoding", accepted)
		if answer.Header.Get("Content-Encoding") != coding || answer.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q is answered with %v", accepted, answer.Header)
		}
		if coding != "br" {
			continue
		}
		if body, err := io.ReadAll(brotli.NewReader(answer.Body)); err != nil || !bytes.Equal(body, plain) {
			t.Errorf("%q: another body (%v)", accepted, err)
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

func TestInDevelopmentAChangeShowsWithTheNextReload(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("js/app.js", `import "./one.js"`)
	write("js/one.js", "globalThis.one = 1")
	write("css/app.css", ".a { color: red; }")
	FromDisk(dir)
	t.Cleanup(func() { disk.Store(nil) })
	if disk.Load() == nil {
		t.Fatal("the folder is not served")
	}
	served := func() string {
		disk.Load().checked = time.Time{} // as after a moment
		body, _ := io.ReadAll(get(t, URL("js/app.js")).Body)
		return string(body)
	}
	if text := served(); !strings.Contains(text, "one = 1") {
		t.Errorf("at first it is %s", text)
	}
	write("js/one.js", "globalThis.one = 1000")
	if text := served(); !strings.Contains(text, "one = 1000") {
		t.Errorf("after the change it is %s", text)
	}
	write("js/one.js", `import "./nowhere.js"`)
	if text := served(); !strings.Contains(text, "one = 1000") {
		t.Errorf("while it is wrong it is %s", text)
	}
	FromDisk(t.TempDir())
	if text := served(); !strings.Contains(text, "one = 1000") {
		t.Error("a folder without files is served")
	}
}
