package imports

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Words says what a kind of issue is, for counting; the code itself when it is not known.
func Words(code string) string {
	if said, known := words[Code(code)]; known {
		return said
	}
	return code
}

// words says what the kinds of issue are, for counting them.
var words = map[Code]string{
	"empty": "empty rows", "columns": "rows with too few or too many columns", "characters": "cells that are not text", "missing": "something needed is missing",
	"number": "numbers of records that are none", "date": "dates that are none", "future": "dates in the future", "yes-no": "neither yes nor no",
	"chip-digits": "microchips in scientific notation", "chip": "microchips that are none", "chip-taken": "microchips of another patient",
	"weight": "weights that are none", "species": "unknown species", "sex": "unknown sexes", "mail": "invalid e-mail addresses", "telephone": "telephone numbers that are too long",
	"status": "unknown statuses", "no-owner": "pets whose owner is not here", "rule": "against the clinic's rules", "database": "refused by the database",
	"zero-date": "dates of zeros, read as unknown", "about": "years of birth, kept as estimates", "two-mails": "several e-mail addresses, the first kept first",
	"dead-in-name": "deceased by their name", "dead-in-notes": "deceased by their notes", "dead": "deceased by their date of death", "duplicate": "rows that were there before",
	"born-after-death": "born after their death, birth date left out", "spelling": "owners spelt in two ways", "differs": "households with two versions of something",
	"kept": "changed here since, left as they are", "waiting": "may be here already: somebody has to choose", "left-out": "left out by choice", "gone": "chosen, but not there any more",
	"no-patient": "of patients who are not here", "no-time": "without a time of day, read as noon", "time": "times that are none", "type": "unknown types of visits", "minutes": "lengths that are none",
	"vet": "of vets who are not here", "room": "in rooms that are not here", "over": "never closed, counted as completed", "clash": "at the time of another visit",
	"over-booked": "marked as overbooked", "due-before": "due again before they were given", "kind": "of unknown kinds", "care": "of care that is not known", "by": "given by somebody who is not here",
}

// Print writes the summary for a terminal.
func (s Summary) Print(to io.Writer) {
	delimiter := map[string]string{",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}[s.Delimiter]
	fmt.Fprintf(to, "%s: %s, %s, separated by %s\n", s.File, s.Layout, s.Encoding, delimiter)
	fmt.Fprintf(to, "%s rows = %s added + %s updated + %s unchanged + %s refused", thousands(s.Total), thousands(s.Added), thousands(s.Updated), thousands(s.Unchanged), thousands(s.Refused))
	if s.Waiting > 0 {
		fmt.Fprintf(to, " + %s that may be here already: choose at /imports/%d/duplicates", thousands(s.Waiting), s.BatchID)
	}
	fmt.Fprintf(to, ", in %s\n", s.Took.Round(100*time.Millisecond))
	fmt.Fprintf(to, "clients: %s added, %s updated; patients: %s added, %s updated\n",
		thousands(s.ClientsAdded), thousands(s.ClientsUpdated), thousands(s.PatientsAdded), thousands(s.PatientsUpdated))
	if len(s.UnusedColumns) > 0 {
		fmt.Fprintf(to, "columns that are not read: %s\n", strings.Join(s.UnusedColumns, ", "))
	}
	printIssues(to, "Refused", s.RefusedBy, s.Refusals, s.Refused)
	noted := 0
	for _, n := range s.NotedBy {
		noted += n
	}
	printIssues(to, "Set right", s.NotedBy, s.Notes[:min(len(s.Notes), 6)], noted)
}

func printIssues(to io.Writer, heading string, by map[Code]int, issues []Issue, total int) {
	if len(issues) == 0 {
		return
	}
	fmt.Fprintf(to, "\n%s:\n", heading)
	kinds := slices.SortedFunc(maps.Keys(by), func(a, b Code) int { return cmp.Or(by[b]-by[a], cmp.Compare(a, b)) })
	for _, kind := range kinds {
		fmt.Fprintf(to, "  %7s  %s\n", thousands(by[kind]), words[kind])
	}
	for _, issue := range issues {
		fmt.Fprintf(to, "  %s\n", issue)
	}
	if total > len(issues) {
		fmt.Fprintln(to, "  … the others stand with this import on its page.")
	}
}

func thousands(n int) string {
	text := strconv.Itoa(n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}
