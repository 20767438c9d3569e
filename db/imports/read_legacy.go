package imports

import (
	"regexp"
	"strings"

	"purplecross/db"
)

// readLegacy reads a row that holds an owner and one pet. The owner stands in the row of each pet, and often a little
// different in each; the first row says who it is, the others add what it lacks.
func readLegacy(im *run, g *reading) {
	number := g.number("client_no", "The client's number")
	g.clientRef = im.ref(number)
	g.client = g.household()
	g.pet = g.patient(letters)
	if pet := g.cell("patient_no"); pet != "" {
		g.petRef = im.ref(g.number("patient_no", "The patient's number"))
	} else {
		g.petRef = im.petRef(g, number)
	}
	g.check(g.client.Check(), ownerColumns)
	g.check(g.pet.Check(), petColumns)
}

var placeForm = regexp.MustCompile(`^(.*?)[,\s]+([A-Z]{2})[,\s]+(\d{5}(?:-\d{4})?)$`)

// nameColumn is where the row has its owner's name.
func (r row) nameColumn() string {
	if r.has("last_name") {
		return "last_name"
	}
	return "owner"
}

// splitOwner reads “Reilly, Courtney” and “Courtney Reilly”.
func splitOwner(owner string) (first, last string) {
	if last, first, comma := strings.Cut(owner, ","); comma {
		return strings.TrimSpace(first), strings.TrimSpace(last)
	}
	at := strings.LastIndexByte(owner, ' ')
	return strings.TrimSpace(owner[:max(at, 0)]), strings.TrimSpace(owner[at+1:])
}

var (
	deadInName = regexp.MustCompile(`\s*(†|(?i:\(deceased\)|\(dec'?d\.?\)|\(rip\)|\bdeceased)|[-–]\s*RIP|\sRIP)\s*$`)
	deadInNote = regexp.MustCompile(`(?i)^(?:passed away|deceased|died|pts|euthani[sz]ed)(?:\s+on)?[\s:]+(\S+)\.?$`)
	letters    = map[string]db.Species{"f": "cat", "c": "dog", "b": "bird", "r": "rabbit"}
)

// deadInName takes a death out of the name.
func (g *reading) deadInName(p *db.Patient) {
	if alive := deadInName.ReplaceAllString(p.Name, ""); alive != p.Name && alive != "" {
		g.note("dead-in-name", "name", "The name says that the patient has died; it is “%s”, deceased.", alive)
		p.Name, p.Status = alive, db.PatientDeceased
	}
}

// notes takes a death out of the notes; the rest becomes the patient's alert, where nobody overlooks it.
func (g *reading) notes(p *db.Patient) {
	note := g.text("notes")
	dead := deadInNote.FindStringSubmatch(strings.Join(strings.Fields(note), " "))
	if dead == nil {
		p.Alert = strings.ReplaceAll(note, "\r\n", "\n")
		return
	}
	day, ok := parseDate(dead[1], g.today)
	if !ok || day.After(g.today) {
		p.Alert = note
		return
	}
	g.note("dead-in-notes", "notes", "The notes say that the patient died on %s.", day.Format("2006-01-02"))
	p.Status = db.PatientDeceased
	if p.DeceasedOn == nil {
		p.DeceasedOn = &day
	}
}
