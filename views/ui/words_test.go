package ui_test

import (
	"testing"
	"time"

	"purplecross/views/ui"
)

func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
}

func TestAnAgeIsSaidInTheUnitsPeopleUseForIt(t *testing.T) {
	denver := zone(t, "America/Denver")
	now := time.Date(2026, 11, 22, 23, 30, 0, 0, denver) // already the 23rd in UTC
	for born, want := range map[time.Time]string{
		day(2026, 11, 22): "0 d",
		day(2026, 11, 9):  "13 d",
		day(2026, 11, 8):  "2 w",
		day(2026, 8, 23):  "13 w",
		day(2026, 8, 22):  "3 m",
		day(2025, 11, 23): "11 m",
		day(2025, 11, 22): "1 y",
		day(2022, 9, 14):  "4 y 2 m",
		day(2024, 2, 29):  "2 y 8 m",
		day(2026, 11, 23): "Age unknown", // tomorrow
	} {
		if got := ui.Age(&born, false, now); got != want {
			t.Errorf("born %s: %q, want %q", born.Format(time.DateOnly), got, want)
		}
	}

	born := day(2023, 3, 1)
	if got := ui.Age(&born, true, now); got != "about 3 y" {
		t.Errorf("estimated: %q", got)
	}
	if got := ui.Age(nil, false, now); got != "Age unknown" {
		t.Errorf("not known: %q", got)
	}
}

func TestAWeightNeverEndsInAZeroBehindThePoint(t *testing.T) {
	for grams, want := range map[int]string{
		85: "85 g", 999: "999 g", 1000: "1 kg", 1250: "1.25 kg", 4000: "4 kg", 6500: "6.5 kg",
		9999: "10 kg", 10_000: "10 kg", 31_480: "31.5 kg", 99_990: "100 kg", 512_400: "512 kg",
	} {
		if got := ui.Weight(&grams); got != want {
			t.Errorf("%d g: %q, want %q", grams, got, want)
		}
	}
	if got := ui.Weight(nil); got != "" {
		t.Errorf("not weighed: %q", got)
	}
}

func TestOnlyNorthAmericanTelephonesAreRewritten(t *testing.T) {
	for number, want := range map[string]string{
		"+19705550167":         "(970) 555-0167",
		"970-555-0167":         "(970) 555-0167",
		"(970) 555 0167":       "(970) 555-0167",
		"1.970.555.0167":       "(970) 555-0167",
		"+44 20 7946 0018":     "+44 20 7946 0018",
		"+3197055501":          "+3197055501", // ten digits of another country
		"970-555-0167 ext 4":   "970-555-0167 ext 4",
		"555-0167":             "555-0167",
		"0170 5550167":         "0170 5550167",
		"ask for her daughter": "ask for her daughter",
		"":                     "",
	} {
		if got := ui.Phone(number); got != want {
			t.Errorf("%q: %q, want %q", number, got, want)
		}
	}
}

func TestTomorrowIsOneDayAwayWhenTheClocksChange(t *testing.T) {
	denver := zone(t, "America/Denver")
	for _, c := range []struct {
		now, at time.Time
		want    string
	}{
		// Spring: the night of 8 March 2026 has no two o'clock, that day has 23 hours.
		{time.Date(2026, 3, 7, 23, 30, 0, 0, denver), time.Date(2026, 3, 8, 22, 0, 0, 0, denver), "Tomorrow"},
		{time.Date(2026, 3, 8, 1, 0, 0, 0, denver), time.Date(2026, 3, 9, 0, 30, 0, 0, denver), "Tomorrow"},
		// Autumn: 1 November 2026 has 25 hours.
		{time.Date(2026, 11, 1, 0, 10, 0, 0, denver), time.Date(2026, 11, 1, 23, 50, 0, 0, denver), "Today"},
		{time.Date(2026, 11, 2, 0, 5, 0, 0, denver), time.Date(2026, 11, 1, 0, 10, 0, 0, denver), "Yesterday"},
		{time.Date(2026, 12, 31, 12, 0, 0, 0, denver), time.Date(2027, 1, 1, 12, 0, 0, 0, denver), "Tomorrow"},
		{time.Date(2026, 11, 22, 12, 0, 0, 0, denver), time.Date(2026, 11, 24, 9, 0, 0, 0, denver), "Tue 24 Nov 2026"},
		{time.Time{}, time.Date(2026, 11, 24, 9, 0, 0, 0, denver), "Tue 24 Nov 2026"},
	} {
		if got := ui.NearDay(c.at, c.now); got != c.want {
			t.Errorf("%s seen from %s: %q, want %q", c.at, c.now, got, c.want)
		}
	}
}

func TestAMomentIsSaidAsFarAsItIsAway(t *testing.T) {
	now := time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		away time.Duration
		want string
	}{
		{-20 * time.Second, "just now"},
		{-5 * time.Minute, "5 min ago"},
		{-3 * time.Hour, "3 h ago"},
		{2 * time.Hour, "in 2 h"},
		{-26 * time.Hour, "1 day ago"},
		{9 * 24 * time.Hour, "in 9 days"},
		{-40 * 24 * time.Hour, "Tue 13 Oct 2026"},
	} {
		if got := ui.Ago(now.Add(c.away), now); got != c.want {
			t.Errorf("%s: %q, want %q", c.away, got, c.want)
		}
	}
}

func TestWordsOfTheClinic(t *testing.T) {
	yes, no := true, false
	for got, want := range map[string]string{
		ui.SpeciesWord("small_mammal"):  "Small mammal",
		ui.SpeciesWord("sugar_glider"):  "Sugar glider",
		ui.SexWord("female", &yes):      "Female, neutered",
		ui.SexWord("male", &no):         "Male, entire",
		ui.SexWord("unknown", nil):      "Sex unknown",
		ui.Count(1_000_000):             "1,000,000",
		ui.Count(3412):                  "3,412",
		ui.Count(-12_005):               "-12,005",
		ui.Plural(1, "visit", "visits"): "1 visit",
		ui.Plural(0, "visit", "visits"): "0 visits",
		ui.StatusWord("in_room"):        "In room",
		ui.StatusWord("never_heard_of"): "Never heard of",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}
