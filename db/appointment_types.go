package db

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// AppointmentType is what a visit is for; it says how long it takes and what it needs.
type AppointmentType struct {
	ID           int64  `db:"id"`
	Name         string `db:"name"`
	Minutes      int    `db:"minutes"`
	Colour       int    `db:"colour"` // one of eight calendar hues, 0 to 7
	NeedsVet     bool   `db:"needs_vet"`
	NeedsRoom    bool   `db:"needs_room"`
	SendMessages bool   `db:"send_messages"` // euthanasia: no
	Active       bool   `db:"active"`
	Sort         int    `db:"sort"`
}

const appointmentTypeColumns = `id, name, minutes, colour, needs_vet, needs_room, send_messages, active, sort`

// ListAppointmentTypes reads the types that can be booked, in the clinic's order.
func ListAppointmentTypes(ctx context.Context, conn Conn) ([]AppointmentType, error) {
	rows, _ := conn.Query(ctx, `
		select `+appointmentTypeColumns+`
		from appointment_type
		where active
		order by sort, name`)
	types, err := pgx.CollectRows(rows, pgx.RowToStructByName[AppointmentType])
	return types, wrap(err, "list appointment types")
}

// GetAppointmentType reads one type, also one that is no longer booked.
func GetAppointmentType(ctx context.Context, conn Conn, id int64) (AppointmentType, error) {
	rows, _ := conn.Query(ctx, `select `+appointmentTypeColumns+` from appointment_type where id = $1`, id)
	kind, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[AppointmentType])
	return kind, wrap(err, "get appointment type %d", id)
}
