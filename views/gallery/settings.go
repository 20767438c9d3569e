package gallery

import (
	"slices"
	"strconv"
	"unicode/utf8"
)

// setting is one thing that the toolbar or the address says about how a story is seen. It stands in the address as
// ~key, and not at all while it is as usual. One with two choices is a switch.
type setting struct {
	key, label string
	menu       string   // Where it stands in the toolbar; "" is nowhere.
	choices    []Option // The first is as usual: "".
	frame      bool     // The frame needs to know, too.
	other      func(string) bool
}

// The menus of the toolbar. What stands in the bar is at hand always.
const (
	menuBar     = "bar"
	menuDisplay = "display"
	menuNetwork = "network"
	menuInspect = "inspect"
)

// The settings, in the order of the toolbar.
var settings = []setting{
	{key: "theme", label: "Theme", menu: menuBar, frame: true, choices: []Option{
		{Value: "", Label: "System", Help: "As the computer has it"}, {Value: "light", Label: "Light"}, {Value: "dark", Label: "Dark"},
	}},
	{key: "w", label: "Width", menu: menuBar, other: isWidth, choices: []Option{
		{Value: "", Label: "Full", Help: "All the room there is"},
		{Value: "390", Label: "390", Help: "A phone"},
		{Value: "768", Label: "768", Help: "A tablet"},
		{Value: "1280", Label: "1280", Help: "A desk"},
	}},
	{key: "zoom", label: "Zoom", menu: menuDisplay, choices: []Option{
		{Value: "50", Label: "50 %"},
		{Value: "", Label: "100 %"},
		{Value: "150", Label: "150 %"},
		{Value: "200", Label: "200 %", Help: "As Ctrl + does: half the room for everything"},
	}},
	{key: "text", label: "Text", menu: menuDisplay, frame: true, choices: []Option{
		{Value: "", Label: "Usual"}, {Value: "200", Label: "200 %", Help: "Text twice as large, as WCAG 1.4.4 asks: nothing may be lost"},
	}},
	{key: "contrast", label: "Contrast", menu: menuDisplay, frame: true, choices: []Option{
		{Value: "", Label: "Usual"}, {Value: "more", Label: "More", Help: "For those who ask their system for more contrast"},
	}},
	{key: "sight", label: "Sight", menu: menuDisplay, frame: true, choices: []Option{
		{Value: "", Label: "Usual"},
		{Value: "blurred", Label: "Blurred", Help: "Without the glasses, or from across the room"},
		{Value: "no-red", Label: "No red", Help: "Protanopia, about one man in a hundred"},
		{Value: "no-green", Label: "No green", Help: "Deuteranopia, about one man in a hundred"},
		{Value: "no-blue", Label: "No blue", Help: "Tritanopia, which is rare"},
		{Value: "grey", Label: "Grey", Help: "No colours at all, as on a bad printer"},
	}},
	{key: "density", label: "Density", menu: menuDisplay, frame: true, choices: []Option{
		{Value: "", Label: "Usual"}, {Value: "compact", Label: "Compact", Help: "Low rows, for long lists"},
	}},
	{key: "dir", label: "Direction", menu: menuDisplay, frame: true, choices: []Option{
		{Value: "", Label: "Left to right"}, {Value: "rtl", Label: "Right to left", Help: "As for Arabic or Hebrew"},
	}},
	{key: "words", label: "Words", menu: menuDisplay, frame: true, choices: []Option{
		{Value: "", Label: "English"},
		{Value: "long", Label: "Long", Help: "Every text is 40 % longer, as German often is"},
		{Value: "accents", Label: "Âççéñţš", Help: "Letters with accents: whatever stays plain was never meant to be translated"},
	}},
	{key: "locale", label: "Dates", menu: menuDisplay, frame: true, choices: []Option{
		{Value: "", Label: "Ours"},
		{Value: "de", Label: "Deutsch", Help: "Dates and numbers as in Germany, to see whether they fit"},
		{Value: "ar", Label: "العربية", Help: "Dates and numbers as in Egypt"},
		{Value: "ja", Label: "日本語", Help: "Dates and numbers as in Japan"},
	}},
	{key: "motion", label: "Motion", menu: menuDisplay, frame: true, choices: []Option{
		{Value: "", Label: "Usual"}, {Value: "reduce", Label: "Reduced", Help: "Animations and transitions are stopped, and scripts are told so"},
	}},
	{key: "net", label: "Network", menu: menuNetwork, frame: true, choices: []Option{
		{Value: "", Label: "Normal", Help: "The story's own answers, at once"},
		{Value: "slow", Label: "Slow", Help: "Each answer takes three seconds"},
		{Value: "500", Label: "Error 500", Help: "Each answer is a failure of the server"},
		{Value: "offline", Label: "Offline", Help: "No answer comes"},
		{Value: "401", Label: "Signed out", Help: "The session ended meanwhile"},
	}},
	{key: "measure", label: "Measure", menu: menuInspect, frame: true, choices: []Option{
		{Value: ""}, {Value: "on", Help: "Point at an element to see its size, padding and distances (M)"},
	}},
	{key: "outline", label: "Outlines", menu: menuInspect, frame: true, choices: []Option{
		{Value: ""}, {Value: "on", Help: "A line around each element (O)"},
	}},
	{key: "grid", label: "Grid overlay", menu: menuInspect, frame: true, choices: []Option{
		{Value: ""}, {Value: "on", Help: "Lines every 8 px, the house's measure (G)"},
	}},
	{key: "print", label: "Print preview", menu: menuInspect, frame: true, choices: []Option{
		{Value: ""}, {Value: "on", Help: "The rules for paper, on the screen"},
	}},
	{key: "bg", label: "Ground", menu: menuInspect, frame: true, choices: []Option{
		{Value: "", Label: "Canvas"}, {Value: "surface", Label: "Surface"}, {Value: "checks", Label: "Checks"}, {Value: "inverse", Label: "Inverse"},
	}},
	{key: "panel", choices: []Option{{Value: ""}, {Value: "code"}, {Value: "docs"}, {Value: "axe"}, {Value: "actions"}, {Value: "play"}, {Value: "changes"}}},
	{key: "seed", frame: true, other: func(text string) bool {
		n, err := strconv.ParseUint(text, 10, 32)
		return err == nil && strconv.FormatUint(n, 10) == text && n != defaultSeed
	}},
	{key: "q", other: func(text string) bool { return utf8.RuneCountInString(text) <= 100 }},
}

// isWidth tells whether a frame can be as wide.
func isWidth(text string) bool {
	n, err := strconv.Atoi(text)
	return err == nil && n >= 200 && n <= 2560 && strconv.Itoa(n) == text
}

// menu lists the settings that stand in a part of the toolbar.
func menu(name string) []setting {
	return slices.DeleteFunc(slices.Clone(settings), func(s setting) bool { return s.menu != name })
}

func (v *Visit) readSettings() {
	for _, s := range settings {
		value := clean(v.given.Get("~" + s.key))
		if value == "" {
			continue
		}
		known := slices.ContainsFunc(s.choices, func(o Option) bool { return o.Value == value })
		if known || s.other != nil && s.other(value) {
			v.set[s.key] = value
		} else if s.label != "" {
			v.refused = append(v.refused, s.label+": "+refusal(value, s.choices))
		}
	}
}

// unusual counts the settings of a menu that aren't as usual.
func (v *Visit) unusual(name string) int {
	n := 0
	for _, s := range menu(name) {
		if v.set[s.key] != "" {
			n++
		}
	}
	return n
}

// usual is this address with every setting of a menu as usual.
func (v *Visit) usual(name string) string {
	query := v.query()
	for _, s := range menu(name) {
		query.Del("~" + s.key)
	}
	return v.at(v.path(), query)
}
