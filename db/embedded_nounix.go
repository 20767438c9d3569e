//go:build !unix

package db

import (
	"os"
	"os/exec"
)

const utf8Locale = "C"

type identity struct{}

func chooseDir(string, EmbeddedOptions) (string, *identity, error) {
	return "", nil, cannotStart(nil, "The embedded PostgreSQL runs on Linux and macOS only. Set DATABASE_URL to a database.")
}

func (i *identity) own(string) error          { return nil }
func (i *identity) apply(*exec.Cmd)           {}
func (i *identity) cacheDir() (string, error) { return os.TempDir(), nil }
func lockDir(string) (*os.File, error)        { return os.CreateTemp("", "lock") }
func lockServer(string) (func(), error)       { return func() {}, nil }
func stopPostmaster(int) error                { return nil }
func postmasterEnd(int) <-chan struct{}       { return nil }
func postmasterOf(string) (bool, error)       { return false, nil }
