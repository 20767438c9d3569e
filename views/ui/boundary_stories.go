package ui

import (
	"context"
	"errors"
	"io"

	"github.com/a-h/templ"

	"purplecross/views/gallery"
)

// BoundaryStories show a part that works, and parts that fail halfway.
var BoundaryStories = gallery.Component[BoundaryProps]{
	Path:   "Messages/Boundary",
	View:   boundaryShown,
	Use:    []string{"Around every part of a page that asks for something of its own. Panels are boundaries already."},
	Avoid:  []string{"Around a whole page: an error page says it better.", "For an answer that is merely empty: that is no failure."},
	Doc:    "Boundary keeps a failure to the part where it happened: nothing half-drawn is shown, the rest of the page works, and Try again fetches just this part. Every Panel is one.",
	Covers: []string{"ui.Boundary"},
	Narrow: "Panic halfway",
	Mirror: "Panic halfway",
	Stories: []gallery.Story[BoundaryProps]{
		{Name: "Panic halfway", Args: BoundaryProps{ID: "care", Body: Panel(PanelProps{Title: "Care", Body: halfway()})}},
		{Name: "Rows not read", Args: BoundaryProps{ID: "messages", Err: errors.New("read messages")}},
		{Name: "Works", Args: BoundaryProps{ID: "facts", Body: Facts(FactsProps{Items: []Fact{{Term: "Species", Value: "Cat"}}})}},
	},
}

// ReferenceStories show what a person reads out.
var ReferenceStories = gallery.Component[ReferenceProps]{
	Path:   "Messages/Reference",
	View:   Reference,
	Use:    []string{"Wherever something failed, so that a person on the telephone can read it out."},
	Avoid:  []string{"For the number of a visit or a client: that is a fact of the record."},
	Narrow: "Reference",
	Mirror: "Reference",
	Stories: []gallery.Story[ReferenceProps]{
		{Name: "Reference", Args: ReferenceProps{Value: "K7QX-2M4D-5PLT"}},
	},
}

// boundaryShown is a boundary on a page whose failures are told to nobody.
func boundaryShown(props BoundaryProps) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		told := func(context.Context, string, error, any) Failed {
			return Failed{Reference: "K7QX-2M4D-5PLT", RetryURL: "#again"}
		}
		return Boundary(props).Render(WithBoundaries(ctx, &Boundaries{Tell: told}), w)
	})
}

// halfway breaks off in the middle of a list.
func halfway() templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, _ = io.WriteString(w, "<ul><li>Rabies</li><li>")
		panic("the second row has no date")
	})
}
