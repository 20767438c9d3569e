package gallery

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// designToken is a custom property of the root in the style sheet of tokens.
type designToken struct{ section, name, value string }

// tokenSheet is what was read of the style sheet: nothing on the foundations' pages is drawn by hand.
type tokenSheet struct {
	tokens []designToken
	values map[string]string
}

var (
	tokenLine = regexp.MustCompile(`(?m)^\s*(--[\w-]+):\s*(.+?);\s*$`)
	heading   = regexp.MustCompile(`/\*\s*(.+?)\s*\*/`)
)

// readTokens takes the first block of the root: sections are its comments.
func readTokens(css string) tokenSheet {
	sheet := tokenSheet{values: map[string]string{}}
	_, css, _ = strings.Cut(css, ":root {")
	css, _, _ = strings.Cut(css, "\n}")
	section := ""
	for line := range strings.Lines(css) {
		if found := heading.FindStringSubmatch(line); found != nil {
			section = found[1]
			continue
		}
		for _, found := range tokenLine.FindAllStringSubmatch(line, -1) {
			sheet.tokens = append(sheet.tokens, designToken{section, found[1], found[2]})
			sheet.values[found[1]] = found[2]
		}
	}
	return sheet
}

// section lists the tokens that stand under comments with any of these words.
func (s tokenSheet) section(words ...string) []designToken {
	var list []designToken
	for _, t := range s.tokens {
		for _, word := range words {
			if strings.HasPrefix(t.section, word) {
				list = append(list, t)
			}
		}
	}
	return list
}

// named lists the tokens whose names begin so.
func (s tokenSheet) named(prefixes ...string) []designToken {
	var list []designToken
	for _, t := range s.tokens {
		for _, prefix := range prefixes {
			if strings.HasPrefix(t.name, prefix) {
				list = append(list, t)
				break
			}
		}
	}
	return list
}

// colour is linear sRGB with an alpha.
type colour struct{ r, g, b, a float64 }

// colour resolves a token in a theme.
func (s tokenSheet) colour(value string, dark bool) (colour, bool) {
	for range 8 { // Of variables in variables.
		value = strings.TrimSpace(value)
		switch {
		case strings.HasPrefix(value, "var(--"):
			next, known := s.values[strings.TrimSuffix(strings.TrimPrefix(value, "var("), ")")]
			if !known {
				return colour{}, false
			}
			value = next
		case strings.HasPrefix(value, "light-dark("):
			light, night, ok := cutArguments(strings.TrimSuffix(strings.TrimPrefix(value, "light-dark("), ")"))
			if !ok {
				return colour{}, false
			}
			value = light
			if dark {
				value = night
			}
		case strings.HasPrefix(value, "oklch("):
			return oklch(strings.TrimSuffix(strings.TrimPrefix(value, "oklch("), ")"))
		default:
			return colour{}, false
		}
	}
	return colour{}, false
}

// cutArguments parts at the comma that stands in no brackets.
func cutArguments(text string) (first, second string, ok bool) {
	depth := 0
	for i, r := range text {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		case ',':
			if depth == 0 {
				return text[:i], text[i+1:], true
			}
		}
	}
	return "", "", false
}

// oklch reads "52% 0.2 27 / 0.5", by the matrices of CSS Color 4.
func oklch(text string) (colour, bool) {
	text, alpha, has := strings.Cut(text, "/")
	c := colour{a: 1}
	if has {
		c.a, _ = strconv.ParseFloat(strings.TrimSpace(alpha), 64)
	}
	parts := strings.Fields(text)
	if len(parts) != 3 {
		return c, false
	}
	var n [3]float64
	for i, part := range parts {
		number, err := strconv.ParseFloat(strings.TrimSuffix(part, "%"), 64)
		if err != nil {
			return c, false
		}
		n[i] = number
	}
	light, a, b := n[0]/100, n[1]*math.Cos(n[2]*math.Pi/180), n[1]*math.Sin(n[2]*math.Pi/180)
	l := math.Pow(light+0.3963377774*a+0.2158037573*b, 3)
	m := math.Pow(light-0.1055613458*a-0.0638541728*b, 3)
	s := math.Pow(light-0.0894841775*a-1.2914855480*b, 3)
	c.r = clamp(4.0767416621*l - 3.3077115913*m + 0.2309699292*s)
	c.g = clamp(-1.2684380046*l + 2.6097574011*m - 0.3413193965*s)
	c.b = clamp(-0.0041960863*l - 0.7034186147*m + 1.7076147010*s)
	return c, true
}

func clamp(x float64) float64 { return math.Min(1, math.Max(0, x)) }

// on is the colour over a ground, mixed as browsers do it.
func (c colour) on(ground colour) colour {
	mix := func(top, below float64) float64 {
		return linear(gamma(top)*c.a + gamma(below)*(1-c.a))
	}
	return colour{mix(c.r, ground.r), mix(c.g, ground.g), mix(c.b, ground.b), 1}
}

func gamma(x float64) float64 {
	if x <= 0.0031308 {
		return 12.92 * x
	}
	return 1.055*math.Pow(x, 1/2.4) - 0.055
}

func linear(x float64) float64 {
	if x <= 0.04045 {
		return x / 12.92
	}
	return math.Pow((x+0.055)/1.055, 2.4)
}

func (c colour) hex() string {
	part := func(x float64) int { return int(math.Round(gamma(x) * 255)) }
	return fmt.Sprintf("#%02x%02x%02x", part(c.r), part(c.g), part(c.b))
}

func (c colour) luminance() float64 { return 0.2126*c.r + 0.7152*c.g + 0.0722*c.b }

// contrast is that of WCAG 2.
func contrast(top, ground colour) float64 {
	a, b := top.on(ground).luminance(), ground.luminance()
	return (math.Max(a, b) + 0.05) / (math.Min(a, b) + 0.05)
}

// ground is the token that another one stands on: danger-ink on danger-soft, accent-ink on accent, the rest on surface.
func (s tokenSheet) ground(name string) string {
	base, ink := strings.CutSuffix(name, "-ink")
	if !ink {
		return "--surface"
	}
	if s.values[base+"-soft-ink"] == "" && s.values[base+"-soft"] != "" {
		return base + "-soft"
	}
	if s.values[base] != "" {
		return base
	}
	return "--surface"
}

// swatch is a colour token as one theme has it.
type swatch struct {
	scheme, hex, ground string
	ratio               float64
}

// text is a word for a contrast: what the colour is good for on its ground.
func (s swatch) text() string {
	switch {
	case s.ratio >= 7:
		return "AAA"
	case s.ratio >= 4.5:
		return "AA"
	case s.ratio >= 3:
		return "edges"
	}
	return ""
}

// swatches are a token in light and dark; none when it is no colour.
func (s tokenSheet) swatches(t designToken) []swatch {
	var list []swatch
	for _, scheme := range []string{"light", "dark"} {
		dark := scheme == "dark"
		top, ok := s.colour(t.value, dark)
		ground, known := s.colour("var("+s.ground(t.name)+")", dark)
		if !ok || !known {
			return nil
		}
		below, _ := s.colour("var(--surface)", dark)
		list = append(list, swatch{scheme, top.on(below).hex(), s.ground(t.name), contrast(top, ground.on(below))})
	}
	return list
}

// sections are the comments that part the tokens, in order.
func (s tokenSheet) sections() []string {
	var list []string
	for _, t := range s.tokens {
		if len(list) == 0 || list[len(list)-1] != t.section {
			list = append(list, t.section)
		}
	}
	return list
}

// sectionName is the heading in a comment: what stands before its first stop or colon.
func sectionName(comment string) string {
	if at := strings.IndexAny(comment, ".:"); at > 0 {
		return comment[:at]
	}
	return comment
}

// pixels says a length in rem as pixels of the usual text size.
func pixels(value string) string {
	number, err := strconv.ParseFloat(strings.TrimSuffix(value, "rem"), 64)
	if err != nil {
		return value
	}
	return strconv.FormatFloat(number*16, 'f', -1, 64) + " px"
}
