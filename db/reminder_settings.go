package db

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// ReminderType is how long before a visit of a type its household is reminded.
type ReminderType struct {
	ID           int64   `db:"id"`
	Name         string  `db:"name"`
	SendMessages bool    `db:"send_messages"` // euthanasia: no, whatever the hours
	Hours        []int32 `db:"remind_hours"`  // before the visit, the most first
}

// ListReminderTypes reads the types that can be booked, in the clinic's order.
func ListReminderTypes(ctx context.Context, conn Conn) ([]ReminderType, error) {
	rows, _ := conn.Query(ctx, `
		select id, name, send_messages, remind_hours
		  from appointment_type
		 where active
		 order by sort, name`)
	types, err := pgx.CollectRows(rows, pgx.RowToStructByName[ReminderType])
	return types, wrap(err, "list reminders of appointment types")
}

// ParseHours reads hours as a person types them, "48, 24"; nothing is none. The sentence says what is wrong.
func ParseHours(typed string) (hours []int32, wrong string) {
	hours = []int32{}
	for _, word := range strings.FieldsFunc(typed, func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
		n, err := strconv.Atoi(strings.TrimSuffix(word, "h"))
		if err != nil || n < 1 || n > longestHours {
			return nil, fmt.Sprintf("Enter hours before the visit, from 1 to %d, like 48, 24.", longestHours)
		}
		hours = append(hours, int32(n))
	}
	slices.SortFunc(hours, func(a, b int32) int { return cmp.Compare(b, a) })
	if hours = slices.Compact(hours); len(hours) > 4 {
		return nil, "Four reminders of a visit are the most."
	}
	return hours, ""
}

var countryCode = regexp.MustCompile(`^[1-9][0-9]{0,2}$`)

// SaveReminderSettings saves when nothing goes out and how long before each type of visit a reminder does, over the
// version they were read at.
func SaveReminderSettings(ctx context.Context, conn Conn, quiet MessageSettings, types []ReminderType) error {
	wrong := Invalid{}
	for field, clock := range map[string]string{"quiet_from": quiet.From, "quiet_until": quiet.Until} {
		if _, err := time.Parse("15:04", clock); err != nil {
			wrong[field] = "Enter a time, like 20:00."
		}
	}
	if !countryCode.MatchString(quiet.CountryCode) {
		wrong["country_code"] = "Enter one to three digits, like 1 or 41."
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		before, err := GetMessageSettings(ctx, tx)
		if err != nil {
			return err
		}
		typesBefore, err := ListReminderTypes(ctx, tx)
		if err != nil {
			return err
		}
		saved, err := tx.Exec(ctx, `
			update message_settings
			   set quiet_from = $2::text::time, quiet_until = $3::text::time, texts = $4, country_code = $5,
			       version = version + 1
			 where version = $1`, quiet.Version, quiet.From, quiet.Until, quiet.Texts, quiet.CountryCode)
		if err != nil {
			return err
		}
		if saved.RowsAffected() == 0 {
			return ErrStale
		}
		diff := DiffOf(before, quiet)
		for _, kind := range types {
			at := slices.IndexFunc(typesBefore, func(t ReminderType) bool { return t.ID == kind.ID })
			if at < 0 || slices.Equal(typesBefore[at].Hours, kind.Hours) {
				continue
			}
			if _, err := tx.Exec(ctx, `update appointment_type set remind_hours = $2 where id = $1`, kind.ID, kind.Hours); err != nil {
				return err
			}
			diff["hours before "+typesBefore[at].Name] = [2]any{typesBefore[at].Hours, kind.Hours}
		}
		return Audit(ctx, tx, Audited{Action: "updated", Entity: "message_settings", EntityID: 1, Diff: diff})
	})
	return wrap(err, "save reminder settings")
}

// AddWordingTest writes down a message that shows a person of the clinic how a wording reads, at an e-mail address or a
// telephone number of theirs. Hand it to
// jobs.Client.EnqueueMessage in the same transaction.
func AddWordingTest(ctx context.Context, tx pgx.Tx, wording EditedWording, to Way, now time.Time) (Message, error) {
	clinic, err := GetClinic(ctx, tx)
	if err != nil {
		return Message{}, err
	}
	key := fmt.Sprintf("%s:%s:%d:%d", MessageWordingTest, wording.Kind, ActorFrom(ctx).StaffID, now.UnixMicro())
	var id int64
	err = tx.QueryRow(ctx, `
		insert into message (kind, channel, to_addr, subject, body, template_key, dedupe_key, message_id, by_hand, created_by)
		values ($1, $9, $2, $3, $4, $5, $6, $7, true, nullif($8, 0))
		returning id`,
		MessageWordingTest, to.Address, wording.Subject, wording.Body, wording.Kind, key, mailID(key, now, clinic.Email), ActorFrom(ctx).StaffID, to.channel()).Scan(&id)
	if err != nil {
		return Message{}, wrap(err, "add test of wording %s", wording.Kind)
	}
	return GetMessage(ctx, tx, id)
}

// SampleFacts is what a message of a kind would be about for a client who was made up.
func SampleFacts(kind MessageKind, clinic Clinic, now time.Time) MessageFacts {
	facts := MessageFacts{Household: Household{
		ClientFirstName: "Robin", ClientLastName: "Sample",
		ClinicName: clinic.Name, ClinicPhone: clinic.Phone, ClinicEmail: clinic.Email, ClinicAddress: clinic.Address,
	}}
	if kind == MessageCertificate {
		facts.Proof = &CertificateFacts{Household: facts.Household, PatientName: "Biscuit"}
		return facts
	}
	if kind == MessageCareReminder {
		facts.Care = []CareFacts{{PatientName: "Biscuit", Protocol: "Rabies booster", DueOn: now.AddDate(0, 0, 7)}}
		return facts
	}
	at := time.Date(now.Year(), now.Month(), now.Day()+2, 10, 30, 0, 0, now.Location())
	facts.Visits = []VisitFacts{{
		Household: facts.Household, PatientName: "Biscuit", TypeName: "Vaccination", VetName: "Dr Example",
		StartsAt: at, EndsAt: at.Add(20 * time.Minute), BookedAt: now, Version: 1,
	}}
	return facts
}
