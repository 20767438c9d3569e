package views

import (
	"time"

	"purplecross/db"
	"purplecross/views/gallery"
)

// ReportPageStories are weeks of a clinic.
var ReportPageStories = gallery.Component[ReportPageProps]{
	Path: "Reports/Report page",
	View: ReportPage,
	Stories: []gallery.Story[ReportPageProps]{
		{Name: "A busy week", Args: ReportPageProps{
			Monday: reportMonday, Today: reportMonday.AddDate(0, 0, 8), Overdue: 1204, Schedules: storySchedules, Made: storyReportsMade(),
			Week:   db.WeekFigures{Booked: 262, Completed: 231, NoShows: 12, Cancelled: 19, NewClients: 7, NotSent: 31, MinutesWaited: 9},
			Before: db.WeekFigures{Booked: 240, Completed: 214, NoShows: 15, Cancelled: 11, NewClients: 11, NotSent: 24, MinutesWaited: 7},
			Tallies: []db.VisitTally{
				{VetID: 3, Vet: "Dr Maya Lindqvist", TypeID: 1, Type: "Consultation", Completed: 61, NoShows: 2},
				{VetID: 3, Vet: "Dr Maya Lindqvist", TypeID: 2, Type: "Vaccination", Completed: 22},
				{VetID: 4, Vet: "Dr Daniel Osei", TypeID: 1, Type: "Consultation", Completed: 58, NoShows: 3},
				{TypeID: 7, Type: "Nail trim", Completed: 14},
			},
		}},
		{Name: "Closed all week", Args: ReportPageProps{Monday: reportMonday, Today: reportMonday.AddDate(0, 0, 8)}},
	},
}

var reportMonday = time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)
