package db_test

import (
	"strconv"
	"testing"

	"purplecross/db"
	"purplecross/db/dbtest"
)

func TestAFailureThatComesAgainAfterItWasResolvedIsOpenAgain(t *testing.T) {
	tx := dbtest.Tx(t)
	failure := db.Failure{Fingerprint: "f", Title: "error: read patient", Route: "GET /patients/:id", Reference: "first", Count: 1}
	record := func(reference string, count int64) db.ErrorReport {
		t.Helper()
		failure.Reference, failure.Count = reference, count
		if err := db.RecordError(t.Context(), tx, failure); err != nil {
			t.Fatal(err)
		}
		var id int64
		if err := tx.QueryRow(t.Context(), `select id from error_report where fingerprint = 'f'`).Scan(&id); err != nil {
			t.Fatal(err)
		}
		known, err := db.GetErrorReport(t.Context(), tx, id)
		if err != nil {
			t.Fatal(err)
		}
		return known
	}

	known := record("first", 1)
	if err := db.ResolveError(t.Context(), tx, known.ID); err != nil {
		t.Fatal(err)
	}
	if again := record("second", 3); again.Status != "open" || again.Count != 4 || again.Reference != "second" || again.ResolvedAt != nil {
		t.Errorf("after it came again: %+v", again)
	}

	if err := db.IgnoreError(t.Context(), tx, known.ID); err != nil {
		t.Fatal(err)
	}
	if again := record("third", 1); again.Status != "ignored" || again.Count != 5 {
		t.Errorf("an ignored failure that came again: %+v", again)
	}
}

func TestAResolvedFailureIsOpenAgainOnlyForAReleaseThatWasNotKnownToHaveIt(t *testing.T) {
	tx := dbtest.Tx(t)
	record := func(release, person string) db.ErrorReport {
		t.Helper()
		failure := db.Failure{Fingerprint: "f", Title: "error", Reference: "R", Count: 1, Release: release, Person: person, TraceID: "0123456789abcdef0123456789abcdef"}
		if err := db.RecordError(t.Context(), tx, failure); err != nil {
			t.Fatal(err)
		}
		var id int64
		if err := tx.QueryRow(t.Context(), `select id from error_report where fingerprint = 'f'`).Scan(&id); err != nil {
			t.Fatal(err)
		}
		known, err := db.GetErrorReport(t.Context(), tx, id)
		if err != nil {
			t.Fatal(err)
		}
		return known
	}

	known := record("app@1", "0123456789abcdef")
	if err := db.ResolveError(t.Context(), tx, known.ID); err != nil {
		t.Fatal(err)
	}
	if old := record("app@1", "fedcba9876543210"); old.Status != "resolved" || old.Count != 2 || old.People != 2 {
		t.Errorf("from a process of the old release: %+v", old)
	}
	if again := record("app@2", "0123456789abcdef"); again.Status != "open" || again.People != 2 || len(again.Releases) != 2 {
		t.Errorf("from the next release: %+v", again)
	}
	var last db.ErrorReport
	for i := range 40 {
		last = record("app@"+strconv.Itoa(i), "")
	}
	if len(last.Releases) != 20 || last.Releases[19] != "app@39" {
		t.Errorf("releases %v", last.Releases)
	}
}

func TestErrorsAreForgottenWhenTheyAreOldOrTooMany(t *testing.T) {
	tx := dbtest.Tx(t)
	if _, err := tx.Exec(t.Context(), `
		insert into error_report (fingerprint, title, last_seen_at)
		select 'f' || i, 't', now() - i * interval '1 minute' from generate_series(1, 2500) i
		union all
		select 'old', 't', now() - interval '91 days'`); err != nil {
		t.Fatal(err)
	}
	forgotten, err := db.TrimErrors(t.Context(), tx)
	if err != nil {
		t.Fatal(err)
	}
	var left int
	var oldest bool
	if err := tx.QueryRow(t.Context(), `select count(*), bool_or(fingerprint in ('old', 'f2500')) from error_report`).Scan(&left, &oldest); err != nil {
		t.Fatal(err)
	}
	if forgotten != 501 || left != 2000 || oldest {
		t.Errorf("forgotten %d, left %d", forgotten, left)
	}
}
