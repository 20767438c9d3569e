package views

import (
	"time"

	"purplecross/db"
	"purplecross/views/gallery"
	"purplecross/views/ui"
)

var bookedPet = ui.PatientBannerProps{
	ID: 4, Name: "Coco", Species: "dog", Breed: "Beagle", Sex: "Female, neutered", Age: "4 y 2 m", Weight: "6.5 kg", WeighedOn: "3 Nov 2026",
	Alert: "Bites when her paws are touched.", Owner: "Courtney Reilly", OwnerHref: "/clients/3", Status: "active", Compact: true,
}

// cocosVisit is a visit of the patient in the banner.
func cocosVisit(w *gallery.World, in int, status db.AppointmentStatus) db.Visit {
	visit := dayVisit(w, 18, in, status)
	visit.PatientName, visit.ClientFirst, visit.ClientLast = "Coco", "Courtney", "Reilly"
	return visit
}

// freeTimes are free times from now on.
func freeTimes(w *gallery.World) []db.Slot {
	var slots []db.Slot
	for i, in := range []time.Duration{20, 40, 60, 60 * 4, 60 * 5, 60 * 24, 60 * 28, 60 * 48} {
		vet, room := dayVets[i%3], dayRooms[i%3]
		at := w.Now.Add(in * time.Minute).Truncate(10 * time.Minute)
		slots = append(slots, db.Slot{StartsAt: at, EndsAt: at.Add(20 * time.Minute), VetID: &vet.ID, VetName: vet.Name, VetColour: vet.Colour, RoomID: &room.ID, RoomName: room.Name})
	}
	return slots
}

func booking(w *gallery.World) BookingPageProps {
	return BookingPageProps{
		Patient: bookedPet, PetID: 4, Ask: BookingAsk{TypeID: 1}, Types: dayTypes, Vets: dayVets, Rooms: dayRooms,
		Slots: freeTimes(w), Form: BookingForm{Date: w.Now.Format(time.DateOnly)},
	}
}

// BookingStories show a visit being booked and moved.
var BookingStories = gallery.Component[BookingPageProps]{
	Path: "Visit/Booking", View: BookingPage, Covers: []string{"views.BookingPart"}, Tags: []string{"page"}, Mock: bookingMock,
	Stories: []gallery.Story[BookingPageProps]{
		{Name: "New", From: booking},
		{Name: "Has a visit already", From: func(w *gallery.World) BookingPageProps {
			props := booking(w)
			props.Upcoming = []db.Visit{cocosVisit(w, 2880, db.AppointmentBooked)}
			return props
		}},
		{Name: "Taken meanwhile", From: func(w *gallery.World) BookingPageProps {
			props := booking(w)
			props.Clash = "Dr Ana Reyes is already booked 14:20–14:40 with Biscuit. Next free 14:40."
			props.Form = BookingForm{Date: w.Now.Format(time.DateOnly), Time: "14:20", Reason: "Limps since Sunday", VetID: 1, Open: true}
			return props
		}},
		{Name: "Overbooked without a reason", From: func(w *gallery.World) BookingPageProps {
			props := booking(w)
			props.Errors = map[string]string{"overbook_reason": "Say why this slot is overbooked.", "vet": "Choose the vet to overbook."}
			props.Form = BookingForm{Date: w.Now.Format(time.DateOnly), Time: "14:20", Overbook: true, Open: true}
			return props
		}},
		{Name: "Full for weeks", From: func(w *gallery.World) BookingPageProps {
			props := booking(w)
			props.Slots = nil
			return props
		}},
		{Name: "Move", From: func(w *gallery.World) BookingPageProps {
			props := booking(w)
			props.Visit = cocosVisit(w, 1500, db.AppointmentConfirmed)
			props.Form.Version = 2
			return props
		}},
		{Name: "Move, changed by someone else", From: func(w *gallery.World) BookingPageProps {
			props := booking(w)
			props.Visit = cocosVisit(w, 1500, db.AppointmentBooked)
			props.Theirs = visitLines(w)[:1]
			return props
		}},
		{Name: "Deceased", From: func(w *gallery.World) BookingPageProps {
			props := booking(w)
			props.Patient.Status, props.Refused = "deceased", "Coco has died."
			return props
		}},
	},
}

// PickerStories show the search for a pet before booking.
var PickerStories = gallery.Component[PickerPageProps]{
	Path: "Visit/Pet picker", View: PickerPage, Covers: []string{"views.PickerPart"}, Tags: []string{"page"}, Mock: pickerMock,
	Stories: []gallery.Story[PickerPageProps]{
		{Name: "Empty", Play: pickerPlay, Args: PickerPageProps{When: "Today 14:20", Ask: BookingAsk{VetID: 1, From: "2026-11-24T14:20"}}},
		{Name: "Found", Args: PickerPageProps{Query: "coco", Result: db.SearchResult{More: true, Hits: []db.SearchHit{
			{ID: 3, FirstName: "Courtney", LastName: "Reilly", Mobile: "+19705550142", Pets: []db.SearchPet{{ID: 4, Name: "Coco", Species: "dog", Status: "active", Matched: true}, {ID: 5, Name: "Tofu", Species: "cat", Status: "active"}}},
			{ID: 9, LastName: "Null", Pets: []db.SearchPet{{ID: 12, Name: "Coconut", Species: "rabbit", Status: "active", Matched: true}}},
			{ID: 10, FirstName: "Bo", LastName: "Coco"},
		}}}},
		{Name: "Nobody", Args: PickerPageProps{Query: "xyzzy"}},
	},
}

func visitLines(w *gallery.World) []db.HistoryLine {
	return []db.HistoryLine{
		{ID: 2, At: w.Now.Add(-time.Hour), Actor: "Dana Hart", Action: "moved", Entity: "appointment", Diff: db.Diff{
			"starts_at": {w.Now.Add(2 * time.Hour).Format(time.RFC3339), w.Now.Add(26 * time.Hour).Format(time.RFC3339)}, "vet": {"Dr Ana Reyes", "Dr Chidi Okafor"}, "reason": {"", "Limps"},
		}},
		{ID: 1, At: w.Now.AddDate(0, 0, -3), Actor: "Dana Hart", Action: "booked", Entity: "appointment", Diff: db.Diff{
			"status": {"", "booked"}, "starts_at": {"", w.Now.Add(2 * time.Hour).Format(time.RFC3339)}, "minutes": {0.0, 20.0}, "type": {"", "Consultation"}, "vet": {"", "Dr Ana Reyes"},
		}},
	}
}

func visitLetters(w *gallery.World) []db.Message {
	return []db.Message{
		{ID: 2, Kind: db.MessageVisitMoved, ToAddr: "ana@example.org", Status: db.MessageSent, CreatedAt: w.Now.Add(-time.Hour)},
		{ID: 1, Kind: db.MessageVisitConfirmation, Status: db.MessageSuppressed, StatusReason: "The client has no e-mail address.", CreatedAt: w.Now.AddDate(0, 0, -3)},
	}
}

func visitOnItsWay(status db.AppointmentStatus) func(*gallery.World) VisitPageProps {
	return func(w *gallery.World) VisitPageProps {
		return VisitPageProps{Visit: cocosVisit(w, -10, status), Patient: bookedPet, Messages: visitLetters(w), History: visitLines(w)}
	}
}

// VisitStories show a visit's page along its way.
var VisitStories = gallery.Component[VisitPageProps]{
	Path: "Visit/Visit", View: VisitPage, Tags: []string{"page"},
	Stories: []gallery.Story[VisitPageProps]{
		{Name: "Booked", From: visitOnItsWay(db.AppointmentBooked)},
		{Name: "Waiting", From: visitOnItsWay(db.AppointmentArrived)},
		{Name: "Ready to go", From: visitOnItsWay(db.AppointmentReady)},
		{Name: "Completed", From: visitOnItsWay(db.AppointmentCompleted)},
		{Name: "No-show", From: visitOnItsWay(db.AppointmentNoShow)},
		{Name: "Cancelled", From: func(w *gallery.World) VisitPageProps {
			props := visitOnItsWay(db.AppointmentCancelled)(w)
			props.Visit.StartsAt, props.Messages = w.Now.Add(48*time.Hour), nil
			return props
		}},
	},
}

// VisitHistoryStories show who changed a visit.
var VisitHistoryStories = gallery.Component[VisitHistoryProps]{
	Path: "Visit/Visit history", View: VisitHistory,
	Use:    []string{"On the page of a visit: who changed what, and when."},
	Avoid:  []string{"For what happened to a patient over years: Timeline."},
	Narrow: "Moved",
	Mirror: "Moved",
	Stories: []gallery.Story[VisitHistoryProps]{
		{Name: "Moved", From: func(w *gallery.World) VisitHistoryProps { return VisitHistoryProps{Lines: visitLines(w)} }},
	},
}

// CancelStories show the question before a visit is cancelled.
var CancelStories = gallery.Component[CancelPageProps]{
	Path: "Visit/Cancel", View: CancelPage, Tags: []string{"page"},
	Stories: []gallery.Story[CancelPageProps]{
		{Name: "Why", From: func(w *gallery.World) CancelPageProps {
			return CancelPageProps{Visit: cocosVisit(w, 1500, db.AppointmentBooked), Patient: bookedPet, Reason: FirstCancelReason}
		}},
		{Name: "Without a reason", From: func(w *gallery.World) CancelPageProps {
			return CancelPageProps{Visit: cocosVisit(w, 1500, db.AppointmentBooked), Patient: bookedPet, Errors: map[string]string{"reason": "Say why the visit is cancelled, in up to 300 characters."}}
		}},
	},
}
