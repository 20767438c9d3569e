package ui

import "purplecross/views/gallery"

// CalloutStories show what must not be missed.
var CalloutStories = gallery.Component[CalloutProps]{
	Path:  "Messages/Callout",
	View:  Callout,
	Use:   []string{"What must be known before going on. One of a tone on a screen."},
	Avoid: []string{"For what just happened: a flash.", "For an allergy or a bite: the patient banner."},
	Anatomy: gallery.Anatomy{Of: "Warn", Parts: []gallery.Part{
		{Name: "Sign", Is: "Its shape differs by kind, so that it is told apart without colours.", At: ".icon"},
		{Name: "Title", Is: "The whole message in one line, for those who read no more.", At: ".callout-title"},
		{Name: "Text", Is: "What to do, or why.", At: ".callout-body > p:last-child"},
	}},
	Stories: []gallery.Story[CalloutProps]{
		{Name: "Neutral", Args: CalloutProps{Text: "This household was merged into another on 3 Nov 2026."}},
		{Name: "Info", Args: CalloutProps{Text: "This household prefers to be telephoned.", Tone: ToneInfo}},
		{Name: "OK", Args: CalloutProps{Text: "30,947 clients were imported.", Tone: ToneOK}},
		{Name: "Warn", Args: CalloutProps{Title: "A weight of 250 kg, for a cat?", Text: "Check the unit before you save.", Tone: ToneWarn}},
		{Name: "Danger", Args: CalloutProps{Title: "Saved by someone else", Text: "Dr Reyes saved this record at 14:02.", Tone: ToneDanger, Body: Button(ButtonProps{Label: "Show both versions", Small: true})}},
		{Name: "Long text", From: func(w *gallery.World) CalloutProps {
			return CalloutProps{Title: w.Note(1), Text: w.Note(6), Tone: ToneInfo}
		}},
		{Name: "Narrow", Narrow: true, Args: CalloutProps{Title: "Saved by someone else", Text: "Dr Reyes saved this record at 14:02.", Tone: ToneDanger, Body: Button(ButtonProps{Label: "Show both versions", Small: true})}},
		{Name: "From right to left", Dir: "rtl", Args: CalloutProps{Title: "تنبيه", Text: "هذا المريض يعض.", Tone: ToneWarn}},
	},
}

// FlashStories show what just happened.
var FlashStories = gallery.Component[FlashProps]{
	Path:  "Messages/Flash",
	View:  Flash,
	Use:   []string{"What was just done, with Undo where there is one."},
	Avoid: []string{"For what is wrong with a form: it is gone too soon."},
	Anatomy: gallery.Anatomy{Of: "With Undo", Parts: []gallery.Part{
		{Name: "Message", Is: "What has happened, as a sentence.", At: ".flash-message"},
		{Name: "Undo", Is: "Where there is a way back. It also has a key.", At: "form .button"},
		{Name: "Close", Is: "Shown by a script. Without one the message goes with the page.", At: ".flash-close"},
	}},
	Narrow: "With Undo",
	Mirror: "With Undo",
	Stories: []gallery.Story[FlashProps]{
		{Name: "Done", Args: FlashProps{Message: "Visit booked for Tue 24 Nov 2026 at 14:30."}},
		{Name: "With Undo", Args: FlashProps{Message: "Visit cancelled.", UndoAction: "#undo"}},
		{Name: "Went wrong", Args: FlashProps{Message: "The server did not answer. Check the connection, then try again.", Tone: ToneDanger}},
		{Name: "Long text", Args: FlashProps{Message: "The visit of Princess Consuela with Dr Abernathy-Featherstonehaugh was moved from Tue 24 Nov 2026 at 14:30 to Wed 25 Nov 2026 at 09:10.", UndoAction: "#undo"}},
	},
}

// ProblemStories show failures that were designed for.
var ProblemStories = gallery.Component[ProblemProps]{
	Path:  "Messages/Problem",
	View:  Problem,
	Use:   []string{"In place of a part, or of a page, that could not be made."},
	Avoid: []string{"For a form that is not right: an error summary."},
	Anatomy: gallery.Anatomy{Of: "In place of a part", Parts: []gallery.Part{
		{Name: "Title", Is: "What can't be seen, not what went wrong inside.", At: ".problem-title"},
		{Name: "Reassurance", Is: "What is safe: it was recorded, the rest works, nothing is lost.", At: ".problem-words > p:nth-child(2)"},
		{Name: "Reference", Is: "To be read out or copied. It finds the report with all that happened.", At: ".problem-reference"},
		{Name: "Way out", Is: "Try again, or another way to the same thing.", At: ".actions .button"},
	}},
	Mirror: "In place of a part",
	Stories: []gallery.Story[ProblemProps]{
		{Name: "In place of a part", Args: ProblemProps{Status: 500, Title: "Messages can't be shown", Text: "It has been recorded. The rest of the page is fine.", Reference: "0123456789abcdef", RetryURL: "#again"}},
		{Name: "Not found", Args: ProblemProps{Status: 404, Title: "Nothing here", Text: "The record or page does not exist, or it was removed.", Page: true}},
		{Name: "Not allowed", Args: ProblemProps{Status: 403, Title: "Not for your role", Text: "Your role may not open this. Ask a manager if you need it.", Page: true}},
		{Name: "Went wrong", Args: ProblemProps{Status: 500, Title: "Something went wrong", Text: "It is not your fault, and it has been recorded. Try again; if it stays, tell us the reference.", Reference: "0123456789abcdef", RetryURL: "#again", Page: true}},
		{Name: "Busy", Args: ProblemProps{Status: 503, Title: "One moment", Text: "The database does not answer right now. Nothing was saved. Try again in a minute.", RetryURL: "#again", Page: true}},
		{Name: "Narrow", Narrow: true, Args: ProblemProps{Status: 500, Title: "Something went wrong", Text: "It was written down. Try again in a minute.", Reference: "0123456789abcdef", RetryURL: "#again"}},
	},
}

// EmptyStories show nothing, on purpose.
var EmptyStories = gallery.Component[EmptyProps]{
	Path:  "Messages/Empty",
	View:  Empty,
	Use:   []string{"In place of a list with nothing in it: why, and what fills it."},
	Avoid: []string{"While rows are on their way: a skeleton."},
	Anatomy: gallery.Anatomy{Of: "With a way on", Parts: []gallery.Part{
		{Name: "Picture", Is: "Of the thing that is missing; only for looks.", At: ".empty-icon"},
		{Name: "Title", Is: "What is not there, as a fact.", At: ".empty-title"},
		{Name: "Text", Is: "Why, or what fills it.", At: ".empty-text"},
		{Name: "Action", Is: "The one thing that one would do now.", At: ".empty-action .button"},
	}},
	Mirror: "With a way on",
	Stories: []gallery.Story[EmptyProps]{
		{Name: "With a way on", Args: EmptyProps{Title: "No visits today", Text: "The clinic is open until 18:00.", Icon: IconCalendar, Action: Button(ButtonProps{Label: "Book visit", Kind: ButtonPrimary})}},
		{Name: "Only words", Args: EmptyProps{Title: "No messages yet"}},
		{Name: "Long text", From: func(w *gallery.World) EmptyProps {
			return EmptyProps{Title: "No patient is called " + w.Pet(), Text: w.Note(4), Icon: IconSearch}
		}},
		{Name: "Narrow", Narrow: true, Args: EmptyProps{Title: "No patient matches", Text: "Remove a filter, or look for something else.", Icon: IconSearch, Action: Button(ButtonProps{Label: "Show all patients", Small: true})}},
	},
}

// SkeletonStories show what is still to come.
var SkeletonStories = gallery.Component[SkeletonProps]{
	Path:   "Messages/Skeleton",
	View:   Skeleton,
	Use:    []string{"For what takes longer than a blink."},
	Avoid:  []string{"For what is there at once, which is most of it."},
	Narrow: "Three lines",
	Mirror: "Three lines",
	Stories: []gallery.Story[SkeletonProps]{
		{Name: "Three lines"},
		{Name: "Eight lines", Args: SkeletonProps{Lines: 8}},
	},
}
