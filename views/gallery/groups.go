package gallery

import (
	"reflect"
	"slices"
	"strconv"
)

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
