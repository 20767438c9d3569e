package db

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	keepErrors = 90 * 24 * time.Hour // after a kind of failure was last seen
	keptErrors = 2000                // kinds of failure, whatever their age: the latest
)

// TrimErrors forgets kinds of failure that were not seen for three months, and the oldest when there are too many, so
// that no spike fills the disk; and feedback under references that lead nowhere.
func TrimErrors(ctx context.Context, conn Conn) (int64, error) {
	if _, err := conn.Exec(ctx, `
		delete from error_feedback
		 where error_report_id is null and created_at < now() - $1::interval
		    or id in (select id from error_feedback where error_report_id is null order by id desc offset $2)`, keepErrors, keptErrors); err != nil {
		return 0, wrap(err, "trim feedback")
	}
	tag, err := conn.Exec(ctx, `
		delete from error_report
		 where last_seen_at < now() - $1::interval
		    or id in (select id from error_report order by last_seen_at desc, id desc offset $2)`, keepErrors, keptErrors)
	return tag.RowsAffected(), wrap(err, "trim errors")
}

// AssignError says who looks after a failure; 0 is nobody.
func AssignError(ctx context.Context, conn Conn, id, staffID int64) error {
	return InTx(ctx, conn, func(tx pgx.Tx) error {
		var before int64
		err := tx.QueryRow(ctx, `select coalesce(assigned_to, 0) from error_report where id = $1 for update`, id).Scan(&before)
		if err != nil || before == staffID {
			return wrap(err, "read error %d", id)
		}
		_, err = tx.Exec(ctx, `update error_report set assigned_to = nullif($2, 0) where id = $1`, id, staffID)
		if err != nil {
			return wrap(err, "assign error %d", id)
		}
		if staffID != 0 && staffID != ActorFrom(ctx).StaffID {
			err = Notify(ctx, tx, Notice{
				Kind: NoticeErrorAssigned, Subject: "error_report", SubjectID: id, Href: fmt.Sprintf("/admin/errors/%d", id),
				Sentence: ActorFrom(ctx).Name + " gave you an error to look after.", To: []int64{staffID},
			})
			if err != nil {
				return err
			}
		}
		return Audit(ctx, tx, Audited{Action: "updated", Entity: "error_report", EntityID: id, Diff: Diff{"assigned_to": {before, staffID}}})
	})
}

// Mender is a person whom a failure can be assigned to.
type Mender struct {
	ID   int64  `db:"id"`
	Name string `db:"display_name"`
}

// ListMenders reads the people who operate the program.
func ListMenders(ctx context.Context, conn Conn) ([]Mender, error) {
	roles := []string{}
	for _, role := range []Role{RoleReception, RoleNurse, RoleVet, RoleManager, RoleAdmin, RoleDesigner} {
		if role.Can(AbleOperate) {
			roles = append(roles, string(role))
		}
	}
	rows, _ := conn.Query(ctx, `select id, display_name from staff where active and role::text = any ($1::text[]) order by lower(display_name), id`, roles)
	people, err := pgx.CollectRows(rows, pgx.RowToStructByName[Mender])
	return people, wrap(err, "list menders")
}
