package demo

import (
	"context"
	"fmt"

	"github.com/alexedwards/argon2id"
	"github.com/jackc/pgx/v5"
)

// person works at the demo clinic. The first six are the demo people, one a role.
type person struct {
	id                    int64
	email, name, initials string
	role                  string
	colour                int
	bookable              bool
}

var team = []person{
	{1, "reception@demo.clinic", "Priya Raman", "PR", "reception", 6, false},
	{2, "nurse@demo.clinic", "Tom Okafor", "TO", "nurse", 5, false},
	{3, "vet@demo.clinic", "Dr Maya Lindqvist", "ML", "vet", 0, true},
	{4, "manager@demo.clinic", "Helen Castellanos", "HC", "manager", 4, false},
	{5, "admin@demo.clinic", "Sam Whitaker", "SW", "admin", 7, false},
	{6, "designer@demo.clinic", "Noor Haddad", "NH", "designer", 2, false},
	{7, "daniel.osei@demo.clinic", "Dr Daniel Osei", "DO", "vet", 1, true},
	{8, "amelia.tran@demo.clinic", "Dr Amelia Tran", "AT", "vet", 2, true},
	{9, "rafael.ortiz@demo.clinic", "Dr Rafael Ortiz", "RO", "vet", 3, true},
	{10, "grace.kim@demo.clinic", "Grace Kim", "GK", "nurse", 5, false},
	{11, "leo.marchetti@demo.clinic", "Leo Marchetti", "LM", "reception", 6, false},
}

// The ids below are given here, because rows of the diary name them.
const (
	receptionist, secondReceptionist = 1, 11
	maya, daniel, amelia, rafael     = 3, 7, 8, 9
	nurseTom                         = 2
)

// Rooms by id: every vet has an exam room of their own.
var rooms = []string{"Exam 1", "Exam 2", "Exam 3", "Exam 4", "Surgery", "Treatment"}

const (
	surgeryRoom   = 5
	treatmentRoom = 6
)

var examRoom = map[int64]int64{maya: 1, daniel: 2, amelia: 3, rafael: 4}

// visitType is an appointment type, and how often a vet and a nurse see one.
type visitType struct {
	id            int64
	name          string
	minutes       int
	colour        int
	vet, messages bool
	often         int
}

const (
	consultation = 1 + iota
	vaccination
	recheck
	newPatient
	dental
	surgery
	nailTrim
	weightCheck
	euthanasia
	phoneConsult
)

var visitTypes = []visitType{
	{consultation, "Consultation", 20, 0, true, true, 42},
	{vaccination, "Vaccination", 15, 3, true, true, 26},
	{recheck, "Recheck", 15, 1, true, true, 17},
	{newPatient, "New patient", 30, 4, true, true, 8},
	{dental, "Dental", 60, 5, true, true, 0},
	{surgery, "Surgery", 120, 7, true, true, 0},
	{nailTrim, "Nail trim", 10, 2, false, true, 0},
	{weightCheck, "Weight check", 10, 2, false, true, 0},
	{euthanasia, "Euthanasia", 45, 6, true, false, 1},
	{phoneConsult, "Telephone consult", 10, 6, true, true, 3},
}

// hours by weekday, Sunday first, on the clock of the clinic. Sunday is a short day for whatever cannot wait.
var hours = [7]struct{ opens, closes int }{{10, 16}, {8, 18}, {8, 18}, {8, 18}, {8, 18}, {8, 18}, {9, 13}}

// protocol is care that comes round again. often is how many of a hundred animals have it kept up.
type protocol struct {
	id             int64
	name, kind     string
	species        []string
	everyDays      int
	product, dose  string
	instructions   string
	often          int
	withVaccinates bool // given when an animal comes to be vaccinated
}

var protocols = []protocol{
	{1, "Rabies", "vaccination", []string{"dog", "cat"}, 1095, "Rabies 3-year vaccine", "1 ml SC, right hind", "", 88, true},
	{2, "DHPP", "vaccination", []string{"dog"}, 365, "DHPP vaccine", "1 ml SC, right fore", "", 90, true},
	{3, "Leptospirosis", "vaccination", []string{"dog"}, 365, "Leptospira 4-way vaccine", "1 ml SC, left fore", "May be quiet and sore for a day.", 48, true},
	{4, "Bordetella", "vaccination", []string{"dog"}, 365, "Bordetella oral vaccine", "1 ml by mouth", "", 52, true},
	{5, "FVRCP", "vaccination", []string{"cat"}, 365, "FVRCP vaccine", "1 ml SC, right fore", "", 86, true},
	{6, "FeLV", "vaccination", []string{"cat"}, 365, "FeLV vaccine", "0.5 ml SC, left hind", "", 35, true},
	{7, "RHDV2", "vaccination", []string{"rabbit"}, 365, "RHDV2 vaccine", "0.5 ml SC", "", 70, true},
	{8, "Heartworm test", "lab", []string{"dog"}, 365, "Heartworm antigen test", "0.5 ml blood", "", 45, true},
	{9, "Flea and tick", "parasite", []string{"dog", "cat", "rabbit"}, 90, "Flea and tick spot-on, 3 months", "1 pipette on the neck", "Keep dry for two days.", 30, false},
	{10, "Dental check", "procedure", []string{"dog", "cat"}, 365, "Dental check", "", "", 14, false},
	{11, "Senior blood panel", "lab", []string{"dog", "cat"}, 365, "Chemistry and blood count", "2 ml blood", "Fasted for eight hours.", 8, false},
}

func (p protocol) suits(species string) bool {
	for _, s := range p.species {
		if s == species {
			return true
		}
	}
	return false
}

// writeTeam writes the clinic, its people and everything a visit is chosen from. Ids are given, see above.
func writeTeam(ctx context.Context, tx pgx.Tx) error {
	hash, err := argon2id.CreateHash(Password, argon2id.DefaultParams)
	if err != nil {
		return fmt.Errorf("hash the demo password: %w", err)
	}
	batch := &pgx.Batch{}
	batch.Queue(`
		insert into clinic (name, phone, email, address, demo)
		values ('Purple Cross Veterinary', '+12065550100', 'hello@purplecross.example', '1200 Alder Street, Seattle WA 98101', true)`)
	for weekday, open := range hours {
		batch.Queue(`
			insert into opening_hours (weekday, opens, closes)
			values ($1, make_time($2, 0, 0), make_time($3, 0, 0))
			on conflict do nothing`, weekday, open.opens, open.closes)
	}
	for _, p := range team {
		batch.Queue(`
			insert into staff (id, email, display_name, initials, role, password_hash, colour, bookable) overriding system value
			values ($1, $2, $3, $4, $5, $6, $7, $8)`, p.id, p.email, p.name, p.initials, p.role, hash, p.colour, p.bookable)
	}
	for i, name := range rooms {
		batch.Queue(`insert into room (id, name, sort) overriding system value values ($1, $2, $3)`, i+1, name, i+1)
	}
	for _, t := range visitTypes {
		batch.Queue(`
			insert into appointment_type (id, name, minutes, colour, needs_vet, send_messages, needs_room, sort) overriding system value
			values ($1, $2, $3, $4, $5, $6, $7, $8)`, t.id, t.name, t.minutes, t.colour, t.vet, t.messages, t.id != phoneConsult, t.id)
	}
	for _, p := range protocols {
		batch.Queue(`
			insert into care_protocol (id, name, kind, species, every_days) overriding system value
			values ($1, $2, $3, $4::text[]::species[], $5)`, p.id, p.name, p.kind, p.species, p.everyDays)
	}
	return tx.SendBatch(ctx, batch).Close()
}
