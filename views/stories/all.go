// Package stories is the list of everything that the gallery shows. A component's stories stand beside it, in its own
// package; here is only their order within a group, and what surrounds them.
package stories

import (
	"context"
	"io/fs"

	"purplecross/db"
	"purplecross/static"
	"purplecross/views"
	"purplecross/views/emails"
	"purplecross/views/gallery"
	"purplecross/views/ui"
)

// All is every component that has stories.
var All = []gallery.Entry{
	// Actions
	ui.ButtonStories,
	ui.ActionsStories,
	ui.KbdStories,

	// Forms
	ui.FieldStories,
	ui.TextAreaStories,
	ui.SelectStories,
	ui.CheckboxStories,
	ui.RadiosStories,
	ui.ErrorSummaryStories,

	// Messages
	ui.CalloutStories,
	ui.FlashStories,
	ui.ProblemStories,
	ui.BoundaryStories,
	ui.ReferenceStories,
	ui.EmptyStories,
	ui.SkeletonStories,
	ui.ProgressStories,
	ui.ProgressBadgeStories,

	// Status
	ui.StatusStories,
	ui.BadgeStories,
	ui.TimeStories,
	ui.AvatarStories,
	ui.IconStories,

	// Pages
	views.PageStories,
	ui.PageHeadStories,
	ui.PanelStories,
	ui.FactsStories,
	ui.TabsStories,
	ui.PagerStories,

	// Lists
	ui.GridStories,
	ui.GridCountStories,
	ui.GridRowsStories,
	ui.GridSumsStories,
	ui.GridColumnsStories,
	ui.BuilderStories,
	ui.SideStories,
	ui.GridEditorStories,
	ui.GridPasteStories,
	views.ListPageStories,
	views.SavedViewPageStories,
	views.ColumnsPageStories,
	views.FilterPageStories,
	views.PatientSideStories,
	views.ClientSideStories,
	views.VisitSideStories,
	views.PrintPageStories,
	views.BulkEditPageStories,
	views.PastePageStories,
	views.MailingPageStories,

	// Clinic
	ui.PatientBannerStories,

	// Day
	views.BoardStories,
	views.CalendarStories,

	// Visit
	views.PickerStories,
	views.NotePageStories,
	views.NoteSavedStories,
	views.NoteTextStories,
	views.BookingStories,
	views.VisitStories,
	views.VisitHistoryStories,
	views.CancelStories,

	// Clients
	views.SearchSuggestionsStories,
	views.SearchPageStories,
	views.ClientPageStories,
	views.ClientNewPageStories,
	views.ClientFormPageStories,
	views.PatientPageStories,
	views.PatientFormPageStories,
	views.DeathPageStories,
	views.TimelineStories,
	views.HistoryListStories,

	// Session
	views.SignInStories,
	views.SignedOutPageStories,
	views.SignInAgainStories,
	views.SessionsStories,
	views.PreferencesStories,

	// Operations
	views.MessagePageStories,
	views.NotificationsPageStories,
	views.NotificationListStories,
	views.WorkPageStories,
	views.WorkListStories,
	views.PlanPageStories,
	views.CallsPageStories,
	views.WordingsPageStories,
	views.WordingPageStories,
	views.QueuesPageStories,
	views.DeadLettersPageStories,
	views.DeadJobPageStories,
	views.JobActionPageStories,
	views.JobsBarStories,
	views.ErrorPageStories,
	views.FeedbackStories,
	views.ProfilesPageStories,
	views.MailboxPageStories,
	views.PhonePageStories,
	views.MailPageStories,
	views.ImportPageStories,
	views.ImportNewPageStories,
	views.ImportMappingPageStories,
	views.ImportRowPageStories,
	views.ImportDuplicatesPageStories,
	views.ReportPageStories,
	views.ReportTablePageStories,
	views.ReportFilesPageStories,
	views.ReportSchedulePageStories,
	views.ClinicFormPageStories,
	views.StaffFormPageStories,

	// E-mails
	emails.LayoutStories,
	emails.LetterStories,
	emails.ReportStories,

	// What went wrong
	views.ProblemStories,
}

// Exempt names the components that need no story, and why.
var Exempt = map[string]string{}

// New returns the gallery of All. Addresses of style sheets and scripts are asked for now, not when the program starts.
func New() (*gallery.Gallery, error) {
	ui, err := fs.Sub(views.Source, "ui")
	if err != nil {
		return nil, err
	}
	letters, err := fs.Sub(views.Source, "emails")
	if err != nil {
		return nil, err
	}
	return gallery.New(gallery.Options{
		Title:   "Purple Cross",
		Icon:    static.URL("icons/favicon.svg"),
		Styles:  []string{static.URL("css/app.css"), static.URL("css/screens.css"), static.URL("css/record.css")},
		Scripts: []string{static.URL("js/app.js")},
		Classic: []string{static.URL("vendor/htmx.min.js")},
		Chrome:  []string{static.URL("css/gallery.css")},
		Shell:   []string{static.URL("css/gallery-page.css")},
		Script:  static.URL("js/gallery.js"),
		Inside:  static.URL("js/gallery-frame.js"),
		Axe:     static.URL("vendor/axe.min.js"),
		Tokens:  tokens,
		Pages:   Pages(),
		Page:    "main",
		Metas:   map[string]string{"htmx-config": "includeIndicatorCSS:false"},
		Sources: []gallery.Source{
			{Import: "purplecross/views", Files: views.Source, Folder: "views"},
			{Import: "purplecross/views/ui", Files: ui, Folder: "views/ui"},
			{Import: "purplecross/views/emails", Files: letters, Folder: "views/emails"},
		},
		Exempt:  Exempt,
		Context: surroundings,
	}, All...)
}

// surroundings is what a view may ask of its context: a clock that stands still, and a person who was made up.
func surroundings(ctx context.Context, w *gallery.World) context.Context {
	ctx = ui.WithClock(ctx, w.Now, w.Zone)
	ctx = views.WithSite(ctx, views.Site{ClinicName: "Purple Cross Animal Clinic", Gallery: true, Path: "/", Reference: "0123456789abcdef", Unread: 3})
	return views.WithViewer(ctx, views.Viewer{
		ID: 1, Name: "Dolores Null-O’Brien", Initials: "DN", Email: "dolores@example.org", Colour: 3, Role: db.RoleManager,
	})
}

// tokens is the sheet from which the foundations are drawn, as it is now.
func tokens() []byte {
	text, _ := static.Read("css/tokens.css") // It is built in: it can't fail.
	return text
}
