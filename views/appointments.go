package views

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"purplecross/db"
	"purplecross/views/ui"
)

// BannerOf says who a patient is.
func BannerOf(patient db.Patient, client db.Client, now time.Time) ui.PatientBannerProps {
	banner := ui.PatientBannerProps{
		ID: patient.ID, Name: patient.Name, Species: string(patient.Species), Breed: patient.Breed,
		Sex: ui.SexWord(string(patient.Sex), patient.Neutered), Weight: ui.Weight(patient.WeightG),
		Alert: patient.Alert, Owner: client.Name(), OwnerHref: "/clients/" + formatID(client.ID),
		Status: string(patient.Status), Compact: true,
	}
	if patient.DeceasedOn != nil {
		now = *patient.DeceasedOn
	}
	banner.Age = ui.Age(patient.DOB, patient.DOBEstimated, now)
	if patient.WeighedOn != nil {
		banner.WeighedOn = patient.WeighedOn.Format("2 Jan 2006")
	}
	return banner
}

// cancelReasons are what people say on the telephone.
var cancelReasons = []ui.Option{
	{Value: "Client can't make it", Label: "Client can't make it"},
	{Value: "Pet is better", Label: "Pet is better"},
	{Value: "Clinic had to cancel", Label: "Clinic had to cancel"},
	{Value: "Booked by mistake", Label: "Booked by mistake"},
}

// FirstCancelReason is chosen until another is.
const FirstCancelReason = "Client can't make it"

func visitTitle(visit db.Visit) string {
	if visit.PatientName == "" {
		return visit.TypeName
	}
	return visit.TypeName + " for " + visit.PatientName
}

func idOf(id *int64) string {
	if id == nil {
		return ""
	}
	return strconv.FormatInt(*id, 10)
}

func canCancel(status db.AppointmentStatus) bool {
	switch status {
	case db.AppointmentRequested, db.AppointmentBooked, db.AppointmentConfirmed, db.AppointmentArrived:
		return true
	}
	return false
}

func canMove(status db.AppointmentStatus) bool {
	switch status {
	case db.AppointmentCompleted, db.AppointmentCancelled, db.AppointmentNoShow:
		return false
	}
	return true
}

func canNoShow(visit db.Visit, now time.Time) bool {
	waiting := visit.Status == db.AppointmentBooked || visit.Status == db.AppointmentConfirmed
	return waiting && !now.Before(visit.StartsAt)
}

// undoWord names the step that is taken back.
func undoWord(status db.AppointmentStatus) string {
	switch status {
	case db.AppointmentArrived:
		return "check-in"
	case db.AppointmentNoShow:
		return "no-show"
	}
	return "“" + strings.ToLower(ui.StatusWord(string(status))) + "”"
}

func confirmedVia(visit db.Visit) string {
	if visit.ConfirmedVia == nil {
		return ""
	}
	return "by " + strings.ReplaceAll(*visit.ConfirmedVia, "email", "e-mail")
}

// minutesWords is a stretch of time as people say it: "12 min", "1 h 5 min".
func minutesWords(length time.Duration) string {
	minutes := max(int(length.Minutes()), 0)
	if minutes < 60 {
		return strconv.Itoa(minutes) + " min"
	}
	return fmt.Sprintf("%d h %d min", minutes/60, minutes%60)
}

func countWords(n int) string {
	if n == 0 {
		return ""
	}
	return ui.Count(n)
}

// visitAction is what somebody did, as the log names it, in words.
func visitAction(action string) string {
	switch action {
	case "booked", "created":
		return "booked the visit"
	case "updated":
		return "changed the visit"
	case "checked in":
		return "checked the patient in"
	case "roomed":
		return "brought the patient to the room"
	case "finished":
		return "made the patient ready to go"
	case "marked as no-show":
		return "marked the visit as a no-show"
	case "undone":
		return "took the last step back"
	}
	return action + " the visit"
}

// visitFields are what the log keeps of a visit, in the order people ask.
var visitFields = []struct{ key, word string }{
	{"status", "Status"},
	{"starts_at", "Time"},
	{"minutes", "Length"},
	{"type", "For"},
	{"vet", "With"},
	{"room", "Where"},
	{"reason", "Reason"},
	{"overbook_reason", "Overbooked because"},
	{"cancel_reason", "Cancelled because"},
}

// visitChanges says what one line of the history changed, a sentence a field.
func visitChanges(ctx context.Context, diff db.Diff) []string {
	var said []string
	for _, field := range visitFields {
		change, changed := diff[field.key]
		if !changed {
			continue
		}
		before, after := logged(ctx, field.key, change[0]), logged(ctx, field.key, change[1])
		switch {
		case before == "":
			said = append(said, field.word+": "+after)
		case after == "":
			said = append(said, field.word+": "+before+" → none")
		default:
			said = append(said, field.word+": "+before+" → "+after)
		}
	}
	return said
}

// logged is a value of the log as people read it. JSON has turned times into text and numbers into floats.
func logged(ctx context.Context, key string, value any) string {
	switch value := value.(type) {
	case string:
		if key == "status" {
			return ui.StatusWord(value)
		}
		if at, err := time.Parse(time.RFC3339, value); err == nil {
			now, zone := ui.ClockFrom(ctx)
			return nearDay(at.In(zone), now) + " " + ui.ClockTime(at.In(zone))
		}
		return value
	case float64:
		if value == 0 {
			return ""
		}
		if key == "minutes" {
			return fmt.Sprintf("%.0f min", value)
		}
		return fmt.Sprint(value)
	}
	return ""
}
