package gallery

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// What is wrong with an address.
var (
	ErrNotFound = errors.New("no such story")
	ErrTooLong  = errors.New("the address of this state is longer than 4 KB")
)

const (
	maxQuery    = 4 << 10  // Of the address of a state.
	maxForm     = 64 << 10 // Of a form as it is sent, before it is brought down to what differs from the story.
	formMarker  = "~form"
	root        = "/gallery"
	frameRoot   = "/gallery/_/frame"
	defaultSeed = 1
)

// setting is one thing of the toolbar. It stands in the address as ~key, and not at all while it is as usual. One with
// two choices is a switch.
type setting struct {
	key, label string
	choices    []Option // The first is as usual: "".
	frame      bool     // The frame needs to know, too.
	other      func(string) bool
}

// The settings, in the order of the toolbar.
var settings = []setting{
	{key: "theme", label: "Theme", frame: true, choices: []Option{
		{Value: "", Label: "System", Help: "As the computer has it"}, {Value: "light", Label: "Light"}, {Value: "dark", Label: "Dark"},
	}},
	{key: "w", label: "Width", other: isWidth, choices: []Option{
		{Value: "", Label: "Full", Help: "All the room there is"},
		{Value: "390", Label: "390", Help: "A phone"},
		{Value: "768", Label: "768", Help: "A tablet"},
		{Value: "1280", Label: "1280", Help: "A desk"},
	}},
	{key: "text", label: "200 % text", frame: true, choices: []Option{
		{Value: ""}, {Value: "200", Help: "Text twice as large, as WCAG 1.4.4 asks: nothing may be lost"},
	}},
	{key: "dir", label: "Right to left", frame: true, choices: []Option{
		{Value: ""}, {Value: "rtl", Help: "As for Arabic or Hebrew"},
	}},
	{key: "motion", label: "Less motion", frame: true, choices: []Option{
		{Value: ""}, {Value: "reduce", Help: "Animations and transitions are stopped. What a media query or a script decides needs the computer's own setting."},
	}},
	{key: "outline", label: "Outlines", frame: true, choices: []Option{
		{Value: ""}, {Value: "on", Help: "A line around each element"},
	}},
}

// Settings which aren't in the toolbar.
var quietSettings = []setting{
	{key: "panel", choices: []Option{{Value: ""}, {Value: "code"}, {Value: "docs"}}},
	{key: "seed", frame: true, other: func(text string) bool {
		n, err := strconv.ParseUint(text, 10, 32)
		return err == nil && strconv.FormatUint(n, 10) == text && n != defaultSeed
	}},
	{key: "q", other: func(text string) bool { return utf8.RuneCountInString(text) <= 100 }},
}

// isWidth tells whether a frame can be as wide.
func isWidth(text string) bool {
	n, err := strconv.Atoi(text)
	return err == nil && n >= 200 && n <= 2560 && strconv.Itoa(n) == text
}

// Visit is what an address of the gallery shows: a story, all stories of a component, or the index.
type Visit struct {
	g         *Gallery
	group     string
	component *component
	story     *story
	given     url.Values // The query, as it came.
	set       map[string]string
	args      reflect.Value
	controls  []Control
	refused   []string
}

// Visit reads an address: the path below /gallery, and the query. What the query says that makes no sense is left out,
// and said on the page.
func (g *Gallery) Visit(path, query string) (*Visit, error) {
	v := &Visit{g: g, set: map[string]string{}}
	var found bool
	if v.group, v.component, v.story, found = g.find(path); !found {
		return nil, ErrNotFound
	}
	if len(query) > maxForm {
		return nil, ErrTooLong
	}
	v.given, _ = url.ParseQuery(query) // A pair that can't be read is one that isn't known.
	if len(query) > maxQuery && !v.given.Has(formMarker) {
		return nil, ErrTooLong
	}

	v.readSettings()
	if v.story != nil {
		r := reading{source: g.source(), slots: v.component.slots, query: v.given}
		v.args, v.controls = r.read(v.story.args(v.world(v.story)))
		v.refused = append(v.refused, refusals(v.controls)...)
	}
	if len(v.query().Encode()) > maxQuery {
		return nil, ErrTooLong
	}
	return v, nil
}

func (v *Visit) readSettings() {
	for _, s := range slices.Concat(settings, quietSettings) {
		value := clean(v.given.Get("~" + s.key))
		if value == "" {
			continue
		}
		known := slices.ContainsFunc(s.choices, func(o Option) bool { return o.Value == value })
		if known || s.other != nil && s.other(value) {
			v.set[s.key] = value
		} else if s.label != "" {
			v.refused = append(v.refused, s.label+": "+refusal(value, s.choices[1:]))
		}
	}
}

// Stray tells whether the address says more than it needs to, and which would be enough. One that holds something
// refused stays as it is, so that the page can say so.
func (v *Visit) Stray() (address string, stray bool) {
	return v.Address(), len(v.refused) == 0 && v.given.Encode() != v.query().Encode()
}

// Address is where this is, and nothing but differences from the story in its query.
func (v *Visit) Address() string { return address(root, v.path(), v.query()) }

// FrameAddress is where the frame of it is.
func (v *Visit) FrameAddress() string {
	query := url.Values{}
	changes(v.controls, query)
	for _, s := range slices.Concat(settings, quietSettings) {
		if value, ok := v.set[s.key]; ok && (s.frame || s.key == "q") {
			query.Set("~"+s.key, value)
		}
	}
	return address(frameRoot, v.path(), query)
}

func (v *Visit) path() string {
	switch {
	case v.story != nil:
		return v.story.path()
	case v.component != nil:
		return v.component.slug
	}
	return slug(v.group)
}

func (s *story) path() string { return s.of.slug + "/" + s.slug }

// query is everything of the address that differs from the story and from the usual settings.
func (v *Visit) query() url.Values {
	query := v.settingsQuery()
	changes(v.controls, query)
	return query
}

func (v *Visit) settingsQuery() url.Values {
	query := url.Values{}
	for key, value := range v.set {
		query.Set("~"+key, value)
	}
	return query
}

// to is the address of another story or component, with the same settings.
func (v *Visit) to(path string) string {
	query := v.settingsQuery()
	query.Del("~q")
	return address(root, path, query)
}

// with is this address with another setting.
func (v *Visit) with(key, value string) string {
	query := v.query()
	query.Del("~" + key)
	if value != "" {
		query.Set("~"+key, value)
	}
	return address(root, v.path(), query)
}

// without is this address with controls as in the story: the named one and what is inside of it, or all.
func (v *Visit) without(key string) string {
	query := v.query()
	for name := range query {
		mine := name == key || strings.HasPrefix(name, key+".") || key == ""
		if mine && !strings.HasPrefix(name, "~") {
			query.Del(name)
		}
	}
	return address(root, v.path(), query)
}

func address(under, path string, query url.Values) string {
	if path != "" {
		under += "/" + path
	}
	if len(query) > 0 {
		under += "?" + query.Encode()
	}
	return under
}

func (v *Visit) world(s *story) *World {
	seed, err := strconv.ParseUint(v.set["seed"], 10, 32)
	if err != nil {
		seed = defaultSeed
	}
	return NewWorld(seed, s.path())
}

// changed tells whether any control says something else than the story.
func (v *Visit) changed() bool { return slices.ContainsFunc(v.controls, Control.Changed) }

// Controls are the controls of the story.
func (v *Visit) Controls() []Control { return v.controls }

// Refused lists what the address asked for and did not get, in sentences.
func (v *Visit) Refused() []string { return v.refused }

// maxHTML is the most that one story may write. A number from the address must not fill the memory.
const maxHTML = 2 << 20

// HTML draws the story, or says why it can't be drawn. It is given nothing of the request that asks for it: no session,
// no database, no person.
func (v *Visit) HTML(ctx context.Context) (string, error) { return v.draw(ctx, v.story, v.args) }

func (v *Visit) draw(ctx context.Context, s *story, args reflect.Value) (html string, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("the component panicked: %v", cause)
		}
	}()
	ctx = bare{ctx}
	if v.g.Context != nil {
		ctx = v.g.Context(ctx, v.world(s))
	}
	out := limited{room: maxHTML}
	if err := s.of.draw(args).Render(ctx, &out); err != nil {
		return "", err
	}
	return out.text.String(), nil
}

// asWritten draws a story as it is, without controls.
func (v *Visit) asWritten(ctx context.Context, s *story) (string, error) {
	return v.draw(ctx, s, addressable(s.args(v.world(s))))
}

// bare is a context that ends with another one and knows none of its values.
type bare struct{ context.Context }

func (bare) Value(any) any { return nil }

// limited is a buffer with an end.
type limited struct {
	text strings.Builder
	room int
}

func (l *limited) Write(p []byte) (int, error) {
	if l.room -= len(p); l.room < 0 {
		return 0, errors.New("this state writes more than 2 MB of HTML")
	}
	return l.text.Write(p)
}
