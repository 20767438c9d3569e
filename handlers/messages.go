package handlers

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/jackc/pgx/v5"
	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/jobs"
	"purplecross/views"
)

func (a *App) messagesShow(c echo.Context) error {
	if id, err := idParam(c, "id"); err == nil {
		if err := a.readAbout(c, "message", id); err != nil {
			return err
		}
	}
	return a.messagePage(c, http.StatusOK, "")
}

// deliveriesCreate takes a message up again because a person asks for it.
func (a *App) deliveriesCreate(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}

	ctx := c.Request().Context()
	err = db.InTx(ctx, a.Pool, func(tx pgx.Tx) error {
		return a.Jobs.SendNow(ctx, tx, id, a.Now())
	})
	if invalid := db.Invalid(nil); errors.As(err, &invalid) {
		return a.messagePage(c, http.StatusUnprocessableEntity, invalid[""])
	}
	if err != nil {
		return err
	}

	return a.seeOther(c, views.MessageHref(id), "The message is being sent.")
}

func (a *App) messagePage(c echo.Context, status int, said string) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}
	message, err := db.GetMessage(c.Request().Context(), a.Pool, id)
	if err != nil {
		return err
	}

	props := views.MessagePageProps{Message: message, Subject: message.Subject, Text: message.Body, Error: said}
	if err := a.addLetter(c, &props); err != nil {
		return err
	}
	if message.Retryable() || message.SentAt != nil {
		why, _, err := db.WhyNotSend(c.Request().Context(), a.Pool, message, a.Now())
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return err
		}
		props.Blocked = why != "" || err != nil
	}
	if err := a.addDelivery(c, &props); err != nil {
		return err
	}
	head := views.Head{Title: views.MessageWord(message.Kind), Nav: "messages"}
	return a.pageStatus(c, status, head, views.MessagePage(props))
}

// addLetter writes what a message that has not gone out would say now.
func (a *App) addLetter(c echo.Context, props *views.MessagePageProps) error {
	message := props.Message
	if message.Body != "" || message.Kind == db.MessageReport {
		return nil
	}
	ctx := c.Request().Context()
	facts, err := db.GetMessageFacts(ctx, a.Pool, message, a.Now())
	if errors.Is(err, db.ErrNotFound) || err == nil && len(facts.Visits)+len(facts.Care) == 0 && facts.Proof == nil && facts.Mailing == nil {
		return nil
	}
	if err != nil {
		return err
	}
	channel := facts.Way().Channel
	if message.Settled() { // nothing is decided any more
		channel = db.Channel(message.Channel)
	}
	wording, err := jobs.MessageWording(ctx, a.Pool, message.Kind, facts, channel)
	if err != nil {
		return err
	}
	if channel == db.ChannelSMS {
		props.Text = jobs.WriteText(message.Kind, wording, facts, a.Now().In(a.Zone))
		return nil
	}
	letter, err := jobs.WriteLetter(ctx, message.Kind, wording, facts, "", a.Now().In(a.Zone))
	if err != nil {
		return fmt.Errorf("preview message %d: %w", message.ID, err)
	}
	props.Subject, props.Text = letter.Subject, letter.Text
	return nil
}

// addDelivery finds the message's job, and its copy in the development mailbox.
func (a *App) addDelivery(c echo.Context, props *views.MessagePageProps) error {
	message := props.Message
	if message.JobID != nil {
		job, err := db.GetJob(c.Request().Context(), a.Pool, *message.JobID)
		if err == nil {
			props.Job = &job
		} else if !errors.Is(err, db.ErrNotFound) {
			return err
		}
	}
	if a.Mailbox == nil || message.Status != db.MessageSent || message.MessageID == nil {
		return nil
	}
	mails, err := a.Mailbox.List()
	if err != nil {
		return err
	}
	for _, mail := range mails {
		if mail.MessageID == *message.MessageID {
			props.MailboxHref = "/dev/mailbox/" + mail.ID
			break
		}
	}
	return nil
}
