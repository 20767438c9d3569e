package static

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
)

// disk is the folder that files are read from in development; nil serves what was built in.
var disk atomic.Pointer[fs.FS]

// FromDisk serves the files of a folder as they are now, for development: a change shows with the next reload. A folder
// without them (the program runs elsewhere) changes nothing.
func FromDisk(folder string) {
	files := os.DirFS(folder)
	if _, err := fs.Stat(files, "css/app.css"); err == nil {
		disk.Store(&files)
	}
}

// URL is where a file is served: URL("css/app.css"). A file that is not there is a mistake in the program, and panics.
func URL(name string) string {
	if disk.Load() != nil {
		return Prefix + name
	}
	found := built()[name]
	if found == nil {
		panic("static: no file " + name)
	}
	return found.url
}

// Integrity is what a browser checks a file against before it runs it: "sha384-…".
func Integrity(name string) string {
	body, err := Read(name)
	if disk.Load() == nil && built()[name] != nil {
		body, err = built()[name].body, nil
	}
	if err != nil {
		panic("static: no file " + name)
	}
	sum := sha512.Sum384(body)
	return "sha384-" + base64.StdEncoding.EncodeToString(sum[:])
}

// Name is the file that is served at a path, by its plain name.
func Name(served string) (name string, ours bool) {
	name, below := strings.CutPrefix(served, Prefix)
	if plain := hashed.FindStringSubmatch(name); plain != nil {
		name = plain[1] + plain[2]
	}
	return name, below && built()[name] != nil
}

// Imports is where the modules that a script imports are served, and the modules those import, so that a page can ask
// for all of them at once.
func Imports(name string) []string {
	if disk.Load() != nil || built()[name] == nil {
		return nil
	}
	urls := []string{}
	for _, module := range built()[name].imports {
		urls = append(urls, built()[module].url)
	}
	return urls
}

// Read is a file's content as it was written.
func Read(name string) ([]byte, error) {
	if files := disk.Load(); files != nil {
		return fs.ReadFile(*files, name)
	}
	return embedded.ReadFile(name)
}

var hashed = regexp.MustCompile(`^(.+)\.[0-9a-f]{16}(\.[a-z0-9]+)$`)

// Handler serves the files below Prefix, each by its exact name.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "Method not allowed", http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(r.URL.Path, Prefix)
		if plain := hashed.FindStringSubmatch(name); plain != nil {
			name = plain[1] + plain[2]
		}
		if files := disk.Load(); files != nil {
			serveDisk(w, r, *files, name)
			return
		}
		found := built()[name]
		if found == nil {
			http.NotFound(w, r)
			return
		}
		found.serve(w, r)
	})
}

// serve answers with the file. Under a name with another hash it is a page of another version that asks, for example
// while two versions run behind one address: it gets what there is, and may not keep it.
func (a *asset) serve(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", a.kind)
	header.Set("X-Content-Type-Options", "nosniff")
	if r.URL.Path == a.url {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		header.Set("Cache-Control", "no-cache")
	}

	body, etag := a.body, a.etag
	if a.gzipped != nil {
		header.Add("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			body, etag = a.gzipped(), strings.TrimSuffix(a.etag, `"`)+`-gzip"`
			header.Set("Content-Encoding", "gzip")
		}
	}
	header.Set("ETag", etag)
	if strings.Contains(r.Header.Get("If-None-Match"), etag) {
		header.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body)
}

func serveDisk(w http.ResponseWriter, r *http.Request, files fs.FS, name string) {
	kind := types[path.Ext(name)]
	if kind == "" || !fs.ValidPath(name) {
		http.NotFound(w, r)
		return
	}
	body, err := fs.ReadFile(files, name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	etag := etagOf(body)
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("ETag", etag)
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write(body)
}

func etagOf(body []byte) string {
	sum := sha256.Sum256(body)
	return fmt.Sprintf("%q", hex.EncodeToString(sum[:8]))
}
