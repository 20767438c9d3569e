package static

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// app is the script of every page. The modules that it needs at once are served within it, in one file: apart they weigh
// a third more, and each is a request. Modules that are fetched later ask it for theirs, so that there is one of each,
// also when they come from a newer version than the page.
const app = "js/app.js"

// gallery is the script of the gallery's own page, which has none of the app's. Its modules are one file, too.
const gallery = "js/gallery.js"

func isWhole(name string) bool { return name == app || name == gallery }

// A part is a module within the app's file.
type part struct {
	name  string // "js/grid-scroll.js"
	lines int    // how many lines it has there
}

// modules is where the parts are in the browser: globalThis.modules["grid-scroll"].
const modules = "globalThis.modules"

var (
	jsImports = regexp.MustCompile(`(?m)^import (?:\{([^}]*)\} from )?"(\.[^"]+)";?$`)
	jsExports = regexp.MustCompile(`(?m)^export ((?:async )?function\*?|class|const) ([\w$]+)`)
	jsLeft    = regexp.MustCompile(`(?m)^(?:import|export)\b[^(].*$`)
)

// parts lists the modules that the app, or the gallery, needs at once, in the order in which they run, itself last.
func parts(files fs.FS, name string, above []string) ([]string, error) {
	if slices.Contains(above, name) {
		return nil, fmt.Errorf("static: %s imports itself by way of %s", name, strings.Join(above, ", "))
	}
	body, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, fmt.Errorf("static: %w", err)
	}
	var all []string
	for _, found := range jsImports.FindAllSubmatch(spared(name, body), -1) {
		below, err := parts(files, path.Join(path.Dir(name), string(found[2])), append(above, name))
		if err != nil {
			return nil, err
		}
		for _, module := range below {
			if !slices.Contains(all, module) {
				all = append(all, module)
			}
		}
	}
	return append(all, name), nil
}

// joined is a script with its parts. Each is a function of its own that gives what it exports; what imports it takes that.
// No part loses or wins a line before its end.
func joined(files fs.FS, names []string) ([]byte, []part, error) {
	var whole bytes.Buffer
	var made []part
	whole.WriteString(modules + " = {};")
	for _, name := range names {
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, nil, fmt.Errorf("static: %w", err)
		}
		body = taken(name, spared(name, body), names)
		var exports []string
		body = jsExports.ReplaceAllFunc(body, func(found []byte) []byte {
			exports = append(exports, string(jsExports.FindSubmatch(found)[2]))
			return bytes.TrimPrefix(found, []byte("export "))
		})
		if left := jsLeft.Find(body); left != nil {
			return nil, nil, fmt.Errorf("static: %s can't be joined: %s", name, left)
		}
		gives := ""
		if len(exports) > 0 {
			gives = "return { " + strings.Join(exports, ", ") + " } "
		}
		from := whole.Len()
		fmt.Fprintf(&whole, "%s[%q] = (() => { %s\n%s})();\n", modules, moduleName(name), bytes.TrimRight(body, "\n"), gives)
		made = append(made, part{name: name, lines: bytes.Count(whole.Bytes()[from:], []byte("\n"))})
	}
	return whole.Bytes(), made, nil
}

// taken takes what a module imports from the app's parts.
func taken(name string, body []byte, within []string) []byte {
	return jsImports.ReplaceAllFunc(body, func(found []byte) []byte {
		part := jsImports.FindSubmatch(found)
		from := path.Join(path.Dir(name), string(part[2]))
		switch {
		case !slices.Contains(within, from):
			return found
		case len(part[1]) == 0:
			return nil
		}
		return fmt.Appendf(nil, "const {%s} = %s[%q]", strings.ReplaceAll(string(part[1]), " as ", ": "), modules, moduleName(from))
	})
}

func moduleName(name string) string { return strings.TrimSuffix(path.Base(name), ".js") }

// Source is the file, and the line of it, that a line of a served script comes from.
func Source(name string, line int) (string, int) {
	whole := current()[name]
	if !isWhole(name) || whole == nil {
		return name, line
	}
	return place(name, whole.parts, line)
}

func place(whole string, parts []part, line int) (string, int) {
	at := line
	for _, part := range parts {
		if at <= part.lines {
			return part.name, at
		}
		at -= part.lines
	}
	return whole, line
}
