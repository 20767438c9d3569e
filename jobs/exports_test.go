package jobs

import (
	"bytes"
	"context"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/xuri/excelize/v2"

	"purplecross/db"
	"purplecross/db/dbtest"
	"purplecross/jobs/sheets"
)

// manyPatients fills in n patients of one household, and a manager who acts in the context that is answered.
func manyPatients(t *testing.T, pool *pgxpool.Pool, n int) context.Context {
	t.Helper()
	var manager int64
	err := pool.QueryRow(t.Context(), `
		with manager as (
		  insert into staff (email, display_name, initials, role, password_hash)
		  values ('mara@harbour.example', 'Mara', 'M', 'manager', '')
		  returning id
		), household as (
		  insert into client (first_name, last_name, email)
		  values ('Zoë', 'Court', 'zoe@example.com')
		  returning id
		), pets as (
		  insert into patient (client_id, name, species)
		  select household.id, 'Pet ' || to_char(n, 'FM000000'), 'dog'
		    from household, generate_series(1, $1) n
		)
		select id from manager`, n).Scan(&manager)
	if err != nil {
		t.Fatal(err)
	}
	return db.WithActor(t.Context(), db.Actor{StaffID: manager, Name: "Mara"})
}

func fileOf(t *testing.T, pool *pgxpool.Pool, id int64) (db.WorkFile, []byte) {
	t.Helper()
	file, err := db.GetWorkFile(t.Context(), pool, id)
	if err != nil {
		t.Fatal(err)
	}
	var whole bytes.Buffer
	if err := db.CopyWorkFile(t.Context(), pool, id, &whole); err != nil || int64(whole.Len()) != file.Bytes {
		t.Fatalf("%d of %d bytes, %v", whole.Len(), file.Bytes, err)
	}
	return file, whole.Bytes()
}

func countOf(t *testing.T, pool *pgxpool.Pool, sql string, args ...any) (n int) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestALongListIsExportedAsAJobAndOpensAsASpreadsheet(t *testing.T) {
	pool := dbtest.New(t)
	ctx := manyPatients(t, pool, 20_000)
	client := work(t, pool, "")

	id, err := client.StartExport(ctx, ExportAsked{Resource: "patients", Query: "sort=-name&cols=name,species,owner", Format: sheets.XLSX}, nil, 0)
	if err != nil {
		t.Fatal(err)
	}

	done := untilWork(t, pool, id, db.WorkDone)
	file, bytesOf := fileOf(t, pool, id)
	book, err := excelize.OpenReader(bytes.NewReader(bytesOf))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.GetRows("Patients")
	if err != nil || len(rows) != 20_001 || rows[1][0] != "Pet 020000" || rows[20_000][0] != "Pet 000001" || rows[1][2] != "Court, Zoë" {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	if done.Done != 20_000 || *done.Total != 20_000 || !strings.HasPrefix(file.Name, "patients-") || done.ResultHref == "" {
		t.Errorf("ended as %+v with %+v", done, file)
	}
	if n := countOf(t, pool, `select count(*) from audit_log where entity = 'patient' and actor = 'Mara' and action in ('started to export', 'exported')`); n != 2 {
		t.Errorf("%d of 2 audit rows", n)
	}
}

func TestOnlyTheChosenRowsAreExportedInTheirOrder(t *testing.T) {
	pool := dbtest.New(t)
	ctx := manyPatients(t, pool, 3000)
	client := work(t, pool, "")
	var ids []int64
	if err := pool.QueryRow(ctx, `select array_agg(id order by id desc) from patient where id % 2 = 0`).Scan(&ids); err != nil {
		t.Fatal(err)
	}

	id, err := client.StartExport(ctx, ExportAsked{Resource: "patients", Query: "cols=name", Format: sheets.CSV, Chosen: true}, ids, len(ids))
	if err != nil {
		t.Fatal(err)
	}

	untilWork(t, pool, id, db.WorkDone)
	_, text := fileOf(t, pool, id)
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil || len(rows) != 1501 || rows[1][0] <= rows[2][0] {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

func TestAnExportCancelledHalfwayLeavesNothing(t *testing.T) {
	pool := dbtest.New(t)
	ctx := manyPatients(t, pool, 20_000)
	// The second part waits for us.
	if _, err := pool.Exec(ctx, `
		create function wait_for_us() returns trigger language plpgsql as $$
		begin
		  if new.seq = 2 then perform pg_advisory_xact_lock(42); end if;
		  return new;
		end $$;
		create trigger wait_for_us before insert on work_file_part for each row execute function wait_for_us()`); err != nil {
		t.Fatal(err)
	}
	held, err := pool.Acquire(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Release()
	if _, err := held.Exec(ctx, `select pg_advisory_lock(42)`); err != nil {
		t.Fatal(err)
	}
	client := work(t, pool, "")
	id, err := client.StartExport(ctx, ExportAsked{Resource: "patients", Format: sheets.CSV}, nil, 20_000)
	if err != nil {
		t.Fatal(err)
	}
	until(t, "some rows are written", func() bool { return readWork(t, pool, id).Done > 1000 })

	if err := db.CancelWork(ctx, pool, id); err != nil {
		t.Fatal(err)
	}

	untilWork(t, pool, id, db.WorkCancelled)
	if n := countOf(t, pool, `select (select count(*) from work_file_part) + (select count(*) from work_file)`); n != 0 {
		t.Errorf("%d rows of a file are left", n)
	}
	if n := countOf(t, pool, `select count(*) from audit_log where action = 'broke off an export of'`); n != 1 {
		t.Errorf("%d audit rows", n)
	}
	if _, err := held.Exec(ctx, `select pg_advisory_unlock(42)`); err != nil {
		t.Fatal(err)
	}
}

func TestAFileIsGoneAfterItsTime(t *testing.T) {
	pool := dbtest.New(t)
	ctx := manyPatients(t, pool, 10)
	client := work(t, pool, "")
	id, err := client.StartExport(ctx, ExportAsked{Resource: "patients", Format: sheets.CSV}, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	untilWork(t, pool, id, db.WorkDone)
	if _, err := pool.Exec(ctx, `update work_file set expires_at = now() - interval '1 second'`); err != nil {
		t.Fatal(err)
	}

	if err := db.ExpireWorkFiles(ctx, pool); err != nil {
		t.Fatal(err)
	}

	if n := countOf(t, pool, `select (select count(*) from work_file_part) + (select count(*) from work_file)`); n != 0 {
		t.Errorf("%d rows of the file are left", n)
	}
	if work := readWork(t, pool, id); work.ResultHref != "" || !strings.Contains(work.Outcome, "gone") {
		t.Errorf("the work says %+v", work)
	}
}
