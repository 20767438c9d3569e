package gallery

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// TagLetter marks stories that are whole documents with styles of their own, as mail programs get them.
const TagLetter = "e-mail"

// TagWhole marks stories that are whole documents in the application's own styles. Their frame is loaded anew each
// time: the application's scripts look for its parts once.
const TagWhole = "document"

// asLetter makes a document fit to stand in a frame: its body, with the styles where a script can set them, which the
// policy lets scripts do and markup not.
func asLetter(document string) string {
	root, err := html.Parse(strings.NewReader(document))
	if err != nil {
		return ""
	}
	var body *html.Node
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.DataAtom == atom.Body {
			body = n
		}
		for i, a := range n.Attr {
			if a.Key == "style" {
				n.Attr[i].Key = "data-letter"
			}
		}
	}
	if body == nil {
		return ""
	}
	body.Data, body.DataAtom = "div", atom.Div
	var b strings.Builder
	_ = html.Render(&b, body) // To memory: it can't fail.
	return b.String()
}

func isDocument(markup string) bool {
	return len(markup) > 14 && strings.EqualFold(markup[:14], "<!doctype html")
}
