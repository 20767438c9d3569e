package jobs

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"purplecross/db"
	"purplecross/db/dbtest"
)

// network is a provider of text messages that answers as it is told.
type network struct {
	url string

	mutex sync.Mutex
	taken []url.Values
	says  func(w http.ResponseWriter, named string) // instead of its yes
}

func openNetwork(t *testing.T) *network {
	t.Helper()
	n := &network{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		n.mutex.Lock()
		n.taken = append(n.taken, r.PostForm)
		named, says := fmt.Sprintf("SM%d", len(n.taken)), n.says
		n.mutex.Unlock()
		if says != nil {
			says(w, named)
			return
		}
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"sid": "`+named+`"}`)
	}))
	t.Cleanup(server.Close)
	n.url = strings.Replace(server.URL, "http://", "http://AC1:secret@", 1) + "/Messages.json?from=%2B19705550100"
	return n
}

func (n *network) texts() []url.Values {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	return append([]url.Values(nil), n.taken...)
}

func (n *network) answers(status int, body string) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	n.says = func(w http.ResponseWriter, _ string) { w.WriteHeader(status); _, _ = io.WriteString(w, body) }
}

// texting starts a client that works the queues of a clinic that sends text messages, to a household that wants them.
func texting(t *testing.T, pool *pgxpool.Pool, office *postOffice, n *network) *Client {
	t.Helper()
	exec := func(sql string) {
		if _, err := pool.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	exec(`update message_settings set texts = true`)
	exec(`update client set mobile = '(970) 555-0167', preferred = 'sms'`)
	client, err := New(pool, Options{Work: true, SMTPURL: office.url, SMSURL: n.url, BaseURL: "https://harbour.example", SecretKey: "key", Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Stop(t.Context()) })
	return client
}

func TestAHouseholdThatPrefersTextMessagesGetsOne(t *testing.T) {
	pool, office, network := dbtest.New(t), openPostOffice(t, "127.0.0.1:0"), openNetwork(t)
	visit := bookVisit(t, pool)
	client := texting(t, pool, office, network)

	message := tell(t, pool, client, db.MessageVisitConfirmation, visit)

	message = untilStatus(t, pool, message.ID, db.MessageSent)
	texts := network.texts()
	if len(texts) != 1 || len(office.letters()) != 0 {
		t.Fatalf("%d texts and %d letters went out", len(texts), len(office.letters()))
	}
	text := texts[0]
	if text.Get("To") != "+19705550167" || text.Get("From") != "+19705550100" || !strings.HasPrefix(text.Get("Body"), "Harbour Vets: Coco is booked for ") ||
		!strings.HasPrefix(text.Get("StatusCallback"), "https://harbour.example/texts/") {
		t.Errorf("it is %v", text)
	}
	if message.Channel != "sms" || message.ToAddr != "+19705550167" || message.Body != text.Get("Body") || message.Segments != 1 {
		t.Errorf("the record says %+v", message)
	}

	// The provider calls back, twice and late, and what it says stays.
	_, token, _ := strings.Cut(text.Get("StatusCallback"), "/texts/")
	for _, outcome := range []db.TextOutcome{{ProviderID: "SM1", Delivered: true}, {ProviderID: "SM1", Delivered: true}, {ProviderID: "SM1"}} {
		if err := db.NoteTextOutcome(t.Context(), pool, token, outcome); err != nil {
			t.Fatal(err)
		}
	}
	if message = read(t, pool, message.ID); message.Status != db.MessageDelivered {
		t.Errorf("it is %s", message.Status)
	}
	if err := db.NoteTextOutcome(t.Context(), pool, "made-up", db.TextOutcome{Delivered: true}); err == nil {
		t.Error("a link that was made up is taken")
	}
}

func TestANumberThatGetsNoTextMessagesLeavesTheMessageToEMail(t *testing.T) {
	pool, office, network := dbtest.New(t), openPostOffice(t, "127.0.0.1:0"), openNetwork(t)
	visit := bookVisit(t, pool)
	network.answers(400, `{"code": 21614}`)
	client := texting(t, pool, office, network)

	message := tell(t, pool, client, db.MessageVisitConfirmation, visit)

	message = untilStatus(t, pool, message.ID, db.MessageSent)
	if message.Channel != "email" || len(office.letters()) != 1 || len(network.texts()) != 1 {
		t.Errorf("it went by %s: %d letters, %d texts", message.Channel, len(office.letters()), len(network.texts()))
	}
	facts, err := db.GetVisitFacts(t.Context(), pool, visit)
	if err != nil || !facts.MobileFailed || facts.Way().Channel != db.ChannelEmail {
		t.Errorf("the next goes by %s (%v)", facts.Way().Channel, err)
	}
	if _, err := pool.Exec(t.Context(), `update client set mobile = '(970) 555-0168'`); err != nil {
		t.Fatal(err)
	}
	if facts, err = db.GetVisitFacts(t.Context(), pool, visit); err != nil || facts.Way() != (db.Way{Channel: db.ChannelSMS, Address: "+19705550168"}) {
		t.Errorf("with a new number the next goes by %+v (%v)", facts.Way(), err)
	}
}

func TestAClientWhoEndedTextMessagesAndHasNoEMailIsCalled(t *testing.T) {
	pool, office, network := dbtest.New(t), openPostOffice(t, "127.0.0.1:0"), openNetwork(t)
	visit := bookVisit(t, pool)
	if _, err := pool.Exec(t.Context(), `update client set email = ''`); err != nil {
		t.Fatal(err)
	}
	network.answers(400, `{"code": 21610}`)
	client := texting(t, pool, office, network)

	message := tell(t, pool, client, db.MessageVisitConfirmation, visit)

	message = untilStatus(t, pool, message.ID, db.MessageFailed)
	if message.StatusReason != "The client told the provider to stop text messages. (The provider answered 21610.)" || !message.NeedsCall {
		t.Errorf("it says %q, call %v", message.StatusReason, message.NeedsCall)
	}
	facts, err := db.GetVisitFacts(t.Context(), pool, visit)
	if want := "The client has no e-mail address. The client has asked for no text messages."; err != nil || facts.Unreachable() != want {
		t.Errorf("the household is %q (%v)", facts.Unreachable(), err)
	}
	calls, err := db.CallList(t.Context(), pool, time.Now(), 10)
	if err != nil || len(calls) != 1 || calls[0].MessageID != message.ID {
		t.Errorf("the call list has %+v (%v)", calls, err)
	}
}

func TestAProviderInTroubleIsTriedAgain(t *testing.T) {
	pool, office, network := dbtest.New(t), openPostOffice(t, "127.0.0.1:0"), openNetwork(t)
	visit := bookVisit(t, pool)
	network.answers(503, ``)
	client := texting(t, pool, office, network)
	message := tell(t, pool, client, db.MessageVisitConfirmation, visit)
	until(t, "the message says why it waits", func() bool {
		message = read(t, pool, message.ID)
		return message.Status == db.MessageQueued && message.StatusReason == "The provider of text messages is out of order. (The provider answered 503.)"
	})

	network.mutex.Lock()
	network.says = nil
	network.mutex.Unlock()

	untilStatus(t, pool, message.ID, db.MessageSent)
}

// A text that the provider took without our hearing it is not sent twice: the provider's own word settles it.
func TestATextWhoseAnswerWasLostWaitsForTheProvidersWord(t *testing.T) {
	pool, office, network := dbtest.New(t), openPostOffice(t, "127.0.0.1:0"), openNetwork(t)
	visit := bookVisit(t, pool)
	network.says = func(w http.ResponseWriter, _ string) {
		conn, _, _ := http.NewResponseController(w).Hijack()
		_ = conn.Close()
	}
	client := texting(t, pool, office, network)
	message := tell(t, pool, client, db.MessageVisitConfirmation, visit)
	until(t, "its job waits for the provider's word", func() bool {
		var waits bool
		err := pool.QueryRow(t.Context(), `
			select state = 'scheduled' and scheduled_at > now() + interval '90 seconds'
			  from river_job
			 where id = $1`, *message.JobID).Scan(&waits)
		return err == nil && waits
	})
	if message = read(t, pool, message.ID); message.Status != db.MessageSending {
		t.Errorf("the message is %s", message.Status)
	}

	_, token, _ := strings.Cut(network.texts()[0].Get("StatusCallback"), "/texts/")
	if err := db.NoteTextOutcome(t.Context(), pool, token, db.TextOutcome{ProviderID: "SM1", Delivered: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.river.JobRetry(t.Context(), *message.JobID); err != nil { // as if two minutes had passed
		t.Fatal(err)
	}

	until(t, "the job is done", func() bool { return jobState(t, pool, *message.JobID) == "completed" })
	if message = read(t, pool, message.ID); message.Status != db.MessageDelivered || len(network.texts()) != 1 {
		t.Errorf("the message is %s after %d texts", message.Status, len(network.texts()))
	}
}

func TestWithoutAProviderATextMessageWaitsAndSaysWhy(t *testing.T) {
	pool := dbtest.New(t)
	visit := bookVisit(t, pool)
	if _, err := pool.Exec(t.Context(), `update message_settings set texts = true; update client set mobile = '+19705550167', preferred = 'sms'`); err != nil {
		t.Fatal(err)
	}
	message := tell(t, pool, work(t, pool, ""), db.MessageVisitConfirmation, visit)

	until(t, "it says so", func() bool {
		return read(t, pool, message.ID).StatusReason == "No provider of text messages is set up (SMS_URL)."
	})
}
