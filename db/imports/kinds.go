package imports

import (
	"slices"
	"strings"
	"unicode"
)

// Field is something that a row may say. Which column of a file says it is the file's mapping.
type Field struct {
	Key   string // in the mapping
	Label string // for people
	words string // what exports call its column, as headingKey makes them, between bars
}

// Kind is what the rows of a file are.
type Kind struct {
	Key    string // as import_batch.kind and the summary name it
	Title  string // for people
	About  string // a sentence
	Fields []Field

	needs  [][]string // of each at least one field has a column
	source string     // of its numbers, unless somebody says otherwise
	shared bool       // rows share their owner, so the first says who it is and the others add what it lacks
	read   func(im *run, g *reading)
}

// Mapping says which column of a file, from 0, is which field.
type Mapping map[string]int

var (
	clientNo    = Field{"client_no", "Client’s number", "legacy client id|client id|client no|client number|client|account|account no|account number|owner id|owner no|customer id|household id"}
	patientNo   = Field{"patient_no", "Patient’s number", "legacy patient id|patient id|patient no|patient number|animal id|animal no|pet id|pet no"}
	petName     = Field{"name", "Pet’s name", "pet name|patient name|animal name|animals name|pet|patient|animal|name"}
	owner       = Field{"owner", "Owner’s full name", "owner|owner name|client name|account name|full name"}
	firstName   = Field{"first_name", "First name", "first name|firstname|given name|owner first name|client first name|forename"}
	lastName    = Field{"last_name", "Surname", "last name|lastname|surname|family name|owner last name|client last name"}
	visitNo     = Field{"visit_no", "Visit’s number", "visit id|visit no|appointment id|appointment no|appt id|appt no|legacy visit id|legacy appointment id"}
	treatmentNo = Field{"treatment_no", "Treatment’s number", "treatment id|treatment no|vaccination id|legacy treatment id"}
)

var ownerFields = []Field{
	clientNo, owner, lastName, firstName,
	{"second_contact", "Second contact", "second contact|spouse|partner|co owner|other contact"},
	{"email", "E-mail", "email|e mail|email address|mail"},
	{"mobile", "Mobile", "mobile|cell|cell phone|mobile phone|mobile no"},
	{"phone_alt", "Other telephone", "phone alt|phone|telephone|home phone|other phone|work phone"},
	{"address", "Address", "address|street|address 1|street address"},
	{"city", "City", "city|town"},
	{"region", "State or region", "state|region|province|county"},
	{"postcode", "Postcode", "zip|zip code|postcode|postal code"},
	{"place", "City, state and postcode in one", "city st zip|city state zip"},
	{"sms_ok", "May get SMS", "sms ok|sms|text ok"},
	{"email_ok", "May get e-mail", "email ok|e mail ok"},
	{"created", "Client since", "created|client since|date added|added"},
}

var petFields = []Field{
	patientNo, petName,
	{"species", "Species", "species|spec|animal type|type"},
	{"breed", "Breed", "breed|primary breed"},
	{"breed2", "Second breed", "breed2|breed 2|secondary breed"},
	{"sex", "Sex", "sex|gender"},
	{"neutered", "Neutered", "neutered|spayed|altered|fixed|desexed"},
	{"dob", "Born", "dob|birthday|birth date|date of birth|born"},
	{"dob_estimated", "Birth date is an estimate", "dob estimated|age estimated"},
	{"colour", "Colour", "colour|color|markings"},
	{"microchip", "Microchip", "microchip|chip|microchip no|chip no|microchip number"},
	{"weight", "Weight", "weight|weight kg|weight lb|weight lbs|wt|kg"},
	{"status", "Status", "status|patient status"},
	{"deceased_on", "Died", "deceased on|date of death|died|deceased date"},
	{"last_visit", "Last visit", "last visit|last seen"},
	{"notes", "Notes", "notes|note|remarks|comments|alert"},
}

// Kinds are what can be imported.
var Kinds = []*Kind{
	{
		Key: "patients", Title: "Patients", About: "One patient a row, whose owner is here already and is named by number.",
		Fields: slices.Concat(petFields, []Field{clientNo}),
		needs:  [][]string{{"patient_no"}, {"client_no"}, {"name"}, {"species"}}, read: readPatient,
	},
	{
		Key: "clients", Title: "Clients", About: "One household a row.",
		Fields: ownerFields, needs: [][]string{{"client_no"}, {"last_name", "owner"}}, read: readClient,
	},
	{
		Key: "clients and patients", Title: "Clients and patients", About: "One patient a row, with its owner in the same row.",
		Fields: slices.Concat(ownerFields, petFields), source: "legacy", shared: true,
		needs: [][]string{{"client_no"}, {"owner", "last_name"}, {"name"}, {"species"}}, read: readLegacy,
	},
	{
		Key: "visits", Title: "Visits", About: "One visit a row, of patients that are here already and are named by number.",
		Fields: []Field{
			visitNo, patientNo,
			{"starts", "Date and time", "starts|starts at|start|date time|datetime|appointment time|start time"},
			{"day", "Date", "date|visit date|appointment date|day"},
			{"time", "Time", "time|visit time"},
			{"minutes", "Minutes", "minutes|duration|length|duration minutes"},
			{"type", "Type of visit", "type|visit type|appointment type|service"},
			{"vet", "Vet", "vet|doctor|provider|veterinarian|dvm"},
			{"room", "Room", "room"},
			{"visit_status", "Status", "status|visit status|appointment status"},
			{"reason", "Reason", "reason|notes|reason for visit|complaint|description"},
		},
		needs: [][]string{{"patient_no"}, {"starts", "day"}}, read: readVisit,
	},
	{
		Key: "treatments", Title: "Treatments", About: "One vaccination or other treatment a row, of patients that are here already and are named by number.",
		Fields: []Field{
			treatmentNo, patientNo,
			{"product", "Product", "product|vaccine|item|treatment|description|drug|medication"},
			{"given", "Given on", "given|given on|date given|date|administered|treatment date"},
			{"treatment_kind", "Kind", "kind|type|category|treatment type"},
			{"lot", "Lot", "lot|lot no|lot number|batch|serial"},
			{"dose", "Dose", "dose|quantity|amount"},
			{"due", "Due again", "due|next due|due date|due on|expires|next due on"},
			{"care", "Care protocol", "protocol|care|reminder|care protocol"},
			{"given_by", "Given by", "given by|vet|doctor|provider|by"},
			{"instructions", "Instructions", "instructions|directions|sig"},
		},
		needs: [][]string{{"patient_no"}, {"product"}, {"given"}}, read: readTreatment,
	},
}

// KindOf finds a kind by its key; nil when there is none.
func KindOf(key string) *Kind {
	for _, kind := range Kinds {
		if kind.Key == key {
			return kind
		}
	}
	return nil
}

// Missing says what a mapping of a kind still lacks, in the fields' labels; nothing when it can be read.
func (k *Kind) Missing(mapping Mapping) []string {
	var missing []string
	for _, either := range k.needs {
		if slices.ContainsFunc(either, func(key string) bool { _, there := mapping[key]; return there }) {
			continue
		}
		var labels []string
		for _, key := range either {
			labels = append(labels, k.label(key))
		}
		missing = append(missing, strings.Join(labels, " or "))
	}
	return missing
}

func (k *Kind) label(key string) string {
	for _, field := range k.Fields {
		if field.Key == key {
			return field.Label
		}
	}
	return key
}

// Needed says whether a field must have a column, alone or as one of several.
func (k *Kind) Needed(key string) bool {
	return slices.ContainsFunc(k.needs, func(either []string) bool { return slices.Contains(either, key) })
}

// Source is whose numbers a file of this kind has, unless somebody says otherwise.
func (k *Kind) Source() string { return k.source }

// Guess finds which column is which field by the headings; a column is one field at most.
func (k *Kind) Guess(header []string) Mapping {
	mapping := Mapping{}
	taken := make([]bool, len(header))
	keys := make([]string, len(header))
	for i, heading := range header {
		keys[i] = headingKey(heading)
	}
	for _, field := range k.Fields {
		for word := range strings.SplitSeq(field.words, "|") {
			if at := slices.Index(keys, word); at >= 0 && !taken[at] {
				mapping[field.Key], taken[at] = at, true
				break
			}
		}
	}
	return mapping
}

// GuessKind says what the rows of a file are: of the kinds that can be read at all the one that uses most columns.
func GuessKind(header []string) (*Kind, Mapping) {
	var best *Kind
	var mapping Mapping
	better := func(kind *Kind, guess Mapping) bool {
		if best == nil {
			return true
		}
		was, is := len(best.Missing(mapping)), len(kind.Missing(guess))
		if was == 0 || is == 0 {
			return is == 0 && (was > 0 || len(guess) > len(mapping))
		}
		return len(guess) > len(mapping)
	}
	for _, kind := range Kinds {
		if guess := kind.Guess(header); better(kind, guess) {
			best, mapping = kind, guess
		}
	}
	return best, mapping
}

// headingKey is a heading without what different systems write differently: case, signs and spaces.
func headingKey(heading string) string {
	heading = strings.NewReplacer("#", " no ", "'", "", "’", "").Replace(strings.ToLower(heading))
	return strings.Join(strings.FieldsFunc(heading, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}
