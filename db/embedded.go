package db

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"
)

// The embedded server runs in a process of its own, this same program started again with a hidden command: then
// PostgreSQL, which refuses to be root, can run as nobody; Ctrl-C in the terminal does not reach it before we have
// stopped using it; and when we are killed, that process notices and stops it properly.

const (
	serverCommand = "postgres"
	serverEnv     = "PURPLE_CROSS_EMBEDDED" // holds the serverSetup; says that the hidden command is meant
	fallbackDir   = "/var/lib/purple-cross"
	stopWithin    = 2 * time.Minute
)

// EmbeddedOptions says where and how the embedded PostgreSQL runs.
type EmbeddedOptions struct {
	Dir       string    // the data folder, made when missing
	Log       io.Writer // for the few sentences that a person should see; nil for none
	Throwaway bool      // for tests: faster and not crash-safe, and Dir is removed at the end
}

// Embedded is a running PostgreSQL of our own.
type Embedded struct {
	dir      string
	password string
	port     int
	setup    serverSetup
	identity *identity
	log      io.Writer
	lock     *os.File

	mu     sync.Mutex
	server *serverProcess
	ctx    context.Context // until Stop
	cancel context.CancelFunc
	ended  chan struct{} // closed when the supervisor returns
}

// serverSetup is what the hidden server process is told.
type serverSetup struct {
	Home      string // everything of PostgreSQL's stands below: data, password, log
	Cache     string // for downloaded binaries
	Port      int    // 0 for any free one
	Throwaway bool
}

func (s serverSetup) data() string         { return filepath.Join(s.Home, "data") }
func (s serverSetup) passwordFile() string { return filepath.Join(s.Home, "password") }

var embeddedMainCalled bool

// errLocked says that another process has the data folder.
var errLocked = errors.New("data folder in use")

// EmbeddedMain must be the first call in main and TestMain. It returns at once, unless this process was started to be
// the embedded server: then it never returns.
func EmbeddedMain() {
	embeddedMainCalled = true
	told, hidden := os.LookupEnv(serverEnv)
	if !hidden || len(os.Args) < 2 || os.Args[1] != serverCommand {
		return
	}
	var setup serverSetup
	if err := json.Unmarshal([]byte(told), &setup); err != nil {
		fmt.Fprintln(os.Stderr, "the hidden postgres command is not for people:", err)
		os.Exit(2)
	}
	os.Exit(runServer(setup))
}

// StartEmbedded starts PostgreSQL on the data in options.Dir, making it at first. One process may use a folder at a
// time. The server listens on a free port of 127.0.0.1 only, is started again when it dies, and is stopped when this
// process ends, however it ends. An error that a person can mend is a *StartError.
func StartEmbedded(ctx context.Context, options EmbeddedOptions) (*Embedded, error) {
	if !embeddedMainCalled {
		return nil, errors.New("start embedded postgres: call db.EmbeddedMain first in main")
	}
	if options.Log == nil {
		options.Log = io.Discard
	}
	dir, err := filepath.Abs(options.Dir)
	if err != nil {
		return nil, fmt.Errorf("find data folder: %w", err)
	}
	dir, runAs, err := chooseDir(dir, options)
	if err != nil {
		return nil, err
	}

	e := &Embedded{dir: dir, identity: runAs, log: options.Log, ended: make(chan struct{})}
	if e.lock, err = lockDir(dir); err != nil {
		return nil, err
	}
	if err := e.prepare(options); err != nil {
		e.lock.Close()
		return nil, err
	}
	if e.server, err = e.launch(ctx); err != nil {
		e.lock.Close()
		return nil, err
	}
	e.port, e.setup.Port = e.server.port, e.server.port
	e.ctx, e.cancel = context.WithCancel(context.WithoutCancel(ctx))
	go e.supervise()
	return e, nil
}

// URL is the address of the database.
func (e *Embedded) URL() string {
	return embeddedURL(e.password, fmt.Sprintf("127.0.0.1:%d", e.port))
}

// Dir is the data folder in use, which as root may be another than the one asked for.
func (e *Embedded) Dir() string { return e.dir }

// Stop stops PostgreSQL in order and waits until it has ended.
func (e *Embedded) Stop() error {
	e.cancel()
	e.mu.Lock()
	server := e.server
	e.mu.Unlock()
	err := server.stop()
	<-e.ended
	return errors.Join(err, e.lock.Close())
}

// supervise starts the server again, on the same port, when it ended without being asked to.
func (e *Embedded) supervise() {
	defer close(e.ended)
	for pause := 100 * time.Millisecond; ; {
		select {
		case <-e.ctx.Done():
			return
		case <-e.server.exited:
		}
		fmt.Fprintln(e.log, "PostgreSQL ended unexpectedly; starting it again.")
		server, err := e.launch(e.ctx)
		switch {
		case e.ctx.Err() != nil:
			if err == nil {
				_ = server.stop()
			}
			return
		case err != nil:
			fmt.Fprintln(e.log, err)
			select {
			case <-e.ctx.Done():
				return
			case <-time.After(pause):
			}
			pause = min(2*pause, 5*time.Second)
			continue
		}
		pause = 100 * time.Millisecond
		e.mu.Lock()
		e.server = server
		e.mu.Unlock()
	}
}

// prepare makes the folder of the server, owned by whom it runs as, and its password.
func (e *Embedded) prepare(options EmbeddedOptions) error {
	e.setup = serverSetup{Home: filepath.Join(e.dir, "postgres"), Throwaway: options.Throwaway}
	cache, err := e.identity.cacheDir()
	if err != nil {
		return err
	}
	e.setup.Cache = cache
	if err := os.MkdirAll(e.setup.Home, 0o700); err != nil {
		return notWritable(e.dir, err)
	}
	if err := e.identity.own(e.setup.Home); err != nil {
		return notWritable(e.dir, err)
	}

	kept, err := os.ReadFile(e.setup.passwordFile())
	if err == nil && len(kept) > 0 {
		e.password = string(kept)
		return nil
	}
	if _, err := os.Stat(filepath.Join(e.setup.data(), "PG_VERSION")); err == nil {
		return cannotStart(nil, "The password of the database in %s is missing: put the file %s back from a backup.", e.dir, e.setup.passwordFile())
	}
	secret := make([]byte, 16)
	rand.Read(secret)
	e.password = hex.EncodeToString(secret)
	if err := os.WriteFile(e.setup.passwordFile(), []byte(e.password), 0o600); err != nil {
		return notWritable(e.dir, err)
	}
	return e.identity.own(e.setup.passwordFile())
}

func notWritable(dir string, err error) error {
	return cannotStart(err, "The data folder %s cannot be written (%s). Set DATA_DIR to a folder of yours, or DATABASE_URL to a database.", dir, plainCause(err))
}

// plainCause is the last, shortest part of an operating system's error.
func plainCause(err error) string {
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	return err.Error()
}

// serverProcess is the hidden process that looks after PostgreSQL.
type serverProcess struct {
	command *exec.Cmd
	stdin   io.Closer
	port    int
	exited  chan struct{}
	err     error // once exited
}

// launch starts the hidden process and waits until PostgreSQL answers.
func (e *Embedded) launch(ctx context.Context) (*serverProcess, error) {
	told, err := json.Marshal(e.setup)
	if err != nil {
		return nil, fmt.Errorf("start embedded postgres: %w", err)
	}
	command := exec.Command(ownBinary(), serverCommand)
	command.Dir = e.setup.Home
	command.Env = append(serverEnvironment(e.setup), serverEnv+"="+string(told))
	command.Stderr = e.log
	e.identity.apply(command)
	stdin, err := command.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start embedded postgres: %w", err)
	}
	stdout, err := command.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start embedded postgres: %w", err)
	}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("start embedded postgres: %w", err)
	}

	server := &serverProcess{command: command, stdin: stdin, exited: make(chan struct{})}
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(stdout).ReadString('\n')
		answer <- strings.TrimSpace(line)
		server.err = command.Wait()
		close(server.exited)
	}()
	select {
	case <-ctx.Done():
		_ = server.stop()
		return nil, ctx.Err()
	case line := <-answer:
		return server.read(line)
	}
}

// read understands the one line that the server says: "ready PORT", or why not.
func (s *serverProcess) read(line string) (*serverProcess, error) {
	if n, _ := fmt.Sscanf(line, "ready %d", &s.port); n == 1 {
		return s, nil
	}
	_ = s.stop()
	if line == "" {
		line = "The embedded PostgreSQL ended before it was ready."
	}
	return nil, cannotStart(s.err, "%s", line)
}

// stop ends the server process by closing its standard input, as our own death would.
func (s *serverProcess) stop() error {
	select {
	case <-s.exited:
		return nil
	default:
	}
	_ = s.stdin.Close()
	select {
	case <-s.exited:
	case <-time.After(stopWithin):
		_ = s.command.Process.Kill()
		return fmt.Errorf("stop embedded postgres: still running after %s", stopWithin)
	}
	if s.err != nil {
		return fmt.Errorf("stop embedded postgres: %w", s.err)
	}
	return nil
}

// ownBinary is this program. On Linux by a link that works for a user who cannot reach the file's folder, and when
// the file was replaced since.
func ownBinary() string {
	if runtime.GOOS == "linux" {
		return "/proc/self/exe"
	}
	path, err := os.Executable()
	if err != nil {
		return os.Args[0]
	}
	return path
}

// serverEnvironment keeps what a program needs, and drops every PG variable that would lead PostgreSQL elsewhere.
func serverEnvironment(setup serverSetup) []string {
	environment := []string{
		"HOME=" + setup.Home, "TMPDIR=" + filepath.Join(setup.Home, "tmp"), "LC_ALL=C",
		"PGCTLTIMEOUT=600", // recovery after a crash may take minutes
	}
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		switch {
		case name == "PATH", name == "TZ", strings.HasSuffix(strings.ToLower(name), "_proxy"), strings.HasPrefix(name, "SSL_CERT_"):
			environment = append(environment, variable)
		}
	}
	return environment
}
