package db

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// Clinic is the practice itself.
type Clinic struct {
	Name    string `db:"name"`
	Phone   string `db:"phone"`
	Email   string `db:"email"`
	Address string `db:"address"`
	Demo    bool   `db:"demo"` // a demo clinic: its people and their password are public
}

// GetClinic reads the practice's row; ErrNotFound before the first set-up.
func GetClinic(ctx context.Context, conn Conn) (Clinic, error) {
	rows, _ := conn.Query(ctx, `select name, phone, email, address, demo from clinic`)
	clinic, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Clinic])
	return clinic, wrap(err, "get clinic")
}
