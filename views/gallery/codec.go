package gallery

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
)

var (
	timeType      = reflect.TypeFor[time.Time]()
	durationType  = reflect.TypeFor[time.Duration]()
	componentType = reflect.TypeFor[templ.Component]()
)

// refused says in a sentence why a text was not taken.
type refused string

func (r refused) Error() string { return string(r) }

func refuse(format string, args ...any) error { return refused(fmt.Sprintf(format, args...)) }

// codec says a value of one type as text, and reads it back. parse of text of a value is the same text again.
type codec struct {
	kind     Kind
	options  []Option
	min, max string
	text     func(reflect.Value) string
	parse    func(string) (reflect.Value, error)
}

// codec knows every type that an address can say in one parameter. The tag is the field's "ctl".
func (r *reading) codec(t reflect.Type, tag string) (codec, bool) {
	if never(t) {
		return codec{}, false
	}
	code, ok := plainCodec(t)
	if !ok {
		return r.compositeCodec(t, tag)
	}

	if options := r.options(t, code); options != nil {
		code.choose(options)
	} else if t == reflect.TypeFor[bool]() || t.Kind() == reflect.Bool {
		code.kind = KindSwitch
	}
	if how, rest, _ := strings.Cut(tag, ","); how == "textarea" {
		code.kind = KindArea
	} else if how == "range" || how == "number" {
		code.kind = Kind(how)
		code.bound(rest)
	}
	return code, true
}

// choose lets the codec read nothing but the options.
func (c *codec) choose(options []Option) {
	c.options, c.kind = options, KindSelect
	if len(options) <= 4 {
		c.kind = KindRadios
	}
	parse := c.parse
	c.parse = func(text string) (reflect.Value, error) {
		if !slices.ContainsFunc(options, func(o Option) bool { return o.Value == text }) {
			return reflect.Value{}, refuse("%s", refusal(text, options))
		}
		return parse(text)
	}
}

// bound refuses numbers outside of "least,most".
func (c *codec) bound(limits string) {
	c.min, c.max, _ = strings.Cut(limits, ",")
	least, _ := strconv.ParseFloat(c.min, 64)
	most, err := strconv.ParseFloat(c.max, 64)
	if err != nil {
		most = math.Inf(1)
	}
	parse := c.parse
	c.parse = func(text string) (reflect.Value, error) {
		value, err := parse(text)
		number, _ := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err == nil && (number < least || number > most) {
			err = refuse("“%s” is not between %s and %s.", text, c.min, c.max)
		}
		return value, err
	}
}

// plainCodec knows what needs one word: texts, numbers, yes or no, moments.
func plainCodec(t reflect.Type) (codec, bool) {
	switch {
	case t == timeType:
		return codec{kind: KindTime, text: timeText, parse: parseTime}, true
	case t == durationType:
		return codec{
			kind: KindText,
			text: func(v reflect.Value) string { return time.Duration(v.Int()).String() },
			parse: as(t, "a duration like 1h30m", func(text string) (any, error) {
				return time.ParseDuration(strings.TrimSpace(text))
			}),
		}, true
	}
	switch t.Kind() {
	case reflect.String:
		return codec{
			kind: KindText, text: reflect.Value.String,
			parse: as(t, "text", func(text string) (any, error) { return text, nil }),
		}, true
	case reflect.Bool:
		return codec{
			kind: KindSwitch, text: func(v reflect.Value) string { return strconv.FormatBool(v.Bool()) },
			parse: as(t, "true or false", func(text string) (any, error) { return strconv.ParseBool(text) }),
		}, true
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return codec{
			kind: KindNumber, text: func(v reflect.Value) string { return strconv.FormatInt(v.Int(), 10) },
			parse: as(t, "a whole number", func(text string) (any, error) {
				return strconv.ParseInt(strings.TrimSpace(text), 10, t.Bits())
			}),
		}, true
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return codec{
			kind: KindNumber, min: "0", text: func(v reflect.Value) string { return strconv.FormatUint(v.Uint(), 10) },
			parse: as(t, "a whole number from 0 on", func(text string) (any, error) {
				return strconv.ParseUint(strings.TrimSpace(text), 10, t.Bits())
			}),
		}, true
	case reflect.Float32, reflect.Float64:
		return codec{
			kind: KindNumber, text: func(v reflect.Value) string { return strconv.FormatFloat(v.Float(), 'f', -1, t.Bits()) },
			parse: as(t, "a number", func(text string) (any, error) {
				number, err := strconv.ParseFloat(strings.TrimSpace(text), t.Bits())
				if math.IsInf(number, 0) || math.IsNaN(number) {
					err = strconv.ErrRange
				}
				return number, err
			}),
		}, true
	}
	return codec{}, false
}

// as makes a parser of values of t out of one of their underlying kind.
func as(t reflect.Type, what string, parse func(string) (any, error)) func(string) (reflect.Value, error) {
	return func(text string) (reflect.Value, error) {
		value, err := parse(text)
		if err != nil {
			return reflect.Value{}, refuse("“%s” is not %s.", text, what)
		}
		return reflect.ValueOf(value).Convert(t), nil
	}
}

// compositeCodec knows lists of words, tables of words, and what may be missing without another word for that.
func (r *reading) compositeCodec(t reflect.Type, tag string) (codec, bool) {
	switch {
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.String && !never(t.Elem()) && r.optionsOf(t.Elem()) == nil:
		return linesCodec(t), true
	case t.Kind() == reflect.Map && t.Key().Kind() == reflect.String && t.Elem().Kind() == reflect.String &&
		!never(t.Key()) && !never(t.Elem()):
		return tableCodec(t), true
	case t.Kind() == reflect.Pointer && t.Elem().Kind() != reflect.Pointer:
		inner, ok := r.codec(t.Elem(), tag)
		if ok && !slices.Contains([]Kind{KindText, KindArea, KindLines}, inner.kind) && !inner.says("") {
			return missingCodec(t, inner), true
		}
	}
	return codec{}, false
}

// says tells whether a text is one of the codec's values, other than the zero time.
func (c codec) says(text string) bool {
	value, err := c.parse(text)
	return err == nil && value.Type() != timeType
}

func linesCodec(t reflect.Type) codec {
	return codec{
		kind: KindLines,
		text: func(v reflect.Value) string {
			lines := make([]string, v.Len())
			for i := range lines {
				lines[i] = v.Index(i).String()
			}
			return strings.Join(lines, "\n")
		},
		parse: func(text string) (reflect.Value, error) {
			list := reflect.Zero(t)
			text = strings.TrimRight(text, "\n")
			if text == "" {
				return list, nil
			}
			for line := range strings.SplitSeq(text, "\n") {
				list = reflect.Append(list, reflect.ValueOf(line).Convert(t.Elem()))
			}
			return list, nil
		},
	}
}

// tableCodec has a line for each key, "key: value".
func tableCodec(t reflect.Type) codec {
	return codec{
		kind: KindLines,
		text: func(v reflect.Value) string {
			var lines []string
			for _, key := range v.MapKeys() {
				lines = append(lines, key.String()+": "+v.MapIndex(key).String())
			}
			slices.Sort(lines)
			return strings.Join(lines, "\n")
		},
		parse: func(text string) (reflect.Value, error) {
			table := reflect.MakeMap(t)
			for line := range strings.SplitSeq(text, "\n") {
				if strings.TrimSpace(line) == "" {
					continue
				}
				key, value, ok := strings.Cut(line, ":")
				if !ok {
					return reflect.Value{}, refuse("“%s” is not a line like “key: value”.", line)
				}
				table.SetMapIndex(
					reflect.ValueOf(strings.TrimSpace(key)).Convert(t.Key()),
					reflect.ValueOf(strings.TrimSpace(value)).Convert(t.Elem()))
			}
			return table, nil
		},
	}
}

// missingCodec is a pointer to what is never empty: empty is nil.
func missingCodec(t reflect.Type, inner codec) codec {
	code := inner
	if inner.kind == KindSwitch {
		code.options = []Option{{Value: "true", Label: "Yes"}, {Value: "false", Label: "No"}}
		code.kind = KindRadios
	}
	if code.options != nil {
		code.options = append([]Option{{Value: "", Label: "Not set"}}, code.options...)
	}
	code.text = func(v reflect.Value) string {
		if v.IsNil() {
			return ""
		}
		return inner.text(v.Elem())
	}
	code.parse = func(text string) (reflect.Value, error) {
		if strings.TrimSpace(text) == "" {
			return reflect.Zero(t), nil
		}
		value, err := inner.parse(text)
		if err != nil {
			return reflect.Value{}, err
		}
		pointer := reflect.New(t.Elem())
		pointer.Elem().Set(value)
		return pointer, nil
	}
	return code
}

const timeLayout = "2006-01-02T15:04"

// timeText is a moment as <input type=datetime-local> has it, in its own zone.
func timeText(v reflect.Value) string {
	at := v.Interface().(time.Time)
	switch {
	case at.IsZero():
		return ""
	case at.Second() != 0:
		return at.Format(timeLayout + ":05")
	}
	return at.Format(timeLayout)
}

func parseTime(text string) (reflect.Value, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return reflect.Zero(timeType), nil
	}
	_, zone := Clock()
	for _, layout := range []string{timeLayout, timeLayout + ":05", time.DateOnly} {
		if at, err := time.ParseInLocation(layout, text, zone); err == nil {
			return reflect.ValueOf(at), nil
		}
	}
	return reflect.Value{}, refuse("“%s” is not a date and time like 2026-11-24T14:30.", text)
}
