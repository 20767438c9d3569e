// Package db is everything Purple Cross says to PostgreSQL: the pool, the embedded server, migrations and one file
// of plain functions a noun. Rules that must hold live in constraints; this package turns a broken one into words a
// person can read. It knows no HTTP, no HTML and no jobs.
package db

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Conn is what a query needs: a pool and a transaction are both one.
type Conn interface {
	Exec(ctx context.Context, sql string, arguments ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	Begin(ctx context.Context) (pgx.Tx, error)
}

var (
	// ErrNotFound says that no such record is there.
	ErrNotFound = errors.New("not found")
	// ErrStale says that somebody else saved the record since it was read.
	ErrStale = errors.New("changed by someone else")
)

// Invalid holds what is wrong with a form: a sentence for each field, "" for the form as a whole.
type Invalid map[string]string

// Error joins the sentences in the order of their fields.
func (v Invalid) Error() string {
	said := make([]string, 0, len(v))
	for _, field := range slices.Sorted(maps.Keys(v)) {
		said = append(said, strings.TrimPrefix(field+": "+v[field], ": "))
	}
	return strings.Join(said, "; ")
}

// Err is the Invalid itself when anything is wrong, else nil.
func (v Invalid) Err() error {
	if len(v) == 0 {
		return nil
	}
	return v
}

// InTx runs do in one transaction. A deadlock or a serialization failure is tried once more: concurrent exclusion
// checks can raise the former although the second try is plainly refused or plainly fine.
func InTx(ctx context.Context, conn Conn, do func(tx pgx.Tx) error) error {
	err := pgx.BeginFunc(ctx, conn, do)
	if code := sqlState(err); code == "40P01" || code == "40001" {
		err = pgx.BeginFunc(ctx, conn, do)
	}
	return err
}

// sentences says what a broken constraint means to the person who broke it, and at which field.
var sentences = map[string][2]string{
	"clinic_name_given":            {"name", "Enter the clinic's name."},
	"opening_hours_check":          {"", "The clinic closes after it opens."},
	"client_last_name_given":       {"last_name", "Enter the surname."},
	"client_email_form":            {"email", "Enter one e-mail address, like name@example.com."},
	"patient_name_given":           {"name", "Enter the pet's name."},
	"patient_microchip_form":       {"microchip", "A microchip number has 9 to 15 digits or capital letters."},
	"patient_microchip_key":        {"microchip", "Another patient has this microchip number."},
	"patient_weight_range":         {"weight", "Enter a weight between 1 g and 1,500 kg."},
	"patient_deceased_date":        {"deceased_on", "Only a deceased patient has a date of death."},
	"patient_born_before_death":    {"deceased_on", "The date of death is before the date of birth."},
	"appointment_ends_after_start": {"time", "A visit ends after it starts."},
	"appointment_length":           {"time", "A visit or a block lasts 14 days at most."},
	"appointment_overbook_reason":  {"overbook_reason", "Say why this slot is overbooked."},
	"staff_email_key":              {"email", "Someone already signs in with this e-mail address."},
	"saved_view_name_given":        {"name", "Give the view a name."},
	"saved_view_name_length":       {"name", "A view's name has 60 characters at most."},
	"saved_view_name_key":          {"name", "You have a view of this name already. Choose another name."},
	"saved_view_query_length":      {"", "This question is too long to be saved. Remove a filter."},
	"visit_note_signed_final":      {"", "This note is signed. Add an amendment instead."},
}

// wrap names what was being done, and turns what PostgreSQL refused into ErrNotFound or Invalid where a person can
// act on it.
func wrap(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, pgx.ErrNoRows) {
		err = ErrNotFound
	}
	if broken := new(pgconn.PgError); errors.As(err, &broken) && strings.HasPrefix(broken.Code, "23") {
		if said, known := sentences[broken.ConstraintName]; known {
			err = Invalid{said[0]: said[1]}
		}
	}
	if sqlState(err) == "22021" { // a NUL byte or broken UTF-8, which no keyboard types
		err = Invalid{"": "Something in the form holds characters that can't be stored. Type it again."}
	}
	return fmt.Errorf(format+": %w", append(args, err)...)
}

func sqlState(err error) string {
	if refused := new(pgconn.PgError); errors.As(err, &refused) {
		return refused.Code
	}
	return ""
}

// like escapes what like would read as a wildcard.
var like = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
