package handlers

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/views"
)

const (
	timelineEvents  = 25
	patientHistory  = 20
	patientMessages = 8
)

func (a *App) patientsNew(c echo.Context) error {
	id, err := strconv.ParseInt(c.QueryParam("client"), 10, 64)
	if err != nil {
		return a.seeOther(c, "/clients", "Open the household first, then add the pet there.")
	}

	client, err := db.GetClient(c.Request().Context(), a.Pool, id)
	if err != nil {
		return err
	}

	return a.patientForm(c, http.StatusOK, views.PatientFormPageProps{Client: client})
}

func (a *App) patientsCreate(c echo.Context) error {
	ctx := c.Request().Context()
	clientID, err := strconv.ParseInt(c.FormValue("client"), 10, 64)
	if err != nil {
		return echo.NewHTTPError(http.StatusBadRequest, "This form does not say which household the pet belongs to. Open the household and add the pet there.")
	}
	client, err := db.GetClient(ctx, a.Pool, clientID)
	if err != nil {
		return err
	}
	values := readValues(c, patientFields, "")
	patient, wrong := patientFrom(values, db.Patient{ClientID: clientID}, a.civilToday())
	if len(wrong) > 0 {
		return a.patientForm(c, http.StatusUnprocessableEntity, views.PatientFormPageProps{Client: client, Form: views.FormProps{Values: values, Errors: wrong}})
	}

	patient, err = db.AddPatient(ctx, a.Pool, patient)
	if errors.As(err, &wrong) {
		return a.patientForm(c, http.StatusUnprocessableEntity, views.PatientFormPageProps{Client: client, Form: views.FormProps{Values: values, Errors: wrong}})
	}
	if err != nil {
		return err
	}

	if c.FormValue("next") == "book" {
		return a.seeOther(c, fmt.Sprintf("/appointments/new?patient=%d", patient.ID), patient.Name+" is saved. Now book the visit.")
	}
	return a.seeOther(c, fmt.Sprintf("/clients/%d", clientID), patient.Name+" is saved.")
}

func (a *App) patientsShow(c echo.Context) error {
	ctx := c.Request().Context()
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}
	before, err := eventMark(c.QueryParam("before"))
	if err != nil {
		return echo.NewHTTPError(http.StatusBadRequest)
	}

	p := views.PatientPageProps{}
	p.Timeline, err = a.timeline(c, id, before)
	if partial(c) && before != nil {
		if err != nil {
			return err
		}
		return a.fragment(c, views.TimelineEvents(p.Timeline))
	}
	if err = partly(&p.Failed, "timeline", err); err != nil {
		return err
	}
	if p.Patient, err = db.GetPatient(ctx, a.Pool, id); err != nil {
		return err
	}
	if p.Client, err = db.GetClient(ctx, a.Pool, p.Patient.ClientID); err != nil {
		return err
	}
	p.Care, err = db.DueCareOf(ctx, a.Pool, id)
	if err = partly(&p.Failed, "care", err); err != nil {
		return err
	}
	p.Upcoming, err = db.UpcomingVisitsOfPatient(ctx, a.Pool, id)
	if err = partly(&p.Failed, "upcoming", err); err != nil {
		return err
	}
	p.Messages, err = db.MessagesOfPatient(ctx, a.Pool, id, patientMessages)
	if err = partly(&p.Failed, "messages", err); err != nil {
		return err
	}
	next, err := db.NextReminders(ctx, a.Pool, p.Patient.ClientID, a.Now().In(a.Zone))
	if err = partly(&p.Failed, "messages", err); err != nil {
		return err
	}
	maps.DeleteFunc(next, func(_ int64, reminder db.VisitToRemind) bool { return reminder.PatientID != id })
	p.Planned = views.PlannedInOrder(next)
	p.History, err = db.HistoryOfPatient(ctx, a.Pool, id, patientHistory)
	if err = partly(&p.Failed, "history", err); err != nil {
		return err
	}

	return a.page(c, views.Head{Title: p.Patient.Name + " · " + p.Client.Name(), Nav: "patients"}, views.PatientPage(p))
}

// timeline reads what happened to a patient, before a moment or up to now.
func (a *App) timeline(c echo.Context, patientID int64, before *db.EventMark) (views.TimelineProps, error) {
	shown := views.TimelineProps{PatientID: patientID, Later: before != nil}
	events, older, err := db.Timeline(c.Request().Context(), a.Pool, patientID, before, viewer(c).Can(db.AbleNotesRead), timelineEvents)
	if err != nil {
		return shown, err
	}
	shown.Events = events
	if older {
		shown.Older = markText(events[len(events)-1].Mark())
	}
	return shown, nil
}

func (a *App) patientsEdit(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}

	patient, err := db.GetPatient(c.Request().Context(), a.Pool, id)
	if err != nil {
		return err
	}

	return a.patientUnsaved(c, http.StatusOK, patient, views.FormProps{Version: patient.Version, Values: patientValues(patient)})
}

// patientsUpdate saves the form over the version it was read at; see clientsUpdate. When the form says that the
// patient has died, everything else is saved and the next page asks about what that stops.
func (a *App) patientsUpdate(c echo.Context) error {
	ctx := c.Request().Context()
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}
	current, err := db.GetPatient(ctx, a.Pool, id)
	if err != nil {
		return err
	}
	version := formVersion(c)
	read, _, _, err := asRead(ctx, a.Pool, "patient", id, current, current.Version-version)
	if err != nil {
		return err
	}
	values := readValues(c, patientFields, "")
	takeTheirs(c, values, patientValues(read))
	mine, wrong := patientFrom(values, current, a.civilToday())
	if len(wrong) > 0 {
		return a.patientUnsaved(c, http.StatusUnprocessableEntity, current, views.FormProps{Version: version, Values: values, Errors: wrong})
	}

	mine.Version = version
	died, on := mine.Status == db.PatientDeceased && current.Status != db.PatientDeceased, mine.DeceasedOn
	if died {
		mine.Status, mine.DeceasedOn = current.Status, current.DeceasedOn
	}
	_, err = db.SavePatient(ctx, a.Pool, mine)
	switch {
	case errors.As(err, &wrong):
		return a.patientUnsaved(c, http.StatusUnprocessableEntity, current, views.FormProps{Version: version, Values: values, Errors: wrong})
	case errors.Is(err, db.ErrStale):
		return a.patientStale(c, mine, values)
	case err != nil:
		return err
	}

	if died {
		return a.seeOther(c, fmt.Sprintf("/patients/%d/death/new?on=%s", id, views.DayValue(on)), "The other details are saved.")
	}
	return a.seeOther(c, fmt.Sprintf("/patients/%d", id), mine.Name+" is saved.")
}

// patientStale shows theirs beside mine, at the version that is saved now: the next save goes through.
func (a *App) patientStale(c echo.Context, mine db.Patient, values map[string]string) error {
	ctx := c.Request().Context()
	current, err := db.GetPatient(ctx, a.Pool, mine.ID)
	if err != nil {
		return err
	}
	read, saves, known, err := asRead(ctx, a.Pool, "patient", mine.ID, current, current.Version-mine.Version)
	if err != nil {
		return err
	}

	var before map[string]string
	if known {
		before = patientValues(read)
	}
	fields := conflictFields(before, patientValues(current), patientValues(mine))
	conflict := conflictOf("patient", fmt.Sprintf("/patients/%d", mine.ID), saves, fields)
	return a.patientUnsaved(c, http.StatusConflict, current, views.FormProps{Version: current.Version, Values: values, Conflict: conflict})
}

func (a *App) patientUnsaved(c echo.Context, status int, saved db.Patient, form views.FormProps) error {
	client, err := db.GetClient(c.Request().Context(), a.Pool, saved.ClientID)
	if err != nil {
		return err
	}
	form.ID = saved.ID
	return a.patientForm(c, status, views.PatientFormPageProps{Form: form, Client: client, Name: saved.Name})
}

// patientForm renders the form with its suggestions, and names who wears the chip that was refused.
func (a *App) patientForm(c echo.Context, status int, props views.PatientFormPageProps) error {
	ctx := c.Request().Context()
	var err error
	if props.Breeds, err = db.CommonBreeds(ctx, a.Pool); err != nil {
		return err
	}
	if props.Form.Errors["microchip"] != "" {
		twin, err := db.PatientByMicrochip(ctx, a.Pool, props.Form.Values["microchip"])
		switch {
		case err == nil && twin.ID != props.Form.ID:
			props.Twin = &twin
		case err != nil && !errors.Is(err, db.ErrNotFound):
			return err
		}
	}
	title := "New pet"
	if props.Form.ID != 0 {
		title = "Edit " + props.Name
	}
	return a.pageStatus(c, status, views.Head{Title: title, Nav: "patients"}, views.PatientFormPage(props))
}

// civilToday is the clinic's day as the database's dates come: midnight in UTC.
func (a *App) civilToday() time.Time {
	now := a.Now().In(a.Zone)
	return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
}

// markText puts a place in a timeline into an address, and eventMark reads it.
func markText(mark db.EventMark) string {
	return fmt.Sprintf("%d.%s.%d", mark.At.UnixMicro(), mark.Kind, mark.ID)
}

func eventMark(text string) (*db.EventMark, error) {
	if text == "" {
		return nil, nil
	}
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return nil, db.ErrNotFound
	}
	micros, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil {
		return nil, err
	}
	id, err := strconv.ParseInt(parts[2], 10, 64)
	if err != nil {
		return nil, err
	}
	return &db.EventMark{At: time.UnixMicro(micros), Kind: db.EventKind(parts[1]), ID: id}, nil
}
