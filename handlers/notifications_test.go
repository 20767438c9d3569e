package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"purplecross/db"
	"purplecross/internal/browser"
)

// notify tells the demo person of a role that a piece of work is done.
func notify(t *testing.T, c *clinic, role string, work int64) {
	t.Helper()
	person, err := db.StaffByEmail(t.Context(), c.pool, role+"@demo.clinic")
	if err != nil {
		t.Fatal(err)
	}
	err = db.Notify(t.Context(), c.pool, db.Notice{
		Kind: db.NoticeExportReady, Subject: "work", SubjectID: work, Href: fmt.Sprintf("/progress/%d", work),
		Sentence: fmt.Sprintf("Export %d is done.", work), To: []int64{person.ID},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func bellSays(t *testing.T, s *session) string {
	t.Helper()
	return strings.TrimSpace(s.get(t, "/session").Find(".bell .sr-only").Text())
}

func TestReceptionistReadsNotificationsWithoutScripts(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	first, second := startWork(t, c, "reception"), startWork(t, c, "reception")
	if said := bellSays(t, s); said != "Notifications" {
		t.Errorf("without news the bell says %q", said)
	}
	notify(t, c, "reception", first)
	notify(t, c, "reception", second)
	if said := bellSays(t, s); said != "Notifications, 2 unread" {
		t.Errorf("with two the bell says %q", said)
	}

	page := s.get(t, "/notifications")
	if rows := page.Find(".notification[data-unread]"); rows.Length() != 2 || !strings.Contains(rows.First().Text(), fmt.Sprintf("Export %d is done.", second)) {
		t.Fatalf("the page lists %q", rows.Text())
	}
	link, _ := page.Find(".notification a").First().Attr("href")
	if at := s.do(t, http.MethodGet, link, nil, "Sec-Purpose", "prefetch").Header.Get("Location"); at != fmt.Sprintf("/progress/%d", second) {
		t.Errorf("it leads to %q", at)
	}
	if said := bellSays(t, s); said != "Notifications, 2 unread" {
		t.Errorf("fetching ahead has read one: %q", said)
	}
	s.do(t, http.MethodGet, link, nil)
	if said := bellSays(t, s); said != "Notifications, 1 unread" {
		t.Errorf("after opening one the bell says %q", said)
	}

	form := s.get(t, "/notifications").Find(".notification:not([data-unread]) form")
	back, _ := form.Attr("action")
	s.post(t, back, nil)
	if said := bellSays(t, s); said != "Notifications, 2 unread" {
		t.Errorf("after marking it unread: %q", said)
	}

	page = s.get(t, "/notifications?show=unread")
	until, _ := page.Find(`input[name="until"]`).Attr("value")
	notify(t, c, "reception", startWork(t, c, "reception")) // came while the page was being read
	answer := s.post(t, "/notifications/readings", url.Values{"until": {until}, "show": {"unread"}})
	if to := answer.Header.Get("Location"); answer.StatusCode != http.StatusSeeOther || to != "/notifications?show=unread" {
		t.Errorf("%s to %s", answer.Status, to)
	}
	if said := bellSays(t, s); said != "Notifications, 1 unread" {
		t.Errorf("after reading all that was seen: %q", said)
	}
}

func TestLookingAtWorkThatIsDoneReadsItsNotification(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	id := startWork(t, c, "reception")
	if err := db.EndWork(t.Context(), c.pool, id, db.WorkDone, db.WorkResult{Outcome: "Ten holes."}); err != nil {
		t.Fatal(err)
	}
	if said := bellSays(t, s); said != "Notifications, 1 unread" {
		t.Errorf("before: %q", said)
	}
	s.get(t, fmt.Sprintf("/progress/%d", id))
	if said := bellSays(t, s); said != "Notifications" {
		t.Errorf("after: %q", said)
	}
}

func TestANotificationIsItsPersonsAlone(t *testing.T) {
	c := newClinic(t)
	notify(t, c, "reception", 1)
	link, _ := c.signIn(t, "reception").get(t, "/notifications").Find(".notification a").Attr("href")
	for _, role := range []string{"admin", "manager"} {
		s := c.signIn(t, role)
		for method, path := range map[string]string{http.MethodGet: link, http.MethodPost: link + "/reading"} {
			if got := s.status(t, method, path); got != http.StatusNotFound {
				t.Errorf("%s: %s %s: %d", role, method, path, got)
			}
		}
	}
	if said := bellSays(t, c.signIn(t, "reception")); said != "Notifications, 1 unread" {
		t.Errorf("the bell says %q", said)
	}
}

func TestTheBellRingsOnAnOpenPage(t *testing.T) {
	c := newClinic(t)
	p := signedInTab(t, c, "reception", browser.Options{Width: 1280, Height: 800})
	p.Open(c.url + "/patients") // a list listens to its own news over the same stream
	p.WaitFor(`performance.getEntriesByType("resource").some((entry) => entry.name.includes("js/bell"))`)

	notify(t, c, "reception", 1)
	p.WaitFor(`document.querySelector("[data-bell-count]:not([hidden])")?.textContent === "1"`)
	p.WaitFor(`document.querySelector("[data-bell-said]").textContent === "1 unread notification"`)
	if _, err := c.pool.Exec(t.Context(), `insert into patient (client_id, name, species) values ((select min(id) from client), 'Aaa', 'cat')`); err != nil {
		t.Fatal(err)
	}
	p.WaitFor(`document.querySelector("#grid-changed:not([hidden])") !== null`)

	p.SetSize(390, 800)
	p.Open(c.url + "/notifications")
	p.WaitFor(`document.querySelectorAll(".notification").length === 1`)
	notify(t, c, "reception", 2)
	p.WaitFor(`document.querySelectorAll(".notification").length === 2`)
	if wide := browser.Eval[bool](p, `document.documentElement.scrollWidth > innerWidth`); wide {
		t.Error("the page is wider than a telephone")
	}
	quiet(t, p)
	if found := p.Axe(); len(found) > 0 {
		t.Error(found)
	}
}
