package views

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"purplecross/db"
	"purplecross/views/ui"
)

// BookingPageProps is a visit being booked or moved, and the times that are free for it.
type BookingPageProps struct {
	Patient  ui.PatientBannerProps // Whom the visit is for.
	PetID    int64                 // The patient's id.
	Visit    db.Visit              // The visit that moves; the zero Visit books a new one.
	Upcoming []db.Visit            // What the patient has booked already.
	Ask      BookingAsk            // What free times are asked for.
	Types    []db.AppointmentType  // What a visit can be for.
	Vets     []db.Vet              // Whom it can be with.
	Rooms    []db.Room             // Where it can be.
	Slots    []db.Slot             // The free times on offer.
	Form     BookingForm           // What was typed.
	Errors   map[string]string     // What is wrong with it, a sentence a field.
	Clash    string                // What is in the way, and what is free next.
	Refused  string                // Why nothing can be booked at all: the patient has died.
	Theirs   []db.HistoryLine      // What somebody else saved meanwhile.
}

// BookingAsk is what free times are asked for; it stands in the URL.
type BookingAsk struct {
	TypeID, VetID, RoomID int64
	From                  string // "2026-11-24T14:20", a time of the clinic; "" is from now on
}

// BookingForm is what a person types: words, until they are read.
type BookingForm struct {
	Date, Time, Minutes, Reason, OverbookReason string
	VetID, RoomID                               int64
	Overbook                                    bool
	Open                                        bool // the part for a time of one's own stands open
	Version                                     int
}

// moving says that a visit moves; else a new one is booked.
func (p BookingPageProps) moving() bool { return p.Visit.ID != 0 }

// action is where the form goes.
func (p BookingPageProps) action() string {
	if p.moving() {
		return visitHref(p.Visit.ID)
	}
	return "/appointments"
}

// href is this page asking for other free times.
func (p BookingPageProps) href(ask BookingAsk) string {
	query := ask.query()
	if p.moving() {
		return visitHref(p.Visit.ID) + "/edit?" + query.Encode()
	}
	query.Set("patient", formatID(p.PetID))
	return "/appointments/new?" + query.Encode()
}

// query is what is asked for, as it stands in a URL.
func (a BookingAsk) query() url.Values {
	query := url.Values{}
	for _, field := range a.fields() {
		query.Set(field.name, field.value)
	}
	if a.From != "" {
		query.Set("from", a.From)
	}
	return query
}

func (p BookingPageProps) withType(id int64) string {
	ask := p.Ask
	ask.TypeID = id
	return p.href(ask)
}

func (p BookingPageProps) withVet(id int64) string {
	ask := p.Ask
	ask.VetID = id
	return p.href(ask)
}

func (p BookingPageProps) withRoom(id int64) string {
	ask := p.Ask
	ask.RoomID = id
	return p.href(ask)
}

// later asks for what follows the last time on offer.
func (p BookingPageProps) later(zone *time.Location) string {
	ask := p.Ask
	ask.From = p.Slots[len(p.Slots)-1].EndsAt.In(zone).Format("2006-01-02T15:04")
	return p.href(ask)
}

// passedOver is the time that was asked for when nothing fits there, "" otherwise: a gap in the calendar may be too
// short for the visit, or every room taken.
func (p BookingPageProps) passedOver(zone *time.Location) string {
	asked, err := time.ParseInLocation("2006-01-02T15:04", p.Ask.From, zone)
	if err != nil || p.Clash != "" || len(p.Slots) == 0 || p.Slots[0].StartsAt.Sub(asked) < 10*time.Minute {
		return ""
	}
	return ui.ClockTime(asked)
}

func (p BookingPageProps) soonest() string {
	ask := p.Ask
	ask.From = ""
	return p.href(ask)
}

// kind is the type that is chosen.
func (p BookingPageProps) kind() db.AppointmentType {
	for _, kind := range p.Types {
		if kind.ID == p.Ask.TypeID {
			return kind
		}
	}
	return db.AppointmentType{}
}

// hidden is a form value that nobody sees.
type hidden struct{ name, value string }

// asked are the fields that keep what was asked for when only the day changes.
func (p BookingPageProps) asked() []hidden {
	fields := p.Ask.fields()
	if !p.moving() {
		fields = append(fields, hidden{"patient", formatID(p.PetID)})
	}
	return fields
}

// fields are the ids asked for, those that are set.
func (a BookingAsk) fields() []hidden {
	var set []hidden
	for _, field := range []hidden{{"type", formatID(a.TypeID)}, {"vet", formatID(a.VetID)}, {"room", formatID(a.RoomID)}} {
		if field.value != "" {
			set = append(set, field)
		}
	}
	return set
}

func vetOptions(vets []db.Vet) []ui.Option {
	options := make([]ui.Option, len(vets))
	for i, vet := range vets {
		options[i] = ui.Option{Value: formatID(vet.ID), Label: vet.Name}
	}
	return options
}

func roomOptions(rooms []db.Room) []ui.Option {
	options := make([]ui.Option, len(rooms))
	for i, room := range rooms {
		options[i] = ui.Option{Value: formatID(room.ID), Label: room.Name}
	}
	return options
}

// slotValue is what a button of a free time sends: the moment, the vet and the room asked for, read by slotFrom.
func slotValue(slot db.Slot, roomID int64) string {
	vet := "0"
	if slot.VetID != nil {
		vet = strconv.FormatInt(*slot.VetID, 10)
	}
	return strings.Join([]string{slot.StartsAt.UTC().Format(time.RFC3339), vet, strconv.FormatInt(roomID, 10)}, " ")
}

// nearDay is a day in few words: "Today", "Tomorrow", "Tue 24 Nov".
func nearDay(at, now time.Time) string {
	words := ui.NearDay(at, now)
	if words == ui.Day(at) && at.Sub(now) < 300*24*time.Hour {
		return at.Format("Mon 2 Jan")
	}
	return words
}

func clinicToday(ctx context.Context) string {
	now, _ := ui.ClockFrom(ctx)
	return now.Format(time.DateOnly)
}

// formatID writes an id into a form; none is "".
func formatID(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}
