package jobs

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

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

	redo, err := client.StartRedo(ctx, "patients", batch)
	if err != nil {
		t.Fatal(err)
	}
	if again := untilWork(t, pool, redo, db.WorkDone); again.Outcome != "The change was made again." {
		t.Errorf("it says %q", again.Outcome)
	}
	if n := countOf(t, pool, `select count(*) from patient where insurer = 'Petplan'`); n != 650 {
		t.Errorf("%d have it after it was made again", n)
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

// patientsSum is every byte of the patients but their versions, which only grow.
func patientsSum(t *testing.T, pool *pgxpool.Pool) (sum string) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), `select md5(string_agg((to_jsonb(p) - 'version')::text, ';' order by id)) from patient p`).Scan(&sum); err != nil {
		t.Fatal(err)
	}
	return sum
}

func TestAChangeOfThousandsAndItsUndoLeaveEveryByteAsBefore(t *testing.T) {
	pool := dbtest.New(t)
	ctx := manyPatients(t, pool, 2300)
	client := work(t, pool, "")
	before := patientsSum(t, pool)
	var ids []int64
	if err := pool.QueryRow(ctx, `select array_agg(id) from patient`).Scan(&ids); err != nil {
		t.Fatal(err)
	}
	id, err := client.StartEdit(ctx, EditAsked{Resource: "patients", Column: "born", Value: "2021-02-02"}, ids)
	if err != nil {
		t.Fatal(err)
	}
	untilWork(t, pool, id, db.WorkDone)
	changed := patientsSum(t, pool)
	batch, err := db.BatchOfWork(ctx, pool, id)
	if err != nil || changed == before {
		t.Fatal("nothing was changed", err)
	}

	held, err := pool.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := held.Exec(ctx, `select from patient where id = (select id from patient order by id offset 1500 limit 1) for update`); err != nil {
		t.Fatal(err)
	}
	stopped, err := client.StartUndo(ctx, "patients", batch)
	if err != nil {
		t.Fatal(err)
	}
	until(t, "the first part is taken back", func() bool { return readWork(t, pool, stopped).Done == 1000 })
	if err := db.CancelWork(ctx, pool, stopped); err != nil {
		t.Fatal(err)
	}
	if said := untilWork(t, pool, stopped, db.WorkCancelled).Outcome; !strings.HasPrefix(said, "Stopped. The change of 1,000 patients was taken back") {
		t.Errorf("stopped halfway it says %q", said)
	}
	if err := held.Rollback(ctx); err != nil {
		t.Fatal(err)
	}
	if n := countOf(t, pool, `select count(*) from patient where dob = '2021-02-02'`); n != 1300 {
		t.Errorf("stopped halfway, %d are still changed", n)
	}

	undo, err := client.StartUndo(ctx, "patients", batch)
	if err != nil {
		t.Fatal(err)
	}
	untilWork(t, pool, undo, db.WorkDone)
	if after := patientsSum(t, pool); after != before {
		t.Error("the undo left other rows than there were")
	}
}

func TestClientsHearOfVisitsThatAreMovedAsWork(t *testing.T) {
	pool := dbtest.New(t)
	visit := bookVisit(t, pool)
	ctx := manyPatients(t, pool, 1)
	client := work(t, pool, "")
	var room string
	if err := pool.QueryRow(ctx, `insert into room (name) values ('Exam 9') returning id::text`).Scan(&room); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(ctx, `update staff set bookable = true where role = 'vet'`); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(ctx, `insert into opening_hours select d, '00:00', '23:59:59' from generate_series(0, 6) d on conflict do nothing`); err != nil {
		t.Fatal(err)
	}

	id, err := client.StartEdit(ctx, EditAsked{Resource: "appointments", Column: "room", Value: room}, []int64{visit})
	if err != nil {
		t.Fatal(err)
	}

	if said := untilWork(t, pool, id, db.WorkDone).Outcome; said != "1 visit was changed." {
		t.Errorf("it says %q", said)
	}
	if n := countOf(t, pool, `select count(*) from message m join river_job j on j.id = m.job_id where m.kind = 'visit_moved' and j.kind = 'send_message'`); n != 1 {
		t.Errorf("%d messages with their jobs", n)
	}
}
