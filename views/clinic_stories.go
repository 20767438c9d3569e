package views

import (
	"purplecross/db"
	"purplecross/views/gallery"
)

// ClinicFormPageStories are the states of the practice's form.
var ClinicFormPageStories = gallery.Component[ClinicFormPageProps]{
	Path: "Staff/Clinic page",
	View: ClinicFormPage,
	Stories: []gallery.Story[ClinicFormPageProps]{
		{Name: "Saved", Args: ClinicFormPageProps{Clinic: storyClinic, Week: storyWeek}},
		{Name: "Pages are recorded", Args: ClinicFormPageProps{Clinic: db.Clinic{Name: "Harbour Vets", RecordsPages: true, Version: 3}, Week: storyWeek}},
		{Name: "Wrong", Args: ClinicFormPageProps{Week: storyWeek, Errors: map[string]string{"name": "Enter the clinic's name.", "opens_3": "Wednesday: the clinic closes after it opens."}}},
		{Name: "Saved meanwhile", Args: ClinicFormPageProps{Clinic: storyClinic, Week: storyWeek, Theirs: db.Clinic{Name: "Harbour Veterinary", Phone: "(970) 555-0144", Version: 4}}},
	},
}

var (
	storyClinic = db.Clinic{Name: "Harbour Vets", Phone: "(970) 555-0100", Email: "desk@example.org", Address: "1 Quay Street, Boulder", Version: 3}
	storyWeek   = [7]db.OpeningHours{
		{Weekday: 0},
		{Weekday: 1, Opens: "08:00", Closes: "18:00"},
		{Weekday: 2, Opens: "08:00", Closes: "18:00"},
		{Weekday: 3, Opens: "18:00", Closes: "08:00"},
		{Weekday: 4, Opens: "08:00", Closes: "18:00"},
		{Weekday: 5, Opens: "08:00", Closes: "18:00"},
		{Weekday: 6, Opens: "09:00", Closes: "13:00"},
	}
)
