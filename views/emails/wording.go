package emails

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"purplecross/db"
)

// Wording is how a kind of letter is put: a subject and a text with named placeholders, like "{pet}". Paragraphs have
// an empty line between them; one that is only "{details}" becomes the summary.
type Wording struct {
	Subject, Body string
}

// Originals is the wording that every clinic starts with.
var Originals = map[db.MessageKind]Wording{
	db.MessageVisitConfirmation: {
		"Visit booked: {pet}, {when}",
		"{greeting}\n\nWe look forward to seeing {pet}. Here is what we have booked:\n\n{details}\n\n" + bring + "\n\n" + toChange,
	},
	db.MessageVisitMoved: {
		"Visit moved: {pet}, {when}",
		"{greeting}\n\n{pet}’s visit has changed. This is how it stands now:\n\n{details}\n\n" + bring + "\n\n" + toChange,
	},
	db.MessageVisitCancelled: {
		"Visit cancelled: {pet}, {when}",
		"{greeting}\n\nThis visit is cancelled, and the time is free again:\n\n{details}\n\nTo book another time, {reach}.",
	},
	db.MessageVisitReminder: {
		"See you soon: {pet}, {when}",
		"{greeting}\n\nWe expect {pet} on {day}:\n\n{details}\n\n" + bring + "\n\n" + toChange,
	},
	db.MessageCertificate: {
		"Vaccination certificate of {pet}",
		"{greeting}\n\nHere is the vaccination certificate of {pet}, as you asked:\n\n{details}\n\nIf something in it is not right, {reach}.",
	},
	db.MessageCareReminder: {
		"Care due for {pet}",
		"{greeting}\n\nIt is time to book a visit for {pet}:\n\n{details}\n\nTo book a time, {reach}. If it was done elsewhere, tell us, and we will note it.",
	},
}

const (
	bring    = "Please bring cats and small pets in a carrier, and dogs on a lead."
	toChange = "If this does not suit you, {reach}, and we will find another time."
)

// Kinds are the kinds of letters in the order in which a client gets them.
var Kinds = []db.MessageKind{
	db.MessageVisitConfirmation, db.MessageVisitMoved, db.MessageVisitCancelled, db.MessageVisitReminder, db.MessageCareReminder, db.MessageCertificate,
}

// Placeholder is a name that a wording may use, and what it becomes.
type Placeholder struct {
	Name, Says string
}

// Placeholders are those of a kind of letter.
func Placeholders(kind db.MessageKind) []Placeholder {
	all := []Placeholder{
		{"greeting", "Hello and the first name"},
		{"client", "the client’s name"},
		{"pet", "the pet, or the pets"},
	}
	switch kind {
	case db.MessageCertificate:
	case db.MessageMailing:
		return append(all, Placeholder{"clinic", "the clinic’s name"}, Placeholder{"phone", "its telephone"},
			Placeholder{"address", "where it is"}, Placeholder{"reach", "call … or answer this e-mail"})
	case db.MessageCareReminder:
		all = append(all, Placeholder{"care", "what is due"})
	default:
		all = append(all,
			Placeholder{"visit", "what the visit is for"}, Placeholder{"day", "Tuesday 24 November 2026"},
			Placeholder{"time", "14:30–14:50"}, Placeholder{"when", "Tue 24 Nov 14:30"}, Placeholder{"vet", "with whom"})
	}
	return append(all,
		Placeholder{"details", "the summary, in a paragraph of its own"}, Placeholder{"clinic", "the clinic’s name"},
		Placeholder{"phone", "its telephone"}, Placeholder{"address", "where it is"}, Placeholder{"reach", "call … or answer this e-mail"})
}

// PlaceholdersOf are those of a letter, or of a text message, which has no room for the summary.
func PlaceholdersOf(kind db.MessageKind, text bool) []Placeholder {
	all := Placeholders(kind)
	if !text {
		return all
	}
	all = slices.DeleteFunc(all, func(p Placeholder) bool { return p.Name == "details" })
	for i := range all {
		if all[i].Name == "reach" {
			all[i].Says = "call …"
		}
	}
	return all
}

var placeholder = regexp.MustCompile(`\{[^{}\n]*\}`)

// placeholders says which placeholders are wrong: "subject" and "body", each a sentence.
func (w Wording) placeholders(kind db.MessageKind) db.Invalid {
	wrong := db.Invalid{}
	known := map[string]string{}
	for _, p := range Placeholders(kind) {
		known["{"+p.Name+"}"] = ""
	}
	for field, text := range map[string]string{"subject": w.Subject, "body": w.Body} {
		if strings.TrimSpace(text) == "" {
			wrong[field] = "Write something here, or go back to the original wording."
			continue
		}
		for _, used := range placeholder.FindAllString(text, -1) {
			if _, is := known[used]; !is {
				wrong[field] = fmt.Sprintf("There is no %s. You can use %s.", used, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
			}
		}
		if rest := placeholder.ReplaceAllString(text, ""); strings.ContainsAny(rest, "{}") && wrong[field] == "" {
			wrong[field] = "A curly bracket stands alone. Placeholders look like {pet}."
		}
	}
	return wrong
}

// Check says what is wrong with the wording of a letter: "subject" and "body", each a sentence.
func (w Wording) Check(kind db.MessageKind) db.Invalid {
	wrong := w.placeholders(kind)
	if wrong["subject"] == "" && (strings.ContainsAny(w.Subject, "\r\n") || strings.Contains(w.Subject, "{details}")) {
		wrong["subject"] = "The subject is one line, without {details}."
	}
	if wrong["body"] == "" && !w.tells(kind) {
		wrong["body"] = "The client must learn what and when: use {details} in a paragraph of its own" + orInstead(kind) + "."
	}
	return wrong
}

// tells says whether the text holds what the letter is for.
func (w Wording) tells(kind db.MessageKind) bool {
	for _, paragraph := range paragraphs(w.Body) {
		if paragraph == "{details}" {
			return true
		}
	}
	switch kind {
	case db.MessageCertificate:
		return strings.Contains(w.Body, "{pet}")
	case db.MessageCareReminder:
		return strings.Contains(w.Body, "{care}")
	}
	return strings.Contains(w.Body, "{day}") && strings.Contains(w.Body, "{time}")
}

func orInstead(kind db.MessageKind) string {
	switch kind {
	case db.MessageCertificate:
		return ", or {pet}"
	case db.MessageCareReminder:
		return ", or {care}"
	}
	return ", or {day} and {time}"
}

var emptyLines = regexp.MustCompile(`\n[ \t]*\n\s*`)

func paragraphs(body string) []string {
	return emptyLines.Split(strings.TrimSpace(strings.ReplaceAll(body, "\r\n", "\n")), -1)
}
