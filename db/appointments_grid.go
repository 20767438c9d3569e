package db

import "purplecross/db/grid"

// AppointmentsGrid is the list of visits, from today on unless asked otherwise. Blocks are no visits.
var AppointmentsGrid = grid.Resource{
	Name: "appointments", One: "visit", Many: "visits",
	From: "appointment a",
	Joins: []string{
		"left join patient p on p.id = a.patient_id",
		"left join client c on c.id = a.client_id",
		"left join appointment_type t on t.id = a.type_id",
		"left join staff v on v.id = a.vet_id",
		"left join room r on r.id = a.room_id",
		"left join staff b on b.id = a.booked_by",
	},
	Where: `a.kind = 'visit'`,
	Key:   "a.id", Version: "a.version", EditNeeds: string(AbleDesk),
	Search: "p.search_doc", SearchLabel: "Pet, owner, telephone, chip or breed",
	Order: "starts",
	Start: "starts=today..",
	Columns: []grid.Column{
		{Key: "starts", Label: "Time", Kind: grid.Time, SQL: "a.starts_at", NotNull: true, Fixed: true, Width: 11},
		{Key: "patient", Label: "Patient", Kind: grid.Link, SQL: "p.name", Plain: "p.name_key", InSearch: true, Shown: true, Width: 8},
		{Key: "owner", Label: "Owner", Kind: grid.Link, SQL: ownerName, Plain: "c.name_key", Shown: true, Width: 10},
		{Key: "mobile", Label: "Mobile", Kind: grid.Text, SQL: "c.mobile", Digits: true, Width: 9},
		{
			Key: "type", Label: "Type", Kind: grid.Person, SQL: "t.name", Filter: "a.type_id", Shown: true, Width: 10,
			ChoicesSQL: `select id::text, name from appointment_type order by sort, name`,
		},
		{
			Key: "vet", Label: "Vet", Kind: grid.Person, SQL: "v.display_name", Filter: "a.vet_id", Shown: true, Width: 10,
			ChoicesSQL: `select id::text, display_name from staff where bookable order by display_name, id`,
			Edit:       &grid.Edit{},
		},
		{
			Key: "room", Label: "Room", Kind: grid.Person, SQL: "r.name", Filter: "a.room_id", Shown: true, Width: 6,
			ChoicesSQL: `select id::text, name from room order by sort, name`,
			Edit:       &grid.Edit{},
		},
		{Key: "status", Label: "Status", Kind: grid.Choice, SQL: "a.status", NotNull: true, Shown: true, Width: 8, Choices: []grid.Chosen{
			{Value: "requested", Label: "Requested"},
			{Value: "booked", Label: "Booked"},
			{Value: "confirmed", Label: "Confirmed"},
			{Value: "arrived", Label: "Waiting"},
			{Value: "in_room", Label: "In room"},
			{Value: "ready", Label: "Ready to go"},
			{Value: "completed", Label: "Completed"},
			{Value: "cancelled", Label: "Cancelled"},
			{Value: "no_show", Label: "No-show"},
		}},
		{Key: "reason", Label: "Reason", Kind: grid.Text, SQL: "a.reason", Shown: true, Width: 9, Edit: &grid.Edit{Most: 500}},
		{Key: "minutes", Label: "Minutes", Kind: grid.Number, SQL: "(extract(epoch from a.ends_at - a.starts_at) / 60)::int", NotNull: true, Width: 6},
		{Key: "species", Label: "Species", Kind: grid.Choice, SQL: "p.species", Width: 8, Choices: speciesChoices},
		{
			Key: "booked_by", Label: "Booked by", Kind: grid.Person, SQL: "b.display_name", Filter: "a.booked_by", Width: 10,
			ChoicesSQL: `select id::text, display_name from staff order by display_name, id`,
		},
		{Key: "booked", Label: "Booked on", Kind: grid.Time, SQL: "a.created_at", NotNull: true, Width: 11},
		{Key: "overbooked", Label: "Overbooked", Kind: grid.YesNo, SQL: "a.overbooked", NotNull: true, Width: 8},
		{Key: "cancel_reason", Label: "Cancelled because", Kind: grid.Text, SQL: "a.cancel_reason", Width: 12},
	},
	Extras: []grid.Extra{
		{Key: "patient_id", SQL: "a.patient_id"},
		{Key: "client_id", SQL: "a.client_id"},
		{Key: "species_", SQL: "p.species"},
		{Key: "type_colour", SQL: "t.colour"},
	},
}
