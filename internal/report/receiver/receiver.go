// Package receiver is a Sentry for tests: it takes envelopes on the loopback, remembers them, and can be slow or refuse.
package receiver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// Receiver is one that runs until its test ends.
type Receiver struct {
	t      testing.TB
	server *httptest.Server
	mu     sync.Mutex
	text   bytes.Buffer
	items  []Item
	answer func(w http.ResponseWriter) // nil answers 200
}

// Item is one item of an envelope.
type Item struct {
	Type string
	Body map[string]any
	Raw  []byte // as it came: a recording is no JSON
}

// New starts a receiver.
func New(t testing.TB) *Receiver {
	r := &Receiver{t: t}
	r.server = httptest.NewServer(http.HandlerFunc(r.take))
	t.Cleanup(r.server.Close)
	return r
}

// DSN is what leads here.
func (r *Receiver) DSN() string {
	return strings.Replace(r.server.URL, "http://", "http://publickey@", 1) + "/1"
}

// Answer has every further envelope answered by this, before which it is remembered.
func (r *Receiver) Answer(answer func(w http.ResponseWriter)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = answer
}

func (r *Receiver) take(w http.ResponseWriter, request *http.Request) {
	body, _ := io.ReadAll(request.Body)
	r.mu.Lock()
	fmt.Fprintln(&r.text, request.URL, request.Header)
	r.text.Write(body)
	r.items = append(r.items, itemsOf(body)...)
	answer := r.answer
	r.mu.Unlock()
	if answer != nil {
		answer(w)
		return
	}
	_, _ = io.WriteString(w, `{}`)
}

func itemsOf(body []byte) []Item {
	var items []Item
	_, rest, _ := bytes.Cut(body, []byte("\n"))
	for len(bytes.TrimSpace(rest)) > 0 {
		var header struct {
			Type   string
			Length int
		}
		head, after, _ := bytes.Cut(rest, []byte("\n"))
		if json.Unmarshal(head, &header) != nil || header.Length > len(after) {
			break
		}
		item := Item{Type: header.Type, Raw: bytes.Clone(after[:header.Length])}
		_ = json.Unmarshal(after[:header.Length], &item.Body)
		items = append(items, item)
		rest = bytes.TrimPrefix(after[header.Length:], []byte("\n"))
	}
	return items
}

// Items are the items of a type that arrived.
func (r *Receiver) Items(kind string) []Item {
	r.mu.Lock()
	defer r.mu.Unlock()
	var found []Item
	for _, item := range r.items {
		if item.Type == kind {
			found = append(found, item)
		}
	}
	return found
}

// All waits for so many items of a type.
func (r *Receiver) All(kind string, count int) []Item {
	r.t.Helper()
	deadline := time.Now().Add(time.Minute)
	for {
		found := r.Items(kind)
		if len(found) >= count {
			return found
		}
		if time.Now().After(deadline) {
			r.t.Fatalf("%d of %d items of %s arrived", len(found), count, kind)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// Text is all that arrived: addresses, headers, bodies.
func (r *Receiver) Text() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

// Wait waits for an item of a type that is as wanted.
func (r *Receiver) Wait(kind string, wanted func(body map[string]any) bool) map[string]any {
	r.t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for {
		for _, item := range r.Items(kind) {
			if wanted(item.Body) {
				return item.Body
			}
		}
		if time.Now().After(deadline) {
			r.t.Fatalf("no such %s arrived:\n%s", kind, r.Text())
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// At reads a value inside of an item: At(body, "contexts", "trace", "trace_id").
func At(body map[string]any, path ...string) string {
	var value any = body
	for _, name := range path {
		inner, _ := value.(map[string]any)
		value = inner[name]
	}
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}
