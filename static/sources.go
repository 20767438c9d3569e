package static

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"sort"
	"strings"
	"sync"
)

// maps lead from what is minified back to its source. They are for us: no type of theirs is served.
//
//go:embed maps
var maps embed.FS

// sourceMap is one, read.
type sourceMap struct {
	DebugID  string   `json:"debug_id"`
	Sources  []string `json:"sources"`
	Names    []string `json:"names"`
	Mappings string   `json:"mappings"`

	lines [][]mapping
}

// mapping says where the code from a column on comes from.
type mapping struct{ column, source, line, sourceColumn, name int }

var sourceMaps = func() map[string]func() *sourceMap {
	known := map[string]func() *sourceMap{}
	for _, name := range []string{"vendor/htmx.min.js", "vendor/sentry.min.js", "vendor/sentry-replay.min.js"} {
		known[name] = sync.OnceValue(func() *sourceMap { return readMap("maps/" + path.Base(name) + ".map") })
	}
	return known
}()

// readMap is nil for a map that cannot be read: TestEveryMapLeadsToItsSource.
func readMap(name string) *sourceMap {
	body, err := maps.ReadFile(name)
	if err != nil {
		return nil
	}
	var read sourceMap
	if json.Unmarshal(body, &read) != nil {
		return nil
	}
	read.lines = mappingsOf(read.Mappings)
	read.Mappings = ""
	return &read
}

// mappingsOf reads the mappings of a source map, version 3 (ECMA-426): lines by ";", segments by ",", each of one, four
// or five numbers in base 64 with variable length, relative to the one before.
func mappingsOf(text string) [][]mapping {
	var lines [][]mapping
	var last mapping
	for line := range strings.SplitSeq(text, ";") {
		last.column = 0
		var found []mapping
		for segment := range strings.SplitSeq(line, ",") {
			numbers := vlq(segment)
			if len(numbers) < 4 {
				if len(numbers) > 0 {
					last.column += numbers[0]
				}
				continue
			}
			last.column += numbers[0]
			last.source += numbers[1]
			last.line += numbers[2]
			last.sourceColumn += numbers[3]
			one := last
			one.name = -1
			if len(numbers) > 4 {
				last.name += numbers[4]
				one.name = last.name
			}
			found = append(found, one)
		}
		lines = append(lines, found)
	}
	return lines
}

const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

func vlq(segment string) []int {
	var numbers []int
	number, shift := 0, 0
	for _, r := range segment {
		digit := strings.IndexRune(base64Digits, r)
		if digit < 0 || shift > 30 {
			return nil
		}
		number |= (digit & 31) << shift
		if shift += 5; digit&32 != 0 {
			continue
		}
		if number&1 == 1 {
			number = -(number >> 1)
		} else {
			number >>= 1
		}
		numbers = append(numbers, number)
		number, shift = 0, 0
	}
	return numbers
}

// Original is where a place of a minified file comes from, like "htmx.org/src/htmx.js:120:4 (swap)"; "" where nothing is
// known. Lines and columns count from one.
func Original(name string, line, column int) string {
	load := sourceMaps[name]
	if load == nil || load() == nil || line < 1 || line > len(load().lines) {
		return ""
	}
	known := load()
	of := known.lines[line-1]
	after := sort.Search(len(of), func(i int) bool { return of[i].column > column-1 })
	if after == 0 {
		return ""
	}
	at := of[after-1]
	if at.source < 0 || at.source >= len(known.Sources) {
		return ""
	}
	said := fmt.Sprintf("%s:%d:%d", known.Sources[at.source], at.line+1, at.sourceColumn+1)
	if at.name >= 0 && at.name < len(known.Names) {
		said += " (" + known.Names[at.name] + ")"
	}
	return said
}

// DebugID is what a minified file and its map have in common; "" for one without a map.
func DebugID(name string) string {
	if load := sourceMaps[name]; load != nil && load() != nil {
		return load().DebugID
	}
	return ""
}

// Current says whether a path is that of a file as it is now: a page of an older version has another.
func Current(served string) bool {
	name, ours := Name(served)
	found := current()[name] // nil of what is served as a part of another
	return ours && found != nil && found.url == served
}
