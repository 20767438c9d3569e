package stories_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// faults lists what a browser would repair in markup without a word, and what our policy forbids.
func faults(markup string) []string {
	var found []string
	written := stream(markup)
	var nodes []*html.Node
	var err error
	whole := strings.HasPrefix(strings.ToLower(markup), "<!doctype")
	if whole {
		var document *html.Node
		document, err = html.Parse(strings.NewReader(markup))
		nodes = []*html.Node{document}
	} else {
		nodes, err = html.ParseFragment(strings.NewReader(markup), &html.Node{Type: html.ElementNode, Data: "main", DataAtom: atom.Main})
	}
	if err != nil {
		return []string{err.Error()}
	}
	var understood strings.Builder
	for _, node := range nodes {
		if err := html.Render(&understood, node); err != nil {
			return []string{err.Error()}
		}
	}
	if read := stream(understood.String()); !slices.Equal(written, read) {
		at := 0
		for at < len(written) && at < len(read) && written[at] == read[at] {
			at++
		}
		found = append(found, fmt.Sprintf("a browser reads %q where %q is written", around(read, at), around(written, at)))
	}
	return append(found, forbidden(markup)...)
}

func around(tokens []string, at int) string {
	return strings.Join(tokens[max(0, at-1):min(len(tokens), at+3)], "")
}

var void = []string{"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

// stream is markup as the tokens that count: <p/> is <p></p>, attributes by name, neighbouring texts one.
func stream(markup string) []string {
	var list []string
	tokens := html.NewTokenizer(strings.NewReader(markup))
	for {
		kind := tokens.Next()
		token := tokens.Token()
		switch kind {
		case html.ErrorToken:
			return list
		case html.TextToken:
			if n := len(list); n > 0 && !strings.HasPrefix(list[n-1], "<") {
				list[n-1] += token.Data
			} else {
				list = append(list, token.Data)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			attributes := make([]string, len(token.Attr))
			for i, a := range token.Attr {
				attributes[i] = fmt.Sprintf(" %s=%q", a.Key, a.Val)
			}
			slices.Sort(attributes)
			list = append(list, "<"+token.Data+strings.Join(attributes, "")+">")
			if kind == html.SelfClosingTagToken && !slices.Contains(void, token.Data) {
				list = append(list, "</"+token.Data+">")
			}
		case html.EndTagToken:
			list = append(list, "</"+token.Data+">")
		case html.DoctypeToken:
			list = append(list, "<!"+strings.ToLower(token.Data)+">")
		}
	}
}

// forbidden lists what the policy of our pages would refuse to run or show, and attributes that are given twice, of
// which a browser keeps the first.
func forbidden(markup string) []string {
	var found []string
	tokens := html.NewTokenizer(strings.NewReader(markup))
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			return found
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		raw := string(tokens.Raw())
		token := tokens.Token()
		seen := map[string]bool{}
		source := ""
		for _, name := range attributeNames(raw) {
			if seen[name] {
				found = append(found, fmt.Sprintf("%s twice in %s", name, raw))
			}
			seen[name] = true
			if name == "else" || name == "if" {
				found = append(found, fmt.Sprintf("%s, which templ took for an attribute, in %s", name, raw))
			}
			if strings.HasPrefix(name, "on") || name == "style" || strings.HasPrefix(name, "hx-on") {
				found = append(found, fmt.Sprintf("%s in %s, which the policy refuses", name, raw))
			}
		}
		for _, a := range token.Attr {
			if a.Key == "src" {
				source = a.Val
			}
			address := strings.ToLower(strings.TrimSpace(a.Val))
			if slices.Contains([]string{"href", "src", "action", "formaction"}, a.Key) && strings.HasPrefix(address, "javascript:") {
				found = append(found, fmt.Sprintf("a script for an address in %s", raw))
			}
		}
		if token.Data == "style" || token.Data == "script" && source == "" {
			found = append(found, raw+" within the page, which the policy refuses")
		}
	}
}

var attribute = regexp.MustCompile(`\s([^\s=>/"']+)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]*))?`)

// attributeNames are those of a tag as it is written: the parser keeps only the first of two.
func attributeNames(raw string) []string {
	var names []string
	for _, found := range attribute.FindAllStringSubmatch(strings.TrimSuffix(raw, ">"), -1) {
		names = append(names, strings.ToLower(found[1]))
	}
	return names
}

// sharedIDs lists ids that more than one element has.
func sharedIDs(markup string) []string {
	var found []string
	seen := map[string]bool{}
	tokens := html.NewTokenizer(strings.NewReader(markup))
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			return found
		}
		for _, a := range tokens.Token().Attr {
			if a.Key == "id" {
				if seen[a.Val] || a.Val == "" {
					found = append(found, fmt.Sprintf("the id %q is not one element's", a.Val))
				}
				seen[a.Val] = true
			}
		}
	}
}

// classes are those that markup uses.
func classes(markup string) []string {
	var list []string
	tokens := html.NewTokenizer(strings.NewReader(markup))
	for tokens.Next() != html.ErrorToken {
		for _, a := range tokens.Token().Attr {
			if a.Key == "class" {
				list = append(list, strings.Fields(a.Val)...)
			}
		}
	}
	return list
}

var (
	comments = regexp.MustCompile(`(?s)/\*.*?\*/|"[^"]*"|\burl\([^)]*\)`)
	class    = regexp.MustCompile(`\.([a-zA-Z][\w-]*)`)
)

// ruledClasses are those that our style sheets name.
func ruledClasses(t *testing.T) map[string]bool {
	t.Helper()
	sheets, err := filepath.Glob("../../static/css/*.css")
	if err != nil || len(sheets) == 0 {
		t.Fatal("no style sheets", err)
	}
	ruled := map[string]bool{}
	for _, sheet := range sheets {
		text, err := os.ReadFile(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range class.FindAllStringSubmatch(comments.ReplaceAllString(string(text), ""), -1) {
			ruled[found[1]] = true
		}
	}
	return ruled
}
