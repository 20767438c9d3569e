package handlers

import (
	"context"
	"errors"
	"net/http"

	"github.com/jackc/pgx/v5"
	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/views"
	"purplecross/views/ui"
)

// slotsOffered is how many free times a booking page offers: as many as a person reads out on the telephone.
const slotsOffered = 8

func (a *App) appointmentsNew(c echo.Context) error {
	ask, err := askFrom(c)
	if err != nil {
		return err
	}
	patientID, err := idQuery(c, "patient")
	if err != nil {
		return err
	}
	if patientID == 0 {
		return a.petPicker(c, ask)
	}

	props, err := a.bookingPage(c, patientID, db.Visit{}, ask)
	if err != nil {
		return err
	}

	return a.renderBooking(c, http.StatusOK, props)
}

// petPicker asks whose visit it is, when the page doesn't know yet.
func (a *App) petPicker(c echo.Context, ask views.BookingAsk) error {
	ctx := c.Request().Context()
	props := views.PickerPageProps{Query: c.QueryParam("q"), Ask: ask, When: a.askWords(ask)}
	if props.Query != "" {
		var err error
		if props.Result, err = db.Search(ctx, a.Pool, props.Query, 12); err != nil {
			return err
		}
	}

	return a.page(c, views.Head{Title: "Book visit", Nav: "calendar"}, views.PickerPage(props), views.Part{ID: "pets", View: views.PickerPart(props)})
}

func (a *App) appointmentsCreate(c echo.Context) error {
	form, err := a.bookingForm(c)
	if err != nil {
		return err
	}
	if len(form.wrong) > 0 {
		return a.bookingRefused(c, form, form.wrong)
	}

	ctx := c.Request().Context()
	var id int64
	err = db.InTx(ctx, a.Pool, func(tx pgx.Tx) error {
		var err error
		if id, err = db.BookAppointment(ctx, tx, form.booking); err != nil {
			return err
		}
		return a.tell(ctx, tx, db.MessageVisitConfirmation, id)
	})
	if clash := new(db.Clash); errors.As(err, &clash) && clash.SameID != 0 { // the same form, sent twice
		return a.seeOther(c, visitPath(clash.SameID), "This visit is booked.")
	}
	if err != nil {
		return a.bookingRefused(c, form, err)
	}

	visit, err := db.GetVisit(ctx, a.Pool, id)
	if err != nil {
		return err
	}
	return a.seeOther(c, visitPath(id), visit.PatientName+" is booked for "+a.when(visit)+".")
}

// tell writes a message about a visit down and gives it its job, in the transaction of the change.
func (a *App) tell(ctx context.Context, tx pgx.Tx, kind db.MessageKind, visitID int64) error {
	message, added, err := db.AddVisitMessage(ctx, tx, kind, visitID)
	if err != nil || !added {
		return err
	}
	return a.Jobs.EnqueueMessage(ctx, tx, message.ID)
}

func (a *App) appointmentsShow(c echo.Context) error {
	visit, err := a.visit(c)
	if err != nil {
		return err
	}

	ctx := c.Request().Context()
	props := views.VisitPageProps{Visit: visit}
	if props.Patient, err = a.visitBanner(ctx, visit); err != nil {
		return err
	}
	props.Messages, err = db.MessagesOfAppointment(ctx, a.Pool, visit.ID)
	if err = partly(&props.Failed, "messages", err); err != nil {
		return err
	}
	if err = partly(&props.Failed, "messages", a.addPlan(ctx, &props)); err != nil {
		return err
	}
	props.History, err = db.LastSaves(ctx, a.Pool, "appointment", visit.ID, 50)
	if err = partly(&props.Failed, "history", err); err != nil {
		return err
	}

	return a.page(c, views.Head{Title: visit.TypeName + " for " + visit.PatientName, Nav: "appointments"}, views.VisitPage(props))
}

func (a *App) appointmentsEdit(c echo.Context) error {
	visit, err := a.visit(c)
	if err != nil {
		return err
	}
	ask, err := askFrom(c)
	if err != nil {
		return err
	}
	if len(c.QueryParams()) == 0 { // the first look: as the visit is now
		ask = views.BookingAsk{TypeID: deref(visit.TypeID), VetID: deref(visit.VetID)}
	}

	props, err := a.bookingPage(c, deref(visit.PatientID), visit, ask)
	if err != nil {
		return err
	}
	a.fillMove(&props)

	return a.renderBooking(c, http.StatusOK, props)
}

// fillMove puts what a visit is now into the form that moves it.
func (a *App) fillMove(props *views.BookingPageProps) {
	visit := props.Visit
	starts := visit.StartsAt.In(a.Zone)
	props.Form = views.BookingForm{
		Date: starts.Format("2006-01-02"), Time: starts.Format("15:04"), Reason: visit.Reason,
		VetID: deref(visit.VetID), RoomID: deref(visit.RoomID), Version: visit.Version,
		Overbook: visit.Overbooked, OverbookReason: visit.OverbookReason,
	}
	if props.Ask.VetID != 0 {
		props.Form.VetID = props.Ask.VetID
	}
	if props.Ask.RoomID != 0 {
		props.Form.RoomID = props.Ask.RoomID
	}
}

func (a *App) appointmentsUpdate(c echo.Context) error {
	visit, err := a.visit(c)
	if err != nil {
		return err
	}
	form, err := a.bookingForm(c)
	if err != nil {
		return err
	}
	form.moves = visit
	if len(form.wrong) > 0 {
		return a.bookingRefused(c, form, form.wrong)
	}

	ctx := c.Request().Context()
	err = db.InTx(ctx, a.Pool, func(tx pgx.Tx) error {
		tell, err := db.MoveAppointment(ctx, tx, visit.ID, form.fields.Version, form.booking)
		if err != nil || !tell {
			return err
		}
		return a.tell(ctx, tx, db.MessageVisitMoved, visit.ID)
	})
	if err != nil {
		return a.bookingRefused(c, form, err)
	}

	moved, err := db.GetVisit(ctx, a.Pool, visit.ID)
	if err != nil {
		return err
	}
	return a.seeOther(c, visitPath(visit.ID), "Saved: "+a.when(moved)+".")
}

// bookingRefused answers a booking or a move that could not be with the same form, what was typed, the reason, and
// the times that are free.
func (a *App) bookingRefused(c echo.Context, form bookingForm, why error) error {
	ctx := c.Request().Context()
	clash, invalid, refused := new(db.Clash), db.Invalid{}, db.Refused("")
	known := errors.As(why, &clash) || errors.As(why, &invalid) || errors.As(why, &refused) || errors.Is(why, db.ErrStale)
	if !known {
		return why
	}
	patientID := form.booking.PatientID
	if form.moves.ID != 0 {
		patientID = deref(form.moves.PatientID)
	}
	props, err := a.bookingPage(c, patientID, form.moves, form.ask(a.Now(), a.Zone))
	if errors.Is(err, db.ErrNotFound) { // no such patient: the form was not ours
		return why
	} else if err != nil {
		return err
	}
	props.Form, props.Form.Open = form.fields, true

	status := http.StatusConflict
	switch {
	case clash.Constraint != "":
		props.Clash = clash.Sentence(a.Zone)
	case refused != "":
		props.Errors = db.Invalid{"": refused.Error()}
	case errors.Is(why, db.ErrStale):
		if props.Theirs, err = db.LastSaves(ctx, a.Pool, "appointment", form.moves.ID, form.moves.Version-form.fields.Version); err != nil {
			return err
		}
		props.Form.Version = form.moves.Version
	default:
		status, props.Errors = http.StatusUnprocessableEntity, invalid
	}
	return a.renderBooking(c, status, props)
}

func (a *App) renderBooking(c echo.Context, status int, props views.BookingPageProps) error {
	head := views.Head{Title: "Book visit", Nav: "calendar"}
	if props.Visit.ID != 0 {
		head.Title = "Move visit"
	}
	return a.pageStatus(c, status, head, views.BookingPage(props), views.Part{ID: "booking", View: views.BookingPart(props)})
}

// visit reads the appointment of the path; a block is no visit.
func (a *App) visit(c echo.Context) (db.Visit, error) {
	id, err := idParam(c, "id")
	if err != nil {
		return db.Visit{}, err
	}
	visit, err := db.GetVisit(c.Request().Context(), a.Pool, id)
	if err == nil && visit.Block() {
		err = db.ErrNotFound
	}
	return visit, err
}

func (a *App) visitBanner(ctx context.Context, visit db.Visit) (ui.PatientBannerProps, error) {
	patient, err := db.GetPatient(ctx, a.Pool, deref(visit.PatientID))
	if err != nil {
		return ui.PatientBannerProps{}, err
	}
	client, err := db.GetClient(ctx, a.Pool, patient.ClientID)
	return views.BannerOf(patient, client, a.Now().In(a.Zone)), err
}

// when is a visit's time and vet, for what is said after a change: "Today 14:20 with Dr Reyes".
func (a *App) when(visit db.Visit) string {
	starts := visit.StartsAt.In(a.Zone)
	words := ui.NearDay(starts, a.Now().In(a.Zone)) + " " + ui.ClockTime(starts)
	if visit.VetName != "" {
		words += " with " + visit.VetName
	}
	return words
}

func deref(id *int64) int64 {
	if id == nil {
		return 0
	}
	return *id
}
