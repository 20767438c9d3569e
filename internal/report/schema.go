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
		{"replay_event, where sessions are recorded", reflect.TypeFor[wireReplay]()},
		{"replay_recording: the page as it stood", reflect.TypeFor[wholePage]()},
		{"replay_recording: where the page is", reflect.TypeFor[pageMeta]()},
		{"replay_recording: what changed in it", reflect.TypeFor[mutation]()},
		{"replay_recording: the pointer", reflect.TypeFor[movement]()},
		{"replay_recording: a click or a key", reflect.TypeFor[interaction]()},
		{"replay_recording: scrolling", reflect.TypeFor[scrolling]()},
		{"replay_recording: the window's size", reflect.TypeFor[resizing]()},
		{"replay_recording: a field was filled in", reflect.TypeFor[typing]()},
		{"replay_recording: what was waited for", reflect.TypeFor[custom]()},
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

	reflect.TypeFor[replayKind]():   "session or buffer",
	reflect.TypeFor[bounded]():      "place, size or number of a node, below a hundred million",
	reflect.TypeFor[masked]():       "a star for each letter",
	reflect.TypeFor[tagName]():      "name of an HTML element",
	reflect.TypeFor[nodeType]():     "number of one of six kinds",
	reflect.TypeFor[doctype]():      "html",
	reflect.TypeFor[nothing]():      "nothing",
	reflect.TypeFor[attributes]():   "classes, states and sizes that our own style sheets name; our own style sheets",
	reflect.TypeFor[routeAddress](): "route, on a host that does not exist",
	reflect.TypeFor[spanNamed]():    "route, or a file of ours",
	reflect.TypeFor[customWord]():   "one of a closed list",
	reflect.TypeFor[instant]():      "time, within a day of now",
}

func describe(text *strings.Builder, of reflect.Type, depth int) {
	for i := range of.NumField() {
		field := of.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		inner, many := field.Type, ""
		if inner.Implements(reflect.TypeFor[interface{ underValues() }]()) {
			name += ".values"
		}
		if said, plain := kinds[inner]; plain {
			fmt.Fprintf(text, "%s%s: %s\n", strings.Repeat("  ", depth), name, said)
			continue
		}
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
		if inner == of {
			text.WriteString(": the same again\n")
			continue
		}
		text.WriteByte('\n')
		describe(text, inner, depth+1)
	}
}
