package db

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"purplecross/db/grid"
)

// textCell edits a text as it is.
func textCell[T any](field func(*T) *string) editingCell[T] {
	return editingCell[T]{
		get: func(record T) string { return *field(&record) },
		set: func(record *T, value string, _ *grid.Column, _ time.Time) string {
			*field(record) = value
			return ""
		},
	}
}

// wordCell edits a choice.
func wordCell[T any, S ~string](field func(*T) *S) editingCell[T] {
	return editingCell[T]{
		get: func(record T) string { return string(*field(&record)) },
		set: func(record *T, value string, _ *grid.Column, _ time.Time) string {
			*field(record) = S(value)
			return ""
		},
	}
}

// phoneCell edits a telephone number.
func phoneCell(field func(*Client) *string) editingCell[Client] {
	cell := textCell(field)
	cell.set = func(client *Client, value string, _ *grid.Column, _ time.Time) string {
		*field(client) = NormalPhone(value)
		return ""
	}
	return cell
}

// sinceCell edits a yes that is stored as the moment when it was said.
func sinceCell(field func(*Client) **time.Time) editingCell[Client] {
	return editingCell[Client]{
		get: func(client Client) string {
			if *field(&client) != nil {
				return "yes"
			}
			return "no"
		},
		set: func(client *Client, value string, _ *grid.Column, _ time.Time) string {
			*field(client) = nil
			if value == "yes" {
				now := time.Now().Truncate(time.Microsecond)
				*field(client) = &now
			}
			return ""
		},
	}
}

var patientEditing = tableEditing("patient", &editing[Patient]{
	entity: "patient",
	read:   `select ` + patientColumns + ` from patient where id = any ($1) order by id`,
	row: func(p *Patient) editedRecord {
		return editedRecord{p.ID, p.Version, p.Name, p.ClientID, p.UpdatedAt}
	},
	check:  Patient.Check,
	fields: map[string]string{"born": "dob", "weight": "weight_g"},
	cells: map[string]editingCell[Patient]{
		"name":    textCell(func(p *Patient) *string { return &p.Name }),
		"species": wordCell(func(p *Patient) *Species { return &p.Species }),
		"breed":   textCell(func(p *Patient) *string { return &p.Breed }),
		"sex":     wordCell(func(p *Patient) *Sex { return &p.Sex }),
		"alert":   textCell(func(p *Patient) *string { return &p.Alert }),
		"colour":  textCell(func(p *Patient) *string { return &p.Colour }),
		"insurer": textCell(func(p *Patient) *string { return &p.Insurer }),
		"neutered": {
			get: func(p Patient) string {
				if p.Neutered == nil {
					return ""
				}
				return map[bool]string{true: "yes", false: "no"}[*p.Neutered]
			},
			set: func(p *Patient, value string, _ *grid.Column, _ time.Time) string {
				yes := value == "yes"
				if p.Neutered = &yes; value == "" {
					p.Neutered = nil
				}
				return ""
			},
		},
		"born": {
			get: func(p Patient) string {
				if p.DOB == nil {
					return ""
				}
				return p.DOB.Format(time.DateOnly)
			},
			set: setBorn,
		},
		"weight": {
			get: func(p Patient) string {
				if p.WeightG == nil {
					return ""
				}
				return strconv.FormatFloat(float64(*p.WeightG)/1000, 'f', -1, 64)
			},
			set: setWeight,
		},
		"microchip": {
			get: func(p Patient) string {
				if p.Microchip == nil {
					return ""
				}
				return *p.Microchip
			},
			set: func(p *Patient, value string, _ *grid.Column, _ time.Time) string {
				chip := NormalMicrochip(value)
				if p.Microchip = &chip; chip == "" {
					p.Microchip = nil
				}
				return ""
			},
		},
		"status": {
			get: func(p Patient) string { return string(p.Status) },
			set: func(p *Patient, value string, _ *grid.Column, _ time.Time) string {
				if PatientStatus(value) == PatientDeceased {
					return "Mark the patient as deceased on its own page: that also stops its visits and reminders."
				}
				p.Status, p.DeceasedOn = PatientStatus(value), nil
				return ""
			},
		},
	},
})

// setBorn takes a day that has come. Whoever types it knows it, so it is no estimate any more.
func setBorn(p *Patient, value string, _ *grid.Column, today time.Time) string {
	p.DOB, p.DOBEstimated = nil, false
	if value == "" {
		return ""
	}
	day, err := time.Parse(time.DateOnly, value)
	if err != nil {
		return "Enter a day like 2026-11-24, or leave it empty."
	}
	if value > today.Format(time.DateOnly) {
		return "This day is in the future."
	}
	p.DOB = &day
	return ""
}

// setWeight takes a weight of today.
func setWeight(p *Patient, value string, column *grid.Column, today time.Time) string {
	p.WeightG, p.WeighedOn = nil, nil
	if value == "" {
		return ""
	}
	grams := int(column.Stored(value))
	day := time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, time.UTC)
	p.WeightG, p.WeighedOn = &grams, &day
	return ""
}

var clientEditing = tableEditing("client", &editing[Client]{
	entity: "client",
	read:   `select ` + clientColumns + ` from client where id = any ($1) and status <> 'merged' order by id`,
	row: func(c *Client) editedRecord {
		return editedRecord{c.ID, c.Version, c.Name(), c.ID, c.UpdatedAt}
	},
	check:  Client.Check,
	fields: map[string]string{"phone": "phone_alt", "no_email": "email_opt_out_at", "no_sms": "sms_opt_out_at"},
	cells: map[string]editingCell[Client]{
		"first_name":     textCell(func(c *Client) *string { return &c.FirstName }),
		"last_name":      textCell(func(c *Client) *string { return &c.LastName }),
		"second_contact": textCell(func(c *Client) *string { return &c.SecondContact }),
		"mobile":         phoneCell(func(c *Client) *string { return &c.Mobile }),
		"phone":          phoneCell(func(c *Client) *string { return &c.PhoneAlt }),
		"email": {
			get: func(c Client) string { return c.Email },
			set: func(c *Client, value string, _ *grid.Column, _ time.Time) string {
				c.Email, c.EmailBouncedAt = value, nil // a new address has not bounced yet
				return ""
			},
		},
		"address":   textCell(func(c *Client) *string { return &c.Address }),
		"city":      textCell(func(c *Client) *string { return &c.City }),
		"postcode":  textCell(func(c *Client) *string { return &c.Postcode }),
		"alert":     textCell(func(c *Client) *string { return &c.Alert }),
		"preferred": wordCell(func(c *Client) *Channel { return &c.Preferred }),
		"status":    wordCell(func(c *Client) *ClientStatus { return &c.Status }),
		"no_email":  sinceCell(func(c *Client) **time.Time { return &c.EmailOptOutAt }),
		"no_sms":    sinceCell(func(c *Client) **time.Time { return &c.SMSOptOutAt }),
	},
})

func tableEditing[T any](table string, e *editing[T]) *editing[T] {
	e.lock = ` for update`
	e.save = saveTable(table, e)
	return e
}

// editedVisit is what lists may change of a visit, and what its form needs to be saved.
type editedVisit struct {
	ID             int64     `db:"id"`
	Version        int       `db:"version"`
	UpdatedAt      time.Time `db:"updated_at"`
	ClientID       *int64    `db:"client_id"`
	TypeID         *int64    `db:"type_id"`
	VetID          *int64    `db:"vet_id"`
	RoomID         *int64    `db:"room_id"`
	StartsAt       time.Time `db:"starts_at"`
	EndsAt         time.Time `db:"ends_at"`
	Reason         string    `db:"reason"`
	Overbooked     bool      `db:"overbooked"`
	OverbookReason string    `db:"overbook_reason"`
	PatientName    string    `db:"patient_name"`
}

// refCell edits who or what a visit is with, by id.
func refCell(field func(*editedVisit) **int64) editingCell[editedVisit] {
	return editingCell[editedVisit]{
		get: func(v editedVisit) string {
			if id := deref(*field(&v)); id != 0 {
				return strconv.FormatInt(id, 10)
			}
			return ""
		},
		set: func(v *editedVisit, value string, _ *grid.Column, _ time.Time) string {
			*field(v) = nil
			if id, err := strconv.ParseInt(value, 10, 64); err == nil {
				*field(v) = &id
			}
			return ""
		},
	}
}

var visitEditing = &editing[editedVisit]{
	entity: "appointment",
	read: `
		select a.id, a.version, a.updated_at, a.client_id, a.type_id, a.vet_id, a.room_id, a.starts_at, a.ends_at, a.reason, a.overbooked,
		       a.overbook_reason, p.name as patient_name
		  from appointment a join patient p on p.id = a.patient_id
		 where a.id = any ($1) and a.kind = 'visit'
		 order by a.id`,
	row: func(v *editedVisit) editedRecord {
		return editedRecord{v.ID, v.Version, v.PatientName + "’s visit", deref(v.ClientID), v.UpdatedAt}
	},
	fields: map[string]string{"vet": "vet_id", "room": "room_id"},
	cells: map[string]editingCell[editedVisit]{
		"reason": textCell(func(v *editedVisit) *string { return &v.Reason }),
		"vet":    refCell(func(v *editedVisit) **int64 { return &v.VetID }),
		"room":   refCell(func(v *editedVisit) **int64 { return &v.RoomID }),
	},
	save: saveVisits,
}

// saveVisits saves each visit as its form does: the calendar's constraints decide one by one.
func saveVisits(ctx context.Context, tx pgx.Tx, changes []editChange[editedVisit]) error {
	var name string
	if err := tx.QueryRow(ctx, `select current_setting('timezone')`).Scan(&name); err != nil {
		return err
	}
	zone, err := time.LoadLocation(name) // the clinic's, as the pool's sessions have it
	if err != nil {
		return err
	}
	for i := range changes {
		change := &changes[i]
		err := pgx.BeginFunc(ctx, tx, func(savepoint pgx.Tx) error { return saveVisit(ctx, savepoint, change) })
		said, known := sentenceOf(err, zone)
		switch {
		case err == nil:
			change.saved = true
		case known:
			change.refused = said
		default:
			return err
		}
	}
	return nil
}

func saveVisit(ctx context.Context, tx pgx.Tx, change *editChange[editedVisit]) error {
	visit := change.after
	tell, err := MoveAppointment(ctx, tx, visit.ID, change.before.Version, Booking{
		TypeID: deref(visit.TypeID), VetID: deref(visit.VetID), RoomID: deref(visit.RoomID), StartsAt: visit.StartsAt, Minutes: int(visit.EndsAt.Sub(visit.StartsAt) / time.Minute),
		Reason: visit.Reason, Overbook: visit.Overbooked, OverbookReason: visit.OverbookReason,
	})
	if err != nil {
		return err
	}
	after, err := GetVisit(ctx, tx, visit.ID)
	if err != nil {
		return err
	}
	if !change.updated.IsZero() {
		if _, err := tx.Exec(ctx, `update appointment set updated_at = $2 where id = $1`, visit.ID, change.updated); err != nil {
			return err
		}
	}
	change.after.VetID, change.after.RoomID, change.after.Overbooked = after.VetID, after.RoomID, after.Overbooked
	change.after.OverbookReason, change.version, change.tell = after.OverbookReason, after.Version, tell
	return nil
}
