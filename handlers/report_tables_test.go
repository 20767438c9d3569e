package handlers

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"purplecross/db"
)

func TestManagerAsksEveryReportWithoutScripts(t *testing.T) {
	c := newClinic(t)
	manager := c.signIn(t, "manager")
	front := manager.get(t, "/reports")
	for _, report := range db.Reports {
		link := front.Find(`a[href="/reports/` + string(report.Kind) + `"]`)
		if link.Length() == 0 {
			t.Errorf("the front page does not lead to %s", report.Kind)
		}
		page := manager.get(t, "/reports/"+string(report.Kind))
		said := strings.TrimSpace(page.Find("#report-rows-title").Text())
		count, err := strconv.Atoi(strings.ReplaceAll(strings.Fields(said)[0], ",", ""))
		if rows := page.Find(".report-table tbody tr").Length(); err != nil || rows != min(count, reportShown) {
			t.Errorf("%s says %q over %d rows", report.Kind, said, rows)
		}
		if page.Find(`form[action="/reports/`+string(report.Kind)+`/files"] button[name="format"]`).Length() != 3 {
			t.Errorf("%s cannot be made as three kinds of file", report.Kind)
		}
	}
	sheet := manager.get(t, "/reports/day-sheet").Find(".report-table tbody tr").Length()
	board := manager.get(t, "/reports/day-sheet?first="+c.app.today().AddDate(0, 0, 1).Format(time.DateOnly)).Find(".report-table tbody tr").Length()
	if sheet == 0 || sheet == board {
		t.Errorf("today has %d visits, tomorrow %d: another day shows the same", sheet, board)
	}
	if status := manager.status(t, http.MethodGet, "/reports/no-shows?first=2026-11-02&last=2026-11-01"); status != http.StatusUnprocessableEntity {
		t.Errorf("days the wrong way round: %d", status)
	}
	if status := manager.status(t, http.MethodGet, "/reports/gossip"); status != http.StatusNotFound {
		t.Errorf("a report that is none: %d", status)
	}
}

func TestReportsAndTheirFilesAreForManagersAlone(t *testing.T) {
	c := newClinic(t)
	manager := c.signIn(t, "manager")
	answer := manager.post(t, "/reports/day-sheet/files", url.Values{"first": {"2026-11-28"}, "format": {"pdf"}})
	progress := answer.Header.Get("Location")
	if answer.StatusCode != http.StatusSeeOther || !strings.HasPrefix(progress, "/progress/") {
		t.Fatalf("%s to %q", answer.Status, progress)
	}
	if row := manager.get(t, "/reports/files").Find(".row").Text(); !strings.Contains(row, "Day sheet, Saturday 28 November 2026") {
		t.Errorf("what is made is listed as %q", row)
	}
	for role, want := range map[string]int{"admin": http.StatusOK, "vet": http.StatusNotFound, "reception": http.StatusNotFound} {
		s := c.signIn(t, role)
		if got := s.status(t, http.MethodGet, progress); got != want {
			t.Errorf("%s sees another's report: %d, want %d", role, got, want)
		}
		if want == http.StatusOK {
			continue
		}
		for _, path := range []string{"/reports/day-sheet", "/reports/files", "/reports/schedules/new"} {
			if got := s.status(t, http.MethodGet, path); got != http.StatusForbidden {
				t.Errorf("%s opens %s: %d", role, path, got)
			}
		}
		if got := s.status(t, http.MethodGet, progress+"/file"); got != http.StatusNotFound {
			t.Errorf("%s fetches it: %d", role, got)
		}
	}
}

func TestManagerSetsAReportThatGoesOutByTheClock(t *testing.T) {
	c := newClinic(t)
	manager := c.signIn(t, "manager")
	vet, err := db.StaffByEmail(t.Context(), c.pool, "vet@demo.clinic")
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{
		"report": {"day-sheet"}, "span": {"day"}, "format": {"pdf"}, "when": {"week"}, "weekday": {"1", "4"}, "time": {"07:00"},
		"staff": {strconv.FormatInt(vet.ID, 10)},
	}

	for field, value := range map[string]string{"span": "week_before", "staff": "999999", "time": "late", "weekday": "9"} {
		wrong := url.Values{}
		for name, values := range form {
			wrong[name] = values
		}
		wrong[field] = []string{value}
		if got := manager.post(t, "/reports/schedules", wrong); got.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s %q is taken: %s", field, value, got.Status)
		}
	}

	if got := manager.post(t, "/reports/schedules", form); got.StatusCode != http.StatusSeeOther {
		t.Fatal(got.Status)
	}
	front := manager.get(t, "/reports")
	row := front.Find("#report-schedules .row")
	if said := strings.Join(strings.Fields(row.Text()), " "); !strings.Contains(said, "Day sheet, the same day On Mon, Thu at 07:00 · pdf · to "+vet.DisplayName) {
		t.Fatalf("the front page says %q", said)
	}
	saved, err := db.ListReportSchedules(t.Context(), c.pool)
	if err != nil || len(saved) != 1 {
		t.Fatal(saved, err)
	}
	next := saved[0].NextAt.In(c.app.Zone)
	if (next.Weekday() != time.Monday && next.Weekday() != time.Thursday) || next.Format("15:04") != "07:00" || !next.After(c.app.Now()) {
		t.Errorf("it runs next at %s", next)
	}

	edit, _ := row.Find("a").First().Attr("href")
	page := manager.get(t, edit)
	if got := page.Find(`input[name="weekday"][checked]`).Length(); got != 2 {
		t.Errorf("the form has %d days", got)
	}
	stale := url.Values{"version": {"0"}}
	for name, values := range form {
		stale[name] = values
	}
	action, _ := page.Find("form.form").First().Attr("action")
	if got := manager.post(t, action, stale); got.StatusCode != http.StatusConflict {
		t.Errorf("an old version is saved over: %s", got.Status)
	}
	pause, _ := row.Find(`form[action$="/pause"]`).Attr("action")
	manager.post(t, pause, nil)
	if said := manager.get(t, "/reports").Find("#report-schedules .row").Text(); !strings.Contains(said, "Paused") {
		t.Errorf("a paused one reads %q", said)
	}
	manager.post(t, action+"/delete", nil)
	if rows := manager.get(t, "/reports").Find("#report-schedules .row").Length(); rows != 0 {
		t.Errorf("%d are left", rows)
	}
}
