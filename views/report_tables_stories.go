package views

import (
	"time"

	"purplecross/db"
	"purplecross/views/gallery"
)

// ReportTablePageStories are reports on the screen.
var ReportTablePageStories = gallery.Component[ReportTablePageProps]{
	Path: "Reports/A report",
	View: ReportTablePage,
	Use:  []string{"To read, print or make a file of one report; its address says what was asked."},
	Stories: []gallery.Story[ReportTablePageProps]{
		{Name: "Day sheet", Args: storyReport(db.ReportDaySheet, storySheet, 3)},
		{Name: "On a telephone", Narrow: true, Args: storyReport(db.ReportDaySheet, storySheet, 3)},
		{Name: "With figures", Args: func() ReportTablePageProps {
			props := storyReport(db.ReportWaitingTimes, [][]string{{"Dr Lund", "12", "9", "22", "31", "3"}, {"Anyone", "2", "4", "4", "5", "0"}}, 2)
			props.Figures = []db.Figure{{Label: "Visits", Value: 14}, {Label: "Usual wait", Unit: "min", Value: 8}, {Label: "Over 15 min", Value: 3}}
			return props
		}()},
		{Name: "Longer than the page", Args: storyReport(db.ReportDaySheet, storySheet, 1204)},
		{Name: "Empty", Args: storyReport(db.ReportNoShows, nil, 0)},
		{Name: "Asked wrongly", Args: func() ReportTablePageProps {
			props := storyReport(db.ReportNoShows, nil, 0)
			props.Errors = map[string]string{"last": "The last day is before the first."}
			return props
		}()},
	},
}

var (
	storyReportDay = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	storyReportVet = []db.Vet{{ID: 3, Name: "Dr Maya Lindqvist", Initials: "ML"}, {ID: 4, Name: "Dr Daniel Osei", Initials: "DO", Colour: 2}}
	storySheet     = [][]string{
		{"08:30", "Coco", "Dog", "Courtney Reilly", "(970) 555-0167", "Vaccination", "Dr Maya Lindqvist", "1", "Confirmed", "Booster", "Hard of hearing"},
		{"09:00", "Biscuit", "Cat", "Zoë Łukaszewicz", "(970) 555-0111", "Consultation", "Dr Daniel Osei", "2", "Booked", "Limps on the left hind leg", ""},
		{"09:30", "Bubbles", "Rabbit", "Ann Lee", "", "Nail trim", "", "", "Booked", "", "Bites"},
	}
)

func storyReport(kind db.ReportKind, rows [][]string, count int) ReportTablePageProps {
	report, err := db.ReportOf(kind)
	if err != nil {
		panic(err)
	}
	props := ReportTablePageProps{
		Report: *report, Ask: db.ReportQuestion{Kind: kind, First: storyReportDay, Last: storyReportDay}, Vets: storyReportVet,
		Today: storyReportDay, Clinic: "Purple Cross Animal Clinic", Rows: rows, Count: count,
	}
	if report.Span == db.SpanPeriod {
		props.Ask.First, props.Ask.Last = db.SpanWeekBefore.Days(storyReportDay)
	}
	for _, column := range report.Columns {
		props.Heads, props.Numbers = append(props.Heads, column.Label), append(props.Numbers, column.Numeric())
	}
	for i := range rows {
		props.Records = append(props.Records, int64(i+1))
	}
	return props
}

// ReportFilesPageStories are reports that were made.
var ReportFilesPageStories = gallery.Component[ReportFilesPageProps]{
	Path: "Reports/Files",
	View: ReportFilesPage,
	Stories: []gallery.Story[ReportFilesPageProps]{
		{Name: "Some", Args: ReportFilesPageProps{Work: storyReportsMade()}},
		{Name: "None", Args: ReportFilesPageProps{}},
	},
}

func storyReportsMade() []db.Work {
	done, running, failed := workOf(8, db.WorkDone, 42, 42), workOf(9, db.WorkRunning, 4300, 12_000), workOf(7, db.WorkFailed, 0, 12_000)
	for _, work := range []*db.Work{&done, &running, &failed} {
		work.Kind, work.Title, work.Unit = "report", "Overdue care, Friday 20 November 2026", "lines"
	}
	done.Title, done.ResultLabel, done.Outcome, done.Starter = "Day sheet, Friday 20 November 2026", "Download day-sheet-2026-11-20.pdf", "42 lines. The file is kept for 30 days.", ""
	failed.Outcome = "This report has 12,000 lines. A PDF takes 5,000 at most: choose a spreadsheet or CSV, or fewer days."
	return []db.Work{running, done, failed}
}

// ReportSchedulePageStories are the form of a report by the clock.
var ReportSchedulePageStories = gallery.Component[ReportSchedulePageProps]{
	Path: "Reports/By the clock",
	View: ReportSchedulePage,
	Stories: []gallery.Story[ReportSchedulePageProps]{
		{Name: "New", Args: ReportSchedulePageProps{Staff: storyReaders, Vets: storyReportVet, Zone: "America/Los_Angeles", Schedule: db.ReportSchedule{Report: db.ReportDaySheet, Span: db.SpanSameDay, Format: "pdf", Weekdays: []int{1, 2, 3, 4, 5}, Minute: 420}}},
		{Name: "Once a month, wrong", Args: ReportSchedulePageProps{
			Staff: storyReaders, Vets: storyReportVet, Zone: "America/Los_Angeles", Schedule: db.ReportSchedule{ID: 3, Report: db.ReportVisits, Span: db.SpanMonthBefore, Format: "xlsx", Monthday: 31, Minute: 360},
			Errors: map[string]string{"monthday": "Choose a day from 1 to 28: every month has those.", "staff": "Choose who gets it.", "weekday": "Choose a day at least."},
		}},
		{Name: "Saved meanwhile", Args: ReportSchedulePageProps{
			Staff: storyReaders, Vets: storyReportVet, Zone: "America/Los_Angeles", Schedule: storySchedules[0], Theirs: &storySchedules[1],
		}},
	},
}

var (
	storyReaders   = []db.Staff{{ID: 1, DisplayName: "Dolores Null-O’Brien", Role: db.RoleManager, Email: "dolores@example.org"}, {ID: 3, DisplayName: "Dr Maya Lindqvist", Role: db.RoleVet, Email: "maya@example.org"}}
	storyRanAt     = time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)
	storyRanWork   = int64(8)
	storySchedules = []db.ReportSchedule{
		{ID: 1, Report: db.ReportDaySheet, Span: db.SpanSameDay, Format: "pdf", Weekdays: []int{1, 2, 3, 4, 5}, Minute: 420, NextAt: storyRanAt.AddDate(0, 0, 3), LastDueAt: &storyRanAt, LastWorkID: &storyRanWork, LastState: "done", StaffIDs: []int64{1, 3}, Names: []string{"Dolores Null-O’Brien", "Dr Maya Lindqvist"}},
		{ID: 2, Report: db.ReportVisits, Span: db.SpanMonthBefore, Format: "xlsx", Monthday: 1, Minute: 360, NextAt: storyRanAt.AddDate(0, 0, 11), PausedAt: &storyRanAt, SkippedAt: &storyRanAt, Vet: "Dr Daniel Osei", StaffIDs: []int64{1}, Names: []string{"Dolores Null-O’Brien"}},
	}
)
