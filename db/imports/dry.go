package imports

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"
)

// A dry run decides every row as the import would, and writes nothing but what it found. What earlier rows of the file
// would have brought stands in temporary tables meanwhile, so that it holds nobody up and takes no memory here.

func (im *run) beginDry(ctx context.Context) error {
	if !im.dry {
		return nil
	}
	_, err := im.conn.Exec(ctx, `
		create temporary table if not exists import_dry (entity text, ref text, state jsonb, primary key (entity, ref));
		create temporary table if not exists import_dry_chip (chip text primary key, ref text);
		create temporary table if not exists import_dry_visit (ref text primary key, vet_id bigint, room_id bigint, patient bigint, span tstzrange);
		create index if not exists import_dry_visit_ix on import_dry_visit using gist (span);
		truncate import_dry, import_dry_chip, import_dry_visit`)
	return err
}

func (im *run) endDry(ctx context.Context) {
	if im.dry { // when the connection is gone, so are they
		_, _ = im.conn.Exec(context.WithoutCancel(ctx), `drop table if exists import_dry, import_dry_chip, import_dry_visit`)
	}
}

// forUpdate keeps others from changing what is read, unless nothing will be written.
func (im *run) forUpdate() string {
	if im.dry {
		return ""
	}
	return ` for update`
}

// orDry is SQL that only a dry run adds.
func (im *run) orDry(sql string) string {
	if im.dry {
		return sql
	}
	return ""
}

// loadDry puts what earlier rows would have brought over what is there.
func (w *writer) loadDry(entity string, refs []string, put func(ref string, state []byte) error) error {
	if !w.im.dry {
		return nil
	}
	rows, _ := w.tx.Query(w.ctx, `
		select ref, state
		from import_dry
		where entity = $1 and ref = any($2)`, entity, refs)
	var ref string
	var state []byte
	_, err := pgx.ForEachRow(rows, []any{&ref, &state}, func() error { return put(ref, state) })
	return err
}

// storeDry keeps what the batch would have brought.
func (w *writer) storeDry() error {
	var entities, refs, states, chips, wearers []string
	add := func(entity, ref string, state any) error {
		text, err := json.Marshal(state)
		entities, refs, states = append(entities, entity), append(refs, ref), append(states, string(text))
		return err
	}
	for _, state := range w.order {
		var err error
		switch s := state.(type) {
		case *clientState:
			if s.isNew {
				w.im.invented--
				s.now.ID = w.im.invented
			}
			err = add("client", *s.now.ExternalRef, s.now)
		case *patientState:
			if s.isNew {
				w.im.invented--
				s.now.ID = w.im.invented
			}
			if s.owner != nil {
				s.now.ClientID = s.owner.id()
			}
			if s.now.Microchip != nil {
				chips, wearers = append(chips, *s.now.Microchip), append(wearers, *s.now.ExternalRef)
			}
			err = add("patient", *s.now.ExternalRef, s.now)
		}
		if err != nil {
			return err
		}
	}
	for _, visit := range w.events.newVisits {
		_, err := w.tx.Exec(w.ctx, `
			insert into import_dry_visit (ref, vet_id, room_id, patient, span)
			values ($1, $2, $3, $4, tstzrange($5, $6))`, visit.ref, visit.vetID, visit.roomID, visit.patientID, visit.starts, visit.ends)
		if err != nil {
			return err
		}
	}
	for _, treatment := range w.events.newTreatments {
		if err := add("treatment", treatment.ref, nil); err != nil {
			return err
		}
	}
	_, err := w.tx.Exec(w.ctx, `
		insert into import_dry (entity, ref, state)
		select * from unnest($1::text[], $2::text[], $3::jsonb[])
		on conflict (entity, ref) do update set state = excluded.state`, entities, refs, states)
	if err != nil || len(chips) == 0 {
		return err
	}
	_, err = w.tx.Exec(w.ctx, `
		insert into import_dry_chip (chip, ref)
		select * from unnest($1::text[], $2::text[])
		on conflict (chip) do update set ref = excluded.ref`, chips, wearers)
	return err
}
