package gallery

import (
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// typeDoc documents a props struct, a struct within it, or a type with constants.
type typeDoc struct {
	name, doc string
	fields    []fieldDoc
	constants []constantSource
}

type fieldDoc struct {
	name, kind, doc, zero string
	constants             []constantSource
}

// typeDocs documents the props of a component and every type of ours that they are made of, the props first.
func (g *Gallery) typeDocs(c *component) []typeDoc {
	var docs []typeDoc
	seen := map[reflect.Type]bool{}
	queue := []reflect.Type{c.props}
	for len(queue) > 0 {
		t := queue[0]
		queue = queue[1:]
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		known := g.source().typeOf(t)
		if seen[t] || known == nil {
			continue
		}
		seen[t] = true

		d := typeDoc{name: t.String(), doc: known.doc, constants: g.source().constants(t)}
		if t.Kind() == reflect.Struct {
			for i := range t.NumField() {
				field := t.Field(i)
				if field.IsExported() {
					d.fields = append(d.fields, fieldDoc{
						name: field.Name, kind: field.Type.String(), doc: known.fields[field.Name],
						zero: zeroOf(field.Type), constants: g.source().constants(field.Type),
					})
					queue = append(queue, field.Type)
				}
			}
		}
		if len(d.fields) > 0 || len(d.constants) > 0 {
			docs = append(docs, d)
		}
	}
	return docs
}

// zeroOf is the zero value of a type as Go writes it.
func zeroOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return `""`
	case reflect.Bool:
		return "false"
	case reflect.Struct:
		return "empty"
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface, reflect.Func:
		return "nil"
	}
	return "0"
}

// docOf is what is known of a component: what its stories say, or else the comment on it.
func (g *Gallery) docOf(c *component) string {
	if c.doc != "" {
		return c.doc
	}
	return g.source().viewDoc(c.view)
}

// callName is how Go code calls a component: ui.Button.
func (c *component) callName() string { return short(c.view) }

// summaryOf is the first sentence about a component, without its name at the beginning of it.
func (g *Gallery) summaryOf(c *component) string {
	said := synopsis(g.docOf(c))
	name := c.view[strings.LastIndex(c.view, ".")+1:]
	rest, named := strings.CutPrefix(said, name+" ")
	if !named || name == "" {
		return said
	}
	for _, verb := range []string{"is ", "are "} {
		rest = strings.TrimPrefix(rest, verb)
	}
	first, width := utf8.DecodeRuneInString(rest)
	return string(unicode.ToUpper(first)) + rest[width:]
}

// Missing lists the components which have no story, as Go code calls them, and Stale what Options.Exempt names without
// need: because it has stories now, or is no more.
func (g *Gallery) Missing() (missing, stale []string) {
	shown := map[string]bool{}
	for i := range g.components {
		shown[g.components[i].callName()] = true
		for _, name := range g.components[i].covers {
			shown[name] = true
		}
	}
	known := map[string]bool{}
	for _, p := range *g.source() {
		for name := range p.views {
			call := p.name + "." + name
			known[call] = true
			if !shown[call] && g.Exempt[call] == "" {
				missing = append(missing, call)
			}
		}
	}
	for call := range g.Exempt {
		if shown[call] || !known[call] {
			stale = append(stale, call)
		}
	}
	return sorted(missing), sorted(stale)
}

// matches tells whether all words of a search are in what a story is called, or in its tags, and none with a minus
// before it.
func (s *story) matches(words []string) bool {
	text := strings.ToLower(strings.Join(append([]string{s.of.group, s.of.name, s.name}, s.tags...), " "))
	return !slices.ContainsFunc(words, func(word string) bool {
		without, not := strings.CutPrefix(word, "-")
		return word != "-" && strings.Contains(text, without) == not
	})
}

// treeGroup, treeComponent and treeStory are the tree of the sidebar.
type treeGroup struct {
	name       string
	components []treeComponent
}

type treeComponent struct {
	*component
	stories []*story
}

// tree is every component by group, or what a search leaves of them: the stories that match, and all of a component
// that matches by itself.
func (g *Gallery) tree(search string) []treeGroup {
	words := strings.Fields(strings.ToLower(search))
	var groups []treeGroup
	for i := range g.components {
		c := &g.components[i]
		kept := treeComponent{component: c}
		for _, s := range c.stories {
			if s.matches(words) {
				kept.stories = append(kept.stories, s)
			}
		}
		if len(kept.stories) == 0 {
			continue
		}
		if len(groups) == 0 || groups[len(groups)-1].name != c.group {
			groups = append(groups, treeGroup{name: c.group})
		}
		last := &groups[len(groups)-1]
		last.components = append(last.components, kept)
	}
	return groups
}

// tags are the words that stories are marked with, besides "page".
func (g *Gallery) tags() []string {
	seen := map[string]bool{}
	for _, s := range g.stories {
		for _, t := range s.tags {
			seen[t] = true
		}
	}
	return sortedKeys(seen)
}

// pageGroups are the pages of words, by group.
func (g *Gallery) pageGroups() [][]*docPage {
	var groups [][]*docPage
	for _, p := range g.pages {
		if n := len(groups); n > 0 && groups[n-1][0].group == p.group {
			groups[n-1] = append(groups[n-1], p)
		} else {
			groups = append(groups, []*docPage{p})
		}
	}
	return groups
}
