package gallery

import (
	"context"
	"strings"

	"github.com/a-h/templ"
)

// Page is a page of words in the gallery. Text is written as a Go comment is: paragraphs, "# Heading", "  - items",
// indented code. A line "@story status/time/today" shows that story in its place, and "@options status/icon/dog name"
// one for every choice of a control.
type Page struct{ Group, Name, Text string }

// docPage is a page without stories of its own.
type docPage struct {
	group, name, slug, lead string
	body                    func(v *Visit) templ.Component
}

// docPages are the pages of words, then the foundations.
func docPages(options Options) []*docPage {
	var pages []*docPage
	add := func(group, name, lead string, body func(v *Visit) templ.Component) {
		pages = append(pages, &docPage{group: group, name: name, slug: slug(group) + "/" + slug(name), lead: lead, body: body})
	}
	said := func(drawn bool) {
		for _, p := range options.Pages {
			if (p.Group == foundations) == drawn {
				add(p.Group, p.Name, synopsis(firstParagraph(p.Text)), func(v *Visit) templ.Component { return words(v, p.Text) })
			}
		}
	}
	said(false)
	if options.Tokens != nil {
		add(foundations, "Colours", "Every colour by what it means, in both themes, with its contrast as it is today.", colourPage)
		add(foundations, "Type", "One family, seven sizes.", typePage)
		add(foundations, "Space and size", "Steps of four pixels, and the heights that rows and controls share.", spacePage)
		add(foundations, "Shape and motion", "Corners, the one shadow, and how long things take.", shapePage)
	}
	said(true)
	return pages
}

const foundations = "Foundations"

func firstParagraph(text string) string {
	text, _, _ = strings.Cut(strings.TrimSpace(text), "\n\n")
	return text
}

// block is a part of a page: words, or stories.
type block struct {
	text  string
	story *story
	label string
	query string
}

// blocks parts a page at its directives. What they name and is not there is said on the page, and by a test.
func (g *Gallery) blocks(text string) []block {
	var list []block
	var said strings.Builder
	flush := func() {
		if strings.TrimSpace(said.String()) != "" {
			list = append(list, block{text: said.String()})
		}
		said.Reset()
	}
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) < 2 || fields[0] != "@story" && fields[0] != "@options" {
			said.WriteString(line)
			continue
		}
		at, _ := g.find(fields[1])
		switch {
		case at.story == nil:
			said.WriteString("No story is at " + fields[1] + ".\n\n")
		case fields[0] == "@story":
			flush()
			list = append(list, block{story: at.story, label: at.component.name + ": " + at.story.name})
		case len(fields) == 3:
			flush()
			list = append(list, g.everyOption(at.story, fields[2])...)
		}
	}
	flush()
	return list
}

// everyOption is a story once for each choice of a control.
func (g *Gallery) everyOption(s *story, key string) []block {
	v, err := g.Visit(s.path(), "")
	if err != nil {
		return nil
	}
	var list []block
	for _, c := range v.controls {
		if c.Key != key {
			continue
		}
		for _, o := range c.Options {
			if o.Value == "" {
				continue
			}
			list = append(list, block{story: s, label: o.Label, query: query(key, o.Value)})
		}
	}
	return list
}

// shown draws a block's story, apart from its neighbours.
func (b block) shown(v *Visit, ctx context.Context, ending string) templ.Component {
	at, err := v.g.Visit(b.story.path(), b.query)
	if err != nil {
		return drawn("", err)
	}
	at.set["words"] = v.set["words"]
	markup, err := at.HTML(ctx)
	return drawn(apart(markup, ending), err)
}

// Broken lists what pages name and the gallery has not.
func (g *Gallery) Broken() []string {
	var broken []string
	for _, p := range g.Pages {
		for line := range strings.Lines(p.Text) {
			fields := strings.Fields(line)
			if len(fields) < 2 || !strings.HasPrefix(fields[0], "@") {
				continue
			}
			if at, _ := g.find(fields[1]); at.story == nil {
				broken = append(broken, p.Group+"/"+p.Name+" names "+fields[1])
			}
		}
	}
	return broken
}

// sheet reads the tokens as they are now: in development the file may have changed.
func (g *Gallery) sheet() tokenSheet { return readTokens(string(g.Tokens())) }
