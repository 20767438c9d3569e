// Package ui is the kit of parts that every page is made of: one templ component a file, each taking one struct of
// props whose zero value is useful, and the plain words for ages, weights, telephones and days. It knows no SQL, no
// routes of its own and no clock but the one that the request brings.
package ui

import (
	"strconv"

	"github.com/a-h/templ"
)

// Tone is what a mark or a message means. Colour never says it alone: a word and mostly an icon stand beside it.
type Tone string

// The tones. ToneAccent is the house purple: brand and selection, never a state.
const (
	ToneNeutral Tone = ""
	ToneAccent  Tone = "accent"
	ToneInfo    Tone = "info"
	ToneOK      Tone = "ok"
	ToneWarn    Tone = "warn"
	ToneDanger  Tone = "danger"
)

// Options lists every tone, for the gallery's controls.
func (Tone) Options() []Tone {
	return []Tone{ToneNeutral, ToneAccent, ToneInfo, ToneOK, ToneWarn, ToneDanger}
}

// toneIcon is the icon that goes with a tone when nobody chose one.
func toneIcon(tone Tone) IconName {
	switch tone {
	case ToneOK:
		return IconCheck
	case ToneWarn, ToneDanger:
		return IconAlert
	default:
		return IconInfo
	}
}

// describedBy names the hint and the error of a field, for aria-describedby.
func describedBy(name, hint, err string) string {
	ids := ""
	if hint != "" {
		ids = fieldID(name) + "-hint"
	}
	if err != "" {
		if ids != "" {
			ids += " "
		}
		ids += fieldID(name) + "-error"
	}
	return ids
}

func fieldID(name string) string { return "f-" + name }

func number(n int) string { return strconv.Itoa(n) }

// described are the attributes which tell a screen reader about a field's hint and error.
func described(name, hint, err string, required bool) templ.Attributes {
	attrs := templ.Attributes{}
	if ids := describedBy(name, hint, err); ids != "" {
		attrs["aria-describedby"] = ids
	}
	if err != "" {
		attrs["aria-invalid"] = "true"
	}
	if required {
		attrs["required"] = true
	}
	return attrs
}
