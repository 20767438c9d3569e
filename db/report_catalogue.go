package db

import "purplecross/db/grid"

// The reports there are.
const (
	ReportDaySheet     ReportKind = "day-sheet"
	ReportEndOfDay     ReportKind = "end-of-day"
	ReportNoShows      ReportKind = "no-shows"
	ReportOverdue      ReportKind = "overdue"
	ReportVisits       ReportKind = "visits"
	ReportNewClients   ReportKind = "new-clients"
	ReportWaitingTimes ReportKind = "waiting-times"
)

// visitsAsked are the visits of the days, and of the vet, that are asked for.
const visitsAsked = `
	  from asked
	  join appointment a on a.kind = 'visit' and a.starts_at >= asked.begins and a.starts_at < asked.ends
	                    and asked.vet in (0, coalesce(a.vet_id, 0))
	  join patient p on p.id = a.patient_id
	  join client c on c.id = a.client_id
	  join appointment_type t on t.id = a.type_id
	  left join staff v on v.id = a.vet_id
	  left join room r on r.id = a.room_id`

// clientNamed is a household's name; the pool's sessions have the clinic's time zone, so an hour is the clinic's.
const (
	clientNamed = `btrim(c.first_name || ' ' || c.last_name)`
	hourOf      = `to_char(a.starts_at, 'HH24:MI')`
	waited      = `extract(epoch from a.roomed_at - a.arrived_at) / 60`
	hasWaited   = `a.roomed_at > a.arrived_at`
)

var (
	columnHour    = &grid.Column{Key: "hour", Label: "Time", Kind: grid.Text, Width: 5}
	columnStarts  = &grid.Column{Key: "starts", Label: "Time", Kind: grid.Time, Width: 11}
	columnPatient = &grid.Column{Key: "patient", Label: "Patient", Kind: grid.Text, Width: 9}
	columnSpecies = &grid.Column{Key: "species", Label: "Species", Kind: grid.Choice, Width: 7, Choices: speciesChoices}
	columnClient  = &grid.Column{Key: "client", Label: "Client", Kind: grid.Text, Width: 11}
	columnPhone   = &grid.Column{Key: "phone", Label: "Telephone", Kind: grid.Text, Digits: true, Width: 9}
	columnType    = &grid.Column{Key: "type", Label: "Visit", Kind: grid.Text, Width: 10}
	columnVet     = &grid.Column{Key: "vet", Label: "With", Kind: grid.Text, Width: 11}
	columnStatus  = &grid.Column{Key: "status", Label: "Status", Kind: grid.Choice, Width: 7, Choices: visitStatusChoices}
)

var visitStatusChoices = []grid.Chosen{
	{Value: "requested", Label: "Requested"},
	{Value: "booked", Label: "Booked"},
	{Value: "confirmed", Label: "Confirmed"},
	{Value: "arrived", Label: "Waiting"},
	{Value: "in_room", Label: "In room"},
	{Value: "ready", Label: "Ready to go"},
	{Value: "completed", Label: "Completed"},
	{Value: "cancelled", Label: "Cancelled"},
	{Value: "no_show", Label: "No-show"},
}

func number(key, label string) *grid.Column {
	return &grid.Column{Key: key, Label: label, Kind: grid.Number, Width: 6}
}

// Reports is every report there is. To add one, add its select, its columns and its line here.
var Reports = []Report{
	{
		Kind: ReportDaySheet, Name: "Day sheet", About: "Who comes when, with whom, and how to reach them: for the wall and for rounds.",
		Span: SpanDay, ByVet: true, One: "visit", Many: "visits", None: "Nobody is booked on this day.", Record: "/appointments/",
		Columns: []*grid.Column{
			columnHour, columnPatient, columnSpecies, columnClient, columnPhone, columnType, columnVet,
			{Key: "room", Label: "Room", Kind: grid.Text, Width: 5},
			columnStatus,
			{Key: "reason", Label: "Reason", Kind: grid.Text, Width: 12},
			{Key: "alert", Label: "Take care", Kind: grid.Text, Width: 12},
		},
		rows: `
			select a.id, ` + hourOf + ` as hour, p.name as patient, p.species::text as species, ` + clientNamed + ` as client,
			       coalesce(nullif(c.mobile, ''), c.phone_alt) as phone, t.name as type, coalesce(v.display_name, '') as vet,
			       coalesce(r.name, '') as room, a.status::text as status, a.reason,
			       concat_ws('; ', nullif(btrim(c.alert), ''), nullif(btrim(p.alert), '')) as alert` + visitsAsked + `
			 where a.status <> 'cancelled'
			 order by a.starts_at, v.display_name nulls last, a.id`,
	},
	{
		Kind: ReportEndOfDay, Name: "End of day", About: "What became of each visit, and what is left to do before going home.",
		Span: SpanDay, ByVet: true, One: "visit", Many: "visits", None: "No visit was booked on this day.", Record: "/appointments/",
		Columns: []*grid.Column{
			columnHour, columnPatient, columnClient, columnType, columnVet, columnStatus, number("waited", "Waited (min)"),
			{Key: "left_to_do", Label: "Left to do", Kind: grid.Text, Width: 12},
		},
		rows: `
			select a.id, ` + hourOf + ` as hour, p.name as patient, ` + clientNamed + ` as client, t.name as type,
			       coalesce(v.display_name, '') as vet, a.status::text as status,
			       case when ` + hasWaited + ` then round(` + waited + `)::int end as waited,
			       case when a.status in ('completed', 'ready') and n.id is null then 'Write the note'
			            when a.status in ('completed', 'ready') and n.status = 'draft' then 'Sign the note'
			            when a.status in ('completed', 'cancelled', 'no_show') then ''
			            else 'Close the visit' end as left_to_do` + visitsAsked + `
			  left join visit_note n on n.appointment_id = a.id
			 order by a.starts_at, v.display_name nulls last, a.id`,
		figures: `
			select count(*), count(*) filter (where a.status = 'completed'), count(*) filter (where a.status = 'no_show'),
			       count(*) filter (where a.status = 'cancelled'), count(*) filter (where a.status not in ('completed', 'no_show', 'cancelled')),
			       count(*) filter (where a.status in ('completed', 'ready') and (n.id is null or n.status = 'draft'))` + visitsAsked + `
			  left join visit_note n on n.appointment_id = a.id`,
		labels: []Figure{{Label: "Visits"}, {Label: "Completed"}, {Label: "No-shows"}, {Label: "Cancelled"}, {Label: "Still open"}, {Label: "Notes to finish"}},
	},
	{
		Kind: ReportNoShows, Name: "No-shows", About: "Who did not come, how often before, and whether they are booked again: for calling.",
		Span: SpanPeriod, ByVet: true, One: "no-show", Many: "no-shows", None: "Everybody came.", Record: "/appointments/",
		Columns: []*grid.Column{
			columnStarts, columnPatient, columnClient, columnPhone, columnType, columnVet, number("before", "Year before"),
			{Key: "next", Label: "Booked again", Kind: grid.Time, Width: 11},
		},
		rows: `
			select a.id, a.starts_at as starts, p.name as patient, ` + clientNamed + ` as client,
			       coalesce(nullif(c.mobile, ''), c.phone_alt) as phone, t.name as type, coalesce(v.display_name, '') as vet,
			       (select count(*) from appointment missed
			         where missed.client_id = a.client_id and missed.kind = 'visit' and missed.status = 'no_show'
			           and missed.starts_at < a.starts_at and missed.starts_at >= a.starts_at - interval '1 year')::int as before,
			       (select min(again.starts_at) from appointment again
			         where again.patient_id = a.patient_id and again.kind = 'visit' and again.status <> 'cancelled'
			           and again.starts_at > a.starts_at) as next` + visitsAsked + `
			 where a.status = 'no_show'
			 order by a.starts_at, a.id`,
		figures: `
			select count(*) filter (where a.status = 'no_show'), count(*) filter (where a.status <> 'cancelled'),
			       coalesce(round(100.0 * count(*) filter (where a.status = 'no_show') / nullif(count(*) filter (where a.status <> 'cancelled'), 0)), 0)::int` + visitsAsked,
		labels: []Figure{{Label: "No-shows"}, {Label: "Of visits"}, {Label: "That is", Unit: "%"}},
	},
	{
		Kind: ReportOverdue, Name: "Overdue care", About: "Whose vaccination or other care was due before a day and is not given or booked.",
		Span: SpanDay, One: "patient’s care", Many: "patients’ care", None: "No care is overdue.", Record: "/patients/",
		Columns: []*grid.Column{
			columnPatient, columnSpecies, columnClient, columnPhone,
			{Key: "email", Label: "E-mail", Kind: grid.Text, Width: 14},
			{Key: "care", Label: "Care", Kind: grid.Text, Width: 9},
			{Key: "due", Label: "Was due", Kind: grid.Date, Width: 8},
			number("late", "Days late"),
			{Key: "told", Label: "Last told", Kind: grid.Time, Width: 11},
			number("times", "Times told"),
		},
		rows: `
			select p.id, p.name as patient, p.species::text as species, ` + clientNamed + ` as client,
			       coalesce(nullif(c.mobile, ''), c.phone_alt) as phone, c.email, k.name as care, m.due_on as due,
			       (asked.first - m.due_on)::int as late, m.last_sent_at as told, m.sends as times` + overdueAsked + `
			 order by m.due_on, p.name_key, m.id`,
		figures: `
			select count(*), count(distinct p.client_id), count(*) filter (where asked.first - m.due_on > 30),
			       count(*) filter (where m.sends = 0)` + overdueAsked,
		labels: []Figure{{Label: "Overdue"}, {Label: "Households"}, {Label: "By more than 30 days"}, {Label: "Never told"}},
	},
	{
		Kind: ReportVisits, Name: "Visits by vet and type", About: "How many visits of which kind each vet had, and how long they took up.",
		Span: SpanPeriod, ByVet: true, One: "line", Many: "lines", None: "No visit was booked in these days.",
		Columns: []*grid.Column{
			columnVet, columnType, number("booked", "Booked"), number("completed", "Completed"), number("no_show", "No-show"),
			number("cancelled", "Cancelled"), number("open", "Still open"), number("minutes", "Minutes completed"),
		},
		rows: `
			select coalesce(v.id, 0) as id, coalesce(v.display_name, 'Anyone') as vet, t.name as type, ` + visitTallies + visitsAsked + `
			 group by v.id, t.id
			 order by v.display_name nulls last, v.id, t.sort, t.id`,
		figures: ` select ` + visitTallies + visitsAsked,
		labels: []Figure{
			{Label: "Booked"},
			{Label: "Completed"},
			{Label: "No-shows"},
			{Label: "Cancelled"},
			{Label: "Still open"},
			{Label: "Completed take", Unit: "min"},
		},
	},
	{
		Kind: ReportNewClients, Name: "New clients", About: "Households that were added, with their pets and their first visit.",
		Span: SpanPeriod, One: "household", Many: "households", None: "No household was added in these days.", Record: "/clients/",
		Columns: []*grid.Column{
			{Key: "added", Label: "Added", Kind: grid.Time, Width: 11},
			columnClient, columnPhone,
			{Key: "email", Label: "E-mail", Kind: grid.Text, Width: 14},
			{Key: "city", Label: "Town", Kind: grid.Text, Width: 8},
			{Key: "pets", Label: "Pets", Kind: grid.Text, Width: 12},
			{Key: "first_visit", Label: "First visit", Kind: grid.Time, Width: 11},
			{Key: "came_by", Label: "Came by", Kind: grid.Text, Width: 6},
		},
		rows: `
			select c.id, c.created_at as added, ` + clientNamed + ` as client, coalesce(nullif(c.mobile, ''), c.phone_alt) as phone, c.email, c.city,
			       (select coalesce(string_agg(p.name, ', ' order by p.name_key, p.id), '') from patient p where p.client_id = c.id) as pets,
			       (select min(a.starts_at) from appointment a
			         where a.client_id = c.id and a.kind = 'visit' and a.status not in ('cancelled', 'no_show')) as first_visit,
			       case when c.import_batch_id is null then 'Desk' else 'Import' end as came_by` + newClientsAsked + `
			 order by c.created_at, c.id`,
		figures: `
			select count(*), count(*) filter (where c.import_batch_id is not null),
			       count(*) filter (where exists (select from appointment a
			         where a.client_id = c.id and a.kind = 'visit' and a.status = 'completed'))` + newClientsAsked,
		labels: []Figure{{Label: "New households"}, {Label: "By import"}, {Label: "Were here"}},
	},
	{
		Kind: ReportWaitingTimes, Name: "Waiting times", About: "From check-in to the room, by vet: half waited less than the usual wait, one in ten longer than the long one.",
		Span: SpanPeriod, ByVet: true, One: "vet", Many: "vets", None: "Nobody was checked in and taken to a room in these days.",
		Columns: []*grid.Column{
			columnVet, number("visits", "Visits"), number("usual", "Usual (min)"), number("long", "Long (min)"), number("longest", "Longest (min)"),
			number("over", "Over 15 min"),
		},
		rows: `
			select coalesce(v.id, 0) as id, coalesce(v.display_name, 'Anyone') as vet, ` + waits + visitsAsked + `
			 where ` + hasWaited + `
			 group by v.id
			 order by v.display_name nulls last, v.id`,
		figures: ` select ` + waits + visitsAsked + ` where ` + hasWaited,
		labels:  []Figure{{Label: "Visits"}, {Label: "Usual wait", Unit: "min"}, {Label: "Long wait", Unit: "min"}, {Label: "Longest", Unit: "min"}, {Label: "Over 15 min"}},
	},
}

const (
	visitTallies = `
		count(*)::int as booked, (count(*) filter (where a.status = 'completed'))::int as completed,
		(count(*) filter (where a.status = 'no_show'))::int as no_show, (count(*) filter (where a.status = 'cancelled'))::int as cancelled,
		(count(*) filter (where a.status not in ('completed', 'no_show', 'cancelled')))::int as open,
		coalesce(sum(extract(epoch from a.ends_at - a.starts_at) / 60) filter (where a.status = 'completed'), 0)::int as minutes`

	waits = `
		count(*)::int as visits, coalesce(round(percentile_cont(0.5) within group (order by ` + waited + `)), 0)::int as usual,
		coalesce(round(percentile_cont(0.9) within group (order by ` + waited + `)), 0)::int as long,
		coalesce(round(max(` + waited + `)), 0)::int as longest, (count(*) filter (where ` + waited + ` > 15))::int as over`

	// overdueAsked is the care that was due before the day that is asked for, of whoever is still a patient.
	overdueAsked = `
	  from asked
	  join reminder m on m.status = 'open' and m.due_on < asked.first and (m.snoozed_until is null or m.snoozed_until <= asked.first)
	  join patient p on p.id = m.patient_id and p.status = 'active'
	  join client c on c.id = p.client_id
	  join care_protocol k on k.id = m.protocol_id`

	newClientsAsked = `
	  from asked
	  join client c on c.created_at >= asked.begins and c.created_at < asked.ends and c.status <> 'merged'`
)
