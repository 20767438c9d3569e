package db_test

import (
	"strings"
	"testing"

	"purplecross/db"
	"purplecross/db/dbtest"
)

// household adds a client with pets.
func household(t *testing.T, conn db.Conn, client db.Client, pets ...db.Patient) (db.Client, []db.Patient) {
	t.Helper()
	client, err := db.AddClient(t.Context(), conn, client)
	if err != nil {
		t.Fatal(err)
	}
	for i := range pets {
		pets[i].ClientID = client.ID
		if pets[i].Species == "" {
			pets[i].Species = "dog"
		}
		if pets[i], err = db.AddPatient(t.Context(), conn, pets[i]); err != nil {
			t.Fatal(err)
		}
	}
	return client, pets
}

func found(t *testing.T, conn db.Conn, q string) db.SearchResult {
	t.Helper()
	result, err := db.Search(t.Context(), conn, q, 10)
	if err != nil {
		t.Fatalf("search %q: %v", q, err)
	}
	return result
}

func names(result db.SearchResult) string {
	said := make([]string, 0, len(result.Hits))
	for _, hit := range result.Hits {
		said = append(said, hit.Name())
	}
	return strings.Join(said, ", ")
}

func chip(number string) *string { return &number }

func TestOneBoxFindsAHouseholdByAnyOfItsFacts(t *testing.T) {
	tx := dbtest.Tx(t)
	household(t, tx, db.Client{FirstName: "Courtney", LastName: "O'Reilly", SecondContact: "Dan Begay", Mobile: "(970) 555-0167", PhoneAlt: "+44 20 7946 0958", Email: "courtney@example.org", Postcode: "81501"},
		db.Patient{Name: "Coco", Microchip: chip("977 200 009 123 456")}, db.Patient{Name: "Zoë", Species: "cat"})
	household(t, tx, db.Client{FirstName: "Ana", LastName: "Li", Mobile: "970-555-0168"}, db.Patient{Name: "Max_100%"})
	household(t, tx, db.Client{FirstName: "Courtland", LastName: "Weber"}, db.Patient{Name: "Bella"})

	for q, want := range map[string]string{
		"coco court": "Courtney O'Reilly", "court coco": "Courtney O'Reilly", "COCO": "Courtney O'Reilly", "reil": "Courtney O'Reilly",
		"(970) 555-0167": "Courtney O'Reilly", "970 555 0167": "Courtney O'Reilly", "+1 970.555.0167": "Courtney O'Reilly", "1-970-555-0167": "Courtney O'Reilly",
		"5550167": "Courtney O'Reilly", "020 7946 0958": "Courtney O'Reilly", "970-555": "Ana Li, Courtney O'Reilly",
		"977 200 009 123 456": "Courtney O'Reilly", "123456": "Courtney O'Reilly", "courtney@example.org": "Courtney O'Reilly",
		"zoe": "Courtney O'Reilly", "ZOË": "Courtney O'Reilly", "begay, dan": "Courtney O'Reilly", "81501": "Courtney O'Reilly",
		"li": "Ana Li", "li an": "Ana Li", "a": "Ana Li", "an max": "Ana Li", "co": "Courtney O'Reilly, Courtland Weber", "c w": "Courtland Weber",
	} {
		result := found(t, tx, q)
		if got := names(result); result.Near || !sameNames(got, want) {
			t.Errorf("%q finds %q (near: %v), want %q", q, got, result.Near, want)
		}
	}
	for _, q := range []string{"", "   ", "\x00", "coco weber", "9999999"} {
		if result := found(t, tx, q); len(result.Hits) != 0 {
			t.Errorf("%q finds %q, want nobody", q, names(result))
		}
	}
}

func sameNames(a, b string) bool {
	x, y := strings.Split(a, ", "), strings.Split(b, ", ")
	for _, name := range x {
		if !strings.Contains(b, name) {
			return false
		}
	}
	return len(x) == len(y)
}

func TestThePetThatMatchedStandsFirst(t *testing.T) {
	tx := dbtest.Tx(t)
	household(t, tx, db.Client{FirstName: "Courtney", LastName: "Reilly"},
		db.Patient{Name: "Abby"}, db.Patient{Name: "Coco"}, db.Patient{Name: "Bo", Microchip: chip("977200009123456")})

	for q, want := range map[string]string{"coco court": "Coco", "977200009123456": "Bo"} {
		pets := found(t, tx, q).Hits[0].Pets
		if len(pets) != 3 || pets[0].Name != want || !pets[0].Matched || pets[1].Matched {
			t.Errorf("%q: %+v, want %s first and alone matched", q, pets, want)
		}
	}
}

func TestWildcardsAreLetters(t *testing.T) {
	tx := dbtest.Tx(t)
	household(t, tx, db.Client{LastName: "Percent"}, db.Patient{Name: "100% Mutt"})
	household(t, tx, db.Client{LastName: "Plain"}, db.Patient{Name: "1000 Mutts"})
	household(t, tx, db.Client{LastName: `Back\slash`}, db.Patient{Name: "A_B"})

	for q, want := range map[string]string{"100%": "Percent", "%": "", "_": "", "a_b": `Back\slash`, `back\`: `Back\slash`, "%%%": "", "___": ""} {
		if got := names(found(t, tx, q)); got != want {
			t.Errorf("%q finds %q, want %q", q, got, want)
		}
	}
}

func TestWholeNamesComeBeforeBeginningsAndActiveBeforeInactive(t *testing.T) {
	tx := dbtest.Tx(t)
	household(t, tx, db.Client{FirstName: "Ida", LastName: "Smithson"})
	gone, _ := household(t, tx, db.Client{FirstName: "Abe", LastName: "Smith"})
	household(t, tx, db.Client{FirstName: "Bea", LastName: "Smith"})
	household(t, tx, db.Client{FirstName: "Kim", LastName: "Goldsmith"})
	gone.Status = db.ClientInactive
	if _, err := db.SaveClient(t.Context(), tx, gone); err != nil {
		t.Fatal(err)
	}

	if got, want := names(found(t, tx, "smith")), "Bea Smith, Abe Smith, Ida Smithson, Kim Goldsmith"; got != want {
		t.Errorf("smith finds %q, want %q", got, want)
	}
}

func TestTypingMistakesAreForgivenOnlyWhenNothingElseMatches(t *testing.T) {
	tx := dbtest.Tx(t)
	household(t, tx, db.Client{FirstName: "Courtney", LastName: "Reilly", Email: "c.reilly@example.com"}, db.Patient{Name: "Coco"})
	household(t, tx, db.Client{FirstName: "Bob", LastName: "Kowalski"}, db.Patient{Name: "Luna"})

	for q, want := range map[string]string{
		"reilyl": "Courtney Reilly", "coko courtny": "Courtney Reilly", "c.reily@example.com": "Courtney Reilly",
		"kowalsky": "Bob Kowalski", "luan": "Bob Kowalski", "lunna": "Bob Kowalski", "zebra": "",
	} {
		result := found(t, tx, q)
		if got := names(result); got != want || len(result.Hits) > 0 && !result.Near {
			t.Errorf("%q finds %q (near: %v), want %q", q, got, result.Near, want)
		}
	}
	if result := found(t, tx, "reilly"); result.Near {
		t.Error("an exact match is called a near one")
	}
}

func TestMergedHouseholdsAreNotFound(t *testing.T) {
	tx := dbtest.Tx(t)
	kept, _ := household(t, tx, db.Client{FirstName: "Ana", LastName: "Reilly", Mobile: "9705550167"})
	gone, _ := household(t, tx, db.Client{FirstName: "Anna", LastName: "Reilly", Mobile: "9705550167"})
	if _, err := tx.Exec(t.Context(), `update client set status = 'merged', merged_into = $1 where id = $2`, kept.ID, gone.ID); err != nil {
		t.Fatal(err)
	}

	for _, q := range []string{"reilly", "9705550167", "re", "reilyl"} {
		if got := names(found(t, tx, q)); got != "Ana Reilly" {
			t.Errorf("%q finds %q, want only the household that is kept", q, got)
		}
	}
	matches, err := db.MatchingClients(t.Context(), tx, db.ClientLike{Mobile: "(970) 555-0167"})
	if err != nil || len(matches) != 1 || matches[0].ID != kept.ID {
		t.Errorf("possible matches are %+v (%v), want only the household that is kept", matches, err)
	}
}
