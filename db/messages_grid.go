package db

import "purplecross/db/grid"

// MessagesGrid is every message to and from clients, the latest first.
var MessagesGrid = grid.Resource{
	Name: "messages", One: "message", Many: "messages",
	From: "message m",
	Joins: []string{
		"left join client c on c.id = m.client_id",
		"left join patient p on p.id = m.patient_id",
		"left join staff s on s.id = m.created_by",
	},
	Key:    "m.id",
	Search: "c.search_doc", SearchLabel: "Name, telephone, e-mail, postcode or pet",
	Order: "-created",
	Columns: []grid.Column{
		{Key: "created", Label: "Written", Kind: grid.Time, SQL: "m.created_at", NotNull: true, Fixed: true, Width: 11},
		{Key: "client", Label: "Client", Kind: grid.Link, SQL: ownerName, Plain: "c.name_key", InSearch: true, Shown: true, Width: 10},
		{Key: "patient", Label: "Patient", Kind: grid.Link, SQL: "p.name", Plain: "p.name_key", Shown: true, Width: 8},
		{Key: "kind", Label: "About", Kind: grid.Choice, SQL: "m.kind", NotNull: true, Shown: true, Width: 8, Choices: []grid.Chosen{
			{Value: string(MessageVisitConfirmation), Label: "Visit booked"},
			{Value: string(MessageVisitMoved), Label: "Visit moved"},
			{Value: string(MessageVisitCancelled), Label: "Visit cancelled"},
			{Value: string(MessageVisitReminder), Label: "Visit reminder"},
			{Value: string(MessageCareReminder), Label: "Care reminder"},
			{Value: string(MessageCertificate), Label: "Vaccination certificate"},
			{Value: string(MessageReport), Label: "Report"},
			{Value: string(MessageMailing), Label: "To many"},
			{Value: string(MessageWordingTest), Label: "Test of wording"},
			{Value: string(MessageFromClient), Label: "From the client"},
		}},
		{Key: "channel", Label: "By", Kind: grid.Choice, SQL: "m.channel", NotNull: true, Width: 6, Choices: channelChoices},
		{Key: "sent_to", Label: "To", Kind: grid.Text, SQL: "m.to_addr", Shown: true, Width: 13},
		{Key: "subject", Label: "Subject", Kind: grid.Text, SQL: "m.subject", Width: 16},
		{Key: "status", Label: "Status", Kind: grid.Choice, SQL: "m.status", NotNull: true, Shown: true, Width: 7, Choices: []grid.Chosen{
			{Value: "queued", Label: "Queued"},
			{Value: "sending", Label: "Sending"},
			{Value: "sent", Label: "Sent"},
			{Value: "delivered", Label: "Delivered"},
			{Value: "bounced", Label: "Bounced"},
			{Value: "failed", Label: "Failed"},
			{Value: "suppressed", Label: "Not sent"},
			{Value: "received", Label: "Received"},
			{Value: "logged", Label: "Logged"},
		}},
		{Key: "reason", Label: "Why", Kind: grid.Text, SQL: "m.status_reason", Shown: true, Width: 13},
		{Key: "sent", Label: "Sent", Kind: grid.Time, SQL: "m.sent_at", Width: 11},
		{Key: "attempts", Label: "Attempts", Kind: grid.Number, SQL: "m.attempts", NotNull: true, Width: 6},
		{Key: "direction", Label: "Direction", Kind: grid.Choice, SQL: "m.direction", NotNull: true, Width: 7, Choices: []grid.Chosen{
			{Value: "out", Label: "To the client"}, {Value: "in", Label: "From the client"},
		}},
		{
			Key: "written_by", Label: "Written by", Kind: grid.Person, SQL: "s.display_name", Filter: "m.created_by", Width: 10,
			ChoicesSQL: `select id::text, display_name from staff order by display_name, id`,
		},
	},
	Extras: []grid.Extra{
		{Key: "client_id", SQL: "m.client_id"},
		{Key: "patient_id", SQL: "m.patient_id"},
		{Key: "species_", SQL: "p.species"},
	},
}
