package views

import (
	"time"

	"purplecross/views/gallery"
)

var demoPeople = []DemoPerson{
	{Email: "reception@demo.clinic", Role: "Reception"},
	{Email: "nurse@demo.clinic", Role: "Nurse"},
	{Email: "vet@demo.clinic", Role: "Vet"},
	{Email: "manager@demo.clinic", Role: "Manager"},
	{Email: "admin@demo.clinic", Role: "Admin"},
	{Email: "designer@demo.clinic", Role: "Designer"},
}

// SignInStories show the way in.
var SignInStories = gallery.Component[SignInPageProps]{
	Path:   "Session/Sign in",
	View:   SignInForm,
	Use:    []string{"On the page that signs people in, once."},
	Avoid:  []string{"When a session ended under somebody's hands: sign in again, in place."},
	Mock:   signInMock,
	Covers: []string{"views.SignInPage"},
	Narrow: "Wrong password",
	Mirror: "Wrong password",
	Stories: []gallery.Story[SignInPageProps]{
		{Name: "Demo clinic", Args: SignInPageProps{Demo: demoPeople, Password: "demo-clinic"}},
		{Name: "Clinic of one's own", Play: signInPlay},
		{Name: "Wrong password", Args: SignInPageProps{Email: "vet@demo.clinic", Error: "The e-mail address or the password is not right."}},
		{Name: "Too many tries", Args: SignInPageProps{Email: "vet@demo.clinic", Error: "Too many wrong passwords. Wait a quarter of an hour, or ask a manager to set a new one."}},
	},
}

// SessionsStories show where a person is signed in.
var SessionsStories = gallery.Component[SessionsPageProps]{
	Path: "Session/Signed-in devices",
	View: SessionsPage,
	Tags: []string{"page"},
	Stories: []gallery.Story[SessionsPageProps]{
		{Name: "Several", From: func(w *gallery.World) SessionsPageProps {
			return SessionsPageProps{Devices: []Device{
				{ID: 1, Name: "Chrome on Windows", IP: "192.0.2.14", Since: w.Now.Add(-5 * time.Hour), LastSeen: w.Now, Current: true},
				{ID: 2, Name: "Safari on iPhone", IP: "2001:db8::8a2e:370:7334", Since: w.Day(-12), LastSeen: w.Now.Add(-3 * time.Hour)},
				{ID: 3, Name: "A browser", Since: w.Day(-6), LastSeen: w.Day(-5)},
			}}
		}},
		{Name: "Pages are recorded", From: func(w *gallery.World) SessionsPageProps {
			return SessionsPageProps{Recording: true, Recorded: true, Devices: []Device{{ID: 1, Name: "Firefox on Mac", Since: w.Day(0), LastSeen: w.Now, Current: true}}}
		}},
		{Name: "This one only", From: func(w *gallery.World) SessionsPageProps {
			return SessionsPageProps{Devices: []Device{{ID: 1, Name: "Firefox on Mac", IP: "192.0.2.14", Since: w.Day(0), LastSeen: w.Now, Current: true}}}
		}},
	},
}

// SignInAgainStories show a session that ended while its page was open.
var SignInAgainStories = gallery.Component[SignInAgainProps]{
	Path:   "Session/Sign in again",
	View:   SignInAgain,
	Use:    []string{"Over the page that one works on, when its session ended: nothing that was typed is lost."},
	Avoid:  []string{"As the first page of the day: sign in."},
	Narrow: "Known person",
	Mirror: "Known person",
	Stories: []gallery.Story[SignInAgainProps]{
		{Name: "Known person", Args: SignInAgainProps{Email: "vet@demo.clinic"}},
		{Name: "Nobody known"},
	},
}
