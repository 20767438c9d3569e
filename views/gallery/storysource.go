package gallery

import (
	"go/ast"
	"strings"
)

// literalOf is the source of a component's stories, and the package it is in.
func (s *source) literalOf(c *component) (*ast.CompositeLit, *packageSource) {
	for _, p := range *s {
		if literal := p.stories[c.path()]; literal != nil {
			return literal, p
		}
	}
	return nil, nil
}

// story is the source of a story: its Args, or its From.
func (s *source) story(c *component, of *story) (ast.Expr, *packageSource) {
	wanted := of.name
	if of.like != "" {
		wanted = of.like
	}
	literal, p := s.literalOf(c)
	if literal == nil {
		return nil, nil
	}
	list, _ := keyed(literal, "Stories").(*ast.CompositeLit)
	if list == nil {
		return nil, nil
	}
	for _, element := range list.Elts {
		one, ok := element.(*ast.CompositeLit)
		if !ok {
			continue
		}
		if name, _ := stringOf(keyed(one, "Name")); name != wanted {
			continue
		}
		if from := keyed(one, "From"); from != nil {
			return from, p
		}
		return keyed(one, "Args"), p
	}
	return nil, nil
}

// position is where a story stands, or its component's stories.
func (s *source) position(c *component, of *story) (file string, line int) {
	literal, p := s.literalOf(c)
	if literal == nil {
		return "", 0
	}
	at := literal.Pos()
	if of != nil {
		if e, _ := s.story(c, of); e != nil {
			at = e.Pos()
		}
	}
	position := p.files.Position(at)
	return p.folder + "/" + position.Filename, position.Line
}

// returned is what a function returns last; anything else is itself.
func returned(e ast.Expr) ast.Expr {
	function, ok := e.(*ast.FuncLit)
	if !ok || len(function.Body.List) == 0 {
		return e
	}
	last, _ := function.Body.List[len(function.Body.List)-1].(*ast.ReturnStmt)
	if last == nil || len(last.Results) != 1 {
		return nil
	}
	return last.Results[0]
}

// slot is the source of a named choice.
func (s *source) slot(c *component, slot, choice string) ast.Expr {
	literal, _ := s.literalOf(c)
	if literal == nil {
		return nil
	}
	slots, _ := keyed(literal, "Slots").(*ast.CompositeLit)
	if slots == nil {
		return nil
	}
	choices, _ := keyed(slots, slot).(*ast.CompositeLit)
	if choices == nil {
		return nil
	}
	return keyed(choices, choice)
}

// view is the source of a view that is a function literal.
func (s *source) view(c *component) string {
	literal, p := s.literalOf(c)
	if literal == nil {
		return kebab(c.name)
	}
	if view := keyed(literal, "View"); view != nil {
		return p.code(view)
	}
	return kebab(c.name)
}

// code is an expression as its file has it, with the names of its package said as from outside.
func (p *packageSource) code(e ast.Expr) string {
	file := p.files.File(e.Pos())
	start, end := file.Offset(e.Pos()), file.Offset(e.End())
	text := p.texts[file.Name()]

	var places []int
	asIs := map[*ast.Ident]bool{} // Names of fields.
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			asIs[n.Sel] = true
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok {
				asIs[key] = true
			}
		case *ast.Ident:
			if p.exported[n.Name] && !asIs[n] {
				places = append(places, file.Offset(n.Pos()))
			}
		}
		return true
	})

	var b strings.Builder
	for _, at := range places {
		b.WriteString(text[start:at] + p.name + ".")
		start = at
	}
	return b.String() + text[start:end]
}
