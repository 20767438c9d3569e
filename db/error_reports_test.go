package db_test

import (
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
