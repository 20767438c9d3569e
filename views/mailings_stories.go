package views

import (
	"purplecross/views/gallery"
	"purplecross/views/ui"
)

// MailingPageStories are the steps of a message to many households.
var MailingPageStories = gallery.Component[MailingPageProps]{
	Path: "Lists/Write to many",
	View: MailingPage,
	Stories: []gallery.Story[MailingPageProps]{
		{Name: "What to say", Args: aMailing(MailingPageProps{Subject: "A message from {clinic}", Body: "{greeting}\n\n"})},
		{Name: "As it reads", Args: aMailing(MailingPageProps{
			Subject: "A check for {pet}", Body: "{greeting}\n\nWe have not seen {pet} for a year.", Text: "{clinic}: we have not seen {pet} for a year.", Texts: 12,
			Sample: &MailingSample{Subject: "A check for Coco", Text: "Hello Robin,\n\nWe have not seen Coco for a year.", TextMessage: "Harbour Vets: we have not seen Coco for a year."},
		})},
		{Name: "Wrong", Args: aMailing(MailingPageProps{Subject: "{visit}", Body: "", Errors: map[string]string{"subject": "There is no {visit}. You can use {client}, {clinic}, {greeting}, {pet}.", "body": "Write something here."}})},
		{Name: "Nobody", Args: MailingPageProps{
			Title: "Patients", One: "patient", Many: "patients", Back: "#patients", Action: "#write", Rows: 1, Households: 1,
			Without: []MailingReason{{Why: "The client has asked for no e-mail.", Households: 1}},
		}},
	},
}

func aMailing(p MailingPageProps) MailingPageProps {
	p.Title, p.One, p.Many, p.Back, p.Action = "Patients", "patient", "patients", "#patients", "#write"
	p.Rows, p.Households, p.Reached = 320, 290, 271
	p.Without = []MailingReason{{Why: "The client has no e-mail address.", Households: 16}, {Why: "The patient is recorded as deceased.", Households: 3}}
	p.Placeholders = []ui.Fact{{Term: "{greeting}", Value: "Hello and the first name"}, {Term: "{pet}", Value: "the pet, or the pets"}}
	return p
}
