package db

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Clash says that a visit can't go where it was asked to go because somebody or something is there already. Its Error
// names nobody: Sentence is for the person at the desk.
type Clash struct {
	Constraint string // vet_free, room_free or pet_once; clinic_open for a block of the whole clinic
	Any        bool   // nobody in particular was asked for, and everybody is taken
	Who        string // the vet, the room or the pet that isn't free
	StartsAt   time.Time
	EndsAt     time.Time
	With       Taken
	SameID     int64 // the very visit that was asked for is there already: this one
	NextFree   *Slot // nil when nothing is free for four weeks
}

// Taken is what stands in the way.
type Taken struct {
	ID          int64     `db:"id"`
	Kind        string    `db:"kind"`
	Reason      string    `db:"reason"` // of a block: "Lunch"
	PatientName string    `db:"patient_name"`
	VetName     string    `db:"vet_name"`
	RoomName    string    `db:"room_name"`
	StartsAt    time.Time `db:"starts_at"`
	EndsAt      time.Time `db:"ends_at"`
}

// Error is for logs.
func (c *Clash) Error() string {
	return fmt.Sprintf("%s: taken by appointment %d", c.Constraint, c.With.ID)
}

// Field is the form field that the clash is about.
func (c *Clash) Field() string {
	switch {
	case c.Constraint == "vet_free" && !c.Any:
		return "vet"
	case c.Constraint == "room_free" && !c.Any:
		return "room"
	}
	return "time"
}

// Sentence says what is in the way and what is free next: "Dr Reyes is already booked 9:00–9:20 with Coco. Next free 9:20."
func (c *Clash) Sentence(zone *time.Location) string {
	clock := func(from, to time.Time) string {
		if from.In(zone).Format(time.DateOnly) != to.In(zone).Format(time.DateOnly) {
			return fmt.Sprintf("%s to %s", from.In(zone).Format("Mon 2 Jan 15:04"), to.In(zone).Format("Mon 2 Jan 15:04"))
		}
		return from.In(zone).Format("15:04") + "–" + to.In(zone).Format("15:04")
	}
	with := clock(c.With.StartsAt, c.With.EndsAt)
	said := ""
	switch {
	case c.Any && c.Constraint == "room_free":
		said = fmt.Sprintf("Every room is taken %s.", clock(c.StartsAt, c.EndsAt))
	case c.Any:
		said = fmt.Sprintf("Every vet is busy %s.", clock(c.StartsAt, c.EndsAt))
	case c.Constraint == "clinic_open":
		said = fmt.Sprintf("The clinic is closed %s: %s.", with, c.With.Reason)
	case c.Constraint == "pet_once":
		said = fmt.Sprintf("%s already has a visit %s%s.", c.Who, with, prefixed(" with ", c.With.VetName))
	case c.With.Kind == "block":
		said = fmt.Sprintf("%s isn't free %s%s.", c.Who, with, prefixed(": ", c.With.Reason))
	case c.Constraint == "room_free":
		said = fmt.Sprintf("%s is already taken %s by %s.", c.Who, with, c.With.PatientName)
	default:
		said = fmt.Sprintf("%s is already booked %s with %s.", c.Who, with, c.With.PatientName)
	}
	return said + c.next(zone)
}

func (c *Clash) next(zone *time.Location) string {
	if c.NextFree == nil {
		return " Nothing is free in the next four weeks."
	}
	layout, at := "15:04", c.NextFree.StartsAt.In(zone)
	if at.Format(time.DateOnly) != c.StartsAt.In(zone).Format(time.DateOnly) {
		layout = "Mon 2 Jan 15:04"
	}
	if c.Any {
		return " Next free " + at.Format(layout) + prefixed(" with ", c.NextFree.VetName) + "."
	}
	return " Next free " + at.Format(layout) + "."
}

func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}

// excluded is the exclusion constraint that an insert or update ran into, "" for none.
func excluded(err error) string {
	if refused := new(pgconn.PgError); errors.As(err, &refused) && refused.Code == "23P01" {
		return refused.ConstraintName
	}
	return ""
}

// heldBy is how each constraint reads: whose column, and which rows it leaves out.
var heldBy = map[string]string{
	"vet_free":    `a.vet_id = $4 and not a.overbooked`,
	"room_free":   `a.room_id = $4 and not a.overbooked`,
	"pet_once":    `a.patient_id = $4`,
	"clinic_open": `$4 = 0 and a.kind = 'block' and a.vet_id is null and a.room_id is null`,
}

// inTheWay reads the first appointment that holds from–to under a constraint; ErrNotFound when it has gone.
func inTheWay(ctx context.Context, conn Conn, constraint string, holder, except int64, from, to time.Time) (Taken, error) {
	rows, _ := conn.Query(ctx, `
		select a.id, a.kind, a.reason, coalesce(p.name, '') as patient_name, coalesce(v.display_name, '') as vet_name,
			coalesce(r.name, '') as room_name, a.starts_at, a.ends_at
		from appointment a
		left join patient p on p.id = a.patient_id
		left join staff v on v.id = a.vet_id
		left join room r on r.id = a.room_id
		where a.starts_at > $1::timestamptz - interval '14 days' -- appointment_length
		  and a.starts_at < $2
		  and a.ends_at > $1
		  and a.status not in ('cancelled', 'no_show', 'requested')
		  and a.id <> $3
		  and `+heldBy[constraint]+`
		order by a.starts_at
		limit 1`, from, to, except, holder)
	taken, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Taken])
	return taken, wrap(err, "find what is in the way")
}
