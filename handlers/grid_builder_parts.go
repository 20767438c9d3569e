package handlers

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"purplecross/db/grid"
	"purplecross/views/ui"
)

// A builderPart is a condition, or a group of parts, as somebody is putting it together: perhaps half done.
type builderPart struct {
	how        string // of a group: all, any or none; "" for a condition
	parts      []*builderPart
	column, op string
	value, to  string   // the text, the number, the day; the end of a range
	n, unit    string   // a length of time
	values     []string // of a list
	wrong      string   // what keeps it from being asked
	fresh      bool     // it has just been added
}

// Bounds of the form: levels of groups below the first, and parts of one group that are read.
const (
	builderDepth = 3
	builderParts = 60
)

// builderOf is the form for a question: its one group where it is no more than that.
func builderOf(question grid.Question) *builderPart {
	if len(question.Filter) == 1 {
		if group, only := question.Filter[0].(grid.Group); only {
			return partOf(group)
		}
	}
	root := partOf(grid.Group{How: "all", Nodes: question.Filter})
	if len(root.parts) == 0 {
		root.parts = []*builderPart{{}}
	}
	return root
}

func partOf(node grid.Node) *builderPart {
	if group, isGroup := node.(grid.Group); isGroup {
		part := &builderPart{how: group.How}
		for _, inner := range group.Nodes {
			part.parts = append(part.parts, partOf(inner))
		}
		return part
	}
	return conditionOf(node.(grid.Test))
}

// readBuilder reads the form's fields, whatever they are.
func readBuilder(sent map[string]url.Values) *builderPart {
	root := readPart(sent, "f", 0)
	if root.how == "" {
		root = &builderPart{how: "all", parts: []*builderPart{root}}
	}
	return root
}

func readPart(sent map[string]url.Values, path string, depth int) *builderPart {
	fields := sent[path]
	if how := fields.Get("how"); how != "" || path == "f" {
		if how != "any" && how != "none" {
			how = "all"
		}
		part := &builderPart{how: how}
		for _, child := range children(sent, path) {
			if depth <= builderDepth+1 {
				part.parts = append(part.parts, readPart(sent, child, depth+1))
			}
		}
		return part
	}
	return &builderPart{
		column: fields.Get("column"), op: fields.Get("op"), value: fields.Get("value"), to: fields.Get("to"),
		n: fields.Get("n"), unit: fields.Get("unit"), values: fields["value"],
	}
}

// children are the paths right below one, in order.
func children(sent map[string]url.Values, path string) []string {
	var numbers []int
	for other := range sent {
		if rest, below := strings.CutPrefix(other, path+"."); below {
			if n, err := strconv.Atoi(rest); err == nil && n >= 0 && n < 1000 && strconv.Itoa(n) == rest {
				numbers = append(numbers, n)
			}
		}
	}
	slices.Sort(numbers)
	var paths []string
	for _, n := range numbers[:min(len(numbers), builderParts)] {
		paths = append(paths, path+"."+strconv.Itoa(n))
	}
	return paths
}

var builderStep = regexp.MustCompile(`^(add|group|remove):f((?:\.[0-9]{1,3})*)$`)

// change does a step: add:f.1 adds a condition to that group, group:f a group, remove:f.0 takes a part away.
func (p *builderPart) change(do string) {
	step := builderStep.FindStringSubmatch(do)
	if step == nil {
		return
	}
	within, at := p, -1
	numbers := strings.Split(strings.TrimPrefix(step[2], "."), ".")
	if step[2] == "" {
		numbers = nil
	}
	for i, word := range numbers {
		n, _ := strconv.Atoi(word)
		if n >= len(within.parts) {
			return
		}
		if step[1] == "remove" && i == len(numbers)-1 {
			at = n
			break
		}
		within = within.parts[n]
	}
	switch {
	case at >= 0:
		within.parts = slices.Delete(within.parts, at, at+1)
	case within.how == "":
	case step[1] == "add":
		within.parts = append(within.parts, &builderPart{fresh: true})
	case step[1] == "group" && len(numbers) < builderDepth:
		within.parts = append(within.parts, &builderPart{how: "any", parts: []*builderPart{{fresh: true}, {}}})
	}
}

// ask is the question narrowed by the parts that are done; whole says whether all of them are.
func (p *builderPart) ask(question grid.Question) (asked grid.Question, whole bool) {
	nodes, whole := p.nodes(question.Resource)
	if p.how != "all" && len(nodes) > 0 {
		nodes = []grid.Node{grid.Group{How: p.how, Nodes: nodes}}
	}
	values, err := url.ParseQuery(question.WithFilter(nodes).Encode())
	if err != nil {
		return question, false
	}
	asked, refused := grid.Ask(question.Resource, values) // in its one form, and within its bounds
	if len(refused) > 0 {
		p.wrong = refused[0].Sentence
		return asked, false
	}
	return asked, whole
}

func (p *builderPart) nodes(resource *grid.Resource) (nodes []grid.Node, whole bool) {
	whole = true
	for _, part := range p.parts {
		if part.how != "" {
			inner, all := part.nodes(resource)
			whole = whole && all
			if len(inner) > 0 {
				nodes = append(nodes, grid.Group{How: part.how, Nodes: inner})
			}
			continue
		}
		if part.column == "" { // a line that nobody has begun asks nothing
			continue
		}
		test, sentence := resource.Test(part.column, part.asked(resource.Column(part.column)))
		if part.wrong = sentence; sentence != "" {
			whole = false
			continue
		}
		nodes = append(nodes, test)
	}
	return nodes, whole
}

// props is the part as the form shows it.
func (p *builderPart) props(resource *grid.Resource, path string, depth int, said bool) ui.BuilderPart {
	if p.how != "" {
		group := ui.BuilderPart{Path: path, How: p.how, Deeper: depth < builderDepth, Outer: depth == 0}
		for i, part := range p.parts {
			group.Parts = append(group.Parts, part.props(resource, path+"."+strconv.Itoa(i), depth+1, said))
		}
		return group
	}
	shown := ui.BuilderPart{Path: path, Column: p.column, Fresh: p.fresh}
	for i := range resource.Columns {
		if column := &resource.Columns[i]; !column.NoFilter {
			shown.Columns = append(shown.Columns, ui.Option{Value: column.Key, Label: column.Name()})
		}
	}
	if column := resource.Column(p.column); column != nil {
		p.fill(&shown, column)
	}
	if said {
		shown.Wrong = p.wrong
	}
	return shown
}
