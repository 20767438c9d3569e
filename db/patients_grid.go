package db

import "purplecross/db/grid"

// ownerName is a household as lists have it, surname first.
const ownerName = `c.last_name || coalesce(', ' || nullif(c.first_name, ''), '')`

// PatientsGrid is the list of every patient.
var PatientsGrid = grid.Resource{
	Name: "patients", One: "patient", Many: "patients",
	From: "patient p",
	Joins: []string{
		"left join client c on c.id = p.client_id",
	},
	Key: "p.id", Version: "p.version", EditNeeds: string(AbleDesk),
	Search: "p.search_doc", SearchLabel: "Pet, owner, telephone, chip or breed",
	Order: "name",
	Columns: []grid.Column{
		{Key: "name", Label: "Name", Kind: grid.Link, SQL: "p.name", Plain: "p.name_key", InSearch: true, NotNull: true, Fixed: true, Width: 12, Edit: &grid.Edit{Needed: true, Most: 100}},
		{Key: "species", Label: "Species", Kind: grid.Choice, SQL: "p.species", NotNull: true, Shown: true, Width: 8, Choices: speciesChoices, Edit: &grid.Edit{Needed: true}},
		{Key: "breed", Label: "Breed", Kind: grid.Text, SQL: "p.breed", Plain: "p.breed_key", InSearch: true, Shown: true, Width: 11, Edit: &grid.Edit{Most: 100, SuggestSQL: commonBreeds}},
		{Key: "sex", Label: "Sex", Kind: grid.Choice, SQL: "p.sex", NotNull: true, Width: 10, Edit: &grid.Edit{Needed: true}, Choices: []grid.Chosen{
			{Value: "female", Label: "Female"}, {Value: "male", Label: "Male"}, {Value: "unknown", Label: "Unknown"},
		}},
		{Key: "neutered", Label: "Neutered", Kind: grid.YesNo, SQL: "p.neutered", Width: 7, Edit: &grid.Edit{}},
		{Key: "born", Label: "Age", Asked: "Born", Kind: grid.Date, SQL: "p.dob", Shown: true, Width: 7, Edit: &grid.Edit{}},
		{Key: "weight", Label: "Weight", Kind: grid.Weight, SQL: "p.weight_g", Shown: true, Width: 7, Edit: &grid.Edit{}},
		{Key: "owner", Label: "Owner", Kind: grid.Link, SQL: ownerName, Plain: "c.name_key", InSearch: true, Shown: true, Width: 11},
		{Key: "mobile", Label: "Mobile", Kind: grid.Text, SQL: "c.mobile", Order: `nullif(c.mobile, '') collate "C"`, Digits: true, InSearch: true, Width: 9},
		{Key: "last_visit", Label: "Last visit", Kind: grid.Date, SQL: "p.last_visit_on", Shown: true, Width: 9},
		{Key: "status", Label: "Status", Kind: grid.Choice, SQL: "p.status", NotNull: true, Shown: true, Width: 8, Edit: &grid.Edit{Needed: true}, Choices: []grid.Chosen{
			{Value: "active", Label: "Active"},
			{Value: "inactive", Label: "Inactive"},
			{Value: "deceased", Label: "Deceased"},
			{Value: "rehomed", Label: "Rehomed"},
		}},
		{Key: "microchip", Label: "Microchip", Kind: grid.Text, SQL: "p.microchip", Order: `p.microchip collate "C"`, InSearch: true, Width: 10, Edit: &grid.Edit{}},
		{Key: "alert", Label: "Alert", Kind: grid.Text, SQL: "p.alert", Order: `nullif(p.alert, '') collate "C"`, Width: 14, Edit: &grid.Edit{Long: true, Most: 500}},
		{Key: "colour", Label: "Colour", Kind: grid.Text, SQL: "p.colour", Plain: "p.colour_key", Width: 8, Edit: &grid.Edit{Most: 100}},
		{Key: "insurer", Label: "Insurer", Kind: grid.Text, SQL: "p.insurer", Plain: "p.insurer_key", Width: 9, Edit: &grid.Edit{Most: 100}},
		{Key: "died", Label: "Died", Kind: grid.Date, SQL: "p.deceased_on", Width: 8},
		{Key: "added", Label: "Added", Kind: grid.Time, SQL: "p.created_at", NotNull: true, Width: 11},
	},
	Extras: []grid.Extra{
		{Key: "client_id", SQL: "p.client_id"},
		{Key: "species_", SQL: "p.species"},
		{Key: "alert_", SQL: "p.alert"},
		{Key: "neutered_", SQL: "p.neutered"},
		{Key: "dob_estimated", SQL: "p.dob_estimated"},
		{Key: "died_", SQL: "p.deceased_on"},
	},
}

var speciesChoices = []grid.Chosen{
	{Value: "dog", Label: "Dog"},
	{Value: "cat", Label: "Cat"},
	{Value: "rabbit", Label: "Rabbit"},
	{Value: "bird", Label: "Bird"},
	{Value: "small_mammal", Label: "Small mammal"},
	{Value: "reptile", Label: "Reptile"},
	{Value: "horse", Label: "Horse"},
	{Value: "goat", Label: "Goat"},
	{Value: "pig", Label: "Pig"},
	{Value: "other", Label: "Other"},
}
