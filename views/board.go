package views

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"purplecross/db"
	"purplecross/views/ui"
)

// BoardPageProps is one day at the clinic.
type BoardPageProps struct {
	Day    time.Time  // Its midnight, in the clinic's zone.
	Hours  db.OpenDay // When the clinic is open.
	Visits []db.Visit // Everything of the day: visits, cancelled ones too, and blocks.
	Vets   []db.Vet   // Who takes visits.
	VetID  int64      // Whose visits are shown; 0 for everybody's.
	All    bool       // Today's finished visits too; other days always show everything.
}

// boardRow is one line of the board: a visit, or blocks of the same time and name.
type boardRow struct {
	visit  db.Visit
	blocks []db.Visit
	late   bool // it is after the moment of looking
}

// past says that a line needs nobody's eye any more: today it stands aside until it is asked for. What was done a
// moment ago stays, so that a wrong click can be taken back.
func (p BoardPageProps) past(visit db.Visit, now time.Time) bool {
	if p.All || !p.today(now) {
		return false
	}
	if visit.Block() {
		return !visit.EndsAt.After(now)
	}
	finished := visit.Status == db.AppointmentCompleted || visit.Status == db.AppointmentNoShow
	return visit.Status == db.AppointmentCancelled || finished && !justStepped(visit, now)
}

// aside counts the visits that stand aside.
func (p BoardPageProps) aside(now time.Time) int {
	count := 0
	for _, visit := range p.shown() {
		if !visit.Block() && p.past(visit, now) {
			count++
		}
	}
	return count
}

// rows are the lines of the day in the order of time, without what is cancelled.
func (p BoardPageProps) rows(now time.Time) []boardRow {
	var rows []boardRow
	for _, visit := range p.shown() {
		switch {
		case visit.Status == db.AppointmentCancelled, p.past(visit, now):
			continue
		case visit.Block():
			last := len(rows) - 1
			if last >= 0 && len(rows[last].blocks) > 0 && sameBlock(rows[last].blocks[0], visit) {
				rows[last].blocks = append(rows[last].blocks, visit)
				continue
			}
			rows = append(rows, boardRow{visit: visit, blocks: []db.Visit{visit}, late: visit.StartsAt.After(now)})
		default:
			rows = append(rows, boardRow{visit: visit, late: visit.StartsAt.After(now)})
		}
	}
	return rows
}

// nowBefore is the line above which the moment of looking lies; -1 when the day has none.
func (p BoardPageProps) nowBefore(rows []boardRow, now time.Time) int {
	if !p.today(now) || len(rows) == 0 {
		return -1
	}
	for i, row := range rows {
		if row.late {
			return i
		}
	}
	return len(rows)
}

func sameBlock(a, b db.Visit) bool {
	return a.Reason == b.Reason && a.StartsAt.Equal(b.StartsAt) && a.EndsAt.Equal(b.EndsAt)
}

// shown is what the filter lets through; a block of the whole clinic is everybody's.
func (p BoardPageProps) shown() []db.Visit {
	if p.VetID == 0 {
		return p.Visits
	}
	var shown []db.Visit
	for _, visit := range p.Visits {
		if (visit.VetID != nil && *visit.VetID == p.VetID) || (visit.Block() && visit.VetID == nil && visit.RoomID == nil) {
			shown = append(shown, visit)
		}
	}
	return shown
}

func (p BoardPageProps) cancelled(now time.Time) []db.Visit {
	var cancelled []db.Visit
	for _, visit := range p.shown() {
		if visit.Status == db.AppointmentCancelled && !p.past(visit, now) {
			cancelled = append(cancelled, visit)
		}
	}
	return cancelled
}

// boardCount is how many visits stand at a status.
type boardCount struct {
	label string
	count int
	tone  ui.Tone
}

func (p BoardPageProps) counts() []boardCount {
	count := map[db.AppointmentStatus]int{}
	for _, visit := range p.shown() {
		if !visit.Block() {
			count[visit.Status]++
		}
	}
	return []boardCount{
		{"To come", count[db.AppointmentBooked] + count[db.AppointmentConfirmed], ui.ToneNeutral},
		{"Waiting", count[db.AppointmentArrived], ui.ToneWarn},
		{"In room", count[db.AppointmentInRoom], ui.ToneInfo},
		{"Ready to go", count[db.AppointmentReady], ui.ToneOK},
		{"Done", count[db.AppointmentCompleted], ui.ToneNeutral},
		{"No-show", count[db.AppointmentNoShow], ui.ToneDanger},
	}
}

func (p BoardPageProps) today(now time.Time) bool {
	return p.Day.Format(time.DateOnly) == now.Format(time.DateOnly)
}

// href is the board of the same day and vet, with or without what is finished.
func (p BoardPageProps) href(all bool, now time.Time) string {
	href := dayHref("/", p.Day, p.VetID, now)
	switch {
	case !all:
		return href
	case strings.Contains(href, "?"):
		return href + "&all=1"
	}
	return href + "?all=1"
}

// dayHref is a page about a day; today needs no mention.
func dayHref(path string, day time.Time, vetID int64, now time.Time) string {
	query := url.Values{}
	if day.Format(time.DateOnly) != now.Format(time.DateOnly) {
		query.Set("day", day.Format(time.DateOnly))
	}
	if vetID != 0 {
		query.Set("vet", formatID(vetID))
	}
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}

// stepWord says what matters about a visit's status right now: how long somebody waits, how late they are.
func stepWord(visit db.Visit, now time.Time) (words string, tone ui.Tone) {
	since := func(at *time.Time, word string, patience time.Duration) (string, ui.Tone) {
		if at == nil || now.Before(*at) {
			return "", ui.ToneNeutral
		}
		waited := now.Sub(*at)
		if waited > patience {
			return word + minutesWords(waited), ui.ToneWarn
		}
		return word + minutesWords(waited), ui.ToneNeutral
	}
	switch visit.Status {
	case db.AppointmentArrived:
		return since(visit.ArrivedAt, "", 15*time.Minute)
	case db.AppointmentInRoom:
		return since(visit.RoomedAt, "", time.Duration(visit.Minutes())*time.Minute)
	case db.AppointmentReady:
		return since(visit.ReadyAt, "", 15*time.Minute)
	case db.AppointmentBooked, db.AppointmentConfirmed:
		if late := now.Sub(visit.StartsAt); late >= 5*time.Minute && late < 12*time.Hour {
			return "late " + minutesWords(late), ui.ToneWarn
		}
	}
	return "", ui.ToneNeutral
}

// nextAction is the button that takes a visit one step on: its noun in the URL and its words.
func nextAction(status db.AppointmentStatus) (path, label string) {
	switch status.NextStep() {
	case db.AppointmentArrived:
		return "/check-in", "Check in"
	case db.AppointmentInRoom:
		return "/rooming", "To room"
	case db.AppointmentReady:
		return "/readiness", "Ready to go"
	case db.AppointmentCompleted:
		return "/completion", "Complete"
	}
	return "", ""
}

// canStep says whether the next step can be taken on this day: nobody is checked in for tomorrow.
func canStep(visit db.Visit, now time.Time) bool {
	return visit.Status.NextStep() != db.AppointmentArrived || !dayAfter(visit.StartsAt.In(now.Location()), now)
}

func dayAfter(at, now time.Time) bool { return at.Format(time.DateOnly) > now.Format(time.DateOnly) }

// justStepped says that the last step was a moment ago, when a wrong click is noticed.
func justStepped(visit db.Visit, now time.Time) bool {
	return visit.CanUndo(now) && now.Sub(visit.LastStepAt()) < 10*time.Minute
}

func vetNames(blocks []db.Visit) string {
	var names []string
	for _, block := range blocks {
		if block.VetName != "" {
			names = append(names, block.VetName)
		}
	}
	return strings.Join(names, ", ")
}

func rowID(visit db.Visit) string { return "visit-" + strconv.FormatInt(visit.ID, 10) }
