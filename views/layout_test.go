package views_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"purplecross/db"
	"purplecross/views"
)

func document(t *testing.T, ctx context.Context, view templ.Component) *goquery.Document {
	t.Helper()
	var written strings.Builder
	if err := view.Render(ctx, &written); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(written.String()))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func shell(t *testing.T, role db.Role, site views.Site, head views.Head) *goquery.Document {
	t.Helper()
	ctx := views.WithViewer(t.Context(), views.Viewer{ID: 1, Name: "Dana Hart", Initials: "DH", Role: role})
	return document(t, views.WithSite(ctx, site), views.Page(views.PageProps{Head: head}))
}

func TestTheNavigationHoldsWhatTheRoleMaySee(t *testing.T) {
	desk := []string{"/", "/calendar", "/clients", "/patients", "/appointments", "/treatments", "/reminders", "/messages"}
	for role, want := range map[db.Role][]string{
		db.RoleReception: append(slices.Clone(desk), "/gallery"),
		db.RoleAdmin:     append(slices.Clone(desk), "/reports", "/imports", "/admin/clinic", "/admin/messages", "/admin/staff", "/admin/audit", "/admin/errors", "/admin/queues", "/admin/jobs/", "/gallery"),
		db.RoleDesigner:  {"/gallery"},
	} {
		doc := shell(t, role, views.Site{Gallery: true}, views.Head{})
		got := doc.Find("nav#navigation a").Map(func(_ int, link *goquery.Selection) string { return link.AttrOr("href", "") })
		if !slices.Equal(got, want) {
			t.Errorf("%s sees %v, want %v", role, got, want)
		}
		if searches := doc.Find("form[action='/search']").Length() == 1; searches != role.Can(db.AbleDesk) {
			t.Errorf("%s: search box %t", role, searches)
		}
	}
}

func TestOnePlaceInTheNavigationIsCurrent(t *testing.T) {
	for path, c := range map[string]struct{ nav, want string }{
		"/":                 {"", "Board"},
		"/patients/4":       {"", "Patients"},
		"/patients/4/edit":  {"clients", "Clients"},
		"/admin/staff/new":  {"admin", "Staff"},
		"/admin/jobs/jobs":  {"", "Jobs"},
		"/somewhere/else":   {"", ""},
		"/appointments/new": {"appointments", "Visits"},
	} {
		doc := shell(t, db.RoleAdmin, views.Site{Path: path}, views.Head{Nav: c.nav})
		if got := strings.TrimSpace(doc.Find("nav#navigation [aria-current=page]").Text()); got != c.want {
			t.Errorf("%s (%q): %q is current, want %q", path, c.nav, got, c.want)
		}
	}
}

func TestThePageComesInTheChosenColours(t *testing.T) {
	if got := shell(t, db.RoleVet, views.Site{Theme: "dark"}, views.Head{}).Find("html").AttrOr("data-theme", ""); got != "dark" {
		t.Errorf("theme %q", got)
	}
	doc := shell(t, db.RoleVet, views.Site{}, views.Head{})
	if _, forced := doc.Find("html").Attr("data-theme"); forced {
		t.Error("the system's choice is overridden")
	}
	if got := strings.TrimSpace(doc.Find("form[action='/theme'] [aria-pressed=true]").Text()); got != "As the system" {
		t.Errorf("pressed: %q", got)
	}
}

// The policy of our pages allows no inline style, no inline script and no handler in an attribute.
func TestTheShellKeepsTheContentPolicy(t *testing.T) {
	doc := shell(t, db.RoleAdmin, views.Site{Flash: "Visit booked.", FlashUndo: "/undo", Development: true, Gallery: true}, views.Head{Title: "Board"})
	if n := doc.Find("[style], style, script:not([src])").Length(); n > 0 {
		t.Errorf("%d inline styles or scripts", n)
	}
	doc.Find("*").Each(func(_ int, element *goquery.Selection) {
		for _, attribute := range element.Nodes[0].Attr {
			if strings.HasPrefix(attribute.Key, "on") {
				t.Errorf("handler %s on %s", attribute.Key, goquery.NodeName(element))
			}
		}
	})
	if doc.Find("#flash form[action='/undo']").Length() != 1 || doc.Find("a.skip[href='#main']").Length() != 1 {
		t.Error("no Undo, or no way past the navigation")
	}
}

func TestADemoPersonSignsInWithOneClick(t *testing.T) {
	doc := document(t, t.Context(), views.SignInPage(views.SignInPageProps{Password: "demo-clinic", Demo: []views.DemoPerson{{Email: "vet@demo.clinic", Role: "Vet"}}}))
	form := doc.Find(".demo form[action='/session']")
	if form.Find("[name=email]").AttrOr("value", "") != "vet@demo.clinic" || form.Find("[name=password]").AttrOr("value", "") != "demo-clinic" || form.Find("button").Length() != 1 {
		t.Error("the form of the demo vet is not whole")
	}
	if document(t, t.Context(), views.SignInPage(views.SignInPageProps{})).Find(".demo").Length() != 0 {
		t.Error("a clinic of one's own shows demo people")
	}
}

func TestAProblemKeepsTheNavigationForThoseSignedIn(t *testing.T) {
	problem := views.ProblemPage(views.ProblemPageProps{Status: 500, Title: "Something went wrong", Reference: "0123456789abcdef", RetryURL: "/board"})
	ctx := views.WithViewer(t.Context(), views.Viewer{ID: 1, Role: db.RoleVet})
	if doc := document(t, ctx, problem); doc.Find("nav#navigation").Length() != 1 || doc.Find(".problem code").Text() != "0123456789abcdef" {
		t.Error("no navigation or no reference")
	}
	if document(t, t.Context(), problem).Find("nav#navigation").Length() != 0 {
		t.Error("a stranger sees the navigation")
	}
}
