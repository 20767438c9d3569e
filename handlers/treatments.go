package handlers

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/db/grid"
	"purplecross/views"
)

var treatmentFields = []string{"protocol", "kind", "product", "lot", "dose", "instructions", "given_on", "next_due"}

// treatmentsCreate writes down what was given at a visit. The note of the visit is begun with it if need be.
func (a *App) treatmentsCreate(c echo.Context) error {
	ctx := c.Request().Context()
	visit, err := a.visit(c)
	if err != nil {
		return err
	}
	note, err := a.noteOf(c, visit)
	if err != nil {
		return err
	}
	values := readValues(c, treatmentFields, "")
	treatment, wrong := a.treatmentFrom(values, note)
	if len(wrong) == 0 && note.ID == 0 {
		if note, err = db.SaveVisitNote(ctx, a.Pool, note); err != nil && !errors.Is(err, db.ErrStale) {
			return conflict(err)
		}
	}
	if len(wrong) == 0 {
		treatment.VisitNoteID = &note.ID
		treatment.GivenBy = ptr(viewer(c).ID)
		if treatment, err = db.GiveTreatment(ctx, a.Pool, treatment); err != nil && !errors.As(err, &wrong) {
			return conflict(err)
		}
	}
	if len(wrong) > 0 {
		return a.notePage(c, http.StatusUnprocessableEntity, visit, note, noteForm(note), views.FormProps{Values: values, Errors: wrong})
	}

	said := treatment.Product + " is written down."
	if treatment.NextDue != nil {
		said += " Due again " + treatment.NextDue.Format("2 Jan 2006") + "."
	}
	return a.seeOtherUndo(c, noteHref(visit.ID)+"#given", said, noteHref(visit.ID)+"/treatments/"+strconv.FormatInt(treatment.ID, 10)+"/delete")
}

func (a *App) treatmentFrom(values map[string]string, note db.VisitNote) (db.Treatment, db.Invalid) {
	wrong := db.Invalid{}
	t := db.Treatment{
		PatientID: note.PatientID, Kind: values["kind"], Product: values["product"], Lot: values["lot"], Dose: values["dose"],
		Instructions: values["instructions"],
	}
	if values["protocol"] != "" {
		if id, err := strconv.ParseInt(values["protocol"], 10, 64); err == nil {
			t.ProtocolID = &id
		} else {
			wrong["protocol"] = "Choose what it is from the list."
		}
	}
	if t.ProtocolID == nil && !slices.ContainsFunc(db.TreatmentKinds, func(kind grid.Chosen) bool { return kind.Value == t.Kind }) {
		wrong["kind"] = "Choose what it is from the list."
	}
	if given := pastDay(values, "given_on", a.civilToday(), wrong); given != nil {
		t.GivenOn = *given
	} else if wrong["given_on"] == "" {
		wrong["given_on"] = "Enter the day on which it was given."
	}
	if due := anyDay(values, "next_due", wrong); due != nil {
		if t.NextDue = due; !due.After(t.GivenOn) {
			wrong["next_due"] = "It is due again after the day it was given."
		}
	}
	return t, wrong
}

// treatmentsDestroy takes back what was written down by mistake.
func (a *App) treatmentsDestroy(c echo.Context) error {
	visit, err := a.visit(c)
	if err != nil {
		return err
	}
	id, err := strconv.ParseInt(c.Param("treatment"), 10, 64)
	if err != nil {
		return db.ErrNotFound
	}
	note, err := db.NoteOfVisit(c.Request().Context(), a.Pool, visit.ID)
	if err != nil {
		return err
	}

	if err := db.WithdrawTreatment(c.Request().Context(), a.Pool, note.ID, id); err != nil {
		return conflict(err)
	}

	return a.seeOther(c, noteHref(visit.ID)+"#given", "The treatment is taken back.")
}
