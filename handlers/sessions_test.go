package handlers

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"purplecross/db"
	"purplecross/internal/config"
)

type configOf = config.Config

var paramPattern = regexp.MustCompile(`:[a-z]+`)

func itoa(id int64) string { return strconv.FormatInt(id, 10) }

func TestReceptionistSignsInAndOut(t *testing.T) {
	c := newClinic(t)
	s := c.visitor(t)

	asked := s.do(t, http.MethodGet, "/clients?sort=name", nil)
	if asked.StatusCode != http.StatusSeeOther || asked.Header.Get("Location") != "/session/new" {
		t.Fatalf("asking for a page signed out: %s to %s", asked.Status, asked.Header.Get("Location"))
	}
	wrong := s.post(t, "/session", url.Values{"email": {"reception@demo.clinic"}, "password": {"demo"}})
	if wrong.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("wrong password: %s", wrong.Status)
	}
	if said := parse(t, wrong).Text(); !strings.Contains(said, "not right") {
		t.Errorf("a wrong password is not explained")
	}
	right := s.post(t, "/session", url.Values{"email": {" Reception@demo.clinic"}, "password": {"demo-clinic"}})
	if right.StatusCode != http.StatusSeeOther || right.Header.Get("Location") != "/clients?sort=name" {
		t.Fatalf("signing in: %s to %s, want the page asked for", right.Status, right.Header.Get("Location"))
	}

	out := s.post(t, "/session/delete", url.Values{})
	if out.StatusCode != http.StatusSeeOther {
		t.Errorf("signing out: %s", out.Status)
	}
	if status := s.status(t, http.MethodGet, "/clients"); status != http.StatusSeeOther {
		t.Errorf("after signing out a page answers %d", status)
	}
}

func TestATokenIsNotInTheDatabase(t *testing.T) {
	c := newClinic(t)
	s := c.visitor(t)
	s.post(t, "/session", url.Values{"email": {"vet@demo.clinic"}, "password": {"demo-clinic"}})
	at, _ := url.Parse(c.url)
	var token string
	for _, cookie := range s.client.Jar.Cookies(at) {
		if cookie.Name == "session" {
			token = cookie.Value
		}
	}
	if len(token) < 40 {
		t.Fatalf("no session cookie worth the name: %q", token)
	}

	var found int
	err := c.pool.QueryRow(t.Context(), `select count(*) from session where position(convert_to($1, 'utf8') in token_hash) > 0 or session::text like '%' || $1 || '%'`, token).Scan(&found)
	if err != nil || found != 0 {
		t.Errorf("the token itself is stored: %d rows, %v", found, err)
	}
}

func TestADeviceIsSignedOutFromAnother(t *testing.T) {
	c := newClinic(t)
	lost, mine := c.signIn(t, "nurse"), c.signIn(t, "nurse")

	devices := mine.get(t, "/session")
	button := devices.Find(`form[action^="/sessions/"][action$="/delete"]`).Not(`[action="/sessions/others/delete"]`)
	if button.Length() != 1 {
		t.Fatalf("%d devices can be signed out one by one, want the other one", button.Length())
	}
	action, _ := button.Attr("action")
	mine.post(t, action, url.Values{})

	if status := lost.status(t, http.MethodGet, "/"); status != http.StatusSeeOther {
		t.Errorf("the lost device still reads pages: %d", status)
	}
	if status := mine.status(t, http.MethodGet, "/"); status != http.StatusOK {
		t.Errorf("this device was signed out: %d", status)
	}
}

func TestWrongPasswordsAreLimited(t *testing.T) {
	c := newClinic(t)
	s := c.visitor(t)
	for range 10 { // written straight: each wrong password costs an argon2id
		if allowed, err := db.TrySignIn(t.Context(), c.pool, "Manager@demo.clinic", netipLoopback); err != nil || !allowed {
			t.Fatalf("one of the first ten tries: %v, %v", allowed, err)
		}
	}

	locked := s.post(t, "/session", url.Values{"email": {"manager@demo.clinic"}, "password": {"demo-clinic"}})
	if locked.StatusCode != http.StatusTooManyRequests {
		t.Errorf("the eleventh try: %s, want 429 even with the right password", locked.Status)
	}
	other := s.post(t, "/session", url.Values{"email": {"reception@demo.clinic"}, "password": {"demo-clinic"}})
	if other.StatusCode != http.StatusSeeOther {
		t.Errorf("somebody else at the same address: %s", other.Status)
	}
}

func TestSignInGoesNowhereElse(t *testing.T) {
	for path, local := range map[string]bool{"/patients?q=1": true, "//evil.example": false, "https://evil.example": false, "/\\evil.example": false, "": false} {
		if localPath(path) != local {
			t.Errorf("localPath(%q) = %v", path, !local)
		}
	}
}

func TestAManagerLocksAColleagueOut(t *testing.T) {
	c := newClinic(t)
	manager, nurse := c.signIn(t, "manager"), c.signIn(t, "nurse")
	person, err := db.StaffByEmail(t.Context(), c.pool, "nurse@demo.clinic")
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"email": {person.Email}, "display_name": {person.DisplayName}, "role": {"nurse"}, "colour": {"1"}, "version": {"1"}}

	saved := manager.post(t, "/admin/staff/"+itoa(person.ID), form)
	if saved.StatusCode != http.StatusSeeOther {
		t.Fatalf("saving: %s", saved.Status)
	}
	if status := nurse.status(t, http.MethodGet, "/"); status != http.StatusSeeOther {
		t.Errorf("the locked-out nurse still reads pages: %d", status)
	}
	stale := manager.post(t, "/admin/staff/"+itoa(person.ID), form)
	if stale.StatusCode != http.StatusConflict {
		t.Errorf("saving over a newer version: %s, want 409", stale.Status)
	}
}

func TestAManagerCannotBecomeAnAdmin(t *testing.T) {
	c := newClinic(t)
	manager := c.signIn(t, "manager")
	admin, err := db.StaffByEmail(t.Context(), c.pool, "admin@demo.clinic")
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{
		"email": {"new@demo.clinic"}, "display_name": {"New Admin"}, "role": {"admin"}, "colour": {"1"},
		"version": {itoa(int64(admin.Version))}, "active": {"true"}, "password": {"a long password"},
	}

	for _, path := range []string{"/admin/staff", "/admin/staff/" + itoa(admin.ID)} {
		if response := manager.post(t, path, form); response.StatusCode != http.StatusForbidden {
			t.Errorf("%s making an admin: %s", path, response.Status)
		}
	}
	form.Set("role", "nurse") // taking an admin's place away is no way either
	if response := manager.post(t, "/admin/staff/"+itoa(admin.ID), form); response.StatusCode != http.StatusForbidden {
		t.Errorf("a manager changes an admin: %s", response.Status)
	}
	form.Set("role", "admin")
	if response := c.signIn(t, "admin").post(t, "/admin/staff", form); response.StatusCode != http.StatusSeeOther {
		t.Errorf("an admin makes an admin: %s", response.Status)
	}
}

func TestBytesThatAreNoTextAreRefusedWithASentence(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	broken := "\x00\xff"
	for path, form := range map[string]url.Values{
		"/session":         {"email": {broken}, "password": {broken}},
		"/clients":         {"last_name": {"A" + broken}, "create_anyway": {"true"}},
		"/clients/matches": {"last_name": {"A" + broken}, "mobile": {broken}},
		"/clients/1":       {"last_name": {"A" + broken}, "version": {"1"}},
		"/patients":        {"client": {"1"}, "name": {"A" + broken}, "species": {"dog"}},
		"/views":           {"resource": {"patients"}, "query": {"species=dog"}, "name": {broken}},
		"/appointments":    {"patient": {"1"}, "type": {"1"}, "date": {"2030-01-07"}, "time": {"10:00"}, "reason": {broken}},
	} {
		if response := s.post(t, path, form); response.StatusCode >= 500 {
			t.Errorf("POST %s with bytes that are no text: %s", path, response.Status)
		}
	}
	for _, path := range []string{"/search?q=%00%ff", "/search/suggestions?q=%00", "/patients?q=%00", "/patients?name=contains:%ff", "/clients/new?q=%00", "/?day=%00", "/appointments/new?q=%ff", "/reports?week=%00"} {
		if status := s.status(t, http.MethodGet, path); status >= 500 {
			t.Errorf("GET %s: %d", path, status)
		}
	}
}
