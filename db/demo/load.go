package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// loader writes rows by COPY, inside one transaction.
type loader struct {
	ctx         context.Context
	tx          pgx.Tx
	progress    func(done, total int)
	done, total int
}

// startLoad prepares the transaction: no time limit, and the triggers that keep search documents and last visits stand
// aside, for the rows bring both with them.
func startLoad(ctx context.Context, tx pgx.Tx, progress func(done, total int)) (*loader, error) {
	_, err := tx.Exec(ctx, `
		select set_config('statement_timeout', '0', true), set_config('purple_cross.bulk_load', 'on', true)`)
	return &loader{ctx: ctx, tx: tx, progress: progress}, err
}

func (l *loader) expect(rows int) { l.total = rows }

// firstID is where the ids of a table go on.
func (l *loader) firstID(table string) (id int64, err error) {
	err = l.tx.QueryRow(l.ctx, `select coalesce(max(id), 0) + 1 from `+pgx.Identifier{table}.Sanitize()).Scan(&id)
	return id, err
}

// copy writes n rows, made one at a time.
func (l *loader) copy(table, columns string, n int, row func(i int) []any) error {
	names := strings.Fields(columns)
	written, err := l.tx.CopyFrom(l.ctx, pgx.Identifier{table}, names, pgx.CopyFromSlice(n, func(i int) ([]any, error) { return row(i), nil }))
	if err != nil {
		return fmt.Errorf("copy %s: %w", table, err)
	}
	l.done += int(written)
	if l.progress != nil {
		l.progress(l.done, max(l.total, l.done))
	}
	return nil
}

// finish lets the tables go on from here, and gathers the planner's statistics, so that the first searches are not
// slow.
func (l *loader) finish() error {
	if err := l.numberOn(); err != nil {
		return err
	}
	_, err := l.tx.Exec(l.ctx, `analyze client, patient, appointment, visit_note, treatment, reminder, message, audit_log`)
	return err
}

// numberOn lets the next rows of every table have ids of their own.
func (l *loader) numberOn() error {
	for _, table := range []string{"staff", "room", "appointment_type", "care_protocol", "client", "patient", "appointment", "visit_note", "treatment", "reminder"} {
		_, err := l.tx.Exec(l.ctx, fmt.Sprintf(`select setval(pg_get_serial_sequence('%[1]s', 'id'), max(id)) from %[1]s having max(id) is not null`, table))
		if err != nil {
			return err
		}
	}
	return nil
}

// clientDoc and patientDoc are the search documents, as the triggers client_doc and patient_doc write them.
func clientDoc(c *client, pets []patient) string {
	doc := []string{c.first, c.last, c.second, c.email, c.postcode, digits(c.mobile), digits(c.phoneAlt)}
	for i := range pets {
		doc = append(doc, pets[i].name)
		if pets[i].chip != nil {
			doc = append(doc, *pets[i].chip)
		}
	}
	return norm(strings.Join(doc, " "))
}

func patientDoc(p *patient, c *client) string {
	doc := []string{p.name, p.breed}
	if p.chip != nil {
		doc = append(doc, *p.chip)
	}
	return norm(strings.Join(append(doc, c.first, c.last, c.second, digits(c.mobile), digits(c.phoneAlt)), " "))
}

func digits(phone string) string { return strings.TrimPrefix(phone, "+") }

func (l *loader) clients(clients []client, patients []patient) error {
	return l.copy("client", `id first_name last_name second_contact mobile phone_alt email address city region postcode alert
		preferred sms_opt_out_at email_opt_out_at email_bounced_at search_doc created_at updated_at`, len(clients),
		func(i int) []any {
			c, mine := &clients[i], 0
			for mine < len(patients) && patients[mine].clientID == c.id {
				mine++
			}
			pets := patients[:mine]
			patients = patients[mine:]
			return []any{
				c.id, c.first, c.last, c.second, c.mobile, c.phoneAlt, c.email, c.address, "Seattle", "WA", c.postcode, c.alert,
				c.preferred, c.smsOut, c.emailOut, c.bounced, clientDoc(c, pets), c.created, c.created,
			}
		})
}

func (l *loader) patients(patients []patient, clients []client) error {
	return l.copy("patient", `id client_id name species breed sex neutered dob dob_estimated colour microchip weight_g weighed_on
		alert insurer policy_no status deceased_on last_visit_on search_doc created_at updated_at`, len(patients),
		func(i int) []any {
			p := &patients[i]
			return []any{
				p.id, p.clientID, p.name, p.species, p.breed, p.sex, p.neutered, p.dob, p.estimated, p.colour, p.chip, p.weight, p.weighedOn,
				p.alert, p.insurer, p.policy, p.status, p.died, p.lastVisit, patientDoc(p, &clients[p.clientID-clients[0].id]), p.created, p.created,
			}
		})
}

func (l *loader) visits(visits []visit) error {
	return l.copy("appointment", `id kind client_id patient_id type_id vet_id room_id starts_at ends_at status reason note
		overbooked overbook_reason confirmed_at confirmed_via arrived_at roomed_at ready_at completed_at cancelled_at cancel_reason
		booked_by created_at updated_at`, len(visits),
		func(i int) []any {
			v := &visits[i]
			row := []any{
				v.id, "block", nil, nil, nil, some(v.vet), some(v.room), v.starts, v.ends, v.status, v.reason, v.note,
				v.overbookReason != "", v.overbookReason, v.confirmed, v.confirmedVia, v.arrived, v.roomed, v.ready, v.completed, v.ended, v.cancelReason,
				v.bookedBy, v.created, v.touched(),
			}
			if v.patient != nil {
				row[1], row[2], row[3], row[4] = "visit", v.patient.clientID, v.patient.id, v.visitType
			}
			return row
		})
}

// touched is when the visit last changed.
func (v *visit) touched() time.Time {
	at := v.created
	for _, step := range []*time.Time{v.confirmed, v.arrived, v.roomed, v.ready, v.completed, v.ended} {
		if step != nil {
			at = later(at, *step)
		}
	}
	return at
}

// some is an id, or null for none.
func some(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

func (l *loader) notes(notes []note) error {
	return l.copy("visit_note", `id patient_id appointment_id vet_id seen_at weight_g temperature_dc heart_rate respiratory_rate
		body_condition reason subjective objective assessment plan status signed_at signed_by created_at updated_at`, len(notes),
		func(i int) []any {
			n := &notes[i]
			row := []any{
				n.id, n.visit.patient.id, n.visit.id, n.visit.vet, n.created, n.weight, n.temperature, n.heart, n.breath,
				n.score, n.visit.reason, n.subjective, n.objective, n.assessment, n.plan, "draft", nil, nil, n.created, n.created,
			}
			if n.signed != nil {
				row[15], row[16], row[17], row[19] = "signed", *n.signed, n.visit.vet, *n.signed
			}
			return row
		})
}

func (l *loader) treatments(treatments []treatment) error {
	return l.copy("treatment", `id patient_id visit_note_id protocol_id kind product lot dose instructions given_on next_due given_by created_at`, len(treatments),
		func(i int) []any {
			t := &treatments[i]
			var under *int64
			if t.protocol != nil {
				under = &t.protocol.id
			}
			return []any{t.id, t.patient.id, t.note, under, t.kind, t.product, t.lot, t.dose, t.instructions, t.given, t.due, some(t.by), t.given.Add(20 * time.Hour)}
		})
}

func (l *loader) reminders(reminders []reminder) error {
	return l.copy("reminder", `id patient_id protocol_id source_treatment_id due_on status appointment_id last_sent_at sends closed_at closed_reason created_at`, len(reminders),
		func(i int) []any {
			m := &reminders[i]
			return []any{m.id, m.patient.id, m.protocol.id, m.source, m.due, m.status, m.appointment, m.lastSent, m.sends, m.closed, m.closedWhy, m.created}
		})
}

func (l *loader) messages(messages []message) error {
	return l.copy("message", `kind client_id patient_id appointment_id channel to_addr subject body status status_reason attempts
		dedupe_key not_before sending_at sent_at created_at updated_at created_by`, len(messages),
		func(i int) []any {
			m := &messages[i]
			attempts, updated := 0, m.created
			if m.sent != nil {
				attempts, updated = 1, *m.sent
			}
			return []any{
				m.kind, m.client.id, m.visit.patient.id, m.visit.id, "email", m.client.email, m.subject, m.body, m.status, m.reason, attempts,
				m.key, m.created, m.sent, m.sent, m.created, updated, m.visit.bookedBy,
			}
		})
}

func (l *loader) audits(audits []audit) error {
	return l.copy("audit_log", `at staff_id actor action entity entity_id client_id diff`, len(audits),
		func(i int) []any {
			a := &audits[i]
			return []any{a.at, a.staff, a.actor, a.action, a.entity, a.entityID, a.clientID, a.diff}
		})
}
