package handlers

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/views"
)

// earlierNotes is how many notes of earlier visits stand beside the one that is written.
const earlierNotes = 3

// notesShow is the note of a visit: a form for who writes it until it is signed, else what it says.
func (a *App) notesShow(c echo.Context) error {
	visit, err := a.visit(c)
	if err != nil {
		return err
	}
	note, err := a.noteOf(c, visit)
	if err != nil {
		return err
	}

	return a.notePage(c, http.StatusOK, visit, note, noteForm(note), views.FormProps{})
}

// notesUpdate saves the draft. A script does so while one writes, and is told how that went; a press of the button leads
// back to the page.
func (a *App) notesUpdate(c echo.Context) error {
	return a.saveNote(c, func(ctx context.Context, note db.VisitNote) (db.VisitNote, error) {
		return db.SaveVisitNote(ctx, a.Pool, note)
	}, "The draft is saved.")
}

// noteSignaturesCreate saves the note and makes it final.
func (a *App) noteSignaturesCreate(c echo.Context) error {
	return a.saveNote(c, func(ctx context.Context, note db.VisitNote) (db.VisitNote, error) {
		if note.Subjective+note.Objective+note.Assessment+note.Plan == "" {
			return note, db.Invalid{"assessment": "Write what was found before you sign."}
		}
		return db.SignVisitNote(ctx, a.Pool, note, viewer(c).ID, a.Now())
	}, "The note is signed.")
}

func (a *App) saveNote(c echo.Context, save func(context.Context, db.VisitNote) (db.VisitNote, error), said string) error {
	ctx := c.Request().Context()
	visit, err := a.visit(c)
	if err != nil {
		return err
	}
	current, err := a.noteOf(c, visit)
	if err != nil {
		return err
	}
	version := formVersion(c)
	values := readValues(c, noteFields, "")
	takeTheirs(c, values, noteValues(current))
	note, wrong := noteFrom(values, current)
	note.Version = version
	form := views.FormProps{ID: note.ID, Version: version, Values: values, Errors: wrong}
	if len(wrong) > 0 {
		return a.noteUnsaved(c, http.StatusUnprocessableEntity, visit, current, form)
	}

	saved, err := save(ctx, note)
	switch {
	case errors.As(err, &wrong):
		form.Errors = wrong
		return a.noteUnsaved(c, http.StatusUnprocessableEntity, visit, current, form)
	case errors.Is(err, db.ErrStale):
		form.ID, form.Version = saved.ID, saved.Version
		form.Conflict = conflictOf("note", noteHref(visit.ID), nil, conflictFields(nil, noteValues(saved), values))
		form.Conflict.By, form.Conflict.At = a.noteWriter(ctx, saved)
		return a.noteUnsaved(c, http.StatusConflict, visit, saved, form)
	case err != nil:
		return conflict(err)
	}

	if c.FormValue("autosave") != "" && partial(c) {
		return a.fragment(c, views.NoteSaved(views.NoteSavedProps{Version: saved.Version, At: saved.UpdatedAt}))
	}
	return a.seeOther(c, noteHref(visit.ID), said)
}

// noteUnsaved answers with the form as it was sent; a script that saves while one writes is told why it can't.
func (a *App) noteUnsaved(c echo.Context, status int, visit db.Visit, note db.VisitNote, form views.FormProps) error {
	if c.FormValue("autosave") == "" || !partial(c) {
		return a.notePage(c, status, visit, note, form, views.FormProps{})
	}
	told := views.NoteSavedProps{Version: formVersion(c), Trouble: "Not saved yet. " + form.Errors[firstWrong(form.Errors)]}
	if form.Conflict != nil {
		told.Trouble = "Not saved: " + form.Conflict.By + " saved this note meanwhile. Press “Save draft” to see both."
	}
	return a.write(c, status, views.NoteSaved(told))
}

func firstWrong(wrong map[string]string) string {
	for _, field := range noteFields {
		if wrong[field] != "" {
			return field
		}
	}
	return ""
}

// noteWriter is who saved a note last.
func (a *App) noteWriter(ctx context.Context, note db.VisitNote) (string, time.Time) {
	saves, err := db.LastSaves(ctx, a.Pool, "visit_note", note.ID, 1)
	if err != nil || len(saves) == 0 {
		return "Somebody", note.UpdatedAt
	}
	return saves[0].Actor, note.UpdatedAt
}

func (a *App) noteAmendmentsCreate(c echo.Context) error {
	visit, err := a.visit(c)
	if err != nil {
		return err
	}
	note, err := db.NoteOfVisit(c.Request().Context(), a.Pool, visit.ID)
	if err != nil {
		return err
	}
	values := readValues(c, []string{"amendment"}, "")

	err = db.AmendVisitNote(c.Request().Context(), a.Pool, note.ID, values["amendment"], viewer(c).ID, a.Now())
	if wrong := (db.Invalid{}); errors.As(err, &wrong) {
		return a.notePage(c, http.StatusUnprocessableEntity, visit, note, views.FormProps{ID: note.ID, Values: values, Errors: wrong}, views.FormProps{})
	} else if err != nil {
		return conflict(err)
	}

	return a.seeOther(c, noteHref(visit.ID), "The amendment is signed.")
}

// noteOf is the note of a visit; one that nobody began yet is of the visit's vet, or of who writes it.
func (a *App) noteOf(c echo.Context, visit db.Visit) (db.VisitNote, error) {
	note, err := db.NoteOfVisit(c.Request().Context(), a.Pool, visit.ID)
	if !errors.Is(err, db.ErrNotFound) {
		return note, err
	}
	vet := viewer(c).ID
	if visit.VetID != nil {
		vet = *visit.VetID
	}
	seen := visit.StartsAt
	if visit.RoomedAt != nil {
		seen = *visit.RoomedAt
	}
	return db.VisitNote{
		PatientID: deref(visit.PatientID), AppointmentID: &visit.ID, VetID: vet, SeenAt: seen, Reason: visit.Reason, Status: db.NoteDraft,
	}, nil
}

func (a *App) notePage(c echo.Context, status int, visit db.Visit, note db.VisitNote, form, given views.FormProps) error {
	ctx := c.Request().Context()
	person := viewer(c)
	props := views.NotePageProps{
		Visit: visit, Note: note, Form: form, Given: given,
		MayWrite: person.Can(db.AbleNotesWrite) && visit.Status != db.AppointmentCancelled, MaySign: person.Can(db.AbleNotesSign),
	}
	if given.Values == nil {
		props.Given.Values = map[string]string{"given_on": a.today().Format(time.DateOnly)}
	}
	patient, err := db.GetPatient(ctx, a.Pool, deref(visit.PatientID))
	if err != nil {
		return err
	}
	if props.Patient, err = a.visitBanner(ctx, visit); err != nil {
		return err
	}
	if note.ID != 0 {
		if props.Treatments, err = db.TreatmentsOfNote(ctx, a.Pool, note.ID); err != nil {
			return err
		}
		if props.Amendments, err = db.AmendmentsOf(ctx, a.Pool, note.ID); err != nil {
			return err
		}
	}
	if props.Protocols, err = db.ProtocolsFor(ctx, a.Pool, patient.Species); err != nil {
		return err
	}
	props.Care, err = db.DueCareOf(ctx, a.Pool, patient.ID)
	if err = partly(&props.Failed, "care", err); err != nil {
		return err
	}
	props.Earlier, err = db.EarlierNotes(ctx, a.Pool, patient.ID, note.ID, earlierNotes)
	if err = partly(&props.Failed, "earlier", err); err != nil {
		return err
	}

	return a.pageStatus(c, status, views.Head{Title: "Note for " + visit.PatientName, Nav: "appointments"}, views.NotePage(props))
}

func noteHref(visitID int64) string { return fmt.Sprintf("/appointments/%d/note", visitID) }

// noteFields are the fields of a note's form, in its order.
var noteFields = []string{
	"weight", "temperature", "heart_rate", "respiratory_rate", "body_condition", "reason", "subjective", "objective", "assessment", "plan",
}

// noteForm is the form of a note as it is saved.
func noteForm(note db.VisitNote) views.FormProps {
	return views.FormProps{ID: note.ID, Version: note.Version, Values: noteValues(note)}
}

// noteValues is a note as its form holds it.
func noteValues(note db.VisitNote) map[string]string {
	values := map[string]string{
		"reason": note.Reason, "subjective": note.Subjective, "objective": note.Objective, "assessment": note.Assessment, "plan": note.Plan,
		"weight": "", "temperature": "",
	}
	if note.WeightG != nil {
		values["weight"] = strconv.FormatFloat(float64(*note.WeightG)/1000, 'f', -1, 64)
	}
	if note.TemperatureDC != nil {
		values["temperature"] = strconv.FormatFloat(float64(*note.TemperatureDC)/10, 'f', 1, 64)
	}
	for field, number := range map[string]*int{"heart_rate": note.HeartRate, "respiratory_rate": note.RespiratoryRate, "body_condition": note.BodyCondition} {
		if values[field] = ""; number != nil {
			values[field] = strconv.Itoa(*number)
		}
	}
	return values
}

// noteFrom is the note that a form describes, over what is saved, and what is wrong with it.
func noteFrom(values map[string]string, saved db.VisitNote) (db.VisitNote, db.Invalid) {
	note, wrong := saved, db.Invalid{}
	note.Reason, note.Subjective, note.Objective = values["reason"], values["subjective"], values["objective"]
	note.Assessment, note.Plan = values["assessment"], values["plan"]
	for _, field := range []string{"reason", "subjective", "objective", "assessment", "plan"} {
		if len(values[field]) > 20_000 {
			wrong[field] = "This is longer than 20,000 letters. Shorten it, or attach it to the record elsewhere."
		}
	}
	note.WeightG = nil
	if values["weight"] != "" {
		var weighed db.Patient
		weigh(&weighed, map[string]string{"weight": values["weight"]}, db.Patient{}, time.Time{}, wrong)
		if note.WeightG = weighed.WeightG; note.WeightG != nil && (*note.WeightG < 1 || *note.WeightG > 1_500_000) {
			wrong["weight"] = "Enter a weight between 1 g and 1,500 kg."
		}
	}
	note.TemperatureDC = nil
	if values["temperature"] != "" {
		degrees, err := strconv.ParseFloat(strings.Replace(strings.TrimSuffix(values["temperature"], "°C"), ",", ".", 1), 64)
		if tenths := int(math.Round(degrees * 10)); err == nil && tenths >= 250 && tenths <= 450 {
			note.TemperatureDC = &tenths
		} else {
			wrong["temperature"] = "Enter a temperature between 25 and 45 °C, like 38.5."
		}
	}
	note.HeartRate = within(values, "heart_rate", 1, 1000, "Enter the beats of a minute, like 120.", wrong)
	note.RespiratoryRate = within(values, "respiratory_rate", 1, 400, "Enter the breaths of a minute, like 24.", wrong)
	note.BodyCondition = within(values, "body_condition", 1, 9, "Enter a score from 1 to 9.", wrong)
	return note, wrong
}

// within reads a whole number between two; nil when the field is empty.
func within(values map[string]string, field string, least, most int, sentence string, wrong db.Invalid) *int {
	if values[field] == "" {
		return nil
	}
	number, err := strconv.Atoi(values[field])
	if err != nil || number < least || number > most {
		wrong[field] = sentence
		return nil
	}
	return &number
}
