package handlers

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"purplecross/internal/browser"
)

func TestWhatASpreadsheetCopiesIsReadCellByCell(t *testing.T) {
	for text, cells := range map[string][][]string{
		"a":                           {{"a"}},
		"a\tb\r\nc\td\r\n":            {{"a", "b"}, {"c", "d"}},
		"a\n\nb":                      {{"a"}, {""}, {"b"}},
		"a\tb\nc":                     {{"a", "b"}, {"c", ""}},
		"\"two\nlines\"\t\"5\"\"\"\n": {{"two\nlines", `5"`}},
		`"Rex" the dog` + "\tx":       {{`"Rex" the dog`, "x"}},
		"\t":                          {{"", ""}},
		"":                            {{""}},
		`"open`:                       {{`"open`}},
	} {
		if read := readCells(text); !slices.EqualFunc(read, cells, slices.Equal) {
			t.Errorf("%q became %q", text, read)
		}
		if again := readCells(writeCells(cells)); !slices.EqualFunc(again, cells, slices.Equal) {
			t.Errorf("%q was written as %q", cells, writeCells(cells))
		}
	}
}

// rangeOf is what a script says of cells of a list as it stands.
func (s *session) rangeOf(t *testing.T, question, first, last, from, to string) url.Values {
	t.Helper()
	response := s.do(t, http.MethodGet, "/patients/snapshot?"+question, nil)
	return url.Values{"query": {question}, "snap": {response.Header.Get("Grid-Snapshot")}, "first": {first}, "last": {last}, "from": {from}, "to": {to}}
}

func with(values url.Values, pairs ...string) url.Values {
	all := url.Values{}
	for name, value := range values {
		all[name] = value
	}
	for i := 0; i < len(pairs); i += 2 {
		all.Set(pairs[i], pairs[i+1])
	}
	return all
}

const pasteQuestion = "sort=name&cols=name,breed,weight,insurer,last_visit"

func TestAPasteIsShownCellByCellThenMadeAndTakenBack(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	state := func() (sum string) {
		t.Helper()
		if err := c.pool.QueryRow(t.Context(), `select md5(string_agg((to_jsonb(p) - 'version')::text, ';' order by id)) from patient p`).Scan(&sum); err != nil {
			t.Fatal(err)
		}
		return sum
	}
	before := state()
	cells := s.rangeOf(t, pasteQuestion, "1", "1", "weight", "weight")

	page := parse(t, s.post(t, "/patients/pastes/new", with(cells, "text", "7,25 kg\tPetplan\ttoday\nheavy\tTrupanion\t\n")))
	if title := page.Find("h1").Text(); title != "Change 3 cells of 2 patients?" {
		t.Errorf("titled %q", title)
	}
	refused, says := page.Find("td[data-refused]"), page.Find(".grid-paste-says").Text()
	if refused.Length() != 1 || !strings.Contains(refused.Text(), "“heavy” is none.") || !strings.Contains(says, "Last visit can’t be edited in the list") {
		t.Errorf("refused: %q, said: %q", refused.Text(), says)
	}
	if is := page.Find("tbody tr").First().Find("ins").First().Text(); !strings.HasPrefix(is, "7.25") {
		t.Errorf("the weight becomes %q", is)
	}
	if state() != before {
		t.Fatal("the preview changed something")
	}

	form := page.Find("main form.grid-paste")
	response := s.post(t, form.AttrOr("action", ""), formOf(form, nil))
	if response.StatusCode != http.StatusSeeOther || state() == before {
		t.Fatalf("answered %s", response.Status)
	}
	var audits, batches int
	if err := c.pool.QueryRow(t.Context(), `
		select (select count(*) from audit_log where entity = 'patient' and diff ?| array['insurer', 'weight_grams']), (select count(*) from edit_batch where how = 'paste')`).Scan(&audits, &batches); err != nil || audits != 2 || batches != 1 {
		t.Errorf("%d audit rows in %d batches, %v", audits, batches, err)
	}
	s.post(t, "/edits/undo", url.Values{"list": {"patients"}})
	if state() != before {
		t.Error("undone, the patients are not as they were")
	}
}

func TestAPasteLeavesWhatAColleagueChangedSinceThePreview(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	page := parse(t, s.post(t, "/patients/pastes/new", with(s.rangeOf(t, pasteQuestion, "1", "2", "insurer", "insurer"), "text", "Mine")))
	form := page.Find("main form.grid-paste")
	kept := formOf(form, nil)
	first, _, _ := strings.Cut(kept.Get("records"), ":")
	if _, err := c.pool.Exec(t.Context(), `update patient set insurer = 'Theirs', version = version + 1 where id = $1::text::bigint`, first); err != nil {
		t.Fatal(err)
	}

	s.post(t, form.AttrOr("action", ""), kept)
	var theirs, mine int
	if err := c.pool.QueryRow(t.Context(), `select count(*) filter (where insurer = 'Theirs'), count(*) filter (where insurer = 'Mine') from patient`).Scan(&theirs, &mine); err != nil || theirs != 1 || mine != 1 {
		t.Errorf("theirs %d, mine %d, %v", theirs, mine, err)
	}
}

func TestCellsAreFilledDownEmptiedAndCopied(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	insurers := func() string {
		t.Helper()
		response := s.do(t, http.MethodPost, "/patients/copies", s.rangeOf(t, pasteQuestion, "1", "3", "insurer", "insurer"))
		text, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("%s %v", response.Status, err)
		}
		return string(text)
	}
	s.post(t, "/patients/pastes", with(s.rangeOf(t, pasteQuestion, "1", "1", "insurer", "insurer"), "text", "=Pet\tplan"))
	s.post(t, "/patients/pastes", with(s.rangeOf(t, pasteQuestion, "1", "3", "insurer", "insurer"), "how", "fill"))
	if read := insurers(); read != "'=Pet\n'=Pet\n'=Pet" {
		t.Errorf("filled down to %q", read)
	}
	s.post(t, "/patients/pastes", with(s.rangeOf(t, pasteQuestion, "2", "3", "insurer", "insurer"), "how", "clear"))
	if read := insurers(); read != "'=Pet\n\n" {
		t.Errorf("emptied to %q", read)
	}
	for name, cells := range map[string]url.Values{
		"another list": with(s.rangeOf(t, pasteQuestion, "1", "3", "insurer", "insurer"), "snap", "gone"),
		"too many":     s.rangeOf(t, pasteQuestion, "1", "501", "insurer", "insurer"),
		"no column":    s.rangeOf(t, pasteQuestion, "1", "1", "chip", "insurer"),
		"backwards":    s.rangeOf(t, pasteQuestion, "3", "1", "insurer", "insurer"),
	} {
		if status := s.post(t, "/patients/pastes", with(cells, "text", "x")).StatusCode; status < 400 || status >= 500 {
			t.Errorf("%s: %d", name, status)
		}
	}
}

// paste sends what a browser sends when somebody pastes.
func paste(p *browser.Page, text string) {
	browser.Eval[bool](p, `(() => { const data = new DataTransfer(); data.setData("text/plain", `+quoted(text)+`)
		return document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })) || true })()`)
}

const shiftKey = `document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: %s, shiftKey: true, bubbles: true, cancelable: true })); true`

// rangesAreIn is true once the module that a list fetches when somebody comes to a cell has run.
const rangesAreIn = `(() => {
	const fetched = performance.getEntriesByType("resource").find(({ name }) => name.includes("grid-range"))
	if (fetched) window.ranges ??= import(fetched.name).then(() => (window.rangesIn = true))
	return window.rangesIn === true
})()`

func TestCellsAreMarkedCopiedPastedAndUndoneByKeyboard(t *testing.T) {
	c := newClinic(t)
	p := signedInTab(t, c, "reception", browser.Options{})
	p.Before(`navigator.clipboard.write = async ([item]) => {
		window.copied = { text: await (await item.getType("text/plain")).text(), html: await (await item.getType("text/html")).text() } }`)
	p.Open(c.url + "/patients?cols=name,breed,colour,insurer")
	p.WaitFor(`document.querySelector(".grid-block tr td") !== null`)
	p.Click(".grid-block tr td")
	p.WaitFor(`document.activeElement.cellIndex === 1`)
	p.WaitFor(rangesAreIn)
	for _, key := range []string{"ArrowDown", "ArrowDown", "ArrowRight"} {
		was := browser.Eval[int](p, `document.querySelectorAll("[data-in]").length`)
		browser.Eval[bool](p, strings.Replace(shiftKey, "%s", quoted(key), 1))
		p.WaitFor(`document.querySelectorAll("[data-in]").length > ` + strconv.Itoa(was))
	}
	p.WaitFor(`document.querySelectorAll("[data-in]").length === 6 && document.getElementById("grid-said").textContent === "3 rows by 2 columns"`)
	for _, violation := range p.Axe() {
		t.Error(violation)
	}
	browser.Eval[bool](p, `document.activeElement.dispatchEvent(new ClipboardEvent("copy", { clipboardData: new DataTransfer(), bubbles: true, cancelable: true })); true`)
	p.WaitFor(`window.copied?.text.split("\n").length === 3 && window.copied.html.includes("<td>")`)

	column := `[...document.querySelectorAll(".grid-block tr")].slice(0, 3).map((tr) => tr.cells[1].textContent.trim()).join()`
	before := browser.Eval[string](p, column)
	paste(p, "Otterhound\tBrown\nBorzoi\tWhite\nSaluki\tGrey\n")
	p.WaitFor(`document.querySelector("#paste[open]") !== null`)
	for _, violation := range p.Axe() {
		t.Error(violation)
	}
	p.Press(browser.Enter)
	p.WaitFor(column + ` !== ` + quoted(before))
	p.WaitFor(`!document.getElementById("paste") && document.querySelector(".flash-message")?.textContent.startsWith("6 cells of 3 patients changed")`)
	browser.Eval[bool](p, `document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "z", ctrlKey: true, bubbles: true, cancelable: true })); true`)
	p.WaitFor(column + ` === ` + quoted(before))
	quiet(t, p)
}
