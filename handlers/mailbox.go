package handlers

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/jobs/mailbox"
	"purplecross/jobs/texts"
	"purplecross/views"
	"purplecross/views/emails"
)

// The policy for a mail's HTML part: it may look as it likes, and do nothing. The frame around it is sandboxed too.
const mailPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"

// inDevelopment hides what only a developer's machine has.
func (a *App) inDevelopment(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if a.Mailbox == nil || a.Phone == nil || !a.Config.Development() {
			return db.ErrNotFound
		}
		return next(c)
	}
}

func (a *App) mailboxIndex(c echo.Context) error {
	mails, err := a.Mailbox.List()
	if err != nil {
		return err
	}

	rows := make([]views.MailRow, 0, len(mails))
	for _, mail := range mails {
		rows = append(rows, mailRow(mail))
	}
	return a.page(c, views.Head{Title: "Mailbox", Nav: "mailbox"}, views.MailboxPage(views.MailboxPageProps{Mails: rows}))
}

func (a *App) mailboxShow(c echo.Context) error {
	show := c.QueryParam("show")
	if show != "" && show != "text" && show != "source" {
		return echo.NewHTTPError(http.StatusBadRequest, "A message is shown as HTML, text or source.")
	}
	mail, err := a.mail(c)
	if err != nil {
		return err
	}

	return a.page(c, views.Head{Title: mail.Subject, Nav: "mailbox"}, views.MailPage(views.MailPageProps{
		Mail: mailRow(mail), Show: show, HTML: mail.HTML != "", Text: mail.Text, Source: mail.Source,
	}))
}

// mailboxHTML is the HTML part alone, for the frame.
func (a *App) mailboxHTML(c echo.Context) error {
	mail, err := a.mail(c)
	if err != nil {
		return err
	}

	c.Response().Header().Set("Content-Security-Policy", mailPolicy)
	return c.HTML(http.StatusOK, mail.HTML)
}

// phoneShow lists the text messages that clients would have got.
func (a *App) phoneShow(c echo.Context) error {
	kept, err := a.Phone.List()
	if err != nil {
		return err
	}

	props := views.PhonePageProps{}
	for _, text := range kept {
		row := views.TextRow{ID: text.ID, At: text.At, From: text.From, To: text.To, Body: text.Body}
		row.Segments, row.Alphabet = emails.Segments(text.Body)
		props.Texts = append(props.Texts, row)
	}
	return a.page(c, views.Head{Title: "Text messages", Nav: "mailbox"}, views.PhonePage(props))
}

func (a *App) phoneClear(c echo.Context) error {
	if err := a.Phone.Clear(); err != nil {
		return err
	}

	return a.seeOther(c, "/dev/mailbox/texts", "The phone is empty.")
}

// phoneAnswersCreate lets a developer write to the clinic as the client would.
func (a *App) phoneAnswersCreate(c echo.Context) error {
	err := a.Phone.Answer(c.Request().Context(), a.Config.BaseURL, c.Param("id"), c.FormValue("body"))
	if errors.Is(err, texts.ErrNotFound) {
		return db.ErrNotFound
	}
	if err != nil {
		return err
	}

	return a.seeOther(c, "/dev/mailbox/texts", "The answer was sent to the clinic. It is under Messages.")
}

func (a *App) mailboxDestroy(c echo.Context) error {
	if err := a.Mailbox.Delete(c.Param("id")); errors.Is(err, mailbox.ErrNotFound) {
		return db.ErrNotFound
	} else if err != nil {
		return err
	}

	return a.seeOther(c, "/dev/mailbox", "The message is deleted.")
}

func (a *App) mailboxClear(c echo.Context) error {
	if err := a.Mailbox.Clear(); err != nil {
		return err
	}

	return a.seeOther(c, "/dev/mailbox", "The mailbox is empty.")
}

func (a *App) mail(c echo.Context) (mailbox.Mail, error) {
	mail, err := a.Mailbox.Get(c.Param("id"))
	if errors.Is(err, mailbox.ErrNotFound) {
		return mail, db.ErrNotFound
	}
	return mail, err
}

func mailRow(mail mailbox.Mail) views.MailRow {
	return views.MailRow{ID: mail.ID, At: mail.At, From: mail.From, To: mail.To, Subject: mail.Subject}
}
