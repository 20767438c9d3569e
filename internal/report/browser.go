package report

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"path"
	"strings"
)

// Pages send their failures and traces as Sentry's envelopes, to us. This file reads them as what they are, the words of
// a stranger: every text is one that we know, or is left out.

// Browser is what a page sent, and who had it open.
type Browser struct {
	Envelope []byte
	DSN      string // the one that our pages have; an envelope with another is refused
	StaffID  int64  // 0 for nobody
	Recorded bool   // the clinic and the person let their pages be recorded
}

// Why an envelope was refused.
var (
	ErrEnvelope = errors.New("not an envelope")
	ErrOtherDSN = errors.New("an envelope for another project")
	ErrTooMany  = errors.New("too many items")
	ErrTooLarge = errors.New("a recording past all measure")
)

const browserItems = 20

// FromBrowser records the failures of an envelope in our database and, with a DSN, sends what is left of it on.
func FromBrowser(ctx context.Context, from Browser) error {
	head, rest, _ := bytes.Cut(from.Envelope, []byte("\n"))
	var header struct {
		DSN string `json:"dsn"`
	}
	if err := json.Unmarshal(head, &header); err != nil {
		return ErrEnvelope
	}
	if header.DSN != from.DSN {
		return ErrOtherDSN
	}

	var recording replayed
	for items := 0; len(bytes.TrimSpace(rest)) > 0; items++ {
		if items == browserItems {
			return ErrTooMany
		}
		var kind string
		var payload []byte
		var err error
		if kind, payload, rest, err = nextItem(rest); err != nil {
			return ErrEnvelope
		}
		switch kind {
		case "replay_event":
			recording.event = payload
		case "replay_recording":
			recording.recording = payload
		}
		if kind != "event" && kind != "transaction" {
			continue // attachments, whatever comes one day
		}
		var said browserEvent
		if err := json.Unmarshal(payload, &said); err != nil {
			return ErrEnvelope
		}
		said.tell(ctx, kind, from.StaffID)
	}
	if !from.Recorded {
		return nil // nobody said yes to it
	}
	of := workOf(ctx)
	of.knows(from.StaffID)
	return recording.send(of)
}

// browserEvent is an error or a trace of a page.
type browserEvent struct {
	EventID   hexID                `json:"event_id"`
	Timestamp moment               `json:"timestamp"`
	Start     moment               `json:"start_timestamp"`
	Level     level                `json:"level"`
	Route     pageRoute            `json:"transaction"`
	Exception listed[browserError] `json:"exception"`
	Contexts  browserContexts      `json:"contexts"`
	Spans     []browserSpan        `json:"spans"`
	Measured  wireMeasured         `json:"measurements"`
	Tags      browserEventTags     `json:"tags"`
}

type browserEventTags struct {
	Reference referenceID `json:"reference"` // of the page, or of the answer that went wrong
}

type browserContexts struct {
	Trace *browserTrace `json:"trace"`
}

type browserTrace struct {
	TraceID  hexID   `json:"trace_id"`
	SpanID   hexID   `json:"span_id"`
	ParentID hexID   `json:"parent_span_id"`
	Op       traceOp `json:"op"`
	Status   status  `json:"status"`
}

type browserSpan struct {
	TraceID  hexID     `json:"trace_id"`
	SpanID   hexID     `json:"span_id"`
	ParentID hexID     `json:"parent_span_id"`
	Op       traceOp   `json:"op"`
	What     spanNamed `json:"description"`
	Status   status    `json:"status"`
	Start    moment    `json:"start_timestamp"`
	End      moment    `json:"timestamp"`
}

type browserError struct {
	Type  errorName `json:"type"`
	Value pageWords `json:"value"`
	Stack struct {
		Frames []browserFrame `json:"frames"` // outermost first
	} `json:"stacktrace"`
}

type browserFrame struct {
	Function string     `json:"function"`
	File     staticFile `json:"filename"`
	Line     lineNo     `json:"lineno"`
	Column   lineNo     `json:"colno"`
}

// UnmarshalJSON reads a frame, whose place it takes back to the source.
func (f *browserFrame) UnmarshalJSON(data []byte) error {
	type read browserFrame
	if err := json.Unmarshal(data, (*read)(f)); err != nil {
		return err
	}
	if f.File.of.Place != nil {
		name, line := f.File.of.Place(int(f.Line))
		f.File.name, f.Line = path.Join("static", name), lineNo(line)
	}
	return nil
}

// function is the name of a function in a file of ours, which is code; of any other it is left out.
func (f browserFrame) function() string {
	if f.File.name == "" || len(f.Function) > 80 || strings.Trim(f.Function, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$.<>") != "" {
		return "?"
	}
	return f.Function
}

// tell records an error under its fingerprint and sends it, or sends a trace.
func (e browserEvent) tell(ctx context.Context, kind string, staffID int64) {
	of := &work{route: string(e.Route), reference: string(e.Tags.Reference)}
	if of.reference == "" {
		of.reference = workOf(ctx).reference
	}
	of.knows(staffID)
	if kind == "transaction" {
		e.send(kind, of, "")
		return
	}
	if len(e.Exception) == 0 {
		return
	}

	last := e.Exception[len(e.Exception)-1]
	stack := last.stack()
	failure := Failure{
		Title: string(last.Value), Kind: "browser " + string(last.Type), Route: of.route, Stack: stackText(stack),
		Release: current().Release, Reference: of.reference, Count: 1, TraceID: e.traceID(), Person: of.personID(),
		References: []string{of.reference},
	}
	if failure.Title == "" {
		failure.Title = string(last.Type)
	}
	failure.Fingerprint = fingerprint(failure, "browser", stack)
	slog.WarnContext(ctx, "failure in a page", "reference", failure.Reference, "where", failure.Route, "what", failure.Title, "type", failure.Kind)
	if failure = records.admit(failure); failure.Count > 0 {
		records.write(ctx, failure)
		e.send(kind, of, failure.Fingerprint)
		sentAs.keep(failure.Reference, e.EventID)
	}
}

func (e browserEvent) traceID() string {
	if e.Contexts.Trace == nil {
		return ""
	}
	return string(e.Contexts.Trace.TraceID)
}

// stack is innermost first, as ours are.
func (e browserError) stack() []frame {
	var stack []frame
	for i := len(e.Stack.Frames) - 1; i >= 0 && len(stack) < maxFrames; i-- {
		f := e.Stack.Frames[i]
		if f.File.name == "" {
			continue
		}
		at := frame{function: f.function(), pkg: module + "/static", file: f.File.name, line: int(f.Line), column: int(f.Column)}
		if f.File.of.Source != nil {
			at.source = f.File.of.Source(at.line, at.column)
		}
		stack = append(stack, at)
	}
	return stack
}

// send puts what is safe of it on its way.
func (e browserEvent) send(kind string, of *work, fingerprint string) {
	to := sending.Load()
	if to == nil || e.EventID == "" {
		return
	}
	safe := to.door.stamp(wireEvent{
		EventID: e.EventID, Type: strings.TrimPrefix(kind, "event"), Timestamp: e.Timestamp, Start: e.Start, Level: e.Level,
		Transaction: words(e.Route), Info: &wireInfo{Source: "route"}, Tags: wireTags{Reference: words(of.reference)},
	}, "javascript")
	if fingerprint != "" {
		safe.Fingerprint = []words{words(fingerprint)}
	}
	if person := of.personID(); person != "" {
		safe.User = &wireUser{ID: words(person)}
	}
	for _, failed := range e.Exception {
		wired := wireError{Type: words(failed.Type), Value: words(failed.Value)}
		if frames := failed.frames(); len(frames) > 0 {
			wired.Stacktrace = &wireStack{Frames: frames}
		}
		safe.Exception = append(safe.Exception, wired)
	}
	if trace := e.Contexts.Trace; trace != nil {
		safe.Contexts.Trace = &wireTrace{TraceID: trace.TraceID, SpanID: trace.SpanID, ParentID: trace.ParentID, Op: words(trace.Op), Status: trace.Status}
	}
	for _, span := range e.Spans[:min(len(e.Spans), 200)] {
		safe.Spans = append(safe.Spans, wireSpan{
			TraceID: span.TraceID, SpanID: span.SpanID, ParentID: span.ParentID, Op: words(span.Op), Description: words(span.What),
			Status: span.Status, Start: span.Start, End: span.End,
		})
	}
	safe.Measured, safe.Debug = e.Measured, e.builds()
	to.door.postItem(e.EventID, kind, safe)
}

func (e browserError) frames() []wireFrame {
	var frames []wireFrame
	for _, f := range e.Stack.Frames[:min(len(e.Stack.Frames), maxFrames)] {
		frames = append(frames, wireFrame{Function: words(f.function()), Filename: words(f.File.name), Line: f.Line, Column: f.Column, InApp: f.File.name != ""})
	}
	return frames
}

// builds are the minified scripts of a page's stacks.
func (e browserEvent) builds() *wireDebug {
	var images []wireImage
	seen := map[string]bool{}
	for _, failed := range e.Exception {
		for _, f := range failed.Stack.Frames {
			if id := f.File.of.DebugID; id != "" && !seen[id] {
				seen[id] = true
				images = append(images, wireImage{Type: "sourcemap", File: words(f.File.name), ID: words(id)})
			}
		}
	}
	if images == nil {
		return nil
	}
	return &wireDebug{Images: images}
}

// newEventID is 32 hexadecimal digits.
func newEventID() hexID {
	var random [16]byte
	_, _ = rand.Read(random[:])
	return hexID(hex.EncodeToString(random[:]))
}
