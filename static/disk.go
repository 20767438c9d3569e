package static

import (
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A folder is read anew when a file in it has changed.
type folder struct {
	files fs.FS

	mu      sync.Mutex
	checked time.Time
	stamp   string // the files' names, sizes and times
	all     bundle
}

// disk is the folder that files are read from in development; nil serves what was built in.
var disk atomic.Pointer[folder]

// FromDisk serves the files of a folder as they are now, for development: a change shows with the next reload, and all else
// is as in production. A folder without them (the program runs elsewhere) changes nothing.
func FromDisk(path string) {
	files := os.DirFS(path)
	if all, err := build(files); err == nil && all["css/app.css"] != nil {
		disk.Store(&folder{files: files, all: all})
	}
}

// patience is how old an answer about the folder may be: a page asks many times.
const patience = 100 * time.Millisecond

// now is the folder as it is; while a file is being mended, as it was.
func (f *folder) now() bundle {
	f.mu.Lock()
	defer f.mu.Unlock()
	if time.Since(f.checked) < patience {
		return f.all
	}
	if stamp := stampOf(f.files); stamp != f.stamp {
		if all, err := build(f.files); err == nil {
			f.all = all
		} else {
			slog.Error("static files are served as they were", "error", err)
		}
		f.stamp = stamp
	}
	f.checked = time.Now()
	return f.all
}

func stampOf(files fs.FS) string {
	var stamp strings.Builder
	_ = fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil //nolint:nilerr // it is gone by now
		}
		if info, err := entry.Info(); err == nil {
			fmt.Fprintln(&stamp, name, info.Size(), info.ModTime().UnixNano())
		}
		return nil
	})
	return stamp.String()
}

// current is what is served.
func current() bundle {
	if from := disk.Load(); from != nil {
		return from.now()
	}
	return built()
}

// source is what it is made of.
func source() fs.FS {
	if from := disk.Load(); from != nil {
		return from.files
	}
	return embedded
}

// Prepare makes what most pages ask for small, so that the first of them needn't wait for it.
func Prepare() {
	all := current()
	for _, name := range []string{"css/app.css", app, "vendor/htmx.min.js", "css/screens.css", "css/record.css", "icons/favicon.svg"} {
		if found := all[name]; found != nil {
			for _, small := range found.smaller {
				small()
			}
		}
	}
}
