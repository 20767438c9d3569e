package jobs

import (
	"strings"
	"testing"

	"purplecross/db"
	"purplecross/db/dbtest"
)

func TestSixHundredRowsAreChangedAsWorkAndTakenBack(t *testing.T) {
	pool := dbtest.New(t)
	ctx := manyPatients(t, pool, 650)
	client := work(t, pool, "")
	if _, err := pool.Exec(ctx, `update patient set insurer = 'Petplan' where id <= (select min(id) + 49 from patient)`); err != nil {
		t.Fatal(err)
	}
	var ids []int64
	if err := pool.QueryRow(ctx, `select array_agg(id order by name) from patient`).Scan(&ids); err != nil {
		t.Fatal(err)
	}

	id, err := client.StartEdit(ctx, EditAsked{Resource: "patients", Column: "insurer", Value: "Petplan"}, ids)
	if err != nil {
		t.Fatal(err)
	}

	done := untilWork(t, pool, id, db.WorkDone)
	if n := countOf(t, pool, `select count(*) from patient where insurer = 'Petplan'`); n != 650 || !strings.HasPrefix(done.Outcome, "600 patients were changed; 50 had") {
		t.Errorf("%d have it; %q", n, done.Outcome)
	}
	if n := countOf(t, pool, `select count(*) from audit_log where entity = 'patient' and actor = 'Mara'`); n != 600 {
		t.Errorf("%d audit rows", n)
	}

	batch, err := db.BatchOfWork(ctx, pool, id)
	if err != nil {
		t.Fatal(err)
	}
	undo, err := client.StartUndo(ctx, "patients", batch)
	if err != nil {
		t.Fatal(err)
	}
	untilWork(t, pool, undo, db.WorkDone)
	if n := countOf(t, pool, `select count(*) from patient where insurer = 'Petplan'`); n != 50 {
		t.Errorf("%d have it after the undo", n)
	}
}

func TestAChangeCancelledHalfwayKeepsWholeRowsAndSaysHowMany(t *testing.T) {
	pool := dbtest.New(t)
	ctx := manyPatients(t, pool, 650)
	var ids []int64
	if err := pool.QueryRow(ctx, `select array_agg(id order by id) from patient`).Scan(&ids); err != nil {
		t.Fatal(err)
	}
	// Somebody holds the 300th: the first part goes through, the second waits.
	held, err := pool.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := held.Exec(ctx, `select from patient where id = $1 for update`, ids[299]); err != nil {
		t.Fatal(err)
	}
	client := work(t, pool, "")
	id, err := client.StartEdit(ctx, EditAsked{Resource: "patients", Column: "insurer", Value: "Petplan"}, ids)
	if err != nil {
		t.Fatal(err)
	}
	until(t, "the first part is done", func() bool { return readWork(t, pool, id).Done == editedTogether })

	if err := db.CancelWork(ctx, pool, id); err != nil {
		t.Fatal(err)
	}

	done := untilWork(t, pool, id, db.WorkCancelled)
	if err := held.Rollback(ctx); err != nil {
		t.Fatal(err)
	}
	if n := countOf(t, pool, `select count(*) from patient where insurer = 'Petplan' and version = 2`); n != editedTogether || !strings.Contains(done.Outcome, "200 patients were changed") {
		t.Errorf("%d have it; %q", n, done.Outcome)
	}
}
