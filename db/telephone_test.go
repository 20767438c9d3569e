package db

import "testing"

func TestANumberIsWrittenAsEveryNetworkReadsItOrNotAtAll(t *testing.T) {
	for _, c := range []struct{ number, country, want string }{
		{"+19705550167", "1", "+19705550167"},
		{"(970) 555-0167", "1", "+19705550167"},
		{"1 970 555 0167", "1", "+19705550167"},
		{"011 41 79 555 01 67", "1", "+41795550167"},
		{"079 555 01 67", "41", "+41795550167"},
		{"0041 79 555 01 67", "41", "+41795550167"},
		{"+44 7700 900123", "41", "+447700900123"},
		{"555-0167", "1", ""},           // without an area code
		{"+1 170 555 0167", "1", ""},    // no such area
		{"970 555 0167 ext 4", "1", ""}, // a switchboard
		{"+0 970 555 0167", "1", ""},    // no country
		{"+4179555016712345", "41", ""}, // too long
		{"", "1", ""},
		{"+", "41", ""},
		{"ask", "1", ""},
	} {
		if got := E164(c.number, c.country); got != c.want {
			t.Errorf("%q in +%s is %q, not %q", c.number, c.country, got, c.want)
		}
	}
}
