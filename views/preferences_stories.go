package views

import "purplecross/views/gallery"

// PreferencesStories show what a client can choose.
var PreferencesStories = gallery.Component[PreferencesPageProps]{
	Path:   "Session/Preferences",
	View:   PreferencesForm,
	Covers: []string{"views.PreferencesPage"},
	Stories: []gallery.Story[PreferencesPageProps]{
		{Name: "Gets everything", Args: PreferencesPageProps{Token: "x", Clinic: "Harbour Vets", Phone: "(970) 555-0100", Email: "z•••@example.com", ByEmail: true, Mobile: "••• 12", BySMS: true}},
		{Name: "Wants no e-mail", Args: PreferencesPageProps{Token: "x", Clinic: "Harbour Vets", Phone: "(970) 555-0100", Email: "z•••@example.com", BySMS: true}},
	},
}
