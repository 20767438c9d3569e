package gallery_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"testing"
	"testing/fstest"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"purplecross/views/gallery"
)

// Mood is a type with a method Options.
type Mood string

// The moods.
const (
	MoodCalm  Mood = ""      // Nothing to see.
	MoodCross Mood = "cross" // Mind the claws.
)

// Options lists the moods.
func (Mood) Options() []Mood { return []Mood{MoodCalm, MoodCross} }

// Size is a type with constants only.
type Size string

// The sizes.
const (
	SizeSmall  Size = "s"
	SizeMedium Size = "m"
	SizeLarge  Size = "l"
	SizeHuge   Size = "xl"
	SizeGiant  Size = "xxl"
)

// Toy is a row.
type Toy struct {
	Name   string // What it is.
	Squeak bool
}

// SampleProps has a field of each kind.
type SampleProps struct {
	Name    string // What the pet is called.
	Story   string `ctl:"textarea"`
	Mood    Mood   // How it is today.
	Size    Size
	Cross   bool
	Legs    int
	Tail    int `ctl:"range,0,30"`
	Weight  float64
	Born    time.Time
	Died    *time.Time
	Litter  *int
	Nick    *string
	Calm    *bool
	Aliases []string
	Notes   map[string]string
	Toy     *Toy
	Toys    []Toy
	Owner   struct{ Name, Phone string }

	Body   templ.Component
	Link   templ.SafeURL
	Script templ.JSExpression
	Attrs  templ.Attributes
	Any    any
	Func   func() string
	Hidden string `ctl:"-"`
}

// Sample shows a pet. It is for [Sample] and for tests.
func Sample(props SampleProps) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		switch props.Name {
		case "panic":
			panic("no such pet")
		case "spy":
			if ctx.Value(secretKey{}) != nil {
				return fmt.Errorf("the secret is known")
			}
		}
		for range max(1, props.Legs) {
			fmt.Fprintf(w, `<p id="pet" class=%q>%s %v</p>`, string(props.Mood), templ.EscapeString(props.Name), props.Size)
			if _, err := io.WriteString(w, "\n"); err != nil {
				return err
			}
		}
		if len(props.Toys) > 0 {
			props.Toys[0].Name = "chewed" // A component should not; the story must not care.
		}
		if props.Toy != nil {
			props.Toy.Name = "chewed"
		}
		if props.Body != nil {
			return props.Body.Render(ctx, w)
		}
		return nil
	})
}

// Bare has no stories.
func Bare(struct{}) templ.Component { return templ.NopComponent }

type secretKey struct{}

// Badge is put into samples.
func Badge(text string) templ.Component { return templ.Raw("<b>" + text + "</b>") }

var SampleStories = gallery.Component[SampleProps]{
	Path: "Pets/Sample",
	View: Sample,
	Slots: gallery.Slots{
		"Body": {"badge": Badge("new")},
	},
	Stories: []gallery.Story[SampleProps]{
		{Name: "Plain", Args: SampleProps{Name: "Coco"}},
		{Name: "Everything", Args: SampleProps{
			Name: "Biscuit", Story: "Once\nupon", Mood: MoodCross, Size: SizeLarge, Cross: true, Legs: 4, Weight: 12.5,
			Born: time.Date(2020, time.May, 3, 0, 0, 0, 0, time.UTC), Litter: new(7), Nick: new("B"), Calm: new(false),
			Aliases: []string{"Bis", "Cuit"}, Notes: map[string]string{"eats": "all: everything"},
			Toy: &Toy{Name: "ball"}, Toys: []Toy{{Name: "rope", Squeak: true}, {Name: "duck"}},
			Body: Badge("old"), Link: "/a", Script: "go()", Attrs: templ.Attributes{"data-a": "b"}, Func: func() string { return "" },
		}},
		{Name: "Made up", Tags: []string{"awkward"}, From: func(w *gallery.World) SampleProps {
			return SampleProps{Name: w.Pet(), Born: w.Day(-400), Body: Badge("made")}
		}},
	},
}

func newGallery(t testing.TB) *gallery.Gallery {
	t.Helper()
	text, err := os.ReadFile("sample_test.go")
	if err != nil {
		t.Fatal(err)
	}
	g, err := gallery.New(gallery.Options{
		Title:   "Test",
		Sources: []gallery.Source{{Import: "purplecross/views/gallery_test", Files: fstest.MapFS{"sample.go": {Data: text}}}},
		Exempt:  map[string]string{"gallery_test.Badge": "Is put into others."},
	}, SampleStories)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func visit(t testing.TB, g *gallery.Gallery, path, query string) *gallery.Visit {
	t.Helper()
	v, err := g.Visit(path, query)
	if err != nil {
		t.Fatalf("%s?%s: %v", path, query, err)
	}
	return v
}

func drawn(t testing.TB, v *gallery.Visit) string {
	t.Helper()
	markup, err := v.HTML(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return markup
}

func document(t testing.TB, view templ.Component) *goquery.Document {
	t.Helper()
	var b bytes.Buffer
	if err := view.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
