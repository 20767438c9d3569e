package handlers

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/jobs"
	"purplecross/views"
	"purplecross/views/emails"
)

// plansShow says what a day will send: tomorrow, unless another is asked for.
func (a *App) plansShow(c echo.Context) error {
	today := a.today()
	day := today.AddDate(0, 0, 1)
	if asked := c.QueryParam("day"); asked != "" {
		var err error
		day, err = time.ParseInLocation(time.DateOnly, asked, a.Zone)
		if err != nil || day.Before(today) || day.After(today.AddDate(0, 1, 0)) {
			return echo.NewHTTPError(http.StatusBadRequest, "The plan shows a day from today to a month ahead, like "+today.AddDate(0, 0, 1).Format(time.DateOnly)+".")
		}
	}

	ctx := c.Request().Context()
	planned, err := db.PlanReminders(ctx, a.Pool, day, a.Now().In(a.Zone))
	if err != nil {
		return err
	}
	quiet, err := db.GetMessageSettings(ctx, a.Pool)
	if err != nil {
		return err
	}
	props := views.PlanPageProps{Day: day, Today: today, Quiet: quiet}
	if props.Messages, err = a.plannedLetters(ctx, planned); err != nil {
		return err
	}

	return a.page(c, views.Head{Title: "What goes out", Nav: "reminders"}, views.PlanPage(props))
}

// lettersShown is how many planned messages are written out in full: more than a person reads.
const lettersShown = 200

func (a *App) plannedLetters(ctx context.Context, planned []db.PlannedMessage) ([]views.PlannedLetter, error) {
	type worded struct {
		kind    db.MessageKind
		channel db.Channel
	}
	wordings := map[worded]emails.Wording{}
	letters := make([]views.PlannedLetter, 0, len(planned))
	for i, message := range planned {
		letter := views.PlannedLetter{PlannedMessage: message}
		if message.Why == "" && i < lettersShown {
			as := worded{message.Kind, message.To.Way().Channel}
			wording, read := wordings[as]
			if !read {
				var err error
				if wording, err = jobs.WordingOf(ctx, a.Pool, as.kind, as.channel); err != nil {
					return nil, err
				}
				wordings[as] = wording
			}
			says := jobs.LetterOf(message.Kind, wording, message.Facts(), message.At)
			if letter.Text = says.TextMessage(); as.channel != db.ChannelSMS {
				letter.Subject, letter.Text = says.Subject(), says.Text()
			}
		}
		letters = append(letters, letter)
	}
	return letters, nil
}

// callsListed is how many calls the list shows: a morning's work.
const callsListed = 200

func (a *App) callsIndex(c echo.Context) error {
	calls, err := db.CallList(c.Request().Context(), a.Pool, a.Now(), callsListed)
	if err != nil {
		return err
	}

	return a.page(c, views.Head{Title: "Call list", Nav: "reminders"}, views.CallsPage(views.CallsPageProps{Calls: calls}))
}

// callsCreate notes that a household was called.
func (a *App) callsCreate(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}

	if err := db.MarkCalled(c.Request().Context(), a.Pool, id); err != nil {
		return err
	}

	back := c.FormValue("back")
	if !localPath(back) {
		back = "/reminders/calls"
	}
	return a.seeOtherUndo(c, back, "Noted: the client was called.", "/clients/"+c.Param("id")+"/calls/delete")
}

func (a *App) callsDestroy(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}

	if err := db.UnmarkCalled(c.Request().Context(), a.Pool, id); err != nil {
		return err
	}

	return a.seeOther(c, "/reminders/calls", "The client is on the call list again.")
}

// addPlan adds to a visit's page its next reminder, and what the client has to be called about.
func (a *App) addPlan(ctx context.Context, props *views.VisitPageProps) error {
	next, err := db.NextReminders(ctx, a.Pool, deref(props.Visit.ClientID), a.Now().In(a.Zone))
	if err != nil {
		return err
	}
	if reminder, is := next[props.Visit.ID]; is {
		props.Planned = []db.VisitToRemind{reminder}
	}
	calls, err := db.CallsOf(ctx, a.Pool, deref(props.Visit.ClientID), a.Now())
	props.Calls = slices.DeleteFunc(calls, func(call db.Call) bool { return deref(call.AppointmentID) != props.Visit.ID })
	return err
}

// remindersCreate sends a visit's next reminder before its time.
func (a *App) remindersCreate(c echo.Context) error {
	visit, err := a.visit(c)
	if err != nil {
		return err
	}

	ctx := c.Request().Context()
	err = db.InTx(ctx, a.Pool, func(tx pgx.Tx) error {
		message, err := db.RemindNow(ctx, tx, visit.ID, a.Now().In(a.Zone))
		if err != nil {
			return err
		}
		return a.Jobs.EnqueueMessage(ctx, tx, message.ID)
	})
	if invalid := db.Invalid(nil); errors.As(err, &invalid) {
		return echo.NewHTTPError(http.StatusConflict, "The reminder is not sent. "+invalid[""])
	}
	if err != nil {
		return err
	}

	return a.seeOther(c, visitPath(visit.ID), "The reminder is being sent.")
}

// copiesCreate sends a message once more.
func (a *App) copiesCreate(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}

	ctx := c.Request().Context()
	var again db.Message
	err = db.InTx(ctx, a.Pool, func(tx pgx.Tx) error {
		var err error
		if again, err = db.SendAgain(ctx, tx, id, a.Now()); err != nil {
			return err
		}
		return a.Jobs.EnqueueMessage(ctx, tx, again.ID)
	})
	if invalid := db.Invalid(nil); errors.As(err, &invalid) {
		return a.messagePage(c, http.StatusUnprocessableEntity, invalid[""])
	}
	if err != nil {
		return err
	}

	return a.seeOther(c, views.MessageHref(again.ID), "The message is being sent again.")
}
