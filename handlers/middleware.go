package handlers

import (
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/views"
)

// The policy for our own pages. No inline style or script exists, so none is allowed.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; worker-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'; manifest-src 'self'"

// secured sets the headers of every answer; a handler with other needs (riverui, a mail's body) sets its own over them.
func (a *App) secured(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		header := c.Response().Header()
		header.Set("Content-Security-Policy", contentPolicy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("X-Frame-Options", "SAMEORIGIN")
		header.Set("Referrer-Policy", "same-origin")
		header.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		if strings.HasPrefix(a.Config.BaseURL, "https://") {
			header.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if !strings.HasPrefix(c.Request().URL.Path, "/static/") {
			header.Set("Cache-Control", "no-store") // records stay out of shared computers' caches
		}
		return next(c)
	}
}

// sameSite refuses what another site's page sends in a signed-in person's name.
func (a *App) sameSite(next echo.HandlerFunc) echo.HandlerFunc {
	protection := http.NewCrossOriginProtection()
	if err := protection.AddTrustedOrigin(a.Config.BaseURL); err != nil {
		a.Log.Warn("BASE_URL is no origin", "error", err)
	}
	return func(c echo.Context) error {
		if err := protection.Check(c.Request()); err != nil {
			return echo.NewHTTPError(http.StatusForbidden, "This request came from another site, so it was refused. Nothing was changed.")
		}
		return next(c)
	}
}

func (a *App) compressedElsewhere(c echo.Context) bool {
	path := c.Request().URL.Path
	return strings.HasPrefix(path, "/static/") || strings.HasPrefix(path, "/admin/jobs/") || path == "/events"
}

const signedInKey = "signed in"

// signedIn finds out who asks. Whether they may is each route's own question.
func (a *App) signedIn(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		path := c.Request().URL.Path
		if strings.HasPrefix(path, "/static/") || path == "/healthz" || path == "/readyz" {
			return next(c)
		}
		ip, _ := netip.ParseAddr(c.RealIP())
		actor := db.Actor{Name: "visitor", RequestID: requestID(c), IP: ip}
		if cookie, err := c.Cookie(a.sessionCookie()); err == nil && cookie.Value != "" {
			session, person, err := db.SessionByToken(c.Request().Context(), a.Pool, cookie.Value)
			switch {
			case err == nil:
				c.Set(signedInKey, signed{session: session, viewer: viewerOf(person)})
				actor.StaffID, actor.Name = person.ID, person.DisplayName
			case !errors.Is(err, db.ErrNotFound):
				return err
			}
		}
		c.SetRequest(c.Request().WithContext(db.WithActor(c.Request().Context(), actor)))
		return next(c)
	}
}

type signed struct {
	session db.Session
	viewer  views.Viewer
}

func viewerOf(person db.Staff) views.Viewer {
	return views.Viewer{ID: person.ID, Name: person.DisplayName, Initials: person.Initials, Email: person.Email, Colour: person.Colour, Role: person.Role, Recorded: person.Recorded}
}

// viewer is the signed-in person; the zero Viewer when nobody is.
func viewer(c echo.Context) views.Viewer {
	known, _ := c.Get(signedInKey).(signed)
	return known.viewer
}

// requires lets in only who may.
func (a *App) requires(ability db.Ability) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			person := viewer(c)
			switch {
			case person.Role.Can(ability):
				return next(c)
			case c.Path() == "/metrics" && a.mayScrape(c):
				return next(c)
			case ability == db.AbleGallery && a.Config.Gallery == "public":
				return next(c)
			case person.ID != 0:
				return echo.NewHTTPError(http.StatusForbidden)
			case c.Request().Method == http.MethodGet && !partial(c) && navigates(c.Request()):
				// Where to go after signing in waits in a cookie: an address in a URL ends up in logs.
				c.SetCookie(a.cookie("next", base64.RawURLEncoding.EncodeToString([]byte(c.Request().URL.RequestURI())), nextLife))
				return c.Redirect(http.StatusSeeOther, "/session/new")
			}
			return echo.NewHTTPError(http.StatusUnauthorized)
		}
	}
}

// navigates says whether a browser wants a page to show. What a script or a stream asks for is no place to go to after
// signing in.
func navigates(r *http.Request) bool {
	destination := r.Header.Get("Sec-Fetch-Dest")
	return destination == "" || destination == "document" || destination == "iframe"
}

// databaseAway says whether an error means that PostgreSQL does not answer, which a person can only wait out.
func databaseAway(err error) bool {
	if connect := new(pgconn.ConnectError); errors.As(err, &connect) {
		return true
	}
	if refused := new(pgconn.PgError); errors.As(err, &refused) {
		return strings.HasPrefix(refused.Code, "57P") || strings.HasPrefix(refused.Code, "08")
	}
	var network *net.OpError
	return errors.As(err, &network) || pgconn.Timeout(err)
}
