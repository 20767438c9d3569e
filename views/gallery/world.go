package gallery

import (
	"hash/fnv"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// World makes up what a story shows: people, pets and words, awkward ones among them. It is the same each time for the
// same seed and story, whatever was drawn before.
type World struct {
	*rand.Rand
	Now  time.Time      // The moment of every story; never the real one.
	Zone *time.Location // The clinic's.
}

// NewWorld returns the world of one story. The story's name keeps it apart from its neighbours.
func NewWorld(seed uint64, story string) *World {
	hash := fnv.New64a()
	hash.Write([]byte(story))
	now, zone := Clock()
	return &World{Rand: rand.New(rand.NewPCG(seed, hash.Sum64())), Now: now, Zone: zone}
}

// Names that have broken other people's software: apostrophes, hyphens, one letter, "Null", other scripts, right to
// left, longer than any box, markup.
var (
	givenNames = []string{
		"Ana", "Bo", "Chidi", "Dolores", "Émilie", "Fionnuala", "Guðrún", "Hồng", "Ιωάννα", "Jean-Luc", "美咲", "Łukasz",
		"María José", "Ngozi", "O", "Priya", "Raúl", "Siân", "محمد", "Wolfeschlegelsteinhausenbergerdorff", "Zoë",
	}
	familyNames = []string{
		"Abernathy-Featherstonehaugh", "Begay", "Carter", "D’Angelo", "Eze", "Fitzgerald", "Garcia Marquez", "Hernández",
		"Ivanova", "Johnson", "Κωνσταντινίδου", "Le", "McAllister", "Null", "O'Brien", "van der Berg", "Quỳnh", "山田",
		"Şahin", "Test", "Ünal", "العلي", "Yazzie", "<b>Bold</b>",
	}
	petNames = []string{
		"Luna", "Coco", "Bella", "Max", "Mr. Fluffington the Third of Upper Canyon Road", "Q", "Zoë", "Tofu", "小雪",
		"Biscuit", "O'Malley", "007", "بندق", "Søren", "Null", "Sir Barks-a-Lot", "Princess Consuela", "🐾", "Rex & Co.",
	}
	dogBreeds = []string{
		"Labrador Retriever", "Mixed", "Chihuahua", "Nova Scotia Duck Tolling Retriever", "Xoloitzcuintli", "Beagle",
	}
	sentences = []string{
		"Eating well and bright.", "Owner reports two episodes of vomiting overnight, none since 06:00.",
		"No abnormalities detected.", "Weight up 0.4 kg since the last visit; discussed portions.",
		"Left fore lame at trot, 2/5, worse on the circle.", "Teeth: grade 2 tartar, PM4 both sides.",
		"Recheck in ten days, sooner if not improving.", "Very anxious: muzzle and a second pair of hands.",
		"Heart rate 96, no murmur heard.", "Will telephone with the results (after 17:00, please).",
	}
)

// Pick returns one of the given.
func Pick[T any](w *World, from ...T) T { return from[w.IntN(len(from))] }

// Person is a made-up name, in some order of scripts and lengths.
func (w *World) Person() string { return Pick(w, givenNames...) + " " + Pick(w, familyNames...) }

// Pet is a made-up pet's name.
func (w *World) Pet() string { return Pick(w, petNames...) }

// Breed is a dog's breed.
func (w *World) Breed() string { return Pick(w, dogBreeds...) }

// Phone is a telephone number that nobody has.
func (w *World) Phone() string { return "+1970555" + strconv.Itoa(100 + w.IntN(100) + 10000)[1:] }

// Email is an address that nobody has.
func (w *World) Email() string {
	return Pick(w, "ana", "j.l", "o-brien", "a.very.long.mailbox.name.that.goes.on", "info") + "@example." + Pick(w, "com", "org", "net")
}

// Microchip is a number of 15 digits.
func (w *World) Microchip() string {
	return "9770" + strconv.FormatInt(10_000_000_000+w.Int64N(90_000_000_000), 10)
}

// Note is a text of so many sentences.
func (w *World) Note(count int) string {
	said := make([]string, count)
	for i := range said {
		said[i] = Pick(w, sentences...)
	}
	return strings.Join(said, " ")
}

// Day is a day so many days from now, at midnight in the clinic.
func (w *World) Day(from int) time.Time {
	return time.Date(w.Now.Year(), w.Now.Month(), w.Now.Day()+from, 0, 0, 0, 0, w.Zone)
}

// Grams is a weight, from a hamster's to a mastiff's.
func (w *World) Grams() int { return Pick(w, 38, 450, 1980, 4200, 6500, 12_000, 31_400, 82_700) }
