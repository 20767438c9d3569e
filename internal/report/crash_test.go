package report

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

func TestACrashIsReportedAtTheNextStart(t *testing.T) {
	folder := t.TempDir()
	if os.Getenv("CRASH_IN") != "" { // the child that crashes
		if err := Crashes(os.Getenv("CRASH_IN"), "web"); err != nil {
			t.Fatal(err)
		}
		done := make(chan bool)
		go func() { defer close(done); panic("no memory for Mabel Featherstone") }()
		<-done
		select {}
	}
	child := exec.Command(os.Args[0], "-test.run=^TestACrashIsReportedAtTheNextStart$")
	child.Env = append(os.Environ(), "CRASH_IN="+folder)
	if child.Run() == nil {
		t.Fatal("the child did not crash")
	}

	failures := kept(t)
	for range 2 { // the second start finds nothing
		if err := Crashes(folder, "web"); err != nil {
			t.Fatal(err)
		}
	}
	if len(failures()) != 1 {
		t.Fatalf("%d failures", len(failures()))
	}
	got := failures()[0]
	if got.Title != "panic: no memory for * *" || got.Route != "crash" || !strings.Contains(got.Stack, "internal/report/crash_test.go:") || strings.Contains(got.Title+got.Stack, "Mabel") {
		t.Errorf("%q at %q:\n%s", got.Title, got.Route, got.Stack)
	}
}
