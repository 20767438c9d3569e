package db_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"purplecross/db"
	"purplecross/db/dbtest"
	"purplecross/db/grid"
)

var editDay = time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)

// edit changes cells as a batch of its own.
func edit(t *testing.T, pool *pgxpool.Pool, list grid.Resource, edits ...db.CellEdit) (db.EditBatch, db.EditResult) {
	t.Helper()
	var batch db.EditBatch
	var result db.EditResult
	ctx := db.WithActor(t.Context(), db.Actor{Name: "Rowan"})
	list, err := list.WithChoices(ctx, pool)
	if err == nil {
		err = db.InTx(ctx, pool, func(tx pgx.Tx) error {
			if batch, err = db.StartEditBatch(ctx, tx, list.Name, db.EditBulk); err != nil {
				return err
			}
			result, err = db.ApplyEdits(ctx, tx, batch, &list, editDay, edits)
			return err
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	return batch, result
}

func herd(t *testing.T, pool *pgxpool.Pool, n int) []int64 {
	t.Helper()
	var client int64
	if err := pool.QueryRow(t.Context(), `insert into client (last_name) values ('Okafor') returning id`).Scan(&client); err != nil {
		t.Fatal(err)
	}
	rows, _ := pool.Query(t.Context(), `
		insert into patient (client_id, name, species, breed, weight_g, weighed_on, dob, dob_estimated, updated_at)
		select $1, 'Pet ' || n, 'dog', 'Breed ' || n % 7, nullif(n * 10, 100), nullif('2024-01-01'::date + n, '2024-01-11'), '2020-01-01', n % 2 = 0, now() - n * interval '1.000001 hours'
		  from generate_series(1, $2) n
		returning id`, client, n)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

// fingerprint is every byte of the patients and their households but the versions, which only grow.
func fingerprint(t *testing.T, pool *pgxpool.Pool) (sum string, versions int) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), `
		select md5((select string_agg((to_jsonb(p) - 'version')::text, ';' order by id) from patient p)
		        || (select string_agg((to_jsonb(c) - 'version')::text, ';' order by id) from client c)), (select sum(version) from patient)`).Scan(&sum, &versions); err != nil {
		t.Fatal(err)
	}
	return sum, versions
}

func TestFiveHundredRowsEditedAndUndoneAreByteForByteAsBefore(t *testing.T) {
	pool := dbtest.New(t)
	ids := herd(t, pool, 500)
	before, _ := fingerprint(t, pool)
	var edits []db.CellEdit
	for i, id := range ids {
		edits = append(edits,
			db.CellEdit{ID: id, Column: "species", Value: "Cat"}, db.CellEdit{ID: id, Column: "weight", Value: fmt.Sprintf("%d,5 kg", i+1)},
			db.CellEdit{ID: id, Column: "born", Value: "2 Feb 2021"}, db.CellEdit{ID: id, Column: "name", Value: fmt.Sprintf("Cat %d", i)})
	}
	batch, result := edit(t, pool, db.PatientsGrid, edits...)
	if result.Cells != 2000 || len(result.Records) != 500 || len(result.Refused) != 0 {
		t.Fatalf("%d cells of %d records changed, %v refused", result.Cells, len(result.Records), result.Refused)
	}
	edited, _ := fingerprint(t, pool)
	if edited == before {
		t.Fatal("nothing changed")
	}
	var audited int
	if err := pool.QueryRow(t.Context(), `
		select count(*) from audit_log where action = 'updated' and actor = 'Rowan' and diff->'species' = '["dog", "cat"]' and diff ? 'weighed_on'`).Scan(&audited); err != nil || audited != 500 {
		t.Errorf("%d audit rows say what changed, %v", audited, err)
	}

	seen := 0
	undone, err := db.UndoBatch(t.Context(), pool, batch.ID, func(_ pgx.Tx, _ db.EditResult, done, total int) error {
		seen = done*1000 + total
		return nil
	})
	if err != nil || undone.Cells != 2000 || seen != 500*1000+500 {
		t.Fatalf("undone %d, progress %d: %v", undone.Cells, seen, err)
	}
	if after, versions := fingerprint(t, pool); after != before || versions != 1500 {
		t.Errorf("an edit and its undo left other rows, or versions that fell back: %d", versions)
	}

	for range 2 { // again, and once too often
		if _, err := db.RedoBatch(t.Context(), pool, batch.ID, nil); err != nil {
			t.Fatal(err)
		}
	}
	var cats int
	if err := pool.QueryRow(t.Context(), `select count(*) from patient where species = 'cat' and weighed_on = '2026-11-24' and not dob_estimated`).Scan(&cats); err != nil || cats != 500 {
		t.Errorf("%d cats after redo, %v", cats, err)
	}
	if _, err := db.UndoBatch(t.Context(), pool, batch.ID, nil); err != nil {
		t.Fatal(err)
	}
	if after, _ := fingerprint(t, pool); after != before {
		t.Error("undoing what was done again left other rows")
	}
}

func TestAnUndoLeavesWhatAColleagueChangedSince(t *testing.T) {
	pool := dbtest.New(t)
	ids := herd(t, pool, 3)
	batch, _ := edit(t, pool, db.PatientsGrid,
		db.CellEdit{ID: ids[0], Column: "weight", Value: "5"}, db.CellEdit{ID: ids[0], Column: "breed", Value: "Poodle"},
		db.CellEdit{ID: ids[1], Column: "weight", Value: "6"})
	ctx := db.WithActor(t.Context(), db.Actor{Name: "Dr Ito"})
	patient, err := db.GetPatient(ctx, pool, ids[0])
	if err != nil {
		t.Fatal(err)
	}
	heavier := 7000
	patient.WeightG = &heavier
	if _, err := db.SavePatient(ctx, pool, patient); err != nil {
		t.Fatal(err)
	}

	undone, err := db.UndoBatch(t.Context(), pool, batch.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	if undone.Cells != 2 || len(undone.Refused) != 1 {
		t.Fatalf("%d undone, %v left", undone.Cells, undone.Refused)
	}
	if left := undone.Refused[0]; left.Record != "Pet 1" || left.Column != "weight" || left.By != "Dr Ito" || left.Theirs != "7" {
		t.Errorf("left %+v", left)
	}
	patient, _ = db.GetPatient(ctx, pool, ids[0])
	if patient.Breed != "Breed 1" || *patient.WeightG != 7000 {
		t.Errorf("the patient has %s of %d g", patient.Breed, *patient.WeightG)
	}

	redone, err := db.RedoBatch(t.Context(), pool, batch.ID, nil)
	if err != nil || redone.Cells != 2 || len(redone.Refused) != 0 {
		t.Errorf("done again: %d cells, %v, %v", redone.Cells, redone.Refused, err)
	}
}

func TestAConstraintRefusesOneRowOfASetAndNotTheOthers(t *testing.T) {
	pool := dbtest.New(t)
	ids := herd(t, pool, 40)
	edits := make([]db.CellEdit, 0, len(ids))
	for i, id := range ids {
		edits = append(edits, db.CellEdit{ID: id, Column: "microchip", Value: fmt.Sprintf("98500000%04d", i-i%40/39)}) // the last two are twins
	}
	_, result := edit(t, pool, db.PatientsGrid, edits...)
	if result.Cells != 39 || len(result.Refused) != 1 || result.Refused[0].Said != "Another patient has this microchip number." {
		t.Errorf("%d chips, refused %v", result.Cells, result.Refused)
	}
}

func TestAValueThatTheFormWouldRefuseIsRefusedInTheList(t *testing.T) {
	pool := dbtest.New(t)
	id := herd(t, pool, 1)[0]
	for _, wrong := range [][3]string{
		{"name", "  ", "Name can't be empty."},
		{"species", "dragon", "“dragon” is none of the choices."},
		{"weight", "heavy", "Weight takes numbers; “heavy” is none."},
		{"weight", "9000", "Enter a weight between 1 g and 1,500 kg."},
		{"born", "2027-01-01", "This day is in the future."},
		{"born", "3/4/2020", "Enter a day like 2026-11-24, or leave it empty."},
		{"microchip", "abc", "A microchip number has 9 to 15 digits or capital letters."},
		{"breed", strings.Repeat("x", 101), "This has 101 characters; 100 is the most."},
		{"status", "deceased", "Mark the patient as deceased on its own page: that also stops its visits and reminders."},
		{"last_visit", "2026-01-01", "This column can't be edited in the list."},
		{"neutered", "perhaps", "Neutered is yes, no or empty."},
	} {
		_, result := edit(t, pool, db.PatientsGrid, db.CellEdit{ID: id, Column: wrong[0], Value: wrong[1]})
		if result.Cells != 0 || len(result.Refused) != 1 || result.Refused[0].Said != wrong[2] {
			t.Errorf("%s = %q: %+v", wrong[0], wrong[1], result)
		}
	}
	var edits int
	if err := pool.QueryRow(t.Context(), `select count(*) from edit`).Scan(&edits); err != nil || edits != 0 {
		t.Errorf("%d refused edits are kept for undo, %v", edits, err)
	}
}

// What the lists declare and what db can change are the same columns.
func TestEveryColumnThatCanBeEditedHasAnEditor(t *testing.T) {
	pool := dbtest.New(t)
	id := herd(t, pool, 1)[0]
	_ = id
	for _, list := range db.Grids {
		var columns []string
		for _, column := range list.Columns {
			if column.Edit != nil {
				columns = append(columns, column.Key)
			}
		}
		if !list.Editable() {
			continue
		}
		ids := []int64{1}
		if list.Name == "appointments" {
			ids = []int64{visitOf(t, pool, id)}
		}
		rows, err := db.EditValues(context.Background(), pool, list.Name, ids, columns)
		if err != nil || len(rows) != 1 {
			t.Fatalf("%s: %v %v", list.Name, rows, err)
		}
		for _, column := range columns {
			if _, known := rows[ids[0]].Values[column]; !known {
				t.Errorf("%s.%s can be edited by nobody", list.Name, column)
			}
		}
	}
}

func visitOf(t *testing.T, pool *pgxpool.Pool, patient int64) (id int64) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), `
		with type as (insert into appointment_type (name, minutes) values ('Check-up', 20) returning id)
		insert into appointment (client_id, patient_id, type_id, starts_at, ends_at)
		select p.client_id, p.id, type.id, now() + interval '1 day', now() + interval '1 day 20 minutes' from patient p, type where p.id = $1
		returning id`, patient).Scan(&id); err != nil {
		t.Fatal(err)
	}
	return id
}

func TestAVetsTakenHourIsSaidAndTheOtherVisitsAreMoved(t *testing.T) {
	pool := dbtest.New(t)
	ids := herd(t, pool, 3)
	if _, err := pool.Exec(t.Context(), `insert into opening_hours select d, '00:00', '23:59:59' from generate_series(0, 6) d`); err != nil {
		t.Fatal(err)
	}
	var vet int64
	if err := pool.QueryRow(t.Context(), `
		insert into staff (email, display_name, initials, role, password_hash, bookable) values ('v@example.com', 'Dr Ito', 'DI', 'vet', 'x', true) returning id`).Scan(&vet); err != nil {
		t.Fatal(err)
	}
	var visits []int64
	rows, _ := pool.Query(t.Context(), `
		with type as (insert into appointment_type (name, minutes, needs_vet, needs_room) values ('Check-up', 20, false, false) returning id)
		insert into appointment (client_id, patient_id, type_id, starts_at, ends_at)
		select p.client_id, p.id, type.id, at, at + interval '20 minutes'
		  from type, (select *, date_trunc('day', now()) + interval '2 days 10 hours' + case when id = any ($1) then interval '0' else interval '2 hours' end as at from patient) p
		returning id`, ids[:2])
	visits, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		t.Fatal(err)
	}
	edits := make([]db.CellEdit, 0, 3)
	for _, id := range visits {
		edits = append(edits, db.CellEdit{ID: id, Column: "vet", Value: "dr ito"})
	}
	batch, result := edit(t, pool, db.AppointmentsGrid, edits...)
	if result.Cells != 2 || len(result.Refused) != 1 || !strings.Contains(result.Refused[0].Said, "Dr Ito is already booked") || len(result.Tell) != 2 {
		t.Fatalf("%+v", result)
	}
	undone, err := db.UndoBatch(t.Context(), pool, batch.ID, nil)
	if err != nil || undone.Cells != 2 || !slices.Equal(undone.Tell, result.Tell) {
		t.Errorf("undone %+v, %v", undone, err)
	}
	var busy int
	if err := pool.QueryRow(t.Context(), `select count(*) from appointment where vet_id is not null`).Scan(&busy); err != nil || busy != 0 {
		t.Errorf("%d visits still have the vet, %v", busy, err)
	}
}
