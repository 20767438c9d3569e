// Package static holds what browsers may keep for ever: style sheets, scripts, vendored files and icons. Each file is
// served under a name that carries the hash of its content, so a new version is a new address. There is no build: style
// sheets that a sheet imports are put in their places, the modules that every page needs are served in one file, and those
// that are fetched later are found by their hashed names.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
)

//go:embed css js vendor icons
var embedded embed.FS

// Prefix is where Handler is mounted.
const Prefix = "/static/"

// An asset is a file as it is served.
type asset struct {
	name    string // "css/app.css"
	url     string // "/static/css/app.0123456789abcdef.css"
	etag    string
	kind    string // the content type
	body    []byte
	parts   []part                   // what the app is joined of
	smaller map[string]func() []byte // by content coding; nil when it does not pay
}

// types are the kinds of file that are served; any other is not.
var types = map[string]string{
	".css":         "text/css; charset=utf-8",
	".js":          "text/javascript; charset=utf-8",
	".svg":         "image/svg+xml",
	".png":         "image/png",
	".ico":         "image/x-icon",
	".woff2":       "font/woff2",
	".webmanifest": "application/manifest+json",
}

// bundle is every file of a folder, by name.
type bundle map[string]*asset

var built = sync.OnceValue(func() bundle {
	all, err := build(embedded)
	if err != nil {
		panic(err) // an import of a file that is not there: TestEveryImportIsThere
	}
	return all
})

func build(files fs.FS) (bundle, error) {
	all := bundle{}
	within, err := parts(files, app, nil)
	if err != nil {
		return nil, err
	}
	inside := slices.Clone(within)
	if _, err := fs.Stat(files, gallery); err == nil {
		more, err := parts(files, gallery, nil)
		if err != nil {
			return nil, err
		}
		inside = append(inside, more...)
	}
	err = fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || types[path.Ext(name)] == "" || !isWhole(name) && slices.Contains(inside, name) {
			return err
		}
		_, err = all.add(files, name, within, nil)
		return err
	})
	return all, err
}

// add reads a file and what it imports, those first: their hashes are part of its content.
func (all bundle) add(files fs.FS, name string, within, above []string) (*asset, error) {
	if done := all[name]; done != nil {
		return done, nil
	}
	if slices.Contains(above, name) {
		return nil, fmt.Errorf("static: %s imports itself by way of %s", name, strings.Join(above, ", "))
	}
	body, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, fmt.Errorf("static: %w", err)
	}
	a := &asset{name: name, kind: types[path.Ext(name)]}
	switch {
	case isWhole(name):
		var names []string
		if names, err = parts(files, name, nil); err == nil {
			body, a.parts, err = joined(files, names)
		}
	case strings.HasPrefix(name, "js/"):
		body = taken(name, spared(name, body), within)
	default:
		body = spared(name, body)
	}
	if err != nil {
		return nil, err
	}
	if body, err = all.join(files, a, body, within, append(above, name)); err != nil {
		return nil, err
	}

	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:8])
	extension := path.Ext(name)
	a.body, a.etag = body, `"`+hash+`"`
	a.url = Prefix + strings.TrimSuffix(name, extension) + "." + hash + extension
	if strings.HasPrefix(a.kind, "text/") || extension == ".svg" {
		a.smaller = map[string]func() []byte{
			"gzip": sync.OnceValue(func() []byte { return gzipped(body) }),
			"br":   sync.OnceValue(func() []byte { return brotlied(body) }),
		}
	}
	all[name] = a
	return a, nil
}

var (
	cssImport = regexp.MustCompile(`@import (?:url\()?"([^":]+)"\)?( layer\(([a-z-]+)\))?;`)
	cssURL    = regexp.MustCompile(`url\("(\.[^"]+)"\)`)
	jsSheet   = regexp.MustCompile(`"(\.\./css/[^"]+)"`)
	jsImport  = regexp.MustCompile(`((?:^|[;\n}])\s*(?:import|export)\b[^"';]*|\bimport\()"(\.[^"]+)"`)
)

// join puts imported sheets in their places and gives the modules, sheets and pictures that are named their hashed names.
func (all bundle) join(files fs.FS, into *asset, body []byte, within, above []string) ([]byte, error) {
	var failed error
	with := func(pattern *regexp.Regexp, replace func(part []string, imported *asset) string, group int) {
		body = pattern.ReplaceAllFunc(body, func(found []byte) []byte {
			part := make([]string, 0, 4)
			for _, p := range pattern.FindSubmatch(found) {
				part = append(part, string(p))
			}
			imported, err := all.add(files, path.Join(path.Dir(into.name), part[group]), within, above)
			if err != nil {
				failed = err
				return found
			}
			return []byte(replace(part, imported))
		})
	}

	switch {
	case strings.HasPrefix(into.name, "css/"):
		with(cssURL, func(_ []string, picture *asset) string { return `url("` + picture.url + `")` }, 1)
		with(cssImport, func(part []string, sheet *asset) string {
			if part[3] != "" {
				return "@layer " + part[3] + " {\n" + string(sheet.body) + "}"
			}
			return string(sheet.body)
		}, 1)
	case strings.HasPrefix(into.name, "js/"):
		with(jsSheet, func(_ []string, sheet *asset) string { return `"` + sheet.url + `"` }, 1)
		with(jsImport, func(part []string, module *asset) string { return part[1] + `"` + module.url + `"` }, 2)
	}
	return body, failed
}

var (
	indents    = regexp.MustCompile(`(?m)^[ \t]+`)
	jsComments = regexp.MustCompile(`(?m)^//.*$`)
	cssSpaces  = regexp.MustCompile(`(?s)("[^"]*")|/\*.*?\*/\s*|\s*;?\s*(})\s*|\s*([{;,])\s*|(:)[ \t]+|(\s)\s+`)
)

// spared is a file of ours without what only its readers need. A script's lines keep their numbers, so that an error's place
// can be told in the source.
func spared(name string, body []byte) []byte {
	switch {
	case strings.HasPrefix(name, "js/"):
		return jsComments.ReplaceAll(indents.ReplaceAll(body, nil), nil)
	case strings.HasPrefix(name, "css/"):
		return cssSpaces.ReplaceAll(body, []byte("$1$2$3$4$5"))
	}
	return body
}

func gzipped(body []byte) []byte {
	var buffer bytes.Buffer
	writer, _ := gzip.NewWriterLevel(&buffer, gzip.BestCompression)
	_, _ = writer.Write(body)
	_ = writer.Close()
	return buffer.Bytes()
}

func brotlied(body []byte) []byte {
	quality := brotli.BestCompression
	if len(body) > 200_000 { // seconds for a file that only tests and designers ask for
		quality = 9
	}
	var buffer bytes.Buffer
	writer := brotli.NewWriterOptions(&buffer, brotli.WriterOptions{Quality: quality, LGWin: 18})
	_, _ = writer.Write(body)
	_ = writer.Close()
	return buffer.Bytes()
}
