package db

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// Room is where a visit takes place.
type Room struct {
	ID     int64  `db:"id"`
	Name   string `db:"name"`
	Sort   int    `db:"sort"`
	Active bool   `db:"active"`
}

// ListRooms reads the rooms in use, in the clinic's order.
func ListRooms(ctx context.Context, conn Conn) ([]Room, error) {
	rows, _ := conn.Query(ctx, `
		select id, name, sort, active
		from room
		where active
		order by sort, name`)
	rooms, err := pgx.CollectRows(rows, pgx.RowToStructByName[Room])
	return rooms, wrap(err, "list rooms")
}

// Vet is a person whom visits are booked with.
type Vet struct {
	ID       int64  `db:"id"`
	Name     string `db:"display_name"`
	Initials string `db:"initials"`
	Colour   int    `db:"colour"` // one of eight calendar hues, 0 to 7
}

// ListVets reads everybody who takes visits.
func ListVets(ctx context.Context, conn Conn) ([]Vet, error) {
	rows, _ := conn.Query(ctx, `
		select id, display_name, initials, colour
		from staff
		where bookable and active
		order by id`)
	vets, err := pgx.CollectRows(rows, pgx.RowToStructByName[Vet])
	return vets, wrap(err, "list vets")
}
