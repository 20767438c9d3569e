package handlers

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/jackc/pgx/v5/pgxpool"

	"purplecross/db"
	"purplecross/db/dbtest"
	"purplecross/db/demo"
	"purplecross/internal/config"
	"purplecross/jobs"
	"purplecross/jobs/mailbox"
	"purplecross/jobs/texts"
)

var netipLoopback = netip.MustParseAddr("127.0.0.1")

func TestMain(m *testing.M) { dbtest.Main(m) }

// clinic is a running web server over a small demo clinic of its own.
type clinic struct {
	url  string
	pool *pgxpool.Pool
	app  *App
}

// newClinic starts one. The hour is fixed, so that "today" has visits behind and before it.
func newClinic(t testing.TB, change ...func(*config.Config)) *clinic {
	t.Helper()
	zone, err := time.LoadLocation(dbtest.Zone)
	if err != nil {
		t.Fatal(err)
	}
	now := clinicHour()
	pool := dbtest.Filled(t, "demo", func(ctx context.Context, pool *pgxpool.Pool) error {
		return demo.Fill(ctx, pool, demo.Options{Now: now, Clients: 60, Patients: 100})
	})
	cfg := config.Config{AppEnv: "development", Gallery: "public", ClinicTZ: zone.String(), BaseURL: "http://127.0.0.1"}
	for _, c := range change {
		c(&cfg)
	}
	log := slog.New(slog.DiscardHandler)
	queue, err := jobs.New(pool, jobs.Options{Log: log})
	if err != nil {
		t.Fatal(err)
	}
	mail, err := mailbox.Start(t.TempDir(), log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mail.Close() })
	phone, err := texts.StartPhone(t.TempDir(), log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = phone.Close() })
	news := db.ListenForNews(pool, log)
	t.Cleanup(news.Close)
	closing := make(chan struct{})
	app := &App{News: news, Closing: closing, Pool: pool, Jobs: queue, Config: cfg, Zone: zone, Now: func() time.Time { return now }, Log: log, Mailbox: mail, Phone: phone}
	server := httptest.NewServer(New(app))
	t.Cleanup(func() { close(closing); server.Close() })
	return &clinic{url: server.URL, pool: pool, app: app}
}

// clinicHour is 10:05 on the next weekday: constraints look at the database's clock, so it can't be years away. It is
// read once, as the demo clinic is filled once.
var clinicHour = sync.OnceValue(func() time.Time {
	zone, err := time.LoadLocation(dbtest.Zone)
	if err != nil {
		panic(err)
	}
	now := time.Now().In(zone)
	at := time.Date(now.Year(), now.Month(), now.Day(), 10, 5, 0, 0, zone)
	for at.Weekday() == time.Saturday || at.Weekday() == time.Sunday {
		at = at.AddDate(0, 0, 1)
	}
	return at
})

// session is one browser without JavaScript.
type session struct {
	clinic *clinic
	client *http.Client
}

// visitor is a browser that nobody has signed in with.
func (c *clinic) visitor(t *testing.T) *session {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &session{clinic: c, client: &http.Client{
		Jar: jar, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// signIn signs the demo person of a role in, past the password form: argon2id is slow by design.
func (c *clinic) signIn(t *testing.T, role string) *session {
	t.Helper()
	s := c.visitor(t)
	at, _ := url.Parse(c.url)
	s.client.Jar.SetCookies(at, []*http.Cookie{c.sessionCookie(t, role)})
	return s
}

// sessionCookie is the cookie of a demo person who has just signed in.
func (c *clinic) sessionCookie(t testing.TB, role string) *http.Cookie {
	t.Helper()
	person, err := db.StaffByEmail(t.Context(), c.pool, role+"@demo.clinic")
	if err != nil {
		t.Fatalf("demo person %s: %v", role, err)
	}
	token, err := db.StartSession(t.Context(), c.pool, person.ID, "Go test", netipLoopback)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Cookie{Name: "session", Value: token, Path: "/"}
}

// do sends a request as the session's browser would.
func (s *session) do(t *testing.T, method, path string, form url.Values, header ...string) *http.Response {
	t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	request, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), method, s.clinic.url+path, body)
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := s.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	return response
}

// get reads a page and fails unless it is there.
func (s *session) get(t *testing.T, path string) *goquery.Document {
	t.Helper()
	response := s.do(t, http.MethodGet, path, nil)
	if response.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s", path, response.Status)
	}
	return parse(t, response)
}

// status is what a request without a form is answered with.
func (s *session) status(t *testing.T, method, path string) int {
	t.Helper()
	var form url.Values
	if method != http.MethodGet {
		form = url.Values{}
	}
	return s.do(t, method, path, form).StatusCode
}

// post sends a form; redirects are for the test to follow.
func (s *session) post(t *testing.T, path string, form url.Values) *http.Response {
	t.Helper()
	return s.do(t, http.MethodPost, path, form)
}

func parse(t *testing.T, response *http.Response) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
