package imports

import "strings"

// layout is a kind of file: which columns it has, and how a row of it reads.
type layout struct {
	kind     string // as import_batch.kind and the summary name it
	source   string // of its numbers, unless Options say otherwise
	required []string
	optional []string
	read     func(im *run, g *reading)
}

func (l *layout) knows(key string) bool {
	for _, columns := range [][]string{l.required, l.optional} {
		for _, column := range columns {
			if column == key {
				return true
			}
		}
	}
	return false
}

func (l *layout) names() string { return strings.Join(l.required, ", ") }

// layouts are the files that can be read. Column names are as columnKey makes them.
var layouts = []*layout{
	{
		kind: "patients", required: []string{"legacy_patient_id", "legacy_client_id", "name", "species"},
		optional: []string{"breed", "breed2", "sex", "neutered", "dob", "dob_estimated", "colour", "microchip", "status", "deceased_on", "weight_kg"},
		read:     readPatient,
	},
	{
		kind: "clients", required: []string{"legacy_client_id", "last_name"},
		optional: []string{"first_name", "second_contact", "email", "mobile", "phone_alt", "address", "city", "state", "zip", "sms_ok", "email_ok", "created"},
		read:     readClient,
	},
	{
		kind: "clients and patients", source: "legacy", required: []string{"client #", "owner", "pet name", "spec"},
		optional: []string{"spouse", "e-mail", "phone", "cell", "address", "city/st/zip", "breed", "sex", "birthday", "wt", "chip", "last visit", "notes"},
		read:     readLegacy,
	},
}
