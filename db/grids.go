package db

import (
	"context"
	"slices"

	"purplecross/db/grid"
)

// Grids is every list there is.
var Grids = []grid.Resource{
	PatientsGrid, ClientsGrid, AppointmentsGrid, TreatmentsGrid, RemindersGrid, MessagesGrid, ImportsGrid, ImportIssuesGrid, StaffGrid, AuditGrid, ErrorsGrid,
}

// GridNouns is what a list calls one of its records, and many.
func GridNouns(name string) (one, many string) {
	for _, list := range Grids {
		if list.Name == name {
			return list.One, list.Many
		}
	}
	return name, name
}

// GridFor is a list by its name, as somebody's role sees it.
func GridFor(ctx context.Context, conn Conn, name string, role Role) (grid.Resource, error) {
	at := slices.IndexFunc(Grids, func(r grid.Resource) bool { return r.Name == name })
	if at < 0 {
		return grid.Resource{}, wrap(ErrNotFound, "list %q", name)
	}
	seen, err := Grids[at].For(func(ability string) bool { return role.Can(Ability(ability)) }).WithChoices(ctx, conn)
	return seen, wrap(err, "list %q", name)
}
