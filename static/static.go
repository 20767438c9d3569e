// Package static holds what browsers may keep for ever: style sheets, scripts, vendored files and icons. Each file is
// served under a name that carries the hash of its content, so a new version is a new address. There is no build: style
// sheets that a sheet imports are put in their places, and modules find each other by their hashed names.
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
	gzipped func() []byte // nil when it does not pay
	imports []string      // the modules it imports, and theirs, by name, without those that come later
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
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || types[path.Ext(name)] == "" {
			return err
		}
		_, err = all.add(files, name, nil)
		return err
	})
	return all, err
}

// add reads a file and what it imports, those first: their hashes are part of its content.
func (all bundle) add(files fs.FS, name string, above []string) (*asset, error) {
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
	if body, err = all.join(files, a, body, append(above, name)); err != nil {
		return nil, err
	}

	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:8])
	extension := path.Ext(name)
	a.body, a.etag = body, `"`+hash+`"`
	a.url = Prefix + strings.TrimSuffix(name, extension) + "." + hash + extension
	if strings.HasPrefix(a.kind, "text/") || extension == ".svg" {
		a.gzipped = sync.OnceValue(func() []byte { return compress(body) })
	}
	all[name] = a
	return a, nil
}

var (
	cssImport = regexp.MustCompile(`@import (?:url\()?"([^":]+)"\)?( layer\(([a-z-]+)\))?;`)
	cssURL    = regexp.MustCompile(`url\("(\.[^"]+)"\)`)
	jsImport  = regexp.MustCompile(`((?:^|[;\n}])\s*(?:import|export)\b[^"';]*|\bimport\()"(\.[^"]+)"`)
)

// join puts imported sheets in their places and gives imported modules and pictures their hashed names.
func (all bundle) join(files fs.FS, into *asset, body []byte, above []string) ([]byte, error) {
	var failed error
	with := func(pattern *regexp.Regexp, replace func(part []string, imported *asset) string, group int) {
		body = pattern.ReplaceAllFunc(body, func(found []byte) []byte {
			part := make([]string, 0, 4)
			for _, p := range pattern.FindSubmatch(found) {
				part = append(part, string(p))
			}
			imported, err := all.add(files, path.Join(path.Dir(into.name), part[group]), above)
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
		with(jsImport, func(part []string, module *asset) string {
			late := strings.HasSuffix(part[1], "import(") // fetched when it is first needed
			for _, name := range append([]string{module.name}, module.imports...) {
				if !late && !slices.Contains(into.imports, name) {
					into.imports = append(into.imports, name)
				}
			}
			return part[1] + `"` + module.url + `"`
		}, 2)
	}
	return body, failed
}

func compress(body []byte) []byte {
	var buffer bytes.Buffer
	writer, _ := gzip.NewWriterLevel(&buffer, gzip.BestCompression)
	_, _ = writer.Write(body)
	_ = writer.Close()
	return buffer.Bytes()
}
