package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// maxEnvelope bounds what the door reads: the SDK's largest are far smaller.
const maxEnvelope = 1 << 20

// door is the only way out. It reads every envelope, builds a new one from what it knows to be safe, and sends that.
type door struct {
	next                 http.RoundTripper
	environment, release string

	sent, refused, failed atomic.Int64
	lastSent              atomic.Int64 // Unix seconds
}

// RoundTrip sends the envelope rebuilt, or nothing.
func (d *door) RoundTrip(request *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(io.LimitReader(request.Body, maxEnvelope+1))
	_ = request.Body.Close()
	if err != nil || len(body) > maxEnvelope {
		return d.keep(request)
	}
	rebuilt, err := d.rebuild(body)
	if err != nil {
		return d.keep(request)
	}

	safe, err := http.NewRequestWithContext(request.Context(), http.MethodPost, request.URL.String(), bytes.NewReader(rebuilt))
	if err != nil {
		return d.keep(request)
	}
	safe.Header.Set("Content-Type", "application/x-sentry-envelope")
	safe.Header.Set("User-Agent", serverName)
	safe.Header.Set("X-Sentry-Auth", request.Header.Get("X-Sentry-Auth"))
	answer, err := d.next.RoundTrip(safe)
	if err != nil || answer.StatusCode >= 400 {
		d.failed.Add(1)
		return answer, err
	}
	d.sent.Add(1)
	d.lastSent.Store(time.Now().Unix())
	return answer, nil
}

// keep answers as if the envelope had been sent, so that the SDK goes on.
func (d *door) keep(request *http.Request) (*http.Response, error) {
	d.refused.Add(1)
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: http.NoBody, Request: request,
	}, nil
}

var errUnknown = errors.New("not an envelope we know")

// rebuild makes a new envelope of what is allowed in an old one. Items that are not known are left out; one that
// cannot be read, and nothing that is left, are errors.
func (d *door) rebuild(envelope []byte) ([]byte, error) {
	head, rest, _ := bytes.Cut(envelope, []byte("\n"))
	var header wireHeader
	if err := json.Unmarshal(head, &header); err != nil {
		return nil, err
	}
	if header.EventID == "" {
		return nil, errUnknown
	}

	var out bytes.Buffer
	if err := writeLine(&out, header); err != nil {
		return nil, err
	}
	items := 0
	for len(bytes.TrimSpace(rest)) > 0 {
		var kind string
		var payload []byte
		var err error
		if kind, payload, rest, err = nextItem(rest); err != nil {
			return nil, err
		}
		if kind != "event" && kind != "transaction" {
			continue
		}
		safe, err := d.item(kind, payload)
		if err != nil {
			return nil, err
		}
		if err := writeLine(&out, map[string]any{"type": kind, "length": len(safe)}); err != nil {
			return nil, err
		}
		out.Write(safe)
		out.WriteByte('\n')
		items++
	}
	if items == 0 {
		return nil, errUnknown
	}
	return out.Bytes(), nil
}

// nextItem cuts one item off an envelope.
func nextItem(rest []byte) (kind string, payload, after []byte, err error) {
	head, rest, _ := bytes.Cut(rest, []byte("\n"))
	var header struct {
		Type   string `json:"type"`
		Length *int   `json:"length"`
	}
	if err := json.Unmarshal(head, &header); err != nil {
		return "", nil, nil, err
	}
	if header.Length == nil {
		payload, after, _ = bytes.Cut(rest, []byte("\n"))
		return header.Type, payload, after, nil
	}
	if *header.Length < 0 || *header.Length > len(rest) {
		return "", nil, nil, errUnknown
	}
	return header.Type, rest[:*header.Length], bytes.TrimPrefix(rest[*header.Length:], []byte("\n")), nil
}

func (d *door) item(kind string, payload []byte) ([]byte, error) {
	var safe wireEvent
	if err := json.Unmarshal(payload, &safe); err != nil {
		return nil, err
	}
	if safe.EventID == "" || (kind == "event" && len(safe.Exception) == 0) {
		return nil, errUnknown
	}
	safe.Type = strings.TrimPrefix(kind, "event") // an event has no type, a transaction its own
	safe.Platform, safe.ServerName, safe.Environment, safe.Release = "go", serverName, d.environment, d.release
	safe.SDK = wireSDK{Name: "purple-cross.report", Version: "1"}
	return json.Marshal(safe)
}

func writeLine(to *bytes.Buffer, value any) error {
	line, err := json.Marshal(value)
	if err != nil {
		return err
	}
	to.Write(line)
	to.WriteByte('\n')
	return nil
}

// Delivery says how reports got on since the start.
type Delivery struct {
	Sending               bool // a DSN is set
	Sent, Refused, Failed int64
	LastSent              time.Time // zero for never
}

// Delivered is for the operator's pages and metrics.
func Delivered() Delivery {
	to := sending.Load()
	if to == nil {
		return Delivery{}
	}
	delivery := Delivery{Sending: true, Sent: to.door.sent.Load(), Refused: to.door.refused.Load(), Failed: to.door.failed.Load()}
	if at := to.door.lastSent.Load(); at > 0 {
		delivery.LastSent = time.Unix(at, 0)
	}
	return delivery
}
