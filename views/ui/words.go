package ui

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

var speciesWords = map[string]string{
	"dog": "Dog", "cat": "Cat", "rabbit": "Rabbit", "bird": "Bird", "small_mammal": "Small mammal",
	"reptile": "Reptile", "horse": "Horse", "goat": "Goat", "pig": "Pig", "other": "Other",
}

// SpeciesWord is the word for a species: "Small mammal" for "small_mammal".
func SpeciesWord(species string) string {
	if word, known := speciesWords[species]; known {
		return word
	}
	return sentence(strings.ReplaceAll(species, "_", " "))
}

// SpeciesIcon is the picture for a species.
func SpeciesIcon(species string) IconName {
	switch species {
	case "dog":
		return IconDog
	case "cat":
		return IconCat
	case "rabbit":
		return IconRabbit
	case "bird":
		return IconBird
	case "reptile":
		return IconReptile
	case "small_mammal":
		return IconSmallMammal
	default:
		return IconPawOther
	}
}

// SexWord says the sex and, when known, whether the animal is neutered: "Female, neutered".
func SexWord(sex string, neutered *bool) string {
	word := map[string]string{"female": "Female", "male": "Male", "unknown": "Sex unknown"}[sex]
	switch {
	case word == "":
		return sentence(sex)
	case neutered == nil:
		return word
	case *neutered:
		return word + ", neutered"
	default:
		return word + ", entire"
	}
}

// Age is how old an animal born on dob is on the day of now, in the units people use for it: days, weeks, months, then
// years and months. An estimated age is rounded: "about 3 y". Of a dead animal give the day of death as now.
func Age(dob *time.Time, estimated bool, now time.Time) string {
	if dob == nil || dob.IsZero() {
		return "Age unknown"
	}
	born, today := dayNumber(*dob), dayNumber(now)
	if born > today {
		return "Age unknown"
	}
	words := ageWords(*dob, now, today-born, estimated)
	if estimated {
		return "about " + words
	}
	return words
}

func ageWords(dob, now time.Time, days int, rounded bool) string {
	months := (now.Year()-dob.Year())*12 + int(now.Month()) - int(dob.Month())
	if now.Day() < dob.Day() {
		months--
	}
	switch years := months / 12; {
	case days < 14:
		return strconv.Itoa(days) + " d"
	case months < 3:
		return strconv.Itoa(days/7) + " w"
	case years == 0:
		return strconv.Itoa(months) + " m"
	case rounded || months%12 == 0:
		return strconv.Itoa(years) + " y"
	default:
		return fmt.Sprintf("%d y %d m", years, months%12)
	}
}

// Weight is a weight in grams as a clinic writes it: "850 g", "6.5 kg", "31.5 kg". It never ends in a zero behind the
// point, which is how 4.0 becomes 40. Nothing weighed is "".
func Weight(grams *int) string {
	if grams == nil || *grams <= 0 {
		return ""
	}
	decimals := 1
	switch g := *grams; {
	case g < 1000:
		return strconv.Itoa(g) + " g"
	case g < 10_000:
		decimals = 2
	case g >= 100_000:
		decimals = 0
	}
	text := strconv.FormatFloat(float64(*grams)/1000, 'f', decimals, 64)
	if decimals > 0 {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text + " kg"
}

// Phone writes a North American telephone number as people read it, "(970) 555-0167", and any other as it came.
func Phone(number string) string {
	digits := ""
	for _, r := range number {
		switch {
		case r >= '0' && r <= '9':
			digits += string(r)
		case !strings.ContainsRune("+-.() \u00a0", r):
			return number
		}
	}
	if strings.HasPrefix(strings.TrimSpace(number), "+") && !strings.HasPrefix(digits, "1") {
		return number
	}
	if len(digits) == 11 {
		digits = strings.TrimPrefix(digits, "1")
	}
	if len(digits) != 10 || digits[0] < '2' {
		return number
	}
	return "(" + digits[:3] + ") " + digits[3:6] + "-" + digits[6:]
}

// Day is a day in full: "Tue 24 Nov 2026". The zero time is "".
func Day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("Mon 2 Jan 2006")
}

// ClockTime is a time of day: "14:30". The zero time is "".
func ClockTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("15:04")
}

// NearDay is a day as people say it from now: Yesterday, Today, Tomorrow, else the day in full. Both are read in the
// zones which they carry; without a now it is the day in full.
func NearDay(t, now time.Time) string {
	if !now.IsZero() {
		switch dayNumber(t) - dayNumber(now) {
		case -1:
			return "Yesterday"
		case 0:
			return "Today"
		case 1:
			return "Tomorrow"
		}
	}
	return Day(t)
}

// Ago says how far a moment is from now: "just now", "5 min ago", "in 2 h", "3 days ago"; from four weeks on, the day.
func Ago(t, now time.Time) string {
	gap := now.Sub(t)
	future := gap < 0
	if future {
		gap = -gap
	}
	words := ""
	switch days := abs(dayNumber(now) - dayNumber(t)); {
	case gap < time.Minute:
		return "just now"
	case gap < time.Hour:
		words = fmt.Sprintf("%d min", int(gap.Minutes()))
	case gap < 12*time.Hour || days == 0:
		words = fmt.Sprintf("%d h", int(gap.Hours()))
	case days < 28:
		words = Plural(days, "day", "days")
	default:
		return Day(t)
	}
	if future {
		return "in " + words
	}
	return words + " ago"
}

// Count writes a number with its thousands parted: "3,412".
func Count(n int) string {
	if n < 0 {
		return "-" + Count(-n)
	}
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return Count(n/1000) + "," + fmt.Sprintf("%03d", n%1000)
}

// Plural writes a number and its noun: "1 visit", "3,412 visits".
func Plural(n int, one, many string) string {
	if n == 1 {
		return Count(n) + " " + one
	}
	return Count(n) + " " + many
}

// dayNumber counts calendar days in the zone which t carries, so that days of 23 and 25 hours are one day each.
func dayNumber(t time.Time) int {
	year, month, day := t.Date()
	return int(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// sentence writes the first letter as a capital.
func sentence(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + s[size:]
}
