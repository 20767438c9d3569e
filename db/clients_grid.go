package db

import "purplecross/db/grid"

// ClientsGrid is the list of households, without those that were merged into another.
var ClientsGrid = grid.Resource{
	Name: "clients", One: "client", Many: "clients",
	From: "client c",
	Joins: []string{
		"left join lateral (select max(p.last_visit_on) as last_visit_on from patient p where p.client_id = c.id) seen on true",
	},
	Where: `c.status <> 'merged'`,
	Key:   "c.id", Version: "c.version", EditNeeds: string(AbleDesk),
	Search: "c.search_doc", SearchLabel: "Name, telephone, e-mail, postcode or pet",
	Order: "name",
	Columns: []grid.Column{
		{Key: "name", Label: "Name", Kind: grid.Link, SQL: ownerName, Plain: "c.name_key", InSearch: true, NotNull: true, Fixed: true, Width: 13},
		{Key: "second_contact", Label: "Second contact", Kind: grid.Text, SQL: "c.second_contact", InSearch: true, Width: 12, Edit: &grid.Edit{Most: 200}},
		{Key: "mobile", Label: "Mobile", Kind: grid.Text, SQL: "c.mobile", Order: `nullif(c.mobile, '') collate "C"`, InSearch: true, Digits: true, Shown: true, Width: 9, Edit: &grid.Edit{Most: 40}},
		{Key: "phone", Label: "Other telephone", Kind: grid.Text, SQL: "c.phone_alt", InSearch: true, Digits: true, Width: 9, Edit: &grid.Edit{Most: 40}},
		{Key: "email", Label: "E-mail", Kind: grid.Text, SQL: "c.email", InSearch: true, Shown: true, Width: 16, Edit: &grid.Edit{Most: 254}},
		{Key: "first_name", Label: "First name", Kind: grid.Text, SQL: "c.first_name", InSearch: true, Width: 9, Edit: &grid.Edit{Most: 100}},
		{Key: "last_name", Label: "Surname", Kind: grid.Text, SQL: "c.last_name", InSearch: true, NotNull: true, Width: 10, Edit: &grid.Edit{Needed: true, Most: 100}},
		{Key: "address", Label: "Address", Kind: grid.Text, SQL: "c.address", Width: 14, Edit: &grid.Edit{Most: 300}},
		{Key: "city", Label: "City", Kind: grid.Text, SQL: "c.city", Width: 8, Edit: &grid.Edit{Most: 100}},
		{Key: "postcode", Label: "Postcode", Kind: grid.Text, SQL: "c.postcode", InSearch: true, Width: 7, Edit: &grid.Edit{Most: 20}},
		{Key: "pets", Label: "Pets", Kind: grid.Text, NoSort: true, NoFilter: true, Shown: true, Width: 13, SQL: `(
         select string_agg(p.name, ', ' order by pc_norm(p.name), p.id)
           from patient p
          where p.client_id = c.id and p.status = 'active')`},
		{Key: "last_visit", Label: "Last visit", Kind: grid.Date, SQL: "seen.last_visit_on", Shown: true, Width: 9},
		{Key: "status", Label: "Status", Kind: grid.Choice, SQL: "c.status", NotNull: true, Shown: true, Width: 7, Edit: &grid.Edit{Needed: true}, Choices: []grid.Chosen{
			{Value: "active", Label: "Active"}, {Value: "inactive", Label: "Inactive"},
		}},
		{Key: "alert", Label: "Alert", Kind: grid.Text, SQL: "c.alert", Width: 14, Edit: &grid.Edit{Long: true, Most: 500}},
		{Key: "preferred", Label: "Prefers", Kind: grid.Choice, SQL: "c.preferred", NotNull: true, Width: 7, Choices: channelChoices, Edit: &grid.Edit{Needed: true}},
		{Key: "no_email", Label: "No e-mail, please", Kind: grid.YesNo, SQL: "c.email_opt_out_at is not null", NotNull: true, Width: 8, Edit: &grid.Edit{Needed: true}},
		{Key: "no_sms", Label: "No SMS, please", Kind: grid.YesNo, SQL: "c.sms_opt_out_at is not null", NotNull: true, Width: 8, Edit: &grid.Edit{Needed: true}},
		{Key: "bounced", Label: "E-mail bounces", Kind: grid.YesNo, SQL: "c.email_bounced_at is not null", NotNull: true, Width: 8},
		{Key: "added", Label: "Added", Kind: grid.Time, SQL: "c.created_at", NotNull: true, Width: 11},
	},
	Extras: []grid.Extra{
		{Key: "alert_", SQL: "c.alert"},
	},
}

var channelChoices = []grid.Chosen{
	{Value: "email", Label: "E-mail"},
	{Value: "sms", Label: "SMS"},
	{Value: "phone", Label: "Telephone"},
	{Value: "letter", Label: "Letter"},
}
