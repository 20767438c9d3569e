package gallery

import (
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/a-h/templ"
)

// Kind is how a value is changed.
type Kind string

// The kinds of control.
const (
	KindText   Kind = "text"
	KindArea   Kind = "area" // Text of several lines.
	KindLines  Kind = "lines"
	KindSwitch Kind = "switch"
	KindNumber Kind = "number"
	KindRange  Kind = "range"
	KindTime   Kind = "time"
	KindRadios Kind = "radios"
	KindSelect Kind = "select"
	KindGroup  Kind = "group" // A struct, a list, or what may be nil: see Controls.
	KindFixed  Kind = "fixed" // Nothing that an address could say.
)

// Control changes one place in the props of a story.
type Control struct {
	Key      string // In the address: "alert.title".
	Label    string // "Alert".
	Type     string // As in Go: "ui.Tone".
	Help     string // The comment on the field.
	Kind     Kind
	Value    string // What the story is drawn with, or what was refused.
	Base     string // What the story itself says.
	Error    string // Why the value was refused, in a sentence.
	Options  []Option
	Min, Max string
	Row      bool // A group that is a row of a list.
	Controls []Control
}

// Option is one choice of a control.
type Option struct{ Value, Label, Help string }

// Changed tells whether the control, or one inside of it, says something else than the story.
func (c Control) Changed() bool {
	return c.Value != c.Base || slices.ContainsFunc(c.Controls, Control.Changed)
}

// chosen is the option that the control shows: the story's own, when another was refused.
func (c Control) chosen() string {
	if c.Error != "" {
		return c.Base
	}
	return c.Value
}

const (
	maxDepth = 4  // Of structs in structs.
	maxItems = 50 // Of a list.
	maxRows  = 10 // Of a list, with controls.
)

// reading goes through the props of a story along their types. On the way it takes what the query says, if that is a
// value a control could have given, and notes the control. Names in the query are only ever looked up, never reflected
// on, and what it does not know it ignores.
type reading struct {
	source *source
	slots  Slots
	query  url.Values
}

// place is where in the props a control stands.
type place struct {
	key, label, help, tag string
	slot                  string // Of a templ.Component: "Action", "Items.View".
	depth                 int
	brief                 bool // A row after the first, which need not say all that again.
}

// read returns a copy of the story's args as the query changes them, and the controls.
func (r *reading) read(base reflect.Value) (reflect.Value, []Control) {
	base = addressable(base)
	value := addressable(base)
	return value, r.fields(place{}, base, value)
}

// addressable is a copy that shares nothing that a component could change.
func addressable(v reflect.Value) reflect.Value {
	fresh := reflect.New(v.Type()).Elem()
	fresh.Set(clone(v))
	return fresh
}

// clone copies slices, maps, and what is pointed to. Times, functions and interfaces are taken as they are.
func clone(v reflect.Value) reflect.Value {
	fresh := reflect.New(v.Type()).Elem()
	fresh.Set(v)
	switch {
	case v.Type() == timeType:
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fresh.Field(i).Set(clone(v.Field(i)))
			}
		}
	case v.Kind() == reflect.Slice && !v.IsNil():
		fresh.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			fresh.Index(i).Set(clone(v.Index(i)))
		}
	case v.Kind() == reflect.Map && !v.IsNil():
		fresh.Set(reflect.MakeMapWithSize(v.Type(), v.Len()))
		for _, key := range v.MapKeys() {
			fresh.SetMapIndex(key, clone(v.MapIndex(key)))
		}
	case v.Kind() == reflect.Pointer && !v.IsNil() && v.Type().Elem().Kind() != reflect.Struct,
		v.Kind() == reflect.Pointer && !v.IsNil() && plain(v.Type().Elem()):
		fresh.Set(reflect.New(v.Type().Elem()))
		fresh.Elem().Set(clone(v.Elem()))
	}
	return fresh
}

// plain tells whether every field of a struct is exported: others, such as a time.Location, are not ours to copy.
func plain(t reflect.Type) bool {
	for i := range t.NumField() {
		if !t.Field(i).IsExported() {
			return false
		}
	}
	return true
}

func (r *reading) fields(at place, base, value reflect.Value) []Control {
	var controls []Control
	for i := range base.NumField() {
		field := base.Type().Field(i)
		tag := field.Tag.Get("ctl")
		if !field.IsExported() || tag == "-" {
			continue
		}
		if field.Anonymous && field.Type.Kind() == reflect.Struct && field.Type != timeType {
			controls = append(controls, r.fields(at, base.Field(i), value.Field(i))...)
			continue
		}
		to := place{
			key: join(at.key, kebab(field.Name)), slot: join(at.slot, field.Name),
			label: sentence(field.Name), tag: tag, depth: at.depth + 1, brief: at.brief,
		}
		if !at.brief {
			to.help = r.source.fieldDoc(base.Type(), field.Name)
		}
		controls = append(controls, r.control(to, base.Field(i), value.Field(i)))
	}
	return controls
}

func (r *reading) control(at place, base, value reflect.Value) Control {
	t := base.Type()
	if code, ok := r.codec(t, at.tag); ok {
		return r.leaf(at, code, base, value)
	}
	switch {
	case t == componentType:
		return r.slotted(at, base, value)
	case never(t), at.depth > maxDepth:
	case t.Kind() == reflect.Struct:
		return at.group(t, r.fields(at, base, value))
	case t.Kind() == reflect.Pointer && changeable(t.Elem()):
		return r.pointed(at, base, value)
	case t.Kind() == reflect.Slice && changeable(t.Elem()):
		return r.list(at, base, value)
	}
	return Control{Key: at.key, Label: at.label, Help: at.help, Type: t.String(), Kind: KindFixed, Value: summary(base), Base: summary(base)}
}

func (at place) group(t reflect.Type, controls []Control) Control {
	return Control{Key: at.key, Label: at.label, Help: at.help, Type: t.String(), Kind: KindGroup, Controls: controls}
}

// leaf sets a value that an address can say.
func (r *reading) leaf(at place, code codec, base, value reflect.Value) Control {
	c := Control{
		Key: at.key, Label: at.label, Help: at.help, Type: base.Type().String(), Kind: code.kind,
		Options: code.options, Min: code.min, Max: code.max, Base: code.text(base),
	}
	c.Value = c.Base
	if c.Options != nil && !slices.ContainsFunc(c.Options, func(o Option) bool { return o.Value == c.Base }) {
		c.Options = append([]Option{{Value: c.Base, Label: c.Base}}, c.Options...)
	}
	if given, ok := r.query[at.key]; ok && len(given) > 0 {
		text := clean(given[len(given)-1])
		parsed, err := code.parse(text)
		switch {
		case text == c.Base:
		case err != nil:
			c.Value, c.Error = text, err.Error()
		default:
			value.Set(parsed)
			c.Value = code.text(parsed)
		}
	}
	if c.Kind == KindText && (strings.Contains(c.Value+c.Base, "\n") || len(c.Base) > 48) {
		c.Kind = KindArea
	}
	return c
}

// clean is a text as forms and addresses carry it, brought back to what was meant.
func clean(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "\uFFFD")
}

// pointed is what may be missing: a switch for that, and the value's own controls.
func (r *reading) pointed(at place, base, value reflect.Value) Control {
	missing := reflect.ValueOf(base.IsNil())
	given := reflect.New(missing.Type()).Elem()
	given.Set(missing)
	code, _ := r.codec(missing.Type(), "")
	toggle := r.leaf(place{key: join(at.key, "nil"), label: "Not set"}, code, missing, given)
	controls := []Control{toggle}

	t := base.Type().Elem()
	if given.Bool() {
		value.SetZero()
		return at.group(base.Type(), controls)
	}
	from := reflect.New(t).Elem()
	if !base.IsNil() {
		from.Set(base.Elem())
	}
	value.Set(reflect.New(t))
	value.Elem().Set(clone(from))
	inner := r.control(place{key: at.key, slot: at.slot, label: "Value", tag: at.tag, depth: at.depth + 1}, from, value.Elem())
	if inner.Kind == KindGroup {
		return at.group(base.Type(), append(controls, inner.Controls...))
	}
	return at.group(base.Type(), append(controls, inner))
}

// list is a number of rows, the first ones with their own controls. Rows beyond those of the story repeat them.
func (r *reading) list(at place, base, value reflect.Value) Control {
	length := reflect.ValueOf(base.Len())
	given := reflect.New(length.Type()).Elem()
	given.Set(length)
	limit := max(maxItems, base.Len())
	code, _ := r.codec(length.Type(), "number,0,"+strconv.Itoa(limit))
	count := r.leaf(place{key: join(at.key, "count"), label: "How many"}, code, length, given)
	controls := []Control{count}

	rows := reflect.MakeSlice(base.Type(), int(given.Int()), int(given.Int()))
	for i := range rows.Len() {
		from := reflect.New(base.Type().Elem()).Elem()
		if base.Len() > 0 {
			from.Set(base.Index(i % base.Len()))
		}
		rows.Index(i).Set(clone(from))
		if i >= maxRows || at.brief && i >= maxRows/3 {
			continue
		}
		row := r.control(place{
			key: join(at.key, strconv.Itoa(i)), slot: at.slot, label: strconv.Itoa(i + 1), tag: at.tag,
			depth: at.depth + 1, brief: i > 0,
		}, from, rows.Index(i))
		if row.Kind == KindGroup {
			row.Row = true
			row.Controls = slices.DeleteFunc(row.Controls, func(c Control) bool { return c.Kind == KindFixed })
			row.Label += firstText(row.Controls)
		}
		controls = append(controls, row)
	}
	if rows.Len() > 0 || !base.IsNil() {
		value.Set(rows)
	}
	if more := rows.Len() - len(controls) + 1; more > 0 {
		said := strconv.Itoa(more) + ", as in the story"
		controls = append(controls, Control{Kind: KindFixed, Label: "And more", Value: said, Base: said})
	}
	return at.group(base.Type(), controls)
}

// firstText tells a row from its neighbours.
func firstText(controls []Control) string {
	for _, c := range controls {
		if c.Value != "" && c.Options == nil && (c.Kind == KindText || c.Kind == KindArea) {
			return " · " + c.Value
		}
	}
	return ""
}

// The choices of a slot besides the named ones.
const (
	slotNothing = "none"
	slotStory   = "story"
)

// slotted puts one of the named components into a field. No address can say any other.
func (r *reading) slotted(at place, base, value reflect.Value) Control {
	named := r.slots[at.slot]
	c := Control{
		Key: at.key, Label: at.label, Help: at.help, Type: "templ.Component", Kind: KindSelect,
		Base: slotNothing, Options: []Option{{Value: slotNothing, Label: "Nothing"}},
	}
	if !base.IsNil() {
		c.Base = slotStory
		c.Options = append(c.Options, Option{Value: slotStory, Label: "As in the story"})
	}
	for _, name := range sortedKeys(named) {
		c.Options = append(c.Options, Option{Value: name, Label: name})
	}
	c.Value = c.Base
	if len(c.Options) < 2 {
		c.Kind = KindFixed
		return c
	}

	given, ok := r.query[at.key]
	if !ok || len(given) == 0 || given[len(given)-1] == c.Base {
		return c
	}
	c.Value = clean(given[len(given)-1])
	chosen, known := named[c.Value]
	switch {
	case c.Value == slotNothing:
		value.SetZero()
	case !known:
		c.Error = refusal(c.Value, c.Options)
	case chosen == nil:
		value.SetZero()
	default:
		value.Set(reflect.ValueOf(chosen))
	}
	return c
}

func refusal(value string, options []Option) string {
	names := make([]string, len(options))
	for i, o := range options {
		names[i] = o.Value
		if o.Value == "" {
			names[i] = "nothing"
		}
	}
	if len(names) > 8 {
		names = append(names[:7], "…")
	}
	return fmt.Sprintf("“%s” is not one of %s.", value, strings.Join(names, ", "))
}

// changes adds what differs from the story.
func changes(controls []Control, into url.Values) {
	for _, c := range controls {
		if c.Kind != KindFixed && c.Value != c.Base && c.Error == "" {
			into.Set(c.Key, c.Value)
		}
		changes(c.Controls, into)
	}
}

// refusals lists what could not be taken from the address.
func refusals(controls []Control) []string {
	var said []string
	for _, c := range controls {
		if c.Error != "" {
			said = append(said, c.Label+": "+c.Error)
		}
		said = append(said, refusals(c.Controls)...)
	}
	return said
}

// never tells types that templ writes out without escaping, or that run: no address may fill them, whatever their kind.
func never(t reflect.Type) bool {
	switch t.PkgPath() {
	case reflect.TypeFor[templ.SafeURL]().PkgPath(), "html/template":
		return true
	}
	switch t.Kind() {
	case reflect.Func, reflect.Interface, reflect.Chan, reflect.UnsafePointer, reflect.Uintptr,
		reflect.Complex64, reflect.Complex128:
		return true
	}
	return false
}

// changeable tells whether a value behind a pointer or in a list can have controls.
func changeable(t reflect.Type) bool {
	if t.Kind() == reflect.Struct && t != timeType {
		return !never(t) && plain(t)
	}
	return !never(t) && t.Kind() != reflect.Pointer && t.Kind() != reflect.Map && t.Kind() != reflect.Array
}

// summary says in a word what an unchangeable field holds.
func summary(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return strconv.Itoa(v.Len()) + " in the story"
	case reflect.Func, reflect.Interface, reflect.Pointer, reflect.Chan:
		if v.IsNil() {
			return "nothing"
		}
	default:
		if v.IsZero() {
			return "nothing"
		}
		if v.Kind() == reflect.String {
			return v.String()
		}
	}
	return "set by the story"
}

func join(prefix, name string) string {
	if prefix == "" {
		return name
	}
	return prefix + "." + name
}

// kebab is a field's name in an address: IconOnly is icon-only, OwnerHref owner-href, ID id.
func kebab(name string) string { return strings.ToLower(strings.Join(camelWords(name), "-")) }

// sentence is a field's name for people: "Icon only". Initials stay: "Owner ID".
func sentence(name string) string {
	words := camelWords(name)
	for i, word := range words {
		if i > 0 && strings.ToUpper(word) != word {
			words[i] = strings.ToLower(word)
		}
	}
	return strings.Join(words, " ")
}

func camelWords(name string) []string {
	var words []string
	runes := []rune(name)
	start := 0
	for i := 1; i < len(runes); i++ {
		lowerThenUpper := unicode.IsUpper(runes[i]) && !unicode.IsUpper(runes[i-1])
		endOfInitials := i+1 < len(runes) && unicode.IsUpper(runes[i-1]) && unicode.IsUpper(runes[i]) && unicode.IsLower(runes[i+1])
		if lowerThenUpper || endOfInitials {
			words = append(words, string(runes[start:i]))
			start = i
		}
	}
	return append(words, string(runes[start:]))
}
