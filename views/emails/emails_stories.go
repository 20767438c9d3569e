package emails

import (
	"time"

	"purplecross/views/gallery"
)

// LayoutStories show the frame that every letter has.
var LayoutStories = gallery.Component[LayoutProps]{
	Path: "E-mails/Letter", View: Layout, Tags: []string{gallery.TagLetter}, Covers: []string{"emails.Button", "emails.KeyFacts"},
	Use: []string{"What a client must know without looking at a page: a visit, a change of it, what is due."},
	Stories: []gallery.Story[LayoutProps]{
		{Name: "With facts", Args: LayoutProps{Clinic: storyClinic, Title: "A letter of the clinic", Body: KeyFacts(KeyFactsProps{Facts: []Fact{{"Pet", "Coco"}, {"Day", "Tuesday 24 November 2026"}}})}},
		{Name: "With one thing to do", Args: LayoutProps{Clinic: storyClinic, Title: "A letter of the clinic", Body: Button(ButtonProps{Label: "Call the clinic", Href: "tel:+19705550100"})}},
		{Name: "Of a clinic without an address", Args: LayoutProps{Clinic: Clinic{Name: "Purple Cross"}, Title: "A letter of the clinic"}},
	},
}

// VisitConfirmationStories show what is sent when a visit is booked.
var VisitConfirmationStories = gallery.Component[VisitProps]{
	Path: "E-mails/Visit booked", View: VisitConfirmation, Tags: []string{gallery.TagLetter}, Stories: visitStories,
}

// VisitMovedStories show what is sent when a visit has another time.
var VisitMovedStories = gallery.Component[VisitProps]{
	Path: "E-mails/Visit moved", View: VisitMoved, Tags: []string{gallery.TagLetter}, Stories: visitStories,
}

// VisitCancelledStories show what is sent when a visit is off.
var VisitCancelledStories = gallery.Component[VisitProps]{
	Path: "E-mails/Visit cancelled", View: VisitCancelled, Tags: []string{gallery.TagLetter}, Stories: visitStories,
}

var storyClinic = Clinic{Name: "Purple Cross Animal Clinic", Phone: "(970) 555-0100", Email: "desk@clinic.example", Address: "525 Myrna Lane, Fruita, CO 81521"}

var visitStories = []gallery.Story[VisitProps]{
	{Name: "Usual", From: func(w *gallery.World) VisitProps {
		return VisitProps{Clinic: storyClinic, Greeting: "Courtney", Patient: "Coco", Type: "Vaccination", Vet: "Dr Ana Reyes", StartsAt: w.Now, EndsAt: w.Now.Add(20 * time.Minute)}
	}},
	{Name: "Little known", From: func(w *gallery.World) VisitProps {
		return VisitProps{Patient: w.Pet(), Type: "Consultation", StartsAt: w.Now, EndsAt: w.Now.Add(20 * time.Minute)}
	}},
	{Name: "Long names", From: func(w *gallery.World) VisitProps {
		return VisitProps{
			Clinic: storyClinic, Greeting: "Wolfeschlegelsteinhausenbergerdorff", Patient: "Mr. Fluffington the Third of Upper Canyon Road",
			Type: "Dental cleaning under general anaesthesia", Vet: "Dr Siân Abernathy-Featherstonehaugh", StartsAt: w.Now, EndsAt: w.Now.Add(time.Hour),
		}
	}},
	{Name: "From right to left", From: func(w *gallery.World) VisitProps {
		return VisitProps{Clinic: storyClinic, Greeting: "محمد", Patient: "بندق", Type: "Vaccination", Vet: "Dr العلي", StartsAt: w.Now, EndsAt: w.Now.Add(20 * time.Minute)}
	}},
}
