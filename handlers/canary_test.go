package handlers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"purplecross/internal/report"
	"purplecross/views"
	"purplecross/views/ui"
)

// canary is somebody made up, by words that stand nowhere else.
type canary struct{ first, last, pet, email, phone, street, chip, note string }

func canaries(n int) []canary {
	syllables := []string{"Qua", "Zyb", "Vrox", "Plim", "Jux", "Wend", "Korb", "Ghul", "Nyx", "Tarv", "Oib", "Drell", "Fyzz", "Mowb", "Hask"}
	made := make([]canary, n)
	for i := range made {
		a, b, c := syllables[i%15], syllables[(i/15)%15], strings.ToLower(syllables[(i*7+3)%15])
		name := a + strings.ToLower(b) + c
		made[i] = canary{
			first: name + "ina", last: name + "hurst", pet: name + "kins", email: strings.ToLower(name) + fmt.Sprint(i) + "@canary.example",
			phone: fmt.Sprintf("(970) 555-%04d", 100+i), street: fmt.Sprintf("%d %s Lane", 1000+i, name), chip: fmt.Sprintf("9851120%08d", 31_000_000+i*7919),
			note: "owner of " + name + " is rude",
		}
	}
	return made
}

func (c canary) all() []string {
	return []string{c.first, c.last, c.pet, c.email, c.phone, strings.NewReplacer("(", "", ")", "", " ", "", "-", "").Replace(c.phone), c.street, c.chip, c.note}
}

func (c canary) text() string { return strings.Join(c.all(), " | ") }

// traps are routes that fail in every way there is, with what was asked in their errors.
func traps(c *clinic) *echo.Echo {
	e := New(c.app)
	asked := func(ctx echo.Context) string { return ctx.QueryParam("q") + ctx.Request().Header.Get("HX-Current-URL") }
	e.Any("/traps/error/:id", func(ctx echo.Context) error {
		return fmt.Errorf("read client %s: %w", asked(ctx), errors.New(asked(ctx)))
	})
	e.Any("/traps/panic/:id", func(ctx echo.Context) error { panic(asked(ctx)) })
	e.Any("/traps/sql/:id", func(ctx echo.Context) error {
		_, err := c.pool.Exec(ctx.Request().Context(), `insert into client (first_name, last_name) values ($1::text, nullif($1::text, $1::text))`, asked(ctx))
		return err
	})
	e.Any("/traps/part/:id", func(ctx echo.Context) error {
		part := templ.ComponentFunc(func(context.Context, io.Writer) error { panic(errors.New(asked(ctx))) })
		return c.app.page(ctx, views.Head{Title: "Part"}, ui.Panel(ui.PanelProps{ID: "part", Title: "Part", Body: part}))
	})
	e.Any("/traps/job/:id", func(ctx echo.Context) error {
		info := report.JobInfo{Kind: "send_message", ID: 12, Attempt: 2, MaxAttempts: 3}
		_ = report.Job(ctx.Request().Context(), info, func(context.Context) error { return errors.New(asked(ctx)) })
		slog.WarnContext(ctx.Request().Context(), "letter to "+asked(ctx))
		report.Capture(ctx.Request().Context(), errors.New(asked(ctx)), "clients", "create")
		return ctx.NoContent(http.StatusNoContent)
	})
	return e
}

// Two hundred made-up clients go through forms, searches, addresses, headers, errors, panics, SQL, jobs, parts of pages and
// browsers' reports. Nobody is found in an envelope, a line of the log or a row of our record.
func TestOfTwoHundredClientsNobodyIsInAnEnvelopeALineOrARow(t *testing.T) {
	c := newClinic(t)
	to := reporting(t, c)
	var lines bytes.Buffer
	var mu sync.Mutex
	before := slog.Default()
	slog.SetDefault(slog.New(report.Logs(slog.NewJSONHandler(writerFunc(func(p []byte) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		if bytes.Contains(p, []byte(`"msg":"letter to`)) {
			return len(p), nil // the trap's own, whose message is no constant: only what leaves is looked at
		}
		return lines.Write(p)
	}), nil))))
	defer slog.SetDefault(before)
	server := httptest.NewServer(traps(c))
	t.Cleanup(server.Close) // after the browser, whose pages listen for news
	vouchRoutes = sync.Once{}
	desk := c.signIn(t, "reception")
	desk.clinic = &clinic{url: server.URL, pool: c.pool, app: c.app}
	cookie := c.sessionCookie(t, "reception")

	people := canaries(200)
	for i, one := range people {
		q := url.QueryEscape(one.text())
		header := []string{"HX-Current-URL", server.URL + "/clients?q=" + q, "Referer", server.URL + "/?q=" + q, "HX-Prompt", one.last, "sentry-trace", one.chip, "Cookie", cookie.Name + "=" + cookie.Value + "; pet=" + one.pet}
		trap := []string{"error", "panic", "sql", "part", "job"}[i%5]
		desk.do(t, http.MethodGet, "/traps/"+trap+"/"+url.PathEscape(one.last)+"?q="+q, nil, header...)
		if i%4 == 0 {
			desk.do(t, http.MethodGet, "/search?q="+url.QueryEscape(one.pet+" "+one.last), nil, header...)
			desk.do(t, http.MethodPost, "/clients", url.Values{"first_name": {one.first}, "last_name": {one.last}, "email": {"no address of " + one.first}, "mobile": {one.phone}}, header...)
			desk.do(t, http.MethodGet, "/patients/"+one.chip+"?q="+q, nil, header...)
		}
		if i%8 == 0 {
			sendEnvelope(t, desk.clinic, "POST", pageEvent(desk.clinic, one.text()), []string{"Content-Type", "text/plain", "Sec-Fetch-Site", "same-origin"})
		}
	}
	throughManyAtOnce(t, desk, people[:20])
	_ = report.Close()

	var rows string
	if err := c.pool.QueryRow(t.Context(), `select string_agg(row_to_json(e)::text, E'\n') from error_report e`).Scan(&rows); err != nil {
		t.Fatal(err)
	}
	for _, met := range []string{"PostgreSQL 23502 table client", "PostgreSQL 23514 table edit", "PostgreSQL 23514 table mailing", "PostgreSQL 23514 table import_batch", "panic", "browser TypeError", "job send_message", "GET /traps/part/:id"} {
		if !strings.Contains(rows, met) || !strings.Contains(to.Text(), met) && met != "browser TypeError" {
			t.Errorf("no report of %q, so nothing is proved", met)
		}
	}
	for place, text := range map[string]string{"an envelope": to.Text(), "a line": lines.String(), "a row": rows} {
		if len(text) < 1000 {
			t.Errorf("%s: only %q, so nothing is proved", place, text)
		}
		for _, one := range people {
			for _, secret := range one.all() {
				if strings.Contains(strings.ToLower(text), strings.ToLower(secret)) || strings.Contains(text, url.QueryEscape(secret)) {
					t.Errorf("%s holds %q", place, secret)
				}
			}
		}
	}
}

// throughManyAtOnce takes people through pastes, letters to many and files to import: first as they work, then while the
// database refuses what it is given, and says with what.
func throughManyAtOnce(t *testing.T, desk *session, people []canary) {
	t.Helper()
	c := desk.clinic
	manager := c.signIn(t, "manager")
	id := []string{"1"}
	for i, one := range people {
		if i == len(people)/2 {
			if _, err := c.pool.Exec(t.Context(), `
				alter table edit add constraint refuses check (false) not valid;
				alter table mailing add constraint refuses check (false) not valid;
				alter table import_batch add constraint refuses check (false) not valid`); err != nil {
				t.Fatal(err)
			}
		}
		cells := desk.rangeOf(t, pasteQuestion, "1", "1", "insurer", "insurer")
		desk.post(t, "/patients/pastes/new", with(cells, "text", one.text()))
		desk.post(t, "/patients/pastes", with(cells, "text", one.note))
		desk.post(t, "/patients/mailings/new", url.Values{"id": id, "subject": {one.last}, "body": {one.note + " {" + one.pet + "}"}, "text": {one.phone}})
		desk.post(t, "/patients/mailings", url.Values{"id": id, "subject": {one.last}, "body": {"{greeting}\n\n" + one.text()}, "text": {one.text()}})
		file := "First name,Last name,E-mail,Mobile,Notes\n" + strings.Join([]string{one.first, one.last, "no address of " + one.first, one.phone, one.note}, ",") + "\n"
		if to := manager.upload(t, one.last+".csv", []byte(file)).Header.Get("Location"); to != "" {
			manager.do(t, http.MethodGet, to+"?q="+url.QueryEscape(one.text()), nil)
			manager.do(t, http.MethodPost, to, url.Values{"column.0": {one.first}, "as": {one.text()}})
		}
		manager.do(t, http.MethodGet, "/imports?q="+url.QueryEscape(one.text())+"&file=is:"+url.QueryEscape(one.last), nil)
	}
}

type writerFunc func(p []byte) (int, error)

func (w writerFunc) Write(p []byte) (int, error) { return w(p) }
