package grid

import (
	"strings"
	"time"
)

// Edit says that a column's values can be changed in the list, and how its editor looks. What a new value may be is the
// record's own rule, as in its form.
type Edit struct {
	Long       bool   // text of several lines
	Needed     bool   // it cannot be empty
	Most       int    // characters of a text, 0 for no limit
	SuggestSQL string // values that others have, one a row: anything else may still be typed
}

// Editable says whether any column can be changed.
func (r *Resource) Editable() bool {
	for i := range r.Columns {
		if r.Columns[i].Edit != nil {
			return true
		}
	}
	return false
}

var yesWords = map[string]string{
	"yes": "yes", "y": "yes", "true": "yes", "1": "yes", "no": "no", "n": "no", "false": "no", "0": "no",
	"": "", "unknown": "", "not known": "", "?": "",
}

// Typed reads a value as people type or paste it, and writes it in the one form that edits have: a choice by its value,
// a day as 2026-11-24, a number with a point and without its unit, "yes", "no" or "". The sentence says what is wrong.
func (c *Column) Typed(value string, today time.Time) (string, string) {
	value = strings.TrimSpace(strings.ReplaceAll(value, "\u00a0", " "))
	switch {
	case value == "" && c.Edit.Needed:
		return "", c.Name() + " can't be empty."
	case value == "":
		return "", ""
	case c.listed():
		return c.typedChoice(value)
	case c.Kind == YesNo:
		if word, known := yesWords[strings.ToLower(value)]; known {
			return word, ""
		}
		return value, c.Name() + " is yes, no or empty."
	case c.Numeric():
		return c.typedNumber(value)
	case c.Kind == Date:
		return c.typedDay(value, today)
	}
	if quoted, sign := strings.CutPrefix(value, "'"); sign && quoted != "" && strings.ContainsAny(quoted[:1], "=+-@") {
		value = quoted // as a downloaded or copied value has it, so that no spreadsheet calculates with it
	}
	return value, ""
}

func (c *Column) typedChoice(value string) (string, string) {
	beginning := ""
	for _, choice := range c.Choices {
		if choice.Value == value || strings.EqualFold(choice.Label, value) {
			return choice.Value, ""
		}
		if strings.HasPrefix(strings.ToLower(choice.Label), strings.ToLower(value)) {
			if beginning != "" {
				beginning = ","
			} else {
				beginning = choice.Value
			}
		}
	}
	if beginning != "" && beginning != "," {
		return beginning, ""
	}
	return value, "“" + clip(value) + "” is none of the choices."
}

// typedNumber takes a decimal comma too, a thousands separator between full groups, and the unit; weights also grams.
func (c *Column) typedNumber(value string) (string, string) {
	value = strings.TrimSpace(value)
	if grams, isGrams := strings.CutSuffix(strings.ToLower(value), "g"); c.Kind == Weight && isGrams && !strings.HasSuffix(grams, "k") {
		operand, wrong := numberOperand(&Column{Kind: Number, Label: c.Name()}, strings.TrimSpace(grams))
		if wrong != "" {
			return value, "Enter the weight in kilograms, like 6.5."
		}
		return c.Decimal((&Column{Kind: Number}).stored(operand)), ""
	}
	if unit := c.Unit(); unit != "" {
		value = strings.TrimSpace(strings.TrimSuffix(strings.ToLower(value), unit))
	}
	if !strings.Contains(value, ".") {
		value = strings.Replace(value, ",", ".", 1)
	}
	return numberOperand(c, value)
}

// typedLayouts are the ways to write a day that have one meaning in every country.
var typedLayouts = []string{time.DateOnly, "2 Jan 2006", "2 January 2006", "Jan 2, 2006", "January 2, 2006", "2006/01/02", "2.1.2006"}

func (c *Column) typedDay(value string, today time.Time) (string, string) {
	if days, near := nearDays[strings.ToLower(value)]; near {
		return today.AddDate(0, 0, days).Format(time.DateOnly), ""
	}
	for _, layout := range typedLayouts {
		if day, err := time.Parse(layout, value); err == nil {
			return dayOperand(c, day.Format(time.DateOnly))
		}
	}
	return value, "Enter a day like 2026-11-24, or leave it empty."
}

// Stored is a typed number as the database has it: 6.5 kg are 6500.
func (c *Column) Stored(typed string) int64 { return c.stored(typed) }
