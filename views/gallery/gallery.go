// Package gallery shows components the way people will meet them, each state of each, in a frame of its own with the
// real style sheets. A story is a value of the component's own props struct; the controls, the address, the Go code,
// the documentation and the tests all come from that type, so a renamed field breaks the build and not the gallery.
//
// It imports nothing of ours, and knows no database and no session: what a story shows is in the story, or made up by
// its World; what it asks for is answered by its Mock.
package gallery

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"
)

// Component is a component and its stories. P is its props struct.
//
//	var ButtonStories = gallery.Component[ButtonProps]{
//		Path: "Actions/Button",
//		View: Button,
//		Stories: []gallery.Story[ButtonProps]{
//			{Name: "Primary", Args: ButtonProps{Label: "Book visit", Kind: ButtonPrimary}},
//		},
//	}
type Component[P any] struct {
	Path    string                  // The group and the name: "Actions/Button".
	View    func(P) templ.Component // The component itself.
	Doc     string                  // Replaces the comment on the component.
	Slots   Slots                   // What may be put in its templ.Component fields.
	Covers  []string                // Further components that these stories show: "ui.PanelHead".
	Use     []string                // When it is right, a sentence each.
	Avoid   []string                // When something else is, and what.
	Keys    []Key                   // What the keyboard does in it.
	Anatomy Anatomy                 // What it is made of, where that needs words.
	Mock    Mock                    // What its requests are answered, for every story; see Story.
	Tags    []string                // For every story; see Story.
	Narrow  string                  // The story that is shown in a phone's room, too, as "Narrow".
	Mirror  string                  // The story that is shown from right to left, too, as "From right to left".
	Stories []Story[P]              // At least one. The first stands for the component in the index.
}

// Story is one state of a component.
type Story[P any] struct {
	Name   string            // "Long label". Unique in its component.
	Args   P                 // What the component is given.
	From   func(*World) P    // In place of Args: made-up data, the same each time for the same seed.
	Mock   Mock              // What the story's requests are answered. Goes before the component's.
	Play   []Step            // What a person does in it, and must see then.
	Dir    string            // "rtl" shows it as people read it whose script runs from right to left.
	Narrow bool              // In no more room than a phone has.
	Tags   []string          // "page" is a whole page, as is every view called SomethingPage; other words are for searching.
	Allow  map[string]string // An axe rule that this story breaks, and the reason why that is right.
}

// Key is a key and what it does in a component.
type Key struct {
	Key  string `json:"key"`
	Does string `json:"does"`
}

// Anatomy names the parts of a component, in one of its stories: by its name, or in the first.
type Anatomy struct {
	Of    string `json:"of"`
	Wide  bool   `json:"wide,omitempty"` // It takes the whole width.
	Parts []Part `json:"parts"`
}

// Part is a part of a component. At is a CSS selector within the story, of a class or an attribute.
type Part struct {
	Name string `json:"name"`
	Is   string `json:"is"`
	At   string `json:"at"`
}

// Slots names what may be put in a field of type templ.Component: by the field's name, then by the choice's.
type Slots map[string]map[string]templ.Component

// Entry is a Component of any props. Only this package can make one.
type Entry interface{ erase() component }

// Options says what a gallery stands on. Styles, Scripts and the like are addresses.
type Options struct {
	Title   string            // "Purple Cross".
	Home    string            // Where the way out leads; "" is "/".
	Icon    string            // Of the browser's tab.
	Styles  []string          // Of every frame.
	Scripts []string          // Modules of every frame.
	Classic []string          // Scripts of every frame that are not modules.
	Page    string            // The class of what stands around a page's content, for stories tagged "page".
	Metas   map[string]string // <meta> of every frame, such as htmx-config.
	Chrome  []string          // What the gallery adds to every frame.
	Shell   []string          // Of the gallery's own page.
	Script  string            // Module of the gallery itself.
	Inside  string            // Module of the gallery within frames, before all others.
	Axe     string            // Script of axe-core, which is asked for when its panel is opened.
	Tokens  func() []byte     // The style sheet with the tokens, from which the foundations are drawn.
	Pages   []Page            // Words about the whole: principles, patterns.
	Sources []Source          // Where comments and constants are read.
	Exempt  map[string]string // Components that need no story, and why.

	// Context gives stories the clock and the made-up person that they expect.
	Context func(ctx context.Context, w *World) context.Context
}

// Gallery is every component with its stories. It is read-only, and serves any number of requests at once.
type Gallery struct {
	Options

	components []component
	stories    []*story // Of all components, in order.
	pages      []*docPage
	source     func() *source
}

type component struct {
	group, name, slug string
	view              string // "purplecross/views/ui.Button"; "" when the view is a function without a name.
	doc               string
	props             reflect.Type
	slots             Slots
	covers            []string
	tags              []string
	use, avoid        []string
	keys              []Key
	anatomy           Anatomy
	stories           []*story
	draw              func(args reflect.Value) templ.Component
}

type story struct {
	of         *component
	name, slug string
	tags       []string
	allow      map[string]string
	mock       Mock
	play       []Step
	dir        string
	narrow     bool
	like       string // The story that this one shows again, otherwise.
	args       func(*World) reflect.Value
	place      int // In Gallery.stories.
}

func (c Component[P]) erase() component {
	erased := component{
		doc: c.Doc, slots: c.Slots, covers: c.Covers, tags: c.Tags, use: c.Use, avoid: c.Avoid, keys: c.Keys, anatomy: c.Anatomy,
		props: reflect.TypeFor[P](),
		draw:  func(args reflect.Value) templ.Component { return c.View(args.Interface().(P)) },
	}
	erased.group, erased.name, _ = strings.Cut(c.Path, "/")
	erased.slug = slug(erased.group) + "/" + slug(erased.name)
	if c.View != nil {
		erased.view = viewName(reflect.ValueOf(c.View))
	}
	if strings.HasSuffix(erased.view, "Page") && !slices.Contains(erased.tags, tagPage) {
		erased.tags = append([]string{tagPage}, erased.tags...)
	}

	for _, s := range c.Stories {
		erased.stories = append(erased.stories, &story{
			name: s.Name, slug: slug(s.Name), allow: s.Allow,
			tags: slices.Concat(erased.tags, s.Tags), mock: c.Mock.with(s.Mock), play: s.Play, dir: s.Dir, narrow: s.Narrow,
			args: func(w *World) reflect.Value {
				if s.From != nil {
					return reflect.ValueOf(s.From(w))
				}
				return reflect.ValueOf(s.Args)
			},
		})
	}
	erased.again(c.Narrow, "Narrow", func(s *story) { s.narrow = true })
	erased.again(c.Mirror, "From right to left", func(s *story) { s.dir = "rtl" })
	return erased
}

// again adds a story that is like another one, but for how it is shown. One that is not there is found by check.
func (c *component) again(like, name string, otherwise func(*story)) {
	if like == "" {
		return
	}
	added := story{name: name, slug: slug(name), like: like, tags: c.tags}
	for _, s := range c.stories {
		if s.name == like {
			added = *s
			added.name, added.slug, added.like, added.play = name, slug(name), like, nil
		}
	}
	otherwise(&added)
	c.stories = append(c.stories, &added)
}

// viewName is a function's import path and name, without the brackets of type arguments; "" for a function literal.
func viewName(view reflect.Value) string {
	name, _, _ := strings.Cut(runtime.FuncForPC(view.Pointer()).Name(), "[")
	_, last, _ := strings.Cut(name[strings.LastIndex(name, "/")+1:], ".")
	if strings.Contains(last, ".") {
		return ""
	}
	return name
}

// New checks the entries and returns the gallery of them. What is wrong with any of them is in the error.
func New(options Options, entries ...Entry) (*Gallery, error) {
	g := &Gallery{Options: options, components: make([]component, 0, len(entries))}
	if g.Home == "" {
		g.Home = "/"
	}
	g.source = sync.OnceValue(func() *source { return readSource(options.Sources) })
	var wrong []error
	for _, entry := range entries {
		c := entry.erase()
		wrong = append(wrong, c.check()...)
		g.components = append(g.components, c)
	}

	g.pages = docPages(options)

	// Groups stay together, in the order in which they are first named.
	order := map[string]int{}
	for _, c := range g.components {
		if _, known := order[c.group]; !known {
			order[c.group] = len(order)
		}
	}
	slices.SortStableFunc(g.components, func(a, b component) int { return order[a.group] - order[b.group] })
	taken := map[string]bool{}
	for i := range g.components {
		c := &g.components[i]
		if taken[c.slug] {
			wrong = append(wrong, fmt.Errorf("two components at %s", c.path()))
		}
		taken[c.slug] = true
		for _, s := range c.stories {
			s.of, s.place = c, len(g.stories)
			g.stories = append(g.stories, s)
		}
	}
	return g, errors.Join(wrong...)
}

func (c component) path() string { return c.group + "/" + c.name }

func (c component) check() (wrong []error) {
	complain := func(format string, args ...any) {
		wrong = append(wrong, fmt.Errorf("%s: "+format, append([]any{c.path()}, args...)...))
	}
	if slug(c.group) == "" || slug(c.name) == "" || strings.Contains(c.name, "/") {
		complain(`the path is a group and a name, like "Actions/Button"`)
	}
	if c.props.Kind() != reflect.Struct {
		complain("props are a struct, not %s", c.props)
	}
	if len(c.stories) == 0 {
		complain("no stories")
	}

	if c.anatomy.Parts != nil && c.dissected() == nil {
		complain("the anatomy is of the story %q, which is not there", c.anatomy.Of)
	}

	taken := map[string]bool{}
	for _, s := range c.stories {
		if s.slug == "" || taken[s.slug] {
			complain("the story %q needs a name of its own", s.name)
		}
		taken[s.slug] = true
		if s.args == nil {
			complain("%q is to be shown again as %q, and is not there", s.like, s.name)
		}
		for rule, reason := range s.allow {
			if strings.TrimSpace(reason) == "" {
				complain("the story %q breaks %s without a reason", s.name, rule)
			}
		}
	}
	return wrong
}

// dissected is the story of which the anatomy is shown; nil when there is none.
func (c component) dissected() *story {
	for _, s := range c.stories {
		if s.name == c.anatomy.Of || c.anatomy.Of == "" {
			return s
		}
	}
	return nil
}

const tagPage = "page"

func (s *story) tagged(tag string) bool { return slices.Contains(s.tags, tag) }

// slug is a name as it stands in an address: "Long label" is long-label.
func slug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.TrimSuffix(b.String(), "-")
}

// spot is what stands at a path: a page of words, or less and less of group, component and story.
type spot struct {
	group     string
	component *component
	story     *story
	page      *docPage
}

// find returns what is at a path such as "actions/button/primary". Less of a path gives less: no story, no component,
// and only a group's name.
func (g *Gallery) find(path string) (at spot, ok bool) {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if len(parts) > 3 {
		return at, false
	}
	if parts[0] == "" {
		return at, true
	}
	for _, p := range g.pages {
		if p.slug == strings.Join(parts, "/") {
			return spot{group: p.group, page: p}, true
		}
	}
	for i := range g.components {
		if slug(g.components[i].group) != parts[0] {
			continue
		}
		at.group = g.components[i].group
		if len(parts) > 1 && g.components[i].slug == parts[0]+"/"+parts[1] {
			at.component = &g.components[i]
		}
	}
	if at.component != nil && len(parts) == 3 {
		i := slices.IndexFunc(at.component.stories, func(s *story) bool { return s.slug == parts[2] })
		if i >= 0 {
			at.story = at.component.stories[i]
		}
	}
	ok = at.group != "" && (len(parts) < 2 || at.component != nil) && (len(parts) < 3 || at.story != nil)
	return at, ok
}

// Clock is the moment at which every story takes place: a Tuesday afternoon, in Colorado.
func Clock() (now time.Time, zone *time.Location) {
	zone, err := time.LoadLocation("America/Denver")
	if err != nil {
		zone = time.FixedZone("MST", -7*60*60)
	}
	return time.Date(2026, time.November, 24, 14, 30, 0, 0, zone), zone
}
