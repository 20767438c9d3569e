package ui

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// ProgressState is how a piece of work stands.
type ProgressState string

// The states, as the database spells them.
const (
	ProgressQueued    ProgressState = "queued"
	ProgressRunning   ProgressState = "running"
	ProgressDone      ProgressState = "done"
	ProgressFailed    ProgressState = "failed"
	ProgressCancelled ProgressState = "cancelled"
)

// Options lists the states.
func (ProgressState) Options() []ProgressState {
	return []ProgressState{ProgressQueued, ProgressRunning, ProgressDone, ProgressFailed, ProgressCancelled}
}

// ProgressProps is a long piece of work and how far it is.
type ProgressProps struct {
	ID          string         // Of the region; it is also where its own address is swapped in.
	Title       string         // What is being done: "Export patients".
	State       ProgressState  // How it stands.
	Done        int            // How many are done.
	Total       int            // Of how many; 0 when that is not known.
	Unit        string         // What is counted: "rows".
	Rate        float64        // How many a second; 0 when not known.
	Log         []ProgressLine // What it said, in order.
	Outcome     string         // How it ended, in a sentence.
	ResultHref  string         // Where what it made is.
	ResultLabel string         // What that is called.
	Cancel      string         // Where a POST asks it to stop; "" when it can't be.
	Cancelling  bool           // It was asked to.
	Undo        string         // Where a POST takes back what it did; "" when it can't be.
	Href        string         // Its own page, asked again for this part alone when it moves.
	Work        string         // The number that its news come under; "" when it is over.
}

// ProgressLine is a line of the log.
type ProgressLine struct {
	At    time.Time // When.
	Words string    // What.
}

func (p ProgressProps) over() bool {
	return p.State == ProgressDone || p.State == ProgressFailed || p.State == ProgressCancelled
}

// badge is the state in a word.
func (p ProgressProps) badge() BadgeProps {
	switch {
	case p.Cancelling && !p.over():
		return BadgeProps{Label: "Cancelling…", Tone: ToneWarn, Icon: IconClock}
	case p.State == ProgressRunning:
		return BadgeProps{Label: "Under way", Tone: ToneInfo, Icon: IconPlay}
	case p.State == ProgressDone:
		return BadgeProps{Label: "Done", Tone: ToneOK, Icon: IconCheck}
	case p.State == ProgressFailed:
		return BadgeProps{Label: "Failed", Tone: ToneDanger, Icon: IconAlert}
	case p.State == ProgressCancelled:
		return BadgeProps{Label: "Cancelled", Icon: IconBan}
	}
	return BadgeProps{Label: "Waiting", Icon: IconClock}
}

func (p ProgressProps) tone() Tone {
	switch p.State {
	case ProgressDone:
		return ToneOK
	case ProgressFailed:
		return ToneDanger
	case ProgressCancelled:
		return ToneNeutral
	}
	return ToneAccent
}

func (p ProgressProps) percent() int {
	if p.Total == 0 {
		return 0
	}
	return min(100*p.Done/p.Total, 100)
}

// numbers is what is known: "4,300 of 10,000 rows · 43 % · 1,200 a second · about 5 seconds left".
func (p ProgressProps) numbers() string {
	var words []string
	switch {
	case p.Total > 0:
		words = append(words, Count(p.Done)+" of "+Count(p.Total)+" "+p.Unit)
		if !p.over() {
			words = append(words, strconv.Itoa(p.percent())+" %")
		}
	case p.Done > 0:
		words = append(words, Count(p.Done)+" "+p.Unit)
	}
	if p.State == ProgressRunning && p.Rate > 0 {
		words = append(words, rateWords(p.Rate))
		if p.Total > p.Done && !p.Cancelling {
			words = append(words, leftWords(float64(p.Total-p.Done)/p.Rate))
		}
	}
	return strings.Join(words, " · ")
}

func rateWords(rate float64) string {
	if rate < 1 {
		return Count(int(math.Ceil(rate*60))) + " a minute"
	}
	return Count(int(math.Round(rate))) + " a second"
}

// leftWords is a length of time as one tells somebody who waits: roughly.
func leftWords(seconds float64) string {
	switch {
	case seconds < 5:
		return "a few seconds left"
	case seconds < 55:
		return "about " + strconv.Itoa(int(math.Ceil(seconds/5)*5)) + " seconds left"
	case seconds < 90:
		return "about a minute left"
	case seconds < 90*60:
		return "about " + strconv.Itoa(int(math.Round(seconds/60))) + " minutes left"
	}
	return "about " + strconv.Itoa(int(math.Round(seconds/3600))) + " hours left"
}

// aloud is what is read out by itself: a new sentence at each tenth, not at each step.
func (p ProgressProps) aloud() string {
	switch {
	case p.over():
		return p.Title + ": " + p.badge().Label + ". " + p.Outcome
	case p.Cancelling || p.State == ProgressQueued || p.Total == 0:
		return p.Title + ": " + p.badge().Label
	}
	return p.Title + ": " + strconv.Itoa(p.percent()/10*10) + " %"
}
