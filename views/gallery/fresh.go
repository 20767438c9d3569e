package gallery

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	pathpkg "path"
	"reflect"
	"strings"
)

// fresh is a story's values as its file has them now. In development that file may be newer than the program: a word, a
// number or a choice that was changed in it is shown at once, and what takes a build (a call, a variable, a component)
// when that is done.
func (v *Visit) fresh(files fs.FS) (reflect.Value, bool) {
	was, built := v.g.source().story(v.component, v.story)
	if was == nil {
		return reflect.Value{}, false
	}
	name := built.files.Position(was.Pos()).Filename
	text, err := fs.ReadFile(files, pathpkg.Join(built.folder, name))
	if err != nil || string(text) == built.texts[name] {
		return reflect.Value{}, false
	}
	edited := newPackageSource(built.folder)
	file, err := parser.ParseFile(edited.files, name, text, parser.SkipObjectResolution)
	if err != nil {
		return reflect.Value{}, false // half typed
	}
	edited.texts[name] = string(text)
	edited.read(file)
	now, _ := (&source{"": edited}).story(v.component, v.story)
	if now == nil {
		return reflect.Value{}, false
	}

	args := v.story.args(v.world(v.story))
	value := reflect.New(args.Type()).Elem()
	value.Set(args)
	edit{was: built, now: edited, all: v.g.source()}.put(value, returned(was), returned(now))
	return value, true
}

// edit brings a value from what one source says to what another one does.
type edit struct {
	was, now *packageSource
	all      *source
}

func (e edit) put(value reflect.Value, was, now ast.Expr) {
	if now == nil {
		return // it is worked out now
	}
	switch now := now.(type) {
	case *ast.CompositeLit:
		if before, ok := was.(*ast.CompositeLit); ok {
			e.putParts(value, before, now)
		}
		return
	case *ast.UnaryExpr:
		before, ok := was.(*ast.UnaryExpr)
		if now.Op == token.AND && ok && value.Kind() == reflect.Pointer && !value.IsNil() {
			other := reflect.New(value.Type().Elem())
			other.Elem().Set(value.Elem())
			e.put(other.Elem(), before.X, now.X)
			value.Set(other)
			return
		}
	}
	if was != nil && e.was.written(was) == e.now.written(now) {
		return
	}
	if text, ok := e.plain(value.Type(), now); ok {
		if code, known := plainCodec(value.Type()); known {
			if read, err := code.parse(text); err == nil {
				value.Set(read)
			}
		}
	}
}

// putParts goes through the fields of a struct, and the elements of a list that is as long as it was.
func (e edit) putParts(value reflect.Value, was, now *ast.CompositeLit) {
	switch value.Kind() {
	case reflect.Struct:
		for _, element := range now.Elts {
			if field, pair := fieldOf(value, element); pair != nil {
				e.put(field, keyed(was, pair.Key.(*ast.Ident).Name), pair.Value)
			}
		}
		for _, element := range was.Elts {
			if field, pair := fieldOf(value, element); pair != nil && keyed(now, pair.Key.(*ast.Ident).Name) == nil {
				field.SetZero()
			}
		}
	case reflect.Slice:
		if n := value.Len(); n == len(was.Elts) && n == len(now.Elts) {
			list := reflect.MakeSlice(value.Type(), n, n) // the story's own stays as it is
			reflect.Copy(list, value)
			for i := range n {
				e.put(list.Index(i), was.Elts[i], now.Elts[i])
			}
			value.Set(list)
		}
	}
}

// fieldOf is the field that an element of a struct's literal is for; the pair is nil where there is none to set.
func fieldOf(value reflect.Value, element ast.Expr) (reflect.Value, *ast.KeyValueExpr) {
	pair, ok := element.(*ast.KeyValueExpr)
	if !ok {
		return reflect.Value{}, nil
	}
	name, ok := pair.Key.(*ast.Ident)
	if !ok {
		return reflect.Value{}, nil
	}
	field := value.FieldByName(name.Name)
	if !field.IsValid() || !field.CanSet() {
		return reflect.Value{}, nil
	}
	return field, pair
}

// plain is the text of a literal, of yes or no, or of a named constant.
func (e edit) plain(t reflect.Type, expression ast.Expr) (string, bool) {
	switch x := expression.(type) {
	case *ast.BasicLit:
		if x.Kind == token.STRING {
			return stringOf(x)
		}
		return strings.ReplaceAll(x.Value, "_", ""), x.Kind == token.INT || x.Kind == token.FLOAT
	case *ast.UnaryExpr:
		text, ok := e.plain(t, x.X)
		return "-" + text, ok && x.Op == token.SUB
	case *ast.SelectorExpr:
		return e.plain(t, x.Sel)
	case *ast.Ident:
		if x.Name == "true" || x.Name == "false" {
			return x.Name, true
		}
		sources := []*packageSource{e.now}
		if p := (*e.all)[t.PkgPath()]; p != nil {
			sources = append(sources, p)
		}
		for _, p := range sources {
			for _, c := range p.constant[t.Name()] {
				if c.name == x.Name {
					return c.value, true
				}
			}
		}
	}
	return "", false
}

// written is an expression as its file has it.
func (p *packageSource) written(e ast.Expr) string {
	file := p.files.File(e.Pos())
	return p.texts[file.Name()][file.Offset(e.Pos()):file.Offset(e.End())]
}
