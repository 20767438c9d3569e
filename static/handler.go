package static

import (
	"crypto/sha512"
	"encoding/base64"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// URL is where a file is served: URL("css/app.css"). A file that is not there is a mistake in the program, and panics.
func URL(name string) string {
	found := current()[name]
	if found == nil {
		panic("static: no file " + name)
	}
	return found.url
}

// Integrity is what a browser checks a file against before it runs it: "sha384-…".
func Integrity(name string) string {
	found := current()[name]
	if found == nil {
		panic("static: no file " + name)
	}
	sum := sha512.Sum384(found.body)
	return "sha384-" + base64.StdEncoding.EncodeToString(sum[:])
}

// Name is the file that is served at a path, by its plain name.
func Name(served string) (name string, ours bool) {
	name, below := strings.CutPrefix(served, Prefix)
	if plain := hashed.FindStringSubmatch(name); plain != nil {
		name = plain[1] + plain[2]
	}
	_, err := fs.Stat(source(), name)
	return name, below && err == nil && types[path.Ext(name)] != ""
}

// Read is a file's content as it was written.
func Read(name string) ([]byte, error) { return fs.ReadFile(source(), name) }

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
		found := current()[name]
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
	if a.smaller != nil {
		header.Add("Vary", "Accept-Encoding")
		if coding := Coding(r.Header.Get("Accept-Encoding")); coding != "" {
			body, etag = a.smaller[coding](), strings.TrimSuffix(a.etag, `"`)+"-"+coding+`"`
			header.Set("Content-Encoding", coding)
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

// Coding is how a body is best made smaller for who says what it accepts: "br", "gzip" or "" for not at all.
func Coding(accepted string) string {
	best := ""
	for offer := range strings.SplitSeq(accepted, ",") {
		coding, quality, _ := strings.Cut(strings.TrimSpace(offer), ";")
		if weight, err := strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(quality), "q="), 64); err == nil && weight == 0 {
			continue
		}
		switch strings.TrimSpace(coding) {
		case "br":
			return "br"
		case "gzip":
			best = "gzip"
		}
	}
	return best
}
