package views

import "purplecross/views/gallery"

// ProblemStories show what stands where a part of a page failed.
var ProblemStories = gallery.Component[ProblemPageProps]{
	Path:   "Messages/Failed part",
	View:   ProblemPart,
	Use:    []string{"In the answer to a request from within a page, when it fails: it takes the place of what was asked for."},
	Avoid:  []string{"For a field that is wrong: the form comes back with its errors.", "For a page: an error page."},
	Covers: []string{"views.ProblemPage"},
	Narrow: "Changed by someone else",
	Mirror: "Changed by someone else",
	Stories: []gallery.Story[ProblemPageProps]{
		{Name: "Went wrong", Args: ProblemPageProps{Status: 500, Title: "Something went wrong", Text: "It is not your fault, and it has been recorded. Try again; if it stays, tell us the reference.", Reference: "0123456789abcdef", RetryURL: "#again"}},
		{Name: "Database away", Args: ProblemPageProps{Status: 503, Title: "One moment", Text: "The database does not answer right now. Nothing was saved. Try again in a minute.", Reference: "0123456789abcdef", RetryURL: "#again"}},
		{Name: "Changed by someone else", Args: ProblemPageProps{Status: 409, Title: "Changed by someone else", Text: "Somebody saved this record while you had it open. Open it again to see what it is now.", RetryURL: "#again"}},
		{Name: "Not allowed", Args: ProblemPageProps{Status: 403, Title: "Not for your role", Text: "Your role may not open this. Ask a manager if you need it."}},
		{Name: "Too many tries", Args: ProblemPageProps{Status: 429, Title: "Too many tries", Text: "Wait a few minutes, then try again.", RetryURL: "#again"}},
	},
}
