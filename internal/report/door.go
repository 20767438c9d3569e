package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/getsentry/sentry-go"
)

// maxEnvelope bounds what the door reads: the SDK's largest are far smaller.
const maxEnvelope = 1 << 20

// door is the only way out. It reads every envelope, builds a new one from what it knows to be safe, and sends that.
type door struct {
	next                 http.RoundTripper
	environment, release string
	upstream             string            // the one address there is; no envelope can name another
	auth                 map[string]string // the real key, which no page knows
	queue                chan []byte       // envelopes that wait
	idle                 sync.WaitGroup    // one for each that waits

	sent, refused, failed, dropped atomic.Int64
	lastSent, pausedUntil          atomic.Int64 // Unix seconds
}

// queued is how many envelopes wait for a slow receiver; more are dropped and counted.
const queued = 1000

func newDoor(options Options, network http.RoundTripper) (*door, error) {
	dsn, err := sentry.NewDsn(options.DSN)
	if err != nil {
		return nil, err
	}
	d := &door{
		next: network, environment: options.Environment, release: options.Release,
		upstream: dsn.GetAPIURL().String(), auth: authOf(dsn), queue: make(chan []byte, queued),
	}
	go d.work()
	return d, nil
}

// authOf is how Sentry knows its project.
func authOf(dsn *sentry.Dsn) map[string]string {
	return map[string]string{"X-Sentry-Auth": "Sentry sentry_version=7, sentry_client=" + serverName + "/1, sentry_key=" + dsn.GetPublicKey()}
}

// post queues an envelope that was built from the types of wire.go. It never waits.
func (d *door) post(envelope []byte) {
	d.idle.Add(1)
	select {
	case d.queue <- envelope:
	default:
		d.idle.Done()
		d.dropped.Add(1)
	}
}

// work sends what was queued, one after the other, and keeps still for as long as the receiver asks.
func (d *door) work() {
	client := &http.Client{
		Transport: d.next, Timeout: 10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	for envelope := range d.queue {
		d.deliver(client, envelope)
		d.idle.Done()
	}
}

func (d *door) deliver(client *http.Client, envelope []byte) {
	if time.Now().Unix() < d.pausedUntil.Load() {
		d.dropped.Add(1)
		return
	}
	request, err := http.NewRequest(http.MethodPost, d.upstream, bytes.NewReader(envelope))
	if err != nil {
		d.failed.Add(1)
		return
	}
	for name, value := range d.auth {
		request.Header.Set(name, value)
	}
	request.Header.Set("Content-Type", "application/x-sentry-envelope")
	request.Header.Set("User-Agent", serverName)
	answer, err := client.Do(request)
	if err != nil {
		d.failed.Add(1)
		return
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<16))
	_ = answer.Body.Close()
	d.count(answer)
}

// count notes how a delivery went.
func (d *door) count(answer *http.Response) {
	if answer.StatusCode == http.StatusTooManyRequests {
		seconds, err := strconv.Atoi(answer.Header.Get("Retry-After"))
		if err != nil || seconds < 1 || seconds > 3600 {
			seconds = 60
		}
		d.pausedUntil.Store(time.Now().Unix() + int64(seconds))
	}
	if answer.StatusCode >= 300 {
		d.failed.Add(1)
		return
	}
	d.sent.Add(1)
	d.lastSent.Store(time.Now().Unix())
}

// drain waits for what is queued.
func (d *door) drain(within time.Duration) {
	done := make(chan struct{})
	go func() { d.idle.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(within):
	}
}

// RoundTrip queues the envelope rebuilt, or nothing.
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

	d.post(rebuilt)
	return accepted(request), nil
}

// accepted answers the SDK at once, so that it goes on: what becomes of an envelope is the door's to see to, and to count.
func accepted(request *http.Request) *http.Response {
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: http.NoBody, Request: request,
	}
}

// keep lets an envelope go nowhere.
func (d *door) keep(request *http.Request) (*http.Response, error) {
	d.refused.Add(1)
	return accepted(request), nil
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
		safe, err := d.item(kind, payload)
		if err != nil {
			return nil, err
		}
		if safe == nil {
			continue
		}
		if err := writeItem(&out, kind, safe); err != nil {
			return nil, err
		}
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

// item is an item rebuilt; nil when its kind is not known.
func (d *door) item(kind string, payload []byte) ([]byte, error) {
	if kind != "event" && kind != "transaction" {
		return nil, nil
	}
	var safe wireEvent
	if err := json.Unmarshal(payload, &safe); err != nil {
		return nil, err
	}
	if safe.EventID == "" || (kind == "event" && len(safe.Exception) == 0) {
		return nil, errUnknown
	}
	safe.Type = strings.TrimPrefix(kind, "event") // an event has no type, a transaction its own
	return json.Marshal(d.stamp(safe, "go"))
}

// stamp says where a report comes from, in words of our own.
func (d *door) stamp(safe wireEvent, platform string) wireEvent {
	safe.Platform, safe.ServerName, safe.Environment, safe.Release = platform, serverName, d.environment, d.release
	safe.SDK = wireSDK{Name: "purple-cross.report", Version: "1"}
	return safe
}

func writeItem(to *bytes.Buffer, kind string, payload []byte) error {
	head := map[string]any{"type": kind, "length": len(payload)}
	switch kind {
	case "log":
		head["item_count"], head["content_type"] = 1, "application/vnd.sentry.items.log+json"
	case "trace_metric":
		head["item_count"], head["content_type"] = 1, "application/vnd.sentry.items.trace-metric+json"
	}
	if err := writeLine(to, head); err != nil {
		return err
	}
	to.Write(payload)
	to.WriteByte('\n')
	return nil
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
	Sending                        bool // a DSN is set
	Sent, Refused, Failed, Dropped int64
	Failures, Unrecorded           int64     // of ours, with or without a DSN
	LastSent                       time.Time // zero for never
}

// Delivered is for the operator's pages and metrics.
func Delivered() Delivery {
	known := Delivery{Failures: records.met.Load(), Unrecorded: records.refused.Load()}
	to := sending.Load()
	if to == nil {
		return known
	}
	delivery := Delivery{Sending: true, Failures: known.Failures, Unrecorded: known.Unrecorded, Sent: to.door.sent.Load(), Refused: to.door.refused.Load(), Failed: to.door.failed.Load(), Dropped: to.door.dropped.Load()}
	if at := to.door.lastSent.Load(); at > 0 {
		delivery.LastSent = time.Unix(at, 0)
	}
	return delivery
}
