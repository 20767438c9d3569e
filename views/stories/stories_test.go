package stories_test

import (
	"bytes"
	"errors"
	"go/parser"
	"maps"
	"net/url"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"purplecross/views/gallery"
	"purplecross/views/stories"
)

var shared = sync.OnceValues(stories.New) // It is read-only.

func newGallery(t *testing.T) *gallery.Gallery {
	t.Helper()
	g, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// each visits every story.
func each(t *testing.T, g *gallery.Gallery, check func(path string, story gallery.CatalogueStory, v *gallery.Visit)) {
	t.Helper()
	for _, component := range g.Catalogue().Components {
		for _, story := range component.Stories {
			path := strings.TrimPrefix(story.URL, "/gallery/")
			v, err := g.Visit(path, "")
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			check(path, story, v)
		}
	}
}

func TestEveryComponentHasAStory(t *testing.T) {
	missing, stale := newGallery(t).Missing()
	for _, name := range missing {
		t.Errorf("%s has no story: write one beside it and list it in All", name)
	}
	for _, name := range stale {
		t.Errorf("%s is exempt without need", name)
	}
}

// wherever lists what is so small, or so much a part of something else, that a phone's room says nothing about it.
var wherever = []string{
	"ui.Kbd", "ui.Status", "ui.Badge", "ui.Time", "ui.Avatar", "ui.Icon", "ui.ProgressBadge", "ui.GridCount", "ui.GridRows", "views.NoteSaved",
}

// What is put into pages says when to use it and when not, and is seen in little room and from right to left. A page is
// seen in all widths by its pictures, and a letter brings its own room along.
func TestEveryPartOfPagesIsDocumentedAndSeenNarrowAndMirrored(t *testing.T) {
	for _, c := range newGallery(t).Catalogue().Components {
		if tags := c.Stories[0].Tags; slices.Contains(tags, "page") || slices.Contains(tags, gallery.TagLetter) {
			continue
		}
		if len(c.Use) == 0 || len(c.Avoid) == 0 {
			t.Errorf("%s does not say when to use it, or when something else", c.Path)
		}
		if !slices.ContainsFunc(c.Stories, func(s gallery.CatalogueStory) bool { return s.Dir == "rtl" }) {
			t.Errorf("%s is not shown from right to left", c.Path)
		}
		narrow := slices.ContainsFunc(c.Stories, func(s gallery.CatalogueStory) bool { return s.Narrow })
		if narrow == slices.Contains(wherever, c.Call) {
			t.Errorf("%s is shown narrow: %v", c.Path, narrow)
		}
	}
}

func TestAnatomyNamesPartsThatAreThere(t *testing.T) {
	g := newGallery(t)
	shown := 0
	for _, c := range g.Catalogue().Components {
		if c.Anatomy == nil {
			continue
		}
		shown++
		of := slices.IndexFunc(c.Stories, func(s gallery.CatalogueStory) bool { return s.Name == c.Anatomy.Of })
		v, err := g.Visit(strings.TrimPrefix(c.Stories[of].URL, "/gallery/"), "")
		if err != nil {
			t.Fatal(err)
		}
		markup, err := v.HTML(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(markup))
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range c.Anatomy.Parts {
			if doc.Find(part.At).Length() == 0 {
				t.Errorf("%s has no %s (%s)", c.Path, part.Name, part.At)
			}
		}
	}
	if shown < 10 {
		t.Errorf("%d components say what they are made of", shown)
	}
}

func TestEveryStoryIsValidMarkupThatThePolicyAllows(t *testing.T) {
	each(t, newGallery(t), func(path string, story gallery.CatalogueStory, v *gallery.Visit) {
		markup, err := v.HTML(t.Context())
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return
		}
		for _, fault := range slices.Concat(faultsOf(story, markup), sharedIDs(markup)) {
			t.Errorf("%s: %s", path, fault)
		}
	})
}

// faultsOf leaves out what only an e-mail may do: it has no style sheet but its own.
func faultsOf(story gallery.CatalogueStory, markup string) []string {
	found := faults(markup)
	if slices.Contains(story.Tags, gallery.TagLetter) {
		found = slices.DeleteFunc(found, func(fault string) bool { return strings.HasSuffix(fault, "which the policy refuses") })
	}
	return found
}

func TestThePagesOfTheGalleryAreValidMarkup(t *testing.T) {
	g := newGallery(t)
	show := func(path, query string) *gallery.Visit {
		v, err := g.Visit(strings.TrimPrefix(path, "/gallery/"), query)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	check := func(name string, view templ.Component) {
		var b bytes.Buffer
		if err := view.Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		for _, fault := range slices.Concat(faults(b.String()), sharedIDs(b.String())) {
			t.Errorf("%s: %s", name, fault)
		}
	}

	check("index", show("", "").Page())
	check("frame of the index", show("", "").Frame())
	check("search", show("", "~q=button&~motion=reduce").Page())
	for _, component := range g.Catalogue().Components {
		check("frame of "+component.URL, show(component.URL, "").Frame())
		check(component.Stories[0].URL, show(component.Stories[0].URL, "").Page())
	}
	first := g.Catalogue().Components[0].Stories[0].URL
	check("code", show(first, "~panel=code").Page())
	for _, panel := range []string{"docs", "axe", "actions", "play"} {
		check(panel, show(first, "~panel="+panel+"&~words=long").Page())
	}
	for _, page := range g.Catalogue().Pages {
		check(page.URL, show(page.URL, "").Page())
		check("frame of "+page.URL, show(page.URL, "").Frame())
	}
	for _, broken := range g.Broken() {
		t.Error(broken)
	}
}

// awkward is what people and their software type into every box.
var awkward = map[string]string{
	"nothing": "",
	"long":    strings.Repeat("Wolfeschlegelsteinhausen", 13)[:300],
	"odd":     "🐾🐕‍🦺 Ünïcode ﷽\n\tمحمد العلي 12:30",
	"markup":  `"><script>alert(1)</script><b x='`,
	"script":  "javascript:alert(1)",
}

func TestAwkwardArgumentsStayTextInEveryStory(t *testing.T) {
	g := newGallery(t)
	component := ""
	each(t, g, func(path string, story gallery.CatalogueStory, v *gallery.Visit) {
		first := !strings.HasPrefix(path, component+"/")
		component = path[:strings.LastIndex(path, "/")]
		for name, text := range awkward {
			if !first && name != "markup" { // The first story of a component stands for the others.
				continue
			}
			for _, query := range fill(v.Controls(), text, first && name == "nothing") {
				changed, err := g.Visit(path, query)
				if errors.Is(err, gallery.ErrTooLong) {
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				markup, err := changed.HTML(t.Context())
				if err != nil {
					t.Errorf("%s, %s: %v", path, name, err)
					continue
				}
				for _, fault := range faultsOf(story, markup) {
					t.Errorf("%s, %s: %s", path, name, fault)
				}
			}
		}
	})
}

// fill gives every text the same value, in as many queries as an address needs, and if so wanted every choice each of
// its options.
func fill(controls []gallery.Control, text string, choices bool) []string {
	var queries []string
	values := url.Values{}
	var walk func([]gallery.Control)
	walk = func(controls []gallery.Control) {
		for _, c := range controls {
			if later.MatchString(c.Key) { // The rows of a list are drawn by the same code.
				continue
			}
			switch c.Kind {
			case gallery.KindText, gallery.KindArea, gallery.KindLines:
				values.Set(c.Key, text)
				if len(values.Encode()) > 3000 {
					queries = append(queries, values.Encode())
					clear(values)
				}
			case gallery.KindRadios, gallery.KindSelect:
				for i, o := range c.Options {
					if !choices || i > 5 { // A few of sixty icons will do.
						break
					}
					queries = append(queries, url.Values{c.Key: {o.Value}}.Encode())
				}
			case gallery.KindSwitch:
				if choices {
					queries = append(queries, url.Values{c.Key: {"true"}}.Encode(), url.Values{c.Key: {"false"}}.Encode())
				}
			}
			walk(c.Controls)
		}
	}
	walk(controls)
	return append(queries, values.Encode())
}

var later = regexp.MustCompile(`\.([2-9]|\d\d)(\.|$)`)

func TestCodeOfEveryStoryIsGo(t *testing.T) {
	g := newGallery(t)
	each(t, g, func(path string, _ gallery.CatalogueStory, _ *gallery.Visit) {
		v, err := g.Visit(path, "~panel=code")
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := v.Page().Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		doc, err := goquery.NewDocumentFromReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		code := strings.TrimPrefix(doc.Find("#g-code-go").Text(), "@")
		if _, err := parser.ParseExpr(code); err != nil {
			t.Errorf("%s is shown as what is no Go: %v\n%s", path, err, code)
		}
		if strings.Contains(code, "set by the story") && doc.Find("#g-code-story").Length() == 0 {
			t.Errorf("%s is shown without what it holds:\n%s", path, code)
		}
	})
}

// The arrows of the house: the machinery knows nothing of ours, and components know the machinery only.
func TestGalleryAndComponentsImportNothingElseOfOurs(t *testing.T) {
	for folder, allowed := range map[string][]string{
		"purplecross/views/gallery": {"purplecross/views/gallery"},
		"purplecross/views/ui":      {"purplecross/views/gallery", "purplecross/views/ui"},
	} {
		list, err := exec.CommandContext(t.Context(), "go", "list", "-deps", folder).Output()
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range strings.Fields(string(list)) {
			if strings.HasPrefix(name, "purplecross") && !slices.Contains(allowed, name) {
				t.Errorf("%s imports %s", folder, name)
			}
		}
	}
}

func TestEveryClassHasARule(t *testing.T) {
	g := newGallery(t)
	ruled := ruledClasses(t)
	used := map[string]string{}
	each(t, g, func(path string, story gallery.CatalogueStory, v *gallery.Visit) {
		markup, err := v.HTML(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if slices.Contains(story.Tags, gallery.TagLetter) {
			return // It brings its styles along.
		}
		for _, class := range classes(markup) {
			used[class] = path
		}
	})
	for _, class := range slices.Sorted(maps.Keys(used)) {
		if !ruled[class] && hooks[class] == "" {
			t.Errorf("the class %q of %s has no rule in static/css", class, used[class])
		}
	}

	// A report, not a rule: the shell around pages and what only happens live has classes that no story shows.
	var unused []string
	for class := range ruled {
		if used[class] == "" && !strings.HasPrefix(class, "g-") && !strings.HasPrefix(class, "htmx-") {
			unused = append(unused, class)
		}
	}
	slices.Sort(unused)
	t.Logf("%d classes are in no story: %s", len(unused), strings.Join(unused, " "))
}

// hooks are classes without a rule of their own, and why they are there.
var hooks = map[string]string{}
