package views

import (
	"time"

	"purplecross/db"
	"purplecross/views/emails"
	"purplecross/views/gallery"
)

// WordingsPageStories show the messages to clients, and times that could not be saved.
var WordingsPageStories = gallery.Component[WordingsPageProps]{
	Path: "Operations/Messages to clients",
	View: WordingsPage,
	Stories: []gallery.Story[WordingsPageProps]{
		{Name: "One edited", From: storyWordings},
		{Name: "Text messages without a provider", From: func(w *gallery.World) WordingsPageProps {
			props := storyWordings(w)
			props.Quiet.Texts, props.Provider = true, false
			return props
		}},
		{Name: "Hours that are none", From: func(w *gallery.World) WordingsPageProps {
			props := storyWordings(w)
			props.Hours[1], props.Errors = "soon", map[string]string{"hours_1": "Enter hours before the visit, from 1 to 336, like 48, 24."}
			return props
		}},
	},
}

func storyWordings(w *gallery.World) WordingsPageProps {
	at := w.Now.Add(-50 * time.Hour)
	return WordingsPageProps{
		Edited: map[db.MessageKind]db.EditedWording{
			db.MessageVisitReminder: {Kind: db.MessageVisitReminder, Subject: "{pet} has a date with us", Body: "{details}", Version: 1, UpdatedAt: &at, UpdatedBy: w.Person()},
		},
		Quiet:    db.MessageSettings{From: "20:00", Until: "08:00", CountryCode: "1", Version: 1},
		Provider: true,
		Types:    []db.ReminderType{{ID: 1, Name: "Consultation", SendMessages: true}, {ID: 2, Name: "Euthanasia"}},
		Hours:    map[int64]string{1: "48, 24", 2: "48, 24"},
	}
}

// WordingPageStories show a wording that is edited, refused, overtaken and tested.
var WordingPageStories = gallery.Component[WordingPageProps]{
	Path:   "Operations/Wording",
	View:   WordingPage,
	Covers: []string{"views.WordingPreview"},
	Stories: []gallery.Story[WordingPageProps]{
		{Name: "Original", From: storyWording},
		{Name: "Unknown placeholder", From: func(w *gallery.World) WordingPageProps {
			props := storyWording(w)
			props.Errors = map[string]string{"body": "There is no {pets}. You can use {pet}."}
			props.Preview.Errors = props.Errors
			return props
		}},
		{Name: "Somebody was quicker", From: func(w *gallery.World) WordingPageProps {
			props := storyWording(w)
			props.Stale, props.Saved = true, db.EditedWording{Subject: "See you tomorrow", Body: "x", Version: 2, UpdatedBy: w.Person()}
			return props
		}},
		{Name: "Test sent", From: func(w *gallery.World) WordingPageProps {
			props := storyWording(w)
			props.TestID, props.TestedTo = 12, "manager@demo.clinic"
			return props
		}},
		{Name: "Text message", From: storyTextWording},
		{Name: "Text message in another alphabet", From: func(w *gallery.World) WordingPageProps {
			props := storyTextWording(w)
			props.Wording.Body += " 🐾"
			props.Preview.Text += " 🐾"
			props.Preview.Segments, props.Preview.Alphabet = emails.Segments(props.Preview.Text)
			return props
		}},
		{Name: "Test to no number", From: func(w *gallery.World) WordingPageProps {
			props := storyTextWording(w)
			props.TestTo = "555-01"
			props.Errors = map[string]string{"test_to": "Enter the whole number of a mobile, like +1 970 555 0167."}
			return props
		}},
	},
}

func storyTextWording(w *gallery.World) WordingPageProps {
	letter := emails.LetterProps{
		Kind: db.MessageVisitReminder, Wording: emails.TextOriginals[db.MessageVisitReminder], Clinic: emails.Clinic{Name: "Harbour Vets", Phone: "(970) 555-0100"},
		Visits: []emails.Visit{{Patient: w.Pet(), Type: "Vaccination", StartsAt: w.Now, EndsAt: w.Now.Add(20 * time.Minute)}},
	}
	props := WordingPageProps{Kind: letter.Kind, Channel: db.ChannelSMS, Wording: letter.Wording, Preview: WordingPreviewProps{Text: letter.TextMessage()}}
	props.Preview.Segments, props.Preview.Alphabet = emails.Segments(props.Preview.Text)
	return props
}

func storyWording(w *gallery.World) WordingPageProps {
	letter := emails.LetterProps{
		Kind: db.MessageVisitReminder, Wording: emails.Originals[db.MessageVisitReminder], Greeting: w.Person(),
		Clinic: emails.Clinic{Name: "Harbour Vets", Phone: "(970) 555-0100"},
		Visits: []emails.Visit{{Patient: w.Pet(), Type: "Vaccination", StartsAt: w.Now, EndsAt: w.Now.Add(20 * time.Minute)}},
	}
	return WordingPageProps{Kind: letter.Kind, Wording: letter.Wording, Preview: WordingPreviewProps{Subject: letter.Subject(), Blocks: letter.Blocks()}}
}
