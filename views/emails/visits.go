package emails

import "strings"

// VisitConfirmationSubject is the subject of a visit's confirmation.
func VisitConfirmationSubject(p VisitProps) string { return "Visit booked: " + p.brief() }

// VisitMovedSubject is the subject when a visit has another time, vet or room.
func VisitMovedSubject(p VisitProps) string { return "Visit moved: " + p.brief() }

// VisitCancelledSubject is the subject when a visit is off.
func VisitCancelledSubject(p VisitProps) string { return "Visit cancelled: " + p.brief() }

// VisitConfirmationText is the plain text of VisitConfirmation.
func VisitConfirmationText(p VisitProps) string {
	return letter(p, p.confirmed(), p.toChange(), bring)
}

// VisitMovedText is the plain text of VisitMoved.
func VisitMovedText(p VisitProps) string {
	return letter(p, p.moved(), p.toChange(), bring)
}

// VisitCancelledText is the plain text of VisitCancelled.
func VisitCancelledText(p VisitProps) string {
	return letter(p, p.cancelled(), p.toRebook())
}

func (p VisitProps) confirmed() string {
	return "We look forward to seeing " + p.Patient + ". Here is what we have booked:"
}

func (p VisitProps) moved() string {
	return p.Patient + "’s visit has changed. This is how it stands now:"
}

func (p VisitProps) cancelled() string {
	return "This visit is cancelled, and the time is free again:"
}

func (p VisitProps) toChange() string {
	return "If this does not suit you, " + p.reach() + ", and we will find another time."
}

func (p VisitProps) toRebook() string {
	return "To book another time, " + p.reach() + "."
}

const bring = "Please bring cats and small pets in a carrier, and dogs on a lead."

func letter(p VisitProps, opening string, closing ...string) string {
	var text strings.Builder
	text.WriteString(p.hello() + "\n\n" + opening + "\n\n")
	for _, fact := range p.facts() {
		text.WriteString("  " + fact.Term + ": " + strings.Repeat(" ", len("Where")-len(fact.Term)) + fact.Value + "\n")
	}
	text.WriteString("\n" + strings.Join(closing, "\n\n") + "\n\n-- \n")
	for _, line := range []string{p.Clinic.Name, p.Clinic.Address, p.Clinic.Phone, p.Clinic.Email} {
		if line != "" {
			text.WriteString(line + "\n")
		}
	}
	return text.String()
}
