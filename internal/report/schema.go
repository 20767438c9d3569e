package report

import (
	"fmt"
	"reflect"
	"strings"
)

// Schema is everything that can leave, printed from the types that envelopes are built of: docs/what-leaves.md shows it.
func Schema() string {
	var text strings.Builder
	for _, one := range []struct {
		item string
		of   reflect.Type
	}{
		{"the envelope's head", reflect.TypeFor[wireHeader]()},
		{"event, transaction and feedback", reflect.TypeFor[wireEvent]()},
		{"check_in", reflect.TypeFor[wireCheckIn]()},
		{"log", reflect.TypeFor[wireLogs]()},
		{"trace_metric", reflect.TypeFor[wireMetrics]()},
	} {
		fmt.Fprintf(&text, "%s\n", one.item)
		describe(&text, one.of, 1)
		text.WriteByte('\n')
	}
	return strings.TrimRight(text.String(), "\n") + "\n"
}

// kinds says what a type lets out.
var kinds = map[reflect.Type]string{
	reflect.TypeFor[words]():   "words of ours, or of a closed vocabulary",
	reflect.TypeFor[hexID]():   "random id, 16 or 32 hexadecimal digits",
	reflect.TypeFor[moment]():  "time, within a day of now",
	reflect.TypeFor[lineNo]():  "line or column of source code",
	reflect.TypeFor[level]():   "how bad, one of five words",
	reflect.TypeFor[source]():  "route, task or custom",
	reflect.TypeFor[status]():  "one of Sentry's statuses",
	reflect.TypeFor[string]():  "constant of the program, or of its configuration",
	reflect.TypeFor[bool]():    "yes or no",
	reflect.TypeFor[int]():     "constant of the program",
	reflect.TypeFor[float64](): "time or duration",
	reflect.TypeFor[any]():     "constant of the program",
}

func describe(text *strings.Builder, of reflect.Type, depth int) {
	for i := range of.NumField() {
		field := of.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		inner, many := field.Type, ""
		for inner.Kind() == reflect.Pointer || inner.Kind() == reflect.Slice || inner.Kind() == reflect.Map {
			switch inner.Kind() {
			case reflect.Slice:
				many = "[]"
			case reflect.Map:
				many = "{name}"
			}
			inner = inner.Elem()
		}
		fmt.Fprintf(text, "%s%s%s", strings.Repeat("  ", depth), name, many)
		if said, plain := kinds[inner]; plain {
			fmt.Fprintf(text, ": %s\n", said)
			continue
		}
		text.WriteByte('\n')
		describe(text, inner, depth+1)
	}
}
