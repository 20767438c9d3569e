package imports

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"purplecross/db"
)

// writer decides a batch of rows against what the clinic has, and stores what follows.
type writer struct {
	ctx context.Context
	tx  pgx.Tx
	im  *run

	clients map[string]*clientState  // by external_ref
	pets    map[string]*patientState // by external_ref
	chips   map[string]string        // microchip → who wears it: its external_ref, or "#" and its id
	order   []any                    // the states that are new or changed, in the order of the file

	clientsAdded, clientsUpdated, patientsAdded, patientsUpdated int
}

type clientState struct {
	before, now db.Client
	isNew, kept bool // kept: somebody here changed it since, so the file's version stays out
}

type patientState struct {
	before, now db.Patient
	owner       *clientState
	isNew, kept bool
}

// load reads whoever the batch is about, and keeps others from changing them meanwhile.
func (w *writer) load(batch []*reading) error {
	var clientRefs, petRefs, chips []string
	for _, g := range batch {
		if g.refused() {
			continue
		}
		clientRefs = append(clientRefs, g.clientRef)
		if g.pet != nil {
			petRefs = append(petRefs, g.petRef)
			if g.pet.Microchip != nil {
				chips = append(chips, *g.pet.Microchip)
			}
		}
	}
	if err := w.loadClients(clientRefs); err != nil {
		return err
	}
	if err := w.loadPatients(petRefs); err != nil {
		return err
	}
	rows, _ := w.tx.Query(w.ctx, `
		select microchip, coalesce(external_ref, '#' || id)
		from patient
		where microchip = any($1)`, chips)
	w.chips = map[string]string{}
	var chip, wearer string
	_, err := pgx.ForEachRow(rows, []any{&chip, &wearer}, func() error {
		w.chips[chip] = wearer
		return nil
	})
	return err
}

func (w *writer) loadClients(refs []string) error {
	rows, _ := w.tx.Query(w.ctx, `
		select id, first_name, last_name, second_contact, mobile, phone_alt, email, address, city, region, postcode, alert, preferred,
		       sms_opt_out_at, email_opt_out_at, email_bounced_at, status, merged_into, external_ref, version, created_at, updated_at
		from client
		where external_ref = any($1)
		order by id
		for update`, refs)
	clients, err := pgx.CollectRows(rows, pgx.RowToStructByName[db.Client])
	if err != nil {
		return err
	}
	w.clients = map[string]*clientState{}
	ids := make([]int64, 0, len(clients))
	for _, c := range clients {
		w.clients[*c.ExternalRef] = &clientState{before: c, now: c}
		ids = append(ids, c.ID)
	}
	touched, err := w.touched("client", ids)
	for _, state := range w.clients {
		state.kept = touched[state.now.ID] || state.now.Status == db.ClientMerged
	}
	return err
}

func (w *writer) loadPatients(refs []string) error {
	rows, _ := w.tx.Query(w.ctx, `
		select id, client_id, name, species, breed, sex, neutered, dob, dob_estimated, colour, microchip, weight_g, weighed_on, alert,
		       insurer, policy_no, status, deceased_on, last_visit_on, external_ref, version, created_at, updated_at
		from patient
		where external_ref = any($1)
		order by id
		for update`, refs)
	pets, err := pgx.CollectRows(rows, pgx.RowToStructByName[db.Patient])
	if err != nil {
		return err
	}
	w.pets = map[string]*patientState{}
	ids := make([]int64, 0, len(pets))
	for _, p := range pets {
		w.pets[*p.ExternalRef] = &patientState{before: p, now: p}
		ids = append(ids, p.ID)
	}
	touched, err := w.touched("patient", ids)
	for _, state := range w.pets {
		state.kept = touched[state.now.ID]
	}
	return err
}

// touched are the records that somebody here has changed since they were imported.
func (w *writer) touched(entity string, ids []int64) (map[int64]bool, error) {
	rows, _ := w.tx.Query(w.ctx, `
		select distinct entity_id
		from audit_log
		where entity = $1 and entity_id = any($2) and action <> 'imported'`, entity, ids)
	list, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	touched := make(map[int64]bool, len(list))
	for _, id := range list {
		touched[id] = true
	}
	return touched, err
}

// keepIssues writes the rows that somebody should look at.
func (w *writer) keepIssues(batch []*reading) error {
	var bad []*reading
	for _, g := range batch {
		if len(g.issues) > 0 {
			bad = append(bad, g)
		}
	}
	columns := strings.Fields(`batch_id line raw action issues client_id patient_id`)
	_, err := w.tx.CopyFrom(w.ctx, pgx.Identifier{"import_row"}, columns, pgx.CopyFromSlice(len(bad), func(i int) ([]any, error) {
		g := bad[i]
		raw, err := json.Marshal(g.raw())
		if err != nil {
			return nil, err
		}
		issues, err := json.Marshal(g.issues)
		if err != nil {
			return nil, err
		}
		var clientID, petID *int64
		if state := w.clients[g.clientRef]; state != nil && g.outcome != refused {
			clientID = &state.now.ID
		}
		if state := w.pets[g.petRef]; state != nil && g.outcome != refused {
			petID = &state.now.ID
		}
		return []any{w.im.summary.BatchID, g.line, string(raw), g.action(), string(issues), clientID, petID}, nil
	}))
	return err
}

// action is the outcome in import_row's words.
func (g *reading) action() string {
	switch {
	case g.outcome == refused:
		return "error"
	case g.outcome == added:
		return "new"
	case g.outcome == updated:
		return "update"
	case slices.ContainsFunc(g.issues, func(i Issue) bool { return i.Code == "duplicate" }):
		return "duplicate"
	}
	return "skip"
}

// keepNumbers lets the batch's row say how far it is.
func (w *writer) keepNumbers(batch []*reading) error {
	var n [4]int
	for _, g := range batch {
		n[g.outcome]++
	}
	_, err := w.tx.Exec(w.ctx, `
		update import_batch
		set total = total + $2, added = added + $3, updated = updated + $4, unchanged = unchanged + $5, refused = refused + $6
		where id = $1`, w.im.summary.BatchID, len(batch), n[added], n[updated], n[unchanged], n[refused])
	return err
}

// brokenRule is the rule of the database that an error says was broken; empty for other errors.
func brokenRule(err error) string {
	if broken := new(pgconn.PgError); errors.As(err, &broken) && strings.HasPrefix(broken.Code, "23") {
		return broken.ConstraintName + "."
	}
	if wrong := db.Invalid(nil); errors.As(err, &wrong) {
		return wrong.Error()
	}
	return ""
}
