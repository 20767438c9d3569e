package report

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

// rawRecording is a piece of a recording as a page would send it that masks nothing: people stand wherever rrweb has a place.
func rawRecording(everyone string) string {
	quoted, _ := json.Marshal(everyone)
	name, now := string(quoted), fmt.Sprint(time.Now().UnixMilli())
	page := `{"type":0,"id":1,"childNodes":[{"type":1,"id":2,"name":` + name + `,"publicId":` + name + `,"systemId":` + name + `},{"type":2,"id":3,"tagName":"html","attributes":{},"childNodes":[
	  {"type":2,"id":4,"tagName":"title","attributes":{},"childNodes":[{"type":3,"id":5,"textContent":` + name + `}]},
	  {"type":2,"id":6,"tagName":"link","attributes":{"rel":"stylesheet","href":"/static/css/app.css?` + "q" + `","_cssText":` + name + `},"childNodes":[]},
	  {"type":2,"id":7,"tagName":` + name + `,"attributes":{"class":"panel Featherstone","href":"tel:9705550167","title":` + name + `,"data-tone":"warn","data-email":` + name + `,"hx-vals":` + name + `,"aria-description":` + name + `,"value":` + name + `,"style":"transform: translateY(36px); background: url(Coco)","open":"","rr_width":"120px","rr_dataURL":` + name + `,` + name + `:"x"},"childNodes":[
	    {"type":3,"id":8,"textContent":` + name + `},{"type":5,"id":9,"textContent":` + name + `},{"type":3,"id":10,"isStyle":true,"textContent":` + name + `}]}]}]}`
	return `[
	 {"type":4,"timestamp":` + now + `,"data":{"href":"https://clinic.example/clients/4711?q=Featherstone","width":1280,"height":900}},
	 {"type":2,"timestamp":` + now + `,"data":{"node":` + page + `,"initialOffset":{"left":0,"top":12}}},
	 {"type":3,"timestamp":` + now + `,"data":{"source":0,"texts":[{"id":8,"value":` + name + `}],"attributes":[{"id":7,"attributes":{"title":` + name + `,"class":null,"style":{"height":"72px","content":` + name + `}}}],"removes":[],"adds":[{"parentId":3,"nextId":null,"node":{"type":3,"id":11,"textContent":` + name + `}}]}},
	 {"type":3,"timestamp":` + now + `,"data":{"source":5,"id":7,"text":` + name + `,"isChecked":false,"secret":` + name + `}},
	 {"type":3,"timestamp":` + now + `,"data":{"source":1,"positions":[{"x":12,"y":9705550167,"id":7,"timeOffset":-20}]}},
	 {"type":3,"timestamp":` + now + `,"data":{"source":8,"id":6,"adds":[{"rule":` + name + `}]}},
	 {"type":3,"timestamp":` + now + `,"data":{"source":11,"level":"log","payload":[` + name + `]}},
	 {"type":5,"timestamp":` + now + `,"data":{"tag":"breadcrumb","payload":{"type":"default","category":"ui.click","message":` + name + `,"data":{"node":{"textContent":` + name + `}},"timestamp":` + now[:10] + `}}},
	 {"type":5,"timestamp":` + now + `,"data":{"tag":"performanceSpan","payload":{"op":"resource.fetch","description":"https://clinic.example/clients/4711?q=Coco","startTimestamp":` + now[:10] + `}}},
	 {"type":5,"timestamp":` + now + `,"data":{"tag":"options","payload":{"a":` + name + `}}},
	 {"type":6,"timestamp":` + now + `,"data":{"plugin":` + name + `}},
	 {"type":99,"timestamp":9705550167,"data":` + name + `}]`
}

func deflated(plain []byte) []byte {
	var out bytes.Buffer
	writer := zlib.NewWriter(&out)
	_, _ = writer.Write(plain)
	_ = writer.Close()
	return out.Bytes()
}

func inflated(t *testing.T, recording []byte) string {
	t.Helper()
	_, body, _ := bytes.Cut(recording, []byte("\n"))
	reader, err := zlib.NewReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}

func drawn(t testing.TB) {
	Routes([]string{"/clients/:id"})
	Drawn(Shapes{
		Classes:    map[string]bool{"panel": true},
		Attributes: map[string]map[string]bool{"data-tone": {"": true, "warn": true}, "title": {"": true}},
		Sheet:      func(path string) string { return map[string]string{"/static/css/app.css": ".panel{}"}[path] },
	})
	t.Cleanup(func() { shapes.Store(nil) })
}

// A recording that masks nothing at all goes in, full of people; what comes out shows the page, and nobody.
func TestARecordingLeavesOnlyMaskedAndByTheList(t *testing.T) {
	drawn(t)
	for name, body := range map[string][]byte{"deflated": deflated([]byte(rawRecording(everyone))), "as it is": []byte(rawRecording(everyone))} {
		safe, err := rebuildRecording(append([]byte(`{"segment_id":3,"secret":"Coco"}`+"\n"), body...))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		head, _, _ := bytes.Cut(safe, []byte("\n"))
		plain := inflated(t, safe)
		if string(head) != `{"segment_id":3}` {
			t.Errorf("%s: its head is %s", name, head)
		}
		for _, secret := range append(canaries, "4711", "tel:", "Coco", "9705550167") {
			if strings.Contains(plain, secret) {
				t.Errorf("%s: %q is in it:\n%s", name, secret, plain)
			}
		}
		for _, want := range []string{
			`"class":"panel"`, `"data-tone":"warn"`, `"style":"transform: translateY(36px)"`, `"_cssText":".panel{}"`, `"height":"72px"`, `"class":null`,
			`"href":"https://purple-cross.invalid/clients/:id"`, `"width":1280`, `"category":"ui.click"`, `"description":"GET /clients/:id"`, `"x":12,"y":0`, `"open":""`, `"rr_width":"120px"`,
		} {
			if !strings.Contains(plain, want) {
				t.Errorf("%s: no %s in\n%s", name, want, plain)
			}
		}
		var events []map[string]any
		if json.Unmarshal([]byte(plain), &events) != nil || len(events) != 7 {
			t.Errorf("%s: %d events", name, len(events))
		}
	}
}

func TestARecordingThatCannotBeReadOrGrowsPastAllMeasureIsRefused(t *testing.T) {
	head := []byte(`{"segment_id":0}` + "\n")
	bomb := deflated(bytes.Repeat([]byte(" "), 64<<20))
	for name, one := range map[string]struct {
		payload []byte
		err     error
	}{
		"a bomb":          {append(head, bomb...), ErrTooLarge},
		"no line":         {[]byte("x"), ErrEnvelope},
		"no head":         {append([]byte("Coco\n"), deflated([]byte("[]"))...), ErrEnvelope},
		"not deflated":    {append(head, "Coco"...), ErrEnvelope},
		"cut off":         {append(head, deflated([]byte(rawRecording("x")))[:40]...), ErrEnvelope},
		"no list":         {append(head, deflated([]byte(`{"Coco":1}`))...), ErrEnvelope},
		"not of its kind": {append(head, deflated([]byte(`[{"type":"Coco"}]`))...), ErrEnvelope},
	} {
		if out, err := rebuildRecording(one.payload); !errors.Is(err, one.err) {
			t.Errorf("%s became %q: %v", name, out, err)
		}
	}
}

// FuzzRecording feeds anything at all to what masks recordings.
func FuzzRecording(f *testing.F) {
	drawn(f)
	f.Add([]byte(rawRecording("Mabel")))
	f.Add([]byte(`[{"type":2,"data":{"node":{"type":2,"attributes":{"style":{"top":["1px","important"],"left":false}},"childNodes":[null]}}}]`))
	f.Fuzz(func(t *testing.T, events []byte) {
		safe, err := rebuildRecording(append([]byte("{}\n"), deflated(events)...))
		if err != nil {
			return
		}
		plain := inflated(t, safe)
		if strings.Contains(plain, "Mabel") {
			t.Fatalf("a name is in %s", plain)
		}
		again, err := rebuildRecording(safe)
		if err != nil {
			t.Fatalf("what it built it cannot read: %v\n%s", err, plain)
		}
		_ = again
	})
}
