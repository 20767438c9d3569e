package db

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	embeddedpostgres "github.com/fergusstrange/embedded-postgres"
)

const (
	databaseUser = "purple_cross"
	databaseName = "purple_cross"
)

// runServer is the whole life of the hidden process: start PostgreSQL, say so, wait until our parent closes our
// standard input (or dies), stop PostgreSQL. The result is the exit code.
func runServer(setup serverSetup) int {
	// Only the end of standard input stops us: whoever signals the whole group also signals our parent, who still
	// needs the database to finish. Notify, not Ignore, because PostgreSQL would inherit the latter.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)
	orphaned := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		close(orphaned)
	}()

	release, err := lockServer(setup.Home)
	if err != nil {
		return refuse(err)
	}
	defer release()
	port, err := startServer(setup)
	if err != nil {
		return refuse(err)
	}
	postmaster := postmasterPID(setup.data())
	fmt.Printf("ready %d\n", port)

	select {
	case <-orphaned:
	case <-postmasterEnd(postmaster):
		return 1 // our parent starts us again
	}
	if err := stopPostmaster(postmaster); err != nil {
		fmt.Fprintln(os.Stderr, "PostgreSQL did not stop in order; it recovers at the next start:", err)
		return 1
	}
	if setup.Throwaway {
		_ = os.RemoveAll(setup.Home)
	}
	return 0
}

func refuse(err error) int {
	fmt.Println(strings.ReplaceAll(strings.TrimSpace(err.Error()), "\n", " "))
	return 1
}

func startServer(setup serverSetup) (port int, err error) {
	password, err := os.ReadFile(setup.passwordFile())
	if err != nil {
		return 0, notWritable(setup.Home, err)
	}
	if err := clearUnfinished(setup); err != nil {
		return 0, err
	}
	binaries, err := chooseBinaries(setup.data())
	if err != nil {
		return 0, err
	}
	if err := settleOrphan(setup.data()); err != nil {
		return 0, err
	}
	if binaries.path == "" {
		fmt.Fprintf(os.Stderr, "This machine has no PostgreSQL of its own; getting %s once.\n", binaries.version)
	}
	if port, err = freePort(setup.Port); err != nil {
		return 0, err
	}
	server := embeddedpostgres.NewDatabase(serverConfig(setup, binaries, string(password), port))
	if err := server.Start(); err != nil {
		return 0, startFailure(setup, binaries, err)
	}
	return port, finishInit(setup)
}

func serverConfig(setup serverSetup, binaries binaries, password string, port int) embeddedpostgres.Config {
	config := embeddedpostgres.DefaultConfig().
		Version(binaries.version).
		Port(uint32(port)).
		Username(databaseUser).Password(password).Database(databaseName).
		DataPath(setup.data()).
		RuntimePath(filepath.Join(setup.Home, "run")).
		CachePath(setup.Cache).
		BinariesPath(binaries.path).
		Locale(utf8Locale).Encoding("UTF8").
		Logger(io.Discard).
		StartParameters(serverParameters(setup))
	if binaries.path == "" {
		config = config.BinariesPath(filepath.Join(setup.Cache, string(binaries.version)))
	}
	return config
}

func serverParameters(setup serverSetup) map[string]string {
	parameters := map[string]string{
		"listen_addresses":         "127.0.0.1",
		"unix_socket_directories":  "",
		"shared_buffers":           "256MB",
		"max_wal_size":             "2GB",
		"random_page_cost":         "1.1", // a solid-state disk
		"logging_collector":        "on",
		"log_directory":            filepath.Join(setup.Home, "log"),
		"log_filename":             "postgresql-%a.log", // a week, then written over
		"log_truncate_on_rotation": "on",
		"log_rotation_size":        "0",
		"log_error_verbosity":      "terse", // details quote the values of rows
		"log_min_error_statement":  "panic", // statements may too
	}
	if setup.Throwaway {
		for name, value := range map[string]string{
			"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "64MB",
			"max_wal_size": "512MB", "autovacuum": "off", "max_connections": "200",
		} {
			parameters[name] = value
		}
	}
	return parameters
}

// A cluster that initdb did not finish has a PG_VERSION too. The marker stands beside it from before the first byte
// until the first start was seen to work, so only what is certainly unfinished is ever removed.
func (s serverSetup) unfinished() string { return filepath.Join(s.Home, "initialising") }

func clearUnfinished(setup serverSetup) error {
	_ = os.RemoveAll(filepath.Join(setup.Home, "tmp"))
	for _, folder := range []string{"tmp", "log"} {
		if err := os.MkdirAll(filepath.Join(setup.Home, folder), 0o700); err != nil {
			return notWritable(setup.Home, err)
		}
	}
	if _, err := os.Stat(setup.unfinished()); err == nil {
		if err := os.RemoveAll(setup.data()); err != nil {
			return notWritable(setup.Home, err)
		}
	}
	entries, err := os.ReadDir(setup.data())
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return notWritable(setup.Home, err)
	}
	if _, err := os.Stat(filepath.Join(setup.data(), "PG_VERSION")); err != nil && len(entries) > 0 {
		return cannotStart(err, "The folder %s holds files, and no database of PostgreSQL. Move it away, or set DATA_DIR to another folder.", setup.data())
	}
	if len(entries) == 0 {
		if err := os.WriteFile(setup.unfinished(), nil, 0o600); err != nil {
			return notWritable(setup.Home, err)
		}
	}
	return nil
}

// finishInit takes the marker away for good: on the disk before anybody's data is.
func finishInit(setup serverSetup) error {
	if err := os.Remove(setup.unfinished()); err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		return notWritable(setup.Home, err)
	}
	folder, err := os.Open(setup.Home)
	if err != nil {
		return notWritable(setup.Home, err)
	}
	defer folder.Close()
	return folder.Sync()
}

func startFailure(setup serverSetup, binaries binaries, err error) error {
	if binaries.path == "" && !strings.Contains(err.Error(), "could not start postgres") {
		return cannotStart(err, "This machine has no PostgreSQL %d or newer, and it could not be downloaded (%s). Install PostgreSQL, or set DATABASE_URL to a database.", oldestMajor, err)
	}
	logs := filepath.Join(setup.Home, "log")
	return cannotStart(err, "PostgreSQL did not start on the data in %s: %s. Its log is in %s.", setup.Home, fatalLine(err.Error()+"\n"+lastLog(logs)), logs)
}

// fatalLine is the last complaint in what PostgreSQL said.
func fatalLine(said string) string {
	complaint := "it does not say why"
	for line := range strings.Lines(said) {
		for _, level := range []string{"FATAL:", "PANIC:", "error:"} {
			if _, words, found := strings.Cut(line, level); found {
				complaint = strings.TrimSpace(words)
			}
		}
	}
	return complaint
}

// lastLog is the end of PostgreSQL's newest log file.
func lastLog(dir string) string {
	var newest os.FileInfo
	entries, _ := os.ReadDir(dir)
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil && (newest == nil || info.ModTime().After(newest.ModTime())) {
			newest = info
		}
	}
	if newest == nil {
		return ""
	}
	text, _ := os.ReadFile(filepath.Join(dir, newest.Name()))
	return string(text[max(0, len(text)-4000):])
}

// freePort is the wanted port when it is free, else another: after a crash a pool waits for the same one.
func freePort(wanted int) (int, error) {
	for _, port := range []int{wanted, 0} {
		listener, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			continue
		}
		port = listener.Addr().(*net.TCPAddr).Port
		return port, listener.Close()
	}
	return 0, cannotStart(nil, "No port of 127.0.0.1 is free for PostgreSQL.")
}

// settleOrphan ends a PostgreSQL that still runs on data, left by a process that was killed.
func settleOrphan(data string) error {
	running, err := postmasterOf(data)
	if err != nil || !running {
		return err
	}
	if err := stopPostmaster(postmasterPID(data)); err != nil {
		return cannotStart(err, "A PostgreSQL from before still runs on %s and does not stop.", data)
	}
	return nil
}

// postmasterPID is the process that data's pid file names, 0 when there is none.
func postmasterPID(data string) int {
	text, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(text), "\n")
	pid, _ := strconv.Atoi(strings.TrimSpace(line))
	return max(pid, 0)
}
