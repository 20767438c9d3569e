package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"purplecross/db"
	"purplecross/db/grid"
	"purplecross/jobs"
	"purplecross/static"
	"purplecross/views"
)

// Entry is one route and who may enter.
type Entry struct {
	Method, Path string
	Ability      db.Ability
}

// router adds routes; there is no way to add one without saying who may enter.
type router struct {
	echo *echo.Echo
	app  *App
}

func (r router) add(ability db.Ability, method, path string, handler echo.HandlerFunc, extra ...echo.MiddlewareFunc) {
	r.app.entries = append(r.app.entries, Entry{Method: method, Path: path, Ability: ability})
	r.echo.Add(method, path, handler, append([]echo.MiddlewareFunc{r.app.requires(ability)}, extra...)...)
}

// GET adds a page.
func (r router) GET(ability db.Ability, path string, handler echo.HandlerFunc, extra ...echo.MiddlewareFunc) {
	r.add(ability, http.MethodGet, path, handler, extra...)
}

// POST adds a change.
func (r router) POST(ability db.Ability, path string, handler echo.HandlerFunc, extra ...echo.MiddlewareFunc) {
	r.add(ability, http.MethodPost, path, handler, extra...)
}

// New builds the web server: what every request passes, then every route.
func New(app *App) *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = app.handleError
	e.IPExtractor = echo.ExtractIPFromXFFHeader()

	e.Use(app.identified, app.reported, app.secured, app.sameSite)
	e.Use(middleware.GzipWithConfig(middleware.GzipConfig{Level: 6, MinLength: 1000, Skipper: app.compressedElsewhere}))
	e.Use(middleware.BodyLimitWithConfig(middleware.BodyLimitConfig{Limit: "1M", Skipper: uploads}), app.signedIn)

	app.grids = map[string]gridPlace{}
	if app.Snapshots == nil {
		app.Snapshots = grid.NewSnapshots(snapshotBytes)
	}
	app.routes(router{echo: e, app: app})
	app.readNews()
	return e
}

// routes is every way in, grouped by who may come.
func (a *App) routes(r router) {
	// Anybody.
	r.GET(db.AblePublic, "/static/*", echo.WrapHandler(static.Handler()))
	r.GET(db.AblePublic, "/favicon.ico", a.favicon)
	r.GET(db.AblePublic, "/healthz", a.healthz)
	r.GET(db.AblePublic, "/readyz", a.readyz)
	r.GET(db.AblePublic, "/session/new", a.sessionNew)
	r.POST(db.AblePublic, "/session", a.sessionCreate)
	r.POST(db.AblePublic, "/theme", a.themeUpdate)
	r.GET(db.AblePublic, "/preferences/:token", a.preferencesEdit)
	r.POST(db.AblePublic, "/preferences/:token", a.preferencesUpdate)
	r.POST(db.AblePublic, "/texts", a.textsCreate, a.fromProvider)
	r.POST(db.AblePublic, "/texts/:token", a.textOutcomesCreate, a.fromProvider)
	r.POST(db.AblePublic, "/monitoring", a.monitoringCreate)
	r.GET(db.AblePublic, "/feedback/new", a.feedbackNew)
	r.POST(db.AblePublic, "/feedback", a.feedbackCreate)

	// Anybody signed in.
	r.GET(db.AbleSignedIn, "/events", a.eventsShow)
	r.GET(db.AbleSignedIn, "/notifications", a.notificationsIndex)
	r.POST(db.AbleSignedIn, "/notifications/readings", a.readingsCreate)
	r.GET(db.AbleSignedIn, "/notifications/:id", a.notificationsShow)
	r.POST(db.AbleSignedIn, "/notifications/:id/reading", a.notificationReadingsCreate)
	r.POST(db.AbleSignedIn, "/notifications/:id/reading/delete", a.notificationReadingsDestroy)
	r.GET(db.AbleSignedIn, "/progress", a.workIndex)
	r.GET(db.AbleSignedIn, "/progress/:id", a.workShow)
	r.GET(db.AbleSignedIn, "/progress/:id/file", a.workFilesShow)
	r.POST(db.AbleSignedIn, "/progress/:id/undo", a.workUndosCreate)
	r.POST(db.AbleSignedIn, "/progress/:id/cancellation", a.workCancellationsCreate)
	r.POST(db.AbleSignedIn, "/session/delete", a.sessionDestroy)
	r.GET(db.AbleSignedIn, "/session", a.sessionsIndex)
	r.POST(db.AbleSignedIn, "/session/recording", a.recordingsUpdate)
	r.POST(db.AbleSignedIn, "/sessions/:id/delete", a.sessionsDestroy)
	r.POST(db.AbleSignedIn, "/sessions/others/delete", a.otherSessionsDestroy)

	// Anybody signed in: saved views, of the lists that they may see.
	r.POST(db.AbleSignedIn, "/views", a.viewsCreate)
	r.GET(db.AbleSignedIn, "/views/:id/edit", a.viewsEdit)
	r.POST(db.AbleSignedIn, "/views/:id", a.viewsUpdate)
	r.POST(db.AbleSignedIn, "/views/:id/question", a.viewQuestionsCreate)
	r.POST(db.AbleSignedIn, "/views/:id/default", a.viewDefaultsCreate)
	r.POST(db.AbleSignedIn, "/views/:id/default/delete", a.viewDefaultsDestroy)
	r.POST(db.AbleSignedIn, "/views/:id/copy", a.viewCopiesCreate)
	r.POST(db.AbleSignedIn, "/views/:id/delete", a.viewsDestroy)
	r.POST(db.AbleSignedIn, "/views/:id/restoration", a.viewRestorationsCreate)

	// Anybody signed in: taking back what they changed in the lists that they may edit.
	r.POST(db.AbleSignedIn, "/edits/undo", a.lastEditsRevert(false))
	r.POST(db.AbleSignedIn, "/edits/redo", a.lastEditsRevert(true))
	r.POST(db.AbleSignedIn, "/edits/:id/undo", a.editsUndo)

	// The desk: board, calendar, appointments.
	r.GET(db.AbleDesk, "/", a.boardShow)
	r.GET(db.AbleDesk, "/calendar", a.calendarShow)
	r.GET(db.AbleDesk, "/appointments/new", a.appointmentsNew)
	r.POST(db.AbleDesk, "/appointments", a.appointmentsCreate)
	r.GET(db.AbleDesk, "/appointments/:id", a.appointmentsShow)
	r.GET(db.AbleDesk, "/appointments/:id/edit", a.appointmentsEdit)
	r.POST(db.AbleDesk, "/appointments/:id", a.appointmentsUpdate)
	r.GET(db.AbleDesk, "/appointments/:id/cancellation/new", a.cancellationsNew)
	r.POST(db.AbleDesk, "/appointments/:id/cancellation", a.cancellationsCreate)
	r.POST(db.AbleDesk, "/appointments/:id/cancellation/delete", a.cancellationsDestroy)
	r.POST(db.AbleDesk, "/appointments/:id/check-in", a.checkInsCreate)
	r.POST(db.AbleDesk, "/appointments/:id/rooming", a.roomingsCreate)
	r.POST(db.AbleDesk, "/appointments/:id/readiness", a.readinessesCreate)
	r.POST(db.AbleDesk, "/appointments/:id/completion", a.completionsCreate)
	r.POST(db.AbleDesk, "/appointments/:id/no-show", a.noShowsCreate)
	r.POST(db.AbleDesk, "/appointments/:id/undo", a.stepsDestroy)

	// Clinical: notes of visits, what was given.
	r.GET(db.AbleNotesRead, "/appointments/:id/note", a.notesShow)
	r.POST(db.AbleNotesWrite, "/appointments/:id/note", a.notesUpdate)
	r.POST(db.AbleNotesSign, "/appointments/:id/note/signature", a.noteSignaturesCreate)
	r.POST(db.AbleNotesSign, "/appointments/:id/note/amendments", a.noteAmendmentsCreate)
	r.POST(db.AbleNotesWrite, "/appointments/:id/note/treatments", a.treatmentsCreate)
	r.POST(db.AbleNotesWrite, "/appointments/:id/note/treatments/:treatment/delete", a.treatmentsDestroy)

	// The desk: search, clients, patients.
	r.GET(db.AbleDesk, "/search", a.searchShow)
	r.GET(db.AbleDesk, "/search/suggestions", a.searchSuggestions)
	r.GET(db.AbleDesk, "/clients/new", a.clientsNew)
	r.POST(db.AbleDesk, "/clients", a.clientsCreate)
	r.POST(db.AbleDesk, "/clients/matches", a.clientMatchesCreate)
	r.GET(db.AbleDesk, "/clients/:id", a.clientsShow)
	r.GET(db.AbleDesk, "/clients/:id/edit", a.clientsEdit)
	r.POST(db.AbleDesk, "/clients/:id", a.clientsUpdate)
	r.GET(db.AbleDesk, "/patients/new", a.patientsNew)
	r.POST(db.AbleDesk, "/patients", a.patientsCreate)
	r.GET(db.AbleDesk, "/patients/:id", a.patientsShow)
	r.GET(db.AbleDesk, "/patients/:id/edit", a.patientsEdit)
	r.POST(db.AbleDesk, "/patients/:id", a.patientsUpdate)
	r.GET(db.AbleDesk, "/patients/:id/certificate", a.certificatesShow)
	r.POST(db.AbleDesk, "/patients/:id/certificate", a.certificatesCreate)
	r.GET(db.AbleDesk, "/patients/:id/death/new", a.deathsNew)
	r.POST(db.AbleDesk, "/patients/:id/death", a.deathsCreate)

	// The desk: messages.
	r.GET(db.AbleDesk, "/messages/:id", a.messagesShow)
	r.POST(db.AbleDesk, "/messages/:id/deliveries", a.deliveriesCreate)
	r.POST(db.AbleDesk, "/messages/:id/copies", a.copiesCreate)
	r.POST(db.AbleDesk, "/appointments/:id/reminder", a.remindersCreate)
	r.GET(db.AbleDesk, "/reminders/plan", a.plansShow)
	r.GET(db.AbleDesk, "/reminders/calls", a.callsIndex)
	r.POST(db.AbleDesk, "/clients/:id/calls", a.callsCreate)
	r.POST(db.AbleDesk, "/clients/:id/calls/delete", a.callsDestroy)

	// Lists (grids).
	r.grid(db.AbleDesk, "/patients", db.PatientsGrid, views.PatientsList)
	r.grid(db.AbleDesk, "/clients", db.ClientsGrid, views.ClientsList)
	r.grid(db.AbleDesk, "/appointments", db.AppointmentsGrid, views.AppointmentsList)
	r.grid(db.AbleDesk, "/reminders", db.RemindersGrid, views.RemindersList)
	r.grid(db.AbleDesk, "/treatments", db.TreatmentsGrid, views.TreatmentsList)
	r.grid(db.AbleDesk, "/messages", db.MessagesGrid, views.MessagesList)
	r.grid(db.AbleConfigure, "/imports", db.ImportsGrid, views.ImportsList)
	r.grid(db.AbleConfigure, "/imports/issues", db.ImportIssuesGrid, views.ImportIssuesList)
	r.grid(db.AbleStaff, "/admin/staff", db.StaffGrid, views.StaffList)
	r.grid(db.AbleStaff, "/admin/audit", db.AuditGrid, views.AuditList)
	r.grid(db.AbleOperateRead, "/admin/errors", db.ErrorsGrid, views.ErrorsList)

	// Managers.
	r.GET(db.AbleConfigure, "/reports", a.reportsShow)
	r.GET(db.AbleConfigure, "/reports/files", a.reportFilesIndex)
	r.GET(db.AbleConfigure, "/reports/schedules/new", a.reportSchedulesNew)
	r.POST(db.AbleConfigure, "/reports/schedules", a.reportSchedulesCreate)
	r.GET(db.AbleConfigure, "/reports/schedules/:id/edit", a.reportSchedulesEdit)
	r.POST(db.AbleConfigure, "/reports/schedules/:id", a.reportSchedulesUpdate)
	r.POST(db.AbleConfigure, "/reports/schedules/:id/delete", a.reportSchedulesDestroy)
	r.POST(db.AbleConfigure, "/reports/schedules/:id/runs", a.reportRunsCreate)
	r.POST(db.AbleConfigure, "/reports/schedules/:id/pause", a.reportPausesCreate)
	r.POST(db.AbleConfigure, "/reports/schedules/:id/pause/delete", a.reportPausesDestroy)
	r.GET(db.AbleConfigure, "/reports/:report", a.reportTablesShow)
	r.POST(db.AbleConfigure, "/reports/:report/files", a.reportFilesCreate)
	r.GET(db.AbleConfigure, "/admin/clinic", a.clinicEdit)
	r.POST(db.AbleConfigure, "/admin/clinic", a.clinicUpdate)
	r.GET(db.AbleConfigure, "/admin/messages", a.wordingsIndex)
	r.POST(db.AbleConfigure, "/admin/messages", a.reminderTimesUpdate)
	r.GET(db.AbleConfigure, "/admin/messages/:kind", a.wordingsEdit)
	r.POST(db.AbleConfigure, "/admin/messages/:kind", a.wordingsUpdate)
	r.POST(db.AbleConfigure, "/admin/messages/:kind/original", a.wordingOriginalsCreate)
	r.POST(db.AbleConfigure, "/admin/messages/:kind/preview", a.wordingPreviewsCreate)
	r.POST(db.AbleConfigure, "/admin/messages/:kind/test", a.wordingTestsCreate)
	r.GET(db.AbleConfigure, "/imports/new", a.importsNew)
	r.POST(db.AbleConfigure, "/imports", a.importsCreate, middleware.BodyLimit("201M"))
	r.GET(db.AbleConfigure, "/imports/:id", a.importsShow)
	r.GET(db.AbleConfigure, "/imports/:id/mapping", a.importMappingsEdit)
	r.POST(db.AbleConfigure, "/imports/:id/mapping", a.importMappingsUpdate)
	r.POST(db.AbleConfigure, "/imports/:id/check", a.importStepsCreate(jobs.ImportCheck))
	r.POST(db.AbleConfigure, "/imports/:id/commit", a.importStepsCreate(jobs.ImportCommit))
	r.POST(db.AbleConfigure, "/imports/:id/undo", a.importStepsCreate(jobs.ImportUndo))
	r.GET(db.AbleConfigure, "/imports/:id/rows", a.importRowsIndex)
	r.GET(db.AbleConfigure, "/imports/:id/rows/:line", a.importRowsEdit)
	r.POST(db.AbleConfigure, "/imports/:id/rows/:line", a.importRowsUpdate)
	r.GET(db.AbleConfigure, "/imports/:id/refused", a.importRefusalsShow)
	r.GET(db.AbleConfigure, "/imports/:id/duplicates", a.importDuplicatesIndex)
	r.POST(db.AbleConfigure, "/imports/:id/duplicates", a.importDuplicatesUpdate)
	r.GET(db.AbleStaff, "/admin/staff/new", a.staffNew)
	r.POST(db.AbleStaff, "/admin/staff", a.staffCreate)
	r.GET(db.AbleStaff, "/admin/staff/:id/edit", a.staffEdit)
	r.POST(db.AbleStaff, "/admin/staff/:id", a.staffUpdate)

	// Operators: errors, queues, riverui.
	r.GET(db.AbleOperateRead, "/admin/errors/:id", a.errorsShow)
	r.POST(db.AbleOperate, "/admin/errors/:id/resolution", a.errorResolutionsCreate)
	r.POST(db.AbleOperate, "/admin/errors/:id/assignment", a.errorAssignmentsCreate)
	r.POST(db.AbleOperate, "/admin/errors/:id/ignoring", a.errorIgnoringsCreate)
	r.POST(db.AbleOperate, "/admin/errors/:id/reopening", a.errorReopeningsCreate)
	r.GET(db.AbleOperateRead, "/admin/queues", a.queuesIndex)
	r.GET(db.AbleOperateRead, "/admin/dead-letters/:key", a.deadLettersShow)
	r.POST(db.AbleOperate, "/admin/dead-letters/:key/retries", a.deadLetterRetriesCreate)
	r.POST(db.AbleOperate, "/admin/dead-letters/:key/dismissal", a.deadLetterDismissalsCreate)
	r.GET(db.AbleOperateRead, "/admin/dead-jobs/:id", a.deadJobsShow)
	r.POST(db.AbleOperate, "/admin/dead-jobs/:id/retries", a.deadJobRetriesCreate)
	r.GET(db.AbleOperate, "/admin/job-actions/new", a.jobActionsNew)
	r.POST(db.AbleOperate, "/admin/job-actions", a.jobActionsCreate)
	r.POST(db.AbleOperate, "/admin/workers/:id/rest", a.workerRestsCreate)
	r.POST(db.AbleOperate, "/admin/workers/:id/rest/delete", a.workerRestsDestroy)
	r.POST(db.AbleOperate, "/admin/schedules/:id/runs", a.scheduleRunsCreate)
	r.POST(db.AbleOperate, "/admin/schedules/:id/pause", a.schedulePausesCreate)
	r.POST(db.AbleOperate, "/admin/schedules/:id/pause/delete", a.schedulePausesDestroy)
	r.GET(db.AbleOperateRead, "/metrics", a.metricsShow)
	r.GET(db.AbleOperateRead, "/admin/profiles", a.profilesIndex)
	r.POST(db.AbleOperate, "/admin/profiles", a.profilesCreate)
	r.GET(db.AbleOperateRead, "/admin/profiles/:id", a.profilesShow)
	r.GET(db.AbleOperateRead, "/admin/flights/:id", a.flightsShow)
	river := a.riverUI()
	for _, path := range []string{"/admin/jobs", "/admin/jobs/*"} {
		r.GET(db.AbleOperateRead, path, river)
		r.add(db.AbleOperateRead, http.MethodHead, path, river)
		r.POST(db.AbleOperate, path, river)
		r.add(db.AbleOperate, http.MethodPut, path, river)
		r.add(db.AbleOperate, http.MethodPatch, path, river)
	}

	// Designers: the gallery.
	r.GET(db.AbleGallery, "/gallery", a.galleryShow)
	r.GET(db.AbleGallery, "/gallery/*", a.galleryShow)
	r.GET(db.AbleGallery, "/gallery/_/frame", a.galleryFrame)
	r.GET(db.AbleGallery, "/gallery/_/frame/*", a.galleryFrame)
	r.GET(db.AbleGallery, "/gallery/_/mock/*", a.galleryAnswer)
	r.POST(db.AbleGallery, "/gallery/_/mock/*", a.galleryAnswer)
	r.GET(db.AbleGallery, "/gallery/_/live", a.galleryLive)
	r.GET(db.AbleGallery, "/gallery/_/pictures/*", a.galleryPicture)
	r.GET(db.AbleGallery, "/gallery/stories.json", a.galleryCatalogue)

	// Development: the mailbox.
	r.GET(db.AbleDesk, "/dev/mailbox", a.mailboxIndex, a.inDevelopment)
	r.POST(db.AbleDesk, "/dev/mailbox/delete", a.mailboxClear, a.inDevelopment)
	r.GET(db.AbleDesk, "/dev/mailbox/texts", a.phoneShow, a.inDevelopment)
	r.POST(db.AbleDesk, "/dev/mailbox/texts/delete", a.phoneClear, a.inDevelopment)
	r.POST(db.AbleDesk, "/dev/mailbox/texts/:id/answers", a.phoneAnswersCreate, a.inDevelopment)
	r.GET(db.AbleDesk, "/dev/mailbox/:id", a.mailboxShow, a.inDevelopment)
	r.GET(db.AbleDesk, "/dev/mailbox/:id/html", a.mailboxHTML, a.inDevelopment)
	r.POST(db.AbleDesk, "/dev/mailbox/:id/delete", a.mailboxDestroy, a.inDevelopment)
}
