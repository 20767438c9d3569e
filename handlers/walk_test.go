package handlers

import (
	"net/http"
	"net/url"
	"regexp"
	"sort"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"purplecross/db"
	"purplecross/internal/browser"
)

var digits = regexp.MustCompile(`\d+`)

// A person without JavaScript can reach a page only by a link. The walk follows every kind of link from the first
// page on; two records of a kind are enough.
func walk(t *testing.T, s *session, from string, visit func(path string, doc *goquery.Document)) []string {
	t.Helper()
	seen, kinds := map[string]bool{}, map[string]int{}
	queue := []string{from}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		response := s.do(t, http.MethodGet, path, nil)
		if response.StatusCode == http.StatusSeeOther || response.StatusCode == http.StatusMovedPermanently {
			continue
		}
		if response.StatusCode != http.StatusOK {
			t.Errorf("a link leads to %s: %s", path, response.Status)
			continue
		}
		if !strings.HasPrefix(response.Header.Get("Content-Type"), "text/html") {
			continue
		}
		doc := parse(t, response)
		visit(path, doc)
		doc.Find("a[href]").Each(func(_ int, a *goquery.Selection) {
			href, _ := a.Attr("href")
			link, err := url.Parse(href)
			if err != nil {
				t.Errorf("%s links to %q: %v", path, href, err)
				return
			}
			if link.IsAbs() || link.Host != "" || link.Path == "" || strings.HasPrefix(link.Path, "/static/") ||
				strings.HasPrefix(link.Path, "/admin/jobs") || strings.HasPrefix(link.Path, "/gallery") {
				return // riverui is River's own; the gallery's test walks the gallery
			}
			link.Fragment = ""
			var names []string
			several := false // questions that go with every other: each with each, not all with all
			for name := range link.Query() {
				switch name {
				case "cols", "pin", "density": // the same page, arranged otherwise
				case "group", "closed", "foot", "open":
					several = true
					names = append(names, name)
				default:
					names = append(names, name)
				}
			}
			sort.Strings(names)
			if several && len(names) > 2 {
				return
			}
			kind := digits.ReplaceAllString(link.Path, "N") + "?" + strings.Join(names, "&")
			if seen[link.String()] || kinds[kind] >= 2 {
				return
			}
			seen[link.String()], kinds[kind] = true, kinds[kind]+1
			queue = append(queue, link.String())
		})
	}
	visited := make([]string, 0, len(kinds))
	for kind := range kinds {
		visited = append(visited, kind)
	}
	sort.Strings(visited)
	return visited
}

func TestEveryPageIsReachedAndWholeWithoutJavaScript(t *testing.T) {
	c := newClinic(t)
	for _, role := range db.Roles {
		if role == db.RoleDesigner {
			continue // has the gallery, which walks itself
		}
		t.Run(string(role), func(t *testing.T) {
			s := c.signIn(t, string(role))
			visited := walk(t, s, "/", func(path string, doc *goquery.Document) { wholeWithoutJavaScript(t, path, doc) })
			if len(visited) < 20 {
				t.Errorf("only %d kinds of pages are linked: %v", len(visited), visited)
			}
		})
	}
}

// wholeWithoutJavaScript holds a page to what plain HTML can do.
func wholeWithoutJavaScript(t *testing.T, path string, doc *goquery.Document) {
	t.Helper()
	if n := doc.Find("h1").Length(); n != 1 {
		t.Errorf("%s has %d h1", path, n)
	}
	if doc.Find("title").Text() == "" || doc.Find("html[lang]").Length() != 1 {
		t.Errorf("%s has no title or no language", path)
	}
	doc.Find("[style], [onclick], [onchange], style, script:not([src])").Each(func(_ int, e *goquery.Selection) {
		if kind, _ := e.Attr("type"); goquery.NodeName(e) == "script" && (kind == "application/json" || kind == "speculationrules") {
			return
		}
		html, _ := goquery.OuterHtml(e)
		t.Errorf("%s has what the policy refuses: %.120s", path, html)
	})
	doc.Find("button").Each(func(_ int, b *goquery.Selection) {
		_, popover := b.Attr("popovertarget")
		_, command := b.Attr("commandfor")
		_, form := b.Attr("form")
		_, hidden := b.Attr("hidden") // shown by the script that gives it its meaning
		if kind, _ := b.Attr("type"); kind == "button" && !popover && !command && !hidden && b.Closest("dialog, [hidden], [data-scripted]").Length() == 0 {
			html, _ := goquery.OuterHtml(b)
			t.Errorf("%s has a button that does nothing without JavaScript: %.160s", path, html)
		} else if kind != "button" && !form && b.Closest("form").Length() == 0 {
			html, _ := goquery.OuterHtml(b)
			t.Errorf("%s has a submit button without a form: %.160s", path, html)
		}
	})
	doc.Find("[hx-get], [hx-post]").Each(func(_ int, e *goquery.Selection) {
		switch goquery.NodeName(e) {
		case "a":
			if _, ok := e.Attr("href"); !ok {
				t.Errorf("%s has a link that only htmx follows", path)
			}
		case "form":
			if _, ok := e.Attr("action"); !ok {
				t.Errorf("%s has a form that only htmx sends", path)
			}
		}
	})
	doc.Find("a:not([href])").Each(func(_ int, e *goquery.Selection) {
		html, _ := goquery.OuterHtml(e)
		t.Errorf("%s has a link to nowhere: %.120s", path, html)
	})
}

// pagesToLookAt are the pages that a browser opens, with the records that every demo clinic has.
var pagesToLookAt = map[db.Role][]string{
	db.RoleReception: {
		"/", "/calendar", "/clients", "/patients", "/appointments", "/reminders", "/treatments", "/messages", "/clients/1", "/clients/1/edit",
		"/clients/new", "/patients/1", "/patients/1/edit", "/patients/new?client=1", "/patients/1/death/new", "/search?q=coco",
		"/search?q=nobodyatall", "/appointments/new", "/appointments/new?patient=1", "/session", "/patients?species=dog&sort=-weight",
		"/patients?q=nobodyatall", "/admin/staff", "/nothing-here", "/dev/mailbox", "/dev/mailbox/texts", "/reminders/plan", "/reminders/calls", "/notifications", "/progress",
	},
	db.RoleAdmin: {
		"/admin/staff", "/admin/staff/new", "/admin/audit", "/admin/errors", "/admin/queues", "/admin/queues?by=kind", "/admin/job-actions/new",
		"/admin/profiles", "/imports", "/imports/new", "/reports", "/reports/files", "/reports/schedules/new", "/reports/no-shows", "/admin/clinic",
		"/admin/messages", "/admin/messages/visit_reminder", "/gallery", "/gallery/actions/button/primary",
	},
}

// Axe, the console and the policy in a real browser, in light and dark, wide and narrow.
func TestEveryPageIsAccessibleAndQuietInABrowser(t *testing.T) {
	c := newClinic(t)
	for role, paths := range pagesToLookAt {
		for _, look := range []struct {
			name string
			browser.Options
		}{{"light", browser.Options{}}, {"dark", browser.Options{Dark: true}}, {"narrow", browser.Options{Width: 390, Height: 844}}} {
			t.Run(string(role)+" "+look.name, func(t *testing.T) {
				p := browser.New(t, look.Options)
				p.SetCookie(c.url, c.sessionCookie(t, string(role)))
				for _, path := range paths {
					p.Open(c.url + path)
					for _, found := range p.Axe() {
						t.Errorf("%s: %s", path, found)
					}
					if wider := browser.Eval[bool](p, `document.documentElement.scrollWidth > document.documentElement.clientWidth + 1`); wider {
						t.Errorf("%s is wider than the window", path)
					}
					for _, said := range p.Trouble() {
						if path != "/nothing-here" && path != "/admin/staff" || !strings.Contains(said, "status of 40") {
							t.Errorf("%s: the console says %s", path, said)
						}
					}
				}
			})
		}
	}
}
