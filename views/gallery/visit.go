package gallery

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// What is wrong with an address.
var (
	ErrNotFound = errors.New("no such story")
	ErrTooLong  = errors.New("the address of this state is longer than 4 KB")
)

const (
	maxQuery   = 4 << 10  // Of the address of a state.
	maxForm    = 64 << 10 // Of a form as it is sent, before it is brought down to what differs from the story.
	formMarker = "~form"
	root       = "/gallery"
	frameRoot  = "/gallery/_/frame"
	mockRoot   = "/gallery/_/mock"

	picturesRoot = "/gallery/_/pictures"
	defaultSeed  = 1
)

// Visit is what an address of the gallery shows: a story, all stories of a component, or the index.
type Visit struct {
	spot
	g        *Gallery
	given    url.Values // The query, as it came.
	set      map[string]string
	args     reflect.Value
	controls []Control
	refused  []string
	workshop Workshop
	still    bool // A file on a file server, where nobody computes anything.
}

// Workshop is what development adds to the pages.
type Workshop struct {
	Editor string // Opens a file in an editor: "vscode://file/home/ana/purplecross/".
	Live   string // An address that answers with other words after each change of a file.
	Files  fs.FS  // The repository as it is now, which may be newer than the program.

	Checks   *Checks // What the last run of the tests found.
	Pictures string  // Where its folders of pictures are.
}

// Develop adds what only development has.
func (v *Visit) Develop(w Workshop) {
	v.workshop = w
	if v.story == nil || w.Files == nil {
		return
	}
	if args, edited := v.fresh(w.Files); edited {
		v.readArgs(args)
	}
}

// Visit reads an address: the path below /gallery, and the query. What the query says that makes no sense is left out,
// and said on the page.
func (g *Gallery) Visit(path, query string) (*Visit, error) {
	v := &Visit{g: g, set: map[string]string{}}
	var found bool
	if v.spot, found = g.find(path); !found {
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
		v.readArgs(v.story.args(v.world(v.story)))
	}
	if len(v.query().Encode()) > maxQuery {
		return nil, ErrTooLong
	}
	return v, nil
}

// readArgs reads what the address says beside a story's own values.
func (v *Visit) readArgs(args reflect.Value) {
	v.refused = v.refused[:len(v.refused)-len(refusals(v.controls))]
	r := reading{source: v.g.source(), slots: v.component.slots, query: v.given}
	v.args, v.controls = r.read(args)
	v.refused = append(v.refused, refusals(v.controls)...)
}

// Stray tells whether the address says more than it needs to, and which would be enough. One that holds something
// refused stays as it is, so that the page can say so.
func (v *Visit) Stray() (address string, stray bool) {
	return v.Address(), len(v.refused) == 0 && v.given.Encode() != v.query().Encode()
}

// Address is where this is, and nothing but differences from the story in its query.
func (v *Visit) Address() string { return v.at(v.path(), v.query()) }

// FrameAddress is where the frame of it is.
func (v *Visit) FrameAddress() string {
	query := url.Values{}
	changes(v.controls, query)
	for _, s := range settings {
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
	case v.page != nil:
		return v.page.slug
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
	return v.at(path, query)
}

// with is this address with another setting.
func (v *Visit) with(key, value string) string {
	query := v.query()
	query.Del("~" + key)
	if value != "" {
		query.Set("~"+key, value)
	}
	return v.at(v.path(), query)
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
	return v.at(v.path(), query)
}

// at is an address of the gallery.
func (v *Visit) at(path string, query url.Values) string { return address(root, path, query) }

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

// Pretty is HTML laid out for reading, an element a line. A drawing is a number, the same for the same one.
func (v *Visit) Pretty(ctx context.Context) (string, error) {
	markup, err := v.HTML(ctx)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	if isDocument(markup) {
		markup = asLetter(markup) // What stands in its head is not the story's.
	}
	markup = drawings.ReplaceAllStringFunc(markup, func(drawing string) string {
		part := drawings.FindStringSubmatch(drawing)
		return fmt.Sprintf("<svg%s>%08x</svg>", sizes.ReplaceAllString(part[1], ""), crc32.ChecksumIEEE([]byte(part[2])))
	})
	for _, p := range pretty(markup) {
		b.WriteString(p.text)
	}
	return b.String(), nil
}

var (
	drawings = regexp.MustCompile(`(?s)<svg([^>]*)>(.*?)</svg>`)
	sizes    = regexp.MustCompile(` (viewBox|width|height)="[^"]*"`)
)

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
	if how := v.set["words"]; how != "" {
		return inOtherWords(out.text.String(), how), nil
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
