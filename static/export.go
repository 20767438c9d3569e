package static

import (
	"iter"
	"regexp"
	"strings"
)

var siteURL = regexp.MustCompile(`"/static/([^"]+)"`)

// Files are all files as they are served, by their addresses without the first slash, and with addresses relative to
// themselves: for a file server at any address.
func Files() iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for _, a := range built() {
			name, body := strings.TrimPrefix(a.url, "/"), a.body
			if strings.HasPrefix(a.kind, "text/") {
				up := strings.Repeat("../", strings.Count(name, "/")-1)
				body = siteURL.ReplaceAll(body, []byte(`"./`+up+`$1"`))
			}
			if !yield(name, body) {
				return
			}
		}
	}
}
