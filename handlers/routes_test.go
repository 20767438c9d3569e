package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"purplecross/db"
)

// entered says whether an answer came from behind the door.
func entered(status int, location string) bool {
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return false
	case status == http.StatusSeeOther && location == "/session/new":
		return false
	}
	return true
}

// Every route is tried as every role and as nobody. Ids that exist nowhere keep the walk from changing anything
// that a later step needs: whoever may enter reads "not found", whoever may not is stopped before.
func TestEveryRouteLetsInWhomItNames(t *testing.T) {
	c := newClinic(t, func(cfg *configOf) { cfg.Gallery = "staff" })
	people := map[db.Role]*session{"": c.visitor(t)}
	for _, role := range db.Roles {
		people[role] = c.signIn(t, string(role))
	}
	if len(c.app.entries) < 30 {
		t.Fatalf("only %d routes are registered", len(c.app.entries))
	}

	for _, route := range c.app.entries {
		if route.Path == "/session/delete" || route.Path == "/sessions/others/delete" {
			continue // would sign the walkers out; TestSignOut… holds them
		}
		path := strings.NewReplacer(":id", "999999999", "*", "nothing").Replace(route.Path)
		path = paramPattern.ReplaceAllString(path, "nothing")
		if strings.Contains(path, exportPath) {
			path += "?nothing=1" // refused behind the door: some lists are longer than a role may download
		}
		for role, person := range people {
			var form url.Values
			if route.Method != http.MethodGet {
				form = url.Values{}
			}
			response := person.do(t, route.Method, path, form)
			want := role.Can(route.Ability)
			if got := entered(response.StatusCode, response.Header.Get("Location")); got != want {
				t.Errorf("%s %s as %q: answered %d %s, may enter: %v", route.Method, route.Path, role, response.StatusCode, response.Header.Get("Location"), want)
			}
			if response.StatusCode >= 500 {
				t.Errorf("%s %s as %q: %d", route.Method, route.Path, role, response.StatusCode)
			}
		}
	}
}

// Nothing is reachable beside the list: what Echo routes is what the list holds.
func TestNoRouteIsOutsideTheList(t *testing.T) {
	c := newClinic(t)
	listed := map[string]bool{}
	for _, route := range c.app.entries {
		listed[route.Method+" "+route.Path] = true
	}
	for _, route := range New(c.app).Routes() {
		if !listed[route.Method+" "+route.Path] {
			t.Errorf("%s %s is routed without an ability", route.Method, route.Path)
		}
	}
}

func TestAnotherSitesPostIsRefused(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "admin")

	response := s.do(t, http.MethodPost, "/session/delete", url.Values{}, "Sec-Fetch-Site", "cross-site")
	if response.StatusCode != http.StatusForbidden {
		t.Errorf("cross-site post: %s", response.Status)
	}
	response = s.do(t, http.MethodPost, "/session/delete", url.Values{}, "Origin", "https://evil.example")
	if response.StatusCode != http.StatusForbidden {
		t.Errorf("post of another origin: %s", response.Status)
	}
	if status := s.status(t, http.MethodGet, "/session"); status != http.StatusOK {
		t.Errorf("the refused posts signed the person out: %d", status)
	}
}

func TestEveryPageCarriesAStrictPolicy(t *testing.T) {
	c := newClinic(t)
	s := c.signIn(t, "reception")
	for _, path := range []string{"/session/new", "/", "/nothing-here"} {
		response := s.do(t, http.MethodGet, path, nil)
		policy := response.Header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", path, policy)
		}
		if path != "/session/new" && response.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may stay in a shared computer's cache: %q", path, response.Header.Get("Cache-Control"))
		}
	}
}

func TestReadinessFollowsTheDatabase(t *testing.T) {
	c := newClinic(t)
	s := c.visitor(t)
	if status := s.status(t, http.MethodGet, "/readyz"); status != http.StatusOK {
		t.Fatalf("/readyz with everything up: %d", status)
	}

	c.pool.Close()

	if status := s.status(t, http.MethodGet, "/readyz"); status != http.StatusServiceUnavailable {
		t.Errorf("/readyz without a database: %d, want 503", status)
	}
	if status := s.status(t, http.MethodGet, "/healthz"); status != http.StatusOK {
		t.Errorf("/healthz asks nobody else, but answers %d", status)
	}
}
