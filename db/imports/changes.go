package imports

import (
	"github.com/jackc/pgx/v5"

	"purplecross/db"
)

// sumOf is a record's content as an import leaves it, by which its undo sees that somebody changed it since. The search
// document is left out: it follows from others' records.
const sumOf = `md5((to_jsonb(r) - 'search_doc')::text)`

// rememberChanged keeps what the records that are about to change are now.
func (w *writer) rememberChanged() error {
	var clients, pets, dying []int64
	for _, state := range w.order {
		switch s := state.(type) {
		case *clientState:
			if !s.isNew {
				clients = append(clients, s.now.ID)
			}
		case *patientState:
			if !s.isNew {
				pets = append(pets, s.now.ID)
				if s.now.Status == db.PatientDeceased && s.before.Status != db.PatientDeceased {
					dying = append(dying, s.now.ID)
				}
			}
		}
	}
	w.treatedPatients()
	pets = append(pets, w.events.seen...) // a visit that is over moves its patient's last one
	for entity, ids := range map[string][]int64{"client": clients, "patient": pets} {
		if err := w.remember(entity, `id = any($2)`, ids); err != nil {
			return err
		}
	}
	for entity, stops := range map[string]string{
		"appointment": `patient_id = any($2) and starts_at > now() and status in ('requested', 'booked', 'confirmed')`,
		"reminder":    `patient_id = any($2) and status in ('open', 'booked')`,
	} {
		if err := w.remember(entity, stops, dying); err != nil {
			return err
		}
	}
	return w.remember("reminder", `patient_id = any($2) and status in ('open', 'booked')`, w.events.treated)
}

func (w *writer) remember(entity, which string, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	rows, _ := w.tx.Query(w.ctx, `
		with kept as (
		  insert into import_change (batch_id, entity, entity_id, before)
		  select $1, '`+entity+`', id, to_jsonb(r) - 'search_doc'
		  from `+entity+` r
		  where `+which+`
		  on conflict (batch_id, entity, entity_id) do nothing
		)
		select id
		from `+entity+`
		where `+which, w.im.summary.BatchID, ids)
	about, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if w.changed == nil {
		w.changed = map[string][]int64{}
	}
	w.changed[entity] = append(w.changed[entity], about...)
	return err
}

// rememberAdded notes what is new, and how everything that the batch has written stands now.
func (w *writer) rememberAdded() error {
	var clients, pets []int64
	for _, state := range w.order {
		switch s := state.(type) {
		case *clientState:
			if s.isNew {
				clients = append(clients, s.now.ID)
			}
		case *patientState:
			if s.isNew {
				pets = append(pets, s.now.ID)
			}
		}
	}
	for entity, ids := range map[string][]int64{
		"client": clients, "patient": pets, "appointment": w.events.visits, "treatment": w.events.treatments, "reminder": w.events.reminders,
	} {
		if len(ids) == 0 {
			continue
		}
		_, err := w.tx.Exec(w.ctx, `
			insert into import_change (batch_id, entity, entity_id, after_sum)
			select $1, '`+entity+`', id, `+sumOf+`
			from `+entity+` r
			where id = any($2)
			order by id`, w.im.summary.BatchID, ids)
		if err != nil {
			return err
		}
	}
	for entity, ids := range w.changed {
		_, err := w.tx.Exec(w.ctx, `
			update import_change c
			set after_sum = `+sumOf+`
			from `+entity+` r
			where c.batch_id = $1 and c.entity = '`+entity+`' and c.entity_id = any($2) and r.id = c.entity_id`, w.im.summary.BatchID, ids)
		if err != nil {
			return err
		}
	}
	return nil
}
