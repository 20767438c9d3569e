package gallery_test

import (
	"context"
	"errors"
	"go/parser"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"purplecross/views/gallery"
)

const (
	plain      = "pets/sample/plain"
	everything = "pets/sample/everything"
)

func query(pairs ...string) string {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return values.Encode()
}

func control(t testing.TB, v *gallery.Visit, key string) gallery.Control {
	t.Helper()
	if c, ok := find(v.Controls(), key); ok {
		return c
	}
	t.Fatalf("no control %q", key)
	return gallery.Control{}
}

func find(controls []gallery.Control, key string) (gallery.Control, bool) {
	for _, c := range controls {
		if c.Key == key && c.Kind != gallery.KindGroup {
			return c, true
		}
		if inner, ok := find(c.Controls, key); ok {
			return inner, true
		}
	}
	return gallery.Control{}, false
}

func TestAnyTextGoesIntoAnAddressAndComesBack(t *testing.T) {
	g := newGallery(t)
	for _, text := range []string{
		"", " ", "Void invoice! #1:a/b", "100 % & more = yes?", "“quotes” 'and' \"these\"", "a+b;c", "~theme=dark", "محمد 🐾",
		"<script>alert(1)</script>", "two\nlines", "../../etc", strings.Repeat("long ", 60),
	} {
		first := visit(t, g, plain, query("name", text))
		again, err := url.Parse(first.Address())
		if err != nil {
			t.Fatal(err)
		}
		v := visit(t, g, plain, again.RawQuery)
		if got := control(t, v, "name").Value; got != text {
			t.Errorf("%q came back as %q from %s", text, got, first.Address())
		}
		if v.Address() != first.Address() {
			t.Errorf("%s became %s", first.Address(), v.Address())
		}
	}
}

func TestOnlyDifferencesFromTheStoryStandInAnAddress(t *testing.T) {
	g := newGallery(t)
	v := visit(t, g, everything, query(
		"name", "Biscuit", "mood", "", "legs", "4", "aliases", "Bis\r\nCuit", "toys.1.name", "cow", "unknown", "x",
		"~theme", "dark", "~w", "390", "~panel", "", "~unknown", "x"))
	if got, want := v.Address(), "/gallery/pets/sample/everything?mood=&toys.1.name=cow&~theme=dark&~w=390"; got != want {
		t.Errorf("address %s, want %s", got, want)
	}
	if got, want := v.FrameAddress(), "/gallery/_/frame/pets/sample/everything?mood=&toys.1.name=cow&~theme=dark"; got != want {
		t.Errorf("frame %s, want %s", got, want)
	}
	if to, stray := v.Stray(); !stray || to != v.Address() {
		t.Errorf("stray %v to %s", stray, to)
	}
	if _, stray := visit(t, g, everything, "mood=&toys.1.name=cow&~theme=dark&~w=390").Stray(); stray {
		t.Error("an address that says no more than it must is stray")
	}
}

func TestAFormWithEveryControlAsItIsSaysNothing(t *testing.T) {
	g := newGallery(t)
	for _, path := range []string{plain, everything, "pets/sample/made-up"} {
		form := url.Values{}
		v := visit(t, g, path, "")
		document(t, v.Page()).Find("#g-controls").Find("[name]").Each(func(_ int, input *goquery.Selection) {
			name, value := input.AttrOr("name", ""), input.AttrOr("value", "")
			switch {
			case input.Is("textarea"):
				value = strings.ReplaceAll(input.Text(), "\n", "\r\n")
			case input.Is("select"):
				value = input.Find("[selected]").AttrOr("value", "")
			case input.Is("[type=checkbox], [type=radio]") && !input.Is("[checked]"):
				return
			}
			form.Set(name, value)
		})
		if len(form) < 15 {
			t.Fatalf("%s has %d controls", path, len(form))
		}
		if got := visit(t, g, path, form.Encode()).Address(); got != "/gallery/"+path {
			t.Errorf("the untouched form of %s leads to %s", path, got)
		}
	}
}

func TestEachKindOfFieldHasItsControl(t *testing.T) {
	v := visit(t, newGallery(t), everything, "")
	for key, want := range map[string]gallery.Kind{
		"name": gallery.KindText, "story": gallery.KindArea, "mood": gallery.KindRadios, "size": gallery.KindSelect,
		"cross": gallery.KindSwitch, "legs": gallery.KindNumber, "tail": gallery.KindRange, "weight": gallery.KindNumber,
		"born": gallery.KindTime, "died": gallery.KindTime, "litter": gallery.KindNumber, "nick": gallery.KindText,
		"nick.nil": gallery.KindSwitch, "calm": gallery.KindRadios, "aliases": gallery.KindLines, "notes": gallery.KindLines,
		"toy.name": gallery.KindText, "toys.count": gallery.KindNumber, "toys.1.squeak": gallery.KindSwitch,
		"owner.phone": gallery.KindText, "body": gallery.KindSelect, "link": gallery.KindFixed, "script": gallery.KindFixed,
		"attrs": gallery.KindFixed, "any": gallery.KindFixed, "func": gallery.KindFixed,
	} {
		if got := control(t, v, key).Kind; got != want {
			t.Errorf("%s is a %s, want %s", key, got, want)
		}
	}
	if _, ok := find(v.Controls(), "hidden"); ok {
		t.Error(`ctl:"-" has a control`)
	}
	mood := control(t, v, "mood")
	if mood.Help != "How it is today." || mood.Options[1].Label != "Cross" || mood.Options[1].Help != "Mind the claws." {
		t.Errorf("mood says %+v", mood)
	}
	if labels := control(t, v, "size").Options; len(labels) != 5 || labels[4].Label != "Giant" {
		t.Errorf("sizes are %+v", labels)
	}
}

func TestControlsChangeWhatIsDrawn(t *testing.T) {
	g := newGallery(t)
	got := drawn(t, visit(t, g, plain, query("name", "<i>Luna</i>", "mood", "cross", "size", "xl", "body", "badge")))
	if want := `<p id="pet" class="cross">&lt;i&gt;Luna&lt;/i&gt; xl</p>` + "\n<b>new</b>"; got != want {
		t.Errorf("drew %s, want %s", got, want)
	}
	if got := drawn(t, visit(t, g, everything, query("body", "none"))); strings.Contains(got, "<b>") {
		t.Errorf("the emptied slot holds %s", got)
	}
	v := visit(t, g, everything, query("toys.count", "5", "toy.nil", "true", "litter", ""))
	if name := control(t, v, "toys.4.name").Value; name != "rope" {
		t.Errorf("the fifth toy is %q", name)
	}
	if _, ok := find(v.Controls(), "toy.name"); ok {
		t.Error("what is not there has a name")
	}
}

func TestWhatIsNotOfferedIsRefusedAndSaid(t *testing.T) {
	g := newGallery(t)
	for key, value := range map[string]string{
		"mood": "furious", "size": "xs", "legs": "four", "tail": "31", "weight": "NaN", "born": "yesterday",
		"body": "script", "toys.count": "9999999", "cross": "perhaps", "litter": "99999999999999999999", "notes": "no colon",
		"~theme": "sepia", "~w": "9",
	} {
		v := visit(t, g, everything, query(key, value))
		if len(v.Refused()) != 1 || !strings.Contains(v.Refused()[0], value) {
			t.Errorf("%s=%s: said %q", key, value, v.Refused())
		}
		if v.Address() != "/gallery/"+everything {
			t.Errorf("%s=%s leads to %s", key, value, v.Address())
		}
		if _, stray := v.Stray(); stray {
			t.Errorf("%s=%s is forgotten before it was said", key, value)
		}
		if said := document(t, v.Page()).Find(".g-refused").Text(); !strings.Contains(said, value) {
			t.Errorf("%s=%s: the page says %q", key, value, said)
		}
	}
}

func TestNothingThatIsWrittenUnescapedComesFromAnAddress(t *testing.T) {
	g := newGallery(t)
	hostile := "javascript:alert(1)"
	v := visit(t, g, everything, query("link", hostile, "script", hostile, "attrs", hostile, "any", hostile, "func", hostile,
		"body", hostile, "hidden", hostile, "Name", hostile, "name.nil", "true", "toys.-1.name", hostile, "toys.99.name", hostile))
	if v.Address() != "/gallery/"+everything {
		t.Errorf("the address keeps %s", v.Address())
	}
	if strings.Contains(drawn(t, v), hostile) {
		t.Error("it was drawn")
	}
}

func TestRequestsShareNothing(t *testing.T) {
	g := newGallery(t)
	drawn(t, visit(t, g, everything, ""))
	v := visit(t, g, everything, "")
	if control(t, v, "toys.0.name").Base != "rope" || control(t, v, "toy.name").Base != "ball" {
		t.Error("what one request did to its toys is seen by the next")
	}
}

func TestAnAddressThatIsTooLongOrLeadsNowhereSaysSo(t *testing.T) {
	g := newGallery(t)
	long := strings.Repeat("x", 5000)
	if _, err := g.Visit(plain, query("name", long)); !errors.Is(err, gallery.ErrTooLong) {
		t.Errorf("5 KB: %v", err)
	}
	if _, err := g.Visit(plain, query("name", long, "~form", "1")); !errors.Is(err, gallery.ErrTooLong) {
		t.Errorf("5 KB by form: %v", err)
	}
	if _, err := g.Visit(plain, query("unknown", long, "~form", "1")); err != nil {
		t.Errorf("a long form with a short address: %v", err)
	}
	for _, path := range []string{"nobody", "pets/nobody", "pets/sample/nobody", "pets/sample/plain/more", "../pets"} {
		if _, err := g.Visit(path, ""); !errors.Is(err, gallery.ErrNotFound) {
			t.Errorf("%s: %v", path, err)
		}
	}
	for _, path := range []string{"", "/", "pets", "pets/sample", "pets/sample/plain/"} {
		if _, err := g.Visit(path, ""); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestAStoryThatCannotBeDrawnSaysWhy(t *testing.T) {
	g := newGallery(t)
	for value, want := range map[string]string{"name=panic": "no such pet", "legs=900000": "2 MB"} {
		v := visit(t, g, plain, value)
		if _, err := v.HTML(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", value, err)
		}
		if said := document(t, v.Frame()).Find(".g-failed").Text(); !strings.Contains(said, want) {
			t.Errorf("%s: the frame says %q", value, said)
		}
	}
}

func TestAStoryKnowsNothingOfTheRequest(t *testing.T) {
	ctx := context.WithValue(t.Context(), secretKey{}, "session")
	if _, err := visit(t, newGallery(t), plain, "name=spy").HTML(ctx); err != nil {
		t.Error(err)
	}
}

func TestCodeIsTheCallThatDrawsWhatIsSeen(t *testing.T) {
	g := newGallery(t)
	code := func(path, query string) string {
		return document(t, visit(t, g, path, query+"&~panel=code").Page()).Find("#g-code-go").Text()
	}
	if got, want := code(plain, ""), `@gallery_test.Sample(gallery_test.SampleProps{Name: "Coco"})`; got != want {
		t.Errorf("printed %s", got)
	}
	if got, want := code(plain, "mood=cross&body=badge"), `@gallery_test.Sample(gallery_test.SampleProps{
	Name: "Coco",
	Mood: gallery_test.MoodCross,
	Body: gallery_test.Badge("new"),
})`; got != want {
		t.Errorf("printed %s", got)
	}
	all := code(everything, "")
	for _, want := range []string{
		`Size:    gallery_test.SizeLarge`, "Story: `Once\nupon`", `Born:    time.Date(2020, time.May, 3, 0, 0, 0, 0, time.UTC)`,
		`Litter:  new(7)`, `Nick:    new("B")`, `Toys:    []gallery_test.Toy{{Name: "rope", Squeak: true}, {Name: "duck"}}`,
		`Toy:     &gallery_test.Toy{Name: "ball"}`, `Body:    gallery_test.Badge("old")`, `Link:    "/a"`,
		`Attrs:   templ.Attributes{"data-a": "b"}`, `Func:    func() string { return "" }`,
	} {
		if !strings.Contains(all, want) {
			t.Errorf("%s is not in %s", want, all)
		}
	}
	if made := code("pets/sample/made-up", ""); !strings.Contains(made, `gallery_test.Badge("made")`) {
		t.Errorf("printed %s", made)
	}
	for _, text := range []string{all, code("pets/sample/made-up", "name=%22%60%0a")} {
		if _, err := parser.ParseExpr(strings.TrimPrefix(text, "@")); err != nil {
			t.Errorf("%v in %s", err, text)
		}
	}
}

func TestDocumentationComesFromComments(t *testing.T) {
	docs := document(t, visit(t, newGallery(t), "pets/sample", "").Frame()).Find(".g-doc")
	for _, want := range []string{"Sample shows a pet.", "What the pet is called.", "MoodCross", "Mind the claws.", "What it is."} {
		if !strings.Contains(docs.Text(), want) {
			t.Errorf("%q is not in %s", want, docs.Text())
		}
	}
	if docs.Find(`a[href="/gallery/pets/sample"]`).Length() != 1 {
		t.Error("[Sample] is no link")
	}
}

func TestAComponentWithoutAStoryIsListed(t *testing.T) {
	g := newGallery(t)
	missing, stale := g.Missing()
	if !slices.Equal(missing, []string{"gallery_test.Bare"}) || len(stale) != 0 {
		t.Errorf("missing %v, stale %v", missing, stale)
	}
	if got := g.Catalogue(); len(got.Components) != 1 || len(got.Components[0].Stories) != 3 || !slices.Equal(got.Missing, missing) {
		t.Errorf("the catalogue says %+v", got)
	}
}

func TestStoriesStandBesideEachOtherWithoutSharingIds(t *testing.T) {
	g := newGallery(t)
	for _, path := range []string{"pets/sample", ""} {
		seen := map[string]bool{}
		doc := document(t, visit(t, g, path, "").Frame())
		doc.Find("[id]").Each(func(_ int, element *goquery.Selection) {
			id := element.AttrOr("id", "")
			if seen[id] && !strings.Contains(id, "everything") { // Which draws one id four times, by itself.
				t.Errorf("%s twice in %q", id, path)
			}
			seen[id] = true
		})
		if !seen["pet--pets-sample-plain"] {
			t.Errorf("%q does not show the plain story", path)
		}
	}
}

func TestASearchKeepsWhatItFinds(t *testing.T) {
	g := newGallery(t)
	for words, want := range map[string]int{"sample": 1, "pets+made": 1, "awkward": 1, "nobody": 0} {
		doc := document(t, visit(t, g, "", "~q="+words).Page())
		if got := doc.Find(".g-nav .g-component:not([data-away])").Length(); got != want {
			t.Errorf("%q finds %d", words, got)
		}
		if got := document(t, visit(t, g, "", "~q="+words).Frame()).Find(".g-card").Length(); got != want {
			t.Errorf("%q shows %d", words, got)
		}
	}
}

func TestTheSameSeedMakesUpTheSameWorld(t *testing.T) {
	first, again, other := gallery.NewWorld(1, "a"), gallery.NewWorld(1, "a"), gallery.NewWorld(2, "a")
	made := func(w *gallery.World) string { return w.Person() + w.Note(20) + w.Phone() + w.Microchip() }
	one := made(first)
	if one != made(again) || one == made(other) || one == made(gallery.NewWorld(1, "b")) {
		t.Error("worlds are not their seed's and their story's")
	}
}

func TestMistakesInStoriesAreSaid(t *testing.T) {
	story := gallery.Story[SampleProps]{Name: "One"}
	for want, entry := range map[string]gallery.Entry{
		"no stories":       gallery.Component[SampleProps]{Path: "A/B", View: Sample},
		"a group and":      gallery.Component[SampleProps]{Path: "AB", View: Sample, Stories: []gallery.Story[SampleProps]{story}},
		"a name of its":    gallery.Component[SampleProps]{Path: "A/B", View: Sample, Stories: []gallery.Story[SampleProps]{story, story}},
		"without a reason": gallery.Component[SampleProps]{Path: "A/B", View: Sample, Stories: []gallery.Story[SampleProps]{{Name: "X", Allow: map[string]string{"region": " "}}}},
	} {
		if _, err := gallery.New(gallery.Options{}, entry); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", want, err)
		}
	}
	if _, err := gallery.New(gallery.Options{}, SampleStories, SampleStories); err == nil {
		t.Error("two components share an address")
	}
}

// Whatever is asked for: an answer without a panic, whose address leads to itself.
func FuzzAddressesLeadToThemselves(f *testing.F) {
	for _, query := range []string{
		"", "name=a%00b&name=c", "%zz=1&legs=1", "born=2026-11-24T14:30:05&died=2020-01-02", "toys.count=3&toys.2.name=%ff",
		"nick.nil=true&nick=x", "notes=a:b%0a%0ac:d&aliases=%0a", "litter=+5+&calm=true", "~seed=7&~q=%20x", "weight=1e3",
	} {
		f.Add(query)
	}
	g := newGallery(f)
	f.Fuzz(func(t *testing.T, query string) {
		v, err := g.Visit(everything, query)
		if err != nil {
			return
		}
		_, cut, _ := strings.Cut(v.Address(), "?")
		again, err := g.Visit(everything, cut)
		if err != nil {
			t.Fatalf("%q leads to %q: %v", query, cut, err)
		}
		if again.Address() != v.Address() || len(again.Refused()) > 0 {
			t.Errorf("%q leads to %q, which leads to %q (%v)", query, v.Address(), again.Address(), again.Refused())
		}
	})
}
