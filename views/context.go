// Package views is the HTML of Purple Cross: pages by noun, ui (components), emails and the gallery's machinery.
// No SQL, no environment and no clock in here: what a page needs comes in its props or by a typed getter.
package views

import (
	"context"

	"github.com/a-h/templ"

	"purplecross/db"
)

// Head is what the shell needs to know of a page.
type Head struct {
	Title string
	Nav   string // the navigation entry that is current
	Wide  bool   // the content uses the whole width: grids, the calendar
	List  bool   // it is a grid, which does without the other screens' styles
	Side  bool   // a record stands beside the list
	// Refresh is after how many seconds the page asks for itself again where scripts don't run; 0 for never.
	Refresh int
}

// Part is a region of a page that htmx may ask for alone, by the id of its element.
type Part struct {
	ID   string
	View templ.Component
}

// Failures are the parts of a page whose rows could not be read, by their panel's id. The rest is still worth showing.
type Failures map[string]error

// Viewer is who looks at the page; the zero Viewer is nobody.
type Viewer struct {
	ID       int64
	Name     string
	Initials string
	Email    string
	Colour   int
	Role     db.Role
	Recorded bool // lets their pages be recorded, where the clinic does
}

// Can says whether the viewer may do something: what a page does not allow is not shown.
func (v Viewer) Can(ability db.Ability) bool { return v.Role.Can(ability) }

// Site is what every page knows of the program around it.
type Site struct {
	ClinicName  string
	Theme       string // "light", "dark" or "" for the system's
	Flash       string // said once, after a change
	FlashUndo   string // where a POST takes the change back, "" for nowhere
	Development bool
	Gallery     bool // whether there is a gallery to link to
	Path        string
	Reference   string // the request's id, shown where something fails
	Monitoring  Monitoring
	Unread      int // notifications that the viewer has not read
}

// Monitoring is how a page tells of its failures.
type Monitoring struct {
	DSN         string // of no real project: it only marks our own pages' envelopes
	Route       string // the page's pattern
	Trace       string // what the browser continues; "" while nothing is sent
	Baggage     string
	Release     string
	Environment string
	Script      string // Sentry's, fetched when the page stands; "" unless this page is traced or recorded
	Integrity   string
	Traced      bool
	Recorder    string // what records the page; "" unless the clinic and the viewer let it
	RecorderIs  string // its integrity
	Worker      string // what deflates the recording
}

type (
	viewerKey struct{}
	siteKey   struct{}
)

// WithViewer says who looks.
func WithViewer(ctx context.Context, viewer Viewer) context.Context {
	return context.WithValue(ctx, viewerKey{}, viewer)
}

// ViewerFrom is who looks, as the request's context knows.
func ViewerFrom(ctx context.Context) Viewer {
	viewer, _ := ctx.Value(viewerKey{}).(Viewer)
	return viewer
}

// WithSite says what is around the page.
func WithSite(ctx context.Context, site Site) context.Context {
	return context.WithValue(ctx, siteKey{}, site)
}

// SiteFrom is what is around the page.
func SiteFrom(ctx context.Context) Site {
	site, _ := ctx.Value(siteKey{}).(Site)
	return site
}
