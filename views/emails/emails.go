// Package emails is what clients read: its wording, one component for the HTML part and one function for the plain
// text. Mail programs keep no style sheets of ours, so this is the one place with inline styles and colours of its own.
package emails

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"purplecross/db"
)

// Clinic is how the clinic signs its letters; empty lines are left out.
type Clinic struct {
	Name    string
	Phone   string
	Email   string
	Address string
}

// Visit is a visit that a letter tells of.
type Visit struct {
	Patient  string
	Type     string    // "Vaccination"
	Vet      string    // empty when none is chosen
	StartsAt time.Time // in the clinic's zone
	EndsAt   time.Time // in the clinic's zone
}

// Care is care that a letter tells of.
type Care struct {
	Patient string
	Name    string // "Rabies"
	DueOn   time.Time
}

// LetterProps is everything that a letter says.
type LetterProps struct {
	Kind        db.MessageKind
	Wording     Wording
	Clinic      Clinic
	Greeting    string // the client's first name, or empty
	Client      string // the client's name
	Visits      []Visit
	Care        []Care
	Proves      string    // of a certificate: the patient
	Pets        []string  // of a message to many: whom it is about
	Today       time.Time // says whether care was due already
	Preferences string    // where the client chooses what to get; "" leaves it out

	byText bool // it is a text message
}

// Fact is one line of a letter's summary.
type Fact struct {
	Term, Value string
}

// summaries are what {details} becomes, one for each visit, or one for all care.
func (p LetterProps) summaries() [][]Fact {
	if p.Proves != "" {
		return [][]Fact{{{"Patient", p.Proves}, {"Attached", "Vaccination certificate (PDF)"}}}
	}
	if len(p.Visits) == 0 {
		var facts []Fact
		for _, care := range p.Care {
			facts = append(facts, Fact{care.Patient, care.Name + p.due(care.DueOn)})
		}
		return [][]Fact{facts}
	}
	var all [][]Fact
	for _, visit := range p.Visits {
		facts := []Fact{{"Pet", visit.Patient}, {"Day", visit.day()}, {"Time", visit.hours()}, {"Visit", visit.Type}}
		if visit.Vet != "" {
			facts = append(facts, Fact{"With", visit.Vet})
		}
		if p.Clinic.Address != "" {
			facts = append(facts, Fact{"Where", p.Clinic.Address})
		}
		all = append(all, facts)
	}
	return all
}

func (p LetterProps) due(on time.Time) string {
	if on.Before(p.Today) {
		return ", was due on " + on.Format("2 January 2006")
	}
	return ", due on " + on.Format("2 January 2006")
}

// title heads the letter.
func (p LetterProps) title() string {
	visit := "visit"
	if len(p.Visits) > 1 {
		visit = "visits"
	}
	switch p.Kind {
	case db.MessageCertificate:
		return p.pets() + "’s vaccination certificate"
	case db.MessageVisitConfirmation:
		return p.pets() + "’s visit is booked"
	case db.MessageVisitMoved:
		return p.pets() + "’s visit has moved"
	case db.MessageVisitCancelled:
		return p.pets() + "’s visit is cancelled"
	case db.MessageVisitReminder:
		return p.pets() + "’s " + visit
	}
	if p.Kind == db.MessageMailing {
		return "A message from " + p.clinic()
	}
	return "Care due for " + p.pets()
}

// preview is what a list of mails shows behind the subject.
func (p LetterProps) preview() string {
	if p.Proves != "" {
		return "The certificate is attached"
	}
	if len(p.Visits) == 0 {
		return p.care()
	}
	words := p.Visits[0].day() + ", " + p.times()
	switch p.Kind {
	case db.MessageVisitMoved:
		return "Now " + words
	case db.MessageVisitCancelled:
		return words + " is cancelled"
	}
	return words
}

func (p LetterProps) hello() string {
	if p.Greeting == "" {
		return "Hello,"
	}
	return "Hello " + p.Greeting + ","
}

func (v Visit) day() string { return v.StartsAt.Format("Monday 2 January 2006") }
func (v Visit) hours() string {
	return v.StartsAt.Format("15:04") + "–" + v.EndsAt.Format("15:04")
}

func (p LetterProps) pets() string {
	if p.Kind == db.MessageMailing && len(p.Pets) == 0 {
		return "your pet"
	}
	names := p.Pets
	for _, visit := range p.Visits {
		names = append(names, visit.Patient)
	}
	for _, care := range p.Care {
		names = append(names, care.Patient)
	}
	if p.Proves != "" {
		names = append(names, p.Proves)
	}
	return list(names)
}

func (p LetterProps) care() string {
	var names []string
	for _, care := range p.Care {
		names = append(names, care.Name)
	}
	return list(names)
}

func (p LetterProps) times() string {
	var times []string
	for _, visit := range p.Visits {
		times = append(times, visit.hours())
	}
	return list(times)
}

// list is "Coco, Rex and Mia", each once.
func list(names []string) string {
	seen, once := map[string]bool{}, names[:0:0]
	for _, name := range names {
		if name != "" && !seen[name] {
			seen[name], once = true, append(once, name)
		}
	}
	if len(once) < 2 {
		return strings.Join(once, "")
	}
	return strings.Join(once[:len(once)-1], ", ") + " and " + once[len(once)-1]
}

// clinic is the clinic's name where a sentence needs one.
func (p LetterProps) clinic() string {
	if p.Clinic.Name == "" {
		return "the clinic"
	}
	return p.Clinic.Name
}

// reach says how to answer, as a sentence's end: "call (970) 555-0100 or answer this e-mail".
func (p LetterProps) reach() string {
	var ways []string
	if p.Clinic.Phone != "" {
		ways = append(ways, "call "+p.Clinic.Phone)
	}
	if p.Clinic.Email != "" && !p.byText {
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
