package emails

import (
	"fmt"
	"strings"
	"unicode/utf16"

	"purplecross/db"
)

// TextOriginals is the wording of text messages that every clinic starts with. Each fits one segment with usual names.
var TextOriginals = map[db.MessageKind]Wording{
	db.MessageVisitConfirmation: {Body: "{clinic}: {pet} is booked for {when}. To change it, {reach}."},
	db.MessageVisitMoved:        {Body: "{clinic}: {pet} is now expected on {when}. If this does not suit you, {reach}."},
	db.MessageVisitCancelled:    {Body: "{clinic}: {pet} is no longer booked for {when}. To book again, {reach}."},
	db.MessageVisitReminder:     {Body: "{clinic}: see you soon! {pet}, {when}. To change it, {reach}. Answer STOP for no more texts."},
	db.MessageCareReminder:      {Body: "{clinic}: {care} is due for {pet}. To book, {reach}. Answer STOP for no more texts."},
}

// OriginalsOf are the wordings of a channel that every clinic starts with.
func OriginalsOf(channel db.Channel) map[db.MessageKind]Wording {
	if channel == db.ChannelSMS {
		return TextOriginals
	}
	return Originals
}

// KindsOf are the kinds of messages that can go by a channel, in the order in which a client gets them.
func KindsOf(channel db.Channel) []db.MessageKind {
	var kinds []db.MessageKind
	for _, kind := range Kinds {
		if _, is := OriginalsOf(channel)[kind]; is {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// longestText is what one text message may have; providers refuse more than ten segments.
const longestText = 640

// CheckText says what is wrong with the wording of a text message, a sentence at "body".
func (w Wording) CheckText(kind db.MessageKind) db.Invalid {
	wrong := Wording{Subject: "-", Body: w.Body}.placeholders(kind)
	if wrong["body"] == "" && strings.Contains(w.Body, "{details}") {
		wrong["body"] = "A text message has no room for {details}. Use {when}, or {day} and {time}."
	}
	if wrong["body"] == "" && !w.textTells(kind) {
		wrong["body"] = "The client must learn what and when: use " + map[bool]string{true: "{care}", false: "{when}, or {day} and {time}"}[kind == db.MessageCareReminder] + "."
	}
	if length := len([]rune(w.Body)); wrong["body"] == "" && length > longestText {
		wrong["body"] = fmt.Sprintf("This is %d characters long, and %d are the most.", length, longestText)
	}
	return wrong
}

func (w Wording) textTells(kind db.MessageKind) bool {
	if kind == db.MessageCareReminder {
		return strings.Contains(w.Body, "{care}")
	}
	return strings.Contains(w.Body, "{when}") || strings.Contains(w.Body, "{day}") && strings.Contains(w.Body, "{time}")
}

// TextMessage is the message as one line of plain text.
func (p LetterProps) TextMessage() string {
	p.byText = true
	return plainMarks.Replace(strings.Join(strings.Fields(p.filler().Replace(p.Wording.Body)), " "))
}

// Marks that look the same in the networks' own alphabet: one typographic apostrophe would halve what a segment holds.
var plainMarks = strings.NewReplacer("’", "'", "‘", "'", "“", `"`, "”", `"`, "–", "-", "—", "-", "…", "...", "\u00a0", " ")

// Segments is how many messages a text is sent and billed as, and in which alphabet: "GSM-7" (3GPP TS 23.038: 160
// characters in one, 153 in each of several; some count twice) or, with a character that it lacks, "UCS-2" (70, 67).
func Segments(text string) (count int, alphabet string) {
	alphabet, size, single, several := "GSM-7", 0, 160, 153
	for _, r := range text {
		switch {
		case strings.ContainsRune(gsmBasic, r):
			size++
		case strings.ContainsRune(gsmTwice, r):
			size += 2
		default:
			alphabet = "UCS-2"
		}
	}
	if alphabet == "UCS-2" {
		size, single, several = len(utf16.Encode([]rune(text))), 70, 67
	}
	switch {
	case size == 0:
		return 0, alphabet
	case size <= single:
		return 1, alphabet
	}
	return (size + several - 1) / several, alphabet
}

const (
	gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmTwice = "\f^{}\\[~]|€"
)
