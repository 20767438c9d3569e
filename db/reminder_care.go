package db

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// CareFacts is what a reminder of care says, and what decides whether it may be sent.
type CareFacts struct {
	Household
	ReminderID    int64      `db:"reminder_id"`
	Status        string     `db:"status"`
	Protocol      string     `db:"protocol"`
	DueOn         time.Time  `db:"due_on"`
	SnoozedUntil  *time.Time `db:"snoozed_until"`
	NextVisitAt   *time.Time `db:"next_visit_at"` // a visit to come of the patient, whatever for
	PatientID     int64      `db:"patient_id"`
	PatientName   string     `db:"patient_name"`
	PatientStatus string     `db:"patient_status"`
}

// WhyNot is the sentence that says why the household is not reminded of the care on a day, "" when it is.
func (c CareFacts) WhyNot(today time.Time) string {
	switch {
	case c.Status == "satisfied":
		return "The care was given."
	case c.PatientStatus == "deceased":
		return "The patient is recorded as deceased."
	case c.PatientStatus != "active":
		return "The patient does not come here any more."
	case c.Status == "cancelled" || c.Status == "lapsed":
		return "The reminder was closed."
	case c.Status == "booked" || c.NextVisitAt != nil:
		return "A visit is booked already."
	case c.SnoozedUntil != nil && c.SnoozedUntil.After(today):
		return "The reminder is put off until " + c.SnoozedUntil.Format("2 January 2006") + "."
	case c.ClientStatus == "merged":
		return mergedReason
	case c.ClientStatus != "active":
		return "The household does not come here any more."
	}
	return c.Unreachable()
}

const careFactsColumns = `
	r.id as reminder_id, r.status::text, o.name as protocol, r.due_on, r.snoozed_until,
	(select min(a.starts_at)
	   from appointment a
	  where a.patient_id = p.id and a.starts_at > @now and a.status in ('requested', 'booked', 'confirmed')) as next_visit_at,
	p.id as patient_id, p.name as patient_name, p.status::text as patient_status,` + householdColumns

const careFactsFrom = `
	  join patient p on p.id = r.patient_id
	  join client c on c.id = p.client_id
	  left join clinic k on true`

// GetCareFacts reads a reminder, its patient, household and clinic as they are now.
func GetCareFacts(ctx context.Context, conn Conn, reminderID int64, now time.Time) (CareFacts, error) {
	rows, _ := conn.Query(ctx, `
		select `+careFactsColumns+`
		  from reminder r
		  join care_protocol o on o.id = r.protocol_id`+careFactsFrom+`
		 where r.id = @id`, pgx.NamedArgs{"id": reminderID, "now": now})
	facts, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[CareFacts])
	return facts, wrap(err, "read reminder %d", reminderID)
}

// CareToRemind is care that is due, and a day before or after on which its household is reminded.
type CareToRemind struct {
	CareFacts
	Days int       `db:"days"` // before it is due; below 0 after
	On   time.Time `db:"send_on"`

	At  time.Time `db:"-"` // when it goes out
	Why string    `db:"-"` // a sentence: why it will not; "" when it will
}

// Reminders of care go out at this hour of the clinic's day, or when its quiet hours end.
const careHour = 9

// missedCare is for how many days a reminder of care is made up for that nobody worked on its day: then the next does.
const missedCare = 7

// PlanCareReminders says what care households are reminded of from one day of the clinic to another, a household's
// pets one below the other: what will go out and, with its reason, what will not.
func PlanCareReminders(ctx context.Context, conn Conn, from, until, now time.Time) ([]CareToRemind, error) {
	quiet, err := GetMessageSettings(ctx, conn)
	if err != nil {
		return nil, err
	}
	rows, _ := conn.Query(ctx, `
		select `+careFactsColumns+`, lead.days, r.due_on - lead.days as send_on
		  from care_protocol o
		 cross join lateral unnest(o.lead_days) as lead (days)
		  join reminder r on r.protocol_id = o.id and r.due_on between @from::date + lead.days and @until::date + lead.days`+careFactsFrom+`
		 where o.active and r.status in ('open', 'booked')
		   and (r.last_sent_at is null or r.last_sent_at::date < r.due_on - lead.days)
		   and not exists (
		     select from message_item i
		      where i.reminder_id = r.id and i.due_on = r.due_on and i.lead <= lead.days and not i.released)
		 order by send_on, c.id, p.name, o.name, lead.days`,
		pgx.NamedArgs{"from": from, "until": until, "now": now})
	care, err := pgx.CollectRows(rows, pgx.RowToStructByName[CareToRemind])
	if err != nil {
		return nil, wrap(err, "list care to remind of")
	}

	last := map[int64]int{} // of several missed days only the last remains
	for _, c := range care {
		if days, known := last[c.ReminderID]; !known || c.Days < days {
			last[c.ReminderID] = c.Days
		}
	}
	care = slices.DeleteFunc(care, func(c CareToRemind) bool { return c.Days != last[c.ReminderID] })
	for i := range care {
		c := &care[i]
		c.At = quiet.End(time.Date(c.On.Year(), c.On.Month(), c.On.Day(), careHour, 0, 0, 0, now.Location()))
		c.Why = c.WhyNot(c.On)
	}
	slices.SortStableFunc(care, func(a, b CareToRemind) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ClientID, b.ClientID)) })
	return care, nil
}

// goes says whether a message is written down: it goes out, or it tells why it cannot reach the household.
func (c CareToRemind) goes() bool { return c.Why == "" || c.Why == c.Unreachable() }

// DueCareReminders is the care whose reminder's time has come, each household's together.
func DueCareReminders(ctx context.Context, conn Conn, now time.Time) ([][]CareToRemind, error) {
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	planned, err := PlanCareReminders(ctx, conn, today.AddDate(0, 0, -missedCare), today, now)
	if err != nil {
		return nil, err
	}
	var due [][]CareToRemind
	place := map[int64]int{}
	for _, care := range planned {
		if care.At.After(now) || !care.goes() {
			continue
		}
		at, known := place[care.ClientID]
		if !known {
			at = len(due)
			place[care.ClientID] = at
			due = append(due, nil)
		}
		due[at] = append(due[at], care)
	}
	return due, nil
}
