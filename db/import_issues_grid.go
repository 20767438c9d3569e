package db

import "purplecross/db/grid"

// ImportIssuesGrid is what there is to say about the rows of imported files: why they were refused, or what was set
// right, in the order of the file.
var ImportIssuesGrid = grid.Resource{
	Name: "import-issues", One: "issue", Many: "issues",
	From: "import_issue n",
	Joins: []string{
		"left join import_batch i on i.id = n.batch_id",
		"left join import_row r on r.batch_id = n.batch_id and r.line = n.line",
	},
	Key:   "n.id",
	Order: "-import,line",
	Columns: []grid.Column{
		{Key: "line", Label: "Line", Kind: grid.Number, SQL: "n.line", NotNull: true, Fixed: true, Width: 6},
		{Key: "heading", Label: "Column", Kind: grid.Text, SQL: "n.column_name", Shown: true, Width: 9},
		{Key: "cell", Label: "Value", Kind: grid.Text, SQL: "n.value", Shown: true, Width: 13},
		{Key: "reason", Label: "What about it", Kind: grid.Text, SQL: "n.reason", NotNull: true, Shown: true, Width: 28},
		{Key: "refused", Label: "Refused", Kind: grid.YesNo, SQL: "n.refused", NotNull: true, Shown: true, Width: 6},
		{Key: "outcome", Label: "The row", Kind: grid.Choice, SQL: "r.action", Shown: true, Width: 8, Choices: []grid.Chosen{
			{Value: "error", Label: "Refused"},
			{Value: "waiting", Label: "Waiting"},
			{Value: "new", Label: "Added"},
			{Value: "update", Label: "Updated"},
			{Value: "duplicate", Label: "Repeated"},
			{Value: "skip", Label: "Unchanged"},
		}},
		{Key: "code", Label: "Kind of issue", Kind: grid.Text, SQL: "n.code", Width: 9},
		{Key: "import", Label: "Import", Kind: grid.Number, SQL: "n.batch_id", NotNull: true, Width: 6},
		{Key: "file", Label: "File", Kind: grid.Text, SQL: "i.filename", Width: 14},
	},
	Extras: []grid.Extra{{Key: "batch_id", SQL: "n.batch_id"}},
}
