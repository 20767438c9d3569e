package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/emersion/go-smtp"
	"github.com/jackc/pgx/v5/pgxpool"

	"purplecross/db/dbtest"
	"purplecross/db/demo"
)

// office is a mail server that counts what it was given, by Message-ID.
type office struct {
	mutex sync.Mutex
	taken map[string]int
	url   string
}

func openOffice(t *testing.T) *office {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o := &office{taken: map[string]int{}, url: "smtp://" + listener.Addr().String()}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &talk{o}, nil }))
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return o
}

type talk struct{ office *office }

func (*talk) Mail(string, *smtp.MailOptions) error { return nil }
func (*talk) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (*talk) Reset()                               {}
func (*talk) Logout() error                        { return nil }
func (c *talk) Data(r io.Reader) error {
	source, err := io.ReadAll(r)
	_, id, _ := strings.Cut(string(source), "Message-ID: <")
	id, _, _ = strings.Cut(id, ">")
	c.office.mutex.Lock()
	defer c.office.mutex.Unlock()
	c.office.taken[id]++
	return err
}

// cluster is several webs and workers on one database, each a process of its own.
type cluster struct {
	pool    *pgxpool.Pool
	office  *office
	webs    []*program
	workers map[int]*program // by pid
}

func newCluster(t *testing.T) *cluster {
	t.Helper()
	path, c := binary(t), &cluster{pool: dbtest.New(t), office: openOffice(t), workers: map[int]*program{}}
	zone, err := time.LoadLocation(dbtest.Zone)
	if err != nil {
		t.Fatal(err)
	}
	if err := demo.Fill(t.Context(), c.pool, demo.Options{Now: time.Now().In(zone)}); err != nil {
		t.Fatal(err)
	}
	common := []string{"DATABASE_URL=" + dbtest.URL(c.pool), "CLINIC_TZ=" + dbtest.Zone, "SMTP_URL=" + c.office.url, "DATA_DIR=" + dataDir(t)}
	for range 2 {
		addr := freeAddress(t)
		c.webs = append(c.webs, launch(t, exec.Command(path, "web"), "http://"+addr, append(common, "ADDR="+addr)...))
		worker := launch(t, exec.Command(path, "worker"), "works its queues", common...)
		c.workers[worker.command.Process.Pid] = worker
	}
	return c
}

func (c *cluster) number(t *testing.T, sql string, arguments ...any) (n int) {
	t.Helper()
	if err := c.pool.QueryRow(t.Context(), sql, arguments...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return n
}

// eventually waits until a count of the database is as it should be.
func (c *cluster) eventually(t *testing.T, what string, want int, sql string, arguments ...any) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	for got := c.number(t, sql, arguments...); got != want; got = c.number(t, sql, arguments...) {
		select {
		case <-ctx.Done():
			t.Fatalf("%s: %d after two minutes, want %d; messages are %s", what, got, want, c.states(t))
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// states says how the messages of this test stand.
func (c *cluster) states(t *testing.T) (said string) {
	t.Helper()
	if err := c.pool.QueryRow(t.Context(), `
		select coalesce(string_agg(concat_ws(' ', kind, channel, status, status_reason), '; '), 'none')
		  from message
		 where created_at > (select min(started_at) from job_worker)`).Scan(&said); err != nil {
		t.Fatal(err)
	}
	return said
}

// leader is the pid of the worker that leads, 0 for none that is alive.
func (c *cluster) leader(t *testing.T) int {
	return c.number(t, `
		select coalesce(max(worker.pid), 0)
		  from river_leader leader
		  join job_worker worker on worker.client = leader.leader_id
		 where leader.expires_at > now()`)
}

// untilLed waits for a leader other than the one named.
func (c *cluster) untilLed(t *testing.T, but int) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	for {
		if pid := c.leader(t); pid != 0 && pid != but {
			return pid
		}
		select {
		case <-ctx.Done():
			t.Fatal("no worker leads")
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// runSchedules lets every schedule be due, and waits until each has run once more.
func (c *cluster) runSchedules(t *testing.T) {
	t.Helper()
	if _, err := c.pool.Exec(t.Context(), `update job_schedule set next_at = clock_timestamp()`); err != nil {
		t.Fatal(err)
	}
	c.eventually(t, "schedules that are due", 0, `select count(*) from job_schedule where next_at <= now()`)
}

// person is somebody in a browser whose session holds on every web.
type person struct{ *http.Client }

func (c *cluster) signIn(t *testing.T, who string) person {
	t.Helper()
	jar, _ := cookiejar.New(nil) // its cookies are of a host, whatever the port
	client := &http.Client{Jar: jar, Timeout: time.Minute}
	response, err := client.PostForm(c.webs[0].url+"/session", url.Values{"email": {who + "@demo.clinic"}, "password": {demo.Password}})
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK || response.Request.URL.Path == "/session/new" {
		t.Fatalf("signing in led to %s %s", response.Status, response.Request.URL)
	}
	return person{client}
}

// page asks a web, with a form when there is one, and gives what it ends with and where.
func (p person) page(t *testing.T, at string, form url.Values) (*goquery.Document, string) {
	t.Helper()
	ask := func() (*http.Response, error) { return p.Get(at) }
	if form != nil {
		ask = func() (*http.Response, error) { return p.PostForm(at, form) }
	}
	response, err := ask()
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	page, err := goquery.NewDocumentFromReader(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %v\n%s", at, response.Status, err, page.Find("main").Text())
	}
	return page, response.Request.URL.Path
}

// book takes the first free time for a pet on one web.
func (p person) book(t *testing.T, web string, pet int) {
	t.Helper()
	page, _ := p.page(t, fmt.Sprintf("%s/appointments/new?patient=%d", web, pet), nil)
	form := url.Values{}
	page.Find("#booking-form input[name], #booking-form textarea[name]").Each(func(_ int, field *goquery.Selection) {
		form.Set(field.AttrOr("name", ""), field.AttrOr("value", ""))
	})
	slot := page.Find("button.slot").First()
	form.Set(slot.AttrOr("name", ""), slot.AttrOr("value", ""))
	if _, at := p.page(t, web+"/appointments", form); !strings.HasPrefix(at, "/appointments/") {
		t.Fatalf("booking led to %s", at)
	}
}

// Reception books on both webs while letters go out, a manager's file is made, the leading worker is killed, then a web:
// nothing is lost, and nothing but what SMTP cannot tell is done twice.
func TestTwoWebsAndTwoWorkersAreOneClinicAlsoWhenTheLeaderIsKilled(t *testing.T) {
	c := newCluster(t)
	reception, manager := c.signIn(t, "reception"), c.signIn(t, "manager")
	booked := 0
	bookEight := func(webs ...*program) {
		for i := range 8 {
			pet := c.number(t, `
				select id from patient p
				 where status = 'active' and exists (select from client where id = p.client_id and email is not null)
				 order by id offset $1 limit 1`, 5*booked)
			reception.book(t, webs[i%len(webs)].url, pet)
			booked++
		}
	}
	const confirmed = `
		select count(*) from message
		 where kind = 'visit_confirmation' and status in ('sent', 'delivered', 'suppressed') and created_at > (select min(started_at) from job_worker)`

	c.untilLed(t, 0)
	c.runSchedules(t)
	bookEight(c.webs...)
	_, file := manager.page(t, c.webs[0].url+"/patients/exports", url.Values{"format": {"xlsx"}, "all": {"1"}, "query": {""}})

	killed := c.leader(t)
	if err := c.workers[killed].command.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-c.workers[killed].ended
	delete(c.workers, killed)
	bookEight(c.webs...)
	c.eventually(t, "confirmations that went out, or say why not", booked, confirmed)
	c.untilLed(t, killed)
	c.runSchedules(t)
	c.runSchedules(t)

	var id int
	if _, err := fmt.Sscanf(file, "/progress/%d", &id); err != nil {
		t.Fatalf("the export led to %s", file)
	}
	c.eventually(t, "exports that are done", 1, `select count(*) from work where id = $1 and state = 'done' and done = (select count(*) from patient)`, id)
	if page, _ := manager.page(t, c.webs[1].url+file, nil); page.Find(`a[href="`+file+`/file"]`).Length() == 0 {
		t.Error("the other web does not offer the file")
	}

	if err := c.webs[0].command.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-c.webs[0].ended
	bookEight(c.webs[1])
	c.eventually(t, "confirmations that went out, or say why not", booked, confirmed)

	for name, sql := range map[string]string{
		"runs of a schedule that were doubled":  `select count(*) from (select from river_job where metadata ? 'due' group by metadata->'schedule', metadata->'due' having count(*) > 1) twice`,
		"confirmations that were written twice": `select count(*) from (select from message where kind = 'visit_confirmation' group by appointment_id having count(*) > 1) twice`,
		"jobs left behind":                      `select count(*) from river_job where state = 'running' and attempted_at < now() - interval '1 minute' or state = 'discarded'`,
	} {
		if n := c.number(t, sql); n != 0 {
			t.Errorf("%d %s", n, name)
		}
	}
	c.office.mutex.Lock()
	defer c.office.mutex.Unlock()
	letters := 0
	for _, copies := range c.office.taken {
		letters += copies
	}
	if len(c.office.taken) != c.number(t, `select count(*) from message where channel = 'email' and status = 'sent' and created_at > (select min(started_at) from job_worker)`) {
		t.Errorf("%d letters are in the office", len(c.office.taken))
	}
	t.Logf("%d letters for %d messages", letters, len(c.office.taken))
	for pid, worker := range c.workers {
		if err := worker.command.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		if err := <-worker.ended; err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("worker %d: %v\n%s", pid, err, worker.said)
		}
	}
}
