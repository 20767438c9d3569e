package db

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

// place writes the visit where it is asked to go. Whoever or whatever was left open is chosen here; when that one is
// taken in the same moment, another is tried. A booking that may overbook does so only where something is in the way:
// where nothing is, it keeps others away like any visit.
func (p *placement) place(ctx context.Context, tx pgx.Tx, write func(tx pgx.Tx, vetID, roomID int64, over bool) error) error {
	over := false
	for range 10 {
		vetID, roomID, err := p.choose(ctx, tx)
		if err != nil {
			return err
		}
		err = pgx.BeginFunc(ctx, tx, func(savepoint pgx.Tx) error { return write(savepoint, vetID, roomID, over) })
		constraint := excluded(err)
		if constraint == "" {
			return err
		}
		if p.Overbook && !over && constraint != "pet_once" {
			over = true
			continue
		}
		holder := map[string]int64{"vet_free": vetID, "room_free": roomID, "pet_once": p.PatientID}[constraint]
		with, err := inTheWay(ctx, tx, constraint, holder, p.id, p.StartsAt, p.endsAt)
		if errors.Is(err, ErrNotFound) { // cancelled meanwhile: the way is free now
			continue
		} else if err != nil {
			return err
		}
		if (constraint == "vet_free" && p.VetID == 0) || (constraint == "room_free" && p.RoomID == 0) {
			continue // the next choice knows that this one is taken
		}
		who := map[string]string{"vet_free": p.vet, "room_free": p.room, "pet_once": p.patient}[constraint]
		return p.clash(ctx, tx, &Clash{Constraint: constraint, Who: who, With: with})
	}
	return errors.New("every choice of vet and room was taken while it was made")
}

// choose finds a free vet and a free room where the booking leaves them open; 0 where none is needed.
func (p *placement) choose(ctx context.Context, tx pgx.Tx) (vetID, roomID int64, err error) {
	vetID, roomID = p.VetID, p.RoomID
	if vetID == 0 && p.kind.NeedsVet {
		err = tx.QueryRow(ctx, `
			select s.id
			from staff s
			where s.bookable and s.active and not exists (
				select 1
				from appointment a
				where a.vet_id = s.id and tstzrange(a.starts_at, a.ends_at) && tstzrange($1, $2) and a.id <> $3
				  and a.vet_id is not null and not a.overbooked and a.status not in ('cancelled', 'no_show', 'requested'))
			order by s.id is not distinct from (
					select vet_id from appointment where patient_id = $4 and status = 'completed' order by starts_at desc limit 1) desc,
				(select count(*) from appointment a where a.vet_id = s.id and a.starts_at between $1::timestamptz - interval '8 hours' and $1::timestamptz + interval '8 hours'),
				s.id
			limit 1`, p.StartsAt, p.endsAt, p.id, p.PatientID).Scan(&vetID)
		if errors.Is(err, pgx.ErrNoRows) {
			return 0, 0, p.clash(ctx, tx, &Clash{Constraint: "vet_free", Any: true})
		} else if err != nil {
			return 0, 0, err
		}
	}
	if roomID == 0 && p.kind.NeedsRoom {
		err = tx.QueryRow(ctx, `
			select r.id
			from room r
			where r.active and not exists (
				select 1
				from appointment a
				where a.room_id = r.id and tstzrange(a.starts_at, a.ends_at) && tstzrange($1, $2) and a.id <> $3
				  and a.room_id is not null and not a.overbooked and a.status not in ('cancelled', 'no_show', 'requested'))
			order by r.sort, r.id
			limit 1`, p.StartsAt, p.endsAt, p.id).Scan(&roomID)
		if errors.Is(err, pgx.ErrNoRows) && !p.Overbook {
			return 0, 0, p.clash(ctx, tx, &Clash{Constraint: "room_free", Any: true})
		} else if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return 0, 0, err
		}
	}
	return vetID, roomID, nil
}

// clash completes a clash with what is free next, and with the visit itself if it has been booked already: the same
// form sent twice.
func (p *placement) clash(ctx context.Context, tx pgx.Tx, clash *Clash) error {
	clash.StartsAt, clash.EndsAt = p.StartsAt, p.endsAt
	if p.id == 0 {
		err := tx.QueryRow(ctx, `
			select id
			from appointment
			where patient_id = $1 and type_id = $2 and starts_at = $3 and ends_at = $4 and ($5 = 0 or vet_id = $5)
			  and status not in ('cancelled', 'no_show', 'requested')`,
			p.PatientID, p.TypeID, p.StartsAt, p.endsAt, p.VetID).Scan(&clash.SameID)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
	}
	from := p.StartsAt
	if from.Before(p.Now) {
		from = p.Now
	}
	var err error
	clash.NextFree, err = NextFreeSlot(ctx, tx, SlotQuery{
		From: from, Minutes: p.Minutes, VetID: p.VetID, RoomID: p.RoomID,
		NeedsVet: p.kind.NeedsVet, NeedsRoom: p.kind.NeedsRoom, PatientID: p.PatientID, ExceptID: p.id,
	})
	if err != nil {
		return err
	}
	return clash
}
