package ui

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"

	"github.com/a-h/templ"
)

// Failed is what a person is told of a part that failed.
type Failed struct {
	Reference string // What to quote to whoever looks into it.
	RetryURL  string // The page to fetch the part from; "" where the page can't be asked for again.
}

// Boundaries is what the boundaries of one page share.
type Boundaries struct {
	// Tell reports a failure, called in the function that recovered a panic; panicked is nil for an error.
	Tell func(ctx context.Context, part string, err error, panicked any) Failed
	Only string // The id of the one part that was asked for; "" for all.
	// Break is a test's: it is called at the end of each part, and may panic there. nil elsewhere.
	Break func(part string)

	found *bytes.Buffer
}

// Part is the part that was asked for, as it was drawn; nil when the page has none of that id.
func (b *Boundaries) Part() []byte {
	if b.found == nil {
		return nil
	}
	return b.found.Bytes()
}

type boundariesKey struct{}

// WithBoundaries says what becomes of parts that fail. Without it a failure is the whole page's.
func WithBoundaries(ctx context.Context, boundaries *Boundaries) context.Context {
	return context.WithValue(ctx, boundariesKey{}, boundaries)
}

// bounded draws a part into a buffer of its own, or its failure.
func bounded(props BoundaryProps) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		boundaries, _ := ctx.Value(boundariesKey{}).(*Boundaries)
		if boundaries == nil || boundaries.Tell == nil {
			return errors.Join(props.Err, drawn(ctx, props.Body, w))
		}

		buffer := templ.GetBuffer()
		defer templ.ReleaseBuffer(buffer)
		failed, err := attempt(ctx, boundaries, props, buffer)
		if err != nil {
			return err
		}
		if failed != nil {
			buffer.Reset()
			if err := boundaryFailed(props.ID, *failed).Render(ctx, buffer); err != nil {
				return err
			}
		}
		if boundaries.Only != "" && boundaries.Only == props.ID {
			boundaries.found = bytes.NewBuffer(bytes.Clone(buffer.Bytes()))
		}
		_, err = w.Write(buffer.Bytes())
		return err
	})
}

// attempt draws the part. Its failure is told, unless the visitor went away: that ends the page.
func attempt(ctx context.Context, boundaries *Boundaries, props BoundaryProps, to io.Writer) (failed *Failed, err error) {
	defer func() {
		value := recover()
		if value == nil {
			return
		}
		if value == http.ErrAbortHandler { // the way to drop a connection
			panic(value)
		}
		told := boundaries.Tell(ctx, props.ID, nil, value)
		failed, err = &told, nil
	}()
	if err = props.Err; err == nil {
		err = drawn(ctx, props.Body, to)
	}
	if boundaries.Break != nil {
		boundaries.Break(props.ID)
	}
	if err == nil || errors.Is(err, context.Canceled) {
		return nil, err
	}
	told := boundaries.Tell(ctx, props.ID, err, nil)
	return &told, nil
}

func drawn(ctx context.Context, body templ.Component, to io.Writer) error {
	if body == nil {
		return nil
	}
	return body.Render(ctx, to)
}

var notInID = regexp.MustCompile(`[^a-z0-9]+`)

// partID is the id of a panel's boundary: from its own id, else from its title.
func partID(props PanelProps) string {
	name := props.ID
	if name == "" && props.Title == "" {
		return "panel-part"
	}
	if name == "" {
		name = strings.Trim(notInID.ReplaceAllString(strings.ToLower(props.Title), "-"), "-")
	}
	return name + "-part"
}
