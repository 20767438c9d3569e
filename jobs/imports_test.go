package jobs

import (
	"context"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"purplecross/db"
	"purplecross/db/dbtest"
	"purplecross/db/imports"
)

// manyClients uploads a file of n clients, and answers a manager's context with the import.
func manyClients(t *testing.T, pool *pgxpool.Pool, n int) (context.Context, int64) {
	t.Helper()
	ctx := manyPatients(t, pool, 1)
	var file strings.Builder
	file.WriteString("legacy_client_id,last_name,email\n")
	for i := range n {
		fmt.Fprintf(&file, "%d,Client %d,c%d@example.org\n", i, i, i)
	}
	id, err := imports.Upload(ctx, pool, "many.csv", strings.NewReader(file.String()))
	if err != nil {
		t.Fatal(err)
	}
	return ctx, id
}

func startStep(t *testing.T, ctx context.Context, client *Client, id int64, step ImportStep) int64 {
	t.Helper()
	work, err := client.StartImport(ctx, id, step)
	if err != nil {
		t.Fatal(err)
	}
	return work
}

// untilImport waits until a step has brought an import to a status, as long as it moves.
func untilImport(t *testing.T, pool *pgxpool.Pool, id int64, status db.ImportStatus) {
	t.Helper()
	untilSettled(t, "the import is "+string(status), func() (bool, int) {
		there := countOf(t, pool, `
			select count(*)
			  from import_batch b
			  join work w on w.id = b.work_id
			 where b.id = $1 and b.status = $2 and w.state in ('done', 'cancelled')`, id, status)
		return there == 1, countOf(t, pool, `select w.done from import_batch b join work w on w.id = b.work_id where b.id = $1`, id)
	})
}

func TestImportGoesOnWhereItWasAfterItsWorkerIsKilledAgainAndAgain(t *testing.T) {
	t.Parallel()
	const rows, kills = 12_000, 3
	pool := dbtest.New(t)
	ctx, id := manyClients(t, pool, rows)
	startStep(t, ctx, insertOnly(t, pool), id, ImportCommit)

	done := func() int { return countOf(t, pool, `select done from import_batch where id = $1`, id) }
	worker := startWorker(t, pool, "")
	was := 0
	for kill := range kills {
		until(t, "more rows have come in", func() bool { return done() > was })
		worker.signal(t, syscall.SIGKILL)
		if was = done(); was == rows {
			t.Fatalf("it was over before kill %d", kill+1)
		}
		if n := countOf(t, pool, `select count(*) from client where external_ref is not null`); n != was {
			t.Errorf("%d clients are there of %d rows that are done", n, was)
		}
		if _, err := pool.Exec(ctx, `update river_job set max_attempts = 10 where kind = 'import_file'`); err != nil {
			t.Fatal(err)
		}
		worker = startWorker(t, pool, "")
	}
	untilImport(t, pool, id, db.ImportCommitted)

	batch, err := db.GetImport(ctx, pool, id)
	if err != nil || batch.Added != rows || batch.Total != rows || batch.Unchanged != 0 {
		t.Errorf("%d of %d rows added, %d twice (%v)", batch.Added, rows, batch.Unchanged, err)
	}
	if n := countOf(t, pool, `select count(*) from client where external_ref is not null`); n != rows {
		t.Errorf("%d clients of %d rows", n, rows)
	}
	if n := countOf(t, pool, `select count(*) from import_change where batch_id = $1`, id); n != rows {
		t.Errorf("%d can be taken back", n)
	}
}

func TestImportThatIsCancelledGoesOnWithoutLossAndIsTakenBackToTheByte(t *testing.T) {
	t.Parallel()
	const rows = 8_000
	pool := dbtest.New(t)
	ctx, id := manyClients(t, pool, rows)
	everything := func() (print string) {
		t.Helper()
		if err := pool.QueryRow(ctx, `select md5(string_agg(l, '' order by l)) from (select c::text as l from client c union all select p::text from patient p) x`).Scan(&print); err != nil {
			t.Fatal(err)
		}
		return print
	}
	before := everything()
	client := work(t, pool, "")

	checked := startStep(t, ctx, client, id, ImportCheck)
	if _, err := client.StartImport(ctx, id, ImportCommit); err == nil {
		t.Error("it is imported while it is checked")
	}
	untilImport(t, pool, id, db.ImportValidated)
	if n := countOf(t, pool, `select (asked::text || title || coalesce((select args::text from river_job where id = river_job_id), '') like '%many%')::int from work where id = $1`, checked); n != 0 {
		t.Error("the job's arguments or its title name the file")
	}
	if everything() != before {
		t.Error("the check changed something")
	}

	first := startStep(t, ctx, client, id, ImportCommit)
	until(t, "rows come in", func() bool { return countOf(t, pool, `select done from import_batch where id = $1`, id) > 0 })
	if err := db.CancelWork(ctx, pool, first); err != nil {
		t.Fatal(err)
	}
	untilImport(t, pool, id, db.ImportStopped)
	stopped := countOf(t, pool, `select done from import_batch where id = $1`, id)
	if n := countOf(t, pool, `select count(*) from client where external_ref is not null`); n != stopped || n == rows {
		t.Errorf("%d clients of %d rows that are done", n, stopped)
	}

	startStep(t, ctx, client, id, ImportCommit)
	untilImport(t, pool, id, db.ImportCommitted)
	if n := countOf(t, pool, `select added from import_batch where id = $1 and unchanged = 0`, id); n != rows {
		t.Errorf("%d of %d rows added", n, rows)
	}

	startStep(t, ctx, client, id, ImportUndo)
	untilImport(t, pool, id, db.ImportUndone)
	if everything() != before {
		t.Error("something is not as it was")
	}
}
