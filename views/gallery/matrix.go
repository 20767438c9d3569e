package gallery

import (
	"net/url"
	"slices"
)

// matrix is a component in every variant: the choices of one control down, those of others across.
type matrix struct {
	down  string // The control whose choices are the rows; "" is one row.
	heads []string
	rows  []matrixRow
}

type matrixRow struct {
	head  string
	cells []string // The queries that the cells are drawn with.
}

// maxCells is the most that a matrix may have, and maxChoices the most of a control in it.
const (
	maxCells   = 64
	maxChoices = 9
)

// matrix crosses the first control with named choices with the second one, and with every switch. A component with
// nothing to choose has none, and neither has a page.
func (v *Visit) matrix() (m matrix, ok bool) {
	first := v.component.stories[0]
	if first.tagged(tagPage) {
		return m, false
	}
	of, err := v.g.Visit(first.path(), "")
	if err != nil {
		return m, false
	}
	var named, switches []Control
	for _, c := range of.controls {
		switch {
		case c.Kind == KindSwitch:
			switches = append(switches, c)
		case (c.Kind == KindRadios || c.Kind == KindSelect) && c.Type != "templ.Component" && len(c.Options) <= maxChoices:
			named = append(named, c)
		}
	}
	if len(named) == 0 {
		return m, false
	}

	m.down = named[0].Label
	columns := []url.Values{{}}
	m.heads = []string{"As it is"}
	if len(named) > 1 {
		for _, o := range named[1].Options {
			if o.Value != named[1].Base {
				columns, m.heads = append(columns, url.Values{named[1].Key: {o.Value}}), append(m.heads, o.Label)
			}
		}
	}
	for _, c := range switches {
		value := map[string]string{"true": "false", "false": "true"}[c.Base]
		label := c.Label
		if value == "false" {
			label = "Not " + label
		}
		columns, m.heads = append(columns, url.Values{c.Key: {value}}), append(m.heads, label)
	}
	if room := maxCells / len(named[0].Options); len(columns) > room {
		columns, m.heads = columns[:room], m.heads[:room]
	}
	for _, o := range named[0].Options {
		row := matrixRow{head: o.Label}
		for _, column := range columns {
			cell := url.Values{named[0].Key: {o.Value}}
			for key, values := range column {
				cell[key] = slices.Clone(values)
			}
			row.cells = append(row.cells, cell.Encode())
		}
		m.rows = append(m.rows, row)
	}
	return m, len(m.heads) > 1 || len(m.rows) > 2
}

func query(key, value string) string { return url.Values{key: {value}}.Encode() }

// zero is the value that a field has when nothing is said.
func (g *Gallery) zero(f fieldDoc) string {
	for _, c := range f.constants {
		if c.value == "" || c.value == "0" {
			return c.name
		}
	}
	return f.zero
}
