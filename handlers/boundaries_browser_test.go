package handlers

import (
	"context"
	"io"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/internal/browser"
	"purplecross/internal/report"
	"purplecross/views"
	"purplecross/views/ui"
)

// failingPage has one part whose second row panics until it is mended, and one that is well.
func failingPage(c *clinic, mended *atomic.Bool) echo.HandlerFunc {
	rows := templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, _ = io.WriteString(w, "<ul><li id=first>Rabies</li>")
		if !mended.Load() {
			panic("no date for Mabel")
		}
		_, err := io.WriteString(w, "<li id=second>Worms</li></ul>")
		return err
	})
	return func(ctx echo.Context) error {
		page := templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
			if err := ui.PageHead(ui.PageHeadProps{Title: "Coco"}).Render(ctx, w); err != nil {
				return err
			}
			if err := ui.Panel(ui.PanelProps{ID: "care", Title: "Care", Body: rows}).Render(ctx, w); err != nil {
				return err
			}
			return ui.Panel(ui.PanelProps{ID: "facts", Title: "Facts", Body: ui.Facts(ui.FactsProps{Items: []ui.Fact{{Term: "Species", Value: "Cat"}}})}).Render(ctx, w)
		})
		return c.app.page(ctx, views.Head{Title: "Coco"}, page)
	}
}

func TestAPanicInOneRowLeavesThePageStandingAndTryAgainBringsThePartBack(t *testing.T) {
	c := newClinic(t)
	report.RecordWith(func(ctx context.Context, failure report.Failure) error {
		return db.RecordError(ctx, c.pool, db.Failure(failure))
	})
	defer report.RecordWith(func(context.Context, report.Failure) error { return nil })
	var mended atomic.Bool
	e := New(c.app)
	e.GET("/failing-part", failingPage(c, &mended))
	vouchRoutes = sync.Once{}
	server := httptest.NewServer(e)
	t.Cleanup(server.Close) // after the browser, whose pages listen for news
	p := browser.New(t, browser.Options{})
	p.SetCookie(server.URL, c.sessionCookie(t, "vet"))

	p.Open(server.URL + "/failing-part")
	if browser.Eval[bool](p, `document.getElementById("first") !== null`) || p.Text("#facts dd") != "Cat" {
		t.Error("the failed part is half there, or the other one is not")
	}
	reference := p.Text("#care code")
	var title string
	var count int
	if err := c.pool.QueryRow(t.Context(), `select title, count from error_report where reference = $1`, reference).Scan(&title, &count); err != nil {
		t.Fatalf("reference %q: %v", reference, err)
	}
	if count != 1 || strings.Contains(title, "Mabel") || !strings.HasPrefix(title, "panic: ") {
		t.Errorf("recorded %d times as %q", count, title)
	}
	if faults := p.Axe(); len(faults) > 0 {
		t.Error(faults)
	}

	mended.Store(true)
	browser.Eval[bool](p, `window.stays = true`)
	p.ClickNamed("link", "Try again")
	p.WaitFor(`document.getElementById("second") !== null`)
	if !browser.Eval[bool](p, `window.stays === true && document.querySelectorAll("#care").length === 1 && document.querySelector("[data-failed]") === null`) {
		t.Error("the page was loaded anew, or the part is there twice")
	}
	quiet(t, p)
}

func TestALostSessionIsSignedInToInPlaceAndWhatWasBeingDoneIsDone(t *testing.T) {
	c := newClinic(t)
	p := signedInTab(t, c, "reception", browser.Options{})
	p.Open(c.url + "/patients")
	if _, err := c.pool.Exec(t.Context(), `delete from session`); err != nil {
		t.Fatal(err)
	}
	browser.Eval[bool](p, `window.stays = true`)

	p.Type("#grid-q", "zzzz")
	p.WaitFor(`document.querySelector("dialog[open] [data-sign-in-again]") !== null`)
	if got := browser.Eval[string](p, `document.getElementById("again-email").value`); got != "reception@demo.clinic" {
		t.Errorf("asks for %q", got)
	}
	p.Type("#again-password", "wrong-password")
	p.Press(browser.Enter)
	p.WaitFor(`document.querySelector("[data-wrong]:not([hidden])") !== null`)
	p.Type("#again-password", "demo-clinic")
	p.Press(browser.Enter)
	p.WaitFor(`document.querySelector("dialog[open]") === null && location.search.includes("zzzz")`)
	if !browser.Eval[bool](p, `window.stays === true`) {
		t.Error("the page was loaded anew")
	}
}
