package gallery

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"reflect"
	"strconv"
	"strings"
)

// Source is the Go source of a package with components. Comments, the names of constants, and what a story put into a
// field that can't be printed from its value are read there.
type Source struct {
	Import string // "purplecross/views/ui".
	Files  fs.FS  // Its .go files, at the root; templ's generated ones too.
	Folder string // Where they are in the repository: "views/ui".
}

// source is what was read of all packages, by import path.
type source map[string]*packageSource

type packageSource struct {
	name     string
	folder   string
	views    map[string]*ast.FuncDecl    // Exported functions that return a templ.Component.
	types    map[string]*typeSource      //
	constant map[string][]constantSource // By the type's name, in order.
	stories  map[string]*ast.CompositeLit
	values   map[string]ast.Expr // Of variables, which stories may share.
	exported map[string]bool
	files    *token.FileSet
	texts    map[string]string // By the file's name.
}

type typeSource struct {
	doc    string
	fields map[string]string
}

type constantSource struct{ name, value, doc string }

// readSource parses everything that is given. A file that can't be read has no say: documentation is missing then, and
// nothing else.
func readSource(given []Source) *source {
	read := source{}
	for _, g := range given {
		p := newPackageSource(g.Folder)
		names, _ := fs.Glob(g.Files, "*.go")
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			text, err := fs.ReadFile(g.Files, name)
			if err != nil {
				continue
			}
			file, err := parser.ParseFile(p.files, name, text, parser.ParseComments|parser.SkipObjectResolution)
			if err == nil {
				p.texts[name] = string(text)
				p.read(file)
			}
		}
		read[g.Import] = p
	}
	return &read
}

func newPackageSource(folder string) *packageSource {
	return &packageSource{
		folder: folder,
		views:  map[string]*ast.FuncDecl{}, types: map[string]*typeSource{}, constant: map[string][]constantSource{},
		stories: map[string]*ast.CompositeLit{}, values: map[string]ast.Expr{}, exported: map[string]bool{}, files: token.NewFileSet(),
		texts: map[string]string{},
	}
}

func (p *packageSource) read(file *ast.File) {
	p.name = file.Name.Name
	for _, declaration := range file.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil && d.Name.IsExported() {
				p.exported[d.Name.Name] = true
				if returnsComponent(d.Type) {
					p.views[d.Name.Name] = d
				}
			}
		case *ast.GenDecl:
			p.readGeneral(d)
		}
	}
}

func (p *packageSource) readGeneral(d *ast.GenDecl) {
	var kind string // A constant without a type of its own repeats the one before only with iota, which isn't read.
	for _, spec := range d.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			p.exported[s.Name.Name] = s.Name.IsExported()
			p.types[s.Name.Name] = &typeSource{doc: commentText(s.Doc, d.Doc), fields: fieldComments(s.Type)}
		case *ast.ValueSpec:
			if t, ok := s.Type.(*ast.Ident); ok {
				kind = t.Name
			}
			for i, name := range s.Names {
				p.exported[name.Name] = name.IsExported()
				if i >= len(s.Values) {
					continue
				}
				if d.Tok == token.CONST {
					p.readConstant(kind, name.Name, s.Values[i], commentText(s.Doc, s.Comment))
				} else if path, literal, ok := storiesLiteral(s.Values[i]); ok {
					p.stories[path] = literal
				} else {
					p.values[name.Name] = s.Values[i]
				}
			}
		}
	}
}

func (p *packageSource) readConstant(kind, name string, value ast.Expr, doc string) {
	literal, ok := value.(*ast.BasicLit)
	if !ok || kind == "" || !ast.IsExported(name) {
		return
	}
	text := literal.Value
	if literal.Kind == token.STRING {
		text, _ = strconv.Unquote(text)
	}
	p.constant[kind] = append(p.constant[kind], constantSource{name: name, value: text, doc: doc})
}

func returnsComponent(f *ast.FuncType) bool {
	if f.Results == nil || len(f.Results.List) != 1 {
		return false
	}
	s, ok := f.Results.List[0].Type.(*ast.SelectorExpr)
	if !ok || s.Sel.Name != "Component" {
		return false
	}
	in, ok := s.X.(*ast.Ident)
	return ok && in.Name == "templ"
}

// storiesLiteral recognises gallery.Component[P]{Path: "…", …}.
func storiesLiteral(value ast.Expr) (path string, literal *ast.CompositeLit, ok bool) {
	literal, ok = value.(*ast.CompositeLit)
	if !ok {
		return "", nil, false
	}
	index, ok := literal.Type.(*ast.IndexExpr)
	if !ok {
		return "", nil, false
	}
	if s, is := index.X.(*ast.SelectorExpr); !is || s.Sel.Name != "Component" {
		return "", nil, false
	}
	path, ok = stringOf(keyed(literal, "Path"))
	return path, literal, ok
}

func fieldComments(t ast.Expr) map[string]string {
	s, ok := t.(*ast.StructType)
	if !ok {
		return nil
	}
	said := map[string]string{}
	for _, field := range s.Fields.List {
		for _, name := range field.Names {
			said[name.Name] = commentText(field.Doc, field.Comment)
		}
	}
	return said
}

func commentText(groups ...*ast.CommentGroup) string {
	for _, group := range groups {
		if text := strings.TrimSpace(group.Text()); text != "" {
			return text
		}
	}
	return ""
}

// keyed is the value of a key in a literal, or nil.
func keyed(literal *ast.CompositeLit, key string) ast.Expr {
	for _, element := range literal.Elts {
		pair, ok := element.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		if name, ok := pair.Key.(*ast.Ident); ok && name.Name == key {
			return pair.Value
		}
		if text, ok := stringOf(pair.Key); ok && text == key {
			return pair.Value
		}
	}
	return nil
}

func stringOf(e ast.Expr) (string, bool) {
	literal, ok := e.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(literal.Value)
	return text, err == nil
}

// splitName parts "purplecross/views/ui.Button" into the import path and the name.
func splitName(qualified string) (path, name string) {
	dot := strings.LastIndex(qualified, ".")
	if dot < 0 {
		return "", qualified
	}
	return qualified[:dot], qualified[dot+1:]
}

// short is a qualified name as Go code has it: ui.Button.
func short(qualified string) string { return qualified[strings.LastIndex(qualified, "/")+1:] }

// viewDoc is the comment on a component.
func (s *source) viewDoc(view string) string {
	path, name := splitName(view)
	if p := (*s)[path]; p != nil && p.views[name] != nil {
		return strings.TrimSpace(p.views[name].Doc.Text())
	}
	return ""
}

func (s *source) typeOf(t reflect.Type) *typeSource {
	if p := (*s)[t.PkgPath()]; p != nil {
		name, _, _ := strings.Cut(t.Name(), "[")
		return p.types[name]
	}
	return nil
}

// fieldDoc is the comment on a field of a struct.
func (s *source) fieldDoc(t reflect.Type, field string) string {
	if known := s.typeOf(t); known != nil {
		return known.fields[field]
	}
	return ""
}

// constants lists what is declared of a type.
func (s *source) constants(t reflect.Type) []constantSource {
	if p := (*s)[t.PkgPath()]; p != nil {
		return p.constant[t.Name()]
	}
	return nil
}

// constantName is how Go code says a value: ui.ToneWarn.
func (s *source) constantName(t reflect.Type, value string) (string, bool) {
	for _, c := range s.constants(t) {
		if c.value == value {
			return (*s)[t.PkgPath()].name + "." + c.name, true
		}
	}
	return "", false
}
