package jobs

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/a-h/templ"

	"purplecross/db"
	"purplecross/views/emails"
	"purplecross/views/ui"
)

// Letter is an e-mail in both its forms.
type Letter struct {
	Subject, Text, HTML string
}

// letterForm is how a kind of message is written.
type letterForm struct {
	subject func(emails.VisitProps) string
	text    func(emails.VisitProps) string
	html    func(emails.VisitProps) templ.Component
}

var letterForms = map[db.MessageKind]letterForm{
	db.MessageVisitConfirmation: {emails.VisitConfirmationSubject, emails.VisitConfirmationText, emails.VisitConfirmation},
	db.MessageVisitMoved:        {emails.VisitMovedSubject, emails.VisitMovedText, emails.VisitMoved},
	db.MessageVisitCancelled:    {emails.VisitCancelledSubject, emails.VisitCancelledText, emails.VisitCancelled},
}

// WriteLetter writes the letter that a message of this kind would be, on the facts as given, with times in the
// clinic's zone.
func WriteLetter(ctx context.Context, kind db.MessageKind, facts db.VisitFacts, zone *time.Location) (Letter, error) {
	form, known := letterForms[kind]
	if !known {
		return Letter{}, fmt.Errorf("no letter is written for messages of kind %q", kind)
	}
	props := emails.VisitProps{
		Clinic:   emails.Clinic{Name: facts.ClinicName, Phone: ui.Phone(facts.ClinicPhone), Email: facts.ClinicEmail, Address: oneLine(facts.ClinicAddress)},
		Greeting: facts.ClientFirstName,
		Patient:  facts.PatientName,
		Type:     facts.TypeName,
		Vet:      facts.VetName,
		StartsAt: facts.StartsAt.In(zone),
		EndsAt:   facts.EndsAt.In(zone),
	}

	var html bytes.Buffer
	if err := form.html(props).Render(ctx, &html); err != nil {
		return Letter{}, fmt.Errorf("write letter: %w", err)
	}
	return Letter{Subject: oneLine(form.subject(props)), Text: form.text(props), HTML: html.String()}, nil
}

// oneLine keeps a name with a line break in it out of headers and lists.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
