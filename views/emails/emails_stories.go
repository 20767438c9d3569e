package emails

import (
	"time"

	"purplecross/db"
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

// LetterStories show what clients get, of each kind, as the original wording puts it.
var LetterStories = gallery.Component[LetterProps]{
	Path: "E-mails/Letter to a client", View: Letter, Tags: []string{gallery.TagLetter},
	Use:   []string{"For everything that the clinic writes to its clients."},
	Avoid: []string{"For colleagues: Letter, which leads into the program."},
	Stories: []gallery.Story[LetterProps]{
		{Name: "Visit booked", From: func(w *gallery.World) LetterProps { return storyLetter(w, db.MessageVisitConfirmation) }},
		{Name: "Visit moved", From: func(w *gallery.World) LetterProps { return storyLetter(w, db.MessageVisitMoved) }},
		{Name: "Visit cancelled", From: func(w *gallery.World) LetterProps { return storyLetter(w, db.MessageVisitCancelled) }},
		{Name: "Reminder of a visit", From: func(w *gallery.World) LetterProps { return storyLetter(w, db.MessageVisitReminder) }},
		{Name: "Care that is due", From: func(w *gallery.World) LetterProps {
			props := storyLetter(w, db.MessageCareReminder)
			props.Visits = nil
			props.Care = []Care{{Patient: "Coco", Name: "Rabies", DueOn: w.Now.AddDate(0, 0, 9)}, {Patient: "Luna", Name: "Dental check", DueOn: w.Now.AddDate(0, 0, -12)}}
			return props
		}},
		{Name: "Little known", From: func(w *gallery.World) LetterProps {
			return LetterProps{
				Kind: db.MessageVisitConfirmation, Wording: Originals[db.MessageVisitConfirmation], Today: w.Now,
				Visits: []Visit{{Patient: w.Pet(), Type: "Consultation", StartsAt: w.Now, EndsAt: w.Now.Add(20 * time.Minute)}},
			}
		}},
		{Name: "Long names", From: func(w *gallery.World) LetterProps {
			props := storyLetter(w, db.MessageVisitConfirmation)
			props.Greeting = "Wolfeschlegelsteinhausenbergerdorff"
			props.Visits = []Visit{{
				Patient: "Mr. Fluffington the Third of Upper Canyon Road", Type: "Dental cleaning under general anaesthesia",
				Vet: "Dr Siân Abernathy-Featherstonehaugh", StartsAt: w.Now, EndsAt: w.Now.Add(time.Hour),
			}}
			return props
		}},
		{Name: "From right to left", From: func(w *gallery.World) LetterProps {
			props := storyLetter(w, db.MessageVisitConfirmation)
			props.Greeting = "محمد"
			props.Visits = []Visit{{Patient: "بندق", Type: "Vaccination", Vet: "Dr العلي", StartsAt: w.Now, EndsAt: w.Now.Add(20 * time.Minute)}}
			return props
		}},
	},
}

func storyLetter(w *gallery.World, kind db.MessageKind) LetterProps {
	return LetterProps{
		Kind: kind, Wording: Originals[kind], Clinic: storyClinic, Greeting: "Courtney", Client: "Courtney Chua", Today: w.Now, Preferences: "#preferences",
		Visits: []Visit{{Patient: "Coco", Type: "Vaccination", Vet: "Dr Ana Reyes", StartsAt: w.Now, EndsAt: w.Now.Add(20 * time.Minute)}},
	}
}

var storyClinic = Clinic{Name: "Purple Cross Animal Clinic", Phone: "(970) 555-0100", Email: "desk@clinic.example", Address: "525 Myrna Lane, Fruita, CO 81521"}

// ReportStories show what staff get by the clock.
var ReportStories = gallery.Component[ReportProps]{
	Path: "E-mails/Report", View: Report, Tags: []string{gallery.TagLetter},
	Use:   []string{"With a report by the clock, of which it says the most important numbers."},
	Avoid: []string{"For an export that somebody waits for: the page of that work."},
	Stories: []gallery.Story[ReportProps]{
		{Name: "To a manager", Args: ReportProps{Clinic: storyClinic, Title: "Day sheet, Saturday 28 November 2026", Outcome: "31 lines. The file is kept for 30 days.", File: "day-sheet-2026-11-28.pdf", Href: "https://clinic.example/progress/7"}},
		{Name: "To a vet", Args: ReportProps{Clinic: storyClinic, Title: "Day sheet, Saturday 28 November 2026", Outcome: "31 lines. The file is kept for 30 days.", File: "day-sheet-2026-11-28.pdf"}},
		{Name: "Too large", Args: ReportProps{Clinic: storyClinic, Title: "Overdue care, Saturday 28 November 2026", Outcome: "120,412 lines. The file is kept for 30 days.", Href: "https://clinic.example/progress/7"}},
	},
}
