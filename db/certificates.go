package db

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Vaccination is one line of a certificate.
type Vaccination struct {
	GivenOn  time.Time  `db:"given_on"`
	Protocol string     `db:"protocol"`
	Product  string     `db:"product"`
	Lot      string     `db:"lot"`
	NextDue  *time.Time `db:"next_due"`
	GivenBy  string     `db:"given_by"` // initials
}

// CertificateFacts is what a vaccination certificate says.
type CertificateFacts struct {
	Household
	PatientID     int64      `db:"patient_id"`
	PatientName   string     `db:"patient_name"`
	PatientStatus string     `db:"patient_status"`
	Species       string     `db:"species"`
	Breed         string     `db:"breed"`
	Sex           string     `db:"sex"`
	Colour        string     `db:"colour"`
	Born          *time.Time `db:"born"`
	Microchip     string     `db:"microchip"`

	Vaccinations []Vaccination `db:"-"`
}

// GetCertificateFacts reads a patient's vaccinations, the latest first, and whom and whose they are.
func GetCertificateFacts(ctx context.Context, conn Conn, patientID int64) (CertificateFacts, error) {
	rows, _ := conn.Query(ctx, `
		select p.id as patient_id, p.name as patient_name, p.status::text as patient_status, p.species::text, p.breed, p.sex::text, p.colour,
		       p.dob as born, coalesce(p.microchip, '') as microchip,`+householdColumns+`
		  from patient p
		  join client c on c.id = p.client_id
		  left join clinic k on true
		 where p.id = $1`, patientID)
	facts, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[CertificateFacts])
	if err != nil {
		return facts, wrap(err, "read certificate of patient %d", patientID)
	}
	rows, _ = conn.Query(ctx, `
		select t.given_on, coalesce(o.name, '') as protocol, t.product, t.lot, t.next_due, coalesce(s.initials, '') as given_by
		  from treatment t
		  left join care_protocol o on o.id = t.protocol_id
		  left join staff s on s.id = t.given_by
		 where t.patient_id = $1 and t.kind = 'vaccination'
		 order by t.given_on desc, t.id desc
		 limit 100`, patientID)
	facts.Vaccinations, err = pgx.CollectRows(rows, pgx.RowToStructByName[Vaccination])
	return facts, wrap(err, "read vaccinations of patient %d", patientID)
}

// WhyNot is the sentence that says why the certificate cannot be sent, "" when it can: only a letter can carry it.
func (f CertificateFacts) WhyNot() string {
	switch {
	case len(f.Vaccinations) == 0:
		return "No vaccination is on record."
	case f.ClientStatus == "merged":
		return mergedReason
	}
	return f.whyNoEmail()
}

// AddCertificateMessage writes down that a patient's household is to get its vaccination certificate by e-mail. It is
// Invalid with the reason when it must not. Hand it to jobs.Client.EnqueueMessage in the same transaction.
func AddCertificateMessage(ctx context.Context, tx pgx.Tx, patientID int64, now time.Time) (Message, error) {
	facts, err := GetCertificateFacts(ctx, tx, patientID)
	if err != nil {
		return Message{}, err
	}
	if why := facts.WhyNot(); why != "" {
		return Message{}, Invalid{"": why}
	}
	// Two clicks within a minute are one wish.
	key := fmt.Sprintf("%s:%d:%s", MessageCertificate, patientID, now.UTC().Format("2006-01-02T15:04Z"))
	var id int64
	err = tx.QueryRow(ctx, `
		insert into message (kind, client_id, patient_id, channel, to_addr, dedupe_key, message_id, by_hand, created_by)
		values ($1, $2, $3, 'email', $4, $5, $6, true, nullif($7, 0))
		on conflict (dedupe_key) do nothing
		returning id`, MessageCertificate, facts.ClientID, patientID, facts.Email, key, mailID(key, now, facts.ClinicEmail), ActorFrom(ctx).StaffID).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		err = tx.QueryRow(ctx, `select id from message where dedupe_key = $1`, key).Scan(&id)
	}
	if err != nil {
		return Message{}, wrap(err, "add certificate of patient %d", patientID)
	}
	if err := Audit(ctx, tx, Audited{Action: "certificate sent", Entity: "patient", EntityID: patientID, ClientID: facts.ClientID}); err != nil {
		return Message{}, err
	}
	return GetMessage(ctx, tx, id)
}
