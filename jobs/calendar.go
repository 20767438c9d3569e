package jobs

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"purplecross/db"
)

// calendar writes the visits of a message as iCalendar (RFC 5545) with its method; "" when there are none. A visit
// keeps its UID for good and counts its changes, so that a calendar moves or removes what it has.
func calendar(kind db.MessageKind, facts db.MessageFacts, now time.Time) (method, source string) {
	if len(facts.Visits) == 0 {
		return "", ""
	}
	method, status := "PUBLISH", "CONFIRMED"
	if kind == db.MessageVisitCancelled {
		method, status = "CANCEL", "CANCELLED"
	}
	var ics strings.Builder
	line := func(name, value string) { ics.WriteString(fold(name + ":" + value)) }
	line("BEGIN", "VCALENDAR")
	line("VERSION", "2.0")
	line("PRODID", "-//Purple Cross//Visits//EN")
	line("METHOD", method)
	for _, visit := range facts.Visits {
		line("BEGIN", "VEVENT")
		line("UID", visitUID(visit))
		line("SEQUENCE", strconv.Itoa(visit.Version))
		line("DTSTAMP", utc(now))
		line("DTSTART", utc(visit.StartsAt))
		line("DTEND", utc(visit.EndsAt))
		line("SUMMARY", escaped(visit.PatientName+": "+visit.TypeName))
		line("STATUS", status)
		if facts.ClinicAddress != "" {
			line("LOCATION", escaped(oneLine(facts.ClinicName+", "+facts.ClinicAddress)))
		}
		if facts.ClinicEmail != "" {
			line(`ORGANIZER;CN="`+strings.ReplaceAll(oneLine(facts.ClinicName), `"`, "'")+`"`, "mailto:"+facts.ClinicEmail)
		}
		if visit.VetName != "" {
			line("DESCRIPTION", escaped("With "+visit.VetName))
		}
		line("END", "VEVENT")
	}
	line("END", "VCALENDAR")
	return method, ics.String()
}

// visitUID names a visit to calendars for good, without its number in our books.
func visitUID(visit db.VisitFacts) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "visit %d %d", visit.AppointmentID, visit.BookedAt.UnixMicro()))
	_, domain, found := strings.Cut(visit.ClinicEmail, "@")
	if !found {
		domain = "purple-cross.invalid"
	}
	return hex.EncodeToString(sum[:16]) + "@" + domain
}

func utc(at time.Time) string { return at.UTC().Format("20060102T150405Z") }

// escaped is a text as RFC 5545, 3.3.11 wants it.
func escaped(text string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`).Replace(text)
}

// fold ends a line, broken after at most 75 octets and never within a character (RFC 5545, 3.1).
func fold(line string) string {
	const widest = 75
	var folded strings.Builder
	room := widest
	for _, r := range line {
		if size := utf8.RuneLen(r); size > room {
			folded.WriteString("\r\n ")
			room = widest - 1
		}
		folded.WriteRune(r)
		room -= utf8.RuneLen(r)
	}
	folded.WriteString("\r\n")
	return folded.String()
}
