// Command dev runs the product while one works on it. templ writes changed words beside the running program; a change of
// Go is built while the old program goes on serving, which makes room only for one that could be built. The proxy of templ
// makes open pages follow; the gallery follows by itself, also at its own address.
package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

const (
	every    = 150 * time.Millisecond // files are looked at
	patience = 10 * time.Second       // for the old program to end
)

// built without inlining, which copies each component into all that use it: that takes most of a build's time.
var build = []string{"build", "-gcflags=purplecross/...=-l", "-ldflags=-s -w"}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "dev: "+err.Error())
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	addr := os.Getenv("ADDR")
	if addr == "" {
		addr = "127.0.0.1:8080"
	}
	folder, err := os.MkdirTemp("", "purple-cross-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()

	words := command(ctx, "go", "tool", "templ", "generate", "--watch", "--proxy", "http://"+addr)
	if err := words.Start(); err != nil {
		return err
	}
	defer func() { _ = words.Wait() }()

	program := program{ctx: ctx, addr: addr}
	defer program.stop()
	seen := ""
	for n := 0; ; {
		now := stamp()
		if now == seen {
			if !wait(ctx, every) {
				return nil
			}
			continue
		}
		if !wait(ctx, every) { // several files are often saved at once
			return nil
		}
		if now != stamp() {
			continue
		}
		seen, n = now, n+1
		file := filepath.Join(folder, fmt.Sprintf("purple-cross-%d", n))
		if err := command(ctx, "go", append(slices.Clone(build), "-o", file, ".")...).Run(); err != nil {
			fmt.Fprintln(os.Stderr, "dev: that can't be built; the program before it goes on")
			continue
		}
		if err := program.become(file); err != nil && ctx.Err() == nil {
			return err
		}
		_ = command(ctx, "go", "tool", "templ", "generate", "--notify-proxy").Run() // open pages load again
	}
}

// command is a program that is asked to end when this one is, with the words of both mixed.
func command(ctx context.Context, name string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, name, args...)
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	c.Env = append(os.Environ(), "TEMPL_DEV_MODE=true")
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGTERM) }
	c.WaitDelay = patience
	return c
}

// program is the one that serves.
type program struct {
	ctx  context.Context //nolint:containedctx // of the whole run
	addr string
	file string
	cmd  *exec.Cmd
}

// become ends the program before and starts the new one; it returns when that answers.
func (p *program) become(file string) error {
	p.stop()
	p.file, p.cmd = file, command(p.ctx, file)
	if err := p.cmd.Start(); err != nil {
		return err
	}
	for range int(patience / every) {
		conn, err := net.DialTimeout("tcp", p.addr, every)
		if err == nil {
			return conn.Close()
		}
		if !wait(p.ctx, every) {
			return nil
		}
	}
	return nil // it said what is wrong, and the next change may mend it
}

func (p *program) stop() {
	if p.cmd == nil {
		return
	}
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	killing := time.AfterFunc(patience, func() { _ = p.cmd.Process.Kill() })
	_ = p.cmd.Wait()
	killing.Stop()
	_ = os.Remove(p.file)
	p.cmd = nil
}

// stamp changes when a file does that the program is built from.
func stamp() string {
	var newest time.Time
	count := 0
	_ = filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil
		case entry.IsDir() && name != "." && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "node_modules" || entry.Name() == "testdata"):
			return fs.SkipDir
		case entry.IsDir() || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		if ending := filepath.Ext(name); ending != ".go" && ending != ".sql" && ending != ".mod" {
			return nil
		}
		if info, err := entry.Info(); err == nil {
			count++
			if info.ModTime().After(newest) {
				newest = info.ModTime()
			}
		} else if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	})
	return fmt.Sprint(newest.UnixNano(), count)
}

// wait tells whether there is a reason to go on.
func wait(ctx context.Context, long time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(long):
		return true
	}
}
