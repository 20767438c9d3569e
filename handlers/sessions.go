package handlers

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/db/demo"
	"purplecross/internal/report"
	"purplecross/views"
)

const nextLife = 10 * time.Minute

// sessionCookie is the cookie's name: __Host- ties it to this host and to https.
func (a *App) sessionCookie() string {
	if a.Config.Development() {
		return "session"
	}
	return "__Host-session"
}

func (a *App) sessionNew(c echo.Context) error {
	if viewer(c).ID != 0 {
		return c.Redirect(http.StatusSeeOther, home(viewer(c)))
	}
	return a.signInPage(c, http.StatusOK, "", "")
}

func (a *App) signInPage(c echo.Context, status int, email, wrong string) error {
	props := views.SignInPageProps{Email: email, Error: wrong}
	clinic, err := db.GetClinic(c.Request().Context(), a.Pool)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return err
	}
	if clinic.Demo && !a.Config.Production() {
		props.Password = demo.Password
		for _, role := range []db.Role{db.RoleReception, db.RoleNurse, db.RoleVet, db.RoleManager, db.RoleAdmin, db.RoleDesigner} {
			props.Demo = append(props.Demo, views.DemoPerson{Email: string(role) + "@demo.clinic", Role: role.Word()})
		}
	}
	return a.write(c, status, views.SignInPage(props))
}

func (a *App) sessionCreate(c echo.Context) error {
	ctx := c.Request().Context()
	email, password := strings.TrimSpace(c.FormValue("email")), c.FormValue("password")
	ip, _ := netip.ParseAddr(c.RealIP())

	allowed, err := db.TrySignIn(ctx, a.Pool, email, ip)
	if err != nil {
		return err
	}
	if !allowed {
		return a.signInPage(c, http.StatusTooManyRequests, email, "Too many wrong passwords. Wait a quarter of an hour, or ask a manager to set a new one.")
	}
	person, err := db.StaffByEmail(ctx, a.Pool, email)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return err
	}
	if !passwordMatches(password, person.PasswordHash) {
		return a.signInPage(c, http.StatusUnprocessableEntity, email, "The e-mail address or the password is not right.")
	}

	if err := db.SignInSucceeded(ctx, a.Pool, email); err != nil {
		return err
	}
	actor := db.ActorFrom(ctx)
	actor.StaffID, actor.Name = person.ID, person.DisplayName
	token, err := db.StartSession(db.WithActor(ctx, actor), a.Pool, person.ID, c.Request().UserAgent(), ip)
	if err != nil {
		return err
	}
	c.SetCookie(a.cookie(a.sessionCookie(), token, db.SessionLife))
	return c.Redirect(http.StatusSeeOther, a.next(c, viewerOf(person)))
}

// next is the page that asked for the sign-in, else the person's first page.
func (a *App) next(c echo.Context, person views.Viewer) string {
	if cookie, err := c.Cookie("next"); err == nil {
		c.SetCookie(a.cookie("next", "", -1))
		if path, err := base64.RawURLEncoding.DecodeString(cookie.Value); err == nil && localPath(string(path)) {
			return string(path)
		}
	}
	return home(person)
}

// home is where a person's day begins.
func home(person views.Viewer) string {
	if person.Can(db.AbleDesk) {
		return "/"
	}
	return "/gallery"
}

// nobodysHash is checked when no person has the e-mail address, so that an answer's time tells nothing.
var nobodysHash = sync.OnceValue(func() string {
	hash, _ := argon2id.CreateHash("nobody", argon2id.DefaultParams)
	return hash
})

// oneAtATime bounds the 64 MB that each argon2id check takes.
var oneAtATime = make(chan struct{}, 2)

func passwordMatches(password, hash string) bool {
	oneAtATime <- struct{}{}
	defer func() { <-oneAtATime }()
	if hash == "" || len(password) > 1000 {
		_, _ = argon2id.ComparePasswordAndHash("somebody", nobodysHash())
		return false
	}
	matches, err := argon2id.ComparePasswordAndHash(password, hash)
	return err == nil && matches
}

func (a *App) sessionDestroy(c echo.Context) error {
	known, _ := c.Get(signedInKey).(signed)

	if err := db.EndSession(c.Request().Context(), a.Pool, known.viewer.ID, known.session.ID); err != nil && !errors.Is(err, db.ErrNotFound) {
		return err
	}

	c.SetCookie(a.cookie(a.sessionCookie(), "", -1))
	c.Response().Header().Set("Clear-Site-Data", `"cache"`)
	return c.Redirect(http.StatusSeeOther, "/session/new")
}

func (a *App) sessionsIndex(c echo.Context) error {
	known, _ := c.Get(signedInKey).(signed)

	sessions, err := db.SessionsOf(c.Request().Context(), a.Pool, known.viewer.ID)
	if err != nil {
		return err
	}

	props := views.SessionsPageProps{Recording: report.Delivered().Sending && a.recordsPages(c), Recorded: known.viewer.Recorded}
	for _, session := range sessions {
		device := views.Device{ID: session.ID, Name: deviceName(session.UserAgent), Since: session.CreatedAt, LastSeen: session.LastSeenAt, Current: session.ID == known.session.ID}
		if session.IP != nil {
			device.IP = session.IP.String()
		}
		props.Devices = append(props.Devices, device)
	}
	return a.page(c, views.Head{Title: "Signed-in devices"}, views.SessionsPage(props))
}

// recordingsUpdate is a person's own yes or no to recordings of their pages.
func (a *App) recordingsUpdate(c echo.Context) error {
	recorded := c.FormValue("recorded") == "true"

	if err := db.SetRecorded(c.Request().Context(), a.Pool, viewer(c).ID, recorded); err != nil {
		return err
	}

	if recorded {
		return a.seeOther(c, "/session", "Your pages may be recorded again, masked.")
	}
	return a.seeOther(c, "/session", "Your pages are not recorded any more.")
}

func (a *App) sessionsDestroy(c echo.Context) error {
	known, _ := c.Get(signedInKey).(signed)
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}

	if err := db.EndSession(c.Request().Context(), a.Pool, known.viewer.ID, id); err != nil {
		return err
	}

	return a.seeOther(c, "/session", "That device is signed out.")
}

func (a *App) otherSessionsDestroy(c echo.Context) error {
	known, _ := c.Get(signedInKey).(signed)

	if _, err := db.EndOtherSessions(c.Request().Context(), a.Pool, known.viewer.ID, known.session.ID); err != nil {
		return err
	}

	return a.seeOther(c, "/session", "Every other device is signed out.")
}

// deviceName says what a person would call the device: "Chrome on Windows".
func deviceName(userAgent string) string {
	name := func(known [][2]string, otherwise string) string {
		for _, k := range known {
			if strings.Contains(userAgent, k[0]) {
				return k[1]
			}
		}
		return otherwise
	}
	browser := name([][2]string{{"Edg/", "Edge"}, {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}, {"curl/", "curl"}}, "A browser")
	system := name([][2]string{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"Mac OS X", "Mac"}, {"CrOS", "Chromebook"}, {"Linux", "Linux"}}, "")
	if system == "" {
		return browser
	}
	return browser + " on " + system
}

// themeUpdate remembers light or dark for this browser, signed in or not.
func (a *App) themeUpdate(c echo.Context) error {
	theme := c.FormValue("theme")
	back := c.FormValue("back")
	if !localPath(back) {
		back = "/"
	}

	life := 365 * 24 * time.Hour
	if theme != "light" && theme != "dark" {
		theme, life = "", -1
	}
	c.SetCookie(a.cookie("theme", theme, life))

	return c.Redirect(http.StatusSeeOther, back)
}
