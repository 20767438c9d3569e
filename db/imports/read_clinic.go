package imports

import (
	"strings"

	"purplecross/db"
)

// readClient reads a row of clients.csv.
func readClient(im *run, g *reading) {
	number := g.number("legacy_client_id", "The client's number")
	email, others := g.mail("email")
	c := &db.Client{
		FirstName: g.cell("first_name"), LastName: g.needed("last_name", "The surname"), SecondContact: joined(g.cell("second_contact"), others),
		Mobile: g.telephone("mobile"), PhoneAlt: g.telephone("phone_alt"), Email: email,
		Address: g.cell("address"), City: g.cell("city"), Region: g.cell("state"), Postcode: g.cell("zip"),
	}
	if ok, set := g.yes("sms_ok"); set {
		g.smsOut = !ok
	}
	if ok, set := g.yes("email_ok"); set {
		g.emailOut = !ok
	}
	g.created = g.date("created", "Date")
	g.client, g.clientRef = c, im.ref(number)
	g.check(c.Check(), map[string]string{"last_name": "last_name", "first_name": "first_name", "email": "email", "second_contact": "second_contact", "mobile": "mobile", "phone_alt": "phone_alt", "address": "address", "city": "city", "region": "state", "postcode": "zip"})
}

func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + ", " + b
}

// readPatient reads a row of patients.csv.
func readPatient(im *run, g *reading) {
	number := g.number("legacy_patient_id", "The patient's number")
	owner := g.number("legacy_client_id", "The owner's number")
	p := &db.Patient{
		Name: g.needed("name", "The pet's name"), Species: g.species("species", nil), Breed: breedName(g.cell("breed")),
		Colour: g.cell("colour"), Microchip: g.chip("microchip"), WeightG: g.weight("weight_kg", "kg"),
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
	g.lived(p, "dob", "deceased_on")
	g.pet, g.clientRef, g.petRef = p, im.ref(owner), im.ref(number)
	g.check(p.Check(), map[string]string{"name": "name", "breed": "breed", "colour": "colour", "microchip": "microchip", "weight": "weight_kg", "deceased_on": "deceased_on"})
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
func (g *reading) lived(p *db.Patient, birth, death string) {
	if p.DOB == nil || p.DeceasedOn == nil || !p.DOB.After(*p.DeceasedOn) {
		return
	}
	g.note("born-after-death", birth, "Birth date %s is after the death on %s, so it is left out.", p.DOB.Format("2006-01-02"), p.DeceasedOn.Format("2006-01-02"))
	p.DOB, p.DOBEstimated = nil, false
}
