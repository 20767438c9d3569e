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
		{Name: "Resolved", Args: ErrorPageProps{Error: failureOf("resolved", 1)}},
		{Name: "In a job", Args: ErrorPageProps{Error: inJob(failureOf("ignored", 4))}},
	},
}

func failureOf(status string, count int64) db.ErrorReport {
	seen := time.Date(2026, 11, 20, 17, 42, 0, 0, time.UTC)
	return db.ErrorReport{
		ID: 12, Title: "load patient: SQLSTATE 53300", Kind: "*pgconn.PgError", Route: "GET /patients/:id", Release: "purple-cross@4f1c2a9d0b11",
		Stack: "db.GetPatient db/patients.go:61\nhandlers.(*App).patientsShow handlers/patients.go:44", Reference: "K7QX-2M4D",
		Count: count, FirstSeenAt: seen.AddDate(0, 0, -3), LastSeenAt: seen, Status: status,
	}
}

func inJob(e db.ErrorReport) db.ErrorReport {
	id := int64(4711)
	e.JobID, e.Route, e.Title = &id, "job send_message", "send message: connection refused"
	return e
}
