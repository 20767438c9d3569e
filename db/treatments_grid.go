package db

import "purplecross/db/grid"

// TreatmentsGrid is the list of all that was given: who had which lot, and what is due again.
var TreatmentsGrid = grid.Resource{
	Name: "treatments", One: "treatment", Many: "treatments",
	From: "treatment t",
	Joins: []string{
		"left join patient p on p.id = t.patient_id",
		"left join client c on c.id = p.client_id",
		"left join care_protocol o on o.id = t.protocol_id",
		"left join staff g on g.id = t.given_by",
	},
	Key:    "t.id",
	Search: "p.search_doc", SearchLabel: "Pet, owner, telephone, chip or breed",
	Order: "-given",
	Columns: []grid.Column{
		{Key: "patient", Label: "Patient", Kind: grid.Link, SQL: "p.name", Plain: "p.name_key", InSearch: true, Fixed: true, Width: 10},
		{Key: "owner", Label: "Owner", Kind: grid.Link, SQL: ownerName, Plain: "c.name_key", InSearch: true, Shown: true, Width: 11},
		{Key: "kind", Label: "Kind", Kind: grid.Choice, SQL: "t.kind", NotNull: true, Shown: true, Width: 9, Choices: TreatmentKinds},
		{Key: "product", Label: "Product", Kind: grid.Text, SQL: "t.product", NotNull: true, Shown: true, Width: 14},
		{Key: "lot", Label: "Lot", Kind: grid.Text, SQL: "t.lot", Shown: true, Width: 8},
		{Key: "given", Label: "Given", Kind: grid.Date, SQL: "t.given_on", NotNull: true, Shown: true, Width: 9},
		{Key: "due", Label: "Due again", Kind: grid.Date, SQL: "t.next_due", Shown: true, Width: 9},
		{
			Key: "by", Label: "Given by", Kind: grid.Person, SQL: "g.display_name", Filter: "t.given_by", Shown: true, Width: 11,
			ChoicesSQL: `select id::text, display_name from staff order by display_name, id`,
		},
		{
			Key: "care", Label: "Care", Kind: grid.Person, SQL: "o.name", Filter: "t.protocol_id", Width: 12,
			ChoicesSQL: `select id::text, name from care_protocol order by name`,
		},
		{Key: "species", Label: "Species", Kind: grid.Choice, SQL: "p.species", Width: 8, Choices: speciesChoices},
		{Key: "dose", Label: "Dose", Kind: grid.Text, SQL: "t.dose", Width: 8},
	},
	Extras: []grid.Extra{
		{Key: "patient_id", SQL: "t.patient_id"},
		{Key: "client_id", SQL: "p.client_id"},
		{Key: "species_", SQL: "p.species"},
	},
}

// TreatmentKinds are the kinds of treatments, as the treatment_kind type names them, and what people call them.
var TreatmentKinds = []grid.Chosen{
	{Value: "vaccination", Label: "Vaccination"},
	{Value: "parasite", Label: "Parasite control"},
	{Value: "medication", Label: "Medication"},
	{Value: "procedure", Label: "Procedure"},
	{Value: "lab", Label: "Laboratory"},
	{Value: "other", Label: "Other"},
}
