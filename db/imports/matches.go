package imports

import (
	"encoding/json"
	"strconv"

	"github.com/jackc/pgx/v5"

	"purplecross/db"
)

// match is one of ours that a record of the file may be, and what somebody chose.
type match struct {
	id          int64
	why, choice string
}

// own is the wearer of a microchip in the writer's words, for a patient without a number of the file's system.
func (m match) own() string { return "#" + strconv.FormatInt(m.id, 10) }

// loadMatches finds whom of the batch may be here already: only among those that no file has brought, for the numbers of
// one system tell its own records apart.
func (w *writer) loadMatches(batch []*reading) error {
	w.matches = map[string]match{}
	var clients, pets []*reading
	for _, g := range batch {
		if g.refused() {
			continue
		}
		if g.client != nil && w.clients[g.clientRef] == nil {
			clients = append(clients, g)
		}
		if g.pet != nil && w.pets[g.petRef] == nil {
			pets = append(pets, g)
		}
	}
	if w.im.strangers {
		if err := w.matchClients(clients); err != nil {
			return err
		}
		if err := w.matchPatients(pets); err != nil {
			return err
		}
	}
	return w.loadChoices(append(clients, pets...))
}

func (w *writer) matchClients(batch []*reading) error {
	var refs, emails, phones, firsts, lasts, postcodes []string
	by := map[string]*reading{}
	for _, g := range batch {
		if by[g.clientRef] != nil {
			continue
		}
		by[g.clientRef] = g
		refs, emails = append(refs, g.clientRef), append(emails, g.client.Email)
		phones = append(phones, g.client.Mobile)
		firsts, lasts, postcodes = append(firsts, g.client.FirstName), append(lasts, g.client.LastName), append(postcodes, g.client.Postcode)
	}
	rows, _ := w.tx.Query(w.ctx, `
		with described as materialized (
		  select ref, lower(email) as email, case when length(pc_digits(phone)) >= 10 then right(pc_digits(phone), 10) else '' end as phone,
		         pc_norm(first) as first, pc_norm(last) as last, postcode
		  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) d (ref, email, phone, first, last, postcode)
		), possible as (
		  select d.ref, c.id, 1 as how from described d join client c on c.email <> '' and lower(c.email) = d.email where d.email <> ''
		  union all
		  select d.ref, c.id, 2 from described d join client c on c.mobile <> '' and right(pc_digits(c.mobile), 10) = d.phone and (pc_norm(c.last_name) = d.last or pc_norm(c.first_name) = d.first) where d.phone <> ''
		  union all
		  select d.ref, c.id, 2 from described d join client c on c.phone_alt <> '' and right(pc_digits(c.phone_alt), 10) = d.phone and (pc_norm(c.last_name) = d.last or pc_norm(c.first_name) = d.first) where d.phone <> ''
		  union all
		  select d.ref, c.id, 3 from described d join client c on pc_norm(c.last_name) = d.last and pc_norm(c.first_name) = d.first and c.postcode = d.postcode where d.first <> '' and d.postcode <> ''
		)
		select distinct on (p.ref) p.ref, p.id, p.how
		from possible p
		join client c on c.id = p.id
		where c.external_ref is null and c.status <> 'merged'
		order by p.ref, p.how, p.id`, refs, emails, phones, firsts, lasts, postcodes)
	var ref string
	var id int64
	var how int
	found := map[string]match{}
	_, err := pgx.ForEachRow(rows, []any{&ref, &id, &how}, func() error {
		found[ref] = match{id: id, why: [...]string{
			"", "A client here has this e-mail address.", "A client here has this telephone number and a like name.", "A client here has this name and postcode.",
		}[how]}
		return nil
	})
	if err != nil {
		return err
	}
	return w.keepMatches("client", found, by, func(g *reading) any { return g.client })
}

func (w *writer) matchPatients(batch []*reading) error {
	var refs, names, species []string
	var owners []int64
	by := map[string]*reading{}
	for _, g := range batch {
		owner := w.clients[g.clientRef]
		var id int64
		if owner != nil {
			id = owner.id()
		} else if match, is := w.matches["client"+g.clientRef]; is {
			id = match.id
		}
		if id <= 0 || by[g.petRef] != nil {
			continue
		}
		by[g.petRef] = g
		refs, names, species, owners = append(refs, g.petRef), append(names, g.pet.Name), append(species, string(g.pet.Species)), append(owners, id)
	}
	rows, _ := w.tx.Query(w.ctx, `
		select distinct on (d.ref) d.ref, p.id
		from unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) d (ref, name, species, owner)
		join patient p on p.client_id = d.owner and pc_norm(p.name) = pc_norm(d.name) and p.species::text = d.species and p.external_ref is null
		order by d.ref, p.id`, refs, names, species, owners)
	var ref string
	var id int64
	found := map[string]match{}
	_, err := pgx.ForEachRow(rows, []any{&ref, &id}, func() error {
		found[ref] = match{id: id, why: "This household has a patient of this name here."}
		return nil
	})
	if err != nil {
		return err
	}
	return w.keepMatches("patient", found, by, func(g *reading) any { return g.pet })
}

// keepMatches writes down who may be whom, for somebody to choose. What was chosen before stays.
func (w *writer) keepMatches(entity string, found map[string]match, by map[string]*reading, of func(*reading) any) error {
	var refs, incoming, whys []string
	var lines []int
	var others []int64
	for ref, match := range found {
		text, err := json.Marshal(of(by[ref]))
		if err != nil {
			return err
		}
		w.matches[entity+ref] = match
		refs, incoming, whys = append(refs, ref), append(incoming, string(text)), append(whys, match.why)
		lines, others = append(lines, by[ref].line), append(others, match.id)
	}
	if len(refs) == 0 {
		return nil
	}
	_, err := w.tx.Exec(w.ctx, `
		insert into import_duplicate (batch_id, entity, ref, line, incoming, other_id, why)
		select $1, $2, ref, line, incoming::jsonb, other_id, why
		from unnest($3::text[], $4::int[], $5::text[], $6::bigint[], $7::text[]) d (ref, line, incoming, other_id, why)
		on conflict (batch_id, entity, ref) do nothing`, w.im.summary.BatchID, entity, refs, lines, incoming, others, whys)
	return err
}

// loadChoices reads what somebody chose for whom.
func (w *writer) loadChoices(batch []*reading) error {
	refs := make([]string, 0, 2*len(batch))
	for _, g := range batch {
		refs = append(refs, g.clientRef, g.petRef)
	}
	rows, _ := w.tx.Query(w.ctx, `
		select entity || ref, other_id, why, coalesce(choice, '')
		from import_duplicate
		where batch_id = $1 and ref = any($2) and (choice is not null or $3)`, w.im.summary.BatchID, refs, w.im.strangers)
	var key string
	var m match
	_, err := pgx.ForEachRow(rows, []any{&key, &m.id, &m.why, &m.choice}, func() error {
		w.matches[key] = m
		return nil
	})
	return err
}

// adoptClient takes a household that is here for the file's: it gets the file's number, and what it lacks.
func (w *writer) adoptClient(g *reading, m match) outcome {
	rows, _ := w.tx.Query(w.ctx, selectClient+` where id = $1`+w.im.forUpdate(), m.id)
	client, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[db.Client])
	if err != nil || client.ExternalRef != nil || client.Status == db.ClientMerged {
		g.refuse("gone", "client_no", "The client that was chosen for it is not there any more, or has another number already.")
		return refused
	}
	state := &clientState{before: client, now: client}
	state.now.ExternalRef = &g.clientRef
	fill(g, &state.now)
	optOut(g, &state.now)
	w.clients[g.clientRef], w.order = state, append(w.order, state)
	w.clientsUpdated++
	return updated
}

// adoptPatient is adoptClient for a patient.
func (w *writer) adoptPatient(g *reading, m match) outcome {
	rows, _ := w.tx.Query(w.ctx, selectPatient+` where id = $1`+w.im.forUpdate(), m.id)
	pet, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[db.Patient])
	if err != nil || pet.ExternalRef != nil {
		g.refuse("gone", "name", "The patient that was chosen for it is not there any more, or has another number already.")
		return refused
	}
	state := &patientState{before: pet, now: pet, owner: w.clients[g.clientRef]}
	p, file := &state.now, *g.pet
	p.ExternalRef = &g.petRef
	if p.Breed == "" {
		p.Breed = file.Breed
	}
	if p.Colour == "" {
		p.Colour = file.Colour
	}
	if p.Sex == "unknown" {
		p.Sex = file.Sex
	}
	if p.Neutered == nil {
		p.Neutered = file.Neutered
	}
	if p.DOB == nil {
		p.DOB, p.DOBEstimated = file.DOB, file.DOBEstimated
	}
	if p.Microchip == nil {
		p.Microchip = file.Microchip
	}
	if p.WeightG == nil {
		p.WeightG = file.WeightG
	}
	if p.Status == db.PatientActive && file.Status == db.PatientDeceased {
		p.Status, p.DeceasedOn = file.Status, file.DeceasedOn
	}
	w.pets[g.petRef], w.order = state, append(w.order, state)
	w.patientsUpdated++
	return updated
}
