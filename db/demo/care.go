package demo

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// note, treatment and reminder are rows to be.
type note struct {
	id                    int64
	visit                 *visit
	weight, temperature   *int
	heart, breath, score  *int
	subjective, objective string
	assessment, plan      string
	signed                *time.Time
	created               time.Time
}

type treatment struct {
	id                 int64
	patient            *patient
	note               *int64
	protocol           *protocol
	kind, product, lot string
	dose, instructions string
	given              time.Time
	due                *time.Time
	by                 int64
	next               int // the one after it under the same protocol, as its place in treatments; 0 for none
}

type reminder struct {
	id, source  int64
	patient     *patient
	protocol    *protocol
	due         time.Time
	status      string
	appointment *int64
	lastSent    *time.Time
	sends       int
	closed      *time.Time
	closedWhy   string
	created     time.Time
}

// records is what the vets wrote and gave, and what follows from it.
type records struct {
	*diary
	notes      []note
	treatments []treatment
	reminders  []reminder
	kept       map[int64][]*protocol // patient → what its owner keeps up
	last       map[given]int         // the latest treatment under a protocol, as its place in treatments
}

type given struct {
	patient  int64
	protocol int64
}

const lapseDays = 180

// write goes through the visits in the order of time.
func (r *records) write() {
	order := make([]*visit, 0, len(r.visits))
	for i := range r.visits {
		if v := &r.visits[i]; v.patient != nil {
			order = append(order, v)
		}
	}
	slices.SortStableFunc(order, func(a, b *visit) int { return a.starts.Compare(b.starts) })
	upcoming := map[int64]*visit{}
	drafts := 0
	for _, v := range order {
		switch v.status {
		case "completed":
			on := day(v.starts)
			v.patient.lastVisit, v.patient.weighedOn = &on, &on
			r.attend(v, &drafts)
		case "in_room", "ready":
			r.attend(v, &drafts)
		case "booked", "confirmed":
			if upcoming[v.patient.id] == nil {
				upcoming[v.patient.id] = v
			}
		}
	}
	for i := range r.patients { // nobody has weighed those who never came
		if p := &r.patients[i]; p.lastVisit == nil && chance(r.rng, 70) {
			p.weight = nil
		} else if p.lastVisit == nil {
			on := day(p.created)
			p.weighedOn = &on
		}
	}
	r.remind(upcoming)
}

// attend writes the note of a visit, and gives what was due.
func (r *records) attend(v *visit, drafts *int) {
	var noteID *int64
	if v.scenario.assessment != "" && !(v.status == "in_room" && chance(r.rng, 40)) {
		n := r.note(v)
		recent := r.now.Sub(v.starts) < 3*24*time.Hour
		if v.status == "completed" && !(recent && *drafts < 7 && chance(r.rng, 12)) {
			signed := earlier(v.completed.Add(time.Duration(r.rng.IntN(90))*time.Minute), r.now.Add(-time.Minute))
			n.signed = &signed
		} else if *drafts++; v.status == "in_room" { // being written
			n.assessment, n.plan = "", ""
		}
		n.id = int64(len(r.notes)) + 1
		r.notes = append(r.notes, n)
		noteID = &n.id
	}
	if v.status == "in_room" {
		return
	}
	if s := v.scenario; s.product != "" {
		r.give(v, noteID, nil, treatment{kind: cmp.Or(s.kind, "medication"), product: s.product, instructions: s.directions})
	}
	for _, p := range r.keeps(v.patient) {
		wanted := p.withVaccinates && (v.visitType == vaccination || v.visitType == newPatient && chance(r.rng, 50))
		if !p.withVaccinates && v.visitType != euthanasia && chance(r.rng, 60) {
			wanted = v.visitType == vaccination || v.visitType == consultation
		}
		if i, before := r.last[given{v.patient.id, p.id}]; wanted && (!before || r.treatments[i].due.Before(v.starts.AddDate(0, 0, 60))) {
			r.give(v, noteID, p, treatment{kind: p.kind, product: p.product, dose: p.dose, instructions: p.instructions})
		}
	}
}

// keeps decides once for each patient which protocols its owner keeps up.
func (r *records) keeps(p *patient) []*protocol {
	kept, decided := r.kept[p.id]
	if !decided {
		for i := range protocols {
			if one := &protocols[i]; one.suits(p.species) && (chance(r.rng, one.often) || p.asked != nil && one.often > 80) && (one.name != "Senior blood panel" || p.age(r.now) > 8) {
				kept = append(kept, one)
			}
		}
		r.kept[p.id] = kept
	}
	return kept
}

func (r *records) give(v *visit, noteID *int64, under *protocol, t treatment) {
	t.id, t.patient, t.note, t.protocol = int64(len(r.treatments))+1, v.patient, noteID, under
	t.given, t.by = day(v.starts), v.vet
	if under != nil {
		due := t.given.AddDate(0, 0, under.everyDays)
		t.due = &due
		if before, again := r.last[given{v.patient.id, under.id}]; again {
			r.treatments[before].next = len(r.treatments)
		}
		r.last[given{v.patient.id, under.id}] = len(r.treatments)
	}
	if t.kind == "vaccination" {
		t.lot = fmt.Sprintf("%c%05d", 'A'+rune(r.rng.IntN(6)), r.rng.IntN(100_000))
	}
	r.treatments = append(r.treatments, t)
}

func (r *records) note(v *visit) note {
	s, p, rng := v.scenario, v.patient, r.rng
	n := note{visit: v, subjective: s.subjective, objective: s.objective, assessment: s.assessment, plan: s.plan, created: *v.roomed}
	if v.visitType == phoneConsult {
		return n
	}
	grams := weigh(rng, p.adultKg, p.age(v.starts))
	if p.weight != nil && p.age(v.starts) > 1.5 { // a grown animal weighs about what it does today
		grams = *p.weight * (96 + rng.IntN(8)) / 100 / 10 * 10
	}
	if grams = max(grams, 5); chance(rng, 94) {
		n.weight = &grams
	}
	score := 4 + rng.IntN(3)
	n.score = &score
	if p.species == "dog" || p.species == "cat" {
		t, heart, breath := 381+rng.IntN(10), 80+rng.IntN(50), 18+rng.IntN(16)
		if p.species == "cat" {
			heart += 70
		}
		n.temperature, n.heart, n.breath = &t, &heart, &breath
	}
	return n
}

// remind turns what was given into what comes next: a treatment's reminder is satisfied by the next one.
func (r *records) remind(upcoming map[int64]*visit) {
	for i := range r.treatments {
		t := &r.treatments[i]
		if t.protocol == nil {
			continue
		}
		m := reminder{id: int64(len(r.reminders)) + 1, source: t.id, patient: t.patient, protocol: t.protocol, due: *t.due, status: "open", created: t.given.Add(20 * time.Hour)}
		if t.next != 0 {
			next := r.treatments[t.next]
			closed := next.given.Add(18 * time.Hour)
			m.status, m.closed, m.closedWhy = "satisfied", &closed, next.product+" given"
		} else {
			r.stand(&m, upcoming[t.patient.id])
		}
		r.reminders = append(r.reminders, m)
	}
}

// stand decides where the reminder for what was given last stands today.
func (r *records) stand(m *reminder, next *visit) {
	today := day(r.today)
	overdue := int(today.Sub(m.due).Hours() / 24)
	if overdue > -30 && m.patient.status == "active" {
		sent := earlier(m.due.AddDate(0, 0, -30).Add(17*time.Hour), r.now)
		m.lastSent, m.sends = &sent, 1
		for _, again := range []int{-7, 7, 30} {
			if overdue >= again {
				sent := m.due.AddDate(0, 0, again).Add(17 * time.Hour)
				m.lastSent, m.sends = &sent, m.sends+1
			}
		}
	}
	switch {
	case m.patient.died != nil:
		closed := m.patient.died.Add(20 * time.Hour)
		m.status, m.closed, m.closedWhy = "cancelled", &closed, "The patient has died"
	case m.patient.status != "active":
		closed := later(m.created, r.now.AddDate(0, -3, 0))
		m.status, m.closed, m.closedWhy = "cancelled", &closed, "No longer a patient here"
	case next != nil && next.visitType == vaccination && m.protocol.withVaccinates && overdue > -60:
		m.status, m.appointment = "booked", &next.id
	case overdue > lapseDays:
		closed := m.due.AddDate(0, 0, lapseDays)
		m.status, m.closed, m.closedWhy = "lapsed", &closed, fmt.Sprintf("Not given within %d days", lapseDays)
	}
}
