package handlers

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"purplecross/internal/config"
)

func TestMetricsAreForAdminsAndForWhoeverHasTheToken(t *testing.T) {
	c := newClinic(t, func(cfg *config.Config) { cfg.MetricsToken = "scraper" })
	reader := c.signIn(t, "reception")
	reader.get(t, "/patients?q=Featherstone")

	for _, one := range []struct {
		as     *session
		header []string
		status int
	}{
		{c.signIn(t, "admin"), nil, 200},
		{reader, nil, 403},
		{c.visitor(t), nil, 303},
		{c.visitor(t), []string{"Authorization", "Bearer wrong"}, 303},
		{c.visitor(t), []string{"Authorization", "Bearer scraper"}, 200},
	} {
		if got := one.as.do(t, http.MethodGet, "/metrics", nil, one.header...); got.StatusCode != one.status {
			t.Errorf("%v: %s, not %d", one.header, got.Status, one.status)
		}
	}

	body, _ := io.ReadAll(c.visitor(t).do(t, http.MethodGet, "/metrics", nil, "Authorization", "Bearer scraper").Body)
	for _, line := range []string{
		`http_requests_total{route="GET /patients",status="200"} 1`, `http_requests_total{route="GET /metrics",status="403"} 1`,
		`http_request_seconds_count{route="GET /patients"} 1`, `db_pool_connections{state="allowed"}`, `jobs_oldest_waiting_seconds{queue="email"}`,
		`reports_total{outcome="dropped"} 0`, `failures_total `, `purple_cross_build_info{release=`,
	} {
		if !strings.Contains(string(body), line) {
			t.Errorf("%s is not in\n%s", line, body)
		}
	}
	format := regexp.MustCompile(`^(# (HELP|TYPE) .+|[a-z_]+(\{([a-z]+="[^"]*",?)+\})? [0-9.e+-]+)$`)
	for line := range strings.Lines(string(body)) {
		if !format.MatchString(strings.TrimSuffix(line, "\n")) {
			t.Errorf("no line of the format: %q", line)
		}
	}
	if strings.Contains(string(body), "Featherstone") {
		t.Error("what was typed is in the metrics")
	}
}
