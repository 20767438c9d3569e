package views

import "purplecross/views/gallery"

// PrintPageStories are lists for paper.
var PrintPageStories = gallery.Component[PrintPageProps]{
	Path: "Lists/Print",
	View: PrintPage,
	Stories: []gallery.Story[PrintPageProps]{
		{Name: "Whole", Args: PrintPageProps{
			Title: "Patients", Asks: []string{"Species is cat", "Sorted by name, A to Z"}, Back: "#patients",
			Heads: []string{"Name", "Species", "Weight"}, Numbers: []bool{false, false, true},
			Rows: [][]string{{"Biscuit", "Cat", "4.2 kg"}, {"Coco", "Cat", "3.9 kg"}},
		}},
		{Name: "Cut short", Args: PrintPageProps{Title: "Patients", Heads: []string{"Name"}, Numbers: []bool{false}, Rows: [][]string{{"Biscuit"}}, More: true, Limit: 2000, Back: "#patients"}},
		{Name: "Part not understood", Args: PrintPageProps{Title: "Patients", Heads: []string{"Name"}, Numbers: []bool{false}, Rows: [][]string{{"Biscuit"}}, Refused: []string{"There is no column “fur”."}, Back: "#patients"}},
	},
}
