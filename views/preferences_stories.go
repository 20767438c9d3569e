package views

import "purplecross/views/gallery"

// PreferencesStories show what a client can choose.
var PreferencesStories = gallery.Component[PreferencesPageProps]{
	Path:   "Session/Preferences",
	View:   PreferencesForm,
	Use:    []string{"For what one person wants otherwise: e-mails, theme, density."},
	Avoid:  []string{"For what holds in the whole clinic: the clinic's page."},
	Covers: []string{"views.PreferencesPage"},
	Narrow: "Gets everything",
	Mirror: "Gets everything",
	Stories: []gallery.Story[PreferencesPageProps]{
		{Name: "Gets everything", Args: PreferencesPageProps{Token: "x", Clinic: "Harbour Vets", Phone: "(970) 555-0100", Email: "z•••@example.com", ByEmail: true, Mobile: "••• 12", BySMS: true}},
		{Name: "Wants no e-mail", Args: PreferencesPageProps{Token: "x", Clinic: "Harbour Vets", Phone: "(970) 555-0100", Email: "z•••@example.com", BySMS: true}},
	},
}
