package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"purplecross/db"
)

func TestAClientChoosesWhatToGetByTheLinkOfALetter(t *testing.T) {
	c := newClinic(t)
	message := aQueuedMessage(t, c)
	if err := db.SetMessageToken(t.Context(), c.pool, message.ID, "link-of-the-letter", "preferences"); err != nil {
		t.Fatal(err)
	}
	const path = "/preferences/link-of-the-letter"
	reader, provider := c.visitor(t), c.visitor(t)
	wants := func() (email, sms bool) {
		t.Helper()
		p, err := db.PreferencesByToken(t.Context(), c.pool, "link-of-the-letter")
		if err != nil {
			t.Fatal(err)
		}
		return p.ByEmail, p.BySMS
	}

	page := reader.get(t, path)
	if text := page.Find("body").Text(); strings.Contains(text, "Courtland") || strings.Contains(text, "zoe.courtland") || !strings.Contains(text, "z•••@example.com") {
		t.Errorf("whoever has the link reads: %s", text)
	}
	if email, sms := wants(); !email || !sms || page.Find("input[type=checkbox][checked]").Length() != 2 {
		t.Error("looking at the page changed something")
	}

	// RFC 8058: the mail provider's own request, without a cookie and without an origin.
	response := provider.post(t, path, url.Values{"List-Unsubscribe": {"One-Click"}})
	if email, sms := wants(); response.StatusCode != http.StatusOK || email || !sms {
		t.Errorf("one click is answered %s; e-mail %v, text messages %v", response.Status, email, sms)
	}
	if !strings.Contains(reader.get(t, path).Find(".callout").Text(), "You get no e-mail from us") {
		t.Error("the page does not say what the click did")
	}

	response = reader.post(t, path, url.Values{"by_email": {"true"}})
	if email, sms := wants(); response.StatusCode != http.StatusSeeOther || !email || sms {
		t.Errorf("the form is answered %s; e-mail %v, text messages %v", response.Status, email, sms)
	}
	var noted int
	err := c.pool.QueryRow(t.Context(), `
		select count(*) from audit_log where entity = 'client' and client_id = $1 and actor like 'the client%'`, *message.ClientID).Scan(&noted)
	if err != nil || noted != 2 {
		t.Errorf("%d changes are noted (%v)", noted, err)
	}
	if status := reader.status(t, http.MethodGet, "/preferences/another"); status != http.StatusNotFound {
		t.Errorf("a link that was made up is answered %d", status)
	}
}
