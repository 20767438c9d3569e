package db

import (
	"errors"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// RunningEmbedded is the address of the embedded PostgreSQL that another process runs on dir, "" when none does: a
// command such as import works beside a running server.
func RunningEmbedded(dir string) string {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return ""
	}
	for _, dir := range []string{dir, fallbackDir} {
		lock, err := lockDir(dir)
		if err == nil {
			lock.Close() // nobody has it
			return ""
		}
		if inUse := new(StartError); !errors.As(err, &inUse) || !errors.Is(inUse.Cause, errLocked) {
			continue
		}
		setup := serverSetup{Home: filepath.Join(dir, "postgres")}
		password, err := os.ReadFile(setup.passwordFile())
		if err != nil {
			return ""
		}
		status, err := os.ReadFile(filepath.Join(setup.data(), "postmaster.pid"))
		if err != nil {
			return ""
		}
		lines := strings.Split(string(status), "\n") // pid, folder, start, port, …
		if len(lines) < 4 {
			return ""
		}
		return embeddedURL(string(password), net.JoinHostPort("127.0.0.1", strings.TrimSpace(lines[3])))
	}
	return ""
}

func embeddedURL(password, host string) string {
	address := url.URL{Scheme: "postgres", User: url.UserPassword(databaseUser, password), Host: host, Path: "/" + databaseName, RawQuery: "sslmode=disable"}
	return address.String()
}
