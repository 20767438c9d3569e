package imports

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"purplecross/db"
)

// event says whether the rows are of something that happened to a patient who is here already.
func (k *Kind) event() bool { return k.Key == "visits" || k.Key == "treatments" }

func (g *reading) event() bool { return g.found.kind.event() }

// names are the clinic's own lists, by what exports may call their entries.
type names struct {
	types, staff, rooms, cares map[string]int64
	firstType                  int64
	firstTypeName              string
	minutes                    map[int64]int
	careKinds                  map[int64]string
}

func (im *run) loadNames(ctx context.Context) error {
	im.names = names{types: map[string]int64{}, staff: map[string]int64{}, rooms: map[string]int64{}, cares: map[string]int64{}, minutes: map[int64]int{}, careKinds: map[int64]string{}}
	if !im.found.kind.event() {
		return nil
	}
	rows, _ := im.conn.Query(ctx, `
		select 'type', id, lower(name), minutes::text, name from appointment_type where active
		union all
		select 'staff', id, unnest(array[lower(display_name), lower(email), lower(initials)]), '', '' from staff where active
		union all
		select 'room', id, lower(name), '', '' from room
		union all
		select 'care', id, lower(name), kind::text, '' from care_protocol
		order by 1, 2`)
	var list, name, more, spelt string
	var id int64
	_, err := pgx.ForEachRow(rows, []any{&list, &id, &name, &more, &spelt}, func() error {
		n := &im.names
		switch list {
		case "type":
			if n.firstType == 0 {
				n.firstType, n.firstTypeName = id, spelt
			}
			n.types[name] = id
			minutes := 0
			for _, digit := range more {
				minutes = minutes*10 + int(digit-'0')
			}
			n.minutes[id] = minutes
		case "staff":
			n.staff[name] = id
		case "room":
			n.rooms[name] = id
		case "care":
			n.cares[name], n.careKinds[id] = id, more
		}
		return nil
	})
	return err
}

// person finds somebody of the staff; a title before the name is left out.
func (n names) person(typed string) (int64, bool) {
	name := strings.ToLower(typed)
	id, known := n.staff[name]
	if !known {
		for full, other := range n.staff {
			bare := strings.TrimPrefix(strings.TrimPrefix(full, "dr. "), "dr ")
			if bare == strings.TrimPrefix(strings.TrimPrefix(name, "dr. "), "dr ") {
				return other, true
			}
		}
	}
	return id, known
}

// eventful is what a batch of visits or treatments reads and writes.
type eventful struct {
	known         map[string]bool // external_refs that are here already
	newVisits     []*visitRow
	newTreatments []*treatmentRow
	busy          map[*visitRow][]string // what stands in a visit's way

	seen, treated                 []int64 // patients: of visits that are over, and with care
	visits, treatments, reminders []int64
}

// loadEvents reads what of the batch is here already, and what is in the way of visits.
func (w *writer) loadEvents(batch []*reading) error {
	w.events = eventful{known: map[string]bool{}, busy: map[*visitRow][]string{}}
	var refs []string
	var visits []*visitRow
	for _, g := range batch {
		switch {
		case g.visit != nil:
			refs = append(refs, g.visit.ref)
			if state := w.pets[g.petRef]; state != nil && !g.refused() {
				g.visit.patientID, g.visit.clientID = state.now.ID, state.now.ClientID
				visits = append(visits, g.visit)
			}
		case g.treatment != nil:
			refs = append(refs, g.treatment.ref)
		}
	}
	rows, _ := w.tx.Query(w.ctx, `
		select external_ref from appointment where external_ref = any($1)
		union all
		select external_ref from treatment where external_ref = any($1)`+w.im.orDry(`
		union all
		select ref from import_dry_visit where ref = any($1)
		union all
		select ref from import_dry where entity = 'treatment' and ref = any($1)`), refs)
	known, err := pgx.CollectRows(rows, pgx.RowTo[string])
	for _, ref := range known {
		w.events.known[ref] = true
	}
	if err != nil || len(visits) == 0 {
		return err
	}
	return w.loadBusy(visits)
}

// decideEvent settles a visit or a treatment. One that was imported before stays as it is.
func (w *writer) decideEvent(g *reading) {
	pet := w.pets[g.petRef]
	if pet == nil && !g.refused() {
		g.refuse("no-patient", "patient_no", "There is no patient with this number here. Import the patients first.")
	}
	ref := ""
	if g.visit != nil {
		ref = g.visit.ref
	} else if g.treatment != nil {
		ref = g.treatment.ref
	}
	switch {
	case g.refused():
		g.outcome = refused
	case w.events.known[ref]:
		g.outcome = unchanged
	case g.visit != nil:
		g.outcome = w.decideVisit(g)
	default:
		t := g.treatment
		t.patientID, t.active = pet.now.ID, pet.now.Status == db.PatientActive
		w.events.known[ref] = true
		w.events.newTreatments = append(w.events.newTreatments, t)
		g.outcome = added
	}
}

// storeEvents writes the new visits and treatments. rememberChanged has run before.
func (w *writer) storeEvents() error {
	if err := w.insertVisits(); err != nil {
		return err
	}
	return w.insertTreatments()
}

// clock reads a time of day.
func clock(text string) (hour, minute int, ok bool) {
	text = strings.ToUpper(strings.ReplaceAll(text, ".", ""))
	for _, form := range []string{"15:04", "15:04:05", "3:04 PM", "3:04PM", "3 PM", "3PM", "1504"} {
		if at, err := time.Parse(form, text); err == nil {
			return at.Hour(), at.Minute(), true
		}
	}
	return 0, 0, false
}

// dayOf reads a day that may be to come.
func (g *reading) dayOf(column, what, text string) (time.Time, bool) {
	day, ok := parseDate(text, g.today.AddDate(5, 0, 0))
	if !ok {
		g.refuse("date", column, "%s “%s” is not a date. Use 2019-03-27 or 3/27/2019.", what, shorten(text, 40))
	} else if day.After(g.today.AddDate(5, 0, 0)) {
		g.refuse("future", column, "%s %s is more than five years away.", what, text)
		ok = false
	}
	return day, ok
}
