package db

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// alive says whether a process is there, whoever owns it. A zombie is not: in a container nobody may ever collect it.
func alive(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, state, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(state, "Z") && !strings.HasPrefix(state, "X")
}

// postmasterOf says whether a postmaster runs on data, and clears what a dead one left that would stop the next: its
// processes, and a pid file whose number may be somebody else's by now, or a zombie's.
func postmasterOf(data string) (bool, error) {
	pid := postmasterPID(data)
	if pid == 0 {
		return false, nil
	}
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		workers, err := processesIn(data)
		if err != nil {
			return false, err
		}
		if len(workers) == 0 {
			return false, os.Remove(filepath.Join(data, "postmaster.pid"))
		}
		for _, worker := range workers {
			if worker == pid {
				return true, nil
			}
			if time.Now().After(end) {
				_ = syscall.Kill(worker, syscall.SIGKILL)
			}
		}
	}
}

// processesIn are the processes that work in a folder, as every process of PostgreSQL does in its data.
func processesIn(folder string) ([]int, error) {
	real, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return nil, fmt.Errorf("look for postgres: %w", err)
	}
	links, err := filepath.Glob("/proc/[0-9]*/cwd")
	if err != nil {
		return nil, fmt.Errorf("look for postgres: %w", err)
	}
	var found []int
	for _, link := range links {
		if at, err := os.Readlink(link); err == nil && at == real {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(link)))
			found = append(found, pid)
		}
	}
	return found, nil
}
