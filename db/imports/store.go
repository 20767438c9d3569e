package imports

import (
	"strings"

	"github.com/jackc/pgx/v5"

	"purplecross/db"
)

// store writes every household and patient that is new or changed.
func (w *writer) store() error {
	if w.im.dry {
		return w.storeDry()
	}
	var newClients []*clientState
	var newPets []*patientState
	for _, state := range w.order {
		switch s := state.(type) {
		case *clientState:
			if s.isNew {
				newClients = append(newClients, s)
			}
		case *patientState:
			if s.isNew {
				newPets = append(newPets, s)
			}
		}
	}
	if err := w.rememberChanged(); err != nil {
		return err
	}
	if err := w.insertClients(newClients); err != nil {
		return err
	}
	if err := w.insertPatients(newPets); err != nil {
		return err
	}
	for _, state := range w.order {
		var err error
		switch s := state.(type) {
		case *clientState:
			err = w.updateClient(s)
		case *patientState:
			err = w.updatePatient(s)
		}
		if err != nil {
			return err
		}
	}
	if err := w.storeEvents(); err != nil {
		return err
	}
	return w.rememberAdded()
}

// reserve takes the next n ids of a table.
func (w *writer) reserve(table string, n int) ([]int64, error) {
	rows, _ := w.tx.Query(w.ctx, `select nextval(pg_get_serial_sequence($1, 'id')) from generate_series(1, $2)`, table, n)
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

func (w *writer) insertClients(states []*clientState) error {
	ids, err := w.reserve("client", len(states))
	if err != nil || len(states) == 0 {
		return err
	}
	columns := strings.Fields(`id first_name last_name second_contact mobile phone_alt email address city region postcode
		sms_opt_out_at email_opt_out_at external_ref import_batch_id created_at`)
	_, err = w.tx.CopyFrom(w.ctx, pgx.Identifier{"client"}, columns, pgx.CopyFromSlice(len(states), func(i int) ([]any, error) {
		c := &states[i].now
		c.ID = ids[i]
		return []any{
			c.ID, c.FirstName, c.LastName, c.SecondContact, c.Mobile, c.PhoneAlt, c.Email, c.Address, c.City, c.Region, c.Postcode,
			c.SMSOptOutAt, c.EmailOptOutAt, c.ExternalRef, w.im.summary.BatchID, c.CreatedAt,
		}, nil
	}))
	return err
}

func (w *writer) insertPatients(states []*patientState) error {
	ids, err := w.reserve("patient", len(states))
	if err != nil || len(states) == 0 {
		return err
	}
	columns := strings.Fields(`id client_id name species breed sex neutered dob dob_estimated colour microchip weight_g alert status
		deceased_on last_visit_on external_ref import_batch_id`)
	_, err = w.tx.CopyFrom(w.ctx, pgx.Identifier{"patient"}, columns, pgx.CopyFromSlice(len(states), func(i int) ([]any, error) {
		p := &states[i].now
		p.ID, p.ClientID = ids[i], states[i].owner.id()
		return []any{
			p.ID, p.ClientID, p.Name, string(p.Species), p.Breed, string(p.Sex), p.Neutered, p.DOB, p.DOBEstimated, p.Colour, p.Microchip, p.WeightG, p.Alert, string(p.Status),
			p.DeceasedOn, p.LastVisitOn, p.ExternalRef, w.im.summary.BatchID,
		}, nil
	}))
	return err
}

// id is the household's, or of the one that it was merged into.
func (c *clientState) id() int64 {
	if c.now.MergedInto != nil {
		return *c.now.MergedInto
	}
	return c.now.ID
}

func (w *writer) updateClient(s *clientState) error {
	diff := db.DiffOf(s.before, s.now)
	if s.isNew || s.kept || len(diff) == 0 {
		return nil
	}
	c := s.now
	_, err := w.tx.Exec(w.ctx, `
		update client
		set first_name = $2, last_name = $3, second_contact = $4, mobile = $5, phone_alt = $6, email = $7, address = $8, city = $9, region = $10,
		    postcode = $11, sms_opt_out_at = $12, email_opt_out_at = $13, email_bounced_at = $14, external_ref = $15, version = version + 1, updated_at = now()
		where id = $1`,
		c.ID, c.FirstName, c.LastName, c.SecondContact, c.Mobile, c.PhoneAlt, c.Email, c.Address, c.City, c.Region,
		c.Postcode, c.SMSOptOutAt, c.EmailOptOutAt, c.EmailBouncedAt, c.ExternalRef)
	if err != nil {
		return err
	}
	return db.Audit(w.ctx, w.tx, db.Audited{Action: "imported", Entity: "client", EntityID: c.ID, ClientID: c.ID, Diff: diff})
}

func (w *writer) updatePatient(s *patientState) error {
	if s.isNew || s.kept {
		return nil
	}
	if s.owner != nil {
		s.now.ClientID = s.owner.id()
	}
	p, dies := s.now, s.now.Status == db.PatientDeceased && s.before.Status != db.PatientDeceased
	if dies { // visits and reminders stop too, so it has a way of its own
		p.Status, p.DeceasedOn = s.before.Status, s.before.DeceasedOn
	}
	if diff := db.DiffOf(s.before, p); len(diff) > 0 {
		_, err := w.tx.Exec(w.ctx, `
			update patient
			set client_id = $2, name = $3, species = $4, breed = $5, sex = $6, neutered = $7, dob = $8, dob_estimated = $9, colour = $10, microchip = $11,
			    weight_g = $12, alert = $13, status = $14, deceased_on = $15, last_visit_on = $16, external_ref = $17, version = version + 1, updated_at = now()
			where id = $1`,
			p.ID, p.ClientID, p.Name, p.Species, p.Breed, p.Sex, p.Neutered, p.DOB, p.DOBEstimated, p.Colour, p.Microchip,
			p.WeightG, p.Alert, p.Status, p.DeceasedOn, p.LastVisitOn, p.ExternalRef)
		if err != nil {
			return err
		}
		p.Version++
		if err := db.Audit(w.ctx, w.tx, db.Audited{Action: "imported", Entity: "patient", EntityID: p.ID, ClientID: p.ClientID, Diff: diff}); err != nil {
			return err
		}
	}
	if dies {
		_, _, err := db.RecordDeath(w.ctx, w.tx, p.ID, p.Version, s.now.DeceasedOn)
		return err
	}
	return nil
}
