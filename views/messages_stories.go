package views

import (
	"time"

	"purplecross/db"
	"purplecross/views/gallery"
)

// MessagePageStories show a message at each end it can come to.
var MessagePageStories = gallery.Component[MessagePageProps]{
	Path: "Operations/Message",
	View: MessagePage,
	Stories: []gallery.Story[MessagePageProps]{
		{Name: "Sent", From: func(w *gallery.World) MessagePageProps {
			props := storyMessage(w, db.MessageSent, "")
			at := w.Now.Add(-3 * time.Minute)
			props.Message.SentAt, props.Message.Subject, props.Message.Body = &at, props.Subject, props.Text
			props.Job = &db.Job{ID: 4711, State: "completed", Attempt: 1, MaxAttempts: 150}
			props.MailboxHref = "#mailbox"
			return props
		}},
		{Name: "Waits for the mail server", From: func(w *gallery.World) MessagePageProps {
			props := storyMessage(w, db.MessageQueued, "The mail server is not there: the connection was refused.")
			props.Message.Attempts = 6
			props.Job = &db.Job{ID: 4711, State: "retryable", Attempt: 6, MaxAttempts: 150, ScheduledAt: w.Now.Add(64 * time.Second)}
			return props
		}},
		{Name: "Failed", From: func(w *gallery.World) MessagePageProps {
			props := storyMessage(w, db.MessageFailed, "The client's e-mail address does not exist. (The mail server answered 550 5.1.1.)")
			props.Message.Attempts = 1
			return props
		}},
		{Name: "Not sent", From: func(w *gallery.World) MessagePageProps {
			props := storyMessage(w, db.MessageSuppressed, "The client has no e-mail address.")
			props.Message.ToAddr, props.Blocked = "", true
			return props
		}},
		{Name: "Refused again", From: func(w *gallery.World) MessagePageProps {
			props := storyMessage(w, db.MessageFailed, "The client's e-mail address does not exist. (The mail server answered 550 5.1.1.)")
			props.Error, props.Blocked = "Earlier e-mail to this address came back.", true
			return props
		}},
		{Name: "Text message delivered", From: func(w *gallery.World) MessagePageProps {
			props := storyMessage(w, db.MessageDelivered, "")
			at := w.Now.Add(-3 * time.Minute)
			props.Message.SentAt, props.Message.Channel, props.Message.ToAddr, props.Message.Segments = &at, "sms", "+19705550167", 1
			props.Subject, props.Text = "", "Purple Cross Animal Clinic: "+props.Message.PatientName+" is booked for Thu 26 Nov 14:30. To change it, call (970) 555-0100."
			props.Message.Body = props.Text
			return props
		}},
		{Name: "Text message not delivered", From: func(w *gallery.World) MessagePageProps {
			props := storyMessage(w, db.MessageBounced, "The client’s number cannot get text messages. (The provider answered 30006.)")
			props.Message.Channel, props.Message.ToAddr, props.Message.Segments = "sms", "+19705550167", 1
			props.Subject, props.Text = "", "Purple Cross Animal Clinic: see you soon! "+props.Message.PatientName+", Thu 26 Nov 14:30."
			props.Message.Body = props.Text
			return props
		}},
		{Name: "From the client", From: func(w *gallery.World) MessagePageProps {
			number := int64(12)
			return MessagePageProps{Text: "We are running ten minutes late, sorry!", Message: db.Message{
				ID: 78, Kind: db.MessageFromClient, Channel: "sms", Status: db.MessageReceived, ClientID: &number, ClientName: w.Person(),
				ToAddr: "+19705550167", Body: "We are running ten minutes late, sorry!", CreatedAt: w.Now.Add(-4 * time.Minute),
			}}
		}},
		{Name: "Nothing to show", From: func(w *gallery.World) MessagePageProps {
			props := storyMessage(w, db.MessageFailed, "Its job was deleted.")
			props.Subject, props.Text = "", ""
			return props
		}},
	},
}

func storyMessage(w *gallery.World, status db.MessageStatus, reason string) MessagePageProps {
	pet, id, visit := w.Pet(), "36c1f0a27d1be8804b6a1c0a@clinic.example", w.Now.Add(50*time.Hour)
	number := int64(12)
	return MessagePageProps{
		Subject: "Visit booked: " + pet + ", Thu 26 Nov 14:30",
		Text:    "Hello,\n\nWe look forward to seeing " + pet + ". Here is what we have booked:\n\n  Day: Thursday 26 November 2026\n  Time: 14:30–14:50\n\nIf this does not suit you, call (970) 555-0100, and we will find another time.\n",
		Message: db.Message{
			ID: 77, Kind: db.MessageVisitConfirmation, Channel: "email", Status: status, StatusReason: reason,
			ClientID: &number, PatientID: &number, AppointmentID: &number, ToAddr: w.Email(), MessageID: &id,
			ClientName: w.Person(), PatientName: pet, VisitAt: &visit, CreatedAt: w.Now.Add(-4 * time.Minute), Attempts: 1,
		},
	}
}
