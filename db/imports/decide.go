package imports

import (
	"strings"
	"time"

	"purplecross/db"
)

// decide settles what a row does. The pet is looked at before its household changes, so a refused row changes nothing.
func (w *writer) decide(g *reading) {
	if g.event() {
		w.decideEvent(g)
		return
	}
	if g.pet != nil && !g.refused() {
		w.checkChip(g)
	}
	if g.pet != nil && g.client == nil && !g.refused() && w.clients[g.clientRef] == nil {
		g.refuse("no-owner", "client_no", "There is no client with this number here. Import the clients first.")
	}
	if g.refused() {
		g.outcome = refused
		return
	}
	if w.heldBack(g) {
		return
	}
	if g.client != nil {
		g.outcome = w.decideClient(g)
	}
	if g.pet != nil {
		g.outcome = max(g.outcome, w.decidePatient(g))
	}
}

// heldBack leaves out a row of whom may be here already, until somebody chooses, and of whom somebody chose to leave out.
func (w *writer) heldBack(g *reading) bool {
	for _, who := range []struct {
		entity, ref string
		there       bool
	}{
		{"client", g.clientRef, g.client == nil || w.clients[g.clientRef] != nil},
		{"patient", g.petRef, g.pet == nil || w.pets[g.petRef] != nil},
	} {
		possible, match := w.matches[who.entity+who.ref]
		if !match || who.there {
			continue
		}
		switch possible.choice {
		case "":
			g.note("waiting", map[string]string{"client": "client_no", "patient": "name"}[who.entity], "%s Choose whether it is the same one.", possible.why)
			g.outcome = waiting
			return true
		case "skip":
			g.note("left-out", "", "Left out, as somebody chose: it may be one that is here already.")
			g.outcome = unchanged
			return true
		}
	}
	return false
}

// checkChip refuses a microchip that another patient wears.
func (w *writer) checkChip(g *reading) {
	if g.pet.Microchip == nil {
		return
	}
	wearer, taken := w.chips[*g.pet.Microchip]
	if match, possible := w.matches["patient"+g.petRef]; possible && wearer == match.own() {
		return
	}
	if taken && wearer != g.petRef {
		g.refuse("chip-taken", "microchip", "Another patient has this microchip number.")
		return
	}
	w.chips[*g.pet.Microchip] = g.petRef
}

func (w *writer) decideClient(g *reading) outcome {
	state := w.clients[g.clientRef]
	if match, chosen := w.matches["client"+g.clientRef]; state == nil && chosen && match.choice == "existing" {
		return w.adoptClient(g, match)
	}
	if state == nil {
		c := *g.client
		now := time.Now()
		c.ExternalRef, c.CreatedAt = &g.clientRef, now
		if g.created != nil {
			c.CreatedAt = time.Date(g.created.Year(), g.created.Month(), g.created.Day(), 12, 0, 0, 0, w.im.zone)
			if c.CreatedAt.After(now) {
				c.CreatedAt = now
			}
		}
		state = &clientState{now: c, isNew: true}
		optOut(g, &state.now)
		w.clients[g.clientRef], w.order = state, append(w.order, state)
		w.clientsAdded++
		return added
	}

	after := state.now
	if !w.im.found.kind.shared {
		overwrite(g, &after)
	} else {
		fill(g, &after)
	}
	optOut(g, &after)
	return w.settleClient(g, state, after)
}

func (w *writer) settleClient(g *reading, state *clientState, after db.Client) outcome {
	if len(db.DiffOf(state.now, after)) == 0 {
		return unchanged
	}
	if state.kept {
		g.note("kept", "", "The household was changed here since it was imported, so what the file says stays out.")
		return unchanged
	}
	if len(db.DiffOf(state.before, state.now)) == 0 && !state.isNew {
		w.order = append(w.order, state)
		w.clientsUpdated++
	}
	state.now = after
	return updated
}

// overwrite takes the file's version of what its columns hold.
func overwrite(g *reading, c *db.Client) {
	if c.Email != g.client.Email {
		c.EmailBouncedAt = nil
	}
	c.FirstName, c.LastName, c.SecondContact = g.client.FirstName, g.client.LastName, g.client.SecondContact
	c.Mobile, c.PhoneAlt, c.Email = g.client.Mobile, g.client.PhoneAlt, g.client.Email
	c.Address, c.City, c.Region, c.Postcode = g.client.Address, g.client.City, g.client.Region, g.client.Postcode
}

// fill takes only what the household lacks, and the longer of two forms of one thing: the rows of one household differ.
func fill(g *reading, c *db.Client) {
	if spelled(c) != spelled(g.client) {
		g.note("spelling", g.nameColumn(), "The owner is spelt “%s” in another row, which stays.", c.Name())
	}
	for _, field := range []struct {
		column   string
		have     *string
		says     string
		extended func(have, says string) bool
	}{
		{"second_contact", &c.SecondContact, g.client.SecondContact, strings.HasPrefix},
		{"email", &c.Email, g.client.Email, strings.EqualFold},
		{"mobile", &c.Mobile, g.client.Mobile, sameNumber},
		{"phone_alt", &c.PhoneAlt, g.client.PhoneAlt, sameNumber},
		{"address", &c.Address, g.client.Address, strings.EqualFold},
		{"city", &c.City, g.client.City, strings.EqualFold},
		{"region", &c.Region, g.client.Region, strings.EqualFold},
		{"postcode", &c.Postcode, g.client.Postcode, strings.HasPrefix},
	} {
		switch {
		case field.says == "" || field.says == *field.have:
		case *field.have == "", len(field.says) > len(*field.have) && field.extended(field.says, *field.have):
			*field.have = field.says
		case !field.extended(*field.have, field.says) && field.column != "second_contact":
			column := field.column
			if !g.has(column) {
				column = "place"
			}
			g.note("differs", column, "The household has “%s” from another row, which stays.", *field.have)
		}
	}
}

// sameNumber says that two telephone numbers are one, the second without its area code.
func sameNumber(long, short string) bool {
	digits := strings.NewReplacer("-", "", " ", "", "+", "", ".", "", "(", "", ")", "")
	long, short = digits.Replace(long), digits.Replace(short)
	return len(short) >= 7 && strings.HasSuffix(long, short)
}

func spelled(c *db.Client) string { return strings.ToLower(c.Name()) }

// optOut only ever adds: a client who opted out here has not opted in again because an old file says so.
func optOut(g *reading, c *db.Client) {
	now := time.Now()
	if g.smsOut && c.SMSOptOutAt == nil {
		c.SMSOptOutAt = &now
	}
	if g.emailOut && c.EmailOptOutAt == nil {
		c.EmailOptOutAt = &now
	}
}

func (w *writer) decidePatient(g *reading) outcome {
	owner := w.clients[g.clientRef]
	state := w.pets[g.petRef]
	if match, chosen := w.matches["patient"+g.petRef]; state == nil && chosen && match.choice == "existing" {
		return w.adoptPatient(g, match)
	}
	if state == nil {
		p := *g.pet
		p.ExternalRef = &g.petRef
		state = &patientState{now: p, owner: owner, isNew: true}
		w.pets[g.petRef], w.order = state, append(w.order, state)
		w.patientsAdded++
		return added
	}

	after := state.now
	revise(&after, *g.pet)
	if !state.isNew {
		after.ClientID = owner.id()
	}
	if len(db.DiffOf(state.now, after)) == 0 {
		return unchanged
	}
	if state.kept {
		g.note("kept", "", "The patient was changed here since it was imported, so what the file says stays out.")
		return unchanged
	}
	if len(db.DiffOf(state.before, state.now)) == 0 && !state.isNew {
		w.order = append(w.order, state)
		w.patientsUpdated++
	}
	state.now, state.owner = after, owner
	return updated
}

// revise takes the file's version of a patient, but never what only the clinic can know better: a weight with a date,
// a later visit, a death.
func revise(p *db.Patient, file db.Patient) {
	p.Name, p.Species, p.Breed, p.Sex, p.Neutered = file.Name, file.Species, file.Breed, file.Sex, file.Neutered
	p.DOB, p.DOBEstimated = file.DOB, file.DOBEstimated
	if file.Colour != "" {
		p.Colour = file.Colour
	}
	if file.Alert != "" {
		p.Alert = file.Alert
	}
	if file.Microchip != nil {
		p.Microchip = file.Microchip
	}
	if p.WeighedOn == nil && file.WeightG != nil {
		p.WeightG = file.WeightG
	}
	if file.LastVisitOn != nil && (p.LastVisitOn == nil || p.LastVisitOn.Before(*file.LastVisitOn)) {
		p.LastVisitOn = file.LastVisitOn
	}
	if p.Status != db.PatientDeceased {
		p.Status, p.DeceasedOn = file.Status, file.DeceasedOn
	} else if p.DeceasedOn == nil && file.DeceasedOn != nil {
		p.DeceasedOn = file.DeceasedOn
	}
}
