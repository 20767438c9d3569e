package views

import (
	"purplecross/db"
	"purplecross/views/gallery"
)

// PatientPageStories show a patient with its care, its past and its alerts.
var PatientPageStories = gallery.Component[PatientPageProps]{
	Path: "Clients/Patient",
	View: PatientPage,
	Stories: []gallery.Story[PatientPageProps]{
		{Name: "With care due", From: storyPatientPage},
		{Name: "New", From: func(w *gallery.World) PatientPageProps {
			return PatientPageProps{
				Patient: db.Patient{ID: 1, Name: "Q", Species: "small_mammal", Sex: "unknown", Status: db.PatientActive},
				Client:  db.Client{ID: 1, LastName: w.Person()},
			}
		}},
		{Name: "Deceased", From: func(w *gallery.World) PatientPageProps {
			props := storyPatientPage(w)
			props.Patient.Status, props.Patient.DeceasedOn, props.Care = db.PatientDeceased, civilDay(2026, 11, 3), nil
			return props
		}},
	},
}

// PatientFormPageStories show the form of a patient.
var PatientFormPageStories = gallery.Component[PatientFormPageProps]{
	Path: "Clients/Edit patient",
	View: PatientFormPage,
	Stories: []gallery.Story[PatientFormPageProps]{
		{Name: "As saved", From: func(w *gallery.World) PatientFormPageProps {
			return PatientFormPageProps{Client: storyOwner(w), Name: "Coco", Form: FormProps{ID: 1, Version: 3, Values: storyPatientValues()}}
		}},
		{Name: "New pet", From: func(w *gallery.World) PatientFormPageProps {
			return PatientFormPageProps{Client: storyOwner(w), Breeds: []string{"Beagle", "Mixed"}}
		}},
		{Name: "Microchip on file", From: func(w *gallery.World) PatientFormPageProps {
			twin := storyDog(w)
			return PatientFormPageProps{Client: storyOwner(w), Name: "Coco", Twin: &twin, Form: FormProps{
				ID: 2, Version: 1, Values: storyPatientValues(), Errors: map[string]string{"microchip": "Another patient has this microchip number."},
			}}
		}},
		{Name: "Saved by somebody else", From: func(w *gallery.World) PatientFormPageProps {
			return PatientFormPageProps{Client: storyOwner(w), Name: "Coco", Form: FormProps{ID: 1, Version: 4, Values: storyPatientValues(), Conflict: &Conflict{
				Record: "patient", Href: "#patient", By: "Dana Hart", At: w.Now, Fields: map[string]ConflictField{"weight": {Theirs: "6.5 kg", Mine: true}, "weighed_on": {Theirs: "24 Nov 2026"}},
			}}}
		}},
	},
}

// TimelineStories show what happened to a patient.
var TimelineStories = gallery.Component[TimelineProps]{
	Path:   "Clients/Timeline",
	View:   Timeline,
	Use:    []string{"For what happened to a patient or a household, the newest first."},
	Avoid:  []string{"For who changed which field: History."},
	Covers: []string{"views.TimelineEvents"},
	Narrow: "With earlier events",
	Mirror: "With earlier events",
	Stories: []gallery.Story[TimelineProps]{
		{Name: "With earlier events", From: storyTimeline},
		{Name: "The last page", From: func(w *gallery.World) TimelineProps {
			props := storyTimeline(w)
			props.Later, props.Older = true, ""
			return props
		}},
		{Name: "Empty", Args: TimelineProps{PatientID: 1}},
	},
}

// DeathPageStories show what is asked before a patient is marked as deceased.
var DeathPageStories = gallery.Component[DeathPageProps]{
	Path: "Clients/Mark as deceased",
	View: DeathPage,
	Stories: []gallery.Story[DeathPageProps]{
		{Name: "Something stops", From: func(w *gallery.World) DeathPageProps {
			patient := storyDog(w)
			return DeathPageProps{Patient: patient, Client: storyOwner(w), On: "2026-11-24", Stops: db.DeathStops{
				Visits: []db.Visit{storyHouseholdVisit(w, patient, w.Now.AddDate(0, 0, 3), db.AppointmentBooked)}, Reminders: storyCare(), Messages: 1,
			}}
		}},
		{Name: "Nothing stops", From: func(w *gallery.World) DeathPageProps {
			return DeathPageProps{Patient: storyDog(w), Client: storyOwner(w), On: "2030-01-01", Errors: map[string]string{"deceased_on": "This day is in the future."}}
		}},
	},
}

func storyPatientPage(w *gallery.World) PatientPageProps {
	patient := storyDog(w)
	return PatientPageProps{
		Patient: patient, Client: storyOwner(w), Care: storyCare(),
		Upcoming: []db.Visit{storyHouseholdVisit(w, patient, w.Now.AddDate(0, 0, 2), db.AppointmentBooked)},
		Timeline: storyTimeline(w),
		History:  []db.HistoryLine{{At: w.Now, Actor: "Dana Hart", Action: "updated", Entity: "patient", Diff: db.Diff{"dob": {nil, "2022-09-14T00:00:00Z"}}}},
	}
}

func storyDog(w *gallery.World) db.Patient {
	neutered, grams, chip := true, w.Grams(), w.Microchip()
	return db.Patient{
		ID: 1, ClientID: 1, Name: "Coco", Species: "dog", Breed: w.Breed(), Sex: "female", Neutered: &neutered, DOB: civilDay(2022, 9, 14),
		Colour: "Brown and white", Microchip: &chip, WeightG: &grams, WeighedOn: civilDay(2026, 11, 3), Alert: "Anxious: muzzle for nails.",
		Insurer: "Healthy Paws", PolicyNo: "HP-44-21", Status: db.PatientActive, LastVisitOn: civilDay(2026, 11, 3),
	}
}

func storyPatientValues() map[string]string {
	return map[string]string{
		"name": "Coco", "species": "dog", "breed": "Beagle", "sex": "female", "neutered": "yes", "dob": "2022-09-14", "weight": "7.1",
		"weighed_on": "2026-11-03", "microchip": "977200009123456", "status": "active", "colour": "Brown and white",
	}
}

func storyCare() []db.DueCare {
	at, visit := *civilDay(2026, 12, 1), int64(9)
	return []db.DueCare{
		{ID: 1, Protocol: "Rabies", DueOn: *civilDay(2026, 11, 4), Status: "open", EveryDays: 1095, Product: "Nobivac Rabies", GivenOn: civilDay(2023, 11, 5)},
		{ID: 2, Protocol: "Dental check", DueOn: *civilDay(2026, 12, 1), Status: "booked", EveryDays: 365, AppointmentID: &visit, VisitAt: &at},
		{ID: 3, Protocol: "Parasite control", DueOn: *civilDay(2026, 12, 9), Status: "open", EveryDays: 90, Product: "Bravecto", GivenOn: civilDay(2026, 9, 10)},
	}
}

func storyTimeline(w *gallery.World) TimelineProps {
	return TimelineProps{PatientID: 1, Older: "1.note.1", Events: []db.Event{
		{Kind: db.EventMessage, ID: 5, At: w.Now.AddDate(0, 0, -1), Title: string(db.MessageVisitConfirmation), Text: "The client has asked for no e-mail.", Who: "email", Status: "suppressed"},
		{Kind: db.EventNote, ID: 4, At: w.Now.AddDate(0, -1, 0), Title: "Limps on the left fore", Text: w.Note(4), Who: "Dr " + w.Person(), Status: "signed"},
		{Kind: db.EventVisit, ID: 3, At: w.Now.AddDate(0, -1, 0), Title: "Consultation", Text: "Limps on the left fore", Who: "Dr " + w.Person(), Status: "completed"},
		{Kind: db.EventTreatment, ID: 2, At: w.Day(-60), Title: "Nobivac DHPPi", Text: "Lot A441B · 1 ml", Who: w.Person(), Next: civilDay(2027, 9, 25)},
		{Kind: db.EventVisit, ID: 1, At: w.Now.AddDate(-1, 0, 0), Title: "Vaccination", Who: "Dr " + w.Person(), Status: "no_show"},
	}}
}
