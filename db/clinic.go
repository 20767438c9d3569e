package db

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Clinic is the practice itself.
type Clinic struct {
	Name    string `db:"name"`
	Phone   string `db:"phone"`
	Email   string `db:"email"` // messages are sent from it
	Address string `db:"address"`
	Demo    bool   `db:"demo"` // a demo clinic: its people and their password are public
	Version int    `db:"version"`

	RecordsPages bool `db:"records_pages"` // pages may be recorded, masked
}

// OpeningHours are when the clinic opens and closes on a weekday, as "08:00"; both empty is a closed day.
type OpeningHours struct {
	Weekday int    `db:"weekday"` // 0 is Sunday
	Opens   string `db:"opens"`
	Closes  string `db:"closes"`
}

// GetClinic reads the practice's row; ErrNotFound before the first set-up.
func GetClinic(ctx context.Context, conn Conn) (Clinic, error) {
	rows, _ := conn.Query(ctx, `select name, phone, email, address, demo, version, records_pages from clinic`)
	clinic, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Clinic])
	return clinic, wrap(err, "get clinic")
}

// ListOpeningHours reads the seven days, Sunday first.
func ListOpeningHours(ctx context.Context, conn Conn) ([7]OpeningHours, error) {
	var week [7]OpeningHours
	rows, _ := conn.Query(ctx, `
		select day::int as weekday, coalesce(to_char(opens, 'HH24:MI'), '') as opens, coalesce(to_char(closes, 'HH24:MI'), '') as closes
		from generate_series(0, 6) day
		left join opening_hours on weekday = day
		order by day`)
	days, err := pgx.CollectRows(rows, pgx.RowToStructByName[OpeningHours])
	copy(week[:], days)
	return week, wrap(err, "list opening hours")
}

// checkHours says which days make no sense.
func checkHours(week [7]OpeningHours) Invalid {
	wrong := Invalid{}
	for _, day := range week {
		opens, badOpens := time.Parse("15:04", day.Opens)
		closes, badCloses := time.Parse("15:04", day.Closes)
		field := fmt.Sprintf("opens_%d", day.Weekday)
		switch {
		case day.Opens == "" && day.Closes == "":
		case badOpens != nil || badCloses != nil:
			wrong[field] = time.Weekday(day.Weekday).String() + ": enter both times, like 08:00 and 18:00, or neither for a closed day."
		case !closes.After(opens):
			wrong[field] = time.Weekday(day.Weekday).String() + ": the clinic closes after it opens."
		}
	}
	return wrong
}

// SaveClinic saves the practice and its hours over the version they were read at.
func SaveClinic(ctx context.Context, conn Conn, clinic Clinic, week [7]OpeningHours) error {
	wrong := checkHours(week)
	if clinic.Email != "" && !emailForm.MatchString(clinic.Email) {
		wrong["email"] = "Enter one e-mail address, like name@example.com."
	}
	if strings.TrimSpace(clinic.Name) == "" {
		wrong["name"] = "Enter the clinic's name."
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	err := InTx(ctx, conn, func(tx pgx.Tx) error {
		before, err := GetClinic(ctx, tx)
		if err != nil {
			return err
		}
		hoursBefore, err := ListOpeningHours(ctx, tx)
		if err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `
			update clinic
			set name = $2, phone = $3, email = $4, address = $5, records_pages = $6, version = version + 1
			where version = $1`,
			clinic.Version, strings.TrimSpace(clinic.Name), strings.TrimSpace(clinic.Phone), strings.TrimSpace(clinic.Email), strings.TrimSpace(clinic.Address), clinic.RecordsPages)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return ErrStale
		}
		if err := writeHours(ctx, tx, week); err != nil {
			return err
		}
		after, err := GetClinic(ctx, tx)
		if err != nil {
			return err
		}
		diff := DiffOf(before, after)
		if week != hoursBefore {
			diff["opening_hours"] = [2]any{hoursBefore, week}
		}
		return Audit(ctx, tx, Audited{Action: "updated", Entity: "clinic", EntityID: 1, Diff: diff})
	})
	return wrap(err, "save clinic")
}

func writeHours(ctx context.Context, tx pgx.Tx, week [7]OpeningHours) error {
	if _, err := tx.Exec(ctx, `delete from opening_hours`); err != nil {
		return err
	}
	for _, day := range week {
		if day.Opens == "" {
			continue
		}
		_, err := tx.Exec(ctx, `insert into opening_hours (weekday, opens, closes) values ($1, $2::text::time, $3::text::time)`, day.Weekday, day.Opens, day.Closes)
		if err != nil {
			return err
		}
	}
	return nil
}

// StartClinic gives a new database what booking cannot do without: the practice's row, opening hours, two rooms and
// the usual kinds of visits. A clinic that is there stays as it is.
func StartClinic(ctx context.Context, conn Conn, name, email string) (started bool, err error) {
	err = InTx(ctx, conn, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `insert into clinic (name, email) values ($1, $2) on conflict do nothing`, name, email)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		started = true
		for _, sql := range []string{
			`insert into opening_hours (weekday, opens, closes) select day, '08:00', '18:00' from generate_series(1, 5) day on conflict do nothing`,
			`insert into room (name, sort) values ('Exam 1', 1), ('Exam 2', 2) on conflict do nothing`,
			`insert into appointment_type (name, minutes, colour, needs_vet, needs_room, send_messages, sort)
			 values ('Consultation', 20, 0, true, true, true, 1), ('Vaccination', 15, 3, true, true, true, 2),
			        ('Recheck', 15, 1, true, true, true, 3), ('New patient', 30, 4, true, true, true, 4),
			        ('Dental', 60, 5, true, true, true, 5), ('Surgery', 120, 7, true, true, true, 6),
			        ('Nail trim', 10, 2, false, true, true, 7), ('Euthanasia', 45, 6, true, true, false, 8)
			 on conflict do nothing`,
		} {
			if _, err := tx.Exec(ctx, sql); err != nil {
				return err
			}
		}
		return Audit(ctx, tx, Audited{Action: "opened", Entity: "clinic", EntityID: 1})
	})
	return started, wrap(err, "start clinic")
}
