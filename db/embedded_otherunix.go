//go:build unix && !linux

package db

import (
	"errors"
	"syscall"
)

// alive says whether a process is there, whoever owns it.
func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}

// postmasterOf says whether a postmaster seems to run on data.
func postmasterOf(data string) (bool, error) {
	pid := postmasterPID(data)
	return pid != 0 && alive(pid), nil
}
