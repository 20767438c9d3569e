package demo

import "time"

// Households and patients that stand in every demo clinic, whatever its size, for people who show the product and
// for tests that need somebody to call by name. In a fresh database these are also their ids: households come in this
// order from 1, their pets in this order from 1.
const (
	ReillyID  = 1 // Courtney Reilly, courtney.reilly@example.com, +1 970 555 0167: "coco court" finds her
	CocoID    = 1 // her dog, four years old, DHPP overdue; no visit booked, now or later
	BiscuitID = 2 // her cat; no visit booked either

	NunezID  = 2 // Inés Núñez, who shares the address casa.verde@example.org
	OkaforID = 3 // with the household of Chidi Okafor

	OConnellID  = 4 // Siobhán O'Connell, an apostrophe in her name
	DArtagnanID = 5 // and in her cat's, D'Artagnan

	KowalczykID = 5 // Walter Kowalczyk: hard of hearing, and without e-mail
	DuchessID   = 6 // his dog: "Bites when handled"

	NwosuID = 6 // Amara Nwosu, opted out of e-mail and SMS

	SorensenID = 7 // Ingrid Sørensen
	OldTomID   = 8 // her cat, deceased last year
	NisseID    = 9 // and the one that lives

	TanakaID = 8  // Hiroshi Tanaka, whose address bounced
	MisoID   = 10 // his cat, whose date of birth nobody knows

	CastleID = 9 // Delia Castle, with six pets
)

type namedPet struct {
	patient
	yearsOld float64
	unknown  bool        // no date of birth
	quiet    bool        // keeps out of the diary
	visits   map[int]int // days ago → type of visit
}

type namedHousehold struct {
	client
	years float64 // since they came first
	pets  []namedPet
}

func named(now time.Time) []namedHousehold {
	lastMonth, yes, no := now.AddDate(0, -1, 0), true, false
	pet := func(name, species, breed, sex, colour string, kg, yearsOld float64) namedPet {
		return namedPet{yearsOld: yearsOld, patient: patient{
			name: name, species: species, breed: breed, sex: sex, colour: colour, adultKg: kg, neutered: &yes, status: "active",
		}}
	}

	coco := pet("Coco", "dog", "Cockapoo", "female", "Apricot", 8.4, 4.2)
	coco.quiet, coco.visits = true, map[int]int{790: vaccination, 402: vaccination, 160: consultation}
	biscuit := pet("Biscuit", "cat", "Domestic Shorthair", "male", "Orange tabby", 5.1, 6.6)
	biscuit.quiet, biscuit.visits = true, map[int]int{402: vaccination, 95: consultation}
	dartagnan := pet("D'Artagnan", "cat", "Maine Coon", "male", "Brown tabby and white", 7.2, 5)
	duchess := pet("Duchess", "dog", "Miniature Schnauzer", "female", "Grey", 7.8, 9)
	duchess.alert = "Bites when handled"
	oldTom := pet("Old Tom", "cat", "Domestic Longhair", "male", "Black", 4.4, 17)
	gone := day(now.AddDate(-1, -2, -9))
	oldTom.status, oldTom.died = "deceased", &gone
	miso := pet("Miso", "cat", "Siamese", "female", "Seal point", 3.8, 8)
	miso.unknown, miso.neutered = true, nil
	hob := pet("Hob", "small_mammal", "Ferret", "male", "Cinnamon", 1.2, 2)
	hob.neutered = &no

	return []namedHousehold{
		{years: 4, client: client{first: "Courtney", last: "Reilly", second: "Shemar Reilly", mobile: "+19705550167", email: "courtney.reilly@example.com", address: "525 Myrtle Lane", postcode: "98116"}, pets: []namedPet{coco, biscuit}},
		{years: 3, client: client{first: "Inés", last: "Núñez", mobile: "+12065550111", email: "casa.verde@example.org", address: "88 Palatine Avenue N", postcode: "98103"}, pets: []namedPet{pet("Canela", "dog", "Chihuahua", "female", "Fawn", 2.6, 3)}},
		{years: 2, client: client{first: "Chidi", last: "Okafor", mobile: "+12065550112", email: "casa.verde@example.org", address: "88 Palatine Avenue N", postcode: "98103"}, pets: []namedPet{pet("Zuri", "dog", "Basenji", "female", "Red", 10.2, 2.5)}},
		{years: 5, client: client{first: "Siobhán", last: "O'Connell", mobile: "+13605550120", email: "siobhan.oconnell@example.net", address: "14 Interlake Court", postcode: "98133"}, pets: []namedPet{dartagnan}},
		{years: 6, client: client{first: "Walter", last: "Kowalczyk", phoneAlt: "+14255550131", preferred: "phone", alert: "Hard of hearing: please speak up.", address: "301 Densmore Avenue N", postcode: "98117"}, pets: []namedPet{duchess}},
		{years: 2, client: client{first: "Amara", last: "Nwosu", mobile: "+12535550140", email: "amara.nwosu@example.com", smsOut: &lastMonth, emailOut: &lastMonth, preferred: "phone", address: "7 Beacon Place", postcode: "98108"}, pets: []namedPet{pet("Pepper", "dog", "Border Collie", "male", "Black and white", 18.6, 3.4)}},
		{years: 6, client: client{first: "Ingrid", last: "Sørensen", mobile: "+12065550153", email: "ingrid.sorensen@example.org", address: "2200 Ravenna Avenue NE", postcode: "98105"}, pets: []namedPet{oldTom, pet("Nisse", "cat", "Norwegian Forest Cat", "male", "Blue and white", 6.1, 2)}},
		{years: 3, client: client{first: "Hiroshi", last: "Tanaka", mobile: "+14255550164", email: "hiroshi.tanaka@example.net", bounced: &lastMonth, address: "61 Cherry Street", postcode: "98122"}, pets: []namedPet{miso}},
		{years: 4, client: client{first: "Delia", last: "Castle", second: "Frank Castle", mobile: "+12065550175", email: "delia.castle@example.com", address: "940 Woodlawn Way", postcode: "98115"}, pets: []namedPet{
			pet("Otis", "dog", "Labrador Retriever", "male", "Chocolate", 33, 6), pet("Hazel", "dog", "Beagle mix", "female", "Tricolour", 12.4, 4),
			pet("Olive", "cat", "Domestic Shorthair", "female", "Tortoiseshell", 4.1, 7), pet("Fig", "cat", "Domestic Shorthair", "male", "Grey tabby", 5, 3),
			pet("Clover", "rabbit", "Holland Lop", "female", "Broken orange", 1.7, 2.2), hob,
		}},
	}
}

// household turns the description into rows.
func (m *nursery) household(h namedHousehold, clientID, patientID int64) (client, []patient) {
	h.id, h.created = clientID, m.openTime(m.now.Add(-years(h.years)))
	if h.preferred == "" {
		h.preferred = "email"
	}
	pets := make([]patient, 0, len(h.pets))
	for i, pet := range h.pets {
		p := pet.patient
		p.id, p.clientID, p.quiet, p.asked = patientID+int64(i), clientID, pet.quiet, pet.visits
		p.born = day(m.now.Add(-years(pet.yearsOld)))
		p.created = h.created
		if born := p.born.AddDate(0, 2, 0); born.After(p.created) {
			p.created = m.openTime(born)
		}
		if !pet.unknown {
			p.dob = &p.born
		}
		if p.species != "small_mammal" {
			p.chip = chip(p.id)
		}
		grams := weigh(m.rng, p.adultKg, p.age(m.now))
		p.weight = &grams
		pets = append(pets, p)
	}
	return h.client, pets
}
