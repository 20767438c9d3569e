package db

import "strings"

// E164 is a telephone number as every network of the world reads it, "+19705550167"; "" when it cannot be one. A number
// without a country code is of the country with this code ("1", "41").
func E164(number, country string) string {
	international := strings.HasPrefix(strings.TrimSpace(number), "+")
	var digits strings.Builder
	for _, r := range number {
		switch {
		case r >= '0' && r <= '9':
			digits.WriteRune(r)
		case !strings.ContainsRune("+-.()/ \u00a0\u2009\u202f", r):
			return ""
		}
	}
	n := digits.String()
	switch {
	case international:
	case strings.HasPrefix(n, "00"):
		n = n[2:]
	case country == "1" && strings.HasPrefix(n, "011"):
		n = n[3:]
	case country == "1" && len(n) == 11 && n[0] == '1':
	default:
		n = country + strings.TrimPrefix(n, "0") // the trunk prefix is not dialled from abroad
	}
	// ITU E.164: at most 15 digits; no country's numbers are shorter than 8 with its code.
	if len(n) < 8 || len(n) > 15 || n[0] == '0' {
		return ""
	}
	if n[0] == '1' && (len(n) != 11 || n[1] < '2') { // the North American plan has its own form
		return ""
	}
	return "+" + n
}
