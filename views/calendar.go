package views

import (
	"slices"
	"strconv"
	"time"

	"purplecross/db"
	"purplecross/views/ui"
)

// CalendarPageProps is one day with a column for everybody who takes visits.
type CalendarPageProps struct {
	Day    time.Time  // Its midnight, in the clinic's zone.
	Hours  db.OpenDay // When the clinic is open.
	Visits []db.Visit // Everything of the day; what is cancelled is left out.
	Vets   []db.Vet   // Who takes visits.
	VetID  int64      // Whose column is shown alone; 0 for everybody's.
}

// The calendar counts in steps of five minutes from the top of its axis.
const calendarStep = 5 * time.Minute

// axis is the stretch of the day that is drawn: whole hours around opening hours and everything booked.
type axis struct{ from, to time.Time }

func (p CalendarPageProps) axis(zone *time.Location) axis {
	a := axis{p.Hours.Opens, p.Hours.Closes}
	midnight, next := p.Day, p.Day.AddDate(0, 0, 1)
	for _, visit := range p.Visits {
		if visit.Status == db.AppointmentCancelled || visit.StartsAt.Before(midnight) || visit.EndsAt.After(next) {
			continue
		}
		if a.from.IsZero() || visit.StartsAt.Before(a.from) {
			a.from = visit.StartsAt
		}
		if a.to.IsZero() || visit.EndsAt.After(a.to) {
			a.to = visit.EndsAt
		}
	}
	if a.from.IsZero() {
		return a
	}
	a.from = floor(a.from.In(zone), time.Hour)
	if whole := floor(a.to.In(zone), time.Hour); whole.Before(a.to) {
		a.to = whole.Add(time.Hour)
	}
	return a
}

// floor rounds down to a step within the hour, as the clocks of the time's zone show it: not every zone is whole hours
// away from UTC.
func floor(at time.Time, step time.Duration) time.Time {
	past := time.Duration(at.Minute())*time.Minute + time.Duration(at.Second())*time.Second + time.Duration(at.Nanosecond())
	return at.Add(-(past % step))
}

// hours are the moments at which the axis is labelled: as many as the day really has.
func (a axis) hours(zone *time.Location) []time.Time {
	var hours []time.Time
	for at := a.from; at.Before(a.to) && len(hours) < 25; at = at.Add(time.Hour) {
		hours = append(hours, at.In(zone))
	}
	return hours
}

// span is where something lies on the axis, for the style sheet: no inline style is allowed, so hours and fives are
// attributes that static rules turn into grid lines.
type span struct{ hour, five, hours, fives int }

func (a axis) span(from, to time.Time) span {
	if from.Before(a.from) {
		from = a.from
	}
	if to.After(a.to) {
		to = a.to
	}
	start := int(from.Sub(a.from) / calendarStep)
	length := max(int((to.Sub(from)+calendarStep-1)/calendarStep), 1)
	return span{start / 12, start % 12, length / 12, length % 12}
}

// calendarColumn is one person's day.
type calendarColumn struct {
	vet   db.Vet // the zero Vet for visits with nobody in particular
	items []calendarItem
	gaps  []calendarGap
	lanes int
}

type calendarItem struct {
	visit db.Visit
	span  span
	lane  int // 0 for the whole width; from 1 on beside others
}

type calendarGap struct {
	from time.Time
	span span
}

// columns are the vets' days, and one for visits with nobody in particular if there are any.
func (p CalendarPageProps) columns(now time.Time) []calendarColumn {
	zone := now.Location()
	a := p.axis(zone)
	var columns []calendarColumn
	for _, vet := range p.Vets {
		if p.VetID == 0 || p.VetID == vet.ID {
			columns = append(columns, p.column(a, vet, now))
		}
	}
	if p.VetID == 0 {
		if anyone := p.column(a, db.Vet{}, now); len(anyone.items) > 0 {
			columns = append(columns, anyone)
		}
	}
	return columns
}

func (p CalendarPageProps) column(a axis, vet db.Vet, now time.Time) calendarColumn {
	column := calendarColumn{vet: vet}
	var busy []db.Visit
	for _, visit := range p.Visits {
		holder := int64(0)
		if visit.VetID != nil {
			holder = *visit.VetID
		}
		everybody := visit.Block() && visit.VetID == nil && visit.RoomID == nil
		mine := holder == vet.ID && (vet.ID != 0 || !visit.Block())
		if visit.Status == db.AppointmentCancelled || !mine && (!everybody || vet.ID == 0) {
			continue
		}
		if visit.EndsAt.After(a.from) && visit.StartsAt.Before(a.to) {
			column.items = append(column.items, calendarItem{visit: visit, span: a.span(visit.StartsAt, visit.EndsAt)})
			if visit.Status != db.AppointmentNoShow {
				busy = append(busy, visit)
			}
		}
	}
	slices.SortStableFunc(column.items, func(a, b calendarItem) int { return a.visit.StartsAt.Compare(b.visit.StartsAt) })
	column.lanes = assignLanes(column.items)
	if vet.ID != 0 && !p.Hours.Closed() {
		column.gaps = p.gapsOf(a, busy, now)
	}
	return column
}

// assignLanes puts what overlaps side by side and answers how many lanes the column needs.
func assignLanes(items []calendarItem) int {
	lanes := 1
	for first := 0; first < len(items); {
		end, next := items[first].visit.EndsAt, first+1
		for next < len(items) && items[next].visit.StartsAt.Before(end) {
			if items[next].visit.EndsAt.After(end) {
				end = items[next].visit.EndsAt
			}
			next++
		}
		if next-first > 1 {
			lanes = max(lanes, shareLanes(items[first:next]))
		}
		first = next
	}
	return min(lanes, 4)
}

func shareLanes(items []calendarItem) int {
	var free []time.Time // when each lane is free again
	for i := range items {
		lane := slices.IndexFunc(free, func(at time.Time) bool { return !at.After(items[i].visit.StartsAt) })
		if lane < 0 {
			free = append(free, time.Time{})
			lane = len(free) - 1
		}
		free[lane] = items[i].visit.EndsAt
		items[i].lane = min(lane, 3) + 1
	}
	return len(free)
}

// gapsOf are the free half-hours of a day from now on, each a link to book it.
func (p CalendarPageProps) gapsOf(a axis, busy []db.Visit, now time.Time) []calendarGap {
	var gaps []calendarGap
	from := p.Hours.Opens.In(now.Location())
	if soon := floor(now.Add(9*time.Minute), 10*time.Minute); soon.After(from) {
		from = soon
	}
	for from.Before(p.Hours.Closes) {
		to := floor(from, 30*time.Minute).Add(30 * time.Minute)
		if to.After(p.Hours.Closes) {
			to = p.Hours.Closes
		}
		blocked := slices.IndexFunc(busy, func(v db.Visit) bool { return v.StartsAt.Before(to) && v.EndsAt.After(from) })
		switch {
		case blocked >= 0 && !busy[blocked].StartsAt.After(from):
			from = busy[blocked].EndsAt.In(now.Location())
			continue
		case blocked >= 0:
			to = busy[blocked].StartsAt
		}
		if to.Sub(from) >= 10*time.Minute {
			gaps = append(gaps, calendarGap{from, a.span(from, to)})
		}
		from = to
	}
	return gaps
}

// week is Monday to Sunday around the day.
func (p CalendarPageProps) week(now time.Time) []ui.Tab {
	monday := p.Day.AddDate(0, 0, -(int(p.Day.Weekday())+6)%7)
	tabs := make([]ui.Tab, 7)
	for i := range tabs {
		day := monday.AddDate(0, 0, i)
		tabs[i] = ui.Tab{
			Label: day.Format("Mon 2"), Href: dayHref("/calendar", day, p.VetID, now),
			Current: day.Format(time.DateOnly) == p.Day.Format(time.DateOnly),
		}
	}
	return tabs
}

func gapHref(vet db.Vet, gap calendarGap, zone *time.Location) string {
	return "/appointments/new?from=" + gap.from.In(zone).Format("2006-01-02T15:04") + "&vet=" + strconv.FormatInt(vet.ID, 10)
}

func itemWords(visit db.Visit, zone *time.Location) string {
	return ui.ClockTime(visit.StartsAt.In(zone)) + "–" + ui.ClockTime(visit.EndsAt.In(zone))
}
