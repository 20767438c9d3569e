package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"purplecross/db"
)

func TestAManagerWordsAMessageChecksItAndGoesBack(t *testing.T) {
	c := newClinic(t)
	manager := c.signIn(t, "manager")
	const path = "/admin/messages/visit_reminder"
	form := func(version, subject, body string) url.Values {
		return url.Values{"version": {version}, "subject": {subject}, "body": {body}}
	}

	response := manager.post(t, path, form("0", "Soon: {pat}", "{details}"))
	if text := parse(t, response).Find("main").Text(); response.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text, "There is no {pat}.") {
		t.Errorf("a placeholder that is none is answered %s", response.Status)
	}
	response = manager.post(t, path+"/preview", form("0", "Soon: {pet}", "Dear {client},\n\n{details}"))
	if text := parse(t, response).Find("#wording-preview").Text(); !strings.Contains(text, "Soon: Biscuit") || !strings.Contains(text, "Dear Robin Sample,") {
		t.Errorf("the preview reads %q", text)
	}
	if edited, err := db.GetWording(t.Context(), c.pool, db.MessageVisitReminder, db.ChannelEmail); err != nil || edited.Edited() {
		t.Errorf("looking saved it (%v)", err)
	}

	if response = manager.post(t, path, form("0", "Soon: {pet}", "Dear {client},\n\n{details}")); response.StatusCode != http.StatusSeeOther {
		t.Fatalf("saving is answered %s", response.Status)
	}
	if response = manager.post(t, path, form("0", "Late: {pet}", "{details}")); response.StatusCode != http.StatusConflict {
		t.Errorf("saving over somebody's wording is answered %s", response.Status)
	}
	if response = manager.post(t, path+"/original", url.Values{"version": {"1"}}); response.StatusCode != http.StatusSeeOther {
		t.Errorf("going back is answered %s", response.Status)
	}
	var noted int
	err := c.pool.QueryRow(t.Context(), `select count(*) from audit_log where entity = 'message_template'`).Scan(&noted)
	if err != nil || noted != 2 {
		t.Errorf("%d changes are noted (%v)", noted, err)
	}

	response = manager.post(t, path+"/test", form("0", "Soon: {pet}", "{details}"))
	var to string
	err = c.pool.QueryRow(t.Context(), `select to_addr from message where kind = 'wording_test' and job_id is not null`).Scan(&to)
	if response.StatusCode != http.StatusOK || err != nil || to != "manager@demo.clinic" {
		t.Errorf("the test goes to %q (%v), answered %s", to, err, response.Status)
	}
}

func TestTimesOfRemindersAreSavedOrRefusedWithASentence(t *testing.T) {
	c := newClinic(t)
	manager := c.signIn(t, "manager")

	form := url.Values{"version": {"1"}, "quiet_from": {"21:00"}, "quiet_until": {"07:30"}, "country_code": {"1"}, "hours_1": {"soon"}}
	response := manager.post(t, "/admin/messages", form)
	if text := parse(t, response).Find("main").Text(); response.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text, "Enter hours before the visit") {
		t.Errorf("hours that are none are answered %s", response.Status)
	}
	form.Set("hours_1", "24 72")
	if response = manager.post(t, "/admin/messages", form); response.StatusCode != http.StatusSeeOther {
		t.Fatalf("saving is answered %s", response.Status)
	}
	if value, _ := manager.get(t, "/admin/messages").Find("#f-hours_1").Attr("value"); value != "72, 24" {
		t.Errorf("the hours read %q", value)
	}
	if response = manager.post(t, "/admin/messages", form); response.StatusCode != http.StatusConflict {
		t.Errorf("times that somebody else saved are answered %s", response.Status)
	}
}
