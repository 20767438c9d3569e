package stories

import (
	"embed"
	"io/fs"
	"strings"

	"purplecross/views/gallery"
)

//go:embed pages/*.md
var pages embed.FS

// Pages are the words about the whole, in the order of their files' numbers. The first line of each is its group and
// its name: "# Guides: Dates and times".
func Pages() []gallery.Page {
	var list []gallery.Page
	names, _ := fs.Glob(pages, "pages/*.md")
	for _, name := range names {
		text, _ := pages.ReadFile(name) // Of our own list: it can't fail.
		title, rest, _ := strings.Cut(string(text), "\n")
		group, title, _ := strings.Cut(strings.TrimPrefix(title, "# "), ": ")
		list = append(list, gallery.Page{Group: group, Name: title, Text: strings.TrimSpace(rest)})
	}
	return list
}
