package profiles

import (
	"testing"
	"time"
)

func TestWhatLedUpToASlowRequestIsKeptOnceAMinute(t *testing.T) {
	if _, _, err := Reserve("GET /reports", 2*time.Second); err == nil {
		t.Error("a recording is taken while nothing is recorded")
	}
	if err := Fly(); err != nil {
		t.Fatal(err)
	}
	defer Land()
	if _, _, err := Reserve("GET /", Slow/2); err == nil {
		t.Error("a quick request is recorded")
	}
	id, take, err := Reserve("GET /reports", 2*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if err := take(); err != nil {
		t.Fatal(err)
	}
	kept, there := GetFlight(id)
	if !there || len(kept.Data) < 16 || string(kept.Data[:3]) != "go " || kept.Route != "GET /reports" {
		t.Errorf("kept %d bytes of %q", len(kept.Data), kept.Route)
	}
	if _, _, err := Reserve("GET /reports", 2*time.Second); err == nil {
		t.Error("two recordings within a minute")
	}
}
