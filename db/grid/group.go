package grid

import (
	"slices"
	"strings"
)

// Group joins parts of a filter: "any", "all" or "none" of them hold. In a query it reads like
//
//	any=species(dog,cat),all(weight(gte:20),last_visit(over:1y))
//
// where what stands in a column's brackets is what its own parameter would hold, with \ before ( ) and \.
type Group struct {
	How   string
	Nodes []Node
}

func (g Group) key() string { return g.How }

// String is the group as its parameter has it.
func (g Group) String() string {
	parts := make([]string, 0, len(g.Nodes))
	for _, node := range g.Nodes {
		value := node.String()
		if _, isTest := node.(Test); isTest {
			value = bracketed.Replace(value)
		}
		parts = append(parts, node.key()+"("+value+")")
	}
	return strings.Join(parts, ",")
}

var bracketed = strings.NewReplacer(`\`, `\\`, `(`, `\(`, `)`, `\)`)

// readGroup reads a group's parts. One part that is refused refuses the group: the rest would ask something else.
func (a *asking) readGroup(how, value string, depth int) (Group, bool) {
	if depth > maxDepth {
		a.refuse(how, "Groups stand in one another %d deep at most.", maxDepth)
		return Group{}, false
	}
	parts, ok := splitParts(value)
	if !ok {
		a.refuse(how, "“%s=%s” cannot be read: it takes parts like any=species(dog),weight(gte:20).", how, clip(value))
		return Group{}, false
	}
	group := Group{How: how}
	for _, part := range parts {
		node, ok := a.readPart(part[0], part[1], depth)
		if !ok {
			return Group{}, false
		}
		if !slices.ContainsFunc(group.Nodes, func(n Node) bool { return n.key() == node.key() && n.String() == node.String() }) {
			group.Nodes = append(group.Nodes, node)
		}
	}
	return group, true
}

func (a *asking) readPart(key, value string, depth int) (Node, bool) {
	switch key {
	case "any", "all", "none":
		group, ok := a.readGroup(key, value, depth+1)
		return group, ok
	}
	test, ok := a.test(key, unescape(value))
	return test, ok
}

// splitParts cuts "name(value),name(value)" at its outer commas. Backslashes stay for the inner reading.
func splitParts(text string) (parts [][2]string, ok bool) {
	for {
		open := strings.IndexByte(text, '(')
		if open < 1 {
			return nil, false
		}
		end := closing(text, open)
		if end < 0 {
			return nil, false
		}
		parts = append(parts, [2]string{text[:open], text[open+1 : end]})
		switch rest := text[end+1:]; {
		case rest == "":
			return parts, true
		case rest[0] != ',':
			return nil, false
		default:
			text = rest[1:]
		}
	}
}

// closing finds the bracket that ends the one at open; -1 when there is none.
func closing(text string, open int) int {
	depth := 0
	for i := open; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

func unescape(text string) string {
	var plain strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) {
			i++
		}
		plain.WriteByte(text[i])
	}
	return plain.String()
}
