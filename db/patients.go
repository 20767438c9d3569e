package db

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Species is what kind of animal a patient is.
type Species string

// SpeciesAll lists every species, as a clinic meets them.
var SpeciesAll = []Species{"dog", "cat", "rabbit", "bird", "small_mammal", "reptile", "horse", "goat", "pig", "other"}

// Sex is a patient's sex.
type Sex string

// Sexes lists every sex.
var Sexes = []Sex{"female", "male", "unknown"}

// PatientStatus says whether a patient may still come.
type PatientStatus string

// The statuses of a patient.
const (
	PatientActive   PatientStatus = "active"
	PatientInactive PatientStatus = "inactive"
	PatientDeceased PatientStatus = "deceased"
	PatientRehomed  PatientStatus = "rehomed"
)

// PatientStatuses lists every status.
var PatientStatuses = []PatientStatus{PatientActive, PatientInactive, PatientRehomed, PatientDeceased}

// Patient is an animal of a household. Days are UTC midnights.
type Patient struct {
	ID           int64         `db:"id"`
	ClientID     int64         `db:"client_id"`
	Name         string        `db:"name"`
	Species      Species       `db:"species"`
	Breed        string        `db:"breed"`
	Sex          Sex           `db:"sex"`
	Neutered     *bool         `db:"neutered"` // nil: not known
	DOB          *time.Time    `db:"dob"`
	DOBEstimated bool          `db:"dob_estimated"`
	Colour       string        `db:"colour"`
	Microchip    *string       `db:"microchip"`
	WeightG      *int          `db:"weight_g"`
	WeighedOn    *time.Time    `db:"weighed_on"`
	Alert        string        `db:"alert"`
	Insurer      string        `db:"insurer"`
	PolicyNo     string        `db:"policy_no"`
	Status       PatientStatus `db:"status"`
	DeceasedOn   *time.Time    `db:"deceased_on"`
	LastVisitOn  *time.Time    `db:"last_visit_on"`
	ExternalRef  *string       `db:"external_ref"` // the number in the system that this patient was imported from
	Version      int           `db:"version"`
	CreatedAt    time.Time     `db:"created_at"`
	UpdatedAt    time.Time     `db:"updated_at"`
}

const patientColumns = `id, client_id, name, species, breed, sex, neutered, dob, dob_estimated, colour, microchip, weight_g, weighed_on,
	alert, insurer, policy_no, status, deceased_on, last_visit_on, external_ref, version, created_at, updated_at`

// GetPatient reads one patient.
func GetPatient(ctx context.Context, conn Conn, id int64) (Patient, error) {
	patient, err := onePatient(ctx, conn, `select `+patientColumns+` from patient where id = $1`, id)
	return patient, wrap(err, "get patient %d", id)
}

// PatientByMicrochip reads the patient that wears a chip.
func PatientByMicrochip(ctx context.Context, conn Conn, microchip string) (Patient, error) {
	patient, err := onePatient(ctx, conn, `select `+patientColumns+` from patient where microchip = $1`, NormalMicrochip(microchip))
	return patient, wrap(err, "get patient by microchip")
}

const commonBreeds = `
		select breed
		  from (select breed from patient order by id desc limit 4000) latest
		 where breed <> ''
		 group by breed
		 order by count(*) desc, breed
		 limit 150`

// CommonBreeds are the breeds of the patients added last, the commonest first.
func CommonBreeds(ctx context.Context, conn Conn) ([]string, error) {
	rows, err := conn.Query(ctx, commonBreeds)
	if err != nil {
		return nil, wrap(err, "list breeds")
	}
	breeds, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return breeds, wrap(err, "list breeds")
}

// AddPatient adds a patient to its household.
func AddPatient(ctx context.Context, conn Conn, patient Patient) (Patient, error) {
	patient = patient.tidy()
	wrong := patient.Check()
	if patient.Status == PatientDeceased {
		wrong["status"] = "Add the patient as active first."
	}
	if err := wrong.Err(); err != nil {
		return Patient{}, err
	}
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		added, err := onePatient(ctx, tx, `
			insert into patient (client_id, name, species, breed, sex, neutered, dob, dob_estimated, colour, microchip, weight_g,
			                     weighed_on, alert, insurer, policy_no, status)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
			returning `+patientColumns,
			patient.ClientID, patient.Name, patient.Species, patient.Breed, patient.Sex, patient.Neutered, patient.DOB, patient.DOBEstimated,
			patient.Colour, patient.Microchip, patient.WeightG, patient.WeighedOn, patient.Alert, patient.Insurer, patient.PolicyNo, patient.Status)
		if err != nil {
			return err
		}
		patient = added
		return Audit(ctx, tx, Audited{Action: "created", Entity: "patient", EntityID: patient.ID, ClientID: patient.ClientID})
	})
	return patient, wrap(err, "add patient")
}

// AddHousehold adds a household and, unless it is nil, its first patient. What is wrong with the patient stands under
// "pet_" and the field.
func AddHousehold(ctx context.Context, conn Conn, client Client, pet *Patient) (Client, Patient, error) {
	var added Patient
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		var err error
		if client, err = AddClient(ctx, tx, client); err != nil || pet == nil {
			return err
		}
		first := *pet
		first.ClientID = client.ID
		added, err = AddPatient(ctx, tx, first)
		return ForPet(err)
	})
	return client, added, err
}

// ForPet moves what is wrong with a patient under "pet_" and the field, where a form holds its household too.
func ForPet(err error) error {
	var wrong Invalid
	if !errors.As(err, &wrong) {
		return err
	}
	moved := Invalid{}
	for field, said := range wrong {
		if field != "" {
			field = "pet_" + field
		}
		moved[field] = said
	}
	return moved.Err()
}

// SavePatient saves a patient's form over the version it was read at; ErrStale when somebody saved it since. A death
// is recorded by RecordDeath, because it stops visits and reminders too; a patient marked by mistake is made active
// again here.
func SavePatient(ctx context.Context, conn Conn, patient Patient) (Patient, error) {
	patient = patient.tidy()
	if err := patient.Check().Err(); err != nil {
		return Patient{}, err
	}
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		before, err := onePatient(ctx, tx, `select `+patientColumns+` from patient where id = $1 for update`, patient.ID)
		if err != nil {
			return err
		}
		if before.Version != patient.Version {
			return ErrStale
		}
		if patient.Status == PatientDeceased && before.Status != PatientDeceased {
			return Invalid{"status": "Mark the patient as deceased on its own page: that also stops its visits and reminders."}
		}
		patient.LastVisitOn, patient.ClientID = before.LastVisitOn, before.ClientID
		if len(DiffOf(before, patient)) == 0 {
			patient = before
			return nil
		}
		after, err := onePatient(ctx, tx, `
			update patient
			   set name = $3, species = $4, breed = $5, sex = $6, neutered = $7, dob = $8, dob_estimated = $9, colour = $10,
			       microchip = $11, weight_g = $12, weighed_on = $13, alert = $14, insurer = $15, policy_no = $16, status = $17,
			       deceased_on = $18, version = version + 1, updated_at = now()
			 where id = $1 and version = $2
			returning `+patientColumns,
			patient.ID, patient.Version, patient.Name, patient.Species, patient.Breed, patient.Sex, patient.Neutered, patient.DOB,
			patient.DOBEstimated, patient.Colour, patient.Microchip, patient.WeightG, patient.WeighedOn, patient.Alert, patient.Insurer,
			patient.PolicyNo, patient.Status, patient.DeceasedOn)
		if err != nil {
			return err
		}
		patient = after
		return Audit(ctx, tx, Audited{Action: "updated", Entity: "patient", EntityID: after.ID, ClientID: after.ClientID, Diff: DiffOf(before, after)})
	})
	return patient, wrap(err, "save patient %d", patient.ID)
}

var microchipForm = regexp.MustCompile(`^[0-9A-Z]{9,15}$`) // as patient_microchip_form

// Check says what is missing or wrong in a patient's form.
func (p Patient) Check() Invalid {
	p = p.tidy()
	wrong := Invalid{}
	if strings.TrimSpace(p.Name) == "" {
		wrong["name"] = sentences["patient_name_given"][1]
	}
	if !slices.Contains(SpeciesAll, p.Species) {
		wrong["species"] = "Choose the species."
	}
	if !slices.Contains(Sexes, p.Sex) {
		wrong["sex"] = "Choose the sex, or “unknown”."
	}
	if !slices.Contains(PatientStatuses, p.Status) {
		wrong["status"] = "Choose a status."
	}
	if p.Microchip != nil && !microchipForm.MatchString(*p.Microchip) {
		wrong["microchip"] = sentences["patient_microchip_form"][1]
	}
	if p.WeightG != nil && (*p.WeightG < 1 || *p.WeightG > 1_500_000) {
		wrong["weight"] = sentences["patient_weight_range"][1]
	}
	if p.DeceasedOn != nil && p.Status != PatientDeceased {
		wrong["deceased_on"] = sentences["patient_deceased_date"][1]
	}
	if p.DOB != nil && p.DeceasedOn != nil && p.DOB.After(*p.DeceasedOn) {
		wrong["deceased_on"] = sentences["patient_born_before_death"][1]
	}
	for _, field := range []struct {
		name, value string
		most        int
	}{
		{"name", p.Name, 100},
		{"breed", p.Breed, 100},
		{"colour", p.Colour, 100},
		{"alert", p.Alert, 500},
		{"insurer", p.Insurer, 100},
		{"policy_no", p.PolicyNo, 100},
	} {
		wrong.tooLong(field.name, field.value, field.most)
	}
	return wrong
}

// tidy is the patient as it is saved: trimmed, the chip in one form, choices chosen.
func (p Patient) tidy() Patient {
	for _, text := range []*string{&p.Name, &p.Breed, &p.Colour, &p.Alert, &p.Insurer, &p.PolicyNo} {
		*text = strings.TrimSpace(*text)
	}
	if p.Microchip != nil {
		chip := NormalMicrochip(*p.Microchip)
		p.Microchip = &chip
		if chip == "" {
			p.Microchip = nil
		}
	}
	if p.Sex == "" {
		p.Sex = "unknown"
	}
	if p.Status == "" {
		p.Status = PatientActive
	}
	if p.WeightG == nil {
		p.WeighedOn = nil
	}
	if p.DOB == nil {
		p.DOBEstimated = false
	}
	return p
}

// NormalMicrochip is a chip's number without the spaces and dashes it is read out with.
func NormalMicrochip(typed string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "\u00a0", "", "-", "", ".", "").Replace(typed))
}

func onePatient(ctx context.Context, conn Conn, sql string, args ...any) (Patient, error) {
	rows, err := conn.Query(ctx, sql, args...)
	if err != nil {
		return Patient{}, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Patient])
}
