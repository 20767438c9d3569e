package handlers

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"purplecross/internal/browser"
	"purplecross/internal/pictures"
	"purplecross/views/gallery"
)

var update = flag.Bool("update", false, "keep the pictures of every story as they are now")

const (
	keptFolder = "../views/stories/pictures"
	keptView   = "390-light" // In this one small pictures are kept whole, too.
	keptSize   = 30_000      // Bytes of a picture that is kept whole.
	tallest    = 1000        // Pixels of a story that are looked at.
)

var (
	pictureWidths = []int{390, 768, 1280}
	pictureThemes = []string{"light", "dark"}
)

// pictureViews are the views in which every story is taken.
func pictureViews() []string {
	var views []string
	for _, width := range pictureWidths {
		for _, theme := range pictureThemes {
			views = append(views, fmt.Sprintf("%d-%s", width, theme))
		}
	}
	return views
}

// Every story at three widths in both themes, beside how it was when somebody last looked. After a change that was meant:
//
//	PICTURES=report go test ./handlers -run Pictures -update
//
// What is kept of a picture is the mean colour of its blocks. Browsers and fonts draw the same page differently, so a
// sample sheet is kept, too, with the browser's number: where either is another, nothing can be compared. Then each story
// is taken twice, and must look the same both times. A story that is new has nothing to be compared with.
func TestPicturesOfEveryStory(t *testing.T) {
	if os.Getenv("PICTURES") == "" {
		t.Skip("PICTURES=report or PICTURES=strict takes them")
	}
	c := newClinic(t)
	album := openAlbum(t)
	t.Run("are as they were", func(t *testing.T) {
		for _, width := range pictureWidths {
			t.Run(fmt.Sprint(width), func(t *testing.T) {
				t.Parallel()
				takePictures(t, c, album, width)
			})
		}
	})
	album.close(t)
}

func takePictures(t *testing.T, c *clinic, album *album, width int) {
	t.Helper()
	p := stage(t, c, width)
	everyStory(t, func(g *gallery.Gallery, story gallery.CatalogueStory) {
		first := shots(t, p, g, story, width)
		for i, picture := range first {
			view := fmt.Sprintf("%d-%s", width, pictureThemes[i])
			album.put(t, story, view, picture, func() []byte { return shots(t, p, g, story, width)[i] })
		}
		if album.known || *update {
			return
		}
		for i, again := range shots(t, p, g, story, width) {
			if pictures.Changed(blocks(t, first[i]), blocks(t, again)) > 0 {
				different(t, "%s looks different each time it is drawn, at %d px in %s", story.URL, width, pictureThemes[i])
			}
		}
	})
}

// stage is a frame with nothing in it, in which nothing moves.
func stage(t *testing.T, c *clinic, width int) *browser.Page {
	t.Helper()
	p := browser.New(t, browser.Options{Width: width, Height: tallest})
	p.Open(c.url + "/gallery/_/frame?~q=nothing-is-called-that&~motion=reduce")
	p.WaitFor(`document.documentElement.dataset.watched === ""`)
	return p
}

// shots are the pictures of a story in each theme.
func shots(t *testing.T, p *browser.Page, g *gallery.Gallery, story gallery.CatalogueStory, width int) [][]byte {
	t.Helper()
	visit, err := g.Visit(pathOf(story), "")
	if err != nil {
		t.Fatal(err)
	}
	var frame bytes.Buffer
	if err := visit.Frame().Render(t.Context(), &frame); err != nil {
		t.Fatal(err)
	}
	browser.Eval[bool](p, put(t, &frame))
	var taken [][]byte
	for _, theme := range pictureThemes {
		height := browser.Eval[int](p, `(async () => {
			document.documentElement.dataset.theme = "`+theme+`";
			document.activeElement?.blur();
			scrollTo(0, 0);
			await document.fonts.ready;
			await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
			await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
			return Math.ceil(document.getElementById("g-story").getBoundingClientRect().bottom);
		})()`)
		taken = append(taken, p.Picture(width, min(max(height, 40), tallest)))
	}
	return taken
}

// album compares pictures with those before.
type album struct {
	mu      sync.Mutex
	browser string
	sample  *image.RGBA
	known   bool // What is kept is of this browser and its fonts.
	now     map[string]*image.RGBA
	changed map[string][]string
	whole   map[string]bool // Stories that stand for a component that is no page: small pictures of them are kept whole.
}

func openAlbum(t *testing.T) *album {
	t.Helper()
	p := browser.New(t, browser.Options{Width: 400, Height: 700})
	_, version, _ := strings.Cut(p.Version(), "/")
	major, _, _ := strings.Cut(version, ".")
	p.Open("data:text/html;charset=utf-8," + url.PathEscape(sampleSheet))
	a := &album{
		browser: "Chromium " + major, sample: blocks(t, p.Picture(400, 320)),
		now: map[string]*image.RGBA{}, changed: map[string][]string{}, whole: map[string]bool{},
	}
	of, _ := os.ReadFile(filepath.Join(keptFolder, "browser.txt")) // None yet is as good as another.
	sample := kept(t, "sample.png")
	a.known = strings.TrimSpace(string(of)) == a.browser && sample != nil && pictures.Changed(sample, a.sample) == 0
	if !a.known && !*update {
		t.Logf("The kept pictures are of %q or of other fonts, this is %q: each story is taken twice instead and compared with itself.", of, a.browser)
	}
	g, err := theGallery()
	if err != nil {
		t.Fatal(err)
	}
	for _, component := range g.Catalogue().Components {
		first := component.Stories[0]
		a.whole[pathOf(first)] = !slices.Contains(first.Tags, "page") && !slices.Contains(first.Tags, gallery.TagLetter)
	}
	return a
}

func blocks(t *testing.T, picture []byte) *image.RGBA {
	t.Helper()
	read, err := pictures.Read(picture)
	if err != nil {
		t.Fatal(err)
	}
	return pictures.Blocks(read)
}

// kept is a picture of those that are kept; nil if it is not.
func kept(t *testing.T, name string) *image.RGBA {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(keptFolder, name))
	if err != nil {
		return nil
	}
	picture, err := pictures.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

// keptBlocks is what is kept of a story's view; nil if nothing is.
func keptBlocks(t *testing.T, path, view string) *image.RGBA {
	t.Helper()
	sheet := kept(t, keptName(path))
	if sheet == nil {
		return nil
	}
	return pictures.Unsheet(sheet, len(pictureViews()))[slices.Index(pictureViews(), view)]
}

// put compares a picture. What differs is taken once more: a change is there both times.
func (a *album) put(t *testing.T, story gallery.CatalogueStory, view string, picture []byte, again func() []byte) {
	t.Helper()
	path, taken := pathOf(story), gallery.Taken{View: view, State: gallery.TakenSame}
	before, now := keptBlocks(t, path, view), blocks(t, picture)
	if a.known && before != nil && pictures.Changed(before, now) > 0 {
		picture = again()
		now = blocks(t, picture)
	}
	switch {
	case *update:
	case !a.known || before == nil:
		taken.State = gallery.TakenNew
	case pictures.Changed(before, now) > 0:
		taken.State = gallery.TakenChanged
	}

	file := taken.File(path)
	folder := map[bool]string{true: "before", false: "now"}[taken.State == gallery.TakenSame]
	write(t, filepath.Join(checksFolder, folder, file), picture)
	if taken.State == gallery.TakenChanged {
		taken.Pixels, taken.Before = paintDifference(t, path, view, before, picture)
	}
	notePicture(story, taken)

	a.mu.Lock()
	defer a.mu.Unlock()
	a.now[path+" "+view] = now
	if taken.State == gallery.TakenChanged {
		a.changed[path] = append(a.changed[path], view)
	}
	if *update && view == keptView && a.whole[path] {
		keepWhole(t, path, picture)
	}
}

// paintDifference writes where a picture differs from the one before, if that is still here: left by an earlier run, or
// kept whole.
func paintDifference(t *testing.T, path, view string, was *image.RGBA, picture []byte) (pixels int, has bool) {
	t.Helper()
	left := filepath.Join(checksFolder, "before", gallery.Taken{View: view}.File(path))
	before, err := os.ReadFile(left)
	if err != nil || pictures.Changed(was, blocks(t, before)) > 0 {
		before, err = os.ReadFile(filepath.Join(keptFolder, "whole", keptName(path)))
		if err != nil || view != keptView {
			return 0, false
		}
		write(t, left, before)
	}
	from, err := pictures.Read(before)
	if err != nil {
		t.Fatal(err)
	}
	to, err := pictures.Read(picture)
	if err != nil {
		t.Fatal(err)
	}
	pixels, painted := pictures.Difference(from, to)
	data, err := pictures.Small(painted)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(checksFolder, "diff", gallery.Taken{View: view}.File(path)), data)
	return pixels, true
}

// close keeps what is there now if that is wanted, writes the report, and says what changed.
func (a *album) close(t *testing.T) {
	t.Helper()
	theChecks.Lock()
	theChecks.Browser, theChecks.Taken, theChecks.Known = a.browser, time.Now(), a.known || *update
	theChecks.Unlock()
	keepChecks(t)
	writeReport(t)
	if *update {
		a.keep(t)
		return
	}
	for _, path := range slices.Sorted(maps.Keys(a.changed)) {
		slices.Sort(a.changed[path])
		different(t, "%s looks different: %s", path, strings.Join(a.changed[path], ", "))
	}
	if len(a.changed) > 0 {
		t.Log("Look at .gallery/index.html, or at the Changes panel of the gallery. If it was meant to: PICTURES=report go test ./handlers -run Pictures -update")
	}
}

// different says what looks different, and fails where that is asked for.
func different(t *testing.T, format string, args ...any) {
	t.Helper()
	t.Logf(format, args...)
	if os.Getenv("PICTURES") == "strict" {
		t.Fail()
	}
}

// keep writes the blocks of every story that changed, and removes those of stories that are no more.
func (a *album) keep(t *testing.T) {
	t.Helper()
	known := map[string]bool{"sample.png": true}
	write(t, filepath.Join(keptFolder, "browser.txt"), []byte(a.browser+"\n"))
	keepSmall(t, filepath.Join(keptFolder, "sample.png"), a.sample)
	everyStory(t, func(_ *gallery.Gallery, story gallery.CatalogueStory) {
		path := pathOf(story)
		known[keptName(path)] = true
		if a.whole[path] {
			known["whole/"+keptName(path)] = true
		}
		changed := false
		var list []*image.RGBA
		for _, view := range pictureViews() {
			now, before := a.now[path+" "+view], keptBlocks(t, path, view)
			changed = changed || before == nil || pictures.Changed(before, now) > 0
			list = append(list, now)
		}
		if changed {
			keepSmall(t, filepath.Join(keptFolder, keptName(path)), pictures.Sheet(list))
		}
	})
	for _, pattern := range []string{"*.png", "whole/*.png"} {
		files, _ := filepath.Glob(filepath.Join(keptFolder, pattern))
		for _, file := range files {
			if !known[filepath.Join(filepath.Dir(pattern), filepath.Base(file))] {
				if err := os.Remove(file); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// keepWhole keeps a picture, unless the one that is kept shows the same or it is too large.
func keepWhole(t *testing.T, path string, picture []byte) {
	t.Helper()
	is, err := pictures.Read(picture)
	if err != nil {
		t.Fatal(err)
	}
	if was := kept(t, filepath.Join("whole", keptName(path))); was != nil {
		if pixels, _ := pictures.Difference(was, is); pixels == 0 {
			return
		}
	}
	name := filepath.Join(keptFolder, "whole", keptName(path))
	small, err := pictures.Small(is)
	if err != nil {
		t.Fatal(err)
	}
	if len(small) > keptSize {
		_ = os.Remove(name)
		return
	}
	write(t, name, small)
}

func keepSmall(t *testing.T, name string, picture *image.RGBA) {
	t.Helper()
	data, err := pictures.Small(picture)
	if err != nil {
		t.Fatal(err)
	}
	write(t, name, data)
}

func keptName(path string) string { return strings.ReplaceAll(path, "/", ".") + ".png" }

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// sampleSheet shows what browsers, fonts and processors paint differently: letters of several scripts and sizes, curves,
// shadows, mixed colours. It has nothing of ours, so that no change of ours makes another browser of it.
const sampleSheet = `<!doctype html><meta charset="utf-8"><style>
body { margin: 8px; font: 16px/1.5 system-ui, sans-serif; color: #222; background: #fff }
code { font-family: ui-monospace, monospace } b { font-weight: 600 } small { font-size: 13px } h1 { font-size: 28px; margin: 0 }
div { display: inline-block; width: 50px; height: 30px; margin: 4px; border: 1px solid #889; border-radius: 10px; box-shadow: 0 4px 12px rgb(0 0 0 / 0.2); background: color-mix(in oklch, #72b 40%, white) }
</style><h1>Hamburgefonstiv 0123</h1><p>Übergrößen, fjord, <b>Wávy 14.30</b>, <small>mg / kg</small>, <code>0xfe &lt;b&gt;</code><br>
Ωμέγα Жизнь محمد العلي 小雪 美咲 🐾 Hồng</p><div></div><div></div><svg width="60" height="40" viewBox="0 0 24 16"><circle cx="8" cy="8" r="6.5" fill="none" stroke="#444" stroke-width="1.5"/><path d="M2 14 L22 3" stroke="#a33"/></svg>
<p><input value="Coco"> <select><option>Dog</select> <input type="checkbox" checked> <progress value="0.4"></progress></p>`
