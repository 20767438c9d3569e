package demo

import (
	"fmt"
	"slices"
	"time"
)

// message and audit are rows to be: what the clinic wrote to its clients, and who did what.
type message struct {
	visit          *visit
	client         *client
	kind, subject  string
	body           string
	status, reason string
	key            string
	created        time.Time
	sent           *time.Time
}

type audit struct {
	at             time.Time
	staff          *int64
	actor          string
	action, entity string
	entityID       int64
	clientID       *int64
	diff           *string
}

// messages says what every visit of the diary's weeks was announced with, and why some of it never arrived.
func (r *records) messages(clients []client) []message {
	var all []message
	for i := range r.visits {
		v := &r.visits[i]
		if v.patient == nil || v.status == "requested" || v.starts.Before(r.at(-daysBehind, 0)) {
			continue
		}
		c := &clients[v.patient.clientID-clients[0].id]
		all = append(all, r.confirm(v, c))
		if v.status == "cancelled" {
			all = append(all, r.cancelled(v, c))
		}
	}
	slices.SortStableFunc(all, func(a, b message) int { return a.created.Compare(b.created) })
	return all
}

func (r *records) confirm(v *visit, c *client) message {
	when := v.starts.Format("Mon 2 Jan 2006 15:04")
	return r.post(message{
		visit: v, client: c, kind: "visit_confirmation", created: v.created, key: fmt.Sprintf("demo:%d:confirmation", v.id),
		subject: v.patient.name + "’s visit on " + when,
		body: fmt.Sprintf("Hello %s,\n\n%s is booked in for %s.\n\nWhen: %s\nWhere: Purple Cross Veterinary, 1200 Alder Street, Seattle WA 98101\n\nIf the time does not suit, please call (206) 555-0100.\n",
			c.first, v.patient.name, visitTypes[v.visitType-1].name, when),
	})
}

func (r *records) cancelled(v *visit, c *client) message {
	when := v.starts.Format("Mon 2 Jan 2006 15:04")
	return r.post(message{
		visit: v, client: c, kind: "visit_cancelled", created: *v.ended, key: fmt.Sprintf("demo:%d:cancelled", v.id),
		subject: v.patient.name + "’s visit on " + when + " is cancelled",
		body: fmt.Sprintf("Hello %s,\n\n%s’s visit on %s is cancelled. To book another, please call (206) 555-0100.\n",
			c.first, v.patient.name, when),
	})
}

// post decides what became of a message.
func (r *records) post(m message) message {
	sent := earlier(m.created.Add(time.Duration(1+r.rng.IntN(6))*time.Second), r.now)
	m.status, m.sent = "sent", &sent
	suppressed := ""
	switch c := m.client; {
	case !visitTypes[m.visit.visitType-1].messages:
		suppressed = "Visits of this type send no messages."
	case c.email == "":
		suppressed = "The household has no e-mail address."
	case c.emailOut != nil && c.emailOut.Before(m.created):
		suppressed = "The household opted out of e-mail."
	case c.bounced != nil && c.bounced.Before(m.created):
		suppressed = "The e-mail address bounced before."
	case chance(r.rng, 1):
		m.status, m.reason = "bounced", "The mail server refused the address: 550 5.1.1 mailbox unavailable."
		m.client.bounced = &sent
	}
	if suppressed != "" {
		m.status, m.reason, m.sent, m.subject, m.body = "suppressed", suppressed, nil, "", ""
	}
	return m
}

// audits is the log of the last days: who was registered, booked, checked in, cancelled.
func (r *records) audits(clients []client) []audit {
	var all []audit
	since := r.at(-daysBehind, 0)
	add := func(at time.Time, staff int64, action, entity string, id, clientID int64, diff string) {
		if at.Before(since) || at.After(r.now) {
			return
		}
		a := audit{at: at, staff: &staff, actor: team[slices.IndexFunc(team, func(p person) bool { return p.id == staff })].name, action: action, entity: entity, entityID: id}
		if clientID != 0 {
			a.clientID = &clientID
		}
		if diff != "" {
			a.diff = &diff
		}
		all = append(all, a)
	}
	for i := range clients {
		add(clients[i].created, receptionist, "created", "client", clients[i].id, clients[i].id, "")
	}
	for i := range r.patients {
		p := &r.patients[i]
		add(p.created, receptionist, "created", "patient", p.id, p.clientID, "")
	}
	for i := range r.visits {
		v := &r.visits[i]
		if v.patient == nil {
			add(v.created, v.bookedBy, "created", "appointment", v.id, 0, "")
			continue
		}
		add(v.created, v.bookedBy, "created", "appointment", v.id, v.patient.clientID, "")
		before := "booked"
		for _, step := range []struct {
			status string
			at     *time.Time
			by     int64
		}{{"confirmed", v.confirmed, v.bookedBy}, {"cancelled", v.ended, v.bookedBy}, {"arrived", v.arrived, receptionist}, {"in_room", v.roomed, nurseTom}, {"ready", v.ready, max(v.vet, nurseTom)}, {"completed", v.completed, secondReceptionist}} {
			if step.at != nil {
				add(*step.at, step.by, "updated", "appointment", v.id, v.patient.clientID, fmt.Sprintf(`{"status": [%q, %q]}`, before, step.status))
				before = step.status
			}
		}
	}
	for i := range r.notes {
		if n := &r.notes[i]; n.signed != nil {
			add(*n.signed, n.visit.vet, "signed", "visit_note", n.id, n.visit.patient.clientID, "")
		}
	}
	slices.SortStableFunc(all, func(a, b audit) int { return a.at.Compare(b.at) })
	return all
}
