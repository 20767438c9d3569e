package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/jobs"
	"purplecross/views"
	"purplecross/views/emails"
)

func (a *App) wordingsIndex(c echo.Context) error {
	props, err := a.wordingsPage(c)
	if err != nil {
		return err
	}

	return a.page(c, views.Head{Title: "Wording of messages", Nav: "wordings"}, views.WordingsPage(props))
}

// wordingsPage is the page as everything is saved.
func (a *App) wordingsPage(c echo.Context) (views.WordingsPageProps, error) {
	ctx := c.Request().Context()
	var props views.WordingsPageProps
	var err error
	if props.Edited, err = db.ListWordings(ctx, a.Pool, db.ChannelEmail); err != nil {
		return props, err
	}
	if props.EditedTexts, err = db.ListWordings(ctx, a.Pool, db.ChannelSMS); err != nil {
		return props, err
	}
	props.Provider = a.Jobs.SendsTexts()
	if props.Quiet, err = db.GetMessageSettings(ctx, a.Pool); err != nil {
		return props, err
	}
	if props.Types, err = db.ListReminderTypes(ctx, a.Pool); err != nil {
		return props, err
	}
	props.Hours = map[int64]string{}
	for _, kind := range props.Types {
		props.Hours[kind.ID] = views.HoursTyped(kind.Hours)
	}
	return props, nil
}

// reminderTimesUpdate saves the quiet hours and how long before each type of visit a reminder goes out.
func (a *App) reminderTimesUpdate(c echo.Context) error {
	props, err := a.wordingsPage(c)
	if err != nil {
		return err
	}
	version, err := strconv.Atoi(c.FormValue("version"))
	if err != nil {
		return echo.NewHTTPError(http.StatusBadRequest)
	}
	quiet := db.MessageSettings{
		From: firstMinutes(c.FormValue("quiet_from")), Until: firstMinutes(c.FormValue("quiet_until")), Version: version,
		Texts: c.FormValue("texts") == "true", CountryCode: strings.TrimPrefix(strings.TrimSpace(c.FormValue("country_code")), "+"),
	}
	wrong := db.Invalid{}
	types := props.Types
	for i, kind := range types {
		field := fmt.Sprintf("hours_%d", kind.ID)
		props.Hours[kind.ID] = strings.TrimSpace(c.FormValue(field))
		var said string
		if types[i].Hours, said = db.ParseHours(props.Hours[kind.ID]); said != "" {
			wrong[field] = said
		}
	}

	if err = wrong.Err(); err == nil {
		err = db.SaveReminderSettings(c.Request().Context(), a.Pool, quiet, types)
	}
	head := views.Head{Title: "Wording of messages", Nav: "wordings"}
	switch {
	case errors.As(err, &wrong):
		props.Quiet, props.Errors = quiet, wrong
		return a.pageStatus(c, http.StatusUnprocessableEntity, head, views.WordingsPage(props))
	case errors.Is(err, db.ErrStale):
		quiet.Version = props.Quiet.Version
		props.Quiet, props.Errors = quiet, map[string]string{"": "Somebody saved these times meanwhile. Below is what you typed; saving puts yours over theirs."}
		return a.pageStatus(c, http.StatusConflict, head, views.WordingsPage(props))
	case err != nil:
		return err
	}

	return a.seeOther(c, "/admin/messages", "The times of reminders are saved.")
}

// firstMinutes leaves out the seconds that a browser may send.
func firstMinutes(clock string) string { return clock[:min(len(clock), len("15:04"))] }

func (a *App) wordingsEdit(c echo.Context) error {
	props, err := a.wordingPage(c)
	if err != nil {
		return err
	}

	return a.wordingAnswer(c, http.StatusOK, props)
}

// wordingPage is the form of a wording as it is saved: of a letter, or, under the kind's name with -text, of a text
// message.
func (a *App) wordingPage(c echo.Context) (views.WordingPageProps, error) {
	name, text := strings.CutSuffix(c.Param("kind"), views.TextSuffix)
	kind, channel := db.MessageKind(name), map[bool]db.Channel{true: db.ChannelSMS, false: db.ChannelEmail}[text]
	original, known := emails.OriginalsOf(channel)[kind]
	if !known {
		return views.WordingPageProps{}, db.ErrNotFound
	}
	saved, err := db.GetWording(c.Request().Context(), a.Pool, kind, channel)
	props := views.WordingPageProps{Kind: kind, Channel: channel, Saved: saved, Version: saved.Version, Wording: original}
	if saved.Edited() {
		props.Wording = emails.Wording{Subject: saved.Subject, Body: saved.Body}
	}
	return props, err
}

// typedWording is the form as it was sent.
func (a *App) typedWording(c echo.Context) (views.WordingPageProps, error) {
	props, err := a.wordingPage(c)
	if err != nil {
		return props, err
	}
	if props.Version, err = strconv.Atoi(c.FormValue("version")); err != nil {
		return props, echo.NewHTTPError(http.StatusBadRequest)
	}
	props.Wording = emails.Wording{
		Subject: strings.TrimSpace(c.FormValue("subject")),
		Body:    strings.TrimSpace(strings.ReplaceAll(c.FormValue("body"), "\r\n", "\n")),
	}
	if props.Channel == db.ChannelSMS {
		props.Wording.Subject, props.TestTo = "", strings.TrimSpace(c.FormValue("test_to"))
		props.Errors = props.Wording.CheckText(props.Kind)
	} else {
		props.Errors = props.Wording.Check(props.Kind)
	}
	return props, nil
}

func (a *App) wordingAnswer(c echo.Context, status int, props views.WordingPageProps) error {
	clinic, err := db.GetClinic(c.Request().Context(), a.Pool)
	if err != nil {
		return err
	}
	now := a.Now().In(a.Zone)
	letter := jobs.LetterOf(props.Kind, props.Wording, db.SampleFacts(props.Kind, clinic, now), now)
	props.Preview = views.WordingPreviewProps{Subject: letter.Subject(), Blocks: letter.Blocks(), Errors: props.Errors}
	if props.Channel == db.ChannelSMS {
		text := letter.TextMessage()
		count, alphabet := emails.Segments(text)
		props.Preview = views.WordingPreviewProps{Text: text, Segments: count, Alphabet: alphabet, Errors: props.Errors}
	}
	return a.pageStatus(c, status, views.Head{Title: views.MessageWord(props.Kind), Nav: "wordings"}, views.WordingPage(props),
		views.Part{ID: "wording-preview", View: views.WordingPreview(props.Preview)})
}

func (a *App) wordingsUpdate(c echo.Context) error {
	props, err := a.typedWording(c)
	if err != nil {
		return err
	}
	if len(props.Errors) > 0 {
		return a.wordingAnswer(c, http.StatusUnprocessableEntity, props)
	}

	err = db.SaveWording(c.Request().Context(), a.Pool, db.EditedWording{Kind: props.Kind, Channel: props.Channel, Subject: props.Wording.Subject, Body: props.Wording.Body, Version: props.Version})
	if errors.Is(err, db.ErrStale) {
		props.Stale, props.Version = true, props.Saved.Version
		return a.wordingAnswer(c, http.StatusConflict, props)
	}
	if err != nil {
		return err
	}

	return a.seeOther(c, "/admin/messages", "The wording is saved. It holds for everything that is sent from now on.")
}

// wordingOriginalsCreate goes back to the original wording.
func (a *App) wordingOriginalsCreate(c echo.Context) error {
	props, err := a.wordingPage(c)
	if err != nil {
		return err
	}

	err = db.SaveWording(c.Request().Context(), a.Pool, db.EditedWording{Kind: props.Kind, Channel: props.Channel, Version: formVersion(c)})
	if errors.Is(err, db.ErrStale) {
		props.Stale = true
		return a.wordingAnswer(c, http.StatusConflict, props)
	}
	if err != nil {
		return err
	}

	return a.seeOther(c, views.WordingHref(props.Kind, props.Channel), "The original wording is back.")
}

// wordingPreviewsCreate shows how what is being typed would read.
func (a *App) wordingPreviewsCreate(c echo.Context) error {
	props, err := a.typedWording(c)
	if err != nil {
		return err
	}

	return a.wordingAnswer(c, http.StatusOK, props)
}

// wordingTestsCreate sends what was typed, about a client who was made up, to who typed it. The form stays as it is.
func (a *App) wordingTestsCreate(c echo.Context) error {
	props, err := a.typedWording(c)
	if err != nil {
		return err
	}
	if len(props.Errors) > 0 {
		return a.wordingAnswer(c, http.StatusUnprocessableEntity, props)
	}

	ctx := c.Request().Context()
	to := db.Way{Channel: db.ChannelEmail, Address: viewer(c).Email}
	if props.Channel == db.ChannelSMS {
		settings, err := db.GetMessageSettings(ctx, a.Pool)
		if err != nil {
			return err
		}
		if to = (db.Way{Channel: db.ChannelSMS, Address: db.E164(props.TestTo, settings.CountryCode)}); to.Address == "" {
			props.Errors = map[string]string{"test_to": "Enter the whole number of a mobile, like +1 970 555 0167."}
			return a.wordingAnswer(c, http.StatusUnprocessableEntity, props)
		}
	}
	err = db.InTx(ctx, a.Pool, func(tx pgx.Tx) error {
		wording := db.EditedWording{Kind: props.Kind, Channel: props.Channel, Subject: props.Wording.Subject, Body: props.Wording.Body}
		message, err := db.AddWordingTest(ctx, tx, wording, to, a.Now())
		if err != nil {
			return err
		}
		props.TestID, props.TestedTo = message.ID, to.Address
		return a.Jobs.EnqueueMessage(ctx, tx, message.ID)
	})
	if err != nil {
		return err
	}

	return a.wordingAnswer(c, http.StatusOK, props)
}
