package handlers

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"purplecross/db"
	"purplecross/internal/browser"
	"purplecross/internal/report"
	"purplecross/internal/report/receiver"
	"purplecross/static"
)

// reporting sends reports to a receiver of the test's, and records failures in the clinic's database.
func reporting(t *testing.T, c *clinic) *receiver.Receiver {
	t.Helper()
	to := receiver.New(t)
	if err := report.Init(report.Options{DSN: to.DSN(), Environment: "staging", Release: "purple-cross@test", SecretKey: "key"}); err != nil {
		t.Fatal(err)
	}
	recording(t, c)
	t.Cleanup(func() { _ = report.Close() })
	return to
}

func recording(t *testing.T, c *clinic) {
	report.RecordWith(func(ctx context.Context, failure report.Failure) error {
		return db.RecordError(ctx, c.pool, db.Failure(failure))
	})
	t.Cleanup(func() {
		_ = report.Close() // what is held back is this clinic's
		report.RecordWith(func(context.Context, report.Failure) error { return nil })
	})
	vouchRoutes = sync.Once{}
}

// pageEvent is what a page of ours would send, full of what it must not.
func pageEvent(c *clinic, value string) string {
	event, _ := json.Marshal(map[string]any{
		"event_id": "0123456789abcdef0123456789abcdef", "timestamp": 1e9, "level": "error", "transaction": "/patients/4711",
		"user": map[string]any{"email": "mabel.featherstone@example.com"}, "request": map[string]any{"url": c.url + "/search?q=Featherstone"},
		"breadcrumbs": []any{map[string]any{"message": "Featherstone"}}, "extra": map[string]any{"note": "Featherstone"},
		"tags": map[string]any{"reference": "Featherstone", "pet": "Coco"},
		"exception": map[string]any{"values": []any{map[string]any{
			"type": "TypeError", "value": value,
			"stacktrace": map[string]any{"frames": []any{
				map[string]any{"function": "Featherstone", "filename": "https://elsewhere.example/Featherstone.js", "lineno": 1},
				map[string]any{"function": "show", "filename": c.url + "/static/js/flash.js", "lineno": 6, "colno": 7},
				map[string]any{"function": "note", "filename": c.url + static.URL("js/app.js"), "lineno": 1, "colno": 7}, // the first of its parts
			}},
		}}},
	})
	return `{"event_id":"0123456789abcdef0123456789abcdef","dsn":"` + pageDSN + `"}` + "\n" + `{"type":"event"}` + "\n" + string(event) + "\n"
}

func TestTheTunnelTakesOnlyWhatOurPagesSend(t *testing.T) {
	c := newClinic(t)
	to := reporting(t, c)
	good := pageEvent(c, "Cannot read properties of undefined (reading 'Featherstone')")
	c.visitor(t).get(t, "/session/new") // the routes are known from the first request on

	for _, one := range []struct {
		name, method, body string
		header             []string
		status             int
	}{
		{"a page's failure", "POST", good, nil, 200},
		{"with a charset", "POST", good, []string{"Content-Type", "text/plain;charset=UTF-8"}, 200},
		{"an older browser, by its origin", "POST", good, []string{"Sec-Fetch-Site", "", "Origin", c.url}, 200},
		{"a reading", "GET", "", nil, 404},
		{"another site", "POST", good, []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"}, 403},
		{"a program that says nothing", "POST", good, []string{"Sec-Fetch-Site", ""}, 400},
		{"a form", "POST", good, []string{"Content-Type", "application/x-www-form-urlencoded"}, 415},
		{"no envelope", "POST", "Featherstone", nil, 400},
		{"another project", "POST", strings.Replace(good, "purple-cross.invalid", "evil.example", 1), nil, 400},
		{"no project", "POST", strings.Replace(good, `"dsn"`, `"nsd"`, 1), nil, 400},
		{"a wrong length", "POST", strings.Replace(good, `{"type":"event"}`, `{"type":"event","length":999999}`, 1), nil, 400},
		{"too many items", "POST", good + strings.Repeat(`{"type":"session"}`+"\n{}\n", 30), nil, 400},
		{"too large", "POST", good + strings.Repeat("x", monitored), nil, 413},
		{"items of other kinds", "POST", strings.Replace(good, `"type":"event"`, `"type":"replay_video"`, 1), nil, 200},
	} {
		header := append([]string{"Content-Type", "text/plain", "Sec-Fetch-Site", "same-origin", "Cookie", "pet=Featherstone"}, one.header...)
		if got := sendEnvelope(t, c, one.method, one.body, header); got.StatusCode != one.status {
			t.Errorf("%s: %s, not %d", one.name, got.Status, one.status)
		}
	}

	event := to.Wait("event", func(map[string]any) bool { return true })
	if got := receiver.At(event, "transaction"); got != "GET /patients/:id" {
		t.Errorf("from %q", got)
	}
	said := event["exception"].(map[string]any)["values"].([]any)[0].(map[string]any)
	if said["value"] != "Cannot read properties of undefined (reading *)" {
		t.Errorf("it says %q", said["value"])
	}
	_ = report.Close()
	for _, name := range []string{"Featherstone", "Coco", "mabel", "evil", "4711"} {
		if strings.Contains(to.Text(), name) {
			t.Errorf("%s left:\n%s", name, to.Text())
		}
	}
	var title, stack, route string
	if err := c.pool.QueryRow(t.Context(), `select title, stack, route from error_report where kind = 'browser TypeError'`).Scan(&title, &stack, &route); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(title+stack+route, "Featherstone") || !strings.Contains(stack, "static/js/flash.js:6") || !strings.Contains(stack, "static/js/failures.js:1") || route != "GET /patients/:id" {
		t.Errorf("recorded %q at %q:\n%s", title, route, stack)
	}
}

// pieceOf is a recording as a page would send it.
func pieceOf(about, recording string) string {
	head := `{"event_id":"0123456789abcdef0123456789abcdef","dsn":"` + pageDSN + `"}`
	return head + "\n" + `{"type":"replay_event"}` + "\n" + about + "\n" +
		fmt.Sprintf(`{"type":"replay_recording","length":%d}`, len(recording)) + "\n" + recording + "\n"
}

func deflated(t *testing.T, plain string, times int) string {
	t.Helper()
	var out bytes.Buffer
	writer := zlib.NewWriter(&out)
	for range times {
		if _, err := io.WriteString(writer, plain); err != nil {
			t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestTheTunnelTakesOnlyRecordingsThatItCanRead(t *testing.T) {
	c := newClinic(t)
	to := reporting(t, c)
	if _, err := c.pool.Exec(t.Context(), `update clinic set records_pages = true`); err != nil {
		t.Fatal(err)
	}
	c.app.name.forget()
	desk := c.sessionCookie(t, "reception").String()
	refuses := c.signIn(t, "nurse")
	refuses.post(t, "/session/recording", url.Values{"recorded": {"false"}})
	at, _ := url.Parse(c.url)
	theirs := refuses.client.Jar.Cookies(at)[0].String()

	about := `{"replay_id":"0123456789abcdef0123456789abcdef","segment_id":0,"urls":["/clients/4711?q=Featherstone"]}`
	events := `[{"type":4,"timestamp":1,"data":{"href":"/clients/4711","width":1280,"height":900}},{"type":3,"timestamp":1,"data":{"source":5,"id":7,"text":"Featherstone"}}]`
	line := `{"segment_id":0}` + "\n"
	whole := line + deflated(t, events, 1)
	for _, one := range []struct {
		name, body, cookie string
		header             []string
		status             int
	}{
		{"a piece", pieceOf(about, whole), desk, nil, 200},
		{"one that is not deflated", pieceOf(about, line+events), desk, nil, 200},
		{"of nobody", pieceOf(about, whole), "", nil, 200},
		{"of who said no", pieceOf(about, whole), theirs, nil, 200},
		{"from another site", pieceOf(about, whole), desk, []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"}, 403},
		{"for another project", strings.Replace(pieceOf(about, whole), "purple-cross.invalid", "evil.example", 1), desk, nil, 400},
		{"64 MB once it is inflated", pieceOf(about, line+deflated(t, strings.Repeat(" ", 1<<20), 64)), desk, nil, 413},
		{"too large", pieceOf(about, line+strings.Repeat("x", recordedMost)), desk, nil, 413},
		{"cut off", pieceOf(about, whole[:len(whole)-9]), desk, nil, 400},
		{"no events", pieceOf(about, line+deflated(t, "Featherstone", 1)), desk, nil, 400},
		{"nothing that was deflated", pieceOf(about, line+"Featherstone"), desk, nil, 400},
		{"no line before it", pieceOf(about, "Featherstone"), desk, nil, 400},
		{"of no session", pieceOf(strings.Replace(about, "replay_id", "id", 1), whole), desk, nil, 400},
		{"about nothing that can be read", pieceOf("Featherstone", whole), desk, nil, 400},
		{"half of one", strings.Replace(pieceOf(about, whole), "replay_recording", "recording", 1), desk, nil, 200},
	} {
		header := append([]string{"Content-Type", "application/x-sentry-envelope", "Sec-Fetch-Site", "same-origin", "Cookie", one.cookie}, one.header...)
		if got := sendEnvelope(t, c, "POST", one.body, header); got.StatusCode != one.status {
			t.Errorf("%s: %s, not %d", one.name, got.Status, one.status)
		}
	}

	_ = report.Close()
	pieces := to.Items("replay_recording")
	if len(pieces) != 2 {
		t.Fatalf("%d recordings left, not the two that can be read", len(pieces))
	}
	for _, one := range pieces {
		if plain := inflated(t, one.Raw); strings.Contains(plain, "Featherstone") || !strings.Contains(plain, "************") {
			t.Errorf("it says %s", plain)
		}
	}
	if strings.Contains(to.Text(), "Featherstone") || strings.Contains(to.Text(), "4711") {
		t.Errorf("a name left:\n%s", to.Text())
	}
}

func sendEnvelope(t *testing.T, c *clinic, method, body string, header []string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, c.url+"/monitoring", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		if request.Header.Del(header[i]); header[i+1] != "" {
			request.Header.Set(header[i], header[i+1])
		}
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, response.Body)
	_ = response.Body.Close()
	return response
}

func TestTheTunnelSlowsDownWhoeverSendsTooMuch(t *testing.T) {
	c := newClinic(t)
	recording(t, c)
	var last *http.Response
	for range monitorTries + 1 {
		last = sendEnvelope(t, c, "POST", pageEvent(c, "fails"), []string{"Content-Type", "text/plain", "Sec-Fetch-Site", "same-origin"})
	}
	if last.StatusCode != http.StatusTooManyRequests || last.Header.Get("Retry-After") == "" {
		t.Errorf("answered %s", last.Status)
	}
}

func TestTheReceiverCannotSendTheTunnelElsewhere(t *testing.T) {
	c := newClinic(t)
	to := reporting(t, c)
	elsewhere := receiver.New(t)
	address := "http" + strings.TrimPrefix(strings.Replace(elsewhere.DSN(), "publickey@", "", 1), "http")
	to.Answer(func(w http.ResponseWriter) {
		w.Header().Set("Location", address)
		w.WriteHeader(http.StatusTemporaryRedirect)
	})
	sendEnvelope(t, c, "POST", pageEvent(c, "value is not a function"), []string{"Content-Type", "text/plain", "Sec-Fetch-Site", "same-origin"})
	_ = report.Close()
	if to.Text() == "" || elsewhere.Text() != "" {
		t.Errorf("here arrived %q, elsewhere %q", to.Text(), elsewhere.Text())
	}
}

// One trace leads from the page to the request that it made, and to the statement in it.
func TestAFailureInAPageAndItsTraceArriveWithoutANameInThem(t *testing.T) {
	c := newClinic(t)
	to := reporting(t, c)
	p := signedInTab(t, c, "reception", browser.Options{})
	p.Open(c.url + "/patients?q=Featherstone")
	p.WaitFor(`typeof Sentry === "object"`)

	browser.Eval[bool](p, `htmx.ajax("GET", "/search/suggestions?q=Featherstone", {target: "#search-suggestions", swap: "innerHTML"}); true`)
	load := to.Wait("transaction", func(body map[string]any) bool { return receiver.At(body, "contexts", "trace", "op") == "pageload" })
	trace := receiver.At(load, "contexts", "trace", "trace_id")
	if receiver.At(load, "transaction") != "GET /patients" || receiver.At(load, "platform") != "javascript" {
		t.Errorf("the page's load is %v", load)
	}
	for _, name := range []string{"GET /patients", "GET /search/suggestions"} {
		to.Wait("transaction", func(body map[string]any) bool {
			return receiver.At(body, "transaction") == name && receiver.At(body, "contexts", "trace", "op") == "http.server" && receiver.At(body, "contexts", "trace", "trace_id") == trace
		})
	}
	if sees := fmt.Sprint(load["spans"]); !strings.Contains(sees, "GET /search/suggestions") {
		t.Errorf("the page's spans are %s", sees)
	}

	browser.Eval[bool](p, `setTimeout(() => { null.Featherstone }); setTimeout(() => { throw new Error("ResizeObserver loop limit exceeded") }); true`)
	failed := to.Wait("event", func(body map[string]any) bool { return receiver.At(body, "platform") == "javascript" })
	if said := fmt.Sprint(failed["exception"]); !strings.Contains(said, "Cannot read properties of null") {
		t.Errorf("the failure says %s", said)
	}
	if receiver.At(failed, "contexts", "trace", "trace_id") != trace {
		t.Errorf("the failure is of trace %s, not %s", receiver.At(failed, "contexts", "trace", "trace_id"), trace)
	}
	_ = report.Close()
	for _, name := range []string{"Featherstone", "ResizeObserver", url.QueryEscape("reception@demo.clinic"), "demo.clinic"} {
		if strings.Contains(to.Text(), name) {
			t.Errorf("%s left", name)
		}
	}
}

func TestWithoutADSNAPageStillTellsUsOfItsFailuresOncePerKind(t *testing.T) {
	c := newClinic(t)
	recording(t, c)
	stories, enough := c.app.News.Read("error_report")
	defer enough()
	p := signedInTab(t, c, "reception", browser.Options{})
	p.Open(c.url + "/patients")
	reference := browser.Eval[string](p, `document.querySelector("meta[name=reference]").content`)
	const failing = `
		const ask = window.fetch
		window.fetch = (address, options) => String(address).includes("/search/") ? Promise.reject(new TypeError("Failed to fetch")) : ask(address, options)
		for (let i = 0; i < 5; i++) setTimeout(() => htmx.ajax("GET", "/search/suggestions?q=Featherstone", {target: "#search-suggestions"}), i * 20);`
	browser.Eval[bool](p, failing+`setTimeout(() => { Featherstone() }); true`)

	told := func() (found string) {
		if err := c.pool.QueryRow(t.Context(), `
			select coalesce(string_agg(kind || ': ' || title || ' (' || route || ', ' || count || ')', '|' order by kind), '')
			  from error_report
			 where reference = $1`, reference).Scan(&found); err != nil {
			t.Fatal(err)
		}
		return found
	}
	want := "browser ReferenceError: * is not defined (GET /patients, 1)|browser htmx network: Failed to fetch (GET /patients, 1)"
	late, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	untilTold := func(want string) {
		for told() != want {
			select {
			case <-stories:
			case <-late.Done():
				t.Fatalf("recorded %q under %q", told(), reference)
			}
		}
	}
	untilTold(want)
	if browser.Eval[bool](p, `typeof Sentry === "object"`) {
		t.Error("Sentry was fetched for nothing")
	}

	// The next page has met the same failure, so only the new one is told.
	p.Open(c.url + "/patients")
	reference = browser.Eval[string](p, `document.querySelector("meta[name=reference]").content`)
	browser.Eval[bool](p, failing+`setTimeout(() => { null.Featherstone }, 200); true`)
	want = "browser TypeError: Cannot read properties of null (reading *) (GET /patients, 1)"
	untilTold(want)
	if n := c.number(t, `select sum(count) from error_report where kind = 'browser htmx network'`); n != 1 {
		t.Errorf("the same failure of htmx was told %d times in a minute", n)
	}
}
