package views

import (
	"time"

	"purplecross/db"
	"purplecross/views/gallery"
)

// PlanPageStories show a day with messages, and one without.
var PlanPageStories = gallery.Component[PlanPageProps]{
	Path: "Operations/Plan of reminders",
	View: PlanPage,
	Stories: []gallery.Story[PlanPageProps]{
		{Name: "Tomorrow", From: func(w *gallery.World) PlanPageProps {
			today := time.Date(w.Now.Year(), w.Now.Month(), w.Now.Day(), 0, 0, 0, 0, w.Now.Location())
			at := today.AddDate(0, 0, 1).Add(10 * time.Hour)
			house := func() db.Household {
				return db.Household{ClientID: 12, ClientLastName: w.Person(), ClientPhone: "+19705550112", Email: w.Email()}
			}
			visit := func(why string) []db.VisitToRemind {
				return []db.VisitToRemind{{VisitFacts: db.VisitFacts{AppointmentID: 7, PatientName: w.Pet(), TypeName: "Vaccination", StartsAt: at.Add(24 * time.Hour)}, Hours: 24, At: at, Why: why}}
			}
			silent := house()
			silent.Email = ""
			return PlanPageProps{Day: today.AddDate(0, 0, 1), Today: today, Quiet: db.MessageSettings{From: "20:00", Until: "08:00"}, Messages: []PlannedLetter{
				{PlannedMessage: db.PlannedMessage{Kind: db.MessageVisitReminder, At: at, To: house(), Visits: append(visit(""), visit("")...)}, Subject: "See you soon", Text: "Hello,\n\nWe expect you both."},
				{PlannedMessage: db.PlannedMessage{Kind: db.MessageCareReminder, At: at, To: house(), Care: []db.CareToRemind{{CareFacts: db.CareFacts{PatientID: 3, PatientName: w.Pet(), Protocol: "Rabies", DueOn: at.AddDate(0, 0, 7)}, Days: 7}}}, Subject: "Care due", Text: "Hello,\n\nIt is time."},
				{PlannedMessage: db.PlannedMessage{Kind: db.MessageVisitReminder, At: at, To: house(), Visits: visit("The client has confirmed the visit."), Why: "The client has confirmed the visit."}},
				{PlannedMessage: db.PlannedMessage{Kind: db.MessageVisitReminder, At: at, To: silent, Visits: visit(silent.Unreachable()), Why: silent.Unreachable()}},
			}}
		}},
		{Name: "Nothing planned", From: func(w *gallery.World) PlanPageProps {
			return PlanPageProps{Day: w.Now.Truncate(24 * time.Hour), Today: w.Now.Truncate(24 * time.Hour)}
		}},
	},
}

// CallsPageStories show the call list with calls, and done.
var CallsPageStories = gallery.Component[CallsPageProps]{
	Path: "Operations/Call list",
	View: CallsPage,
	Stories: []gallery.Story[CallsPageProps]{
		{Name: "Two households", From: func(w *gallery.World) CallsPageProps {
			at, id := w.Now.Add(30*time.Hour), int64(7)
			return CallsPageProps{Calls: []db.Call{
				{MessageID: 1, Kind: db.MessageVisitReminder, Reason: "The client has no e-mail address.", ClientID: 12, ClientName: w.Person(), Mobile: "+19705550112", Pets: w.Pet(), VisitAt: &at, AppointmentID: &id},
				{MessageID: 2, Kind: db.MessageCareReminder, Reason: "Earlier e-mail to this address came back.", ClientID: 13, ClientName: w.Person(), Pets: w.Pet(), Care: "Rabies"},
			}}
		}},
		{Name: "Nobody to call"},
	},
}
