package views

import "purplecross/views/gallery"

// FeedbackStories show what somebody says of a failure.
var FeedbackStories = gallery.Component[FeedbackPageProps]{
	Path:   "Operations/Feedback page",
	View:   FeedbackPage,
	Covers: []string{"views.FeedbackForm"},
	Stories: []gallery.Story[FeedbackPageProps]{
		{Name: "Empty", Args: FeedbackPageProps{Reference: "K7QX-2M4D-5PLT"}},
		{Name: "Nothing written", Args: FeedbackPageProps{Reference: "K7QX-2M4D-5PLT", Error: "Write a sentence or two, 2000 characters at most."}},
	},
}
