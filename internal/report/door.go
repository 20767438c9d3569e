package report

import (
	"bytes"
	"context"
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

// maxItem bounds what the door reads: the SDK's largest are far smaller.
const maxItem = 1 << 20

// door is the only way out, and what the SDK calls its transport. It reads every envelope, builds a new one from what it
// knows to be safe, and sends that. The SDK's own transport has a second queue before it, whose losses nobody would count.
type door struct {
	next                 http.RoundTripper
	environment, release string
	upstream             string            // the one address there is; no envelope can name another
	auth                 map[string]string // the real key, which no page knows
	queue                chan envelope
	idle                 sync.WaitGroup // one for each that waits
	shut                 chan struct{}  // closed by Close
	hurry                atomic.Bool    // somebody waits for what is queued
	hurried              chan struct{}

	waiting, sent, refused, failed, dropped atomic.Int64
	lastSent, pausedUntil                   atomic.Int64 // Unix seconds
}

// envelope waits to be sent. It is written, or what the SDK wrote is read, when it is its turn: nobody's request waits for
// that.
type envelope struct {
	body []byte
	ours bool // the body was built from the types of wire.go

	id   hexID // of one that has one item, and is not written yet
	kind string
	item func() any // of a type of wire.go
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
		upstream: dsn.GetAPIURL().String(), auth: authOf(dsn), queue: make(chan envelope, queued), shut: make(chan struct{}), hurried: make(chan struct{}, 1),
	}
	go d.work()
	return d, nil
}

// authOf is how Sentry knows its project.
func authOf(dsn *sentry.Dsn) map[string]string {
	return map[string]string{"X-Sentry-Auth": "Sentry sentry_version=7, sentry_client=" + serverName + "/1, sentry_key=" + dsn.GetPublicKey()}
}

// Configure is the SDK's way to start a transport; newDoor has.
func (d *door) Configure(sentry.ClientOptions) {}

// SendEvent queues what the SDK says: one item, since attachments are not let out. While nothing goes out it is not even
// written down.
func (d *door) SendEvent(event *sentry.Event) {
	if d.keepsStill() || len(d.queue) == cap(d.queue) {
		d.dropped.Add(1)
		return
	}
	payload, err := json.Marshal(event)
	if err != nil || len(payload) > maxItem {
		d.refused.Add(1)
		return
	}
	kind := event.Type
	if kind == "" {
		kind = "event"
	}
	var body bytes.Buffer
	if writeLine(&body, wireHeader{EventID: hexID(event.EventID)}) == nil && writeItem(&body, kind, payload) == nil {
		d.enqueue(envelope{body: body.Bytes()})
	}
}

// post queues an envelope that was built from the types of wire.go.
func (d *door) post(body []byte) { d.enqueue(envelope{body: body, ours: true}) }

// postItem queues an envelope with one item.
func (d *door) postItem(id hexID, kind string, item any) {
	d.later(id, kind, func() any { return item })
}

// later queues an envelope whose item is made when it is its turn.
func (d *door) later(id hexID, kind string, item func() any) {
	d.enqueue(envelope{id: id, kind: kind, item: item})
}

// enqueue never waits. While nothing goes out nothing is queued.
func (d *door) enqueue(one envelope) {
	if d.keepsStill() {
		d.dropped.Add(1)
		return
	}
	d.idle.Add(1)
	d.waiting.Add(1)
	select {
	case d.queue <- one:
	default:
		d.dropped.Add(1)
		d.done()
	}
}

func (d *door) done() {
	d.waiting.Add(-1)
	d.idle.Done()
}

const (
	restFirst = 100 * time.Millisecond // between one that could not be delivered and the next, doubled up to
	restMost  = 30 * time.Second
)

// work sends what was queued, one after the other. A receiver that is away or fails is asked less and less often, while
// what was queued waits, and keeps no processor busy.
func (d *door) work() {
	client := &http.Client{
		Transport: d.next, Timeout: 10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	rest := restFirst
	for {
		select {
		case one := <-d.queue:
			there := d.pass(client, one)
			d.done()
			if there {
				rest = restFirst
			} else {
				d.pause(rest)
				rest = min(2*rest, restMost)
			}
		case <-d.shut:
			return
		}
	}
}

// pause waits, unless somebody waits for it.
func (d *door) pause(rest time.Duration) {
	if d.hurry.Load() {
		return
	}
	select {
	case <-time.After(rest):
	case <-d.hurried:
	case <-d.shut:
	}
}

// keepsStill says whether the receiver has asked to be left alone.
func (d *door) keepsStill() bool { return time.Now().Unix() < d.pausedUntil.Load() }

// pass lets out what is safe of an envelope, and says whether the receiver is there.
func (d *door) pass(client *http.Client, one envelope) bool {
	if d.keepsStill() {
		d.dropped.Add(1)
		return true
	}
	body, err := d.written(one)
	if err != nil {
		d.refused.Add(1)
		return true
	}
	return d.deliver(client, body)
}

// written is an envelope as it leaves. One that cannot be made does not take the sending down with it.
func (d *door) written(one envelope) (_ []byte, err error) {
	defer func() {
		if recover() != nil {
			err = errUnknown
		}
	}()
	if one.item == nil && one.ours {
		return one.body, nil
	}
	if one.item == nil {
		return d.rebuild(one.body)
	}
	payload, err := json.Marshal(one.item())
	if err != nil {
		return nil, err
	}
	var body bytes.Buffer
	err = errors.Join(writeLine(&body, wireHeader{EventID: one.id}), writeItem(&body, one.kind, payload))
	return body.Bytes(), err
}

func (d *door) deliver(client *http.Client, envelope []byte) (there bool) {
	request, err := http.NewRequest(http.MethodPost, d.upstream, bytes.NewReader(envelope))
	if err != nil {
		d.failed.Add(1)
		return true
	}
	for name, value := range d.auth {
		request.Header.Set(name, value)
	}
	request.Header.Set("Content-Type", "application/x-sentry-envelope")
	request.Header.Set("User-Agent", serverName)
	answer, err := client.Do(request)
	if err != nil {
		d.failed.Add(1)
		return false
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<16))
	_ = answer.Body.Close()
	d.count(answer)
	return answer.StatusCode < http.StatusInternalServerError
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

// Flush waits for what is queued, and says whether it went out in time.
func (d *door) Flush(within time.Duration) bool {
	ctx, stop := context.WithTimeout(context.Background(), within)
	defer stop()
	return d.FlushWithContext(ctx)
}

// FlushWithContext is Flush until ctx ends.
func (d *door) FlushWithContext(ctx context.Context) bool {
	d.hurry.Store(true)
	defer d.hurry.Store(false)
	select {
	case d.hurried <- struct{}{}:
	default:
	}
	empty := make(chan struct{})
	go func() { d.idle.Wait(); close(empty) }()
	select {
	case <-empty:
		return true
	case <-ctx.Done():
		return false
	}
}

// Close ends the sending; what still waits is lost.
func (d *door) Close() { close(d.shut) }

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
	Waiting                        int64     // not sent yet, at most a thousand and the one on its way
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
	delivery := Delivery{Sending: true, Failures: known.Failures, Unrecorded: known.Unrecorded, Sent: to.door.sent.Load(), Refused: to.door.refused.Load(), Failed: to.door.failed.Load(), Dropped: to.door.dropped.Load(), Waiting: to.door.waiting.Load()}
	if at := to.door.lastSent.Load(); at > 0 {
		delivery.LastSent = time.Unix(at, 0)
	}
	return delivery
}
