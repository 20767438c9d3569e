package db

import "purplecross/db/grid"

// AuditGrid is who changed what, the latest first.
var AuditGrid = grid.Resource{
	Name: "audit", One: "change", Many: "changes",
	From: "audit_log l",
	Joins: []string{
		"left join client c on c.id = l.client_id",
	},
	Key:    "l.id",
	Search: "c.search_doc", SearchLabel: "The client it was about",
	Order: "-when",
	Columns: []grid.Column{
		{Key: "when", Label: "When", Kind: grid.Time, SQL: "l.at", NotNull: true, Fixed: true, Width: 11},
		{
			Key: "who", Label: "Who", Kind: grid.Person, SQL: "l.actor", Filter: "l.staff_id", NoGroup: true, Shown: true, Width: 11,
			ChoicesSQL: `select id::text, display_name from staff order by display_name, id`,
		},
		{Key: "action", Label: "Did", Kind: grid.Text, SQL: "l.action", Shown: true, Width: 9},
		{Key: "entity", Label: "To a", Kind: grid.Text, SQL: "replace(l.entity, '_', ' ')", Shown: true, Width: 9},
		{Key: "number", Label: "No.", Kind: grid.Number, SQL: "l.entity_id", NotNull: true, Shown: true, Width: 6},
		{Key: "client", Label: "Client", Kind: grid.Link, SQL: ownerName, Plain: "c.name_key", Shown: true, Width: 12},
		{Key: "fields", Label: "What changed", Kind: grid.Text, NoSort: true, NoFilter: true, Shown: true, Width: 18, SQL: `coalesce((l.diff #>> '{rows,1}') || ' rows', (
         select string_agg(replace(field, '_', ' '), ', ' order by field)
           from jsonb_object_keys(l.diff) field))`},
		{Key: "request", Label: "Request", Kind: grid.Text, SQL: "l.request_id", Width: 12},
		{Key: "ip", Label: "Address", Kind: grid.Text, SQL: "host(l.ip)", Width: 9},
	},
	Extras: []grid.Extra{
		{Key: "entity_", SQL: "l.entity"},
		{Key: "client_id", SQL: "l.client_id"},
	},
}
