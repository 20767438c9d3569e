package db_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"purplecross/db"
	"purplecross/db/dbtest"
)

// hire writes down a person of a role and answers their id.
func hire(t *testing.T, conn db.Conn, role db.Role, active bool) int64 {
	t.Helper()
	var id int64
	err := conn.QueryRow(t.Context(), `
		insert into staff (email, display_name, initials, role, password_hash, active)
		values ('p' || (select count(*) from staff) || '@harbour.example', 'Somebody', 'SB', $1::staff_role, '', $2)
		returning id`, string(role), active).Scan(&id)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func notices(t *testing.T, conn db.Conn, staffID int64) []db.Notification {
	t.Helper()
	all, err := db.ListNotifications(t.Context(), conn, staffID, false, 500)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var letterLost = db.Notice{
	Kind: db.NoticeMessageFailed, Subject: "message", SubjectID: 1, Href: "/messages/1", Sentence: "A message did not go out.",
	Group: "message_failed", Many: "# messages did not go out.", ManyHref: "/messages?status=failed",
}

func TestANotificationReachesThoseItIsForAndNobodyWhoLeft(t *testing.T) {
	tx := dbtest.Tx(t)
	manager, second, gone, vet := hire(t, tx, db.RoleManager, true), hire(t, tx, db.RoleManager, true), hire(t, tx, db.RoleManager, false), hire(t, tx, db.RoleVet, true)

	notice := letterLost
	notice.Roles, notice.To = []db.Role{db.RoleManager}, []int64{manager, vet}
	if err := db.Notify(t.Context(), tx, notice); err != nil {
		t.Fatal(err)
	}

	for who, want := range map[int64]int{manager: 1, second: 1, gone: 0, vet: 1} {
		if got := notices(t, tx, who); len(got) != want {
			t.Errorf("person %d was told %d times, want %d", who, len(got), want)
		}
	}
}

func TestTenBouncesAreOneLineUntilItIsRead(t *testing.T) {
	tx := dbtest.Tx(t)
	vet := hire(t, tx, db.RoleVet, true)
	bounce := func(n int) {
		t.Helper()
		for range n {
			notice := letterLost
			notice.To = []int64{vet}
			if err := db.Notify(t.Context(), tx, notice); err != nil {
				t.Fatal(err)
			}
		}
	}

	bounce(1)
	if one := notices(t, tx, vet); len(one) != 1 || one[0].Says() != "A message did not go out." || one[0].Leads() != "/messages/1" {
		t.Fatalf("one bounce: %+v", one)
	}
	bounce(9)
	ten := notices(t, tx, vet)
	if len(ten) != 1 || ten[0].Says() != "10 messages did not go out." || ten[0].Leads() != "/messages?status=failed" {
		t.Fatalf("ten bounces: %+v", ten)
	}
	if unread, _ := db.CountUnread(t.Context(), tx, vet); unread != 1 {
		t.Errorf("ten bounces ring %d times", unread)
	}

	if err := db.ReadNotification(t.Context(), tx, vet, ten[0].ID); err != nil {
		t.Fatal(err)
	}
	bounce(1)
	if after := notices(t, tx, vet); len(after) != 2 || after[0].ReadAt != nil || after[0].Count != 1 {
		t.Errorf("a bounce after reading: %+v", after)
	}
	if err := db.UnreadNotification(t.Context(), tx, vet, ten[0].ID); err != nil {
		t.Errorf("an older line of the group cannot be unread beside the newer: %v", err)
	}
	if unread, _ := db.CountUnread(t.Context(), tx, vet); unread != 1 {
		t.Errorf("%d unread lines of one group", unread)
	}
}

func TestReadingIsEachPersonsOwnAndStopsAtWhatTheySaw(t *testing.T) {
	tx := dbtest.Tx(t)
	vet, nurse := hire(t, tx, db.RoleVet, true), hire(t, tx, db.RoleNurse, true)
	alone := func(id int64) {
		t.Helper()
		err := db.Notify(t.Context(), tx, db.Notice{Kind: db.NoticeExportReady, Subject: "work", SubjectID: id, Href: "/progress/1", Sentence: "Done.", To: []int64{vet, nurse}})
		if err != nil {
			t.Fatal(err)
		}
	}
	alone(1)
	seen := notices(t, tx, vet)
	alone(2)

	if err := db.ReadNotifications(t.Context(), tx, vet, seen[0].UpdatedAt); err != nil {
		t.Fatal(err)
	}
	if unread, _ := db.CountUnread(t.Context(), tx, vet); unread != 1 {
		t.Errorf("%d unread after reading what was seen, want the one that came since", unread)
	}
	if unread, _ := db.CountUnread(t.Context(), tx, nurse); unread != 2 {
		t.Errorf("another's reading left the nurse %d", unread)
	}
	if err := db.ReadNotificationsOf(t.Context(), tx, nurse, "work", 2); err != nil {
		t.Fatal(err)
	}
	if unread, _ := db.CountUnread(t.Context(), tx, nurse); unread != 1 {
		t.Errorf("after looking at the record %d are unread, want 1", unread)
	}
	if _, err := db.GetNotification(t.Context(), tx, nurse, seen[0].ID); err == nil {
		t.Error("somebody reads another's notification")
	}
}

func TestOldNotificationsAreForgotten(t *testing.T) {
	tx := dbtest.Tx(t)
	vet := hire(t, tx, db.RoleVet, true)
	add := func(count int, age time.Duration, read bool) {
		t.Helper()
		_, err := tx.Exec(t.Context(), `
			insert into notification (staff_id, kind, href, sentence, updated_at, read_at)
			select $1, 'work_done', '/progress', case when $4 then 'read' else 'unread' end, now() - $3 * interval '1 second',
			       case when $4 then now() - $3 * interval '1 second' end
			  from generate_series(1, $2::int)`, vet, count, age.Seconds(), read)
		if err != nil {
			t.Fatal(err)
		}
	}
	add(3, db.KeepRead+time.Hour, true)
	add(5, db.KeepRead+time.Hour, false)
	add(7, db.KeepUnread+time.Hour, false)
	add(db.KeptNotifications-2, time.Hour, false)

	if err := db.ForgetNotifications(t.Context(), tx); err != nil {
		t.Fatal(err)
	}

	kept := notices(t, tx, vet)
	if len(kept) != db.KeptNotifications {
		t.Errorf("%d are kept, want %d", len(kept), db.KeptNotifications)
	}
	old := 0
	for _, one := range kept {
		if one.Sentence == "read" {
			t.Error("one that was read long ago is kept")
		}
		if time.Since(one.UpdatedAt) > db.KeepRead {
			old++
		}
	}
	if old != 2 {
		t.Errorf("%d of the older ones are kept, want 2: the most recent two hundred", old)
	}
}

func TestANotificationLeadsNowhereElse(t *testing.T) {
	tx := dbtest.Tx(t)
	vet := hire(t, tx, db.RoleVet, true)
	for _, href := range []string{"//evil.example", "https://evil.example", `/\evil.example`, "", "progress"} {
		err := pgx.BeginFunc(t.Context(), tx, func(tx pgx.Tx) error {
			return db.Notify(t.Context(), tx, db.Notice{Kind: db.NoticeWorkDone, Href: href, Sentence: "Done.", To: []int64{vet}})
		})
		if err == nil || !strings.Contains(err.Error(), "notification_href_of_ours") {
			t.Errorf("%q is taken for a page of ours: %v", href, err)
		}
	}
}

func TestAnAdminIsToldOnceOfJobsThatWereGivenUp(t *testing.T) {
	tx := dbtest.Tx(t)
	admin, manager := hire(t, tx, db.RoleAdmin, true), hire(t, tx, db.RoleManager, true)
	give := func(kind string, count int) {
		t.Helper()
		_, err := tx.Exec(t.Context(), `
			insert into river_job (kind, args, max_attempts, state, finalized_at)
			select $1, '{}', 1, 'discarded', clock_timestamp() from generate_series(1, $2::int)`, kind, count)
		if err != nil {
			t.Fatal(err)
		}
	}
	word := func(kind string) string { return "Word of " + kind }
	look := func() {
		t.Helper()
		if err := db.NotifyGivenUpJobs(t.Context(), tx, word); err != nil {
			t.Fatal(err)
		}
	}

	give("export_list", 3)
	give("tidy_work", 1)
	look()
	look()

	told := map[string]bool{}
	for _, one := range notices(t, tx, admin) {
		told[one.Says()] = true
	}
	if len(told) != 2 || !told["3 jobs were given up: Word of export_list."] || !told["A job was given up: Word of tidy_work."] {
		t.Errorf("the admin was told %v", told)
	}
	if got := notices(t, tx, manager); len(got) != 0 {
		t.Errorf("a manager was told of jobs: %+v", got)
	}

	if _, err := tx.Exec(t.Context(), `update river_job set finalized_at = clock_timestamp() where kind = 'tidy_work'`); err != nil {
		t.Fatal(err)
	}
	look()
	for _, one := range notices(t, tx, admin) {
		if strings.Contains(one.Sentence, "tidy_work") && one.Count != 2 {
			t.Errorf("given up again: %+v", one)
		}
	}
}
