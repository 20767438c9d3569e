package imports

import (
	"regexp"
	"strings"

	"purplecross/db"
)

// readLegacy reads a row of the one-file export: an owner and one pet. The owner stands in the row of each pet, and
// often a little different in each; the first row says who it is, the others add what it lacks.
func readLegacy(im *run, g *reading) {
	number := g.number("client #", "The client's number")
	owner := g.needed("owner", "The owner")
	g.clientRef = im.ref(number)
	g.client = g.legacyOwner(owner)
	g.pet = g.legacyPet()
	g.petRef = im.petRef(g, number)
	g.check(g.client.Check(), map[string]string{"last_name": "owner", "first_name": "owner", "email": "e-mail", "second_contact": "spouse", "mobile": "cell", "phone_alt": "phone", "address": "address", "city": "city/st/zip", "region": "city/st/zip", "postcode": "city/st/zip"})
	g.check(g.pet.Check(), map[string]string{"name": "pet name", "breed": "breed", "microchip": "chip", "weight": "wt", "alert": "notes", "deceased_on": "notes"})
}

var placeForm = regexp.MustCompile(`^(.*?)[,\s]+([A-Z]{2})[,\s]+(\d{5}(?:-\d{4})?)$`)

func (g *reading) legacyOwner(owner string) *db.Client {
	email, others := g.mail("e-mail")
	c := &db.Client{
		SecondContact: joined(g.cell("spouse"), others), Email: email,
		Mobile: g.telephone("cell"), PhoneAlt: g.telephone("phone"), Address: g.cell("address"), City: g.cell("city/st/zip"),
	}
	c.FirstName, c.LastName = splitOwner(owner)
	if place := placeForm.FindStringSubmatch(c.City); place != nil {
		c.City, c.Region, c.Postcode = place[1], place[2], place[3]
	}
	return c
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

func (g *reading) legacyPet() *db.Patient {
	p := &db.Patient{
		Name: g.needed("pet name", "The pet's name"), Species: g.species("spec", letters), Breed: g.cell("breed"), Status: db.PatientActive,
		Microchip: g.chip("chip"), WeightG: g.weight("wt", ""), LastVisitOn: g.date("last visit", "Last visit"),
	}
	if kind, crossed := strings.CutSuffix(p.Breed, " X"); crossed {
		p.Breed = kind + " mix"
	}
	if alive := deadInName.ReplaceAllString(p.Name, ""); alive != p.Name && alive != "" {
		g.note("dead-in-name", "pet name", "The name says that the patient has died; it is “%s”, deceased.", alive)
		p.Name, p.Status = alive, db.PatientDeceased
	}
	p.Sex, p.Neutered = g.sex("sex")
	p.DOB, p.DOBEstimated = g.birth("birthday")
	g.legacyNotes(p)
	g.lived(p, "birthday", "notes")
	return p
}

// legacyNotes takes a death out of the notes; the rest becomes the patient's alert, where nobody overlooks it.
func (g *reading) legacyNotes(p *db.Patient) {
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
	p.Status, p.DeceasedOn = db.PatientDeceased, &day
}
