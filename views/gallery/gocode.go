package gallery

import (
	"go/doc/comment"
	"go/scanner"
	"go/token"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// goPieces names the pieces of Go code.
func goPieces(code string) []piece {
	var pieces []piece
	call := strings.HasPrefix(code, "@")
	text := []byte(strings.TrimPrefix(code, "@"))
	if call {
		pieces = append(pieces, piece{pieceMark, "@"})
	}

	files := token.NewFileSet()
	file := files.AddFile("", files.Base(), len(text))
	var s scanner.Scanner
	s.Init(file, text, func(token.Position, string) {}, scanner.ScanComments)
	done := 0
	for {
		pos, tok, literal := s.Scan()
		if tok == token.EOF {
			break
		}
		if tok == token.SEMICOLON && literal == "\n" {
			continue
		}
		start := file.Offset(pos)
		if literal == "" {
			literal = tok.String()
		}
		end := min(start+len(literal), len(text))
		pieces = append(pieces, piece{"", string(text[done:start])}, piece{goKind(tok, text, start, end), string(text[start:end])})
		done = end
	}
	return append(pieces, piece{"", string(text[done:])})
}

func goKind(tok token.Token, text []byte, start, end int) string {
	switch {
	case tok == token.STRING || tok == token.CHAR:
		return pieceText
	case tok == token.INT || tok == token.FLOAT:
		return pieceNumber
	case tok == token.COMMENT:
		return pieceComment
	case tok == token.IDENT && end < len(text) && text[end] == ':':
		return pieceKey
	case tok == token.IDENT && start > 0 && text[start-1] == '.':
		return pieceName
	case tok.IsOperator():
		return pieceMark
	}
	return ""
}

// docHTML is a Go comment as HTML, with links to the components that it names in brackets.
func (g *Gallery) docHTML(text, view string) string {
	in, _ := splitName(view)
	link := func(name string) string {
		for i := range g.components {
			c := &g.components[i]
			if c.view == in+"."+name || short(c.view) == name {
				return root + "/" + c.slug
			}
		}
		return ""
	}
	parser := comment.Parser{
		LookupSym:     func(_, name string) bool { return link(name) != "" },
		LookupPackage: func(string) (string, bool) { return "", false },
	}
	printer := comment.Printer{
		HeadingLevel: 3,
		HeadingID:    func(*comment.Heading) string { return "" },
		DocLinkURL:   func(l *comment.DocLink) string { return link(l.Name) },
	}
	return closed(string(printer.HTML(parser.Parse(text))))
}

// closed is markup with the end tags that its writer left out.
func closed(markup string) string {
	nodes, err := html.ParseFragment(strings.NewReader(markup), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		return ""
	}
	var b strings.Builder
	for _, node := range nodes {
		_ = html.Render(&b, node) // To memory: it can't fail.
	}
	return b.String()
}

// synopsis is the first sentence of a comment.
func synopsis(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	for i, r := range text {
		if r == '.' && (i+1 == len(text) || text[i+1] == ' ' && (i+2 >= len(text) || text[i+2] < 'a' || text[i+2] > 'z')) {
			return text[:i+1]
		}
	}
	return text
}
