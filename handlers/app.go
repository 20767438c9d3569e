// Package handlers is the HTTP of Purple Cross: routes, sessions and permissions, one file a noun. It turns a URL
// into a question to db and a result into a page or a fragment. Echo is touched only here and in main.go.
package handlers

import (
	"bytes"
	"encoding/base64"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/db/grid"
	"purplecross/internal/config"
	"purplecross/jobs"
	"purplecross/jobs/mailbox"
	"purplecross/jobs/texts"
	"purplecross/views"
	"purplecross/views/ui"
)

// App is what every handler works with.
type App struct {
	Pool    *pgxpool.Pool
	Jobs    *jobs.Client
	Config  config.Config
	Zone    *time.Location   // the clinic's
	Now     func() time.Time // the clock, so that a test can choose the hour
	Log     *slog.Logger
	Mailbox *mailbox.Server // the development mailbox, nil without one
	Phone   *texts.Phone    // the development phone, nil without one

	News      *db.News        // what other transactions and processes change
	Snapshots *grid.Snapshots // the lists' answers
	Closing   <-chan struct{} // closed when the server stops, so that endless answers end

	entries  []Entry
	monitors tries
	traffic  traffic
	name     cachedName
	grids    map[string]gridPlace // by the list's name
	breaks   func(part string)    // a test's: see ui.Boundaries
}

// page renders content in the shell. A partial htmx request gets only the part whose id is its target.
func (a *App) page(c echo.Context, head views.Head, content templ.Component, parts ...views.Part) error {
	return a.pageStatus(c, http.StatusOK, head, content, parts...)
}

// pageStatus is page with a status: 422 and 409 answer with the form that was sent.
func (a *App) pageStatus(c echo.Context, status int, head views.Head, content templ.Component, parts ...views.Part) error {
	c.Response().Header().Add("Vary", "HX-Request, HX-Target")
	if partial(c) {
		for _, part := range parts {
			if targetID(c) == part.ID {
				return a.write(c, status, ui.Boundary(ui.BoundaryProps{ID: part.ID, Body: part.View}))
			}
		}
	}
	return a.write(c, status, views.Page(views.PageProps{Head: head, Content: content}))
}

// fragment renders a piece that is only ever part of a page.
func (a *App) fragment(c echo.Context, view templ.Component) error {
	return a.write(c, http.StatusOK, view)
}

// write renders into a buffer first: never half a page.
func (a *App) write(c echo.Context, status int, view templ.Component) error {
	ctx := ui.WithClock(c.Request().Context(), a.Now(), a.Zone)
	ctx = views.WithViewer(ctx, viewer(c))
	ctx = views.WithSite(ctx, a.site(c))

	shared := a.boundaries(c)
	ctx = ui.WithBoundaries(ctx, shared)

	var buffer bytes.Buffer
	if err := view.Render(ctx, &buffer); err != nil {
		return err
	}
	if answered, err := a.onlyPart(c, status, shared); answered {
		return err
	}
	return c.HTMLBlob(status, buffer.Bytes())
}

// partial says whether htmx asks for a region, not for a page.
func partial(c echo.Context) bool {
	header := c.Request().Header
	return header.Get("HX-Request") == "true" && header.Get("HX-Request-Type") != "full" && header.Get("HX-History-Restore-Request") != "true"
}

// seeOther answers an unsafe request that worked: go there, where the flash is said once.
func (a *App) seeOther(c echo.Context, url, flash string) error {
	return a.seeOtherUndo(c, url, flash, "")
}

// seeOtherUndo is seeOther with a path that a POST takes the change back by.
func (a *App) seeOtherUndo(c echo.Context, url, flash, undo string) error {
	if flash != "" {
		c.SetCookie(a.cookie("flash", base64.RawURLEncoding.EncodeToString([]byte(flash+"\x00"+undo)), time.Minute))
	}
	return c.Redirect(http.StatusSeeOther, url)
}

// site gathers what the shell shows; it takes the flash out of its cookie.
func (a *App) site(c echo.Context) views.Site {
	site := views.Site{
		ClinicName:  a.clinicName(c),
		Development: a.Config.Development() && a.Mailbox != nil,
		Gallery:     a.Config.Gallery != "off",
		Path:        c.Request().URL.Path,
		Reference:   requestID(c),
		Monitoring:  a.monitoring(c),
		Unread:      a.unread(c),
	}
	if theme, err := c.Cookie("theme"); err == nil && (theme.Value == "light" || theme.Value == "dark") {
		site.Theme = theme.Value
	}
	if flash, err := c.Cookie("flash"); err == nil && !partial(c) {
		if said, err := base64.RawURLEncoding.DecodeString(flash.Value); err == nil {
			site.Flash, site.FlashUndo, _ = strings.Cut(string(said), "\x00")
			if !localPath(site.FlashUndo) {
				site.FlashUndo = ""
			}
		}
		c.SetCookie(a.cookie("flash", "", -1))
	}
	return site
}

// cookie is one of ours: unreadable to scripts, not sent across sites, Secure outside development.
func (a *App) cookie(name, value string, life time.Duration) *http.Cookie {
	seconds := int(life / time.Second)
	if life < 0 {
		seconds = -1
	}
	return &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: seconds,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: !a.Config.Development(),
	}
}

// localPath says whether a path stays on this site.
func localPath(path string) bool {
	return strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "//") && !strings.HasPrefix(path, "/\\") && !strings.ContainsAny(path, "\r\n\t")
}

// idParam reads a record's id from the path; nonsense is a record that is not there.
func idParam(c echo.Context, name string) (int64, error) {
	id, err := strconv.ParseInt(c.Param(name), 10, 64)
	if err != nil || id <= 0 {
		return 0, db.ErrNotFound
	}
	return id, nil
}

// today is the clinic's day, at its midnight.
func (a *App) today() time.Time {
	now := a.Now().In(a.Zone)
	return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, a.Zone)
}
