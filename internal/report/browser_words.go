package report

import (
	"encoding/json"
	"net/url"
	"path"
	"strings"
	"sync/atomic"
)

// File is a script that we serve.
type File struct {
	Name    string                        // "js/app.js"
	DebugID string                        // of one that is minified, as its source map has it
	Place   func(line int) (string, int)  // the file, and its line, that a line of it is: several are served as one
	Source  func(line, column int) string // where a place of a minified one comes from, "" for any other
}

// files says which script a path leads to: those that we serve may stand in a page's stack.
var files atomic.Pointer[func(path string) (file File, ours bool)]

// Files says how the path of a script is turned into the script: "/static/js/app.0123456789abcdef.js" is "js/app.js".
func Files(known func(path string) (file File, ours bool)) { files.Store(&known) }

// staticFile is a file that we serve; the zero value for any other.
type staticFile struct {
	name string // "static/js/app.js"
	of   File
}

func (f *staticFile) UnmarshalJSON(data []byte) error {
	*f = staticFile{}
	if address, err := url.Parse(plain(data)); err == nil {
		if known := files.Load(); known != nil {
			if file, ours := (*known)(address.Path); ours {
				*f = staticFile{path.Join("static", file.Name), file}
			}
		}
	}
	return nil
}

// pageRoute is a pattern that was registered, with its method: "GET /patients/:id". A path is turned into its pattern.
type pageRoute string

func (r *pageRoute) UnmarshalJSON(data []byte) error {
	*r = pageRoute(routeSaid(plain(data)))
	return nil
}

func routeSaid(said string) string {
	method, address, spaced := strings.Cut(said, " ")
	if !spaced {
		method, address = "GET", said
	}
	parsed, err := url.Parse(address)
	known := routes.Load()
	if err != nil || known == nil || !methods[method] {
		return "(no route)"
	}
	if (*known)[parsed.Path] {
		return method + " " + parsed.Path
	}
	best := "(no route)"
	for pattern := range *known {
		if matches(pattern, parsed.Path) && (best == "(no route)" || moreExact(pattern, strings.TrimPrefix(best, method+" "))) {
			best = method + " " + pattern
		}
	}
	return best
}

func matches(pattern, said string) bool {
	wanted, given := strings.Split(pattern, "/"), strings.Split(said, "/")
	for i, part := range wanted {
		if part == "*" {
			return true
		}
		if i >= len(given) || (part != given[i] && (!strings.HasPrefix(part, ":") || given[i] == "")) {
			return false
		}
	}
	return len(wanted) == len(given)
}

// moreExact prefers the pattern with fewer places for anything; of two alike, the one that comes first in the alphabet.
func moreExact(a, b string) bool {
	loose := func(s string) int { return strings.Count(s, ":") + 10*strings.Count(s, "*") }
	if loose(a) != loose(b) {
		return loose(a) < loose(b)
	}
	return a < b
}

// spanNamed is what a page waited for: a route of ours, or a file.
type spanNamed string

func (s *spanNamed) UnmarshalJSON(data []byte) error {
	*s = ""
	said := plain(data)
	var file staticFile
	if _ = file.UnmarshalJSON(data); file.name != "" {
		*s = spanNamed(file.name)
	} else if route := routeSaid(said); route != "(no route)" {
		*s = spanNamed(route)
	}
	return nil
}

// referenceID is one of ours by its shape: no name has that.
type referenceID string

func (r *referenceID) UnmarshalJSON(data []byte) error {
	*r = ""
	if said := plain(data); IsReference(said) {
		*r = referenceID(said)
	}
	return nil
}

// IsReference says whether a text has the shape of NewReference: capitals and digits in three groups, not all digits.
func IsReference(said string) bool {
	if len(said) != 14 || said[4] != '-' || said[9] != '-' {
		return false
	}
	letters := strings.ReplaceAll(said, "-", "")
	return len(letters) == 12 && strings.Trim(letters, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == "" && strings.ContainsAny(letters, "234567")
}

type errorName string

func (n *errorName) UnmarshalJSON(data []byte) error {
	if *n = errorName(oneOf(data, "Error", "TypeError", "RangeError", "ReferenceError", "SyntaxError", "URIError", "EvalError", "AggregateError",
		"DOMException", "AbortError", "NotFoundError", "InvalidStateError", "NotAllowedError", "SecurityError", "QuotaExceededError", "NetworkError",
		"HierarchyRequestError", "NotSupportedError", "TimeoutError", "UnhandledRejection", "htmx network", "htmx timeout", "htmx swap", "htmx answer", "htmx")); *n == "" {
		*n = "Error"
	}
	return nil
}

type traceOp string

func (o *traceOp) UnmarshalJSON(data []byte) error {
	*o = traceOp(oneOf(data, "pageload", "navigation", "http.client", "resource.script", "resource.link", "resource.css", "resource.img", "resource.other",
		"resource.fetch", "resource.xmlhttprequest", "browser.connect", "browser.DNS", "browser.cache", "browser.request", "browser.response",
		"browser.loadEvent", "browser.domContentLoadedEvent", "browser.unloadEvent", "browser.TLS/SSL", "browser.tlsSSL", "browser.secureConnection",
		"browser", "mark", "measure", "paint", "ui.long-task", "ui.long-animation-frame", "ui.interaction.click", "ui.interaction.press", "ui.webvital.lcp", "ui.webvital.cls"))
	return nil
}

// UnmarshalJSON reads the times of a closed list.
func (m *wireMeasured) UnmarshalJSON(data []byte) error {
	var said map[string]struct {
		Value json.Number `json:"value"`
		Unit  string      `json:"unit"`
	}
	if json.Unmarshal(data, &said) != nil {
		return nil
	}
	*m = wireMeasured{}
	for _, name := range []string{"ttfb", "ttfb.requestTime", "fp", "fcp", "lcp", "cls", "inp"} {
		measure, there := said[name]
		value, err := measure.Value.Float64()
		if there && err == nil && value >= 0 && value < 600_000 {
			unit := "millisecond"
			if name == "cls" {
				unit = ""
			}
			(*m)[name] = wireMeasure{Value: float64(int64(value*10_000)) / 10_000, Unit: unit}
		}
	}
	return nil
}

// pageWords are the words in which browsers and htmx put what went wrong; all else is *.
type pageWords string

func (w *pageWords) UnmarshalJSON(data []byte) error {
	*w = pageWords(wordsOf(plain(data), browserVocabulary))
	return nil
}

var browserVocabulary = func() map[string]bool {
	known := map[string]bool{}
	for word := range strings.FieldsSeq(`
		a an and are as at be been before by can cannot could did do does for from has have in into is it its must no not of on or
		out over than that the this to too was were while with without

		Cannot Failed Unexpected Invalid Uncaught Maximum Permission Illegal Assignment Class Cross Identifier Missing Object
		access accessing already aborted after argument arguments array await assign assignment attribute before being blocked call
		called circular class component connected connection const constant constructor context convert converting cross
		current denied defined deprecated describe destructure document element empty end error event exceeded execute expected
		exist exists fetch found frame function generator handler identifier illegal import index initialization initialized
		input instance invalid invocation iterable iterator key length load loading lost map matching maximum method missing
		module more must name network new node null number object offset once only open operation origin out outside parameter
		parse parsed parsing pending position promise properties property prototype range read reading receiver redeclaration reference
		reflow regexp regular rejected rejection request required resolve resolved response result return running same script selector set setting
		size specifier stack state statement string structure super supported swap symbol syntax target template termination token transition trigger
		type unable undefined unexpected unhandled unknown unterminated unsupported update URL user valid value variable weak within write
		JSON HTTP HTML CSS DOM NaN Node Element Document Promise Window Array String Map Set fails
	`) {
		known[word] = true
	}
	return known
}()
