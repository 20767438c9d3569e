package gallery

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// references are the attributes that name other elements by their ids.
var references = []string{
	"for", "list", "form", "headers", "popovertarget", "commandfor", "aria-labelledby", "aria-describedby",
	"aria-controls", "aria-owns", "aria-activedescendant", "aria-errormessage", "aria-details", "aria-flowto",
}

// apart makes a story fit to stand beside others in one document: its ids, and the names of its radio buttons, get an
// ending of their own, and nothing takes the focus.
func apart(markup, ending string) string {
	var b strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(markup))
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			return b.String()
		}
		raw := string(tokens.Raw())
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			b.WriteString(raw)
			continue
		}
		token := tokens.Token()
		if setApart(&token, ending) {
			b.WriteString(token.String())
		} else {
			b.WriteString(raw)
		}
	}
}

func setApart(token *html.Token, ending string) (changed bool) {
	radio := slices.Contains(token.Attr, html.Attribute{Key: "type", Val: "radio"})
	attributes := token.Attr[:0:0]
	for _, a := range token.Attr {
		was := a.Val
		switch {
		case a.Key == "autofocus":
			changed = true
			continue
		case a.Key == "id", a.Key == "name" && (radio || token.Data == "details"):
			a.Val += ending
		case slices.Contains(references, a.Key):
			ids := strings.Fields(a.Val)
			for i := range ids {
				ids[i] += ending
			}
			a.Val = strings.Join(ids, " ")
		case a.Key == "href" && len(a.Val) > 1 && a.Val[0] == '#', a.Key == "hx-target" && strings.HasPrefix(a.Val, "#"):
			a.Val += ending
		}
		changed = changed || a.Val != was
		attributes = append(attributes, a)
	}
	token.Attr = attributes
	return changed
}

// piece is a bit of code and what it is, for its colour.
type piece struct{ kind, text string }

// The kinds of piece.
const (
	pieceName    = "name"
	pieceKey     = "key"
	pieceText    = "text"
	pieceNumber  = "number"
	pieceComment = "comment"
	pieceMark    = "mark"
)

var (
	void = []string{
		"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
	}
	inline = []string{
		"a", "abbr", "b", "bdi", "br", "cite", "code", "em", "i", "kbd", "mark", "q", "s", "small", "strong", "sub", "sup",
		"time", "u", "wbr",
	}
)

// pretty lays markup out for reading, an element a line, and names its pieces.
func pretty(markup string) []piece {
	p := prettier{}
	tokens := html.NewTokenizer(strings.NewReader(markup))
	for {
		switch kind := tokens.Next(); kind {
		case html.ErrorToken:
			return p.pieces
		case html.StartTagToken, html.SelfClosingTagToken:
			raw := string(tokens.Raw())
			p.start(tokens.Token(), raw, kind == html.SelfClosingTagToken)
		case html.EndTagToken:
			p.end(tokens.Token().Data)
		case html.TextToken:
			p.text(string(tokens.Raw()))
		case html.CommentToken:
			p.line()
			p.add(pieceComment, string(tokens.Raw()))
		}
	}
}

type prettier struct {
	pieces []piece
	depth  int
	opened bool // Nothing stands in the innermost element yet.
	inLine bool // Text was written on the line, so that inline elements may follow.
}

func (p *prettier) add(kind, text string) { p.pieces = append(p.pieces, piece{kind, text}) }

func (p *prettier) line() {
	if len(p.pieces) > 0 {
		p.add("", "\n"+strings.Repeat("  ", p.depth))
	}
	p.inLine = false
}

func (p *prettier) start(token html.Token, raw string, closed bool) {
	isInline := slices.Contains(inline, token.Data)
	if !isInline || !p.inLine && !p.opened {
		p.line()
	}
	p.add(pieceMark, "<")
	p.add(pieceName, token.Data)
	for _, a := range token.Attr {
		p.add("", " ")
		p.add(pieceKey, asWritten(raw, a.Key))
		if a.Val != "" {
			p.add(pieceMark, "=")
			p.add(pieceText, `"`+html.EscapeString(a.Val)+`"`)
		}
	}
	p.opened = false
	p.inLine = isInline
	if closed {
		p.add(pieceMark, "/>")
		return
	}
	p.add(pieceMark, ">")
	if !slices.Contains(void, token.Data) {
		p.depth++
		p.opened = true
	}
}

// asWritten is an attribute's name with its capitals, which the tokenizer loses: viewBox.
func asWritten(raw, key string) string {
	at := strings.Index(strings.ToLower(raw), " "+key)
	if at < 0 {
		return key
	}
	return raw[at+1 : at+1+len(key)]
}

func (p *prettier) end(name string) {
	p.depth = max(0, p.depth-1)
	if !p.opened && !p.inLine {
		p.line()
	}
	p.add(pieceMark, "</")
	p.add(pieceName, name)
	p.add(pieceMark, ">")
	p.opened = false
	p.inLine = slices.Contains(inline, name)
}

func (p *prettier) text(raw string) {
	text := strings.Join(strings.Fields(raw), " ")
	if text == "" {
		return
	}
	switch {
	case p.inLine && strings.TrimLeft(raw, " \t\n") != raw:
		p.add("", " ")
	case !p.inLine && !p.opened:
		p.line()
	}
	p.add("", text)
	if strings.TrimRight(raw, " \t\n") != raw {
		p.add("", " ")
	}
	p.opened, p.inLine = false, true
}
