package imports

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"purplecross/db"
)

// reading reads one row into a household, a patient or both, and collects what is wrong with it.
type reading struct {
	row
	today  time.Time // of the clinic, as a date
	issues []Issue

	client    *db.Client // nil when the layout has none
	created   *time.Time // when the client came to the other system
	smsOut    bool
	emailOut  bool
	pet       *db.Patient // nil when the layout has none
	clientRef string      // the client's number here, also of a pet's owner
	petRef    string
	visit     *visitRow     // nil unless the file has visits
	treatment *treatmentRow // nil unless it has treatments
	fixed     bool          // somebody put other values in its place
	read      int           // how many of the issues come from reading; the others come up again when the row is decided again
	outcome   outcome
}

// refuse says why the row cannot come in.
func (g *reading) refuse(kind Code, column, format string, args ...any) {
	g.say(kind, column, true, format, args...)
}

// note says what was set right.
func (g *reading) note(kind Code, column, format string, args ...any) {
	g.say(kind, column, false, format, args...)
}

func (g *reading) say(kind Code, column string, refused bool, format string, args ...any) {
	issue := Issue{Line: g.line, Reason: fmt.Sprintf(format, args...), Refused: refused, Code: kind}
	if column != "" {
		issue.Column, issue.Value = g.heading(column), shorten(g.text(column), 60)
	}
	g.issues = append(g.issues, issue)
}

func (g *reading) refused() bool {
	for _, issue := range g.issues {
		if issue.Refused {
			return true
		}
	}
	return false
}

// needed is a cell that may not be empty.
func (g *reading) needed(column, what string) string {
	value := g.cell(column)
	if value == "" {
		g.refuse("missing", column, "%s is missing.", what)
	}
	return value
}

// number is what the other system calls somebody.
func (g *reading) number(column, what string) string {
	value := g.needed(column, what)
	if len(value) > 60 || scientific.MatchString(value) {
		g.refuse("number", column, "%s “%s” is no number of a record.", what, shorten(value, 40))
	}
	return value
}

// yes reads a yes or no; unset when the cell is empty.
func (g *reading) yes(column string) (value, set bool) {
	switch text := strings.ToLower(g.cell(column)); text {
	case "":
		return false, false
	case "true", "t", "yes", "y", "1":
		return true, true
	case "false", "f", "no", "n", "0":
		return false, true
	default:
		g.refuse("yes-no", column, "“%s” is neither yes nor no.", shorten(text, 40))
		return false, false
	}
}

var scientific = regexp.MustCompile(`(?i)^\d+([.,]\d+)?e\+?\d+$`)

// chip reads a microchip's number.
func (g *reading) chip(column string) *string {
	text := strings.Trim(strings.TrimPrefix(g.cell(column), "="), `"'`)
	if text == "" {
		return nil
	}
	number := db.NormalMicrochip(text)
	switch {
	case scientific.MatchString(text):
		g.refuse("chip-digits", column, "Microchip in scientific notation %s: the digits are lost. Format the column as text in the spreadsheet, and export again.", text)
	case db.Patient{Name: "-", Species: "dog", Sex: "unknown", Status: db.PatientActive, Microchip: &number}.Check()["microchip"] != "":
		g.refuse("chip", column, "Microchip “%s” has not 9 to 15 digits or capital letters.", shorten(text, 40))
	default:
		return &number
	}
	return nil
}

var weightForm = regexp.MustCompile(`(?i)^(\d+(?:[.,]\d+)?)\s*(kgs?|lbs?|g|oz)?\.?$`)

var gramsIn = map[string]float64{"kg": 1000, "lb": 453.59237, "g": 1, "oz": 28.349523125}

// weight reads a weight in grams; unit is the column's own, empty when each cell must say.
func (g *reading) weight(column, unit string) *int {
	text := g.cell(column)
	if text == "" {
		return nil
	}
	parts := weightForm.FindStringSubmatch(text)
	if parts == nil {
		g.refuse("weight", column, "Weight “%s” is not a number with kg or lb.", shorten(text, 40))
		return nil
	}
	if parts[2] != "" {
		unit = strings.TrimSuffix(strings.ToLower(parts[2]), "s")
	}
	if unit == "" {
		g.refuse("weight", column, "Weight “%s” does not say whether it is kg or lb.", text)
		return nil
	}
	amount, err := strconv.ParseFloat(strings.ReplaceAll(parts[1], ",", "."), 64)
	grams := int(math.Round(amount * gramsIn[unit]))
	switch {
	case err == nil && grams == 0 && amount == 0:
		return nil // zero means that nobody weighed it
	case err != nil || grams < 1 || grams > 1_500_000:
		g.refuse("weight", column, "Weight “%s” is not between 1 g and 1,500 kg.", shorten(text, 40))
		return nil
	}
	return &grams
}

// speciesWords is what exports call the species.
var speciesWords = speciesByWord(map[db.Species]string{
	"dog": "dog canine can k9 k-9", "cat": "cat feline fel", "rabbit": "rabbit lagomorph bunny", "bird": "bird avian parrot",
	"small_mammal": "small_mammal rodent ferret hamster rat mouse gerbil chinchilla guinea_pig pocket_pet", "reptile": "reptile reptilian lizard snake tortoise turtle",
	"horse": "horse equine", "goat": "goat caprine", "pig": "pig porcine swine", "other": "other exotic",
})

func speciesByWord(words map[db.Species]string) map[string]db.Species {
	by := map[string]db.Species{}
	for species, list := range words {
		for _, word := range strings.Fields(list) {
			by[word] = species
		}
	}
	return by
}

func (g *reading) species(column string, letters map[string]db.Species) db.Species {
	text := g.needed(column, "Species")
	word := strings.ReplaceAll(strings.ToLower(text), " ", "_")
	species, known := speciesWords[word]
	if short, is := letters[word]; is {
		species, known = short, true
	}
	if !known && text != "" {
		g.refuse("species", column, "Species “%s” is not one of dog, cat, rabbit, bird, small mammal, reptile, horse, goat, pig or other.", shorten(text, 40))
	}
	return species
}

// sex reads a sex, and neutering where the word holds it.
func (g *reading) sex(column string) (sex db.Sex, neutered *bool) {
	yes := true
	switch text := strings.ToLower(g.cell(column)); text {
	case "", "u", "?", "unknown":
		return "unknown", nil
	case "m", "male":
		return "male", nil
	case "f", "fe", "female":
		return "female", nil
	case "mn", "nm", "cm", "mc", "castrated", "neutered", "neutered male", "male neutered", "castrated male":
		return "male", &yes
	case "fs", "sf", "fn", "spayed", "spayed female", "female spayed":
		return "female", &yes
	default:
		g.refuse("sex", column, "Sex “%s” is not known here. Use M, F, MN, FS or leave it empty.", shorten(text, 40))
		return "unknown", nil
	}
}

// breedName turns the register's “Retriever, Labrador” into what people say.
func breedName(label string) string {
	kind, which, two := strings.Cut(label, ", ")
	if !two || strings.Contains(which, ",") || strings.HasPrefix(label, "Mixed") {
		return label
	}
	return which + " " + kind
}

var mailForm = regexp.MustCompile(`^[^@\s,;<>"]+@[^@\s,;<>"]+\.[^@\s,;<>"]+$`)

// mail reads the first e-mail address of a cell, and the others.
func (g *reading) mail(column string) (first, others string) {
	text := g.cell(column)
	addresses := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' })
	var good []string
	for _, address := range addresses {
		address = strings.Trim(strings.TrimPrefix(strings.TrimSpace(address), "mailto:"), " <>")
		if address == "" {
			continue
		}
		if !mailForm.MatchString(address) || len(address) > 254 {
			g.refuse("mail", column, "“%s” is not an e-mail address. Correct it, or leave it empty.", shorten(address, 60))
			return "", ""
		}
		if address == strings.ToUpper(address) { // shouting: it was typed into a form in capitals
			address = strings.ToLower(address)
		}
		good = append(good, address)
	}
	if len(good) == 0 {
		return "", ""
	}
	if len(good) > 1 {
		g.note("two-mails", column, "%d e-mail addresses: the first is the household's, the rest stands with the second contact.", len(good))
	} else if strings.ContainsAny(text, ",;") {
		g.note("two-mails", column, "One of two e-mail addresses is empty.")
	}
	return good[0], strings.Join(good[1:], ", ")
}

var phoneLabel = regexp.MustCompile(`(?i)\s*\((work|home|cell|mobile|wk|hm)\)\s*$`)

// telephone reads a number in the form that the clinic keeps.
func (g *reading) telephone(column string) string {
	text := g.cell(column)
	if len([]rune(text)) > 40 {
		g.refuse("telephone", column, "This has %d characters; 40 is the most for a telephone number.", len([]rune(text)))
		return ""
	}
	return db.NormalPhone(phoneLabel.ReplaceAllString(text, ""))
}

// check holds the row against the rules of the clinic's own forms, for whatever its reading did not see.
func (g *reading) check(wrong db.Invalid, columns map[string]string) {
	for field, said := range wrong {
		if !g.refused() {
			g.refuse("rule", columns[field], "%s", said)
		}
	}
}
