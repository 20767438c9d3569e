package views

import (
	"time"

	"purplecross/db"
	"purplecross/views/gallery"
)

// ErrorPageStories are the states of a kind of failure.
var ErrorPageStories = gallery.Component[ErrorPageProps]{
	Path: "Operations/Error page",
	View: ErrorPage,
	Stories: []gallery.Story[ErrorPageProps]{
		{Name: "Open", Args: ErrorPageProps{Error: failureOf("open", 37)}},
		{Name: "Known to many", Args: manyMet(failureOf("open", 112))},
		{Name: "Resolved", Args: ErrorPageProps{Error: failureOf("resolved", 1)}},
		{Name: "In a job", Args: ErrorPageProps{Error: inJob(failureOf("ignored", 4))}},
	},
}

func failureOf(status string, count int64) db.ErrorReport {
	seen := time.Date(2026, 11, 20, 17, 42, 0, 0, time.UTC)
	return db.ErrorReport{
		ID: 12, Title: "load patient: SQLSTATE 53300", Kind: "*pgconn.PgError", Route: "GET /patients/:id", Release: "purple-cross@4f1c2a9d0b11",
		Stack: "db.GetPatient db/patients.go:61\nhandlers.(*App).patientsShow handlers/patients.go:44", Reference: "K7QX-2M4D",
		Trail: "41 ms before\tquery\tselect session\n39 ms before\tquery\tselect staff\n2 ms before\tquery\tselect patient\n1 ms before\tquery failed\tPostgreSQL 53300\n",
		Count: count, FirstSeenAt: seen.AddDate(0, 0, -3), LastSeenAt: seen, Status: status,
	}
}

// manyMet is a failure that people have said something about.
func manyMet(e db.ErrorReport) ErrorPageProps {
	e.People, e.Releases, e.TraceID = 4, []string{"purple-cross@4f1c2a9d0b11", "purple-cross@9a0b11c2d3e4"}, "4bf92f3577b34da6a3ce929d0e0e4736"
	id := int64(7)
	e.AssignedTo, e.Assignee = &id, "Ines Ferreira"
	return ErrorPageProps{
		Error: e, SentryURL: "https://sentry.example/issues/?project=1&query=reference:K7QX-2M4D", Menders: []db.Mender{{ID: 7, Name: "Ines Ferreira"}, {ID: 9, Name: "Tomasz Kowalczyk"}},
		Feedback: []db.ErrorFeedback{{ID: 1, Reference: e.Reference, By: "Reception desk", Said: "I opened the second pet of a new household.", CreatedAt: e.LastSeenAt}},
	}
}

func inJob(e db.ErrorReport) db.ErrorReport {
	id := int64(4711)
	e.JobID, e.Route, e.Title = &id, "job send_message", "send message: connection refused"
	return e
}
