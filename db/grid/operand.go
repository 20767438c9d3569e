package grid

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

func textOperand(c *Column, value string) (string, string) {
	switch {
	case strings.TrimSpace(value) == "":
		return value, c.Name() + " is compared with nothing."
	case len(value) > maxText:
		return value, c.Name() + " is compared with more than " + strconv.Itoa(maxText) + " characters."
	case c.Digits && digitsOf(value) == "":
		return value, c.Name() + " is compared by its digits; “" + clip(value) + "” has none."
	}
	return strings.TrimSpace(value), ""
}

// choiceOperands reads any of the choices, once each and in their declared order. "empty" is one of them.
func choiceOperands(c *Column, value string) ([]string, string) {
	asked := strings.Split(value, ",")
	var chosen []string
	for _, choice := range c.Choices {
		if slices.Contains(asked, choice.Value) {
			chosen = append(chosen, choice.Value)
		}
	}
	if slices.Contains(asked, string(Empty)) {
		chosen = append(chosen, string(Empty))
	}
	for _, value := range asked {
		if !slices.Contains(chosen, value) {
			return nil, c.Name() + " is never “" + clip(value) + "”. " + c.takes()
		}
	}
	return chosen, ""
}

var number = regexp.MustCompile(`^-?[0-9]{1,12}(\.[0-9]{1,6})?$`)

// numberOperand reads a number with at most the column's decimals, and writes it without idle zeros.
func numberOperand(c *Column, value string) (string, string) {
	value = strings.TrimSpace(value)
	if !number.MatchString(value) {
		return value, c.Name() + " takes numbers; “" + clip(value) + "” is none."
	}
	whole, decimals, _ := strings.Cut(value, ".")
	decimals = strings.TrimRight(decimals, "0")
	if len(decimals) > c.scale() {
		return value, c.Name() + " has " + decimalWords(c.scale()) + "; “" + clip(value) + "” has more."
	}
	negative := strings.HasPrefix(whole, "-")
	whole = strings.TrimLeft(strings.TrimPrefix(whole, "-"), "0")
	if whole == "" {
		whole = "0"
	}
	if decimals != "" {
		whole += "." + decimals
	}
	if negative && whole != "0" {
		whole = "-" + whole
	}
	return whole, ""
}

func decimalWords(n int) string {
	switch n {
	case 0:
		return "no decimals"
	case 1:
		return "one decimal"
	}
	return strconv.Itoa(n) + " decimals"
}

// stored is a number operand as the database has it: 6.5 kg are 6500.
func (c *Column) stored(operand string) int64 {
	whole, decimals, _ := strings.Cut(operand, ".")
	n, _ := strconv.ParseInt(whole+decimals+strings.Repeat("0", c.scale()-len(decimals)), 10, 64)
	return n
}

var nearDays = map[string]int{"yesterday": -1, "today": 0, "tomorrow": 1}

// dayOperand reads a day as 2026-11-24, or today, yesterday and tomorrow.
func dayOperand(c *Column, value string) (string, string) {
	value = strings.TrimSpace(value)
	if _, near := nearDays[value]; near {
		return value, ""
	}
	day, err := time.Parse(time.DateOnly, value)
	if err != nil || day.Year() < 1900 || day.Year() > 2200 {
		return value, c.Name() + " takes days like 2026-11-24; “" + clip(value) + "” is none."
	}
	return value, ""
}

// DayOf is the day that an operand means today.
func DayOf(operand string, today time.Time) time.Time {
	if days, near := nearDays[operand]; near {
		return today.AddDate(0, 0, days)
	}
	day, _ := time.Parse(time.DateOnly, operand)
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, today.Location())
}

var span = regexp.MustCompile(`^0*([1-9][0-9]{0,3})([dwmy])$`)

// spanOperand reads a length of time: 30d, 2w, 6m, 1y.
func spanOperand(c *Column, value string) (string, string) {
	parts := span.FindStringSubmatch(strings.TrimSpace(value))
	if parts == nil {
		return value, c.Name() + " takes a length of time like 30d, 2w, 6m or 1y; “" + clip(value) + "” is none."
	}
	if n, _ := strconv.Atoi(parts[1]); parts[2] == "y" && n > 200 || parts[2] == "m" && n > 2400 {
		return value, c.Name() + " takes 200 years at most."
	}
	return parts[1] + parts[2], ""
}

// shift moves a day by a span, n times: back where n is -1. A month that lacks the day ends with its last one.
func shift(day time.Time, operand string, n int) time.Time {
	count, _ := strconv.Atoi(operand[:len(operand)-1])
	count *= n
	months := 0
	switch operand[len(operand)-1] {
	case 'd':
		return day.AddDate(0, 0, count)
	case 'w':
		return day.AddDate(0, 0, 7*count)
	case 'm':
		months = count
	case 'y':
		months = 12 * count
	}
	first := time.Date(day.Year(), day.Month(), 1, 0, 0, 0, 0, day.Location()).AddDate(0, months, 0)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(day.Day(), last)-1)
}

// decimal puts the point into a number that is stored without it.
func decimal(n int64, scale int, whole bool) string {
	digits := strconv.FormatInt(n, 10)
	digits, negative := strings.TrimPrefix(digits, "-"), n < 0
	if len(digits) <= scale {
		digits = strings.Repeat("0", scale+1-len(digits)) + digits
	}
	if scale > 0 {
		digits = digits[:len(digits)-scale] + "." + digits[len(digits)-scale:]
		if !whole {
			digits = strings.TrimSuffix(strings.TrimRight(digits, "0"), ".")
		}
	}
	if negative {
		return "-" + digits
	}
	return digits
}
