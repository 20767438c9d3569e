package ui

import "purplecross/views/gallery"

// GridPasteStories show what a paste would do.
var GridPasteStories = gallery.Component[GridPasteProps]{
	Path:   "Lists/Grid paste",
	View:   GridPaste,
	Use:    []string{"Before values from a table program are put into a list: it shows each change first."},
	Avoid:  []string{"For new records: an import."},
	Narrow: "Some can't",
	Mirror: "Some can't",
	Stories: []gallery.Story[GridPasteProps]{
		{Name: "Some can't", Args: GridPasteProps{
			Action: "#paste", Back: "#list", One: "patient", Many: "patients", Columns: []string{"Weight", "Insurer"},
			Changes: 3, Records: 2, Refused: 1, Untouched: 4, Beyond: 1, Fixed: []string{"Last visit"},
			Rows: []GridPasteRow{
				{Name: "Coco", Cells: []GridPasteCell{{Was: "6.5 kg", Is: "6.8 kg"}, {Is: "Petplan"}}},
				{Name: "Rex", Cells: []GridPasteCell{{Was: "31 kg", Is: "heavy", Why: "Weight takes numbers; “heavy” is none."}, {Was: "Trupanion", Is: "Petplan"}}},
			},
		}},
		{Name: "Nothing changes", Args: GridPasteProps{Action: "#paste", Back: "#list", One: "patient", Many: "patients", Untouched: 12}},
		{Name: "Clients are told", Args: GridPasteProps{
			Action: "#paste", Back: "#list", One: "visit", Many: "visits", Columns: []string{"Vet"}, Changes: 1, Records: 1, Told: 1,
			Rows: []GridPasteRow{{Name: "Coco’s visit", Cells: []GridPasteCell{{Was: "Dr Ito", Is: "Dr Okafor"}}}},
		}},
	},
}
