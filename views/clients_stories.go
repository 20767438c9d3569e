package views

import (
	"time"

	"purplecross/db"
	"purplecross/views/gallery"
)

// ClientPageStories show a household from empty to full.
var ClientPageStories = gallery.Component[ClientPageProps]{
	Path: "Clients/Household",
	View: ClientPage,
	Stories: []gallery.Story[ClientPageProps]{
		{Name: "With pets and visits", From: storyHousehold},
		{Name: "New", From: func(w *gallery.World) ClientPageProps {
			return ClientPageProps{Client: db.Client{ID: 1, LastName: "Begay", Status: db.ClientActive, Preferred: db.ChannelPhone, CreatedAt: w.Now}}
		}},
		{Name: "E-mail came back", From: func(w *gallery.World) ClientPageProps {
			props := storyHousehold(w)
			props.Client.EmailBouncedAt = &w.Now
			return props
		}},
		{Name: "Merged", From: func(w *gallery.World) ClientPageProps {
			props, into := storyHousehold(w), int64(2)
			props.Client.Status, props.Client.MergedInto, props.Pets = db.ClientMerged, &into, nil
			return props
		}},
	},
}

// ClientNewPageStories show the form of a new household and its first pet.
var ClientNewPageStories = gallery.Component[ClientNewPageProps]{
	Path:   "Clients/New client",
	View:   ClientNewPage,
	Mock:   matchesMock,
	Covers: []string{"views.ClientMatches"},
	Stories: []gallery.Story[ClientNewPageProps]{
		{Name: "Typed in the search", Play: matchesPlay, Args: ClientNewPageProps{
			Form:   FormProps{Values: map[string]string{"first_name": "Courtney", "last_name": "Reilly", "mobile": "(970) 555-0167"}},
			Breeds: []string{"Beagle", "Domestic Shorthair"},
		}},
		{Name: "Probably on file", From: func(w *gallery.World) ClientNewPageProps {
			return ClientNewPageProps{
				Form: FormProps{
					Values: map[string]string{"last_name": "Reilly", "mobile": "(970) 555-0167", "pet_name": "Coco", "pet_species": "dog"},
					Errors: map[string]string{"create_anyway": "This household is probably on file already. Open it, or tick “Create anyway”."},
				},
				Ask: true, Matches: storyMatches(w),
			}
		}},
		{Name: "Not right yet", Args: ClientNewPageProps{Form: FormProps{
			Values: map[string]string{"email": "courtney at home", "pet_age": "old", "pet_name": "Coco"},
			Errors: map[string]string{"last_name": "Enter the surname.", "email": "Enter one e-mail address, like name@example.com.", "pet_species": "Choose the species.", "pet_age": "Enter an age like “3 years”, “8 months” or “10 weeks”."},
		}}},
	},
}

// ClientFormPageStories show the form of a household, and two versions of it.
var ClientFormPageStories = gallery.Component[ClientFormPageProps]{
	Path: "Clients/Edit household",
	View: ClientFormPage,
	Stories: []gallery.Story[ClientFormPageProps]{
		{Name: "As saved", Args: ClientFormPageProps{Name: "Courtney Reilly", Form: FormProps{ID: 1, Version: 3, Values: storyClientValues()}}},
		{Name: "Saved by somebody else", From: func(w *gallery.World) ClientFormPageProps {
			return ClientFormPageProps{Name: "Courtney Reilly", Form: FormProps{ID: 1, Version: 4, Values: storyClientValues(), Conflict: &Conflict{
				Record: "household", Href: "#household", By: "Dana Hart", At: w.Now.Add(-time.Minute), Saves: storyHouseholdHistory(w)[:1],
				Fields: map[string]ConflictField{"mobile": {Theirs: "(970) 555-0199", Mine: true}, "alert": {Theirs: "Ask for Dan"}, "sms_opt_out": {Theirs: "yes", Mine: true}},
			}}}
		}},
	},
}

// HistoryListStories show who changed what.
var HistoryListStories = gallery.Component[HistoryListProps]{
	Path:   "Clients/History",
	View:   HistoryList,
	Use:    []string{"For who changed what in a record, from what to what."},
	Avoid:  []string{"For visits, notes and messages: Timeline."},
	Narrow: "Of a household",
	Mirror: "Of a household",
	Stories: []gallery.Story[HistoryListProps]{
		{Name: "Of a household", From: func(w *gallery.World) HistoryListProps {
			return HistoryListProps{Lines: storyHouseholdHistory(w), Record: "household"}
		}},
	},
}

func storyClientValues() map[string]string {
	return map[string]string{
		"first_name": "Courtney", "last_name": "Reilly", "second_contact": "Dan Begay", "mobile": "(970) 555-0111",
		"email": "courtney@example.org", "address": "525 Myrna Lane", "city": "Fruita", "region": "CO", "postcode": "81521",
		"preferred": "sms", "status": "active",
	}
}

func storyMatches(w *gallery.World) []db.ClientMatch {
	return []db.ClientMatch{
		{ID: 1, FirstName: "Courtney", LastName: "O'Reilly", SecondContact: w.Person(), Mobile: "+19705550167", Pets: "Coco, Max", SamePhone: true, SamePet: true},
		{ID: 2, LastName: w.Person(), Mobile: w.Phone(), Email: w.Email(), SimilarName: true},
	}
}

func storyHouseholdHistory(w *gallery.World) []db.HistoryLine {
	return []db.HistoryLine{
		{ID: 5, At: w.Now.Add(-time.Minute), Actor: "Dana Hart", Action: "updated", Entity: "client", Diff: db.Diff{"mobile": {"+19705550167", "+19705550199"}, "alert": {"", "Ask for Dan"}}},
		{ID: 4, At: w.Now.Add(-3 * time.Hour), Actor: w.Person(), Action: "updated", Entity: "patient", Subject: "Coco", Diff: db.Diff{"weight_g": {6500.0, 7100.0}}},
		{ID: 3, At: w.Now.Add(-26 * time.Hour), Actor: w.Person(), Action: "booked", Entity: "appointment", Subject: "Coco"},
		{ID: 2, At: w.Now.AddDate(0, 0, -9), Actor: "system", Action: "updated", Entity: "client", Diff: db.Diff{"email_bounced_at": {nil, w.Now.UTC().Format(time.RFC3339)}}},
		{ID: 1, At: w.Now.AddDate(-2, 0, 0), Actor: w.Person(), Action: "created", Entity: "client"},
	}
}

func storyHousehold(w *gallery.World) ClientPageProps {
	coco, bo := storyDog(w), storyDog(w)
	bo.ID, bo.Name, bo.Species, bo.Status, bo.Alert = 2, w.Pet(), "cat", db.PatientDeceased, ""
	bo.DeceasedOn = civilDay(2025, 3, 14)
	next, visit := w.Now.AddDate(0, 0, 2), int64(9)
	return ClientPageProps{
		Client: storyOwner(w),
		Pets: []db.HouseholdPet{
			{Patient: coco, NextVisitID: &visit, NextVisitAt: &next, OverdueCare: 2},
			{Patient: bo},
		},
		Upcoming: []db.Visit{storyHouseholdVisit(w, coco, next, db.AppointmentConfirmed)},
		Past: []db.Visit{
			storyHouseholdVisit(w, coco, w.Now.AddDate(0, -1, 0), db.AppointmentCompleted),
			storyHouseholdVisit(w, coco, w.Now.AddDate(0, -3, 1), db.AppointmentNoShow),
		},
		Messages: []db.Message{
			{ID: 2, Kind: db.MessageVisitConfirmation, PatientName: coco.Name, Status: db.MessageSent, CreatedAt: w.Now.Add(-time.Hour)},
			{ID: 1, Kind: db.MessageVisitConfirmation, PatientName: coco.Name, Status: db.MessageSuppressed, StatusReason: "The client has asked for no e-mail.", CreatedAt: w.Now.AddDate(0, -3, 0)},
		},
		History: storyHouseholdHistory(w),
		NoShows: 1,
	}
}

func storyOwner(w *gallery.World) db.Client {
	number := "30947"
	return db.Client{
		ID: 1, FirstName: "Courtney", LastName: "Reilly", SecondContact: w.Person(), Mobile: "+19705550167", Email: "courtney@example.org",
		Address: "525 Myrna Lane", City: "Fruita", Region: "CO", Postcode: "81521", Alert: "Ask for Dan in the mornings.",
		Preferred: db.ChannelSMS, EmailOptOutAt: &w.Now, Status: db.ClientActive, ExternalRef: &number, CreatedAt: w.Now.AddDate(-4, 0, 0),
	}
}

func storyHouseholdVisit(w *gallery.World, patient db.Patient, at time.Time, status db.AppointmentStatus) db.Visit {
	return db.Visit{
		Appointment: db.Appointment{ID: 9, StartsAt: at, EndsAt: at.Add(20 * time.Minute), Status: status, Reason: "Limps on the left fore"},
		TypeName:    "Consultation", VetName: "Dr " + w.Person(), PatientName: patient.Name,
	}
}

func civilDay(year int, month time.Month, date int) *time.Time {
	day := time.Date(year, month, date, 0, 0, 0, 0, time.UTC)
	return &day
}
