package emails

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"
)

var coco = VisitProps{
	Clinic:   Clinic{Name: "Harbour Vets", Phone: "(970) 555-0100", Email: "desk@harbour.example", Address: "1 Quay Street, Boulder"},
	Greeting: "Zoë", Patient: "Coco", Type: "Vaccination", Vet: "Dr Lund",
	StartsAt: time.Date(2026, 11, 24, 14, 30, 0, 0, time.UTC),
	EndsAt:   time.Date(2026, 11, 24, 14, 50, 0, 0, time.UTC),
}

func TestBothPartsOfALetterSayTheSame(t *testing.T) {
	for name, letter := range map[string]struct {
		subject, text string
		html          templ.Component
	}{
		"Visit booked: Coco, Tue 24 Nov 14:30":    {VisitConfirmationSubject(coco), VisitConfirmationText(coco), VisitConfirmation(coco)},
		"Visit moved: Coco, Tue 24 Nov 14:30":     {VisitMovedSubject(coco), VisitMovedText(coco), VisitMoved(coco)},
		"Visit cancelled: Coco, Tue 24 Nov 14:30": {VisitCancelledSubject(coco), VisitCancelledText(coco), VisitCancelled(coco)},
	} {
		if letter.subject != name {
			t.Errorf("the subject is %q, not %q", letter.subject, name)
		}
		doc := render(t, letter.html)
		for _, said := range []string{
			"Hello Zoë,", "Coco", "Tuesday 24 November 2026", "14:30–14:50", "Vaccination", "Dr Lund",
			"Harbour Vets", "1 Quay Street, Boulder", "(970) 555-0100", "desk@harbour.example",
		} {
			if !strings.Contains(letter.text, said) || !strings.Contains(doc.Text(), said) {
				t.Errorf("%s: the parts do not both say %q", name, said)
			}
		}
		if href, _ := doc.Find("a.pc-button").Attr("href"); href != "tel:9705550100" {
			t.Errorf("%s: the button calls %q", name, href)
		}
		if doc.Find("script, img, link").Length() != 0 {
			t.Errorf("%s: the letter fetches something", name)
		}
	}
}

func TestALetterWithNextToNothingKnownReadsWell(t *testing.T) {
	bare := VisitProps{Patient: "<b>Rex</b>", Type: "Check", StartsAt: coco.StartsAt, EndsAt: coco.EndsAt}

	text := VisitConfirmationText(bare)
	doc := render(t, VisitConfirmation(bare))

	if !strings.HasPrefix(text, "Hello,\n") || !strings.Contains(text, "If this does not suit you, tell us,") || strings.Contains(text, "With") {
		t.Errorf("the text is:\n%s", text)
	}
	if doc.Find("td b").Length() != 0 || !strings.Contains(doc.Text(), "<b>Rex</b>") {
		t.Error("a pet's name is read as HTML")
	}
	if doc.Find("a").Length() != 0 {
		t.Error("there are links to nobody")
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
