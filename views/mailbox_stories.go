package views

import (
	"time"

	"purplecross/views/emails"
	"purplecross/views/gallery"
)

// MailboxPageStories show the development mailbox.
var MailboxPageStories = gallery.Component[MailboxPageProps]{
	Path: "Operations/Mailbox",
	View: MailboxPage,
	Stories: []gallery.Story[MailboxPageProps]{
		{Name: "Some mail", From: func(w *gallery.World) MailboxPageProps {
			props := MailboxPageProps{}
			for i := range 4 {
				props.Mails = append(props.Mails, storyMail(w, time.Duration(i)*7*time.Minute))
			}
			return props
		}},
		{Name: "Empty", Args: MailboxPageProps{}},
	},
}

// PhonePageStories show the development phone.
var PhonePageStories = gallery.Component[PhonePageProps]{
	Path: "Operations/Phone",
	View: PhonePage,
	Stories: []gallery.Story[PhonePageProps]{
		{Name: "Some text messages", From: func(w *gallery.World) PhonePageProps {
			text := func(ago time.Duration, body string) TextRow {
				row := TextRow{ID: "SM1", At: w.Now.Add(-ago), From: "+15550100100", To: "+19705550167", Body: body}
				row.Segments, row.Alphabet = emails.Segments(body)
				return row
			}
			return PhonePageProps{Texts: []TextRow{
				text(time.Minute, "Purple Cross Animal Clinic: "+w.Pet()+" is booked for Thu 26 Nov 14:30. To change it, call (970) 555-0100."),
				text(50*time.Minute, "Purple Cross Animal Clinic: Zoë’s visit has moved to Thu 26 Nov 15:30. To change it, call (970) 555-0100."),
			}}
		}},
		{Name: "Empty", Args: PhonePageProps{}},
	},
}

// MailPageStories show one message of the development mailbox.
var MailPageStories = gallery.Component[MailPageProps]{
	Path: "Operations/Mail",
	View: MailPage,
	Stories: []gallery.Story[MailPageProps]{
		{Name: "HTML", From: func(w *gallery.World) MailPageProps {
			props := MailPageProps{Mail: storyMail(w, 0), HTML: true}
			props.Mail.ID = "" // nobody serves it here
			return props
		}},
		{Name: "Text", From: func(w *gallery.World) MailPageProps {
			return MailPageProps{Mail: storyMail(w, 0), Show: "text", Text: "Hello,\n\nWe look forward to seeing you.\n"}
		}},
		{Name: "Source", From: func(w *gallery.World) MailPageProps {
			return MailPageProps{Mail: storyMail(w, 0), Show: "source", Source: "Return-Path: <desk@clinic.example>\nSubject: Visit booked\n\nHello\n"}
		}},
		{Name: "No HTML part", From: func(w *gallery.World) MailPageProps { return MailPageProps{Mail: storyMail(w, 0)} }},
	},
}

func storyMail(w *gallery.World, ago time.Duration) MailRow {
	return MailRow{
		ID: "20261124T143000.000000000-abcdef", At: w.Now.Add(-ago), From: "Purple Cross Animal Clinic <desk@clinic.example>",
		To: w.Person() + " <" + w.Email() + ">", Subject: "Visit booked: " + w.Pet() + ", Thu 26 Nov 14:30",
	}
}
