package handlers

import (
	"context"
	"io"
	"net/http"
	"net/smtp"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/jackc/pgx/v5"

	"purplecross/db"
	"purplecross/internal/browser"
	"purplecross/jobs"
	"purplecross/jobs/mailbox"
)

// aQueuedMessage books a visit in three days for a household and writes its confirmation down, with its job.
func aQueuedMessage(t *testing.T, c *clinic) db.Message {
	t.Helper()
	var message db.Message
	err := db.InTx(t.Context(), c.pool, func(tx pgx.Tx) (err error) {
		var visit int64
		err = tx.QueryRow(t.Context(), `
			with client as (
			  insert into client (first_name, last_name, email)
			  values ('Zoë', 'Courtland', 'zoe.courtland@example.com')
			  returning id
			), patient as (
			  insert into patient (client_id, name, species)
			  select id, 'Cocolino', 'dog' from client
			  returning id, client_id
			)
			insert into appointment (client_id, patient_id, type_id, starts_at, ends_at)
			select client_id, id, (select id from appointment_type where send_messages order by id limit 1),
			       now() + interval '3 days', now() + interval '3 days 20 minutes'
			  from patient
			returning id`).Scan(&visit)
		if err != nil {
			return err
		}
		if message, _, err = db.AddVisitMessage(t.Context(), tx, db.MessageVisitConfirmation, visit); err != nil {
			return err
		}
		return c.app.Jobs.EnqueueMessage(t.Context(), tx, message.ID)
	})
	if err != nil {
		t.Fatal(err)
	}
	if message, err = db.GetMessage(t.Context(), c.pool, message.ID); err != nil || message.JobID == nil {
		t.Fatalf("the message has no job: %s (%v)", message.StatusReason, err)
	}
	return message
}

func TestAMessageSaysWhyItWaitsAndIsTriedAgainOnRequest(t *testing.T) {
	c := newClinic(t)
	message := aQueuedMessage(t, c)
	if err := db.MarkMessageWaiting(t.Context(), c.pool, message.ID, "The mail server is not there."); err != nil {
		t.Fatal(err)
	}
	path := "/messages/" + strconv.FormatInt(message.ID, 10)
	reception, admin := c.signIn(t, "reception"), c.signIn(t, "admin")

	doc := reception.get(t, path)
	for _, said := range []string{"The mail server is not there.", "As it would be sent now", "We look forward to seeing Cocolino", "zoe.courtland@example.com"} {
		if !strings.Contains(doc.Find("main").Text(), said) {
			t.Errorf("the page does not say %q", said)
		}
	}
	job := `a[href="/admin/jobs/jobs/` + strconv.FormatInt(*message.JobID, 10) + `"]`
	if doc.Find(job).Length() != 0 || admin.get(t, path).Find(job).Length() != 1 {
		t.Error("the job is linked for those who may not see it, or not for those who may")
	}

	response := reception.post(t, path+"/deliveries", url.Values{})
	if response.StatusCode != http.StatusSeeOther || response.Header.Get("Location") != path {
		t.Errorf("trying again is answered %s", response.Status)
	}
	if _, err := c.pool.Exec(t.Context(), `update client set email_opt_out_at = now() where id = $1`, *message.ClientID); err != nil {
		t.Fatal(err)
	}
	response = reception.post(t, path+"/deliveries", url.Values{})
	if doc = parse(t, response); response.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(doc.Find("main").Text(), "The client has asked for no e-mail.") {
		t.Errorf("a message that must not go out is answered %s", response.Status)
	}
}

func TestManagersLookAtJobsAndAdminsActOnTheRecord(t *testing.T) {
	c := newClinic(t)
	message := aQueuedMessage(t, c)
	id := strconv.FormatInt(*message.JobID, 10)
	manager, admin := c.signIn(t, "manager"), c.signIn(t, "admin")
	cancel := func(s *session) *http.Response {
		return s.send(t, http.MethodPost, "/admin/jobs/api/jobs/cancel", `{"ids":["`+id+`"]}`)
	}

	doc := parse(t, manager.do(t, http.MethodGet, "/admin/jobs/", nil, "Accept", "text/html"))
	bar := doc.Find(".jobs-bar")
	for _, href := range []string{"/", "/admin/queues", "/messages"} {
		if bar.Find(`a[href="`+href+`"]`).Length() == 0 {
			t.Errorf("there is no way back to %s", href)
		}
	}
	if !strings.Contains(bar.Text(), "Read only") || doc.Find("#root").Length() != 1 {
		t.Errorf("the page of a manager is not River's, or says not that it is read-only: %s", bar.Text())
	}
	if status := manager.status(t, http.MethodGet, "/admin/jobs/api/jobs/"+id); status != http.StatusOK {
		t.Errorf("a manager's look at a job is answered %d", status)
	}
	if response := cancel(manager); response.StatusCode != http.StatusForbidden {
		t.Errorf("a manager's act is answered %s", response.Status)
	}

	if response := cancel(admin); response.StatusCode != http.StatusOK {
		t.Errorf("an admin's act is answered %s", response.Status)
	}
	after, err := db.GetMessage(t.Context(), c.pool, message.ID)
	if err != nil || after.Status != db.MessageFailed || after.StatusReason != "Its job was cancelled." {
		t.Errorf("the message of a cancelled job is %s: %s (%v)", after.Status, after.StatusReason, err)
	}
	var noted int
	err = c.pool.QueryRow(t.Context(), `
		select count(*)
		  from audit_log
		 where entity = 'job' and action = 'cancelled' and entity_id = $1 and staff_id is not null`, *message.JobID).Scan(&noted)
	if err != nil || noted != 1 {
		t.Errorf("the act is noted %d times (%v)", noted, err)
	}
}

// send is a request with a JSON body, as River's pages make it.
func (s *session) send(t *testing.T, method, path, body string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), method, s.clinic.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := s.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	return response
}

func TestRiversFilesAreCompressedAndKept(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "admin")
	doc := parse(t, s.do(t, http.MethodGet, "/admin/jobs/", nil, "Accept", "text/html"))
	script, _ := doc.Find(`script[type=module]`).Attr("src")

	for range 2 { // the second comes from memory
		response := s.do(t, http.MethodGet, script, nil, "Accept-Encoding", "gzip")
		body, err := io.ReadAll(response.Body)
		if err != nil || len(body) < 10_000 || len(body) > 200_000 || response.Header.Get("Content-Encoding") != "gzip" {
			t.Errorf("%s: %d bytes, encoding %q (%v)", script, len(body), response.Header.Get("Content-Encoding"), err)
		}
		if kept := response.Header.Get("Cache-Control"); !strings.Contains(kept, "immutable") {
			t.Errorf("%s may be kept: %q", script, kept)
		}
	}
	response := s.do(t, http.MethodGet, "/admin/jobs/assets/no-such-file.js", nil)
	if kept := response.Header.Get("Cache-Control"); strings.Contains(kept, "immutable") {
		t.Errorf("what is not there may be kept: %q", kept)
	}
}

func TestRiversPagesWorkUnderTheirPolicy(t *testing.T) {
	c := newClinic(t)
	message := aQueuedMessage(t, c)
	page := browser.New(t, browser.Options{})
	at, err := url.Parse(c.url)
	if err != nil {
		t.Fatal(err)
	}
	for _, cookie := range c.signIn(t, "admin").client.Jar.Cookies(at) {
		page.SetCookie(c.url, cookie)
	}

	page.Open(c.url + "/admin/jobs/jobs?state=available&queue=email")
	page.WaitFor(`document.body.innerText.includes("send_message")`)
	page.Open(c.url + "/admin/jobs/jobs/" + strconv.FormatInt(*message.JobID, 10))
	page.WaitFor(`document.body.innerText.includes("1 / 150") || document.body.innerText.includes("0 / 150")`)
	if trouble := page.Trouble(); len(trouble) != 0 {
		t.Errorf("the browser complains: %q", trouble)
	}
}

func TestQueuesStandEachWithItsJobs(t *testing.T) {
	c := newClinic(t)
	aQueuedMessage(t, c)

	doc := c.signIn(t, "manager").get(t, "/admin/queues")

	text := doc.Find("main").Text()
	for _, said := range []string{"email", "reminders", "reports", "notifications", "imports", "default", "Send message", "No worker is running"} {
		if !strings.Contains(text, said) {
			t.Errorf("the page does not say %q", said)
		}
	}
	link := doc.Find(`#by-queue a[href="/admin/jobs/jobs?queue=email&state=available"]`)
	if link.Text() != "1" {
		t.Errorf("the e-mail queue's waiting jobs read %q", link.Text())
	}
}

// aWorker works the clinic's queues until the test ends.
func aWorker(t *testing.T, c *clinic) {
	t.Helper()
	worker, err := jobs.New(c.pool, jobs.Options{Work: true, Log: c.app.Log, Zone: c.app.Zone})
	if err != nil {
		t.Fatal(err)
	}
	if err := worker.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := worker.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
}

func TestAnAdminPausesResumesAndRunsAScheduleOnTheRecord(t *testing.T) {
	c := newClinic(t)
	aWorker(t, c)
	manager, admin := c.signIn(t, "manager"), c.signIn(t, "admin")
	row := func(s *session) *goquery.Selection {
		return s.get(t, "/admin/queues").Find("#schedules tbody tr").FilterFunction(func(_ int, row *goquery.Selection) bool {
			return strings.Contains(row.Text(), "Delete sessions")
		})
	}
	if row(manager).Find("form").Length() != 0 {
		t.Error("a manager may act on schedules")
	}
	pause, _ := row(admin).Find(`form[action$="/pause"]`).Attr("action")
	run, _ := row(admin).Find(`form[action$="/runs"]`).Attr("action")

	for _, path := range []string{pause, run} {
		if response := admin.post(t, path, url.Values{}); response.StatusCode != http.StatusSeeOther {
			t.Errorf("%s is answered %s", path, response.Status)
		}
	}

	if text := row(admin).Text(); !strings.Contains(text, "Paused") || !strings.Contains(text, "Today") {
		t.Errorf("it reads %q", text)
	}
	resume, _ := row(admin).Find(`form[action$="/pause/delete"]`).Attr("action")
	if response := admin.post(t, resume, url.Values{}); response.StatusCode != http.StatusSeeOther || strings.Contains(row(admin).Text(), "Paused") {
		t.Errorf("resuming is answered %s", response.Status)
	}
	text := admin.get(t, "/admin/queues").Find("main").Text()
	if strings.Contains(text, "No worker is running") || !strings.Contains(text, "Process "+strconv.Itoa(os.Getpid())) {
		t.Error("the worker is not shown")
	}
	rows, _ := c.pool.Query(t.Context(), `select action from audit_log where entity = 'schedule' and staff_id is not null order by id`)
	if acts, err := pgx.CollectRows(rows, pgx.RowTo[string]); err != nil || !slices.Equal(acts, []string{"paused", "run", "resumed"}) {
		t.Errorf("the log has %q (%v)", acts, err)
	}
}

func TestJobsGivenUpAreRetriedOrDismissedByTheirCause(t *testing.T) {
	c := newClinic(t)
	_, err := c.pool.Exec(t.Context(), `
		insert into river_job (kind, queue, state, attempt, max_attempts, args, finalized_at, errors)
		select 'sweep_sessions', 'default', 'discarded', 3, 3, '{}', now(), array[jsonb_build_object('error', cause || ' ' || n, 'attempt', 3, 'at', now())]
		  from unnest(array['no connection after', 'disk full at']) cause, generate_series(1, 3) n`)
	if err != nil {
		t.Fatal(err)
	}
	admin, manager := c.signIn(t, "admin"), c.signIn(t, "manager")
	links := admin.get(t, "/admin/queues").Find("#dead-letters tbody a")
	if links.Length() != 2 {
		t.Fatalf("%d causes are shown", links.Length())
	}
	first, _ := links.Eq(0).Attr("href")
	second, _ := links.Eq(1).Attr("href")
	if manager.get(t, first).Find("main form").Length() != 0 {
		t.Error("a manager may act on jobs that were given up")
	}

	if response := admin.post(t, first+"/retries", url.Values{}); response.StatusCode != http.StatusSeeOther {
		t.Errorf("trying again is answered %s", response.Status)
	}
	if response := admin.post(t, second+"/dismissal", url.Values{"note": {" "}}); response.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a dismissal without a note is answered %s", response.Status)
	}
	if response := admin.post(t, second+"/dismissal", url.Values{"note": {"The disk was replaced."}}); response.StatusCode != http.StatusSeeOther {
		t.Errorf("a dismissal is answered %s", response.Status)
	}

	var available, left, noted int
	err = c.pool.QueryRow(t.Context(), `
		select count(*) filter (where state = 'available'), count(*),
		       (select count(*) from audit_log where entity = 'job' and (diff->'note'->>1 = 'The disk was replaced.' or action = 'retried'))
		  from river_job
		 where kind = 'sweep_sessions'`).Scan(&available, &left, &noted)
	if err != nil || available != 3 || left != 3 || noted != 2 {
		t.Errorf("%d wait, %d are left, %d acts are noted (%v)", available, left, noted, err)
	}
	if status := admin.status(t, http.MethodGet, second); status != http.StatusNotFound {
		t.Errorf("what was dismissed is answered %d", status)
	}
}

func TestAnAdminCountsManyJobsBeforeActingOnThem(t *testing.T) {
	c := newClinic(t)
	_, err := c.pool.Exec(t.Context(), `
		insert into river_job (kind, queue, state, attempt, max_attempts, args, finalized_at)
		select 'sweep_sessions', 'default', 'discarded', 3, 3, '{}', now() from generate_series(1, 12)`)
	if err != nil {
		t.Fatal(err)
	}
	admin := c.signIn(t, "admin")
	const asked = "/admin/job-actions/new?state=discarded&queue=default&kind=&act="

	doc := admin.get(t, asked+"delete")
	if text := doc.Find("#matches").Text(); !strings.Contains(text, "12 jobs match.") {
		t.Fatalf("it says %q", text)
	}
	form := url.Values{}
	doc.Find("#matches input").Each(func(_ int, field *goquery.Selection) { form.Set(field.AttrOr("name", ""), field.AttrOr("value", "")) })
	if response := admin.post(t, "/admin/job-actions", form); response.StatusCode != http.StatusSeeOther || !strings.HasPrefix(response.Header.Get("Location"), "/progress/") {
		t.Errorf("confirming is answered %s", response.Status)
	}
	if status := admin.status(t, http.MethodGet, asked+"cancel"); status != http.StatusUnprocessableEntity {
		t.Errorf("cancelling what was given up is answered %d", status)
	}
	if c.signIn(t, "manager").get(t, "/admin/queues").Find(`a[href="/admin/job-actions/new"]`).Length() != 0 {
		t.Error("a manager is offered to act on jobs")
	}
}

func TestAJobsPagesNameWhatItIsAboutAndLeadThere(t *testing.T) {
	c := newClinic(t)
	message := aQueuedMessage(t, c)
	record := `a[href="/messages/` + strconv.FormatInt(message.ID, 10) + `"]`
	job := strconv.FormatInt(*message.JobID, 10)
	admin := c.signIn(t, "admin")

	if link := admin.get(t, "/admin/jobs/jobs/"+job).Find(".jobs-bar " + record); link.Text() != "Visit confirmation for Cocolino to Zoë Courtland" {
		t.Errorf("River’s page of the job leads to %q", link.Text())
	}
	_, err := c.pool.Exec(t.Context(), `
		update river_job
		   set state = 'discarded', finalized_at = now(), errors = array[jsonb_build_object('error', 'no such table', 'attempt', 1, 'at', now())]
		 where id = $1`, *message.JobID)
	if err != nil {
		t.Fatal(err)
	}
	cause, _ := admin.get(t, "/admin/queues").Find("#dead-letters tbody a").Attr("href")
	dead := admin.get(t, cause)
	edit := "/admin/dead-jobs/" + job
	if dead.Find(record).Length() != 1 || dead.Find(`a[href="`+edit+`"]`).Length() != 1 {
		t.Error("the cause's page does not lead to the record, or to the arguments")
	}
	if manager := c.signIn(t, "manager").get(t, edit); manager.Find("main form").Length() != 0 || manager.Find(record).Length() != 1 {
		t.Error("a manager may edit a job, or does not see what it is about")
	}
	if response := admin.post(t, edit+"/retries", url.Values{"arguments": {`{"letter": 1}`}}); response.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("arguments of no kind are answered %s", response.Status)
	}
	response := admin.post(t, edit+"/retries", url.Values{"arguments": {`{"message_id": ` + strconv.FormatInt(message.ID, 10) + `}`}})
	var waiting int
	err = c.pool.QueryRow(t.Context(), `select count(*) from river_job where kind = 'send_message' and state = 'available' and args->>'message_id' = $1::text`, strconv.FormatInt(message.ID, 10)).Scan(&waiting)
	if response.StatusCode != http.StatusSeeOther || err != nil || waiting != 1 {
		t.Errorf("trying again is answered %s, and %d jobs wait (%v)", response.Status, waiting, err)
	}
}

func TestAnAdminTellsAWorkerToTakeNoJobs(t *testing.T) {
	c := newClinic(t)
	aWorker(t, c)
	admin := c.signIn(t, "admin")
	action := func(ending string) string {
		t.Helper()
		path, is := admin.get(t, "/admin/queues").Find(`#workers form[action$="` + ending + `"]`).Attr("action")
		if !is {
			t.Fatalf("there is no form for %s", ending)
		}
		return path
	}

	admin.post(t, action("/rest"), url.Values{})
	if text := admin.get(t, "/admin/queues").Find("#workers").Text(); !strings.Contains(text, "Takes no jobs") || !strings.Contains(text, ", by ") {
		t.Errorf("the workers read %q", text)
	}
	admin.post(t, action("/rest/delete"), url.Values{})
	if text := admin.get(t, "/admin/queues").Find("#workers").Text(); strings.Contains(text, "Takes no jobs") {
		t.Errorf("the workers read %q", text)
	}
	var noted int
	if err := c.pool.QueryRow(t.Context(), `select count(*) from audit_log where entity = 'worker' and staff_id is not null`).Scan(&noted); err != nil || noted != 2 {
		t.Errorf("%d acts are noted (%v)", noted, err)
	}
	if text := admin.get(t, "/admin/queues?by=kind").Find("#last-day").Text(); !strings.Contains(text, "By kind") {
		t.Error("the plots by kind are missing")
	}
}

func TestTheMailboxShowsAMessageInItsThreeForms(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	box := c.app.Mailbox
	if text := s.get(t, "/dev/mailbox").Find("main").Text(); !strings.Contains(text, "No mail yet") {
		t.Error("an empty mailbox does not say so")
	}

	at, err := url.Parse(box.URL())
	if err != nil {
		t.Fatal(err)
	}
	err = smtp.SendMail(at.Host, nil, "desk@clinic.example", []string{"zoe@example.com"}, []byte(
		"To: zoe@example.com\r\nSubject: Hello\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n"+
			"--x\r\nContent-Type: text/plain\r\n\r\nplain words\r\n--x\r\nContent-Type: text/html\r\n\r\n<p onclick=alert(1)>rich words</p>\r\n--x--\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	mail, err := box.Wait(t.Context(), func(m mailbox.Mail) bool { return m.Subject == "Hello" })
	if err != nil {
		t.Fatal(err)
	}

	path := "/dev/mailbox/" + mail.ID
	if s.get(t, "/dev/mailbox").Find(`a[href="`+path+`"]`).Length() != 1 {
		t.Error("the list does not lead to the message")
	}
	frame := s.get(t, path).Find("iframe[sandbox]")
	if src, _ := frame.Attr("src"); src != path+"/html" {
		t.Errorf("the frame shows %q", src)
	}
	if text := s.get(t, path+"?show=text").Find("main pre").Text(); !strings.Contains(text, "plain words") {
		t.Errorf("the text is %q", text)
	}
	if text := s.get(t, path+"?show=source").Find("main pre").Text(); !strings.Contains(text, "Delivered-To: zoe@example.com") {
		t.Errorf("the source is %q", text)
	}
	response := s.do(t, http.MethodGet, path+"/html", nil)
	policy := response.Header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "sandbox") || strings.Contains(policy, "script-src") {
		t.Errorf("the HTML part's policy is %q", policy)
	}
	if response := s.post(t, path+"/delete", url.Values{}); response.StatusCode != http.StatusSeeOther {
		t.Errorf("deleting is answered %s", response.Status)
	}
	if status := s.status(t, http.MethodGet, path); status != http.StatusNotFound {
		t.Errorf("a deleted message is answered %d", status)
	}
	c.app.Mailbox = nil // as outside development
	if status := s.status(t, http.MethodGet, "/dev/mailbox"); status != http.StatusNotFound {
		t.Errorf("without a mailbox it is answered %d", status)
	}
}
