package handlers

import (
	"net/http"
	"net/netip"
	"strings"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/views"
)

func (a *App) preferencesEdit(c echo.Context) error {
	preferences, err := db.PreferencesByToken(c.Request().Context(), a.Pool, c.Param("token"))
	if err != nil {
		return err
	}
	clinic, err := db.GetClinic(c.Request().Context(), a.Pool)
	if err != nil {
		return err
	}

	return a.write(c, http.StatusOK, views.PreferencesPage(views.PreferencesPageProps{
		Token: c.Param("token"), Clinic: clinic.Name, Phone: clinic.Phone,
		Email: masked(preferences.Email), ByEmail: preferences.ByEmail,
		Mobile: maskedPhone(preferences.Mobile), BySMS: preferences.BySMS,
	}))
}

// preferencesUpdate saves the form. A mail program's own "unsubscribe" button comes here too, with one POST and no
// person behind it who could read an answer (RFC 8058).
func (a *App) preferencesUpdate(c echo.Context) error {
	ctx := c.Request().Context()
	preferences, err := db.PreferencesByToken(ctx, a.Pool, c.Param("token"))
	if err != nil {
		return err
	}
	oneClick := c.FormValue("List-Unsubscribe") == "One-Click"
	if oneClick {
		preferences.ByEmail = false
	} else {
		preferences.ByEmail, preferences.BySMS = c.FormValue("by_email") == "true", c.FormValue("by_sms") == "true"
	}

	ip, _ := netip.ParseAddr(c.RealIP())
	ctx = db.WithActor(ctx, db.Actor{Name: "the client, by a letter’s link", RequestID: requestID(c), IP: ip})
	if err := db.SavePreferences(ctx, a.Pool, preferences); err != nil {
		return err
	}

	if oneClick {
		return c.String(http.StatusOK, "You will get no more e-mail from us.")
	}
	return a.seeOther(c, "/preferences/"+c.Param("token"), "Saved. Thank you.")
}

// masked shows enough of an address for its owner to know it.
func masked(email string) string {
	name, domain, found := strings.Cut(email, "@")
	if !found || name == "" {
		return ""
	}
	return string([]rune(name)[:1]) + "•••@" + domain
}

func maskedPhone(number string) string {
	if len(number) < 4 {
		return ""
	}
	return "••• " + number[len(number)-2:]
}
