package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"purplecross/internal/browser"
)

const breedCell = "/patients/cells?cols=name,breed,weight&record=1&column=breed"

// editCell opens a cell's editor.
func (s *session) editCell(t *testing.T, path string) (string, url.Values) {
	t.Helper()
	return editorForm(s.get(t, path))
}

func editorForm(doc *goquery.Document) (string, url.Values) {
	form := url.Values{}
	doc.Find(".grid-editor input, .grid-editor textarea").Each(func(_ int, field *goquery.Selection) {
		form.Set(field.AttrOr("name", ""), field.AttrOr("value", field.Text()))
	})
	return doc.Find(".grid-editor form").AttrOr("action", ""), form
}

func TestTwoPeopleOnOneCellLoseNothing(t *testing.T) {
	c := newClinic(t)
	ana, ito := c.signIn(t, "reception"), c.signIn(t, "vet")
	action, mine := ana.editCell(t, breedCell)
	_, theirs := ito.editCell(t, breedCell)

	theirs.Set("value", "Theirs")
	response := ito.post(t, action, theirs)
	if row := parse(t, response).Find("tr[data-id='1']"); response.StatusCode != http.StatusOK || !strings.Contains(row.Text(), "Theirs") {
		t.Fatalf("the first save: %s %q", response.Status, row.Text())
	}
	mine.Set("value", "Mine")
	response = ana.post(t, action, mine)
	doc := parse(t, response)
	if words := doc.Find(".grid-editor-conflict dd").Text(); response.StatusCode != http.StatusConflict || words != "TheirsMine" {
		t.Fatalf("the second save: %s, %q", response.Status, words)
	}
	again, over := editorForm(doc)
	if response = ana.post(t, again, over); response.StatusCode != http.StatusOK {
		t.Fatalf("mine over theirs: %s", response.Status)
	}
	var breed string
	var audits int
	if err := c.pool.QueryRow(t.Context(), `
		select breed, (select count(*) from audit_log where entity = 'patient' and entity_id = 1 and diff ? 'breed') from patient where id = 1`).Scan(&breed, &audits); err != nil || breed != "Mine" || audits != 2 {
		t.Errorf("%q after %d audited changes, %v", breed, audits, err)
	}

	undo := ito.post(t, "/edits/undo", url.Values{"list": {"patients"}})
	if undo.StatusCode != http.StatusSeeOther || undo.Header.Get("Location") != "/patients" {
		t.Fatalf("undo: %s", undo.Status)
	}
	if said := ito.get(t, "/patients").Find(".flash-message").Text(); !strings.HasPrefix(said, "0 of 1 undone; ") || !strings.HasSuffix(said, " since.") {
		t.Errorf("it says %q", said)
	}
	ana.post(t, "/edits/undo", url.Values{"list": {"patients"}})
	if err := c.pool.QueryRow(t.Context(), `select breed from patient where id = 1`).Scan(&breed); err != nil || breed != "Theirs" {
		t.Errorf("%q after the undo", breed)
	}
	ana.post(t, "/edits/redo", url.Values{"list": {"patients"}})
	if err := c.pool.QueryRow(t.Context(), `select breed from patient where id = 1`).Scan(&breed); err != nil || breed != "Mine" {
		t.Errorf("%q after it was done again", breed)
	}
}

func TestAWrongValueStaysInTheEditorWithItsSentence(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	action, form := s.editCell(t, strings.Replace(breedCell, "column=breed", "column=weight", 1))
	form.Set("value", "heavy")
	response := s.post(t, action, form)
	doc := parse(t, response)
	if said := strings.TrimSpace(doc.Find("#grid-editor-error").Text()); response.StatusCode != http.StatusUnprocessableEntity || said != "Weight takes numbers; “heavy” is none." {
		t.Errorf("%s %q", response.Status, said)
	}
	if typed := doc.Find("[name=value]").AttrOr("value", ""); typed != "heavy" {
		t.Errorf("what was typed became %q", typed)
	}
	if status := s.status(t, http.MethodGet, strings.Replace(breedCell, "column=breed", "column=last_visit", 1)); status != http.StatusNotFound {
		t.Errorf("a last visit can be edited: %d", status)
	}
}

func TestACellIsEditedAndUndoneByKeyboard(t *testing.T) {
	c := newClinic(t)
	p := signedInTab(t, c, "reception", browser.Options{})
	p.Open(c.url + "/patients?cols=name,breed,colour,species")
	p.WaitFor(`document.querySelector(".grid-block tr td") !== null`)
	p.Click(".grid-block tr td")
	p.WaitFor(`document.activeElement.cellIndex === 1`)
	breed := `document.querySelectorAll(".grid-block tr td")[0].textContent.trim()`
	before := browser.Eval[string](p, breed)

	p.Press(browser.Enter)
	p.WaitFor(`document.activeElement.name === "value"`)
	for _, violation := range p.Axe() {
		t.Error(violation)
	}
	p.Press("Otterhound")
	p.Press(browser.Tab)
	p.WaitFor(`!document.querySelector(".grid-editor") && ` + breed + ` === "Otterhound"`)
	p.WaitFor(`document.activeElement.cellIndex === 2`)

	p.Press(browser.Enter)
	p.WaitFor(`document.activeElement.name === "value"`)
	p.Press("Purple")
	p.Press(browser.Escape)
	p.WaitFor(`!document.querySelector(".grid-editor") && document.activeElement.cellIndex === 2`)
	if browser.Eval[bool](p, `document.activeElement.textContent.includes("Purple")`) {
		t.Error("what was left was saved")
	}
	browser.Eval[bool](p, `document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "z", ctrlKey: true, bubbles: true, cancelable: true })); true`)
	p.WaitFor(breed + ` === ` + quoted(before))
	quiet(t, p)
}
