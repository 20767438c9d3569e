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
		{Name: "How many", Args: bulkEdit(BulkEditPageProps{Column: "insurer", Label: "Insurer", Value: "Petplan", Changes: 540, Same: 60, Job: true})},
		{Name: "Some are left", Args: visitsEdit(BulkEditPageProps{
			Column: "vet", Label: "Vet", Options: []ui.Option{{Value: "3", Label: "Dr Ito"}, {Value: "4", Label: "Dr Tran"}}, Blank: "Nothing", Value: "3",
			Changes: 9, Same: 1, Told: 8, Left: []string{"1 visit is left: Dr Ito is already booked at 14:20.", "1 visit is left: This visit is cancelled, so it can't be changed."},
		})},
		{Name: "Wrong", Args: bulkEdit(BulkEditPageProps{Column: "weight", Label: "Weight", Unit: "kg", Value: "heavy", Error: "Enter the weight in kilograms, like 6.5.", Changes: -1})},
	},
}

func visitsEdit(p BulkEditPageProps) BulkEditPageProps {
	p.Title, p.One, p.Many, p.Back, p.Action, p.Chosen = "Visits", "visit", "visits", "#visits", "#change", 12
	return p
}

func bulkEdit(p BulkEditPageProps) BulkEditPageProps {
	p.Title, p.One, p.Many, p.Back, p.Action, p.Chosen = "Patients", "patient", "patients", "#patients", "#change", 600
	return p
}
