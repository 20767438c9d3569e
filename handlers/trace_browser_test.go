package handlers

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"purplecross/db"
	"purplecross/db/dbtest"
	"purplecross/internal/browser"
	"purplecross/internal/report"
	"purplecross/internal/report/receiver"
	"purplecross/jobs"
	"purplecross/jobs/mailbox"
)

// posting has the clinic work its queues and show its statements, and its letters go to its mailbox by SMTP.
func (c *clinic) posting(t *testing.T) {
	t.Helper()
	traced, err := db.Open(t.Context(), c.pool.Config().ConnString(), dbtest.Zone, report.Tracer())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(traced.Close)
	queue, err := jobs.New(traced, jobs.Options{
		Work: true, SMTPURL: c.app.Mailbox.URL(), BaseURL: c.url, SecretKey: "key", Zone: c.app.Zone, Now: c.app.Now, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := queue.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		late, stop := context.WithTimeout(context.Background(), 20*time.Second)
		defer stop()
		_ = queue.Stop(late)
	})
	c.app.Pool, c.app.Jobs = traced, queue
}

// One trace leads from the page to what htmx asked for, to the statement, to the job and to the header of the letter that
// the mail server got; and nobody's name is in what left.
func TestOneTraceLeadsFromThePageToTheLetter(t *testing.T) {
	c := newClinic(t)
	to := reporting(t, c)
	c.posting(t)
	p := signedInTab(t, c, "reception", browser.Options{})
	p.Open(c.url + bookingPath(c.pets(t, 1)[0]))
	p.WaitFor(`typeof Sentry === "object"`)
	trace := browser.Eval[string](p, `document.querySelector("meta[name=sentry-trace]").content.split("-")[0]`)

	p.ClickNamed("link", "Vaccination 15 min")
	p.WaitFor(`document.querySelector("a.chip[aria-current]").textContent.includes("Vaccination")`)
	browser.Eval[bool](p, `
		const form = document.getElementById("booking-form")
		form.setAttribute("hx-post", form.getAttribute("action"))
		form.setAttribute("hx-target", "#main")
		htmx.process(form)
		window.stays = true`)
	p.Click("button.slot")
	late, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	letter, err := c.app.Mailbox.Wait(late, func(mail mailbox.Mail) bool { return strings.Contains(mail.To, "courtney@example.org") })
	if err != nil {
		t.Fatalf("no letter came: %v", err)
	}
	if letter, err = c.app.Mailbox.Get(letter.ID); err != nil {
		t.Fatal(err)
	}
	if !browser.Eval[bool](p, `window.stays === true`) {
		t.Error("the page was loaded anew, so the booking was no request of htmx's")
	}

	of := func(op, name string) map[string]any {
		return to.Wait("transaction", func(body map[string]any) bool {
			return receiver.At(body, "contexts", "trace", "op") == op && receiver.At(body, "transaction") == name && receiver.At(body, "contexts", "trace", "trace_id") == trace
		})
	}
	page := of("http.server", "GET /appointments/new")
	if load := of("pageload", "GET /appointments/new"); receiver.At(load, "contexts", "trace", "parent_span_id") != receiver.At(page, "contexts", "trace", "span_id") {
		t.Error("the page's load is no child of its request")
	}
	booked := of("http.server", "POST /appointments")
	if spans := fmt.Sprint(booked["spans"]); !strings.Contains(spans, "insert appointment") || !strings.Contains(spans, "insert message") {
		t.Errorf("the booking's spans are %s", spans)
	}
	sent := of("queue.process", "job send_message")
	if receiver.At(sent, "contexts", "trace", "parent_span_id") == "" || !strings.Contains(fmt.Sprint(sent["spans"]), "update message") {
		t.Errorf("the job is %v", sent)
	}
	if says := letter.Header("X-Purple-Cross-Trace"); says != trace+"-"+receiver.At(sent, "contexts", "trace", "span_id")+"-1" {
		t.Errorf("the letter says %q of trace %s", says, trace)
	}
	_ = report.Close()
	for _, name := range []string{"Courtney", "Reilly", "Coco1", "courtney@example.org", "demo.clinic"} {
		if strings.Contains(to.Text(), name) {
			t.Errorf("%s left:\n%s", name, to.Text())
		}
	}
}
