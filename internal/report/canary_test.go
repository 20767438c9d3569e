package report

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getsentry/sentry-go"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// What a clinic knows of people. None of it may leave.
var canaries = []string{
	"Featherstone", "Mabel", "mabel.featherstone@example.com", "(970) 555-0167", "9705550167", "14 Larkspur Lane", "Coco", "985112004567890",
	"owner is rude", "ketamine missing", "pc_session=s3cr3t", "203.0.113.77",
}

var everyone = strings.Join(canaries, " | ")

// receiver speaks enough of Sentry's envelope protocol to take what is sent.
type receiver struct {
	*httptest.Server
	mu   sync.Mutex
	got  bytes.Buffer
	seen int
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, _ := io.ReadAll(request.Body)
		r.mu.Lock()
		defer r.mu.Unlock()
		fmt.Fprintln(&r.got, request.URL, request.Header)
		r.got.Write(body)
		r.seen++
		_, _ = io.WriteString(w, `{}`)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) dsn() string {
	return strings.Replace(r.URL, "http://", "http://publickey@", 1) + "/1"
}

func (r *receiver) everything() (text string, envelopes int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.got.String(), r.seen
}

// events are the items of one type that arrived.
func (r *receiver) events(t *testing.T, kind string) []map[string]any {
	t.Helper()
	text, _ := r.everything()
	var events []map[string]any
	lines := strings.Split(text, "\n")
	for i, line := range lines[:len(lines)-1] {
		var header struct {
			Type   string
			Length int
		}
		if json.Unmarshal([]byte(line), &header) == nil && header.Type == kind && header.Length > 0 {
			event := map[string]any{}
			if err := json.Unmarshal([]byte(lines[i+1]), &event); err != nil {
				t.Fatal(err)
			}
			events = append(events, event)
		}
	}
	return events
}

func (r *receiver) leaked() []string {
	text, _ := r.everything()
	var found []string
	for _, canary := range canaries {
		quoted, _ := json.Marshal(canary)
		if strings.Contains(text, canary) || strings.Contains(text, strings.Trim(string(quoted), `"`)) || strings.Contains(text, url.QueryEscape(canary)) {
			found = append(found, canary)
		}
	}
	return found
}

// send turns sending on for one test.
func send(t *testing.T, to *receiver) {
	t.Helper()
	options := Options{DSN: to.dsn(), Environment: "staging", Release: "purple-cross@test", SecretKey: "key"}
	made, err := newSender(options, http.DefaultTransport)
	if err != nil {
		t.Fatal(err)
	}
	settings.Store(&options)
	sending.Store(made)
	t.Cleanup(func() { sending.Store(nil); settings.Store(nil) })
}

// troubles are errors as the program meets them, each full of people.
func troubles() []error {
	_, number := strconv.Atoi(everyone)
	_, request := http.Get("http://127.0.0.1:1/?q=" + url.QueryEscape(everyone))
	return []error{
		errors.New(everyone),
		fmt.Errorf("read client %s: %w", everyone, pgx.ErrNoRows),
		fmt.Errorf("save patient 4711: %w", &pgconn.PgError{
			Code: "23505", Message: everyone, Detail: "Key (email)=(" + everyone + ") already exists.", Hint: everyone, Where: everyone, InternalQuery: everyone,
			TableName: "client", ConstraintName: "client_email_key", DataTypeName: everyone,
		}),
		errors.Join(errors.New(everyone), number),
		number, request,
		E("send message", errors.New(everyone)),
		json.Unmarshal([]byte(`{"n": "`+everyone+`"}`), &struct{ N int }{}),
	}
}

// drive meets every trouble by every way there is.
func drive(ctx context.Context) {
	Routes([]string{"/clients/:id"})
	for _, trouble := range troubles() {
		_, request := Request(ctx, "GET", "/clients/:id", NewReference())
		request.Person(7)
		request.Failed(trouble)
		request.End(500)
		_ = Job(ctx, JobInfo{Kind: "email", ID: 12, Attempt: 1, MaxAttempts: 3}, func(context.Context) error { return trouble })
		Capture(ctx, trouble, "clients", "create")
		for _, value := range []any{everyone, trouble} {
			_, request := Request(ctx, "POST", "/search?q="+everyone, NewReference())
			func() {
				defer func() { request.Panicked(recover()) }()
				panic(value)
			}()
			request.End(500)
		}
	}
	requestCtx, request := Request(ctx, "GET", "/clients/:id", NewReference())
	query := Tracer().TraceQueryStart(requestCtx, nil, pgx.TraceQueryStartData{
		SQL: "select id from client where last_name = '" + everyone + "'", Args: []any{everyone},
	})
	Tracer().TraceQueryEnd(query, nil, pgx.TraceQueryEndData{Err: errors.New(everyone)})
	request.End(200)
}

func TestNoCanaryLeavesByAnyWayThatTheProgramHas(t *testing.T) {
	kept(t) // a failure held back by another test would not be sent
	to := newReceiver(t)
	send(t, to)
	drive(t.Context())
	flushSender(t)

	if leaked := to.leaked(); len(leaked) > 0 {
		t.Errorf("these left: %q", leaked)
	}
	var titles []string
	for _, event := range to.events(t, "event") {
		exception := event["exception"].(map[string]any)["values"].([]any)[0].(map[string]any)
		titles = append(titles, fmt.Sprint(event["transaction"], " / ", exception["type"], " / ", exception["value"]))
	}
	for _, want := range []string{
		"GET /clients/:id / *pgconn.PgError / save patient: PostgreSQL 23505 table client constraint client_email_key",
		"job email / *pgconn.PgError / save patient: PostgreSQL 23505 table client constraint client_email_key",
		"clients create / error / send message: *",
	} {
		if !strings.Contains(strings.Join(titles, "\n"), want) {
			t.Errorf("no report says %q:\n%s", want, strings.Join(titles, "\n"))
		}
	}
	var spans []string
	for _, transaction := range to.events(t, "transaction") {
		children, _ := transaction["spans"].([]any)
		for _, span := range children {
			spans = append(spans, fmt.Sprint(transaction["transaction"], " / ", span.(map[string]any)["description"]))
		}
	}
	if len(spans) != 1 || spans[0] != "GET /clients/:id / select client" {
		t.Errorf("the statement's span is %q", spans)
	}
}

// misuse puts people wherever the SDK has a place for text.
func misuse(hub *sentry.Hub) {
	hub.ConfigureScope(func(scope *sentry.Scope) {
		scope.SetUser(sentry.User{ID: canaries[0], Email: canaries[2], IPAddress: canaries[11], Username: canaries[1], Data: map[string]string{"address": canaries[5]}})
		scope.SetTag("patient", canaries[6])
		scope.SetTag("reference", canaries[4])
		scope.SetContext("visit", sentry.Context{"note": canaries[8], "chip": canaries[7]})
		scope.SetFingerprint([]string{canaries[9]})
		scope.AddBreadcrumb(&sentry.Breadcrumb{Message: canaries[3], Data: map[string]any{"q": everyone}}, 10)
		request := httptest.NewRequest(http.MethodPost, "/clients?phone="+url.QueryEscape(everyone), strings.NewReader(everyone))
		request.Header.Set("Cookie", canaries[10])
		request.Header.Set("HX-Prompt", everyone)
		scope.SetRequest(request)
		scope.AddAttachment(&sentry.Attachment{Filename: everyone, Payload: []byte(everyone)})
	})
	hub.CaptureException(errors.New(everyone))
	hub.CaptureMessage(everyone)
	span := sentry.StartSpan(sentry.SetHubOnContext(context.Background(), hub), everyone, sentry.WithTransactionName(everyone))
	child := span.StartChild(everyone, sentry.WithDescription(everyone))
	child.SetData("q", everyone)
	child.SetTag("q", everyone)
	child.Finish()
	span.SetData("q", everyone)
	span.Finish()
	hub.CaptureCheckIn(&sentry.CheckIn{MonitorSlug: everyone, Status: sentry.CheckInStatusOK}, nil)

	event := sentry.NewEvent()
	fill(reflect.ValueOf(event).Elem(), 0)
	event.EventID, event.Type, event.Timestamp = "", "", time.Now()
	hub.CaptureEvent(event)
}

// fill writes the canaries into every string of a value.
func fill(v reflect.Value, depth int) {
	if depth > 6 {
		return
	}
	switch v.Kind() {
	case reflect.String:
		if v.CanSet() {
			v.SetString(everyone)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i), depth+1)
			}
		}
	case reflect.Pointer:
		if v.CanSet() && v.Type().Elem().Kind() == reflect.Struct && v.Type() != reflect.TypeFor[*sentry.Span]() {
			v.Set(reflect.New(v.Type().Elem()))
			fill(v.Elem(), depth+1)
		}
	case reflect.Slice:
		if v.CanSet() && v.Type().Elem().Kind() != reflect.Uint8 {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			fill(v.Index(0), depth+1)
		}
	case reflect.Map:
		if v.CanSet() && v.Type().Key().Kind() == reflect.String && v.Type().Elem().Kind() == reflect.String {
			v.Set(reflect.MakeMap(v.Type()))
			v.SetMapIndex(reflect.ValueOf(everyone).Convert(v.Type().Key()), reflect.ValueOf(everyone).Convert(v.Type().Elem()))
		}
	}
}

func TestTheDoorHoldsEvenWhenTheSDKIsMisused(t *testing.T) {
	to := newReceiver(t)
	send(t, to)
	misuse(sending.Load().hub)
	flushSender(t)

	if leaked := to.leaked(); len(leaked) > 0 {
		text, _ := to.everything()
		t.Errorf("these left: %q\n%s", leaked, text)
	}
	if _, envelopes := to.everything(); envelopes == 0 {
		t.Error("nothing arrived at all, so nothing is proved")
	}
}

// Without the door the same must be found, or the tests above prove nothing.
func TestTheBareSDKDoesTellOnEveryone(t *testing.T) {
	to := newReceiver(t)
	client, err := sentry.NewClient(sentry.ClientOptions{Dsn: to.dsn(), EnableTracing: true, TracesSampleRate: 1, DisableTelemetryBuffer: true})
	if err != nil {
		t.Fatal(err)
	}
	misuse(sentry.NewHub(client, sentry.NewScope()))
	if !client.Flush(10 * time.Second) {
		t.Fatal("the control run was not sent")
	}
	if leaked := to.leaked(); len(leaked) != len(canaries) {
		t.Errorf("the control finds only %q", leaked)
	}
}

func TestWhatTheDoorCannotReadDoesNotLeave(t *testing.T) {
	gate := &door{}
	id := `"0123456789abcdef0123456789abcdef"`
	for name, envelope := range map[string]string{
		"no envelope":     everyone,
		"no item":         `{"event_id":` + id + `}` + "\n",
		"unknown item":    `{"event_id":` + id + `}` + "\n" + `{"type":"attachment","length":4}` + "\nCoco\n",
		"length too long": `{"event_id":` + id + `}` + "\n" + `{"type":"event","length":400}` + "\n{}\n",
		"wrong type":      `{"event_id":` + id + `}` + "\n" + `{"type":"event"}` + "\n" + `{"event_id":` + id + `,"exception":"Coco"}` + "\n",
		"typed id":        `{"event_id":"9705550167"}` + "\n" + `{"type":"event"}` + "\n" + `{"exception":[{}]}` + "\n",
	} {
		if out, err := gate.rebuild([]byte(envelope)); err == nil {
			t.Errorf("%s became %s", name, out)
		}
	}
}

func TestOnlyConstantsCompile(t *testing.T) {
	said, err := exec.Command("go", "build", "-o", "/dev/null", "./testdata/freetext").CombinedOutput()
	if err == nil || !strings.Contains(string(said), `cannot use "load " + os.Args[0]`) {
		t.Errorf("free text as an action: %v\n%s", err, said)
	}
}

func flushSender(t *testing.T) {
	t.Helper()
	if !sending.Load().client.Flush(20 * time.Second) {
		t.Fatal("the reports were not sent")
	}
}
