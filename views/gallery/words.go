package gallery

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// title names what is shown: "Button: Primary".
func (v *Visit) title() string {
	switch {
	case v.story != nil:
		return v.component.name + ": " + v.story.name
	case v.component != nil:
		return v.component.name
	case v.page != nil:
		return v.page.name
	case v.group != "":
		return v.group
	}
	return "Components"
}

// panel is the panel to show. Only stories have any.
func (v *Visit) panel() string { return v.set["panel"] }

// away tells whether a search leaves nothing of a group of the tree.
func (v *Visit) away(group treeGroup) bool {
	if v.set["q"] == "" {
		return false
	}
	return !slices.ContainsFunc(v.g.tree(v.set["q"]), func(g treeGroup) bool { return g.name == group.name })
}

func (v *Visit) awayComponent(c treeComponent) bool {
	words := strings.Fields(strings.ToLower(v.set["q"]))
	return !slices.ContainsFunc(c.component.stories, func(s *story) bool { return s.matches(words) })
}

// walled is what the index shows: the tree, or the group of it that the address names.
func (v *Visit) walled() []treeGroup {
	var kept []treeGroup
	for _, group := range v.g.tree(v.set["q"]) {
		if v.group == "" || group.name == v.group {
			kept = append(kept, group)
		}
	}
	return kept
}

// tally counts what the index shows.
func (v *Visit) tally() string {
	components, stories := 0, 0
	for _, group := range v.walled() {
		components += len(group.components)
		for _, c := range group.components {
			stories += len(c.stories)
		}
	}
	said := count(components, "component", "components") + " in " + count(stories, "state", "states")
	if v.set["q"] != "" {
		return said + " for “" + v.set["q"] + "”"
	}
	return said
}

// neighbour is the story so many places on, over the ends of components. The overview of a component stands before its
// first story.
func (v *Visit) neighbour(by int) *story {
	at := v.component.stories[0].place - 1
	if v.story != nil {
		at = v.story.place
	}
	if by < 0 && v.story == nil {
		at++
	}
	at += by
	if at < 0 || at >= len(v.g.stories) {
		return nil
	}
	return v.g.stories[at]
}

// around is the class that the application gives to what stands around a page's content.
func (v *Visit) around(s *story) string {
	if s.tagged(tagPage) && !s.tagged(TagWhole) {
		return v.g.Options.Page
	}
	return ""
}

// room says on the element around a story which way it runs, and that there is little room.
func (s *story) room() templ.Attributes {
	attributes := templ.Attributes{}
	if s.dir != "" {
		attributes["dir"] = s.dir
	}
	if s.narrow {
		attributes["data-narrow"] = true
	}
	return attributes
}

// frameAttributes are what the toolbar says to a frame, on its root element.
func (v *Visit) frameAttributes() templ.Attributes {
	attributes := templ.Attributes{"lang": "en", "dir": "ltr", "class": "g-frame"}
	for _, s := range settings {
		value, ok := v.set[s.key]
		switch {
		case !ok || !s.frame || s.key == "seed":
		case s.key == "dir":
			attributes["dir"] = value
		default:
			attributes["data-"+s.key] = value
		}
	}
	return attributes
}

func themeIcon(theme string) string {
	if theme == "" {
		return "system"
	}
	return theme
}

// controlID is the id of a control's input, or of its group: what may be missing has one key with its value.
func controlID(c Control) string {
	if c.Kind == KindGroup {
		return "c-group-" + c.Key
	}
	return "c-" + c.Key
}

// controlAttributes are those that every control's input has.
func controlAttributes(c Control) templ.Attributes {
	attributes := describedBy(c)
	attributes["id"], attributes["name"] = controlID(c), c.Key
	if c.Min != "" {
		attributes["min"] = c.Min
	}
	if c.Max != "" {
		attributes["max"] = c.Max
	}
	if c.Error != "" {
		attributes["aria-invalid"] = "true"
	}
	if c.Kind == KindLines {
		attributes["placeholder"] = "One a line"
	}
	return attributes
}

func describedBy(c Control) templ.Attributes {
	var ids []string
	if c.Help != "" {
		ids = append(ids, controlID(c)+"-help")
	}
	if c.Error != "" {
		ids = append(ids, controlID(c)+"-error")
	}
	if ids == nil {
		return templ.Attributes{}
	}
	return templ.Attributes{"aria-describedby": strings.Join(ids, " ")}
}

// rows is how many lines a text takes, within reason.
func rows(c Control) string {
	lines := strings.Count(c.Value, "\n") + 1 + len(c.Value)/60
	return strconv.Itoa(min(max(lines, 2), 12))
}

// besides draws a story as written, beside others.
func besides(v *Visit, ctx context.Context, s *story) templ.Component {
	markup, err := v.asWritten(ctx, s)
	return drawn(apart(markup, "--"+strings.ReplaceAll(s.path(), "/", "-")), err)
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

func size(bytes int) string {
	if bytes < 1000 {
		return strconv.Itoa(bytes) + " bytes"
	}
	return fmt.Sprintf("%.1f kB", float64(bytes)/1000)
}

func joined(words []string) string { return strings.Join(words, " ") }

func listed(words []string) string { return strings.Join(words, ", ") }

// codeHTML is code with its pieces marked. It is written out here and not in a template, as every blank of it counts.
func codeHTML(pieces []piece) string {
	var b strings.Builder
	b.WriteString("<code>")
	for _, p := range pieces {
		if p.kind == "" {
			b.WriteString(templ.EscapeString(p.text))
			continue
		}
		b.WriteString(`<i data-p="` + p.kind + `">` + templ.EscapeString(p.text) + `</i>`)
	}
	b.WriteString("</code>")
	return b.String()
}

// PageRules are axe's rules about whole pages, which a component alone can't keep. The panel and the tests leave out
// the same ones, so that they never disagree.
var PageRules = []string{
	"region", "page-has-heading-one", "landmark-one-main", "bypass", "skip-link", "heading-order",
	"landmark-no-duplicate-main", "landmark-main-is-top-level", "landmark-unique",
}

// editor opens the story's file in an editor; "" when it can't.
func (v *Visit) editor() string {
	if v.workshop.Editor == "" || v.component == nil {
		return ""
	}
	file, line := v.g.source().position(v.component, v.story)
	if file == "" {
		return ""
	}
	return v.workshop.Editor + file + ":" + strconv.Itoa(line)
}

// width is how wide the frame is meant to be, for the handle that changes it.
func (v *Visit) width() string {
	if w := v.set["w"]; w != "" {
		return w
	}
	return "1280"
}
