package static

import (
	"path"
	"regexp"
	"strings"
	"sync"
)

var (
	cssClass     = regexp.MustCompile(`\.([a-z][a-z0-9-]*)`)
	cssAttribute = regexp.MustCompile(`\[([a-z-]+)(?:[~|^$*]?=\s*"?([^"\]]*)"?)?\s*(?:i\s*)?\]`)
)

// Selectors are the classes, and the attributes with their values, that our style sheets name. The value of an attribute
// that a sheet asks for as such is "".
var Selectors = sync.OnceValues(func() (classes map[string]bool, attributes map[string]map[string]bool) {
	classes, attributes = map[string]bool{}, map[string]map[string]bool{}
	for name, file := range built() {
		if !strings.HasPrefix(name, "css/") {
			continue
		}
		for _, found := range cssClass.FindAllStringSubmatch(string(file.body), -1) {
			classes[found[1]] = true
		}
		for _, found := range cssAttribute.FindAllStringSubmatch(string(file.body), -1) {
			if attributes[found[1]] == nil {
				attributes[found[1]] = map[string]bool{"": true}
			}
			attributes[found[1]][found[2]] = true
		}
	}
	return classes, attributes
})

// Sheet is the style sheet that is served at a path; "" for none.
func Sheet(served string) string {
	name, ours := Name(served)
	if !ours || path.Ext(name) != ".css" {
		return ""
	}
	return string(current()[name].body)
}
