package demo

import "time"

// visit is an appointment to be; a block has no patient.
type visit struct {
	id                                       int64
	patient                                  *patient
	visitType                                int
	vet, room                                int64 // 0 for none
	starts, ends                             time.Time
	status, reason, note                     string
	overbookReason                           string
	confirmed                                *time.Time
	confirmedVia                             *string
	arrived, roomed, ready, completed, ended *time.Time // ended: cancelled
	cancelReason                             string
	bookedBy                                 int64
	created                                  time.Time
	scenario                                 *scenario
}

const (
	stepMinutes = 10
	firstHour   = 8 // the grid of a day starts here
	daySteps    = 10 * 60 / stepMinutes

	daysBehind, daysAhead = 7, 14
	historyDays           = 730
)

// diary fills the days of every vet. A vet's day is a word of bits, one a ten-minute step, so nobody is ever booked
// twice; every vet has an exam room, and only one operates a day, so no room is either.
type diary struct {
	*nursery
	patients []patient
	today    time.Time // midnight
	taken    map[vetDay]uint64
	seenOn   map[int64][]int // patient → days of the diary
	visits   []visit
}

type vetDay struct {
	vet int64
	day int // from today
}

// busyness is how full a day is, in percent of its steps, by its distance from today.
func busyness(day int) int {
	switch {
	case day <= 0:
		return 88
	case day <= 2:
		return 76
	case day <= 5:
		return 56
	case day <= 9:
		return 38
	}
	return 24
}

// fill writes the weeks around today, the days that matter most first, so that a small clinic is busy today.
func (d *diary) fill() {
	for distance := 0; distance <= daysAhead; distance++ {
		d.fillDay(distance)
		if distance > 0 && distance <= daysBehind {
			d.fillDay(-distance)
		}
	}
}

func (d *diary) fillDay(day int) {
	for _, vet := range []int64{maya, daniel, amelia, rafael} {
		d.block(vet, day)
		d.fillVet(vet, day)
	}
	open := hours[d.date(day).Weekday()]
	for range 2 + d.rng.IntN(4) { // the nurses' visits need no vet
		kind := one(d.rng, []int{nailTrim, nailTrim, weightCheck})
		at := (open.opens-firstHour)*6 + d.rng.IntN((open.closes-open.opens)*6-1)
		if key := (vetDay{-treatmentRoom, day}); d.free(key, at, 1) {
			d.book(0, treatmentRoom, day, at, kind)
		}
	}
}

// block takes what no visit may have: days off, lunch, an hour for letters.
func (d *diary) block(vet int64, day int) {
	date := d.date(day)
	weekday, open := date.Weekday(), hours[date.Weekday()]
	off := map[int64]map[time.Weekday]bool{
		daniel: {time.Saturday: true}, amelia: {time.Sunday: true, time.Monday: true}, rafael: {time.Saturday: true, time.Sunday: true, time.Friday: true},
	}
	lunch := map[int64]int{maya: 12 * 60, daniel: 13 * 60, amelia: 12*60 + 30, rafael: 13 * 60}
	switch {
	case off[vet][weekday]:
		d.blockOut(vet, day, open.opens*60, open.closes*60, "Day off")
	case vet == amelia && day >= 8 && day <= 10:
		d.blockOut(vet, day, open.opens*60, open.closes*60, "Annual leave")
	case weekday == time.Saturday:
	case weekday == time.Sunday:
		d.blockOut(vet, day, lunch[vet], lunch[vet]+30, "Lunch")
	default:
		d.blockOut(vet, day, lunch[vet], lunch[vet]+60, "Lunch")
		if vet == daniel && weekday == time.Wednesday {
			d.blockOut(vet, day, 16*60, 17*60, "Letters and calls")
		}
	}
}

func (d *diary) blockOut(vet int64, day, from, until int, why string) {
	starts := d.at(day, from)
	d.take(vetDay{vet, day}, (from-firstHour*60)/stepMinutes, (until-from)/stepMinutes)
	d.visits = append(d.visits, visit{
		vet: vet, starts: starts, ends: d.at(day, until), status: "booked", reason: why, bookedBy: 4,
		created: d.openTime(d.now.AddDate(0, 0, -30-d.rng.IntN(20))),
	})
}

// fillVet walks through a vet's day and books what fits, leaving gaps as real days have them.
func (d *diary) fillVet(vet int64, day int) {
	open := hours[d.date(day).Weekday()]
	first, last := (open.opens-firstHour)*6, (open.closes-firstHour)*6
	operates := vet == rafael && (d.date(day).Weekday() == time.Tuesday || d.date(day).Weekday() == time.Thursday)
	for at := first; at < last; {
		if !chance(d.rng, busyness(day)) {
			at += 1 + d.rng.IntN(2)
			continue
		}
		kind, room := d.draw(), examRoom[vet]
		if operates && at < 24 {
			kind, room = one(d.rng, []int{surgery, dental, dental}), surgeryRoom
		}
		steps := stepsOf(kind)
		if at+steps > last || !d.free(vetDay{vet, day}, at, steps) || !d.book(vet, room, day, at, kind) {
			at++
			continue
		}
		at += steps
	}
}

// draw picks a type of visit as often as vets see it.
func (d *diary) draw() int {
	at := d.rng.IntN(97)
	for _, t := range visitTypes {
		if at -= t.often; at < 0 {
			return int(t.id)
		}
	}
	return consultation
}

func minutesOf(kind int) int { return visitTypes[kind-1].minutes }

func stepsOf(kind int) int { return (minutesOf(kind) + stepMinutes - 1) / stepMinutes }

// book finds a patient for the slot and writes the visit; false when nobody suitable turned up.
func (d *diary) book(vet, room int64, day, at, kind int) bool {
	if kind == phoneConsult {
		room = 0
	}
	starts := d.at(day, firstHour*60+at*stepMinutes)
	p, why := d.visitor(kind, day, starts)
	if p == nil {
		return false
	}
	v := visit{
		patient: p, visitType: kind, vet: vet, room: room, starts: starts,
		ends: starts.Add(time.Duration(minutesOf(kind)) * time.Minute), reason: why.reason, scenario: why, bookedBy: receptionist,
	}
	if chance(d.rng, 40) {
		v.bookedBy = secondReceptionist
	}
	key := vetDay{vet, day}
	if vet == 0 {
		key.vet = -room
	}
	d.take(key, at, stepsOf(kind))
	d.seenOn[p.id] = append(d.seenOn[p.id], day)
	d.lead(&v)
	d.happen(&v)
	d.visits = append(d.visits, v)
	return true
}

// visitor draws a patient who may come then: alive, known, and not here within three days of it.
func (d *diary) visitor(kind, day int, starts time.Time) (*patient, *scenario) {
	for range 24 {
		p := &d.patients[d.rng.IntN(len(d.patients))]
		switch {
		case p.quiet || p.status == "rehomed" || p.status == "inactive" || !p.alive(starts.Add(-time.Hour)):
			continue
		case p.died != nil && day >= -1: // the dead have no visits ahead
			continue
		case kind == newPatient && p.created.Before(d.today.AddDate(0, 0, -120)):
			continue
		case kind == euthanasia && (p.age(d.now) < 0.7*lifespan[p.species] || d.seenWithin(p.id, 0, daysAhead+1)):
			continue
		case d.seenWithin(p.id, day, 3):
			continue
		}
		if why := d.scenarioFor(kind, p); why != nil {
			return p, why
		}
	}
	return nil, nil
}

func (d *diary) seenWithin(patient int64, day, days int) bool {
	for _, other := range d.seenOn[patient] {
		if other > day-days && other < day+days {
			return true
		}
	}
	return false
}

func (d *diary) date(day int) time.Time { return d.today.AddDate(0, 0, day) }

// at is a minute of a day on the clinic's clock.
func (d *diary) at(day, minute int) time.Time {
	y, m, date := d.date(day).Date()
	return time.Date(y, m, date, 0, minute, 0, 0, d.today.Location())
}

func mask(at, steps int) uint64 { return (1<<steps - 1) << at }

func (d *diary) free(key vetDay, at, steps int) bool {
	return at >= 0 && at+steps <= daySteps && d.taken[key]&mask(at, steps) == 0
}

func (d *diary) take(key vetDay, at, steps int) { d.taken[key] |= mask(at, steps) }
