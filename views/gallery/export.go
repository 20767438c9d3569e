package gallery

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"
	"regexp"
	"strings"

	"github.com/a-h/templ"
)

// File is a file of the exported gallery, by its path: "gallery/actions/button/index.html".
type File struct {
	Name string
	Body []byte
}

// Files are the whole gallery as files that any file server can host, at any address: every page, every frame and
// stories.json. Style sheets and scripts are the application's to add, below "static/". Only what a server computes is
// missing: changed controls, and answers to requests. What the tests found, and the pictures that they took, come along if
// they are given.
func (g *Gallery) Files(ctx context.Context, checks *Checks) iter.Seq2[File, error] {
	return func(yield func(File, error) bool) {
		for _, at := range g.paths() {
			v, err := g.Visit(at, "")
			if err != nil {
				yield(File{}, err)
				return
			}
			v.still = true
			v.Develop(Workshop{Checks: checks, Pictures: picturesRoot})
			for name, view := range map[string]templ.Component{root: v.Page(), frameRoot: v.Frame()} {
				file, err := still(ctx, strings.TrimSuffix(name[1:]+"/"+at, "/")+"/index.html", view)
				if !yield(file, err) || err != nil {
					return
				}
			}
		}
		catalogue, err := json.MarshalIndent(g.Catalogue(), "", "  ")
		yield(File{root[1:] + "/stories.json", catalogue}, err)
	}
}

// paths are those of everything that has a page.
func (g *Gallery) paths() []string {
	list := []string{""}
	for _, p := range g.pages {
		list = append(list, p.slug)
	}
	group := ""
	for i := range g.components {
		c := &g.components[i]
		if c.group != group {
			group = c.group
			list = append(list, slug(group))
		}
		list = append(list, c.slug)
		for _, s := range c.stories {
			list = append(list, s.path())
		}
	}
	return list
}

var siteAddress = regexp.MustCompile(`="/(gallery|static)([^"?#]*)([^"]*)"`)

// still is a page whose addresses are relative to itself.
func still(ctx context.Context, name string, view templ.Component) (File, error) {
	var b bytes.Buffer
	if err := view.Render(ctx, &b); err != nil {
		return File{}, err
	}
	up := strings.Repeat("../", strings.Count(name, "/"))
	body := siteAddress.ReplaceAllFunc(b.Bytes(), func(found []byte) []byte {
		part := siteAddress.FindSubmatch(found)
		to := up + string(part[1]) + string(part[2])
		if string(part[1]) == "gallery" && !strings.HasSuffix(to, ".json") && !strings.HasSuffix(to, ".png") {
			to += "/index.html"
		}
		return []byte(`="` + to + string(part[3]) + `"`)
	})
	return File{name, body}, nil
}
