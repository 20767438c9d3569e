package jobs

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/jackc/pgx/v5/pgxpool"

	"purplecross/db"
	"purplecross/db/dbtest"
)

// employ writes down a person of a role and answers their id.
func employ(t *testing.T, pool *pgxpool.Pool, role db.Role) int64 {
	t.Helper()
	var id int64
	err := pool.QueryRow(t.Context(), `
		insert into staff (email, display_name, initials, role, password_hash)
		values ($1 || '@harbour.example', $1, 'XX', $1::staff_role, '')
		returning id`, string(role)).Scan(&id)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func told(t *testing.T, pool *pgxpool.Pool, staffID int64) []db.Notification {
	t.Helper()
	notifications, err := db.ListNotifications(context.WithoutCancel(t.Context()), pool, staffID, false, 100)
	if err != nil {
		t.Fatal(err)
	}
	return notifications
}

func TestWhoeverStartedWorkIsToldHowItEnded(t *testing.T) {
	pool := dbtest.New(t)
	person := employ(t, pool, db.RoleReception)
	for _, one := range []struct {
		name string
		do   digging
		kind db.NotificationKind
		says string
	}{
		{"done", func(context.Context, *Progress, string) (db.WorkResult, error) {
			return db.WorkResult{Outcome: "Ten holes."}, nil
		}, db.NoticeWorkDone, "Dig: Ten holes."},
		{"refused", func(context.Context, *Progress, string) (db.WorkResult, error) {
			return db.WorkResult{}, db.Invalid{"": "The ground is frozen."}
		}, db.NoticeWorkFailed, "Dig: The ground is frozen."},
	} {
		t.Run(one.name, func(t *testing.T) {
			client, id := startDigging(t, pool, one.do)
			if _, err := pool.Exec(t.Context(), `update work set started_by = $2 where id = $1`, id, person); err != nil {
				t.Fatal(err)
			}
			if err := client.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			until(t, "the work is over", func() bool { return readWork(t, pool, id).Over() })
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			if err := client.Stop(ctx); err != nil {
				t.Fatal(err)
			}

			latest := told(t, pool, person)[0]
			if latest.Kind != one.kind || latest.Says() != one.says || latest.Leads() != fmt.Sprintf("/progress/%d", id) {
				t.Errorf("they were told %+v", latest)
			}
		})
	}
}

func TestWhoeverStopsTheirOwnWorkIsNotToldSo(t *testing.T) {
	pool := dbtest.New(t)
	person := employ(t, pool, db.RoleReception)
	began := make(chan struct{})
	client, id := startDigging(t, pool, func(ctx context.Context, _ *Progress, _ string) (db.WorkResult, error) {
		close(began)
		<-ctx.Done()
		return db.WorkResult{}, ctx.Err()
	})
	if _, err := pool.Exec(t.Context(), `update work set started_by = $2 where id = $1`, id, person); err != nil {
		t.Fatal(err)
	}
	start(t, client)
	<-began
	if err := db.CancelWork(t.Context(), pool, id); err != nil {
		t.Fatal(err)
	}
	untilWork(t, pool, id, db.WorkCancelled)
	if said := told(t, pool, person); len(said) != 0 {
		t.Errorf("they were told %+v", said)
	}
}

func TestAManagerIsToldOnceOfManyLettersThatNobodyWillReceive(t *testing.T) {
	pool := dbtest.New(t)
	manager := employ(t, pool, db.RoleManager)
	office := openPostOffice(t, "127.0.0.1:0")
	office.address = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "unknown"}
	tellMany(t, pool, 10)
	work(t, pool, office.url)

	until(t, "all are given up", func() bool {
		var open int
		err := pool.QueryRow(context.WithoutCancel(t.Context()), `select count(*) from message where status <> 'failed'`).Scan(&open)
		return err == nil && open == 0
	})
	said := told(t, pool, manager)
	if len(said) != 1 || said[0].Says() != "10 messages did not go out." {
		t.Errorf("the manager was told %+v", said)
	}
	for _, one := range said {
		if strings.Contains(one.Sentence+one.Leads(), "example") {
			t.Errorf("an address stands in %+v", one)
		}
	}
}

func TestAnAdminIsToldOfAJobThatWasGivenUp(t *testing.T) {
	pool := dbtest.New(t)
	admin := employ(t, pool, db.RoleAdmin)
	client, id := startDigging(t, pool, func(context.Context, *Progress, string) (db.WorkResult, error) {
		return db.WorkResult{}, errors.New("the spade broke")
	})
	if _, err := pool.Exec(t.Context(), `update river_job set max_attempts = 1 where kind = 'dig'`); err != nil {
		t.Fatal(err)
	}
	start(t, client)
	untilWork(t, pool, id, db.WorkFailed)
	until(t, "its job is discarded", func() bool {
		var state string
		err := pool.QueryRow(context.WithoutCancel(t.Context()), `select state from river_job where kind = 'dig'`).Scan(&state)
		return err == nil && state == "discarded"
	})
	if _, err := client.river.Insert(t.Context(), RunSchedules{}, nil); err != nil { // the tick after it
		t.Fatal(err)
	}
	until(t, "the admin is told", func() bool {
		said := told(t, pool, admin)
		return len(said) == 1 && said[0].Kind == db.NoticeJobFailed && said[0].Says() == "A job was given up: dig."
	})
}
