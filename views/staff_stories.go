package views

import (
	"purplecross/db"
	"purplecross/views/gallery"
)

// StaffFormPageStories are the states of a person's form.
var StaffFormPageStories = gallery.Component[StaffFormPageProps]{
	Path: "Operations/Staff form",
	View: StaffFormPage,
	Stories: []gallery.Story[StaffFormPageProps]{
		{Name: "New", Args: StaffFormPageProps{Person: db.Staff{Role: db.RoleReception, Active: true}}},
		{Name: "Wrong", Args: StaffFormPageProps{
			Person: db.Staff{Role: db.RoleNurse, Email: "nurse"},
			Errors: map[string]string{"display_name": "Enter the person's name.", "email": "Enter an e-mail address, like name@example.com."},
		}},
		{Name: "Saved meanwhile", Args: StaffFormPageProps{
			Person: db.Staff{ID: 4, DisplayName: "Dr Maya Lindqvist", Email: "maya@example.org", Role: db.RoleVet, Bookable: true, Active: true, Version: 3},
			Theirs: &db.Staff{ID: 4, DisplayName: "Dr Maya Lindqvist", Email: "maya@example.org", Role: db.RoleManager, Active: true, Version: 3},
		}},
	},
}
