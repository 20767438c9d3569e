package ui_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"purplecross/views/ui"
)

func render(t *testing.T, ctx context.Context, view templ.Component) *goquery.Document {
	t.Helper()
	var written strings.Builder
	if err := view.Render(ctx, &written); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(written.String()))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestAFieldIsDescribedByItsHintAndItsError(t *testing.T) {
	doc := render(t, t.Context(), ui.Field(ui.FieldProps{Name: "mobile", Label: "Mobile", Hint: "With its area code.", Error: "Enter a telephone number."}))

	input := doc.Find("input#f-mobile")
	for _, id := range strings.Fields(input.AttrOr("aria-describedby", "")) {
		if doc.Find("#"+id).Length() != 1 {
			t.Errorf("described by %s, which is not there", id)
		}
	}
	if input.AttrOr("aria-describedby", "") != "f-mobile-hint f-mobile-error" || input.AttrOr("aria-invalid", "") != "true" {
		t.Error("the hint and the error are not read out")
	}
	if doc.Find("label[for=f-mobile]").Text() == "" {
		t.Error("no label")
	}
}

func TestAnErrorSummaryLinksToItsFields(t *testing.T) {
	doc := render(t, t.Context(), ui.ErrorSummary(ui.ErrorSummaryProps{Errors: map[string]string{"name": "Enter the pet's name.", "": "Nothing was saved."}}))
	if got := doc.Find("a[href='#f-name']").Text(); got != "Enter the pet's name." {
		t.Errorf("link says %q", got)
	}
	if doc.Find("li").Length() != 2 {
		t.Error("the form's own error is missing")
	}
	if render(t, t.Context(), ui.ErrorSummary(ui.ErrorSummaryProps{})).Find("div").Length() != 0 {
		t.Error("nothing is wrong, and yet it says so")
	}
}

func TestATimeIsSaidInTheClinicsZone(t *testing.T) {
	ctx := ui.WithClock(t.Context(), time.Date(2026, 11, 22, 21, 0, 0, 0, time.UTC), zone(t, "America/Denver"))
	doc := render(t, ctx, ui.Time(ui.TimeProps{At: time.Date(2026, 11, 23, 5, 30, 0, 0, time.UTC)})) // 22:30 at the clinic
	if got := strings.TrimSpace(doc.Find("time").Text()); got != "Today 22:30" {
		t.Errorf("said %q", got)
	}
	if got := doc.Find("time").AttrOr("datetime", ""); got != "2026-11-22T22:30:00-07:00" {
		t.Errorf("machines read %q", got)
	}
}

func TestAButtonWithAnAddressIsALinkUnlessDisabled(t *testing.T) {
	doc := render(t, t.Context(), ui.Button(ui.ButtonProps{Label: "Edit", Href: "/patients/4/edit", Name: "x"}))
	if doc.Find("a.button[href='/patients/4/edit']").Length() != 1 || doc.Find("[name]").Length() != 0 {
		t.Error("not a plain link")
	}
	doc = render(t, t.Context(), ui.Button(ui.ButtonProps{Label: "Edit", Href: "/patients/4/edit", Disabled: true}))
	if doc.Find("button[disabled]").Length() != 1 || doc.Find("a").Length() != 0 {
		t.Error("a disabled link can still be followed")
	}
}

func TestEveryPictureAndStatusIsDrawn(t *testing.T) {
	for _, name := range ui.IconName("").Options()[1:] {
		if render(t, t.Context(), ui.Icon(ui.IconProps{Name: name})).Find("svg > *").Length() == 0 {
			t.Errorf("icon %s is empty", name)
		}
	}
}

func TestNeighbouringOptionsOfOneGroupStandTogether(t *testing.T) {
	doc := render(t, t.Context(), ui.Select(ui.SelectProps{Name: "type", Label: "Type", Value: "b", Blank: "Choose…", Options: []ui.Option{
		{Value: "a", Label: "Vaccination", Group: "Short"}, {Value: "b", Label: "Nails", Group: "Short"}, {Value: "c", Label: "Surgery", Group: "Long"},
	}}))
	if doc.Find("optgroup").Length() != 2 || doc.Find("optgroup[label=Short] option").Length() != 2 {
		t.Error("not grouped")
	}
	if got := doc.Find("option[selected]").AttrOr("value", ""); got != "b" {
		t.Errorf("chosen %q", got)
	}
}
