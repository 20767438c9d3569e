package handlers

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/views"
	"purplecross/views/ui"
)

// localTime is how a time of the clinic stands in a URL and in a form: as its clocks show it.
const localTime = "2006-01-02T15:04"

// bookingForm is a form that was sent: what was typed, what it means, and what can't be read.
type bookingForm struct {
	fields  views.BookingForm
	booking db.Booking
	wrong   db.Invalid
	askVet  int64    // whose free times are asked for again when it is refused; 0 for anyone's
	moves   db.Visit // the visit that it moves; the zero Visit books a new one
}

// sentBooking is the form as a browser sends it.
type sentBooking struct {
	Patient        int64  `form:"patient"`
	Type           int64  `form:"type"`
	Vet            string `form:"vet"`
	AskedVet       string `form:"asked_vet"`
	Room           string `form:"room"`
	Slot           string `form:"slot"`
	Date           string `form:"date"`
	Time           string `form:"time"`
	Minutes        string `form:"minutes"`
	Reason         string `form:"reason"`
	Overbook       string `form:"overbook"`
	OverbookReason string `form:"overbook_reason"`
	Version        int    `form:"version"`
}

// bookingForm reads what a booking form says.
func (a *App) bookingForm(c echo.Context) (bookingForm, error) {
	var sent sentBooking
	if err := c.Bind(&sent); err != nil {
		return bookingForm{}, echo.NewHTTPError(http.StatusBadRequest)
	}
	vet, _ := strconv.ParseInt(sent.Vet, 10, 64)
	room, _ := strconv.ParseInt(sent.Room, 10, 64)
	form := bookingForm{
		wrong: db.Invalid{}, askVet: vet,
		fields: views.BookingForm{
			Date: sent.Date, Time: sent.Time, Minutes: sent.Minutes, Reason: sent.Reason, VetID: vet, RoomID: room,
			Overbook: sent.Overbook != "", OverbookReason: sent.OverbookReason, Version: sent.Version,
		},
		booking: db.Booking{
			PatientID: sent.Patient, TypeID: sent.Type, VetID: vet, RoomID: room, Reason: sent.Reason,
			Overbook: sent.Overbook != "", OverbookReason: sent.OverbookReason, Now: a.Now(),
		},
	}
	if sent.Slot != "" {
		form.takeSlot(sent.Slot, a.Zone)
		form.askVet, _ = strconv.ParseInt(sent.AskedVet, 10, 64)
		return form, nil
	}
	at, field, sentence := clinicTime(sent.Date, sent.Time, a.Zone)
	if sentence != "" {
		form.wrong[field] = sentence
	}
	form.booking.StartsAt = at
	if sent.Minutes != "" {
		minutes, err := strconv.Atoi(strings.TrimSpace(sent.Minutes))
		if err != nil || minutes < 5 || minutes > 480 {
			form.wrong["minutes"] = "Enter a length from 5 to 480 minutes."
		}
		form.booking.Minutes = minutes
	}
	return form, nil
}

// takeSlot reads the button of a free time: its moment, vet and room count, and not the fields for a time of one's
// own. They are filled with it, so that a time which was taken meanwhile is only a tick away from being overbooked.
func (f *bookingForm) takeSlot(value string, zone *time.Location) {
	var moment string
	var vet, room int64
	_, err := fmt.Sscanf(value, "%s %d %d", &moment, &vet, &room)
	at, badMoment := time.Parse(time.RFC3339, moment)
	if err != nil || badMoment != nil {
		f.wrong["time"] = "Choose one of the free times again."
		return
	}
	f.booking.StartsAt, f.booking.VetID, f.booking.RoomID = at, vet, room
	f.booking.Overbook, f.booking.OverbookReason = false, ""
	f.fields.Date, f.fields.Time = at.In(zone).Format(time.DateOnly), at.In(zone).Format("15:04")
	f.fields.VetID, f.fields.RoomID, f.fields.Minutes, f.fields.Overbook = vet, room, "", false
}

// ask is what free times the refused form asks for: the same visit, from the time it wanted.
func (f *bookingForm) ask(now time.Time, zone *time.Location) views.BookingAsk {
	ask := views.BookingAsk{TypeID: f.booking.TypeID, VetID: f.askVet, RoomID: f.booking.RoomID}
	if f.booking.StartsAt.After(now) {
		ask.From = f.booking.StartsAt.In(zone).Format(localTime)
	}
	return ask
}

// clinicTime is the moment of a day and a time of the clinic. What its clocks never show is refused with a sentence;
// what they show twice, when they go back, is the first of the two.
func clinicTime(day, clock string, zone *time.Location) (at time.Time, field, sentence string) {
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return time.Time{}, "date", "Choose the day of the visit."
	}
	if len(clock) > 5 { // a browser may send seconds
		clock = clock[:5]
	}
	if _, err := time.Parse("15:04", clock); err != nil {
		return time.Time{}, "time", "Enter a time, like 14:20."
	}
	typed := day + "T" + clock
	at, err := time.ParseInLocation(localTime, typed, zone)
	if err != nil || at.Format(localTime) != typed {
		return time.Time{}, "time", "The clocks go forward on that day: " + clock + " doesn't exist. Choose another time."
	}
	if earlier := at.Add(-time.Hour); earlier.Format(localTime) == typed {
		at = earlier
	}
	return at, "", ""
}

// askFrom reads what free times the URL asks for.
func askFrom(c echo.Context) (ask views.BookingAsk, err error) {
	if ask.TypeID, err = idQuery(c, "type"); err != nil {
		return ask, err
	}
	if ask.VetID, err = idQuery(c, "vet"); err != nil {
		return ask, err
	}
	if ask.RoomID, err = idQuery(c, "room"); err != nil {
		return ask, err
	}
	ask.From = c.QueryParam("from")
	if at := c.QueryParam("at"); at != "" {
		ask.From = at
	}
	return ask, nil
}

// from is the moment an ask starts at: now, unless it names a later day or time.
func (a *App) from(ask views.BookingAsk) time.Time {
	for _, layout := range []string{localTime, time.DateOnly, time.RFC3339} {
		if at, err := time.ParseInLocation(layout, ask.From, a.Zone); err == nil && at.After(a.Now()) {
			return at
		}
	}
	return a.Now()
}

// askWords says what a gap in the calendar has chosen already.
func (a *App) askWords(ask views.BookingAsk) string {
	if ask.From == "" {
		return ""
	}
	at := a.from(ask).In(a.Zone)
	return ui.NearDay(at, a.Now().In(a.Zone)) + " " + ui.ClockTime(at)
}

// bookingPage gathers the page: the patient, the choices and the free times. A visit that moves is no hindrance to
// itself; the zero Visit books a new one.
func (a *App) bookingPage(c echo.Context, patientID int64, moves db.Visit, ask views.BookingAsk) (views.BookingPageProps, error) {
	ctx := c.Request().Context()
	props := views.BookingPageProps{PetID: patientID, Visit: moves, Ask: ask}
	patient, err := db.GetPatient(ctx, a.Pool, patientID)
	if err != nil {
		return props, err
	}
	client, err := db.GetClient(ctx, a.Pool, patient.ClientID)
	if err != nil {
		return props, err
	}
	props.Patient = views.BannerOf(patient, client, a.Now().In(a.Zone))
	if patient.Status == db.PatientDeceased {
		props.Refused = patient.Name + " has died."
	}
	if props.Types, err = db.ListAppointmentTypes(ctx, a.Pool); err != nil {
		return props, err
	}
	if props.Vets, err = db.ListVets(ctx, a.Pool); err != nil {
		return props, err
	}
	if props.Rooms, err = db.ListRooms(ctx, a.Pool); err != nil {
		return props, err
	}
	if props.Upcoming, err = db.ListUpcomingVisits(ctx, a.Pool, patientID, a.Now()); err != nil {
		return props, err
	}
	if props.Ask.TypeID == 0 {
		props.Ask.TypeID = usualType(props.Types)
	}
	a.fillForm(&props)
	props.Slots, err = a.offer(ctx, props)
	return props, err
}

// fillForm begins the fields for a time of one's own with what is asked for.
func (a *App) fillForm(props *views.BookingPageProps) {
	at := a.from(props.Ask).In(a.Zone)
	props.Form = views.BookingForm{Date: at.Format(time.DateOnly), VetID: props.Ask.VetID, RoomID: props.Ask.RoomID}
	if strings.Contains(props.Ask.From, "T") {
		props.Form.Time = at.Format("15:04")
	}
}

// usualType is what most visits are for: a consultation, else the first of the list.
func usualType(types []db.AppointmentType) int64 {
	for _, kind := range types {
		if strings.Contains(strings.ToLower(kind.Name), "consult") {
			return kind.ID
		}
	}
	if len(types) > 0 {
		return types[0].ID
	}
	return 0
}

// offer reads the free times of a booking page.
func (a *App) offer(ctx context.Context, props views.BookingPageProps) ([]db.Slot, error) {
	for _, kind := range props.Types {
		if kind.ID == props.Ask.TypeID && props.Refused == "" {
			return db.OfferSlots(ctx, a.Pool, db.SlotQuery{
				From: a.from(props.Ask), Minutes: kind.Minutes, VetID: props.Ask.VetID, RoomID: props.Ask.RoomID,
				NeedsVet: kind.NeedsVet, NeedsRoom: kind.NeedsRoom, PatientID: props.PetID, ExceptID: props.Visit.ID,
			}, slotsOffered, a.Zone)
		}
	}
	return nil, nil
}

// idQuery reads an id from the query; none is 0, nonsense a bad request.
func idQuery(c echo.Context, name string) (int64, error) {
	text := c.QueryParam(name)
	if text == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 0 {
		return 0, echo.NewHTTPError(http.StatusBadRequest)
	}
	return id, nil
}

func visitPath(id int64) string { return "/appointments/" + strconv.FormatInt(id, 10) }
