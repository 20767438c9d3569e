package emails

import (
	"strings"
	"testing"
	"time"

	"purplecross/db"
)

func TestSegmentsAreCountedAsNetworksBillThem(t *testing.T) {
	for _, c := range []struct {
		text     string
		count    int
		alphabet string
	}{
		{"", 0, "GSM-7"},
		{strings.Repeat("a", 160), 1, "GSM-7"},
		{strings.Repeat("a", 161), 2, "GSM-7"},
		{strings.Repeat("a", 306), 2, "GSM-7"},
		{strings.Repeat("a", 307), 3, "GSM-7"},
		{strings.Repeat("€", 80), 1, "GSM-7"}, // each counts twice
		{strings.Repeat("€", 81), 2, "GSM-7"},
		{"Zoë" + strings.Repeat("a", 67), 1, "UCS-2"}, // ë is not in the alphabet; é is
		{"Zoë" + strings.Repeat("a", 68), 2, "UCS-2"},
		{"René" + strings.Repeat("a", 156), 1, "GSM-7"},
		{strings.Repeat("🐕", 35), 1, "UCS-2"}, // two units each
		{strings.Repeat("🐕", 36), 2, "UCS-2"},
	} {
		if count, alphabet := Segments(c.text); count != c.count || alphabet != c.alphabet {
			t.Errorf("%.10s… of %d runes is %d × %s, not %d × %s", c.text, len([]rune(c.text)), count, alphabet, c.count, c.alphabet)
		}
	}
}

func TestEveryOriginalTextFitsOneSegmentAndSaysWhatAndWhen(t *testing.T) {
	at := time.Date(2026, 11, 26, 14, 30, 0, 0, time.UTC)
	for _, kind := range KindsOf(db.ChannelSMS) {
		wording := TextOriginals[kind]
		if wrong := wording.CheckText(kind); len(wrong) > 0 {
			t.Errorf("%s: %v", kind, wrong)
		}
		props := LetterProps{
			Kind: kind, Wording: wording, Clinic: Clinic{Name: "Purple Cross Animal Clinic", Phone: "(970) 555-0100", Email: "desk@clinic.example"},
			Visits: []Visit{{Patient: "Coco", Type: "Vaccination", StartsAt: at, EndsAt: at.Add(20 * time.Minute)}},
		}
		says := "Thu 26 Nov 14:30"
		if kind == db.MessageCareReminder {
			props.Visits, props.Care, says = nil, []Care{{Patient: "Coco", Name: "Rabies", DueOn: at}}, "Rabies is due"
		}
		text := props.TextMessage()
		if count, alphabet := Segments(text); count != 1 || alphabet != "GSM-7" {
			t.Errorf("%s is %d × %s: %s", kind, count, alphabet, text)
		}
		if !strings.Contains(text, says) || !strings.Contains(text, "call (970) 555-0100.") || strings.Contains(text, "e-mail") {
			t.Errorf("%s reads: %s", kind, text)
		}
	}
}

func TestAWordingOfATextIsHeldToWhatItMustSay(t *testing.T) {
	for body, want := range map[string]string{
		"{pet}: {when}":               "",
		"{pet}: {day}, {time}":        "",
		"{pet}, see you soon":         "The client must learn what and when",
		"{details} {when}":            "no room for {details}",
		"{pat} on {when}":             "There is no {pat}.",
		strings.Repeat("{when}", 120): "640 are the most",
	} {
		got := Wording{Body: body}.CheckText(db.MessageVisitReminder)["body"]
		if want == "" && got != "" || want != "" && !strings.Contains(got, want) {
			t.Errorf("%.30s is answered %q", body, got)
		}
	}
}
