//go:build unix

package db

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

var utf8Locale = map[bool]string{true: "en_US.UTF-8", false: "C.UTF-8"}[runtime.GOOS == "darwin"]

// identity is whom the embedded server runs as: ourselves, or as root somebody less.
type identity struct {
	uid, gid int
	other    bool // than this process
}

// chooseDir decides whom the server runs as, and with that whether it can reach dir; as root it falls back to a
// folder that it can. A folder that already holds a database keeps its owner.
func chooseDir(dir string, options EmbeddedOptions) (string, *identity, error) {
	if _, err := os.Stat(dir); errors.Is(err, syscall.ENOTDIR) {
		return "", nil, notWritable(dir, err)
	}
	runAs := &identity{uid: os.Getuid(), gid: os.Getgid()}
	if os.Geteuid() != 0 {
		return dir, runAs, nil
	}
	runAs = &identity{uid: 65534, gid: 65534, other: true}
	if nobody, err := user.Lookup("nobody"); err == nil {
		runAs.uid, _ = strconv.Atoi(nobody.Uid)
		runAs.gid, _ = strconv.Atoi(nobody.Gid)
	}
	if uid, gid, owned := ownerOf(filepath.Join(dir, "postgres")); owned && uid != 0 {
		runAs.uid, runAs.gid = uid, gid
	}

	blocked := runAs.blockedAt(dir)
	if blocked == "" {
		return dir, runAs, nil
	}
	if options.Throwaway {
		return "", nil, cannotStart(nil, "As root, PostgreSQL runs as nobody, who cannot enter %s.", blocked)
	}
	fmt.Fprintf(options.Log, "As root, PostgreSQL runs as nobody, who cannot enter %s; the data is in %s.\n", blocked, fallbackDir)
	return fallbackDir, runAs, nil
}

// blockedAt is the first folder on the way to dir that the identity cannot pass, "" for none.
func (i *identity) blockedAt(dir string) string {
	for at := dir; ; at = filepath.Dir(at) {
		info, err := os.Stat(at)
		if err == nil && info.IsDir() {
			uid, gid, _ := ownerOf(at)
			mode := info.Mode().Perm()
			passable := mode&0o001 != 0 || (uid == i.uid && mode&0o100 != 0) || (gid == i.gid && mode&0o010 != 0)
			if !passable {
				return at
			}
		}
		if at == filepath.Dir(at) {
			return ""
		}
	}
}

func ownerOf(path string) (uid, gid int, found bool) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, 0, false
	}
	status, isUnix := info.Sys().(*syscall.Stat_t)
	if !isUnix {
		return 0, 0, false
	}
	return int(status.Uid), int(status.Gid), true
}

// own gives path to the identity.
func (i *identity) own(path string) error {
	if !i.other {
		return nil
	}
	return os.Chown(path, i.uid, i.gid)
}

// apply makes a command run as the identity, in a process group of its own: Ctrl-C does not reach it.
func (i *identity) apply(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if i.other {
		command.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(i.uid), Gid: uint32(i.gid)}
	}
}

// cacheDir is where downloaded binaries are kept for every clinic of this machine.
func (i *identity) cacheDir() (string, error) {
	base := "/var/cache"
	if !i.other {
		var err error
		if base, err = os.UserCacheDir(); err != nil {
			base = os.TempDir()
		}
	}
	dir := filepath.Join(base, "purple-cross")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", notWritable(dir, err)
	}
	return dir, i.own(dir)
}

// lockDir makes the data folder and takes it for this process. The lock goes with the process, however it ends.
func lockDir(dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, notWritable(dir, err)
	}
	file, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, notWritable(dir, err)
	}
	for end := time.Now().Add(stopWithin); ; time.Sleep(20 * time.Millisecond) {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			break
		}
		said, _ := os.ReadFile(file.Name())
		holder := strings.TrimSpace(string(said))
		// A child that a process was starting as it was killed has its lock until it runs its own program.
		if pid, err := strconv.Atoi(holder); err != nil || alive(pid) || time.Now().After(end) {
			file.Close()
			return nil, cannotStart(errLocked, "Another Purple Cross already uses %s (pid %s). Stop it first, or set DATA_DIR to another folder.", dir, holder)
		}
	}
	if err := file.Truncate(0); err != nil {
		return nil, notWritable(dir, err)
	}
	if _, err := fmt.Fprintln(file, os.Getpid()); err != nil {
		return nil, notWritable(dir, err)
	}
	return file, nil
}

// lockServer waits for the server process before this one, which may still be stopping PostgreSQL for a parent that
// was killed.
func lockServer(home string) (release func(), err error) {
	file, err := os.OpenFile(filepath.Join(home, "server.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, notWritable(home, err)
	}
	for end := time.Now().Add(stopWithin); ; time.Sleep(20 * time.Millisecond) {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return func() { _ = file.Close() }, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) || time.Now().After(end) {
			return nil, cannotStart(err, "The PostgreSQL that used %s before does not end.", home)
		}
	}
}

// postmasterEnd is closed when the postmaster has ended. It is not our child (pg_ctl left it behind), so we look.
func postmasterEnd(pid int) <-chan struct{} {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for alive(pid) {
			time.Sleep(100 * time.Millisecond)
		}
	}()
	return ended
}

// stopPostmaster ends a PostgreSQL: in order (fast: transactions are rolled back), or if that takes too long at once.
// Unlike pg_ctl it is not fooled by a zombie.
func stopPostmaster(pid int) error {
	ended := postmasterEnd(pid)
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT} {
		if err := syscall.Kill(pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("stop postgres: %w", err)
		}
		select {
		case <-ended:
			return nil
		case <-time.After(stopWithin / 2):
		}
	}
	return errors.New("stop postgres: it does not end")
}
