package emails

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"purplecross/db"
)

var coco = LetterProps{
	Clinic:   Clinic{Name: "Harbour Vets", Phone: "(970) 555-0100", Email: "desk@harbour.example", Address: "1 Quay Street, Boulder"},
	Greeting: "Zoë", Client: "Zoë Court", Preferences: "https://harbour.example/preferences/x",
	Visits: []Visit{{
		Patient: "Coco", Type: "Vaccination", Vet: "Dr Lund",
		StartsAt: time.Date(2026, 11, 24, 14, 30, 0, 0, time.UTC),
		EndsAt:   time.Date(2026, 11, 24, 14, 50, 0, 0, time.UTC),
	}},
}

// of is the letter as a kind's original wording puts it.
func (p LetterProps) of(kind db.MessageKind) LetterProps {
	p.Kind, p.Wording = kind, Originals[kind]
	return p
}

func TestBothPartsOfALetterSayTheSame(t *testing.T) {
	for kind, subject := range map[db.MessageKind]string{
		db.MessageVisitConfirmation: "Visit booked: Coco, Tue 24 Nov 14:30",
		db.MessageVisitMoved:        "Visit moved: Coco, Tue 24 Nov 14:30",
		db.MessageVisitCancelled:    "Visit cancelled: Coco, Tue 24 Nov 14:30",
		db.MessageVisitReminder:     "See you soon: Coco, Tue 24 Nov 14:30",
	} {
		letter := coco.of(kind)
		if letter.Subject() != subject {
			t.Errorf("the subject is %q, not %q", letter.Subject(), subject)
		}
		text, doc := letter.Text(), render(t, Letter(letter))
		for _, said := range []string{
			"Hello Zoë,", "Coco", "Tuesday 24 November 2026", "14:30–14:50", "Vaccination", "Dr Lund",
			"Harbour Vets", "1 Quay Street, Boulder", "(970) 555-0100", "desk@harbour.example",
		} {
			if !strings.Contains(text, said) || !strings.Contains(doc.Text(), said) {
				t.Errorf("%s: the parts do not both say %q", kind, said)
			}
		}
		if href, _ := doc.Find("a.pc-button").Attr("href"); href != "tel:9705550100" {
			t.Errorf("%s: the button calls %q", kind, href)
		}
		if doc.Find(`a[href="https://harbour.example/preferences/x"]`).Length() != 1 || !strings.Contains(text, "https://harbour.example/preferences/x") {
			t.Errorf("%s: a part does not lead to the preferences", kind)
		}
		if doc.Find("script, img, link").Length() != 0 {
			t.Errorf("%s: the letter fetches something", kind)
		}
	}
}

func TestOneLetterTellsOfAllPetsOfAHousehold(t *testing.T) {
	two := coco
	two.Visits = append(two.Visits, Visit{Patient: "Rex", Type: "Recheck", StartsAt: two.Visits[0].StartsAt.Add(time.Hour), EndsAt: two.Visits[0].EndsAt.Add(time.Hour)})
	reminder := two.of(db.MessageVisitReminder)

	if subject := reminder.Subject(); subject != "See you soon: Coco and Rex, Tue 24 Nov 14:30" {
		t.Errorf("the subject is %q", subject)
	}
	doc := render(t, Letter(reminder))
	if doc.Find("th").Length() != 11 || !strings.Contains(doc.Text(), "Coco and Rex’s visits") {
		t.Errorf("the summary is %q", doc.Find("table table table").Text())
	}

	care := LetterProps{Care: []Care{{"Coco", "Rabies", coco.Visits[0].StartsAt}, {"Rex", "Heartworm", coco.Visits[0].StartsAt}}, Today: coco.Visits[0].StartsAt.AddDate(0, 0, 1)}.of(db.MessageCareReminder)
	if text := care.Text(); !strings.Contains(text, "  Coco: Rabies, was due on 24 November 2026\n  Rex:  Heartworm, was due on 24 November 2026\n") {
		t.Errorf("the text is:\n%s", text)
	}
}

func TestALetterWithNextToNothingKnownReadsWell(t *testing.T) {
	bare := LetterProps{Visits: []Visit{{Patient: "<b>Rex</b>", Type: "{clinic}", StartsAt: coco.Visits[0].StartsAt, EndsAt: coco.Visits[0].EndsAt}}}.of(db.MessageVisitConfirmation)

	text := bare.Text()
	doc := render(t, Letter(bare))

	if !strings.HasPrefix(text, "Hello,\n") || !strings.Contains(text, "If this does not suit you, tell us,") || strings.Contains(text, "With") {
		t.Errorf("the text is:\n%s", text)
	}
	if doc.Find("td b").Length() != 0 || !strings.Contains(doc.Text(), "<b>Rex</b>") || !strings.Contains(doc.Text(), "{clinic}") {
		t.Error("a name is read as HTML or as a placeholder")
	}
	if doc.Find("a").Length() != 0 {
		t.Error("there are links to nobody")
	}
}

func TestAWordingIsCheckedBeforeAClientReadsIt(t *testing.T) {
	for _, kind := range Kinds {
		if wrong := Originals[kind].Check(kind); len(wrong) != 0 {
			t.Errorf("the original of %s: %v", kind, wrong)
		}
	}
	for _, c := range []struct {
		kind          db.MessageKind
		wording       Wording
		field, reason string
	}{
		{db.MessageVisitReminder, Wording{"Soon", "{greeting}\n\n{detail}"}, "body", "There is no {detail}."},
		{db.MessageVisitReminder, Wording{"Soon", "Come on {day}."}, "body", "The client must learn what and when"},
		{db.MessageVisitReminder, Wording{"Soon", "Here: {details}"}, "body", "in a paragraph of its own"},
		{db.MessageVisitReminder, Wording{"Soon {", "Come on {day} at {time}."}, "subject", "A curly bracket stands alone."},
		{db.MessageCareReminder, Wording{"{when}", "{care}"}, "subject", "There is no {when}."},
		{db.MessageCareReminder, Wording{" ", "{care}"}, "subject", "Write something here"},
	} {
		if wrong := c.wording.Check(c.kind); len(wrong) != 1 || !strings.Contains(wrong[c.field], c.reason) {
			t.Errorf("%v is answered %v", c.wording, wrong)
		}
	}
	if wrong := (Wording{"Soon", "Come on {day} at {time}."}).Check(db.MessageVisitReminder); len(wrong) != 0 {
		t.Errorf("a wording without a summary: %v", wrong)
	}
}

func render(t *testing.T, view templ.Component) *goquery.Document {
	t.Helper()
	var html bytes.Buffer
	if err := view.Render(t.Context(), &html); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(&html)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
