package demo

import (
	_ "embed"
	"encoding/csv"
	"math"
	"math/rand/v2"
	"sort"
	"strconv"
	"strings"
	"sync"
)

//go:embed names.csv
var namesFile string

//go:embed breeds.csv
var breedsFile string

// breed is one line of breeds.csv.
type breed struct {
	name    string
	adultKg float64
}

// frequent draws its items as often as they were counted.
type frequent[T any] struct {
	items []T
	upTo  []int // running totals
}

func (f *frequent[T]) add(item T, count int) {
	total := count
	if len(f.upTo) > 0 {
		total += f.upTo[len(f.upTo)-1]
	}
	f.items, f.upTo = append(f.items, item), append(f.upTo, total)
}

func (f *frequent[T]) draw(rng *rand.Rand) T {
	at := rng.IntN(f.upTo[len(f.upTo)-1])
	return f.items[sort.SearchInts(f.upTo, at+1)]
}

// tables are the two files, read once.
type tables struct {
	species frequent[string]
	names   map[string]*frequent[string]
	breeds  map[string]*frequent[breed]
}

var readTables = sync.OnceValue(func() *tables {
	t := &tables{names: map[string]*frequent[string]{}, breeds: map[string]*frequent[breed]{}}
	for _, row := range lines(namesFile) {
		into(t.names, row[0]).add(row[1], number(row[2]))
	}
	for _, row := range lines(breedsFile) {
		kg, err := strconv.ParseFloat(row[3], 64)
		if err != nil {
			panic("breeds.csv: " + err.Error())
		}
		into(t.breeds, row[0]).add(breed{name: row[1], adultKg: kg}, number(row[2]))
	}
	// What a mixed city practice sees, per thousand.
	for _, share := range []struct {
		species string
		count   int
	}{{"dog", 590}, {"cat", 335}, {"rabbit", 25}, {"small_mammal", 22}, {"bird", 12}, {"reptile", 10}, {"goat", 4}, {"pig", 2}} {
		t.species.add(share.species, share.count)
	}
	return t
})

func into[T any](of map[string]*frequent[T], key string) *frequent[T] {
	if of[key] == nil {
		of[key] = &frequent[T]{}
	}
	return of[key]
}

// lines reads an embedded file without its heading. It is ours, so a mistake in it is a bug.
func lines(file string) [][]string {
	rows, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	if err != nil {
		panic(err)
	}
	return rows[1:]
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		panic(err)
	}
	return n
}

// name draws a pet's name; the small species are called as cats are.
func (t *tables) name(rng *rand.Rand, species string) string {
	names := t.names[species]
	if names == nil {
		names = t.names["cat"]
	}
	return names.draw(rng)
}

// breed draws a breed. Every third dog is a mix of its breed, as owners put it.
func (t *tables) breed(rng *rand.Rand, species string) breed {
	drawn := t.breeds[species].draw(rng)
	if species == "dog" && !strings.Contains(drawn.name, "mix") && chance(rng, 33) {
		drawn.name += " mix"
		drawn.adultKg *= 0.75 + rng.Float64()*0.5
	}
	return drawn
}

var colours = map[string][]string{
	"dog":          {"Black", "Black and tan", "Black and white", "Brown", "Brown and white", "Chocolate", "Cream", "Fawn", "Golden", "Merle", "Red", "Sable", "Tan and white", "Tricolour", "White", "Yellow", "Brindle", "Grey"},
	"cat":          {"Black", "Black and white", "Brown tabby", "Brown tabby and white", "Blue", "Blue and white", "Calico", "Cream", "Grey tabby", "Orange tabby", "Orange tabby and white", "Seal point", "Tortoiseshell", "White"},
	"rabbit":       {"Agouti", "Black", "Broken orange", "Chestnut", "Grey", "White"},
	"bird":         {"Blue", "Green", "Grey", "Lutino", "Pied", "Yellow"},
	"small_mammal": {"Agouti", "Black and white", "Cinnamon", "Cream", "Golden", "Grey"},
	"reptile":      {"", "Normal", "Citrus", "Tangerine"},
	"goat":         {"Black and white", "Brown", "Buckskin"},
	"pig":          {"Black", "Black and white", "Grey"},
}

// breedColours are the coats of breeds that come in few.
var breedColours = map[string][]string{
	"Labrador Retriever": {"Black", "Chocolate", "Yellow"}, "Golden Retriever": {"Golden", "Golden", "Cream"},
	"German Shepherd": {"Black and tan", "Sable", "Black"}, "Border Collie": {"Black and white", "Red and white", "Blue merle"},
	"Siberian Husky": {"Grey and white", "Black and white", "Red and white"}, "Beagle": {"Tricolour", "Lemon and white"},
	"Pug": {"Fawn", "Black"}, "Boxer": {"Fawn", "Brindle"}, "Maltese": {"White"}, "Bichon Frise": {"White"}, "Samoyed": {"White"},
	"Great Pyrenees": {"White"}, "American Eskimo": {"White"}, "West Highland White Terrier": {"White"}, "Rottweiler": {"Black and tan"},
	"Doberman Pinscher": {"Black and tan", "Red"}, "Bernese Mountain Dog": {"Tricolour"}, "Yorkshire Terrier": {"Blue and tan"},
	"Vizsla": {"Rust"}, "Weimaraner": {"Grey"}, "Shiba Inu": {"Red", "Black and tan", "Cream"}, "Boston Terrier": {"Black and white", "Brindle and white"},
	"Pembroke Welsh Corgi": {"Red and white", "Tricolour"}, "Rhodesian Ridgeback": {"Wheaten"}, "Soft Coated Wheaten Terrier": {"Wheaten"},
	"Russian Blue": {"Blue"}, "Siamese": {"Seal point", "Blue point", "Chocolate point"}, "Bombay": {"Black"}, "Himalayan": {"Seal point", "Blue point"},
	"Ragdoll": {"Seal point", "Blue bicolour"}, "Bengal": {"Brown spotted", "Silver spotted"}, "Birman": {"Seal point"}, "Snowshoe": {"Seal point and white"},
}

// colour draws a coat that the breed can have.
func colour(rng *rand.Rand, species, breed string) string {
	if few := breedColours[breed]; few != nil {
		return one(rng, few)
	}
	return one(rng, colours[species])
}

// lifespan is how old the oldest of a species that come to a clinic usually are, in years.
var lifespan = map[string]float64{"dog": 14, "cat": 17, "rabbit": 9, "bird": 15, "small_mammal": 5, "reptile": 12, "goat": 13, "pig": 14}

// grown is the part of its adult weight that an animal has at an age in years.
func grown(age float64) float64 {
	if age >= 1.2 {
		return 1
	}
	return 0.12 + 0.88*math.Pow(max(age, 0.15)/1.2, 0.7)
}

// weigh is a believable weight in grams, which scatters around the breed's.
func weigh(rng *rand.Rand, adultKg, age float64) int {
	grams := adultKg * 1000 * grown(age) * math.Exp(rng.NormFloat64()*0.11)
	step := 100.0
	if grams < 2000 {
		step = 10
	}
	return max(5, int(math.Round(grams/step)*step))
}
