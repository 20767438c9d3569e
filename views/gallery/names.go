package gallery

import (
	"maps"
	"slices"
	"strings"
	"unicode"
)

func join(prefix, name string) string {
	if prefix == "" {
		return name
	}
	return prefix + "." + name
}

// kebab is a field's name in an address: IconOnly is icon-only, OwnerHref owner-href, ID id.
func kebab(name string) string { return strings.ToLower(strings.Join(camelWords(name), "-")) }

// sentence is a field's name for people: "Icon only". Initials stay: "Owner ID".
func sentence(name string) string {
	words := camelWords(name)
	for i, word := range words {
		if i > 0 && strings.ToUpper(word) != word {
			words[i] = strings.ToLower(word)
		}
	}
	return strings.Join(words, " ")
}

func camelWords(name string) []string {
	var words []string
	runes := []rune(name)
	start := 0
	for i := 1; i < len(runes); i++ {
		lowerThenUpper := unicode.IsUpper(runes[i]) && !unicode.IsUpper(runes[i-1])
		endOfInitials := i+1 < len(runes) && unicode.IsUpper(runes[i-1]) && unicode.IsUpper(runes[i]) && unicode.IsLower(runes[i+1])
		if lowerThenUpper || endOfInitials {
			words = append(words, string(runes[start:i]))
			start = i
		}
	}
	return append(words, string(runes[start:]))
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
