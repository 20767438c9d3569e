package views

import (
	"slices"
	"time"

	"purplecross/db"
	"purplecross/views/gallery"
)

// dayVets are the people of every story about a day.
var dayVets = []db.Vet{
	{ID: 1, Name: "Dr Ana Reyes", Initials: "AR", Colour: 0},
	{ID: 2, Name: "Dr Chidi Okafor", Initials: "CO", Colour: 1},
	{ID: 3, Name: "Dr Siân van der Berg", Initials: "SB", Colour: 3},
}

// dayTypes are what visits of stories are for.
var dayTypes = []db.AppointmentType{
	{ID: 1, Name: "Consultation", Minutes: 20, Colour: 0, NeedsVet: true, NeedsRoom: true},
	{ID: 2, Name: "Vaccination", Minutes: 15, Colour: 1, NeedsVet: true, NeedsRoom: true},
	{ID: 3, Name: "Surgery", Minutes: 60, Colour: 6, NeedsVet: true, NeedsRoom: true},
	{ID: 4, Name: "Nail clip", Minutes: 10, Colour: 2},
}

var dayRooms = []db.Room{{ID: 1, Name: "Room 1"}, {ID: 2, Name: "Room 2"}, {ID: 3, Name: "Theatre"}}

// dayVisit is a visit so many minutes from now, of a made-up pet, as far as status says.
func dayVisit(w *gallery.World, id int64, in int, status db.AppointmentStatus) db.Visit {
	kind, vet, room := dayTypes[id%3], dayVets[(id+id/3)%3], dayRooms[id%3]
	starts := w.Now.Add(time.Duration(in) * time.Minute)
	ago := func(minutes int) *time.Time {
		at := w.Now.Add(-time.Duration(minutes) * time.Minute)
		return &at
	}
	visit := db.Visit{
		Appointment: db.Appointment{
			ID: id, Kind: "visit", ClientID: &id, PatientID: &id, TypeID: &kind.ID, VetID: &vet.ID, RoomID: &room.ID,
			StartsAt: starts, EndsAt: starts.Add(time.Duration(kind.Minutes) * time.Minute), Status: status, Version: 1,
			CreatedAt: w.Now.AddDate(0, 0, -3), UpdatedAt: w.Now.Add(-time.Duration(5+in*in%7) * time.Minute),
		},
		TypeName: kind.Name, TypeColour: kind.Colour, PatientName: w.Pet(), Species: gallery.Pick(w, "dog", "cat", "rabbit"), PatientStatus: "active",
		ClientFirst: gallery.Pick(w, "Ana", "Bo", "María José", ""), ClientLast: gallery.Pick(w, "Le", "O'Brien", "Abernathy-Featherstonehaugh", "Null"),
		ClientPhone: w.Phone(), VetName: vet.Name, VetInitials: vet.Initials, VetColour: vet.Colour, RoomName: room.Name,
		BookedByName: "Dana Hart",
	}
	visit.Reason = gallery.Pick(w, "", "Limps since Sunday", "Yearly boosters", w.Note(2))
	switch status {
	case db.AppointmentCompleted:
		visit.CompletedAt = ago(40)
		fallthrough
	case db.AppointmentReady:
		visit.ReadyAt = ago(41)
		fallthrough
	case db.AppointmentInRoom:
		visit.RoomedAt = ago(55)
		fallthrough
	case db.AppointmentArrived:
		visit.ArrivedAt = ago(67)
	case db.AppointmentCancelled:
		visit.CancelledAt, visit.CancelReason = ago(90), "Client can't make it"
	}
	return visit
}

// dayLunch is an hour that keeps visits away from one vet.
func dayLunch(w *gallery.World, id int64, vet db.Vet) db.Visit {
	noon := w.Day(0).Add(12 * time.Hour)
	return db.Visit{
		Appointment: db.Appointment{ID: id, Kind: "block", VetID: &vet.ID, StartsAt: noon, EndsAt: noon.Add(time.Hour), Status: db.AppointmentBooked, Reason: "Lunch"},
		VetName:     vet.Name, VetInitials: vet.Initials, VetColour: vet.Colour,
	}
}

// busyDay is a busy day around now, in the order of time.
func busyDay(w *gallery.World) []db.Visit {
	visits := []db.Visit{
		dayVisit(w, 11, -120, db.AppointmentCompleted), dayVisit(w, 12, -100, db.AppointmentNoShow), dayVisit(w, 13, -80, db.AppointmentCancelled),
		dayVisit(w, 14, -60, db.AppointmentReady), dayVisit(w, 15, -50, db.AppointmentInRoom), dayVisit(w, 16, -30, db.AppointmentArrived),
		dayVisit(w, 17, -20, db.AppointmentBooked), dayVisit(w, 18, 10, db.AppointmentArrived), dayVisit(w, 19, 30, db.AppointmentConfirmed),
		dayVisit(w, 20, 60, db.AppointmentBooked), dayVisit(w, 23, 70, db.AppointmentBooked),
	}
	visits[4].PatientAlert, visits[4].CareDue = "Bites when her paws are touched.", true
	visits[7].ClientAlert = "Pays before the visit."
	visits[9].Overbooked, visits[9].OverbookReason = true, "Bleeding, can't wait"
	visits[10].VetID, visits[10].VetName, visits[10].VetInitials, visits[10].VetColour = visits[9].VetID, visits[9].VetName, visits[9].VetInitials, visits[9].VetColour
	for i, vet := range dayVets {
		visits = append(visits, dayLunch(w, int64(31+i), vet))
	}
	slices.SortStableFunc(visits, func(a, b db.Visit) int { return a.StartsAt.Compare(b.StartsAt) })
	return visits
}

func dayHours(w *gallery.World) db.OpenDay {
	return db.OpenDay{Opens: w.Day(0).Add(8 * time.Hour), Closes: w.Day(0).Add(18 * time.Hour)}
}

// BoardStories show the day board.
var BoardStories = gallery.Component[BoardPageProps]{
	Path: "Day/Board", View: BoardPage, Covers: []string{"views.BoardPart"}, Tags: []string{"page"}, Mock: boardMock,
	Stories: []gallery.Story[BoardPageProps]{
		{Name: "Busy day", Play: boardPlay, From: func(w *gallery.World) BoardPageProps {
			return BoardPageProps{Day: w.Day(0), Hours: dayHours(w), Visits: busyDay(w), Vets: dayVets}
		}},
		{Name: "With finished visits", From: func(w *gallery.World) BoardPageProps {
			return BoardPageProps{Day: w.Day(0), Hours: dayHours(w), Visits: busyDay(w), Vets: dayVets, All: true}
		}},
		{Name: "One vet, tomorrow", From: func(w *gallery.World) BoardPageProps {
			visits := []db.Visit{dayVisit(w, 18, 1440, db.AppointmentBooked), dayVisit(w, 21, 1500, db.AppointmentConfirmed)}
			return BoardPageProps{Day: w.Day(1), Hours: dayHours(w), Visits: visits, Vets: dayVets, VetID: *visits[0].VetID}
		}},
		{Name: "Nothing yet", From: func(w *gallery.World) BoardPageProps {
			return BoardPageProps{Day: w.Day(0), Hours: dayHours(w), Vets: dayVets}
		}},
		{Name: "Closed", From: func(w *gallery.World) BoardPageProps {
			return BoardPageProps{Day: w.Day(5), Vets: dayVets}
		}},
	},
}

// CalendarStories show the calendar of a day.
var CalendarStories = gallery.Component[CalendarPageProps]{
	Path: "Day/Calendar", View: CalendarPage, Tags: []string{"page"},
	Stories: []gallery.Story[CalendarPageProps]{
		{Name: "Busy day", From: func(w *gallery.World) CalendarPageProps {
			return CalendarPageProps{Day: w.Day(0), Hours: dayHours(w), Visits: busyDay(w), Vets: dayVets}
		}},
		{Name: "One vet", From: func(w *gallery.World) CalendarPageProps {
			return CalendarPageProps{Day: w.Day(0), Hours: dayHours(w), Visits: busyDay(w), Vets: dayVets, VetID: 2}
		}},
		{Name: "Closed", From: func(w *gallery.World) CalendarPageProps {
			return CalendarPageProps{Day: w.Day(5), Vets: dayVets}
		}},
	},
}
