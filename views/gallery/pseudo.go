package gallery

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// accented are look-alikes of plain letters.
var accented = strings.NewReplacer(
	"a", "á", "b", "ƀ", "c", "ç", "d", "ð", "e", "é", "f", "ƒ", "g", "ĝ", "h", "ĥ", "i", "î", "j", "ĵ", "k", "ķ", "l", "ļ",
	"m", "ɱ", "n", "ñ", "o", "ö", "p", "þ", "q", "ǫ", "r", "ŕ", "s", "š", "t", "ţ", "u", "û", "v", "ṽ", "w", "ŵ", "x", "ẋ",
	"y", "ý", "z", "ž", "A", "Å", "B", "Ɓ", "C", "Ç", "D", "Ð", "E", "É", "F", "Ƒ", "G", "Ĝ", "H", "Ĥ", "I", "Î", "J", "Ĵ",
	"K", "Ķ", "L", "Ļ", "M", "Ṁ", "N", "Ñ", "O", "Ö", "P", "Þ", "Q", "Ǫ", "R", "Ŕ", "S", "Š", "T", "Ţ", "U", "Û", "V", "Ṽ",
	"W", "Ŵ", "X", "Ẋ", "Y", "Ý", "Z", "Ž",
)

// spoken are the attributes that people read or hear.
var spoken = []string{"placeholder", "title", "aria-label", "alt"}

// inOtherWords is markup with every text made longer, as translations are, or accented.
func inOtherWords(markup, how string) string {
	change := accented.Replace
	if how == "long" {
		change = longer
	}
	var b strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(markup))
	raw := 0 // Inside of elements whose text is no text.
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			return b.String()
		}
		written := string(tokens.Raw())
		token := tokens.Token()
		switch {
		case kind == html.TextToken && raw == 0:
			b.WriteString(html.EscapeString(change(token.Data)))
			continue
		case kind == html.StartTagToken && (token.Data == "script" || token.Data == "style"):
			raw++
		case kind == html.EndTagToken && (token.Data == "script" || token.Data == "style"):
			raw--
		case kind == html.StartTagToken || kind == html.SelfClosingTagToken:
			if spell(&token, change) {
				written = token.String()
			}
		}
		b.WriteString(written)
	}
}

func spell(token *html.Token, change func(string) string) (changed bool) {
	for i, a := range token.Attr {
		if slices.Contains(spoken, a.Key) && a.Val != "" {
			token.Attr[i].Val, changed = change(a.Val), true
		}
	}
	return changed
}

// longer doubles the vowels until a text is some 40 % longer, in words no shorter than four letters.
func longer(text string) string {
	words := strings.FieldsFunc(text, unicode.IsSpace)
	for _, word := range words {
		if len(word) < 4 {
			continue
		}
		stretched := strings.NewReplacer("a", "aa", "e", "ee", "i", "ii", "o", "oo", "u", "uu", "ä", "ää", "y", "yy").Replace(word)
		text = strings.Replace(text, word, stretched, 1)
	}
	return text
}
