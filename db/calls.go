package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// Call is a household that a message could not reach, and what it would have told.
type Call struct {
	MessageID     int64       `db:"message_id"`
	Kind          MessageKind `db:"kind"`
	Reason        string      `db:"reason"` // why it did not reach them
	WrittenAt     time.Time   `db:"written_at"`
	ClientID      int64       `db:"client_id"`
	ClientName    string      `db:"client_name"`
	Mobile        string      `db:"mobile"`
	PhoneAlt      string      `db:"phone_alt"`
	Pets          string      `db:"pets"`           // "Coco, Rex"
	Care          string      `db:"care"`           // "Rabies, Heartworm", "" when it is about a visit
	VisitAt       *time.Time  `db:"visit_at"`       // the next visit that it is about
	AppointmentID *int64      `db:"appointment_id"` // that visit
}

// CallList is whom to call because no message reaches them, those with the next visit first. What is over, was cancelled
// or was told by a call is not on it.
func CallList(ctx context.Context, conn Conn, now time.Time, limit int) ([]Call, error) {
	return calls(ctx, conn, now, 0, limit)
}

// CallsOf is what one household has to be called about.
func CallsOf(ctx context.Context, conn Conn, clientID int64, now time.Time) ([]Call, error) {
	return calls(ctx, conn, now, clientID, 10)
}

func calls(ctx context.Context, conn Conn, now time.Time, clientID int64, limit int) ([]Call, error) {
	rows, _ := conn.Query(ctx, `
		select m.id as message_id, m.kind, m.status_reason as reason, m.created_at as written_at,
		       c.id as client_id, btrim(c.first_name || ' ' || c.last_name) as client_name, c.mobile, c.phone_alt,
		       about.pets, coalesce(about.care, '') as care, about.visit_at, about.appointment_id
		  from message m
		  join client told on told.id = m.client_id
		  join client c on c.id = coalesce(told.merged_into, told.id)
		 cross join lateral (
		    select string_agg(distinct p.name, ', ') as pets, string_agg(distinct o.name, ', ') as care,
		           min(a.starts_at) as visit_at, (array_agg(a.id order by a.starts_at))[1] as appointment_id
		      from (
		        select m.appointment_id, null::bigint as reminder_id, m.patient_id, null::timestamptz as said_at
		         where m.kind not in ('visit_reminder', 'care_reminder')
		        union all
		        select appointment_id, reminder_id, patient_id, said_at from message_item where message_id = m.id
		      ) item
		      join patient p on p.id = item.patient_id and p.status <> 'deceased'
		      left join appointment a on a.id = item.appointment_id and a.starts_at > @now
		       and (a.status in ('requested', 'booked') or m.kind = 'visit_cancelled')
		       and (item.said_at is null or item.said_at = a.starts_at)
		      left join reminder r on r.id = item.reminder_id and r.status = 'open'
		      left join care_protocol o on o.id = r.protocol_id
		     where a.id is not null
		        or r.id is not null and not exists (
		             select from appointment coming
		              where coming.patient_id = p.id and coming.starts_at > @now and coming.status in ('requested', 'booked', 'confirmed'))
		  ) about
		 where m.needs_call and m.called_at is null and about.pets is not null
		   and (@client = 0 or c.id = @client)
		 order by about.visit_at nulls last, c.id, m.id desc
		 limit @limit`, pgx.NamedArgs{"now": now, "client": clientID, "limit": limit})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[Call])
	return list, wrap(err, "list calls")
}

// MarkCalled notes that a household was told by telephone everything that no message could tell it.
func MarkCalled(ctx context.Context, conn Conn, clientID int64) error {
	return setCalled(ctx, conn, clientID, "called", `
		update message
		   set called_at = now(), called_by = nullif($2, 0), updated_at = now()
		 where needs_call and called_at is null
		   and client_id in (select id from client where id = $1 or merged_into = $1)`)
}

// UnmarkCalled takes back what the same person noted a moment ago.
func UnmarkCalled(ctx context.Context, conn Conn, clientID int64) error {
	return setCalled(ctx, conn, clientID, "call taken back", `
		update message
		   set called_at = null, called_by = null, updated_at = now()
		 where needs_call and called_at > now() - interval '15 minutes' and called_by is not distinct from nullif($2, 0)
		   and client_id in (select id from client where id = $1 or merged_into = $1)`)
}

func setCalled(ctx context.Context, conn Conn, clientID int64, action, sql string) error {
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		if _, err := GetClient(ctx, tx, clientID); err != nil {
			return err
		}
		changed, err := tx.Exec(ctx, sql, clientID, ActorFrom(ctx).StaffID)
		if err != nil || changed.RowsAffected() == 0 {
			return err
		}
		return Audit(ctx, tx, Audited{Action: action, Entity: "client", EntityID: clientID, ClientID: clientID})
	})
	return wrap(err, "note call to client %d", clientID)
}
