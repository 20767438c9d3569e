package imports

import (
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// treatmentRow is a treatment as a row has it.
type treatmentRow struct {
	ref                     string
	patientID               int64
	active                  bool // its patient still comes
	kind, product           string
	lot, dose, instructions string
	given                   time.Time
	due                     *time.Time
	careID, byID            *int64
}

var treatmentWords = map[string]string{
	"vaccination": "vaccination", "vaccine": "vaccination", "vax": "vaccination", "immunisation": "vaccination", "immunization": "vaccination",
	"parasite": "parasite", "parasite control": "parasite", "flea": "parasite", "worming": "parasite", "deworming": "parasite", "heartworm": "parasite",
	"medication": "medication", "medicine": "medication", "drug": "medication", "prescription": "medication", "rx": "medication",
	"procedure": "procedure", "surgery": "procedure", "dental": "procedure",
	"lab": "lab", "laboratory": "lab", "test": "lab", "diagnostic": "lab", "other": "other",
}

// readTreatment reads what was given to a patient who is here already.
func readTreatment(im *run, g *reading) {
	g.petRef = im.ref(g.number("patient_no", "The patient's number"))
	t := &treatmentRow{product: g.needed("product", "What was given"), lot: g.cell("lot"), dose: g.cell("dose"), instructions: g.cell("instructions"), kind: "other"}
	g.treatment = t
	for column, value := range map[string]string{"product": t.product, "lot": t.lot, "dose": t.dose} {
		if letters := len([]rune(value)); letters > 200 {
			g.refuse("rule", column, "This has %d characters; 200 is the most.", letters)
		}
	}
	if g.needed("given", "The day") == "" {
		return
	}
	if day := g.date("given", "The day"); day != nil {
		t.given = *day
	} else if !g.refused() {
		g.refuse("date", "given", "The day is missing.")
	}
	g.dueAgain(t)
	g.careOf(im, t)
	if number := g.cell("treatment_no"); number != "" {
		t.ref = im.ref(g.number("treatment_no", "The treatment's number"))
	} else {
		t.ref = g.petRef + "@" + t.given.Format("2006-01-02") + "/" + strings.ToLower(t.product)
	}
}

func (g *reading) dueAgain(t *treatmentRow) {
	text := g.cell("due")
	if text == "" || noDate.MatchString(strings.ToLower(text)) {
		return
	}
	if day, ok := g.dayOf("due", "The next date", text); ok && !day.After(t.given) {
		g.note("due-before", "due", "It is due again no later than it was given, so that date is left out.")
	} else if ok {
		t.due = &day
	}
}

func (g *reading) careOf(im *run, t *treatmentRow) {
	if word := strings.ToLower(g.cell("treatment_kind")); word != "" {
		kind, known := treatmentWords[word]
		if !known {
			g.note("kind", "treatment_kind", "This kind is not known here, so it is “other”.")
			kind = "other"
		}
		t.kind = kind
	}
	for _, column := range []string{"care", "product"} {
		if id, known := im.names.cares[strings.ToLower(g.cell(column))]; known {
			t.careID, t.kind = &id, im.names.careKinds[id]
			break
		}
	}
	if t.careID == nil && g.cell("care") != "" {
		g.note("care", "care", "There is no care protocol of this name, so nobody is reminded of it.")
	}
	if by := g.cell("given_by"); by != "" {
		if id, known := im.names.person(by); known {
			t.byID = &id
		} else {
			g.note("by", "given_by", "Nobody here has this name, so it does not say who gave it.")
		}
	}
}

// treatedPatients are those whose reminders may change.
func (w *writer) treatedPatients() {
	for _, t := range w.events.newTreatments {
		if t.careID != nil {
			w.events.treated = append(w.events.treated, t.patientID)
		}
	}
}

func (w *writer) insertTreatments() error {
	all := w.events.newTreatments
	if len(all) == 0 {
		return nil
	}
	ids, err := w.reserve("treatment", len(all))
	if err != nil {
		return err
	}
	w.events.treatments = ids
	columns := strings.Fields(`id patient_id protocol_id kind product lot dose instructions given_on next_due given_by external_ref import_batch_id`)
	_, err = w.tx.CopyFrom(w.ctx, pgx.Identifier{"treatment"}, columns, pgx.CopyFromSlice(len(all), func(i int) ([]any, error) {
		t := all[i]
		return []any{ids[i], t.patientID, t.careID, t.kind, t.product, t.lot, t.dose, t.instructions, t.given, t.due, t.byID, t.ref, w.im.summary.BatchID}, nil
	}))
	if err != nil {
		return err
	}
	return w.remindOfCare(ids)
}

// remindOfCare has the latest treatment of each care satisfy its reminder, and remind of the next one.
func (w *writer) remindOfCare(ids []int64) error {
	rows, _ := w.tx.Query(w.ctx, `
		with latest as (
		  select distinct on (t.patient_id, t.protocol_id) t.id, t.patient_id, t.protocol_id, t.next_due
		  from treatment t
		  where t.id = any($1) and t.protocol_id is not null
		    and not exists (
		      select from treatment later
		      where later.patient_id = t.patient_id and later.protocol_id = t.protocol_id and later.given_on > t.given_on)
		  order by t.patient_id, t.protocol_id, t.given_on desc, t.id
		), satisfied as (
		  update reminder r
		  set status = 'satisfied', closed_at = now(), closed_reason = 'Given, as the imported record says.'
		  from latest l
		  where r.patient_id = l.patient_id and r.protocol_id = l.protocol_id and r.status in ('open', 'booked') and (l.next_due is null or r.due_on < l.next_due)
		  returning r.patient_id, r.protocol_id
		)
		insert into reminder (patient_id, protocol_id, source_treatment_id, due_on)
		select l.patient_id, l.protocol_id, l.id, l.next_due
		from latest l
		join patient p on p.id = l.patient_id and p.status = 'active'
		join care_protocol o on o.id = l.protocol_id and o.active
		where l.next_due > current_date - o.lapse_after_days
		  and not exists (
		    select from reminder r
		    where r.patient_id = l.patient_id and r.protocol_id = l.protocol_id and r.status in ('open', 'booked')
		      and not exists (select from satisfied s where s.patient_id = r.patient_id and s.protocol_id = r.protocol_id))
		returning id`, ids)
	reminders, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	w.events.reminders = reminders
	return err
}
