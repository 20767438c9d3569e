package db

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// VisitToRemind is a visit to come and one time before it at which its household is reminded.
type VisitToRemind struct {
	VisitFacts
	RemindHours []int32    `db:"remind_hours"`
	ToldAt      *time.Time `db:"told_at"`  // when a message about it, other than a reminder, was written last
	Reminded    []int32    `db:"reminded"` // hours before that are taken care of, for the visit as it stands

	Hours int       `db:"-"` // before the visit, of this reminder
	At    time.Time `db:"-"` // when it goes out
	Why   string    `db:"-"` // a sentence: why it will not; "" when it will
}

// justTold is how long before a reminder the household may have been told last: it still knows.
const justTold = 12 * time.Hour

const longestHours = 336 // as appointment_type_remind_hours allows

// sameDay is by how much the reminders of one day's visits may lie apart, the quiet hours included.
const sameDay = 48 * time.Hour

// visitsToRemind are the visits of a household, or with 0 of all, that begin between two moments and whose first reminder
// is due by a third, each with everything its reminders rest on.
func visitsToRemind(ctx context.Context, conn Conn, clientID int64, after, until, due time.Time) ([]VisitToRemind, error) {
	rows, _ := conn.Query(ctx, `
		select `+visitFactsColumns+`, t.remind_hours, told.at as told_at,
		       array(select i.lead
		               from message_item i
		              where i.appointment_id = a.id and i.said_at = a.starts_at and not i.released) as reminded`+visitFactsFrom+`
		  left join lateral (
		    select max(m.created_at) as at
		      from message m
		     where m.appointment_id = a.id and m.direction = 'out' and m.status in ('queued', 'sending', 'sent', 'delivered')
		       and m.kind not in ('visit_reminder', 'care_reminder')
		  ) told on true
		 where a.kind = 'visit' and a.starts_at > $1 and a.starts_at <= $2
		   and a.status in ('requested', 'booked', 'confirmed')
		   and a.starts_at - make_interval(hours => (select max(hours) from unnest(t.remind_hours) hours)) <= $4
		   and ($3 = 0 or a.client_id = $3)
		 order by a.starts_at, a.id`, after, until, clientID, due)
	visits, err := pgx.CollectRows(rows, pgx.RowToStructByName[VisitToRemind])
	return visits, wrap(err, "list visits to remind of")
}

// PlanVisitReminders says which reminders of visits fall between two moments, in the zone that they carry, the first
// by its time: those that will go out and, with their reason, those that will not. One household is reminded at one
// moment of all its visits of a day.
func PlanVisitReminders(ctx context.Context, conn Conn, after, until time.Time) ([]VisitToRemind, error) {
	planned, err := remindersOfVisits(ctx, conn, after, until)
	planned = slices.DeleteFunc(planned, func(v VisitToRemind) bool { return !v.At.After(after) })
	return planned, err
}

// remindersOfVisits are the reminders, until a moment, of the visits that begin after another.
func remindersOfVisits(ctx context.Context, conn Conn, begin, until time.Time) ([]VisitToRemind, error) {
	quiet, err := GetMessageSettings(ctx, conn)
	if err != nil {
		return nil, err
	}
	visits, err := visitsToRemind(ctx, conn, 0, begin, until.Add((longestHours+24)*time.Hour), until.Add(sameDay))
	if err != nil {
		return nil, err
	}
	planned := together(eachHour(visits, quiet, until.Location()))
	planned = slices.DeleteFunc(planned, func(v VisitToRemind) bool { return v.At.After(until) })
	slices.SortStableFunc(planned, func(a, b VisitToRemind) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ClientID, b.ClientID), a.StartsAt.Compare(b.StartsAt))
	})
	return planned, nil
}

// eachHour is one reminder for each of the hours before a visit that its type asks for and nothing has taken care of.
func eachHour(visits []VisitToRemind, quiet MessageSettings, zone *time.Location) []VisitToRemind {
	var each []VisitToRemind
	for _, visit := range visits {
		for _, hours := range visit.RemindHours {
			if slices.Contains(visit.Reminded, hours) {
				continue
			}
			one := visit
			one.Hours = int(hours)
			due := visit.StartsAt.Add(-time.Duration(hours) * time.Hour)
			one.At = quiet.End(due.In(zone))
			if !one.At.Before(visit.StartsAt) {
				continue // the night before would be after
			}
			one.Why = one.whyNotAt(due)
			each = append(each, one)
		}
	}
	return each
}

// whyNotAt says why the household is not reminded at a moment.
func (v VisitToRemind) whyNotAt(due time.Time) string {
	told := v.BookedAt
	if v.ToldAt != nil && v.ToldAt.After(told) {
		told = *v.ToldAt
	}
	why := v.WhyNot(MessageVisitReminder, due)
	if (why == "" || why == v.Unreachable()) && told.After(due.Add(-justTold)) {
		return "The client was told about the visit shortly before."
	}
	return why
}

// byVisitDay is what one message to a household can tell together.
type byVisitDay struct {
	client int64
	day    string
	hours  int
}

func (v VisitToRemind) group() byVisitDay {
	return byVisitDay{v.ClientID, v.StartsAt.In(v.At.Location()).Format(time.DateOnly), v.Hours}
}

// together moves the reminders of a household's visits of one day to the earliest of them.
func together(visits []VisitToRemind) []VisitToRemind {
	first := map[byVisitDay]time.Time{}
	for _, visit := range visits {
		if at, known := first[visit.group()]; visit.goes() && (!known || visit.At.Before(at)) {
			first[visit.group()] = visit.At
		}
	}
	for i, visit := range visits {
		if at, known := first[visit.group()]; visit.goes() && known {
			visits[i].At = at
		}
	}
	return visits
}

// goes says whether a message is written down: it goes out, or it tells why it cannot reach the household.
func (v VisitToRemind) goes() bool { return v.Why == "" || v.Why == v.Unreachable() }

// DueVisitReminders are the reminders of visits whose time has come, each household's of one day together. Of several
// that were missed only the last before the visit remains.
func DueVisitReminders(ctx context.Context, conn Conn, now time.Time) ([][]VisitToRemind, error) {
	planned, err := remindersOfVisits(ctx, conn, now, now)
	if err != nil {
		return nil, err
	}
	latest := map[int64]int{} // by visit, the fewest hours
	for _, visit := range planned {
		if hours, known := latest[visit.AppointmentID]; !known || visit.Hours < hours {
			latest[visit.AppointmentID] = visit.Hours
		}
	}
	var due [][]VisitToRemind
	place := map[byVisitDay]int{}
	for _, visit := range planned {
		if hours, known := latest[visit.AppointmentID]; !known || hours != visit.Hours || !visit.goes() {
			continue
		}
		if slices.ContainsFunc(visit.Reminded, func(taken int32) bool { return int(taken) < visit.Hours }) {
			continue // a later one is out already
		}
		at, known := place[visit.group()]
		if !known {
			at = len(due)
			place[visit.group()] = at
			due = append(due, nil)
		}
		due[at] = append(due[at], visit)
	}
	return due, nil
}
