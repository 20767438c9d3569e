package handlers

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

func TestEachNumberOfAReportIsTheLengthOfTheListBehindIt(t *testing.T) {
	c := newClinic(t)
	manager := c.signIn(t, "manager")

	page := manager.get(t, "/reports")

	checked := 0
	page.Find(".figure a").Each(func(_ int, a *goquery.Selection) {
		said, _, _ := strings.Cut(a.Text(), " ")
		n, err := strconv.Atoi(strings.ReplaceAll(said, ",", ""))
		if err != nil || strings.Contains(a.Text(), "min") {
			return // a wait has no list of its own
		}
		href, _ := a.Attr("href")
		list := manager.get(t, href)
		counted, _, _ := strings.Cut(strings.TrimSpace(list.Find(".grid-count").First().Text()), " ")
		if counted == "No" {
			counted = "0"
		}
		if counted != said {
			t.Errorf("%s: the report says %d, the list %q", href, n, list.Find(".grid-count").First().Text())
		}
		checked++
	})
	if checked != 6 {
		t.Errorf("%d numbers have a list", checked)
	}
	if status := manager.status(t, http.MethodGet, "/reports?week=soon"); status != http.StatusBadRequest {
		t.Errorf("a week that is none: %d", status)
	}
}
