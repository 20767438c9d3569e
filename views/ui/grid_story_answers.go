package ui

import (
	"context"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"purplecross/views/gallery"
)

// storyGridMock lets the list of the stories be searched.
var storyGridMock = gallery.Mock{
	"GET /patients": func(r *http.Request) templ.Component {
		props := storyGrid()
		props.Search.Value = r.FormValue("q")
		rows := props.Rows[:0:0]
		for _, row := range props.Rows {
			if strings.Contains(strings.ToLower(storyText(row)), strings.ToLower(props.Search.Value)) {
				rows = append(rows, row)
			}
		}
		if len(rows) < len(props.Rows) {
			props.Rows, props.Pager = rows, PagerProps{}
			props.Count.N = len(rows)
		}
		if len(rows) == 0 {
			props.Empty = Empty(EmptyProps{Title: "No patient matches", Text: "Remove a filter, or look for something else.", Icon: IconSearch})
		}
		return Grid(props)
	},
}

var storyGridPlay = []gallery.Step{
	gallery.Type("searchbox", "Search in this list", "luna"),
	gallery.Gone("link", "Ziggy"),
	gallery.Expect("link", "Luna", ""),
	gallery.Type("searchbox", "Search in this list", "nobody at all"),
	gallery.Expect("main", "", "No patient matches"),
}

func storyText(row GridRow) string {
	var b strings.Builder
	for _, cell := range row.Cells {
		_ = cell.Render(context.Background(), &b) // To memory.
	}
	return b.String()
}
