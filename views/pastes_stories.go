package views

import (
	"purplecross/views/gallery"
	"purplecross/views/ui"
)

// PastePageStories show a paste on a page of its own.
var PastePageStories = gallery.Component[PastePageProps]{
	Path: "Lists/Paste",
	View: PastePage,
	Stories: []gallery.Story[PastePageProps]{
		{Name: "One cell", Args: PastePageProps{List: "Patients", Paste: ui.GridPasteProps{
			Action: "#paste", Back: "#list", One: "patient", Many: "patients", Columns: []string{"Insurer"}, Changes: 1, Records: 1,
			Rows: []ui.GridPasteRow{{Name: "Coco", Cells: []ui.GridPasteCell{{Was: "Trupanion", Is: "Petplan"}}}},
		}}},
	},
}
