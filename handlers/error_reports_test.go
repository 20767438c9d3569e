package handlers

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"purplecross/db"
)

func TestAnAdminAssignsAFailureAndReadsWhatSomebodySaidOfIt(t *testing.T) {
	c := newClinic(t)
	failure := db.Failure{Fingerprint: "f", Title: "read patient", Route: "GET /patients/:id", Reference: "K7QX-2M4D-5PLT", Release: "purple-cross@1", JobID: 12, Count: 1}
	if err := db.RecordError(t.Context(), c.pool, failure); err != nil {
		t.Fatal(err)
	}
	c.app.Config.SentryURL = "https://sentry.example/issues/?project=1"
	desk, admin := c.signIn(t, "reception"), c.signIn(t, "admin")

	said := url.Values{"reference": {"K7QX-2M4D-5PLT"}, "said": {"I opened the second pet."}}
	if got := desk.post(t, "/feedback", said); got.StatusCode != http.StatusSeeOther {
		t.Errorf("feedback: %s", got.Status)
	}
	if got := desk.post(t, "/feedback", url.Values{"reference": {"K7QX-2M4D-5PLT"}}); got.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("empty feedback: %s", got.Status)
	}
	var id int64
	if err := c.pool.QueryRow(t.Context(), `select id from error_report`).Scan(&id); err != nil {
		t.Fatal(err)
	}
	path := "/admin/errors/" + strconv.FormatInt(id, 10)
	person, err := db.StaffByEmail(t.Context(), c.pool, "admin@demo.clinic")
	if err != nil {
		t.Fatal(err)
	}
	if got := admin.post(t, path+"/assignment", url.Values{"to": {strconv.FormatInt(person.ID, 10)}}); got.StatusCode != http.StatusSeeOther {
		t.Errorf("assign: %s", got.Status)
	}
	if got := admin.post(t, path+"/assignment", url.Values{"to": {"999999"}}); got.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("assign to nobody who mends: %s", got.Status)
	}

	page := admin.get(t, path)
	text := page.Find("main").Text()
	for _, want := range []string{"I opened the second pet.", person.DisplayName, "purple-cross@1"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if page.Find(`a[href="/admin/jobs/jobs/12"]`).Length() != 1 || page.Find(`a[href^="https://sentry.example/issues/?project=1&query=reference"]`).Length() != 1 {
		t.Error("the page leads neither to the job nor to Sentry")
	}
}
