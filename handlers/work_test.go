package handlers

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"purplecross/db"
	"purplecross/internal/browser"
)

// startWork writes down work of the demo person with a role, without a job that would do it.
func startWork(t *testing.T, c *clinic, role string) int64 {
	t.Helper()
	person, err := db.StaffByEmail(t.Context(), c.pool, role+"@demo.clinic")
	if err != nil {
		t.Fatal(err)
	}
	ctx := db.WithActor(t.Context(), db.Actor{StaffID: person.ID, Name: person.DisplayName})
	id, err := db.StartWork(ctx, c.pool, db.NewWork{Kind: "dig", Title: "Dig ten holes", Unit: "holes", Total: 10})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func move(t *testing.T, c *clinic, id, done int64) {
	t.Helper()
	total := int64(10)
	if _, err := db.MoveWork(context.WithoutCancel(t.Context()), c.pool, id, done, &total, nil, true); err != nil {
		t.Fatal(err)
	}
}

func TestWorkIsSeenByItsStarterAndAdminsAlone(t *testing.T) {
	c := newClinic(t)
	id := startWork(t, c, "reception")
	path := fmt.Sprintf("/progress/%d", id)
	events := fmt.Sprintf("/events?work=%d", id)

	for role, want := range map[string]int{"reception": http.StatusOK, "admin": http.StatusOK, "manager": http.StatusNotFound, "vet": http.StatusNotFound} {
		s := c.signIn(t, role)
		if got := s.status(t, http.MethodGet, path); got != want {
			t.Errorf("%s reads %d, want %d", role, got, want)
		}
		if want == http.StatusNotFound {
			if got := s.status(t, http.MethodGet, events); got != want {
				t.Errorf("%s follows it: %d", role, got)
			}
			if got := s.status(t, http.MethodPost, path+"/cancellation"); got != want {
				t.Errorf("%s cancels it: %d", role, got)
			}
		}
	}
	if n := c.signIn(t, "manager").get(t, "/progress").Find(".row").Length(); n != 0 {
		t.Errorf("a manager's list has %d", n)
	}
	if n := c.signIn(t, "admin").get(t, "/progress").Find(".row").Length(); n != 1 {
		t.Errorf("the admin's list has %d", n)
	}
}

func TestWorkIsFollowedAndCancelledWithoutScripts(t *testing.T) {
	c := newClinic(t)
	id := startWork(t, c, "reception")
	s := c.signIn(t, "reception")
	move(t, c, id, 4)

	page := s.get(t, fmt.Sprintf("/progress/%d", id))
	if again := page.Find("noscript").Text(); !strings.Contains(again, `http-equiv="refresh"`) {
		t.Errorf("the page does not ask again: %q", again)
	}
	if said := page.Find(".progress-numbers").Text(); !strings.HasPrefix(said, "4 of 10 holes · 40 %") {
		t.Errorf("it says %q", said)
	}
	cancel, _ := page.Find(".progress form").Attr("action")
	s.post(t, cancel, nil)

	page = s.get(t, fmt.Sprintf("/progress/%d", id))
	if said := page.Find(".progress .badge").Text(); strings.TrimSpace(said) != "Cancelled" {
		t.Errorf("it is %q", said)
	}
	if page.Find("noscript").Length()+page.Find(".progress form").Length() != 0 {
		t.Error("what is over asks again, or can be cancelled")
	}
}

func TestProgressMovesOnThePageByItself(t *testing.T) {
	c := newClinic(t)
	id := startWork(t, c, "reception")
	p := signedInTab(t, c, "reception", browser.Options{})
	p.Open(fmt.Sprintf("%s/progress/%d", c.url, id))

	for done := int64(1); done < 4; done++ {
		move(t, c, id, done)
		p.WaitFor(fmt.Sprintf(`document.querySelector(".progress progress").value === %d`, done))
	}
	if err := db.EndWork(t.Context(), c.pool, id, db.WorkDone, db.WorkResult{Outcome: "Enough.", Href: "/progress", Label: "See all"}); err != nil {
		t.Fatal(err)
	}
	p.WaitFor(`document.querySelector(".progress-outcome")?.textContent === "Enough."`)
	p.WaitFor(`document.querySelector("[data-work]") === null`)
	if found := p.Axe(); len(found) > 0 {
		t.Error(found)
	}
	quiet(t, p)
}
