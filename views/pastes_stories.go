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
		{Name: "Three rows, one can't", Args: PastePageProps{List: "Patients", Paste: ui.GridPasteProps{
			Action: "#paste", Back: "#list", One: "patient", Many: "patients", Columns: []string{"Insurer", "Weight"}, Changes: 3, Records: 2,
			Rows: []ui.GridPasteRow{
				{Name: "Coco", Cells: []ui.GridPasteCell{{Was: "Trupanion", Is: "Petplan"}, {Was: "6.5 kg", Is: "6.8 kg"}}},
				{Name: "Hedwig-Alexandra von Hohenfels", Cells: []ui.GridPasteCell{{Is: "Petplan"}, {Was: "480 g", Is: "480 g", Same: true}}},
				{Name: "محبوب", Cells: []ui.GridPasteCell{{Is: "None"}, {Was: "2.1 kg", Is: "heavy", Why: "Enter a weight, like 6.5 kg."}}},
			},
		}}},
	},
}
