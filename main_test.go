package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"purplecross/db/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// binary builds the program once, as a person would.
func binary(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "purple-cross")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return path
}

// program is the running binary with no environment but what the test sets.
type program struct {
	command *exec.Cmd
	url     string
	said    *bytes.Buffer
	ended   chan error
}

// begin starts the binary and waits until it says where to click, or ends.
func begin(t *testing.T, path, data, addr string, args ...string) *program {
	t.Helper()
	return launch(t, exec.Command(path, args...), "http://"+addr, "DATA_DIR="+data, "ADDR="+addr)
}

// launch starts a command and waits until it says a word, or ends.
func launch(t *testing.T, command *exec.Cmd, word string, environment ...string) *program {
	t.Helper()
	command.Dir = t.TempDir()
	command.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME")}, environment...)
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p := &program{command: command, url: word, said: &bytes.Buffer{}, ended: make(chan error, 1)}
	command.Stderr = p.said
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = command.Process.Kill() })

	ready := make(chan struct{})
	go func() {
		lines := bufio.NewScanner(output)
		for told := false; lines.Scan(); {
			if !told && strings.Contains(lines.Text(), word) {
				told = true
				close(ready)
			}
		}
		p.ended <- command.Wait()
	}()
	select {
	case <-ready:
	case err := <-p.ended:
		t.Fatalf("ended before it was ready: %v\n%s", err, p.said)
	case <-time.After(2 * time.Minute):
		t.Fatalf("not ready within two minutes:\n%s", p.said)
	}
	return p
}

// stop is Ctrl-C.
func (p *program) stop(t *testing.T) {
	t.Helper()
	if err := p.command.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-p.ended:
		if err != nil {
			t.Fatalf("Ctrl-C: %v\n%s", err, p.said)
		}
	case <-time.After(time.Minute):
		t.Fatalf("still running a minute after Ctrl-C\n%s", p.said)
	}
}

// dataDir is a new folder that PostgreSQL can reach also when the tests run as root, and it as nobody.
func dataDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "purple-cross-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "data")
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// board signs in as reception and reads the first page.
func (p *program) board(t *testing.T) string {
	t.Helper()
	jar, _ := cookiejar.New(nil)
	client := &http.Client{Jar: jar, Timeout: time.Minute}
	response, err := client.PostForm(p.url+"/session", url.Values{"email": {"reception@demo.clinic"}, "password": {"demo-clinic"}})
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	page, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK || response.Request.URL.Path != "/" {
		t.Fatalf("signing in led to %s %s: %v", response.Status, response.Request.URL, err)
	}
	return string(page)
}

func (p *program) get(t *testing.T, path string) int {
	t.Helper()
	response, err := http.Get(p.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	return response.StatusCode
}

func TestANewcomerRunsItStopsItAndFindsTheDataAgain(t *testing.T) {
	path, data, addr := binary(t), dataDir(t), freeAddress(t)

	first := begin(t, path, data, addr)
	if status := first.get(t, "/readyz"); status != http.StatusOK {
		t.Errorf("/readyz of a program that says it is ready: %d", status)
	}
	if page := first.board(t); !strings.Contains(page, "/session/delete") {
		t.Errorf("the first page has no way to sign out")
	}
	first.stop(t)

	again := begin(t, path, data, addr)
	again.board(t)
	if err := again.command.Process.Kill(); err != nil { // kill -9, in the middle of everything
		t.Fatal(err)
	}
	<-again.ended

	third := begin(t, path, data, addr)
	third.board(t)
	third.stop(t)
}

// refused runs the binary to its end and returns its one sentence.
func refused(t *testing.T, path string, environment ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, path)
	command.Dir = t.TempDir()
	command.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME")}, environment...)
	out, err := command.CombinedOutput()
	if command.ProcessState.ExitCode() != 1 {
		t.Errorf("%v: %v, want exit code 1\n%s", environment, err, out)
	}
	said := strings.TrimSpace(string(out))
	if strings.Count(said, "\n") > 0 {
		t.Errorf("%v: more than one sentence:\n%s", environment, said)
	}
	return said
}

func TestWhatCannotStartSaysWhyInOneSentence(t *testing.T) {
	path := binary(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	file := filepath.Join(t.TempDir(), "a file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	free := "ADDR=" + freeAddress(t)

	for name, try := range map[string]struct{ says, variable string }{
		"a port in use":          {"is in use", "ADDR=" + taken.Addr().String()},
		"no folder for the data": {file, "DATA_DIR=" + filepath.Join(file, "data")},
		"no database there":      {"PostgreSQL", fmt.Sprintf("DATABASE_URL=postgres://nobody@%s/none?sslmode=disable", freeAddress(t))},
		"not an address":         {"DATABASE_URL", "DATABASE_URL=mysql:nonsense"},
		"a zone of nowhere":      {"CLINIC_TZ", "CLINIC_TZ=Mars/Olympus"},
		"production half set up": {"SECRET_KEY", "APP_ENV=production"},
	} {
		t.Run(name, func(t *testing.T) {
			environment := []string{free, try.variable}
			if strings.HasPrefix(try.variable, "ADDR=") {
				environment = []string{try.variable}
			}
			if try.variable == "APP_ENV=production" {
				environment = append(environment, "SMTP_URL=smtp://127.0.0.1:1")
			}
			if said := refused(t, path, environment...); !strings.Contains(said, try.says) {
				t.Errorf("says %q, which names no %q", said, try.says)
			}
		})
	}
}

// The house has floors, and an arrow never points up: see docs/design.md.
func TestArrowsPointDown(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "./...").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	never := map[string][]string{ // a folder → folders it must not import, itself left out
		"purplecross/db":            {"purplecross/handlers", "purplecross/views", "purplecross/jobs", "purplecross/static", "purplecross/internal"},
		"purplecross/views":         {"purplecross/handlers", "purplecross/jobs", "purplecross/internal"},
		"purplecross/views/ui":      {"purplecross/db", "purplecross/static"},
		"purplecross/views/gallery": {"purplecross/db", "purplecross/static", "purplecross/views/ui"},
		"purplecross/jobs":          {"purplecross/handlers"},
		"purplecross/static":        {"purplecross/db", "purplecross/views", "purplecross/handlers", "purplecross/jobs"},
		"purplecross/internal":      {"purplecross/db", "purplecross/views", "purplecross/handlers", "purplecross/jobs"},
	}
	under := func(path, folder string) bool { return path == folder || strings.HasPrefix(path, folder+"/") }
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		for folder, forbidden := range never {
			if !under(fields[0], folder) {
				continue
			}
			for _, imported := range fields[1:] {
				for _, f := range forbidden {
					if under(imported, f) {
						t.Errorf("%s imports %s", fields[0], imported)
					}
				}
				if strings.HasPrefix(imported, "github.com/labstack/echo") && !under(fields[0], "purplecross/handlers") {
					t.Errorf("%s imports Echo, which belongs in handlers", fields[0])
				}
			}
		}
	}
}
