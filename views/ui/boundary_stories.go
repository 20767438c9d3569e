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
	Doc:    "Boundary keeps a failure to the part where it happened: nothing half-drawn is shown, the rest of the page works, and Try again fetches just this part. Every Panel is one.",
	Covers: []string{"ui.Boundary"},
	Stories: []gallery.Story[BoundaryProps]{
		{Name: "Panic halfway", Args: BoundaryProps{ID: "care", Body: Panel(PanelProps{Title: "Care", Body: halfway()})}},
		{Name: "Rows not read", Args: BoundaryProps{ID: "messages", Err: errors.New("read messages")}},
		{Name: "Works", Args: BoundaryProps{ID: "facts", Body: Facts(FactsProps{Items: []Fact{{Term: "Species", Value: "Cat"}}})}},
	},
}

// ReferenceStories show what a person reads out.
var ReferenceStories = gallery.Component[ReferenceProps]{
	Path: "Messages/Reference",
	View: Reference,
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
