package gallery

import (
	"reflect"
	"slices"
	"strings"
)

// options are the values that a type has besides those of its kind: what its method Options says, or else the constants
// declared of it. Nil is any value.
func (r *reading) options(t reflect.Type, code codec) []Option {
	values := r.optionsOf(t)
	if values == nil {
		return nil
	}
	constants := r.source.constants(t)
	names := make([]string, len(constants))
	for i, c := range constants {
		names[i] = c.name
	}
	prefix := commonWords(names)

	options := make([]Option, 0, len(values))
	for _, value := range values {
		o := Option{Value: code.text(value)}
		o.Label = o.Value
		if i := slices.IndexFunc(constants, func(c constantSource) bool { return c.value == o.Value }); i >= 0 {
			o.Label = sentence(strings.TrimPrefix(names[i], prefix))
			o.Help = constants[i].doc
		}
		options = append(options, o)
	}
	return options
}

func (r *reading) optionsOf(t reflect.Type) []reflect.Value {
	var values []reflect.Value
	method := reflect.Zero(t).MethodByName("Options")
	if method.IsValid() && t.PkgPath() != "" && method.Type().NumIn() == 0 && method.Type().NumOut() == 1 &&
		method.Type().Out(0) == reflect.SliceOf(t) {
		list := method.Call(nil)[0]
		for i := range list.Len() {
			values = append(values, list.Index(i))
		}
		return values
	}
	if t.Kind() == reflect.String && t.PkgPath() != "" {
		for _, c := range r.source.constants(t) {
			values = append(values, reflect.ValueOf(c.value).Convert(t))
		}
	}
	return values
}

// commonWords is the beginning that all names share, in whole words: "Button" of ButtonPlain and ButtonPrimary.
func commonWords(names []string) string {
	if len(names) < 2 {
		return ""
	}
	common := camelWords(names[0])
	for _, name := range names[1:] {
		words := camelWords(name)
		n := 0
		for n < len(common) && n < len(words)-1 && common[n] == words[n] {
			n++
		}
		common = common[:n]
	}
	return strings.Join(common, "")
}
