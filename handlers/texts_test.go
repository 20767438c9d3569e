package handlers

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"purplecross/db"
	"purplecross/jobs"
	"purplecross/jobs/texts"
)

// withProvider gives the clinic a provider of text messages, which signs with "secret".
func withProvider(t *testing.T) *clinic {
	t.Helper()
	c := newClinic(t)
	queue, err := jobs.New(c.pool, jobs.Options{SMSURL: "http://AC1:secret@127.0.0.1:1/?from=MG1", BaseURL: c.app.Config.BaseURL, SecretKey: "key", Log: c.app.Log})
	if err != nil {
		t.Fatal(err)
	}
	c.app.Jobs = queue
	return c
}

// call is the provider's, signed with a token.
func (c *clinic) call(t *testing.T, path, token string, form url.Values) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set(texts.SignatureHeader, texts.Signature(token, c.app.Config.BaseURL+path, form))
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}

func TestOnlyTheProviderSaysWhatBecameOfATextMessage(t *testing.T) {
	c := withProvider(t)
	message := aQueuedMessage(t, c)
	err := db.InTx(t.Context(), c.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), `update client set mobile = '+19705550167' where id = $1`, *message.ClientID); err != nil {
			return err
		}
		if err := db.SetMessageToken(t.Context(), tx, message.ID, "a-link", "text"); err != nil {
			return err
		}
		return db.MarkMessageSending(t.Context(), tx, message.ID, *message.JobID, db.Way{Channel: db.ChannelSMS, Address: "+19705550167"})
	})
	if err != nil {
		t.Fatal(err)
	}
	failed := url.Values{"MessageSid": {"SM1"}, "MessageStatus": {"undelivered"}, "ErrorCode": {"30006"}}

	if status := c.call(t, "/texts/a-link", "guess", failed); status != http.StatusNotFound {
		t.Errorf("a stranger's call is answered %d", status)
	}
	if status := c.call(t, "/texts/another", "secret", failed); status != http.StatusNotFound {
		t.Errorf("a call about nothing is answered %d", status)
	}
	if status := c.call(t, "/texts/a-link", "secret", failed); status != http.StatusNoContent {
		t.Errorf("the provider's call is answered %d", status)
	}

	message, err = db.GetMessage(t.Context(), c.pool, message.ID)
	if err != nil || message.Status != db.MessageBounced || !message.NeedsCall {
		t.Errorf("the message is %s (%v)", message.Status, err)
	}
	doc := c.signIn(t, "reception").get(t, "/messages/"+strconv.FormatInt(message.ID, 10))
	if text := doc.Find("main").Text(); !strings.Contains(text, "cannot get text messages. (The provider answered 30006.)") || !strings.Contains(text, "(970) 555-0167 by text") {
		t.Errorf("reception reads %s", text)
	}
	var client db.Client
	if client, err = db.GetClient(t.Context(), c.pool, *message.ClientID); err != nil || client.SMSOptOutAt != nil {
		t.Errorf("a landline was taken for a wish (%v)", err)
	}
}

func TestAClientEndsAndBeginsTextMessagesByAnsweringOne(t *testing.T) {
	c := withProvider(t)
	message := aQueuedMessage(t, c)
	if _, err := c.pool.Exec(t.Context(), `update client set mobile = '(970) 555-9911' where id = $1`, *message.ClientID); err != nil {
		t.Fatal(err)
	}
	wants := func() bool {
		client, err := db.GetClient(t.Context(), c.pool, *message.ClientID)
		if err != nil {
			t.Fatal(err)
		}
		return client.SMSOptOutAt == nil
	}
	says := func(id, body string) {
		t.Helper()
		form := url.Values{"MessageSid": {id}, "From": {"+19705559911"}, "To": {"+19705550100"}, "Body": {body}}
		for range 2 { // a provider that heard no answer calls again
			if status := c.call(t, "/texts", "secret", form); status != http.StatusOK {
				t.Fatalf("%s is answered %d", body, status)
			}
		}
	}

	says("SM1", "We are running late")
	if !wants() {
		t.Error("any answer ends text messages")
	}
	says("SM2", " stop. ")
	if wants() {
		t.Error("STOP does not end them")
	}
	says("SM3", "Start")
	if !wants() {
		t.Error("START does not begin them again")
	}

	text := c.signIn(t, "reception").get(t, "/clients/"+strconv.FormatInt(*message.ClientID, 10)).Find("main").Text()
	if strings.Count(text, "“We are running late”") != 1 {
		t.Error("the household's page does not show what they wrote, once")
	}
	var noted int
	err := c.pool.QueryRow(t.Context(), `select count(*) from audit_log where client_id = $1 and actor = 'the client, by text message'`, *message.ClientID).Scan(&noted)
	if err != nil || noted != 2 {
		t.Errorf("%d changes are noted (%v)", noted, err)
	}
	form := url.Values{"MessageSid": {"SM4"}, "From": {"+12065550000"}, "Body": {"Who is this?"}}
	if status := c.call(t, "/texts", "secret", form); status != http.StatusOK {
		t.Errorf("a stranger's text is answered %d", status)
	}
	if rows := c.signIn(t, "reception").get(t, "/messages").Text(); !strings.Contains(rows, "From the client") {
		t.Error("what a stranger wrote is nowhere to be seen")
	}
}

func TestAManagerTurnsTextMessagesOnAndWordsOne(t *testing.T) {
	c := withProvider(t)
	manager := c.signIn(t, "manager")
	form := url.Values{"version": {"1"}, "quiet_from": {"20:00"}, "quiet_until": {"08:00"}, "texts": {"true"}, "country_code": {"+41"}}
	if response := manager.post(t, "/admin/messages", form); response.StatusCode != http.StatusSeeOther {
		t.Fatalf("turning them on is answered %s", response.Status)
	}
	if settings, err := db.GetMessageSettings(t.Context(), c.pool); err != nil || !settings.Texts || settings.CountryCode != "41" {
		t.Errorf("the settings are %+v (%v)", settings, err)
	}

	const path = "/admin/messages/visit_reminder-text"
	response := manager.post(t, path, url.Values{"version": {"0"}, "body": {"See you soon"}})
	if text := parse(t, response).Find("main").Text(); response.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text, "The client must learn what and when") {
		t.Errorf("a text that says nothing is answered %s", response.Status)
	}
	response = manager.post(t, path+"/preview", url.Values{"version": {"0"}, "body": {"{pet}, {when} 🐾"}})
	if text := parse(t, response).Find("#wording-preview").Text(); !strings.Contains(text, "Biscuit,") || !strings.Contains(text, "billed as 1 text message.") || !strings.Contains(text, "70 instead of 160") {
		t.Errorf("the preview reads %q", text)
	}
	response = manager.post(t, path+"/test", url.Values{"version": {"0"}, "body": {"{pet}, {when}"}, "test_to": {"555"}})
	if text := parse(t, response).Find("main").Text(); response.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text, "Enter the whole number of a mobile") {
		t.Errorf("a test to no number is answered %s", response.Status)
	}
	response = manager.post(t, path+"/test", url.Values{"version": {"0"}, "body": {"{pet}, {when}"}, "test_to": {"079 555 01 67"}})
	var to, channel string
	err := c.pool.QueryRow(t.Context(), `select to_addr, channel from message where kind = 'wording_test' and job_id is not null`).Scan(&to, &channel)
	if response.StatusCode != http.StatusOK || err != nil || to != "+41795550167" || channel != "sms" {
		t.Errorf("the test goes to %q by %s (%v), answered %s", to, channel, err, response.Status)
	}
	if response = manager.post(t, path, url.Values{"version": {"0"}, "body": {"{pet}, {when}"}}); response.StatusCode != http.StatusSeeOther {
		t.Errorf("saving is answered %s", response.Status)
	}
	letter, err := db.GetWording(t.Context(), c.pool, db.MessageVisitReminder, db.ChannelEmail)
	if err != nil || letter.Edited() {
		t.Errorf("the letter's wording was changed too (%v)", err)
	}
}
