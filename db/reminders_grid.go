package db

import "purplecross/db/grid"

// RemindersGrid is the recall list: care that is due, the open reminders unless asked otherwise.
var RemindersGrid = grid.Resource{
	Name: "reminders", One: "reminder", Many: "reminders",
	From: "reminder m",
	Joins: []string{
		"left join patient p on p.id = m.patient_id",
		"left join client c on c.id = p.client_id",
		"left join care_protocol o on o.id = m.protocol_id",
	},
	Key:    "m.id",
	Search: "p.search_doc", SearchLabel: "Pet, owner, telephone, chip or breed",
	Order: "due",
	Start: "status=open",
	Columns: []grid.Column{
		{Key: "patient", Label: "Patient", Kind: grid.Link, SQL: "p.name", Plain: "p.name_key", InSearch: true, Fixed: true, Width: 10},
		{Key: "owner", Label: "Owner", Kind: grid.Link, SQL: ownerName, Plain: "c.name_key", InSearch: true, Shown: true, Width: 11},
		{Key: "mobile", Label: "Mobile", Kind: grid.Text, SQL: "c.mobile", Digits: true, InSearch: true, Shown: true, Width: 9},
		{
			Key: "care", Label: "Care", Kind: grid.Person, SQL: "o.name", Filter: "m.protocol_id", Shown: true, Width: 12,
			ChoicesSQL: `select id::text, name from care_protocol order by name`,
		},
		{Key: "due", Label: "Due", Kind: grid.Date, SQL: "m.due_on", NotNull: true, Shown: true, Width: 9},
		{Key: "status", Label: "Status", Kind: grid.Choice, SQL: "m.status", NotNull: true, Shown: true, Width: 8, Choices: []grid.Chosen{
			{Value: "open", Label: "Open"},
			{Value: "booked", Label: "Booked"},
			{Value: "satisfied", Label: "Done"},
			{Value: "cancelled", Label: "Cancelled"},
			{Value: "lapsed", Label: "Lapsed"},
		}},
		{Key: "sends", Label: "Times sent", Kind: grid.Number, SQL: "m.sends", NotNull: true, Shown: true, Width: 8},
		{Key: "sent", Label: "Last sent", Kind: grid.Time, SQL: "m.last_sent_at", Width: 11},
		{Key: "snoozed", Label: "Snoozed until", Kind: grid.Date, SQL: "m.snoozed_until", Width: 9},
		{Key: "species", Label: "Species", Kind: grid.Choice, SQL: "p.species", Width: 8, Choices: speciesChoices},
		{Key: "reason", Label: "Closed because", Kind: grid.Text, SQL: "m.closed_reason", Width: 12},
	},
	Extras: []grid.Extra{
		{Key: "patient_id", SQL: "m.patient_id"},
		{Key: "client_id", SQL: "p.client_id"},
		{Key: "species_", SQL: "p.species"},
	},
}
