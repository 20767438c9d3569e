package gallery

import (
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// snippet prints the templ call that draws exactly what is seen: "@ui.Button(ui.ButtonProps{Label: "Save"})". What is
// the zero value is left out, constants go by their names, and what a value doesn't tell (a component put into another)
// is taken from the source of the story.
func (v *Visit) snippet() string {
	p := printer{source: v.g.source(), slots: map[string]string{}}
	p.component = v.component
	p.literal, p.pkg = p.source.story(v.component, v.story)
	p.literal = returned(p.literal)
	chosenSlots(v.controls, p.slots)

	code := p.value(v.args, nil)
	name := short(v.component.view)
	if name == "" {
		name = p.source.view(v.component)
	}
	text := name + "(" + code + ")"
	if pretty, err := format.Source([]byte(text)); err == nil {
		text = string(pretty)
	}
	return "@" + text
}

const lost = "/* set by the story */"

// storySource is the story as its file has it: for what the call can't say.
func (v *Visit) storySource() string {
	e, p := v.g.source().story(v.component, v.story)
	if e == nil {
		return ""
	}
	return p.code(e)
}

// printer writes values as Go code.
type printer struct {
	source    *source
	component *component
	literal   ast.Expr          // The args in the source of the story, or nil.
	pkg       *packageSource    // Where that is.
	slots     map[string]string // Choices made by the address, by key.
}

// path leads from the args to a value: names of fields and numbers of rows.
type path []any

func (at path) key() string {
	key := ""
	for _, step := range at {
		switch s := step.(type) {
		case string:
			key = join(key, kebab(s))
		case int:
			key = join(key, strconv.Itoa(s))
		}
	}
	return key
}

func (at path) slot() string {
	var names []string
	for _, step := range at {
		if name, ok := step.(string); ok {
			names = append(names, name)
		}
	}
	return strings.Join(names, ".")
}

func (at path) to(step any) path { return append(slices.Clone(at), step) }

// lineLength is where a literal is broken into a line for each field.
const lineLength = 76

func (p printer) value(v reflect.Value, at path) string {
	t := v.Type()
	if t == timeType {
		return timeCode(v.Interface().(time.Time))
	}
	if t == durationType {
		return strconv.FormatInt(v.Int(), 10) + " * time.Nanosecond"
	}
	switch t.Kind() {
	case reflect.String:
		if name, ok := p.source.constantName(t, v.String()); ok {
			return name
		}
		return quote(v.String())
	case reflect.Struct:
		return p.structure(v, at)
	case reflect.Slice, reflect.Array:
		return p.rows(v, at)
	case reflect.Map:
		return p.table(v, at)
	case reflect.Pointer:
		return p.pointer(v, at)
	case reflect.Interface, reflect.Func, reflect.Chan:
		return p.quoted(v, at)
	default:
		if name, ok := p.source.constantName(t, fmt.Sprint(v.Interface())); ok {
			return name
		}
		return fmt.Sprint(v.Interface())
	}
}

func (p printer) structure(v reflect.Value, at path) string {
	var parts []string
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() || v.Field(i).IsZero() {
			continue
		}
		parts = append(parts, field.Name+": "+p.value(v.Field(i), at.to(field.Name)))
	}
	return p.typeName(v.Type()) + braces(parts)
}

func (p printer) rows(v reflect.Value, at path) string {
	parts := make([]string, v.Len())
	for i := range parts {
		parts[i] = p.value(v.Index(i), at.to(i))
		if v.Type().Elem().Kind() == reflect.Struct && v.Type().Elem() != timeType {
			parts[i] = strings.TrimPrefix(parts[i], p.typeName(v.Type().Elem()))
		}
	}
	return p.typeName(v.Type()) + braces(parts)
}

func (p printer) table(v reflect.Value, at path) string {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	parts := make([]string, len(keys))
	for i, key := range keys {
		parts[i] = p.value(key, nil) + ": " + p.value(v.MapIndex(key), at.to(fmt.Sprint(key)))
	}
	return p.typeName(v.Type()) + braces(parts)
}

func (p printer) pointer(v reflect.Value, at path) string {
	inner := p.value(v.Elem(), at)
	switch {
	case v.Elem().Kind() == reflect.Struct && v.Elem().Type() != timeType:
		return "&" + inner
	case v.Elem().Type().PkgPath() != "" && v.Elem().Type() != timeType && !strings.Contains(inner, "."):
		return "new(" + p.typeName(v.Elem().Type()) + "(" + inner + "))"
	}
	return "new(" + inner + ")"
}

// quoted is code from the source of the story: its choice of a slot, or what it put there itself.
func (p printer) quoted(v reflect.Value, at path) string {
	if !v.IsNil() && v.Kind() == reflect.Interface && v.Type().NumMethod() == 0 && v.Elem().Kind() != reflect.Func {
		return p.value(v.Elem(), at)
	}
	from := p.descend(p.literal, at)
	if choice, ok := p.slots[at.key()]; ok && choice != slotStory {
		from = p.source.slot(p.component, at.slot(), choice)
	}
	if from == nil || p.pkg == nil {
		return "nil " + lost
	}
	return p.pkg.code(from)
}

// descend follows a path into a literal, by way of variables where the story has them; nil where it is lost.
func (p printer) descend(e ast.Expr, at path) ast.Expr {
	for _, step := range at {
		if u, ok := e.(*ast.UnaryExpr); ok && u.Op == token.AND {
			e = u.X
		}
		if name, ok := e.(*ast.Ident); ok && p.pkg != nil {
			e = p.pkg.values[name.Name]
		}
		literal, ok := e.(*ast.CompositeLit)
		if !ok {
			return nil
		}
		switch s := step.(type) {
		case string:
			e = keyed(literal, s)
		case int:
			if len(literal.Elts) == 0 {
				return nil
			}
			e = literal.Elts[s%len(literal.Elts)]
		}
	}
	return e
}

// typeName is a type as code outside of its package says it.
func (p printer) typeName(t reflect.Type) string {
	return strings.ReplaceAll(t.String(), "interface {}", "any")
}

func braces(parts []string) string {
	line := "{" + strings.Join(parts, ", ") + "}"
	if len(parts) < 2 && !strings.Contains(line, "\n") || len(line) <= lineLength && !strings.Contains(line, "\n") {
		return line
	}
	return "{\n" + strings.Join(parts, ",\n") + ",\n}"
}

func quote(text string) string {
	if strings.Contains(text, "\n") && !strings.ContainsAny(text, "`\r") && strconv.CanBackquote(strings.ReplaceAll(text, "\n", "")) {
		return "`" + text + "`"
	}
	return strconv.Quote(text)
}

func timeCode(at time.Time) string {
	if at.IsZero() {
		return "time.Time{}"
	}
	zone := "zone"
	if at.Location() == time.UTC {
		zone = "time.UTC"
	}
	return fmt.Sprintf("time.Date(%d, time.%s, %d, %d, %d, %d, %d, %s)",
		at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), at.Nanosecond(), zone)
}

// chosenSlots lists the choices made for templ.Component fields.
func chosenSlots(controls []Control, into map[string]string) {
	for _, c := range controls {
		if c.Type == "templ.Component" && c.Value != c.Base && c.Error == "" {
			into[c.Key] = c.Value
		}
		chosenSlots(c.Controls, into)
	}
}
