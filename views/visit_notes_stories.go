package views

import (
	"purplecross/db"
	"purplecross/views/gallery"
)

// NotePageStories show the note of a visit being written, signed and read.
var NotePageStories = gallery.Component[NotePageProps]{
	Path: "Visit/Note", View: NotePage, Tags: []string{"page"},
	Stories: []gallery.Story[NotePageProps]{
		{Name: "Not begun", From: func(w *gallery.World) NotePageProps {
			return NotePageProps{Visit: cocosVisit(w, -10, db.AppointmentInRoom), Patient: bookedPet, Protocols: storyProtocols, MayWrite: true, MaySign: true}
		}},
		{Name: "Draft", From: storyNotePage},
		{Name: "Draft of a nurse", From: func(w *gallery.World) NotePageProps {
			props := storyNotePage(w)
			props.MaySign = false
			return props
		}},
		{Name: "Wrong number", From: func(w *gallery.World) NotePageProps {
			props := storyNotePage(w)
			props.Form.Values["temperature"] = "385"
			props.Form.Errors = map[string]string{"temperature": "Enter a temperature between 25 and 45 °C, like 38.5."}
			props.Given.Errors = map[string]string{"product": "Enter what was given."}
			return props
		}},
		{Name: "Saved by somebody else", From: func(w *gallery.World) NotePageProps {
			props := storyNotePage(w)
			props.Form.Conflict = &Conflict{Record: "note", Href: "#note", By: "Nia Hart", At: w.Now, Fields: map[string]ConflictField{
				"weight": {Theirs: "6.7", Mine: true}, "plan": {Theirs: "Recheck in a week.", Mine: true},
			}}
			return props
		}},
		{Name: "Signed", From: func(w *gallery.World) NotePageProps {
			props := storyNotePage(w)
			props.Note.Status, props.Note.SignedAt, props.Note.SignedByName = db.NoteSigned, &w.Now, "Dr Ana Reyes"
			amendment := db.VisitNote{ID: 9, AmendsID: &props.Note.ID, Assessment: "The culture came back: Malassezia.", Status: db.NoteSigned, SignedAt: &w.Now, SignedByName: "Dr Ana Reyes"}
			props.Amendments = []db.VisitNote{amendment}
			return props
		}},
		{Name: "For reception, not begun", From: func(w *gallery.World) NotePageProps {
			return NotePageProps{Visit: cocosVisit(w, -10, db.AppointmentArrived), Patient: bookedPet}
		}},
		{Name: "Narrow", Narrow: true, From: storyNotePage},
	},
}

// NoteSavedStories show what is said of the last save of a draft.
var NoteSavedStories = gallery.Component[NoteSavedProps]{
	Path: "Visit/Note saved", View: NoteSaved,
	Use:    []string{"Beside a note that saves itself while one types."},
	Avoid:  []string{"For a form with a Save button: a flash on the next page."},
	Mirror: "Saved",
	Stories: []gallery.Story[NoteSavedProps]{
		{Name: "Not yet"},
		{Name: "Saved", From: func(w *gallery.World) NoteSavedProps { return NoteSavedProps{Version: 3, At: w.Now} }},
		{Name: "Refused", Args: NoteSavedProps{Version: 3, Trouble: "Not saved yet. Enter a score from 1 to 9."}},
	},
}

// NoteTextStories show a note as it is read.
var NoteTextStories = gallery.Component[NoteTextProps]{
	Path: "Visit/Note text", View: NoteText,
	Use:    []string{"To show a signed note, with its lines and paragraphs as they were typed."},
	Avoid:  []string{"To edit one: Text area."},
	Narrow: "Whole",
	Stories: []gallery.Story[NoteTextProps]{
		{Name: "Whole", From: func(w *gallery.World) NoteTextProps { return NoteTextProps{Note: storyNote(w)} }},
		{Name: "A few words", Args: NoteTextProps{Note: db.VisitNote{Assessment: "Healthy."}}},
		{Name: "Right to left", Dir: "rtl", Args: NoteTextProps{Note: db.VisitNote{Assessment: "בריא.", Plan: "ביקורת בעוד שנה."}}},
	},
}

var storyProtocols = []db.CareProtocol{{ID: 1, Name: "Rabies", Kind: "vaccination", EveryDays: 1095}, {ID: 2, Name: "DHPP", Kind: "vaccination", EveryDays: 365}}

func storyNote(w *gallery.World) db.VisitNote {
	weight, temperature, heart, breaths, score := 6500, 386, 120, 24, 5
	return db.VisitNote{
		ID: 7, Version: 4, VetID: 1, VetName: "Dr Ana Reyes", SeenAt: w.Now, UpdatedAt: w.Now, Status: db.NoteDraft,
		WeightG: &weight, TemperatureDC: &temperature, HeartRate: &heart, RespiratoryRate: &breaths, BodyCondition: &score,
		Reason: "Itchy ears", Subjective: "Shakes her head for a week.", Objective: "Both ears red, brown wax.",
		Assessment: "Otitis externa, both ears.", Plan: "Ears cleaned. Drops for 10 days.\nRecheck in two weeks.",
	}
}

func storyNotePage(w *gallery.World) NotePageProps {
	note := storyNote(w)
	day := civilDay(2026, 11, 24)
	earlier := storyNote(w)
	earlier.ID, earlier.Reason, earlier.Status, earlier.SignedAt, earlier.SignedByName = 3, "Yearly check", db.NoteSigned, &w.Now, "Dr Chidi Okafor"
	return NotePageProps{
		Visit: cocosVisit(w, -10, db.AppointmentInRoom), Patient: bookedPet, Note: note, MayWrite: true, MaySign: true,
		Form: FormProps{ID: note.ID, Version: note.Version, Values: map[string]string{
			"weight": "6.5", "temperature": "38.6", "heart_rate": "120", "respiratory_rate": "24", "body_condition": "5", "reason": note.Reason,
			"subjective": note.Subjective, "objective": note.Objective, "assessment": note.Assessment, "plan": note.Plan,
		}},
		Given:      FormProps{Values: map[string]string{"given_on": "2026-11-24"}},
		Treatments: []db.Treatment{{ID: 1, Product: "Miconazole ear drops", Lot: "A118", Dose: "5 drops", Instructions: "Twice a day for 10 days", GivenOn: *day, GivenByName: "Nia Hart"}},
		Protocols:  storyProtocols,
		Care:       []db.DueCare{{ID: 1, Protocol: "Rabies", Kind: "vaccination", DueOn: *civilDay(2026, 11, 3), Status: "open", EveryDays: 1095}},
		Earlier:    []db.VisitNote{earlier},
	}
}
