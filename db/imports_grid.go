package db

import "purplecross/db/grid"

// ImportsGrid is every file that was imported, the latest first.
var ImportsGrid = grid.Resource{
	Name: "imports", One: "import", Many: "imports",
	From: "import_batch i",
	Joins: []string{
		"left join staff s on s.id = i.created_by",
	},
	Key:    "i.id",
	Search: "pc_norm(i.filename)", SearchLabel: "File name",
	Order: "-created",
	Columns: []grid.Column{
		{Key: "file", Label: "File", Kind: grid.Link, SQL: "i.filename", NotNull: true, Fixed: true, Width: 16},
		{Key: "kind", Label: "Kind", Kind: grid.Text, SQL: "i.kind", Shown: true, Width: 7},
		{Key: "status", Label: "Status", Kind: grid.Choice, SQL: "i.status", NotNull: true, Shown: true, Width: 8, Choices: []grid.Chosen{
			{Value: "uploaded", Label: "Uploaded"},
			{Value: "mapped", Label: "Mapped"},
			{Value: "validating", Label: "Checking"},
			{Value: "validated", Label: "Checked"},
			{Value: "committing", Label: "Importing"},
			{Value: "stopped", Label: "Stopped"},
			{Value: "committed", Label: "Imported"},
			{Value: "undoing", Label: "Being undone"},
			{Value: "undone", Label: "Undone"},
			{Value: "failed", Label: "Failed"},
		}},
		{Key: "total", Label: "Rows", Kind: grid.Number, SQL: "i.total", NotNull: true, Shown: true, Width: 6},
		{Key: "added", Label: "Added", Kind: grid.Number, SQL: "i.added", NotNull: true, Shown: true, Width: 6},
		{Key: "updated", Label: "Updated", Kind: grid.Number, SQL: "i.updated", NotNull: true, Shown: true, Width: 6},
		{Key: "unchanged", Label: "Unchanged", Kind: grid.Number, SQL: "i.unchanged", NotNull: true, Width: 6},
		{Key: "refused", Label: "Refused", Kind: grid.Number, SQL: "i.refused", NotNull: true, Shown: true, Width: 6},
		{Key: "waiting", Label: "Waiting", Kind: grid.Number, SQL: "i.waiting", NotNull: true, Width: 6},
		{
			Key: "by", Label: "By", Kind: grid.Person, SQL: "s.display_name", Filter: "i.created_by", Width: 10,
			ChoicesSQL: `select id::text, display_name from staff order by display_name, id`,
		},
		{Key: "created", Label: "Started", Kind: grid.Time, SQL: "i.created_at", NotNull: true, Shown: true, Width: 11},
		{Key: "committed", Label: "Finished", Kind: grid.Time, SQL: "i.committed_at", Width: 11},
	},
}
