package gallery

import "slices"

// Catalogue is everything in the gallery, for machines.
type Catalogue struct {
	Components []CatalogueComponent `json:"components"`
	Pages      []CataloguePage      `json:"pages"`
	Missing    []string             `json:"missing"` // Components without a story.
}

// CatalogueComponent is a component in the catalogue.
type CatalogueComponent struct {
	Path     string             `json:"path"`
	Call     string             `json:"call"`
	Props    string             `json:"props"`
	Doc      string             `json:"doc"`
	URL      string             `json:"url"`
	Frame    string             `json:"frame"`
	Use      []string           `json:"use,omitempty"`
	Avoid    []string           `json:"avoid,omitempty"`
	Keys     []Key              `json:"keys,omitempty"`
	Anatomy  *Anatomy           `json:"anatomy,omitempty"`
	Controls []CatalogueControl `json:"controls"`
	Stories  []CatalogueStory   `json:"stories"`
}

// CataloguePage is a page of words or of foundations.
type CataloguePage struct {
	Group string `json:"group"`
	Name  string `json:"name"`
	URL   string `json:"url"`
	Frame string `json:"frame"`
}

// CatalogueControl is what an address may say about a story of the component.
type CatalogueControl struct {
	Key     string   `json:"key"`
	Kind    Kind     `json:"kind"`
	Type    string   `json:"type"`
	Help    string   `json:"help,omitempty"`
	Options []string `json:"options,omitempty"`
}

// CatalogueStory is a story in the catalogue.
type CatalogueStory struct {
	Name   string            `json:"name"`
	URL    string            `json:"url"`
	Frame  string            `json:"frame"`
	Tags   []string          `json:"tags,omitempty"`
	Dir    string            `json:"dir,omitempty"`
	Narrow bool              `json:"narrow,omitempty"`
	Allow  map[string]string `json:"allow,omitempty"`
	Play   []Step            `json:"play,omitempty"`
}

// Catalogue lists everything. Controls are those of a component's first story.
func (g *Gallery) Catalogue() Catalogue {
	all := Catalogue{Components: make([]CatalogueComponent, 0, len(g.components))}
	all.Missing, _ = g.Missing()
	for _, p := range g.pages {
		all.Pages = append(all.Pages, CataloguePage{Group: p.group, Name: p.name, URL: root + "/" + p.slug, Frame: frameRoot + "/" + p.slug})
	}
	for i := range g.components {
		c := &g.components[i]
		one := CatalogueComponent{
			Path: c.path(), Call: c.callName(), Props: c.props.String(), Doc: g.docOf(c),
			URL: root + "/" + c.slug, Frame: frameRoot + "/" + c.slug, Use: c.use, Avoid: c.avoid, Keys: c.keys,
		}
		if c.anatomy.Parts != nil {
			one.Anatomy = &Anatomy{Of: c.dissected().name, Parts: c.anatomy.Parts}
		}
		for _, s := range c.stories {
			one.Stories = append(one.Stories, CatalogueStory{
				Name: s.name, URL: root + "/" + s.path(), Frame: frameRoot + "/" + s.path(), Tags: s.tags, Dir: s.dir, Narrow: s.narrow, Allow: s.allow, Play: s.play,
			})
		}
		if first, err := g.Visit(c.stories[0].path(), ""); err == nil {
			one.Controls = catalogueControls(nil, first.controls)
		}
		all.Components = append(all.Components, one)
	}
	return all
}

func catalogueControls(list []CatalogueControl, controls []Control) []CatalogueControl {
	for _, c := range controls {
		if c.Kind != KindFixed && c.Kind != KindGroup {
			known := CatalogueControl{Key: c.Key, Kind: c.Kind, Type: c.Type, Help: c.Help}
			for _, o := range c.Options {
				known.Options = append(known.Options, o.Value)
			}
			list = append(list, known)
		}
		list = catalogueControls(list, c.Controls)
	}
	return list
}

func sorted(list []string) []string {
	slices.Sort(list)
	return list
}
