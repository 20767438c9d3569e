package jobs

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"purplecross/db"
	"purplecross/jobs/sheets"
	"purplecross/views/emails"
	"purplecross/views/ui"
)

// Letter is an e-mail in both its forms, and what is attached to it.
type Letter struct {
	Subject, Text, HTML string
	Certificate         []byte // a PDF, nil for none
	Calendar            string // the visits for the client's calendar, "" for none
	Method              string // what the calendar is told: PUBLISH or CANCEL
	Attached            *Attachment
	ProviderID          string // of a text message that went out: only Text is its
}

// Attachment is a file that a letter carries.
type Attachment struct {
	Name, MediaType string
	Bytes           []byte
}

// WriteLetter writes the letter that a message of this kind would be, on the facts as given, with times in the
// clinic's zone. preferences is where its reader chooses what to get, "" to leave that out.
func WriteLetter(ctx context.Context, kind db.MessageKind, wording emails.Wording, facts db.MessageFacts, preferences string, now time.Time) (Letter, error) {
	props := LetterOf(kind, wording, facts, now)
	props.Preferences = preferences
	var html bytes.Buffer
	if err := emails.Letter(props).Render(ctx, &html); err != nil {
		return Letter{}, fmt.Errorf("write letter: %w", err)
	}
	letter := Letter{Subject: props.Subject(), Text: props.Text(), HTML: html.String()}
	letter.Method, letter.Calendar = calendar(kind, facts, now)
	if facts.Proof != nil && facts.Proof.PatientID != 0 { // not of one that was made up
		var err error
		if letter.Certificate, err = sheets.Certificate(*facts.Proof, now); err != nil {
			return Letter{}, err
		}
	}
	return letter, nil
}

// LetterOf is what a letter says, on the facts as given. The zone of now is the clinic's.
func LetterOf(kind db.MessageKind, wording emails.Wording, facts db.MessageFacts, now time.Time) emails.LetterProps {
	props := emails.LetterProps{
		Kind:     kind,
		Wording:  wording,
		Clinic:   emails.Clinic{Name: facts.ClinicName, Phone: ui.Phone(facts.ClinicPhone), Email: facts.ClinicEmail, Address: oneLine(facts.ClinicAddress)},
		Greeting: facts.ClientFirstName,
		Client:   oneLine(facts.ClientFirstName + " " + facts.ClientLastName),
		Today:    time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC),
	}
	props.Pets = facts.Pets
	for _, visit := range facts.Visits {
		props.Visits = append(props.Visits, emails.Visit{
			Patient: visit.PatientName, Type: visit.TypeName, Vet: visit.VetName,
			StartsAt: visit.StartsAt.In(now.Location()), EndsAt: visit.EndsAt.In(now.Location()),
		})
	}
	for _, care := range facts.Care {
		props.Care = append(props.Care, emails.Care{Patient: care.PatientName, Name: care.Protocol, DueOn: care.DueOn})
	}
	if facts.Proof != nil {
		props.Proves = facts.Proof.PatientName
	}
	return props
}

// WordingOf is how the clinic words a kind of message, by e-mail or by text message: as somebody edited it, else as it
// came.
func WordingOf(ctx context.Context, conn db.Conn, kind db.MessageKind, channel db.Channel) (emails.Wording, error) {
	original, known := emails.OriginalsOf(channel)[kind]
	if !known {
		return emails.Wording{}, fmt.Errorf("no letter is written for messages of kind %q", kind)
	}
	edited, err := db.GetWording(ctx, conn, kind, channel)
	if err != nil || !edited.Edited() {
		return original, err
	}
	return emails.Wording{Subject: edited.Subject, Body: edited.Body}, nil
}

// MailingWording is what a message to many says, by e-mail or by text message.
func MailingWording(mailing db.Mailing, channel db.Channel) emails.Wording {
	if channel == db.ChannelSMS {
		return emails.Wording{Body: mailing.TextBody}
	}
	return emails.Wording{Subject: mailing.Subject, Body: mailing.Body}
}

// MessageWording is how a message is put: as its kind is worded, or as its writer wrote it.
func MessageWording(ctx context.Context, conn db.Conn, kind db.MessageKind, facts db.MessageFacts, channel db.Channel) (emails.Wording, error) {
	if facts.Mailing != nil {
		return MailingWording(*facts.Mailing, channel), nil
	}
	return WordingOf(ctx, conn, kind, channel)
}

// oneLine keeps a name with a line break in it out of headers and lists.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
