package gallery

import (
	"reflect"
	"strconv"

	"github.com/a-h/templ"
)

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
