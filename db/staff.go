package db

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Staff is a person who works here: who signs in, and whom visits are booked with.
type Staff struct {
	ID           int64      `db:"id"`
	Email        string     `db:"email"`
	DisplayName  string     `db:"display_name"`
	Initials     string     `db:"initials"`
	Role         Role       `db:"role"`
	PasswordHash string     `db:"password_hash" json:"-"`
	Colour       int        `db:"colour"` // one of eight calendar hues, 0 to 7
	Bookable     bool       `db:"bookable"`
	Active       bool       `db:"active"`
	LastLoginAt  *time.Time `db:"last_login_at"`
	Version      int        `db:"version"`
	CreatedAt    time.Time  `db:"created_at"`
	UpdatedAt    time.Time  `db:"updated_at"`
	Recorded     bool       `db:"recorded"` // lets their pages be recorded, where the clinic does
}

const staffColumns = `id, email, display_name, initials, role, password_hash, colour, bookable, active, last_login_at, version, created_at, updated_at, recorded`

// GetStaff reads one person.
func GetStaff(ctx context.Context, conn Conn, id int64) (Staff, error) {
	rows, _ := conn.Query(ctx, `select `+staffColumns+` from staff where id = $1`, id)
	person, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Staff])
	return person, wrap(err, "get staff %d", id)
}

// StaffByEmail reads the active person who signs in with an e-mail address.
func StaffByEmail(ctx context.Context, conn Conn, email string) (Staff, error) {
	rows, _ := conn.Query(ctx, `select `+staffColumns+` from staff where lower(email) = lower($1) and active`, strings.TrimSpace(email))
	person, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Staff])
	return person, wrap(err, "get staff by e-mail")
}

// ListStaff reads everybody, those who work here now first.
func ListStaff(ctx context.Context, conn Conn) ([]Staff, error) {
	rows, _ := conn.Query(ctx, `
		select `+staffColumns+`
		from staff
		order by active desc, role, lower(display_name), id`)
	people, err := pgx.CollectRows(rows, pgx.RowToStructByName[Staff])
	return people, wrap(err, "list staff")
}

// Check says what is missing or wrong in a person's form.
func (s Staff) Check() Invalid {
	wrong := Invalid{}
	if strings.TrimSpace(s.DisplayName) == "" {
		wrong["display_name"] = "Enter the person's name."
	}
	if at := strings.IndexByte(s.Email, '@'); at < 1 || at == len(s.Email)-1 || strings.ContainsAny(s.Email, " \t") {
		wrong["email"] = "Enter an e-mail address, like name@example.com."
	}
	if _, known := abilities[s.Role]; !known {
		wrong["role"] = "Choose a role."
	}
	if s.Colour < 0 || s.Colour > 7 {
		wrong["colour"] = "Choose one of the eight colours."
	}
	return wrong
}

// AddStaff adds a person. The hash is argon2id's.
func AddStaff(ctx context.Context, conn Conn, person Staff) (Staff, error) {
	if err := person.Check().Err(); err != nil {
		return Staff{}, err
	}
	person.Initials = initials(person.DisplayName)
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `
			insert into staff (email, display_name, initials, role, password_hash, colour, bookable)
			values ($1, $2, $3, $4, $5, $6, $7)
			returning `+staffColumns,
			strings.TrimSpace(person.Email), strings.TrimSpace(person.DisplayName), person.Initials, person.Role, person.PasswordHash, person.Colour, person.Bookable)
		var err error
		if person, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Staff]); err != nil {
			return err
		}
		return Audit(ctx, tx, Audited{Action: "created", Entity: "staff", EntityID: person.ID})
	})
	return person, wrap(err, "add staff")
}

// SaveStaff saves a person's form over the version it was read at; an empty hash keeps the password. Whoever is no
// longer active, or has a new password or role, is signed out everywhere.
func SaveStaff(ctx context.Context, conn Conn, person Staff) error {
	if err := person.Check().Err(); err != nil {
		return err
	}
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		before, err := GetStaff(ctx, tx, person.ID)
		if err != nil {
			return err
		}
		after := before
		after.Email, after.DisplayName, after.Role = strings.TrimSpace(person.Email), strings.TrimSpace(person.DisplayName), person.Role
		after.Initials, after.Colour, after.Bookable, after.Active = initials(after.DisplayName), person.Colour, person.Bookable, person.Active
		if person.PasswordHash != "" {
			after.PasswordHash = person.PasswordHash
		}
		tag, err := tx.Exec(ctx, `
			update staff
			set email = $3, display_name = $4, initials = $5, role = $6, password_hash = $7, colour = $8, bookable = $9, active = $10,
			    version = version + 1, updated_at = now()
			where id = $1 and version = $2`,
			person.ID, person.Version, after.Email, after.DisplayName, after.Initials, after.Role, after.PasswordHash, after.Colour, after.Bookable, after.Active)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return ErrStale
		}
		if !after.Active || after.PasswordHash != before.PasswordHash || after.Role != before.Role {
			if _, err := tx.Exec(ctx, `delete from session where staff_id = $1`, person.ID); err != nil {
				return err
			}
		}
		diff := DiffOf(before, after)
		if _, changed := diff["password_hash"]; changed {
			diff["password_hash"] = [2]any{"•••", "•••"}
		}
		return Audit(ctx, tx, Audited{Action: "updated", Entity: "staff", EntityID: person.ID, Diff: diff})
	})
	return wrap(err, "save staff %d", person.ID)
}

// initials takes the first letters of the first and the last word, without titles.
func initials(name string) string {
	words := strings.Fields(strings.TrimPrefix(name, "Dr "))
	if len(words) == 0 {
		return "?"
	}
	first := []rune(words[0])[:1]
	if len(words) == 1 {
		return strings.ToUpper(string(first))
	}
	return strings.ToUpper(string(first) + string([]rune(words[len(words)-1])[:1]))
}

// SetRecorded says whether a person lets their pages be recorded. It is theirs alone to say.
func SetRecorded(ctx context.Context, conn Conn, staffID int64, recorded bool) error {
	return InTx(ctx, conn, func(tx pgx.Tx) error {
		var before bool
		err := tx.QueryRow(ctx, `select recorded from staff where id = $1 for update`, staffID).Scan(&before)
		if err != nil || before == recorded {
			return wrap(err, "read staff %d", staffID)
		}
		if _, err := tx.Exec(ctx, `update staff set recorded = $2 where id = $1`, staffID, recorded); err != nil {
			return wrap(err, "set recording of staff %d", staffID)
		}
		return Audit(ctx, tx, Audited{Action: "updated", Entity: "staff", EntityID: staffID, Diff: Diff{"recorded": {before, recorded}}})
	})
}
