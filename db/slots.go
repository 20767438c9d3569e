package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// SlotQuery asks when a visit could take place.
type SlotQuery struct {
	From, Until time.Time
	Minutes     int
	VetID       int64 // 0 for whoever is free
	RoomID      int64 // 0 for any free room
	NeedsVet    bool
	NeedsRoom   bool
	PatientID   int64 // whose own visits are no free time either, and whose usual vet comes first
	ExceptID    int64 // the visit that is being moved: its own time counts as free
	Limit       int   // at most so many; 0 for all
}

// Slot is a time at which a visit fits, with the vet and the room that would take it.
type Slot struct {
	StartsAt  time.Time `db:"starts_at"`
	EndsAt    time.Time `db:"ends_at"`
	VetID     *int64    `db:"vet_id"` // nil when nobody in particular is needed
	VetName   string    `db:"vet_name"`
	VetColour int       `db:"vet_colour"`
	RoomID    *int64    `db:"room_id"` // nil when no room is needed
	RoomName  string    `db:"room_name"`
}

// slotStep is how long after another an offered visit may start, counted from when the clinic opens.
const slotStep = 10 * time.Minute

// FreeSlots reads the times at which a visit fits, one a start, the soonest first. What is open minus what is busy is
// one multirange a vet and one a room, so the work grows with the visits and not with visits times slots. Days are
// the clinic's: the session's time zone turns opening hours into instants, and so respects the change of clocks. The
// inner limits lose nothing; they tell the planner how little there is, before it compiles machine code for millions.
func FreeSlots(ctx context.Context, conn Conn, ask SlotQuery) ([]Slot, error) {
	rows, _ := conn.Query(ctx, `
		with day as (
			select (d::date + h.opens)::timestamptz as opens_at, (d::date + h.closes)::timestamptz as closes_at
			from generate_series(@from::timestamptz::date::timestamp, @until::timestamptz::date::timestamp, interval '1 day') d
			join opening_hours h on h.weekday = extract(dow from d)
			limit 100
		), busy as materialized (
			-- overbooked visits count: the constraints let them stand, but nobody wants to be offered a third
			select kind, vet_id, room_id, patient_id, tstzrange(starts_at, ends_at) as span
			from appointment
			where starts_at > @from::timestamptz - interval '14 days' -- as long as a block can last: appointment_length
			  and starts_at < @until
			  and ends_at > @from
			  and status not in ('cancelled', 'no_show', 'requested')
			  and id <> @except
		), usual as (
			select vet_id
			from appointment
			where patient_id = @patient and status = 'completed'
			order by starts_at desc
			limit 1
		), open as materialized (
			select range_agg(tstzrange(opens_at, closes_at)) - coalesce((
				select range_agg(span)
				from busy
				where patient_id = @patient or (kind = 'block' and vet_id is null and room_id is null)), '{}') as hours
			from day
		), vet as materialized (
			select s.id, s.display_name, s.colour, open.hours - coalesce(b.spans, '{}') as free, b.visits,
				s.id is not distinct from (select vet_id from usual) as usual
			from staff s
			cross join open
			cross join lateral (select range_agg(span) as spans, count(*) as visits from busy where vet_id = s.id) b
			where s.bookable and s.active and (s.id = @vet or (@vet = 0 and @needs_vet))
			union all
			select null, '', 0, hours, 0, false from open where @vet = 0 and not @needs_vet
			limit 200
		), place as materialized (
			select r.id, r.name, r.sort, open.hours - coalesce((select range_agg(span) from busy where room_id = r.id), '{}') as free
			from room r
			cross join open
			where r.active and (r.id = @room or (@room = 0 and @needs_room))
			union all
			select null, '', 0, hours from open where @room = 0 and not @needs_room
			limit 200
		)
		select distinct on (starts_at) starts_at, ends_at,
			vet.id as vet_id, vet.display_name as vet_name, vet.colour as vet_colour,
			p.id as room_id, p.name as room_name
		from day
		cross join lateral (
			select starts_at, starts_at + @length::interval as ends_at
			from generate_series(opens_at, closes_at - @length::interval, @step::interval) starts_at
			limit 150) start -- a day of 25 hours
		join vet on vet.free @> tstzrange(starts_at, ends_at)
		cross join lateral (
			select place.id, place.name
			from place
			where place.free @> tstzrange(starts_at, ends_at)
			order by place.sort, place.id
			limit 1) p
		where starts_at >= @from
		  and ends_at <= @until
		order by starts_at, vet.usual desc, vet.visits, vet.id
		limit nullif(@limit, 0)`,
		pgx.NamedArgs{
			"from": ask.From, "until": ask.Until, "length": time.Duration(ask.Minutes) * time.Minute, "step": slotStep,
			"vet": ask.VetID, "room": ask.RoomID, "needs_vet": ask.NeedsVet, "needs_room": ask.NeedsRoom,
			"patient": ask.PatientID, "except": ask.ExceptID, "limit": ask.Limit,
		})
	slots, err := pgx.CollectRows(rows, pgx.RowToStructByName[Slot])
	return slots, wrap(err, "find free slots")
}

// NextFreeSlot is the soonest time at which a visit fits within four weeks, nil for none. It looks near before far.
func NextFreeSlot(ctx context.Context, conn Conn, ask SlotQuery) (*Slot, error) {
	ask.Limit = 1
	for _, days := range []int{1, 7, 28} {
		ask.Until = ask.From.AddDate(0, 0, days)
		if free, err := FreeSlots(ctx, conn, ask); err != nil || len(free) > 0 {
			return first(free), err
		}
	}
	return nil, nil
}

func first(slots []Slot) *Slot {
	if len(slots) == 0 {
		return nil
	}
	return &slots[0]
}

// OfferSlots picks what a receptionist would say on the telephone: the soonest times that don't overlap each other,
// then one or two of each following morning and afternoon. It looks a week ahead, and four when that week is full.
func OfferSlots(ctx context.Context, conn Conn, ask SlotQuery, count int, zone *time.Location) ([]Slot, error) {
	for _, days := range []int{7, 28} {
		ask.Until = ask.From.AddDate(0, 0, days)
		free, err := FreeSlots(ctx, conn, ask)
		if err != nil {
			return nil, err
		}
		if offered := spread(free, count, zone); len(offered) == count || days == 28 {
			return offered, nil
		}
	}
	return nil, nil
}

// spread picks up to count slots: three of the first half-day that has any, two of the next, one of each later one.
func spread(free []Slot, count int, zone *time.Location) []Slot {
	var picked []Slot
	half, quota, taken := "", 4, 0
	for _, slot := range free {
		if len(picked) == count {
			break
		}
		if now := slot.StartsAt.In(zone).Format("2006-01-02 PM"); now != half {
			half, quota, taken = now, max(quota-1, 1), 0
		}
		if taken == quota || (taken > 0 && slot.StartsAt.Before(picked[len(picked)-1].EndsAt)) {
			continue
		}
		picked, taken = append(picked, slot), taken+1
	}
	return picked
}
