// Package emails is what clients read: one component a message for the HTML part, one function for the plain text.
// Mail programs keep no style sheets of ours, so this is the one place with inline styles and colours of its own.
package emails

import (
	"strings"
	"time"

	"github.com/a-h/templ"
)

// Clinic is how the clinic signs its letters; empty lines are left out.
type Clinic struct {
	Name    string
	Phone   string
	Email   string
	Address string
}

// VisitProps is what every letter about a visit says.
type VisitProps struct {
	Clinic   Clinic
	Greeting string // the client's first name, or empty
	Patient  string
	Type     string    // "Vaccination"
	Vet      string    // empty when none is chosen
	StartsAt time.Time // in the clinic's zone
	EndsAt   time.Time // in the clinic's zone
}

// Fact is one line of a letter's summary.
type Fact struct {
	Term, Value string
}

// facts are the lines that the HTML and the text share.
func (p VisitProps) facts() []Fact {
	facts := []Fact{
		{"Pet", p.Patient},
		{"Day", p.day()},
		{"Time", p.hours()},
		{"Visit", p.Type},
	}
	if p.Vet != "" {
		facts = append(facts, Fact{"With", p.Vet})
	}
	if p.Clinic.Address != "" {
		facts = append(facts, Fact{"Where", p.Clinic.Address})
	}
	return facts
}

func (p VisitProps) hello() string {
	if p.Greeting == "" {
		return "Hello,"
	}
	return "Hello " + p.Greeting + ","
}

func (p VisitProps) day() string { return p.StartsAt.Format("Monday 2 January 2006") }
func (p VisitProps) hours() string {
	return p.StartsAt.Format("15:04") + "–" + p.EndsAt.Format("15:04")
}

// brief names the visit in a subject line.
func (p VisitProps) brief() string {
	return p.Patient + ", " + p.StartsAt.Format("Mon 2 Jan 15:04")
}

// clinic is the clinic's name where a sentence needs one.
func (p VisitProps) clinic() string {
	if p.Clinic.Name == "" {
		return "the clinic"
	}
	return p.Clinic.Name
}

// reach says how to answer, as a sentence's end: "call (970) 555-0100 or write to desk@clinic.example".
func (p VisitProps) reach() string {
	var ways []string
	if p.Clinic.Phone != "" {
		ways = append(ways, "call "+p.Clinic.Phone)
	}
	if p.Clinic.Email != "" {
		ways = append(ways, "answer this e-mail")
	}
	if len(ways) == 0 {
		return "tell us"
	}
	return strings.Join(ways, " or ")
}

// dial is the address that calls a telephone number.
func dial(phone string) templ.SafeURL {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, phone)
	return templ.SafeURL("tel:" + digits)
}
