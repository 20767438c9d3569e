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
	matches map[string]match         // entity and external_ref → one of ours that it may be
	order   []any                    // the states that are new or changed, in the order of the file
	events  eventful
	changed map[string][]int64 // of records that were here, by table

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

const (
	selectClient = `
		select id, first_name, last_name, second_contact, mobile, phone_alt, email, address, city, region, postcode, alert, preferred,
		       sms_opt_out_at, email_opt_out_at, email_bounced_at, status, merged_into, external_ref, version, created_at, updated_at
		from client`
	selectPatient = `
		select id, client_id, name, species, breed, sex, neutered, dob, dob_estimated, colour, microchip, weight_g, weighed_on, alert,
		       insurer, policy_no, status, deceased_on, last_visit_on, external_ref, version, created_at, updated_at
		from patient`
)

// load reads whoever the batch is about, and keeps others from changing them meanwhile.
func (w *writer) load(batch []*reading) error {
	var clientRefs, petRefs, chips []string
	for _, g := range batch {
		if g.refused() {
			continue
		}
		clientRefs, petRefs = append(clientRefs, g.clientRef), append(petRefs, g.petRef)
		if g.pet != nil && g.pet.Microchip != nil {
			chips = append(chips, *g.pet.Microchip)
		}
	}
	if err := w.loadClients(clientRefs); err != nil {
		return err
	}
	if err := w.loadPatients(petRefs); err != nil {
		return err
	}
	if w.im.found.kind.event() {
		return w.loadEvents(batch)
	}
	if err := w.loadMatches(batch); err != nil {
		return err
	}
	rows, _ := w.tx.Query(w.ctx, `
		select microchip, coalesce(external_ref, '#' || id)
		from patient
		where microchip = any($1)`+w.im.orDry(`
		union all
		select chip, ref
		from import_dry_chip
		where chip = any($1)`), chips)
	w.chips = map[string]string{}
	var chip, wearer string
	_, err := pgx.ForEachRow(rows, []any{&chip, &wearer}, func() error {
		w.chips[chip] = wearer
		return nil
	})
	return err
}

func (w *writer) loadClients(refs []string) error {
	rows, _ := w.tx.Query(w.ctx, selectClient+`
		where external_ref = any($1)
		order by id`+w.im.forUpdate(), refs)
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
	if err != nil {
		return err
	}
	return w.loadDry("client", refs, func(ref string, state []byte) error {
		var c db.Client
		err := json.Unmarshal(state, &c)
		kept := w.clients[ref] != nil && w.clients[ref].kept
		w.clients[ref] = &clientState{before: c, now: c, kept: kept}
		return err
	})
}

func (w *writer) loadPatients(refs []string) error {
	rows, _ := w.tx.Query(w.ctx, selectPatient+`
		where external_ref = any($1)
		order by id`+w.im.forUpdate(), refs)
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
	if err != nil {
		return err
	}
	return w.loadDry("patient", refs, func(ref string, state []byte) error {
		var p db.Patient
		err := json.Unmarshal(state, &p)
		kept := w.pets[ref] != nil && w.pets[ref].kept
		w.pets[ref] = &patientState{before: p, now: p, kept: kept}
		return err
	})
}

// touched are the records that somebody here has changed since they were imported.
func (w *writer) touched(entity string, ids []int64) (map[int64]bool, error) {
	touched := make(map[int64]bool, len(ids))
	if len(ids) == 0 {
		return touched, nil
	}
	rows, _ := w.tx.Query(w.ctx, `
		select distinct entity_id
		from audit_log
		where entity = $1 and entity_id = any($2) and action not in ('imported', 'restored')`, entity, ids)
	list, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	for _, id := range list {
		touched[id] = true
	}
	return touched, err
}

// action is the outcome in import_row's words.
func (g *reading) action() string {
	switch {
	case g.outcome == refused:
		return "error"
	case g.outcome == waiting:
		return "waiting"
	case g.outcome == added:
		return "new"
	case g.outcome == updated:
		return "update"
	case slices.ContainsFunc(g.issues, func(i Issue) bool { return i.Code == "duplicate" }):
		return "duplicate"
	}
	return "skip"
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
