package db_test

import (
	"errors"
	"strings"
	"testing"

	"purplecross/db"
	"purplecross/db/dbtest"
)

func TestATelephoneIsSavedInOneForm(t *testing.T) {
	for typed, want := range map[string]string{
		"(970) 555-0167": "+19705550167", "1 970 555 0167": "+19705550167", "+1 970.555.0167": "+19705550167",
		"+44 20 7946 0958": "+44 20 7946 0958", "555-0167": "555-0167", "970-555-0167 x12": "970-555-0167 x12", "": "", "  ": "",
		"+49 970 555 016": "+49 970 555 016", "1234567890": "1234567890",
	} {
		if got := db.NormalPhone(typed); got != want {
			t.Errorf("%q is saved as %q, want %q", typed, got, want)
		}
	}
}

func TestSavingAHouseholdWritesWhatChangedAndOnlyThat(t *testing.T) {
	tx := dbtest.Tx(t)
	ctx := db.WithActor(t.Context(), db.Actor{Name: "Dana Hart"})
	client, _ := household(t, tx, db.Client{LastName: "Reilly", Mobile: "9705550167"})

	client.Mobile, client.City = "(970) 555-0199", "Fruita"
	saved, err := db.SaveClient(ctx, tx, client)
	if err != nil {
		t.Fatal(err)
	}
	if saved.Version != client.Version+1 || saved.Mobile != "+19705550199" {
		t.Errorf("saved %+v", saved)
	}
	history, err := db.HistoryOfClient(ctx, tx, client.ID, 10)
	if err != nil {
		t.Fatal(err)
	}
	if len(history) != 2 || history[0].Actor != "Dana Hart" || history[0].Action != "updated" || len(history[0].Diff) != 2 ||
		history[0].Diff["mobile"] != [2]any{"+19705550167", "+19705550199"} || history[1].Action != "created" {
		t.Errorf("history is %+v", history)
	}

	again, err := db.SaveClient(ctx, tx, saved)
	if err != nil || again.Version != saved.Version {
		t.Errorf("a save that changes nothing made version %d of %d (%v)", again.Version, saved.Version, err)
	}
}

func TestAStaleSaveOfAHouseholdIsRefused(t *testing.T) {
	tx := dbtest.Tx(t)
	first, _ := household(t, tx, db.Client{LastName: "Reilly", Mobile: "9705550167", Alert: "Owes for October"})
	second := first

	first.Mobile, first.Alert = "9705550199", ""
	saved, err := db.SaveClient(t.Context(), tx, first)
	if err != nil {
		t.Fatal(err)
	}
	second.City = "Fruita"
	if _, err := db.SaveClient(t.Context(), tx, second); !errors.Is(err, db.ErrStale) {
		t.Fatalf("the stale save answered %v", err)
	}

	saves, err := db.LastSaves(t.Context(), tx, "client", first.ID, saved.Version-second.Version)
	if err != nil {
		t.Fatal(err)
	}
	read, err := db.Undone(saved, saves)
	if err != nil || read.Mobile != "+19705550167" || read.Alert != "Owes for October" {
		t.Errorf("what the second reader saw is %q, %q (%v)", read.Mobile, read.Alert, err)
	}
}

func TestWhatIsWrongWithAHouseholdIsSaidAtItsField(t *testing.T) {
	tx := dbtest.Tx(t)
	for field, client := range map[string]db.Client{
		"last_name":  {LastName: "  "},
		"email":      {LastName: "Reilly", Email: "two@example.com, three@example.com"},
		"first_name": {LastName: "Reilly", FirstName: strings.Repeat("x", 101)},
		"alert":      {LastName: "Reilly", Alert: strings.Repeat("ä", 501)},
	} {
		_, err := db.AddClient(t.Context(), tx, client)
		var wrong db.Invalid
		if !errors.As(err, &wrong) || len(wrong) != 1 || !strings.HasSuffix(wrong[field], ".") {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestANewAddressHasNotBounced(t *testing.T) {
	tx := dbtest.Tx(t)
	client, _ := household(t, tx, db.Client{LastName: "Reilly", Email: "old@example.com"})
	if _, err := tx.Exec(t.Context(), `update client set email_bounced_at = now() where id = $1`, client.ID); err != nil {
		t.Fatal(err)
	}
	client, err := db.GetClient(t.Context(), tx, client.ID)
	if err != nil || client.EmailBouncedAt == nil {
		t.Fatal(err)
	}

	client.Email = "new@example.com"
	if client, err = db.SaveClient(t.Context(), tx, client); err != nil || client.EmailBouncedAt != nil {
		t.Errorf("the new address bounced at %v (%v)", client.EmailBouncedAt, err)
	}
}

func TestPossibleMatchesSayWhy(t *testing.T) {
	tx := dbtest.Tx(t)
	reilly, _ := household(t, tx, db.Client{FirstName: "Courtney", LastName: "Reilly", Mobile: "9705550167", Email: "Courtney@example.com"}, db.Patient{Name: "Coco"})
	household(t, tx, db.Client{FirstName: "Bob", LastName: "Reilly"}, db.Patient{Name: "Rex"})

	for name, test := range map[string]struct {
		typed         db.ClientLike
		match, strong bool
	}{
		"the mobile, spaced otherwise":        {db.ClientLike{Mobile: "+1 (970) 555 0167"}, true, true},
		"the mobile as the other telephone":   {db.ClientLike{PhoneAlt: "970-555-0167"}, true, true},
		"the e-mail in capitals":              {db.ClientLike{Email: "COURTNEY@example.com"}, true, true},
		"a similar name":                      {db.ClientLike{FirstName: "Courtny", LastName: "Reilly"}, true, false},
		"a similar name and the pet":          {db.ClientLike{FirstName: "Courtny", LastName: "Reilly", Pet: "coco"}, true, true},
		"a misheard surname, but the pet":     {db.ClientLike{FirstName: "Courtney", LastName: "Riley", Pet: "Coco"}, true, false},
		"only a surname that many have":       {db.ClientLike{LastName: "Reilly"}, false, false},
		"only a pet's name that many have":    {db.ClientLike{Pet: "Coco"}, false, false},
		"nothing at all":                      {db.ClientLike{}, false, false},
		"half a telephone number":             {db.ClientLike{Mobile: "970 55"}, false, false},
		"the household itself, being changed": {db.ClientLike{Mobile: "9705550167", Except: reilly.ID}, false, false},
	} {
		matches, err := db.MatchingClients(t.Context(), tx, test.typed)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(matches) == 1 && matches[0].ID == reilly.ID; got != test.match || len(matches) > 1 {
			t.Errorf("%s: %+v", name, matches)
		}
		if test.match && len(matches) == 1 && matches[0].Strong() != test.strong {
			t.Errorf("%s: strong is %v", name, matches[0].Strong())
		}
	}
}
