package db

import "purplecross/db/grid"

// ErrorsGrid is what failed, one row a fingerprint, the open ones unless asked otherwise.
var ErrorsGrid = grid.Resource{
	Name: "errors", One: "error", Many: "errors",
	From:   "error_report e left join staff s on s.id = e.assigned_to",
	Key:    "e.id",
	Search: "lower(e.title || ' ' || e.route || ' ' || array_to_string(e.recent, ' '))", SearchLabel: "Title, route or reference",
	Order: "-last_seen",
	Start: "status=open",
	Columns: []grid.Column{
		{Key: "title", Label: "Error", Kind: grid.Link, SQL: "e.title", NotNull: true, Fixed: true, Width: 26},
		{Key: "kind", Label: "Kind", Kind: grid.Text, SQL: "e.kind", Width: 8},
		{Key: "route", Label: "Where", Kind: grid.Text, SQL: "e.route", Shown: true, Width: 13},
		{Key: "count", Label: "Times", Kind: grid.Number, SQL: "e.count", NotNull: true, Shown: true, Width: 6},
		{Key: "people", Label: "People", Kind: grid.Number, SQL: "(select count(*) from error_report_person p where p.error_report_id = e.id)", NotNull: true, Shown: true, Width: 7},
		{Key: "assignee", Label: "Assigned to", Kind: grid.Text, SQL: "s.display_name", Shown: true, Width: 9},
		{Key: "last_seen", Label: "Last seen", Kind: grid.Time, SQL: "e.last_seen_at", NotNull: true, Shown: true, Width: 11},
		{Key: "first_seen", Label: "First seen", Kind: grid.Time, SQL: "e.first_seen_at", NotNull: true, Shown: true, Width: 11},
		{Key: "status", Label: "Status", Kind: grid.Choice, SQL: "e.status", NotNull: true, Width: 8, Choices: []grid.Chosen{
			{Value: "open", Label: "Open"}, {Value: "resolved", Label: "Resolved"}, {Value: "ignored", Label: "Ignored"},
		}},
		{Key: "reference", Label: "Reference", Kind: grid.Text, SQL: "e.reference", Width: 11},
		{Key: "release", Label: "Latest release", Kind: grid.Text, SQL: "e.release", Width: 8},
		{Key: "job", Label: "Job", Kind: grid.Number, SQL: "e.job_id", Width: 6},
	},
}
