package imports

import (
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"purplecross/db"
)

// visitRow is a visit as a row has it.
type visitRow struct {
	ref                 string
	patientID, clientID int64
	typeID              int64
	vetID, roomID       *int64
	starts, ends        time.Time
	status              db.AppointmentStatus
	reason, over        string // over: why it stands on top of another
	past                bool
}

var visitWords = map[string]db.AppointmentStatus{
	"completed": db.AppointmentCompleted, "complete": db.AppointmentCompleted, "done": db.AppointmentCompleted, "seen": db.AppointmentCompleted, "checked out": db.AppointmentCompleted,
	"finished": db.AppointmentCompleted, "closed": db.AppointmentCompleted,
	"cancelled": db.AppointmentCancelled, "canceled": db.AppointmentCancelled,
	"no show": db.AppointmentNoShow, "no-show": db.AppointmentNoShow, "no_show": db.AppointmentNoShow, "missed": db.AppointmentNoShow,
	"booked": db.AppointmentBooked, "scheduled": db.AppointmentBooked, "open": db.AppointmentBooked, "pending": db.AppointmentBooked,
	"confirmed": db.AppointmentConfirmed,
}

// readVisit reads a visit of a patient who is here already.
func readVisit(im *run, g *reading) {
	g.petRef = im.ref(g.number("patient_no", "The patient's number"))
	v := &visitRow{reason: g.cell("reason")}
	g.visit = v
	if !g.when(im, v) {
		return
	}
	v.past = v.starts.Before(g.today)
	g.whatFor(im, v)
	g.whoAndWhere(im, v)
	g.how(v)
	if number := g.cell("visit_no"); number != "" {
		v.ref = im.ref(g.number("visit_no", "The visit's number"))
	} else {
		v.ref = g.petRef + "@" + v.starts.UTC().Format("2006-01-02T15:04Z")
	}
	if letters := []rune(v.reason); len(letters) > 500 {
		g.refuse("rule", "reason", "The reason has %d characters; 500 is the most.", len(letters))
	}
}

// when reads when it begins: from one column or from two.
func (g *reading) when(im *run, v *visitRow) bool {
	column, text := "starts", g.cell("starts")
	day, hours := text, ""
	if !g.has("starts") {
		column, day, hours = "day", g.needed("day", "The date"), g.cell("time")
	} else if text == "" {
		g.needed("starts", "The date")
	} else if at := strings.IndexAny(text, " T"); at > 0 {
		day, hours = text[:at], strings.TrimSpace(text[at+1:])
	}
	if day == "" {
		return false
	}
	date, ok := g.dayOf(column, "The date", day)
	if !ok {
		return false
	}
	hour, minute := 12, 0
	if hours == "" {
		g.note("no-time", column, "There is no time of day, so it is noon.")
	} else if hour, minute, ok = clock(hours); !ok {
		if g.has("time") {
			column = "time"
		}
		g.refuse("time", column, "“%s” is not a time. Use 14:30 or 2:30 PM.", shorten(hours, 40))
		return false
	}
	v.starts = time.Date(date.Year(), date.Month(), date.Day(), hour, minute, 0, 0, im.zone)
	return true
}

// whatFor reads the type and how long it takes.
func (g *reading) whatFor(im *run, v *visitRow) {
	kind := g.cell("type")
	known := false
	if v.typeID, known = im.names.types[strings.ToLower(kind)]; !known {
		if v.typeID = im.names.firstType; v.typeID == 0 {
			g.refuse("type", "type", "The clinic has no types of visits yet.")
			return
		}
		if kind != "" {
			g.note("type", "type", "There is no such type of visit, so it is “%s”, and “%s” stands in its reason.", im.names.firstTypeName, shorten(kind, 60))
			v.reason = strings.Trim(kind+": "+v.reason, ": ")
		}
	}
	minutes := im.names.minutes[v.typeID]
	if text := g.cell("minutes"); text != "" {
		n, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.ToLower(text), "min")))
		if err != nil || n < 5 || n > 480 {
			g.refuse("minutes", "minutes", "“%s” is not from 5 to 480 minutes.", shorten(text, 40))
			return
		}
		minutes = n
	}
	v.ends = v.starts.Add(time.Duration(max(minutes, 5)) * time.Minute)
}

func (g *reading) whoAndWhere(im *run, v *visitRow) {
	if vet := g.cell("vet"); vet != "" {
		if id, known := im.names.person(vet); known {
			v.vetID = &id
		} else {
			g.note("vet", "vet", "Nobody here has this name, so the visit has no vet.")
		}
	}
	if room := g.cell("room"); room != "" {
		if id, known := im.names.rooms[strings.ToLower(room)]; known {
			v.roomID = &id
		} else {
			g.note("room", "room", "There is no such room, so the visit has none.")
		}
	}
}

// how reads what became of it. A visit of the past that nobody closed counts as over.
func (g *reading) how(v *visitRow) {
	text := strings.ToLower(g.cell("visit_status"))
	status, known := visitWords[text]
	switch {
	case text == "" && v.past:
		status = db.AppointmentCompleted
	case text == "":
		status = db.AppointmentBooked
	case !known:
		g.refuse("status", "visit_status", "Status “%s” is not booked, confirmed, completed, cancelled or no show.", shorten(text, 40))
	case v.past && (status == db.AppointmentBooked || status == db.AppointmentConfirmed):
		g.note("over", "visit_status", "It was never closed there; it is in the past, so it counts as completed.")
		status = db.AppointmentCompleted
	case !v.past && (status == db.AppointmentCompleted || status == db.AppointmentNoShow) && v.starts.After(g.today.AddDate(0, 0, 1)):
		g.refuse("status", "visit_status", "A visit to come cannot be %s.", text)
	}
	v.status = status
}

// takes says whether the visit takes time from vet, room and patient.
func (v *visitRow) takes() bool {
	return v.status != db.AppointmentCancelled && v.status != db.AppointmentNoShow
}

// loadBusy finds what is in the way of visits, in the clinic and among earlier rows.
func (w *writer) loadBusy(visits []*visitRow) error {
	var vets, rooms []*int64
	var patients []int64
	var starts, ends []time.Time
	for _, v := range visits {
		vets, rooms, patients = append(vets, v.vetID), append(rooms, v.roomID), append(patients, v.patientID)
		starts, ends = append(starts, v.starts), append(ends, v.ends)
	}
	what := func(table, span, patient, live string) string {
		return `
		select n, 'vet' from asked join ` + table + ` a on a.vet_id = vet and ` + span + ` && at` + live + `
		union
		select n, 'room' from asked join ` + table + ` a on a.room_id = room and ` + span + ` && at` + live + `
		union
		select n, 'pet' from asked join ` + table + ` a on a.` + patient + ` = pet and ` + span + ` && at` + live
	}
	rows, _ := w.tx.Query(w.ctx, `
		with asked as materialized (
		  select n, vet, room, pet, tstzrange(s, e) as at
		  from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::timestamptz[]) with ordinality a (vet, room, pet, s, e, n)
		)`+what("appointment", "tstzrange(a.starts_at, a.ends_at)", "patient_id", ` and a.status not in ('cancelled', 'no_show', 'requested')`)+
		w.im.orDry(` union `+what("import_dry_visit", "a.span", "patient", "")), vets, rooms, patients, starts, ends)
	var n int
	var busy string
	_, err := pgx.ForEachRow(rows, []any{&n, &busy}, func() error {
		w.events.busy[visits[n-1]] = append(w.events.busy[visits[n-1]], busy)
		return nil
	})
	return err
}

func (w *writer) decideVisit(g *reading) outcome {
	v := g.visit
	busy := map[string]bool{}
	for _, what := range w.events.busy[v] {
		busy[what] = true
	}
	for _, other := range w.events.newVisits {
		if !other.takes() || !v.starts.Before(other.ends) || !other.starts.Before(v.ends) {
			continue
		}
		busy["vet"] = busy["vet"] || v.vetID != nil && other.vetID != nil && *v.vetID == *other.vetID
		busy["room"] = busy["room"] || v.roomID != nil && other.roomID != nil && *v.roomID == *other.roomID
		busy["pet"] = busy["pet"] || v.patientID == other.patientID
	}
	if v.takes() {
		switch {
		case busy["pet"]:
			g.refuse("clash", "patient_no", "This patient has another visit at that time.")
		case (busy["vet"] || busy["room"]) && v.past:
			g.note("over-booked", "vet", "Another visit was at that time with this vet or in this room; it is marked as overbooked.")
			v.over = "Imported: it stood beside another visit there."
		case busy["vet"]:
			g.refuse("clash", "vet", "This vet has another visit at that time.")
		case busy["room"]:
			g.refuse("clash", "room", "This room has another visit at that time.")
		}
	}
	if g.refused() {
		return refused
	}
	w.events.known[v.ref] = true
	w.events.newVisits = append(w.events.newVisits, v)
	if v.status == db.AppointmentCompleted {
		w.events.seen = append(w.events.seen, v.patientID)
	}
	return added
}

func (w *writer) insertVisits() error {
	visits := w.events.newVisits
	if len(visits) == 0 {
		return nil
	}
	ids, err := w.reserve("appointment", len(visits))
	if err != nil {
		return err
	}
	w.events.visits = ids
	columns := strings.Fields(`id client_id patient_id type_id vet_id room_id starts_at ends_at status reason overbooked overbook_reason
		completed_at cancelled_at external_ref import_batch_id`)
	_, err = w.tx.CopyFrom(w.ctx, pgx.Identifier{"appointment"}, columns, pgx.CopyFromSlice(len(visits), func(i int) ([]any, error) {
		v := visits[i]
		var completed, cancelled *time.Time
		switch v.status {
		case db.AppointmentCompleted:
			completed = &v.ends
		case db.AppointmentCancelled:
			cancelled = &v.starts
		}
		return []any{
			ids[i], v.clientID, v.patientID, v.typeID, v.vetID, v.roomID, v.starts, v.ends, string(v.status), v.reason, v.over != "", v.over,
			completed, cancelled, v.ref, w.im.summary.BatchID,
		}, nil
	}))
	return err
}
