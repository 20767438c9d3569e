package imports

import (
	"strings"

	"purplecross/db"
)

// readClient reads a household.
func readClient(im *run, g *reading) {
	number := g.number("client_no", "The client's number")
	g.client, g.clientRef = g.household(), im.ref(number)
	g.check(g.client.Check(), ownerColumns)
}

// ownerColumns and petColumns are the fields that a record's own rules speak of.
var (
	ownerColumns = map[string]string{"last_name": "last_name", "first_name": "first_name", "email": "email", "second_contact": "second_contact", "mobile": "mobile", "phone_alt": "phone_alt", "address": "address", "city": "city", "region": "region", "postcode": "postcode"}
	petColumns   = map[string]string{"name": "name", "breed": "breed", "colour": "colour", "microchip": "microchip", "weight": "weight", "alert": "notes", "deceased_on": "deceased_on"}
)

// household reads whoever the row's owner is.
func (g *reading) household() *db.Client {
	email, others := g.mail("email")
	c := &db.Client{
		SecondContact: joined(g.cell("second_contact"), others), Email: email,
		Mobile: g.telephone("mobile"), PhoneAlt: g.telephone("phone_alt"), Address: g.cell("address"),
		City: g.cell("city"), Region: g.cell("region"), Postcode: g.cell("postcode"),
	}
	if g.has("last_name") {
		c.FirstName, c.LastName = g.cell("first_name"), g.needed("last_name", "The surname")
	} else {
		c.FirstName, c.LastName = splitOwner(g.needed("owner", "The owner"))
	}
	if place := g.cell("place"); place != "" && c.City == "" {
		c.City = place
		if parts := placeForm.FindStringSubmatch(place); parts != nil {
			c.City, c.Region, c.Postcode = parts[1], parts[2], parts[3]
		}
	}
	if ok, set := g.yes("sms_ok"); set {
		g.smsOut = !ok
	}
	if ok, set := g.yes("email_ok"); set {
		g.emailOut = !ok
	}
	g.created = g.date("created", "Date")
	return c
}

func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + ", " + b
}

// readPatient reads a patient whose owner is here already.
func readPatient(im *run, g *reading) {
	number := g.number("patient_no", "The patient's number")
	owner := g.number("client_no", "The owner's number")
	g.pet = g.patient(nil)
	g.clientRef, g.petRef = im.ref(owner), im.ref(number)
	g.check(g.pet.Check(), petColumns)
}

// patient reads the row's pet; letters are what single letters mean for a species.
func (g *reading) patient(letters map[string]db.Species) *db.Patient {
	p := &db.Patient{
		Name: g.needed("name", "The pet's name"), Species: g.species("species", letters), Breed: breedName(g.cell("breed")),
		Colour: g.cell("colour"), Microchip: g.chip("microchip"), WeightG: g.weight("weight", g.unit("weight")),
		LastVisitOn: g.date("last_visit", "Last visit"),
	}
	if kind, crossed := strings.CutSuffix(p.Breed, " X"); crossed {
		p.Breed = kind + " mix"
	}
	switch second := g.cell("breed2"); {
	case p.Breed == "":
		p.Breed = breedName(second)
	case strings.EqualFold(second, "mix"):
		p.Breed += " mix"
	case second != "":
		p.Breed += " × " + breedName(second)
	}
	p.Sex, p.Neutered = g.sex("sex")
	if neutered, set := g.yes("neutered"); set {
		p.Neutered = &neutered
	}
	p.DOB, p.DOBEstimated = g.birth("dob")
	if estimated, set := g.yes("dob_estimated"); set && p.DOB != nil {
		p.DOBEstimated = p.DOBEstimated || estimated
	}
	p.DeceasedOn = g.date("deceased_on", "Date of death")
	g.status(p)
	g.deadInName(p)
	g.notes(p)
	g.lived(p)
	return p
}

// unit is what a column's heading says its weights are in; empty when each cell must say.
func (g *reading) unit(column string) string {
	for word := range strings.SplitSeq(headingKey(g.heading(column)), " ") {
		switch word {
		case "kg", "kgs", "kilograms":
			return "kg"
		case "lb", "lbs", "pounds":
			return "lb"
		case "g", "grams":
			return "g"
		}
	}
	return ""
}

// status reads the column of that name; a date of death is enough to know.
func (g *reading) status(p *db.Patient) {
	switch text := strings.ToLower(g.cell("status")); text {
	case "", "active", "inactive", "rehomed", "deceased":
		p.Status = db.PatientStatus(text)
		if text == "" {
			p.Status = db.PatientActive
		}
	default:
		g.refuse("status", "status", "Status “%s” is not active, inactive, rehomed or deceased.", shorten(text, 40))
	}
	if p.DeceasedOn != nil && p.Status != db.PatientDeceased {
		g.note("dead", "deceased_on", "There is a date of death, so the patient is deceased, not %s.", p.Status)
		p.Status = db.PatientDeceased
	}
}

// lived mends a birth after the death: the death is what the clinic saw, so the birth is what it does not know.
func (g *reading) lived(p *db.Patient) {
	if p.DOB == nil || p.DeceasedOn == nil || !p.DOB.After(*p.DeceasedOn) {
		return
	}
	g.note("born-after-death", "dob", "Birth date %s is after the death on %s, so it is left out.", p.DOB.Format("2006-01-02"), p.DeceasedOn.Format("2006-01-02"))
	p.DOB, p.DOBEstimated = nil, false
}
