package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// FuzzDoor feeds anything at all to the filter. Whatever it lets out it has built: each text is one that was vouched for, so
// none that was typed is in it, and what it built passes unchanged once more.
func FuzzDoor(f *testing.F) {
	id := `{"event_id":"0123456789abcdef0123456789abcdef"}` + "\n"
	for _, seed := range []string{
		id + `{"type":"event"}` + "\n" + `{"event_id":"0123456789abcdef0123456789abcdef","exception":[{"type":"Mabel","value":"` + voucher + `read"}],"user":{"id":"Mabel"}}`,
		id + `{"type":"transaction","length":90}` + "\n" + `{"event_id":"0123456789abcdef0123456789abcdef","spans":[{"op":"db","description":"Mabel"}],"tags":{"a":"Mabel"}}`,
		id + `{"type":"event","length":-1}` + "\n{}", id + `{"type":"event"}` + "\n" + `[{"exception":null}]`, "Mabel\n{}\n{}", "{}\n\n\n", "",
		id + `{"type":"event"}` + "\n" + `{"event_id":"0123456789abcdef0123456789abcdef","exception":{"values":[{"value":"Mabel"}]},"debug_meta":{"images":[{"code_file":"Mabel"}]},"breadcrumbs":[{"message":"Mabel"}]}`,
	} {
		f.Add([]byte(seed))
	}
	gate := &door{environment: "staging", release: "purple-cross@test"}
	f.Fuzz(func(t *testing.T, envelope []byte) {
		out, err := gate.rebuild(envelope)
		if err != nil {
			return
		}
		for line := range bytes.Lines(out) {
			var any map[string]any
			if json.Unmarshal(line, &any) != nil {
				t.Fatalf("a line is no JSON: %q", line)
			}
		}
		if bytes.Contains(out, []byte("Mabel")) && !bytes.Contains(envelope, []byte(voucher)) {
			t.Fatalf("what nobody vouched for left: %s", out)
		}
		if bytes.Contains(out, []byte(strings.TrimSuffix(voucher, ":"))) && !bytes.Contains(envelope, []byte(voucher+voucher)) {
			t.Fatalf("the voucher left: %s", out)
		}
	})
}

// FuzzFromBrowser feeds anything at all to what reads the reports of pages: it refuses or rebuilds, and never lets a word
// out that is not on a list.
func FuzzFromBrowser(f *testing.F) {
	head := `{"dsn":"dsn"}` + "\n"
	for _, seed := range []string{
		head + `{"type":"event"}` + "\n" + `{"event_id":"0123456789abcdef0123456789abcdef","exception":{"values":[{"type":"Mabel","value":"Mabel is not a function","stacktrace":{"frames":[{"function":"Mabel","filename":"/static/js/Mabel.js","lineno":1}]}}]},"transaction":"/Mabel","tags":{"reference":"Mabel"}}`,
		head + `{"type":"transaction"}` + "\n" + `{"event_id":"0123456789abcdef0123456789abcdef","spans":[{"op":"Mabel","description":"GET /Mabel?q=Mabel"}],"measurements":{"Mabel":{"value":1},"lcp":{"value":1e300}}}`,
		head + `{"type":"replay_event"}` + "\n" + `{"replay_id":"0123456789abcdef0123456789abcdef","urls":["/Mabel"]}` + "\n" + `{"type":"replay_recording","length":20}` + "\n" + `{"segment_id":0}` + "\nx",
	} {
		f.Add([]byte(seed))
	}
	Routes([]string{"/clients/:id"})
	Files(func(string) (File, bool) { return File{Name: "js/app.js"}, true })
	quiet := make(chan envelope, queued)
	gate := &door{environment: "staging", release: "purple-cross@test", queue: quiet}
	sending.Store(&sender{door: gate})
	settings.Store(&Options{Environment: "staging"})
	f.Cleanup(func() { sending.Store(nil); settings.Store(nil) })
	f.Fuzz(func(t *testing.T, envelope []byte) {
		records.mu.Lock()
		records.seen, records.kinds = nil, 0
		records.mu.Unlock()
		_ = FromBrowser(t.Context(), Browser{Envelope: envelope, DSN: "dsn"})
		for len(quiet) > 0 {
			if out, _ := gate.written(<-quiet); bytes.Contains(out, []byte("Mabel")) && !bytes.Contains(out, []byte(`"function":"Mabel`)) {
				t.Fatalf("a word of no list left: %s", out)
			}
		}
	})
}
