package db

import "purplecross/db/grid"

// StaffGrid is the people who work here, those who still do unless asked otherwise.
var StaffGrid = grid.Resource{
	Name: "staff", One: "person", Many: "people",
	From:   "staff s",
	Key:    "s.id",
	Search: "pc_norm(s.display_name || ' ' || s.email)", SearchLabel: "Name or e-mail",
	Order: "name",
	Start: "active=yes",
	Columns: []grid.Column{
		{Key: "name", Label: "Name", Kind: grid.Link, SQL: "s.display_name", NotNull: true, Fixed: true, Width: 13},
		{Key: "email", Label: "E-mail", Kind: grid.Text, SQL: "s.email", Shown: true, Width: 15},
		{Key: "role", Label: "Role", Kind: grid.Choice, SQL: "s.role", NotNull: true, Shown: true, Width: 8, Choices: roleChoices()},
		{Key: "bookable", Label: "Bookable", Kind: grid.YesNo, SQL: "s.bookable", NotNull: true, Shown: true, Width: 7},
		{Key: "active", Label: "Active", Kind: grid.YesNo, SQL: "s.active", NotNull: true, Shown: true, Width: 6},
		{Key: "last_login", Label: "Last signed in", Kind: grid.Time, SQL: "s.last_login_at", Shown: true, Width: 11},
		{Key: "added", Label: "Added", Kind: grid.Time, SQL: "s.created_at", NotNull: true, Width: 11},
	},
	Extras: []grid.Extra{
		{Key: "initials", SQL: "s.initials"},
		{Key: "colour", SQL: "s.colour"},
	},
}

func roleChoices() []grid.Chosen {
	choices := make([]grid.Chosen, 0, len(Roles))
	for _, role := range Roles {
		choices = append(choices, grid.Chosen{Value: string(role), Label: role.Word()})
	}
	return choices
}
