package views

import (
	"purplecross/views/gallery"
	"purplecross/views/ui"
)

// BulkEditPageStories are the steps of a change of many records.
var BulkEditPageStories = gallery.Component[BulkEditPageProps]{
	Path: "Lists/Change many",
	View: BulkEditPage,
	Stories: []gallery.Story[BulkEditPageProps]{
		{Name: "What", Args: bulkEdit(BulkEditPageProps{Columns: []ui.Option{{Value: "status", Label: "Status"}, {Value: "insurer", Label: "Insurer"}}, Changes: -1})},
		{Name: "To what", Args: bulkEdit(BulkEditPageProps{Column: "status", Label: "Status", Options: []ui.Option{{Value: "active", Label: "Active"}, {Value: "inactive", Label: "Inactive"}}, Changes: -1})},
		{Name: "How many", Args: bulkEdit(BulkEditPageProps{Column: "insurer", Label: "Insurer", Value: "Petplan", Changes: 540, Job: true})},
		{Name: "Wrong", Args: bulkEdit(BulkEditPageProps{Column: "weight", Label: "Weight", Unit: "kg", Value: "heavy", Error: "Enter the weight in kilograms, like 6.5.", Changes: -1})},
	},
}

func bulkEdit(p BulkEditPageProps) BulkEditPageProps {
	p.Title, p.One, p.Many, p.Back, p.Action, p.Chosen = "Patients", "patient", "patients", "#patients", "#change", 600
	return p
}
