package db_test

import (
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"purplecross/db"
	"purplecross/db/dbtest"
)

func TestProcessesThatMigrateAtOnceLeaveOneSchema(t *testing.T) {
	pool := dbtest.Empty(t)
	if pending, err := db.PendingMigrations(t.Context(), pool); err != nil || pending == 0 {
		t.Fatalf("an empty database has %d migrations pending (%v)", pending, err)
	}

	var processes errgroup.Group
	for range 4 {
		processes.Go(func() error { return db.Migrate(t.Context(), pool) })
	}
	if err := processes.Wait(); err != nil {
		t.Fatal(err)
	}

	if pending, err := db.PendingMigrations(t.Context(), pool); err != nil || pending != 0 {
		t.Errorf("%d migrations are still pending (%v)", pending, err)
	}
}

func TestSessionsKeepTheClinicsTimeZone(t *testing.T) {
	var zone, day string
	err := dbtest.Tx(t).QueryRow(t.Context(), `select current_setting('timezone'), '2026-07-01 05:00Z'::timestamptz::date::text`).Scan(&zone, &day)
	if err != nil {
		t.Fatal(err)
	}
	if zone != dbtest.Zone || day != "2026-06-30" {
		t.Errorf("the session's zone is %s, and 05:00 UTC is on %s", zone, day)
	}
}

func TestAuditLogCannotBeRewritten(t *testing.T) {
	for _, sql := range []string{`update audit_log set actor = 'somebody else'`, `delete from audit_log`, `truncate audit_log`} {
		tx := dbtest.Tx(t)
		if err := db.Audit(t.Context(), tx, db.Audited{Action: "created", Entity: "client", EntityID: 1}); err != nil {
			t.Fatal(err)
		}
		_, err := tx.Exec(t.Context(), sql)
		if err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

func TestSignedVisitNoteIsFinal(t *testing.T) {
	for _, sql := range []string{`update visit_note set plan = 'another'`, `delete from visit_note`} {
		tx := dbtest.Tx(t)
		_, err := tx.Exec(t.Context(), `
			with vet as (
			  insert into staff (email, display_name, initials, role, password_hash) values ('vet@example.com', 'V', 'V', 'vet', '-') returning id
			), owner as (
			  insert into client (last_name) values ('Court') returning id
			), pet as (
			  insert into patient (client_id, name, species) select id, 'Coco', 'dog' from owner returning id
			)
			insert into visit_note (patient_id, vet_id, plan, status, signed_at, signed_by)
			select pet.id, vet.id, 'rest', 'signed', now(), vet.id from pet, vet`)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(t.Context(), sql); err == nil || !strings.Contains(err.Error(), "cannot change") {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

func TestServerThatDoesNotAnswerIsOneSentence(t *testing.T) {
	_, err := db.Open(t.Context(), "postgres://clinic:secret@127.0.0.1:1/clinic", dbtest.Zone, nil)
	if err == nil || err.Error() != "PostgreSQL at 127.0.0.1:1 does not answer. Start it, or correct DATABASE_URL." {
		t.Errorf("the sentence is %q", err)
	}
}

func TestAMigrationThatCameLateIsApplied(t *testing.T) {
	pool := dbtest.Empty(t)
	if err := db.Migrate(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(t.Context(), `
		drop table notification;
		drop table job_noticed;
		delete from goose_db_version where version_id = 23`); err != nil { // as in a database that knows later ones
		t.Fatal(err)
	}
	if pending, err := db.PendingMigrations(t.Context(), pool); err != nil || pending != 1 {
		t.Errorf("%d are pending (%v), want the late one", pending, err)
	}
	if err := db.Migrate(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	if err := db.Migrated(t.Context(), pool); err != nil {
		t.Error(err)
	}
}
