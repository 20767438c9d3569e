package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// client and patient are rows to be, with what only their making needs.
type client struct {
	id                        int64
	first, last, second       string
	mobile, phoneAlt, email   string
	address, postcode, alert  string
	preferred                 string
	smsOut, emailOut, bounced *time.Time
	created                   time.Time
}

type patient struct {
	id, clientID               int64
	name, species, breed       string
	sex                        string
	neutered                   *bool
	born                       time.Time // even if nobody knows
	dob                        *time.Time
	estimated                  bool
	colour                     string
	chip                       *string
	adultKg                    float64
	weight                     *int
	weighedOn, lastVisit, died *time.Time
	alert, insurer, policy     string
	status                     string
	created                    time.Time
	quiet                      bool        // keeps out of the diary
	asked                      map[int]int // days ago → type of a visit that it must have had
}

const year = 365.25 * 24 * float64(time.Hour)

func years(n float64) time.Duration { return time.Duration(n * year) }

// age is how old the patient was on a day, in years.
func (p *patient) age(on time.Time) float64 { return float64(on.Sub(p.born)) / year }

// alive says that the patient was known to the clinic and lived on a day.
func (p *patient) alive(on time.Time) bool {
	return !on.Before(p.created) && (p.died == nil || on.Before(*p.died))
}

var clientAlerts = []string{
	"Hard of hearing: please speak up, or write.", "Prefers to be called after 17:00.", "Brings a carer; ask for both signatures.",
	"Account on hold: payment before treatment.", "Speaks Spanish; an interpreter helps.", "Allergic to latex.",
	"Uses a wheelchair: book room Exam 1.", "Two accounts at this address; check the pet's name.",
}

var patientAlerts = []string{
	"Bites when handled", "Muzzle for nail trims", "Anaphylaxis to DHPP in 2023: premedicate", "Diabetic: insulin twice a day",
	"Seizures: on phenobarbital", "Fearful of men: ask for a nurse", "Heart murmur III/VI: careful with sedation", "Fights other cats: separate kennel",
	"Allergic to penicillin", "Early kidney disease: check creatinine before NSAIDs", "Escapes carriers", "Wait in the car: reactive to dogs",
}

// nursery makes households. Everything comes from rng, so the same seed makes the same clinic.
type nursery struct {
	rng    *rand.Rand
	tables *tables
	now    time.Time
	fits   map[kindOf][]*scenario
}

// client makes the nth owner of the clinic, who came at some time.
func (m *nursery) client(id int64, n int, created time.Time) client {
	rng := m.rng
	c := client{
		id: id, first: one(rng, firstNames), last: one(rng, lastNames), mobile: phone(n), address: address(rng),
		postcode: one(rng, postcodes), preferred: "email", created: created,
	}
	if chance(rng, 30) {
		c.second = one(rng, firstNames) + " " + c.last
		if chance(rng, 35) {
			c.second = one(rng, firstNames) + " " + one(rng, lastNames)
		}
	}
	if chance(rng, 18) {
		c.phoneAlt = phone(n + 31_000)
	}
	if chance(rng, 88) {
		c.email = mailbox(rng, c.first, c.last, rng.IntN(4)*rng.IntN(50))
	}
	switch {
	case c.email == "" && chance(rng, 12): // a household that is only written to
		c.mobile, c.phoneAlt, c.preferred = "", "", "letter"
	case c.email == "":
		c.preferred = one(rng, []string{"sms", "phone"})
	case chance(rng, 30):
		c.preferred = "sms"
	}
	if chance(rng, 9) {
		c.smsOut = m.between(c.created)
	}
	if c.email != "" && chance(rng, 6) {
		c.emailOut = m.between(c.created)
	}
	if c.email != "" && chance(rng, 2) {
		c.bounced = m.between(c.created)
	}
	if rng.IntN(1000) < 25 {
		c.alert = one(rng, clientAlerts)
	}
	return c
}

// patient makes a pet of an owner, who brought it at some time.
func (m *nursery) patient(id int64, of client, created time.Time) patient {
	rng := m.rng
	species := m.tables.species.draw(rng)
	breed := m.tables.breed(rng, species)
	p := patient{
		id: id, clientID: of.id, name: m.tables.name(rng, species), species: species, breed: breed.name, adultKg: breed.adultKg,
		colour: colour(rng, species, breed.name), sex: one(rng, []string{"female", "male"}), status: "active", created: created,
	}
	m.life(&p)
	m.papers(&p)
	return p
}

// life decides when the pet was born, what is known of it, and whether it still lives.
func (m *nursery) life(p *patient) {
	rng, span := m.rng, lifespan[p.species]
	ageThen := 0.15 + rng.Float64()*0.5
	if chance(rng, 62) {
		ageThen = 0.5 + rng.Float64()*span*0.6
	}
	p.born = day(p.created.Add(-years(ageThen)))
	if dies := p.born.Add(years(span * (0.85 + rng.Float64()*0.5))); dies.Before(m.now) && dies.After(p.created.AddDate(0, 1, 0)) {
		m.dies(p, dies)
	} else if chance(rng, 6) {
		m.dies(p, *m.between(p.created))
	}
	switch known := rng.IntN(100); {
	case known < 8: // nobody knows
	case known < 30:
		guess := time.Date(p.born.Year(), p.born.Month(), 1, 0, 0, 0, 0, time.UTC)
		p.dob, p.estimated = &guess, true
	default:
		p.dob = &p.born
	}
	if p.status == "active" && chance(rng, 6) {
		p.status = one(rng, []string{"inactive", "inactive", "inactive", "rehomed"})
	}
}

func (m *nursery) dies(p *patient, on time.Time) {
	on = day(on)
	p.died, p.status = &on, "deceased"
}

// papers decides neutering, chip, insurance and the rare alert.
func (m *nursery) papers(p *patient) {
	rng := m.rng
	if !chance(rng, 3) {
		usual := map[string]int{"dog": 86, "cat": 92, "rabbit": 55}[p.species]
		neutered := chance(rng, usual) && p.age(m.now) > 0.6
		p.neutered = &neutered
	}
	if (p.species == "bird" || p.species == "reptile") && chance(rng, 70) {
		p.sex, p.neutered = "unknown", nil
	}
	if chance(rng, map[string]int{"dog": 74, "cat": 55, "rabbit": 12}[p.species]) {
		p.chip = chip(p.id)
	}
	if p.species == "dog" && chance(rng, 15) || p.species == "cat" && chance(rng, 8) {
		p.insurer = one(rng, []string{"Northwest Pet Mutual", "Pawsure", "Companion Care", "Evergreen Animal Insurance"})
		p.policy = fmt.Sprintf("%s-%06d", strings.ToUpper(p.insurer[:2]), rng.IntN(1_000_000))
	}
	if chance(rng, 4) {
		p.alert = one(rng, patientAlerts)
	}
	grams := weigh(rng, p.adultKg, p.age(m.now))
	p.weight = &grams
}

// chip numbers the patient with 900, the prefix of no single maker, so that no imported animal has the same.
func chip(id int64) *string {
	number := fmt.Sprintf("900%012d", (id*611_953_481+164_000_000_000)%1_000_000_000_000)
	return &number
}

// between is some time between then and now, while the clinic is open.
func (m *nursery) between(then time.Time) *time.Time {
	at := then.Add(time.Duration(m.rng.Float64() * float64(m.now.Sub(then))))
	if open := m.openTime(at); open.After(then) {
		at = open
	}
	return &at
}

// openTime moves an instant to office hours of its own day, but never past now.
func (m *nursery) openTime(at time.Time) time.Time {
	y, month, d := at.In(m.now.Location()).Date()
	open := time.Date(y, month, d, 8, m.rng.IntN(590), m.rng.IntN(60), 0, m.now.Location())
	if open.After(m.now) {
		return at
	}
	return open
}

// day is the clinic's day of an instant, as a date column wants it.
func day(at time.Time) time.Time {
	y, month, d := at.Date()
	return time.Date(y, month, d, 0, 0, 0, 0, time.UTC)
}

// houseful is the most pets that one household has.
const houseful = 9

// petCounts shares patients among clients: everybody has one, the rest fall where they fall.
func petCounts(rng *rand.Rand, clients, patients int) []uint8 {
	counts := make([]uint8, clients)
	for i := range counts {
		counts[i] = 1
	}
	for left := patients - clients; left > 0; {
		i := rng.IntN(clients)
		if chance(rng, 35) {
			i = rng.IntN(clients/3 + 1) // some households have many, most have one
		}
		if counts[i] < houseful {
			counts[i]++
			left--
		}
	}
	rng.Shuffle(clients, func(i, j int) { counts[i], counts[j] = counts[j], counts[i] })
	return counts
}
