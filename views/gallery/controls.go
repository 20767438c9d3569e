package gallery

import (
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
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
