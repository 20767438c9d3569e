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

// GridFor is a list by its name, as somebody's role sees it.
func GridFor(ctx context.Context, conn Conn, name string, role Role) (grid.Resource, error) {
	at := slices.IndexFunc(Grids, func(r grid.Resource) bool { return r.Name == name })
	if at < 0 {
		return grid.Resource{}, wrap(ErrNotFound, "list %q", name)
	}
	seen, err := Grids[at].For(func(ability string) bool { return role.Can(Ability(ability)) }).WithChoices(ctx, conn)
	return seen, wrap(err, "list %q", name)
}
