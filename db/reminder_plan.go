package db

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// PlannedMessage is a reminder that has not been written down yet: what will go out, or why it will not.
type PlannedMessage struct {
	Kind   MessageKind
	At     time.Time
	To     Household
	Visits []VisitToRemind
	Care   []CareToRemind
	Why    string // a sentence; "" when it will go out
}

// Facts is what the message would say.
func (p PlannedMessage) Facts() MessageFacts {
	facts := MessageFacts{Household: p.To}
	for _, visit := range p.Visits {
		facts.Visits = append(facts.Visits, visit.VisitFacts)
	}
	for _, care := range p.Care {
		facts.Care = append(facts.Care, care.CareFacts)
	}
	return facts
}

// PlanReminders says what a day of the clinic, given by its midnight, will send from now on, by the time, and what it
// will not, each with its reason. It asks what WriteReminders asks.
func PlanReminders(ctx context.Context, conn Conn, day, now time.Time) ([]PlannedMessage, error) {
	after, until := day.Add(-time.Nanosecond), day.AddDate(0, 0, 1).Add(-time.Nanosecond)
	if after.Before(now) {
		after = now
	}
	visits, err := PlanVisitReminders(ctx, conn, after, until)
	if err != nil {
		return nil, err
	}
	date := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)
	care, err := PlanCareReminders(ctx, conn, date, date, now)
	if err != nil {
		return nil, err
	}
	care = slices.DeleteFunc(care, func(c CareToRemind) bool { return !c.At.After(after) })

	planned := append(planVisits(visits), planCare(care)...)
	slices.SortStableFunc(planned, func(a, b PlannedMessage) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.To.ClientLastName, b.To.ClientLastName), cmp.Compare(a.To.ClientID, b.To.ClientID))
	})
	return planned, nil
}

// planVisits puts together what goes out together; what does not go out stands alone with its reason.
func planVisits(visits []VisitToRemind) []PlannedMessage {
	var planned []PlannedMessage
	place := map[byVisitDay]int{}
	for _, visit := range visits {
		if at, known := place[visit.group()]; known && visit.goes() {
			planned[at].Visits = append(planned[at].Visits, visit)
			continue
		}
		if visit.goes() {
			place[visit.group()] = len(planned)
		}
		planned = append(planned, PlannedMessage{Kind: MessageVisitReminder, At: visit.At, To: visit.Household, Visits: []VisitToRemind{visit}, Why: visit.Why})
	}
	return planned
}

func planCare(all []CareToRemind) []PlannedMessage {
	var planned []PlannedMessage
	place := map[int64]int{}
	for _, care := range all {
		if at, known := place[care.ClientID]; known && care.goes() {
			planned[at].Care = append(planned[at].Care, care)
			continue
		}
		if care.goes() {
			place[care.ClientID] = len(planned)
		}
		planned = append(planned, PlannedMessage{Kind: MessageCareReminder, At: care.At, To: care.Household, Care: []CareToRemind{care}, Why: care.Why})
	}
	return planned
}

// NextReminders are, by visit, the next reminder of each visit to come of a household that has not gone out.
func NextReminders(ctx context.Context, conn Conn, clientID int64, now time.Time) (map[int64]VisitToRemind, error) {
	quiet, err := GetMessageSettings(ctx, conn)
	if err != nil {
		return nil, err
	}
	visits, err := visitsToRemind(ctx, conn, clientID, now, now.AddDate(2, 0, 0), now.AddDate(2, 0, 0))
	if err != nil {
		return nil, err
	}
	next := map[int64]VisitToRemind{}
	for _, planned := range together(eachHour(visits, quiet, now.Location())) {
		if known, is := next[planned.AppointmentID]; planned.At.After(now) && (!is || planned.At.Before(known.At)) {
			next[planned.AppointmentID] = planned
		}
	}
	return next, nil
}
