package demo

import (
	"slices"
	"time"
)

// lead decides when the visit was booked, and whether the client has confirmed it since.
func (d *diary) lead(v *visit) {
	days := []int{0, 0, 1, 1, 2, 3, 4, 6, 8, 12, 16, 21, 28, 42}
	booked := v.starts.AddDate(0, 0, -one(d.rng, days))
	if booked.After(d.now) {
		booked = d.now.AddDate(0, 0, -d.rng.IntN(21))
	}
	booked = d.openTime(booked)
	if latest := v.starts.Add(-35 * time.Minute); booked.After(latest) {
		booked = latest
	}
	if booked.Before(v.patient.created) { // called a minute after registering
		booked = v.patient.created.Add(time.Minute)
	}
	v.created = earlier(booked, d.now.Add(-2*time.Minute))

	asked := later(v.starts.AddDate(0, 0, -2), v.created.Add(20*time.Minute))
	if answer := asked.Add(time.Duration(d.rng.IntN(600)) * time.Minute); answer.Before(d.now) && answer.Before(v.starts) && chance(d.rng, 72) {
		via := one(d.rng, []string{"email", "email", "sms", "phone"})
		v.confirmed, v.confirmedVia = &answer, &via
	}
}

var cancelReasons = []string{
	"Owner is ill", "Pet is better", "No transport", "Rebooked by telephone", "Work came up", "Going to the emergency hospital", "Weather",
}

// happen gives the visit the status that it has by now, and the time of every step on the way there.
func (d *diary) happen(v *visit) {
	v.status = "booked"
	if v.confirmed != nil {
		v.status = "confirmed"
	}
	since := d.now.Sub(v.starts)
	switch {
	case since > 0 && d.now.Sub(v.ends) > 25*time.Minute:
		d.past(v)
	case since < -15*time.Minute:
		if chance(d.rng, 4) {
			d.cancel(v)
		}
	default:
		d.present(v)
	}
}

func (d *diary) past(v *visit) {
	switch {
	case v.visitType != euthanasia && v.visitType != surgery && chance(d.rng, 5):
		v.status = "no_show"
	case v.visitType != euthanasia && chance(d.rng, 6):
		d.cancel(v)
	default:
		d.complete(v)
	}
}

func (d *diary) cancel(v *visit) {
	at := v.created.Add(time.Duration(d.rng.Float64() * float64(earlier(v.starts, d.now).Sub(v.created))))
	if v.confirmed != nil && at.Before(*v.confirmed) {
		at = *v.confirmed
	}
	v.status, v.ended, v.cancelReason = "cancelled", &at, one(d.rng, cancelReasons)
}

// present is what a visit around now has come to.
func (d *diary) present(v *visit) {
	length := v.ends.Sub(v.starts)
	switch {
	case !d.now.Before(v.ends):
		if chance(d.rng, 40) {
			d.complete(v)
			return
		}
		d.steps(v, "ready", length)
	case d.now.Sub(v.starts) >= 5*time.Minute && chance(d.rng, 85):
		d.steps(v, "in_room", length)
	case !d.now.Before(v.starts) || chance(d.rng, 55):
		d.steps(v, "arrived", length)
	}
}

func (d *diary) complete(v *visit) {
	d.steps(v, "completed", v.ends.Sub(v.starts))
	if v.visitType == euthanasia {
		d.dies(v.patient, v.starts)
	}
	if v.scenario.female {
		yes := true
		v.patient.neutered = &yes
	}
}

// steps sets the times from arrival up to a status, one after the other and none later than now.
func (d *diary) steps(v *visit, status string, length time.Duration) {
	minutes := func(from, to int) time.Duration {
		return time.Duration(from*60+d.rng.IntN((to-from)*60)) * time.Second
	}
	arrived := v.starts.Add(minutes(-14, 5))
	roomed := later(arrived.Add(minutes(1, 6)), v.starts.Add(minutes(-3, 9)))
	ready := roomed.Add(time.Duration(float64(length) * (0.6 + d.rng.Float64()*0.5)))
	completed := ready.Add(minutes(2, 13))
	for i, step := range []struct {
		status string
		at     *time.Time
		into   **time.Time
	}{{"arrived", &arrived, &v.arrived}, {"in_room", &roomed, &v.roomed}, {"ready", &ready, &v.ready}, {"completed", &completed, &v.completed}} {
		*step.at = earlier(*step.at, d.now.Add(-time.Duration(8-2*i)*30*time.Second))
		*step.into, v.status = step.at, step.status
		if step.status == status {
			return
		}
	}
}

// squeeze adds the rare visit that somebody overbooked on purpose, and the requests that wait for an answer.
func (d *diary) squeeze() {
	for _, extra := range []struct {
		day, minute int
		overbook    string
	}{{0, 10*60 + 30, "Bleeding: cannot wait"}, {-2, 15 * 60, "Owner drove two hours"}, {2, 9 * 60, "Dr Lindqvist asked for it"}, {3, 11 * 60, ""}, {5, 14 * 60, ""}} {
		starts, open := d.at(extra.day, extra.minute), hours[d.date(extra.day).Weekday()]
		if extra.minute < open.opens*60 || extra.minute+20 > open.closes*60 {
			continue
		}
		p, why := d.visitor(consultation, extra.day, starts)
		if p == nil {
			continue
		}
		v := visit{
			patient: p, visitType: consultation, vet: maya, room: examRoom[maya], starts: starts, ends: starts.Add(20 * time.Minute),
			reason: why.reason, scenario: why, bookedBy: receptionist, overbookReason: extra.overbook,
		}
		d.lead(&v)
		if d.happen(&v); extra.overbook == "" {
			v.status, v.confirmed, v.confirmedVia, v.ended, v.cancelReason = "requested", nil, nil, nil, ""
			v.note = "Asked for by e-mail; wants this vet."
		}
		d.seenOn[p.id] = append(d.seenOn[p.id], extra.day)
		d.visits = append(d.visits, v)
	}
}

// history books what each patient came for before the diary's weeks begin.
func (d *diary) history() {
	for i := range d.patients {
		p := &d.patients[i]
		for ago, kind := range sorted(p.asked) {
			d.historic(p, -ago, kind)
		}
		if p.asked != nil {
			continue
		}
		from, until := int(p.created.Sub(d.today).Hours()/24), -daysBehind-1
		if from > -historyDays && from < until {
			d.historic(p, from, newPatient)
		}
		from = max(from, -historyDays)
		if p.died != nil {
			until = min(until, int(p.died.Sub(d.today).Hours()/24)-1)
		}
		for range int(float64(until-from)/365*(0.4+d.rng.Float64()) + 0.4) {
			d.historic(p, from+1+d.rng.IntN(max(1, until-from-1)), one(d.rng, []int{consultation, consultation, vaccination, vaccination, recheck}))
		}
	}
}

// historic books a completed visit on the day or soon after it, where a vet has time.
func (d *diary) historic(p *patient, day, kind int) {
	why := d.scenarioFor(kind, p)
	if why == nil {
		return
	}
	for ; day < -daysBehind; day++ {
		open := hours[d.date(day).Weekday()]
		if d.date(day).Weekday() == time.Sunday || d.seenWithin(p.id, day, 1) {
			continue
		}
		vet := one(d.rng, []int64{maya, daniel, amelia, rafael})
		at := (open.opens-firstHour)*6 + d.rng.IntN((open.closes-open.opens)*6-stepsOf(kind))
		if !d.free(vetDay{vet, day}, at, stepsOf(kind)) {
			continue
		}
		starts := d.at(day, firstHour*60+at*stepMinutes)
		if !p.alive(starts.Add(-time.Minute)) {
			return
		}
		v := visit{
			patient: p, visitType: kind, vet: vet, room: examRoom[vet], starts: starts, scenario: why, reason: why.reason,
			ends: starts.Add(time.Duration(minutesOf(kind)) * time.Minute), bookedBy: receptionist,
		}
		d.take(vetDay{vet, day}, at, stepsOf(kind))
		d.seenOn[p.id] = append(d.seenOn[p.id], day)
		d.lead(&v)
		d.complete(&v)
		d.visits = append(d.visits, v)
		return
	}
}

// sorted ranges over a map of days in one order, the oldest first.
func sorted(visits map[int]int) func(yield func(int, int) bool) {
	days := make([]int, 0, len(visits))
	for ago := range visits {
		days = append(days, ago)
	}
	slices.Sort(days)
	slices.Reverse(days)
	return func(yield func(int, int) bool) {
		for _, ago := range days {
			if !yield(ago, visits[ago]) {
				return
			}
		}
	}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
