package handlers

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/db/grid"
	"purplecross/jobs"
	"purplecross/views"
	"purplecross/views/emails"
	"purplecross/views/ui"
)

const (
	mailingsPath   = "/mailings" // after the list's own path
	mailingsAtMost = 20_000      // rows whose households are written to at once
)

const (
	tooManyToWrite    = "More than 500 rows are chosen, and your role writes to 500 at most. Choose fewer, or ask a manager."
	farTooManyToWrite = "More than 20,000 rows are chosen. Choose fewer: narrow the list with a filter, and write to one part after the other."
)

// mailing is a message to many as its form has it.
type mailing struct {
	chosen     gridChosen
	households []db.MailingTo
	letter     emails.Wording
	text       string
	wrong      db.Invalid
}

func (a *App) readMailing(c echo.Context, resource grid.Resource) (mailing, error) {
	chosen, err := a.gridChosen(c, resource)
	if err != nil {
		return mailing{}, err
	}
	switch {
	case chosen.total > bulkAtOnce && !viewer(c).Can(db.AbleBulk):
		return mailing{}, echo.NewHTTPError(http.StatusForbidden, tooManyToWrite)
	case chosen.total > mailingsAtMost:
		return mailing{}, echo.NewHTTPError(http.StatusUnprocessableEntity, farTooManyToWrite)
	case len(chosen.ids) == 0:
		return mailing{}, echo.NewHTTPError(http.StatusUnprocessableEntity, nothingChosen)
	}
	n := mailing{chosen: chosen, letter: emails.MailingBeginning, text: emails.MailingTextBeginning.Body}
	if n.households, err = db.MailingTargets(c.Request().Context(), a.Pool, resource.Name, chosen.ids); err != nil {
		return n, err
	}
	form, err := c.FormParams()
	if err != nil || !form.Has("body") {
		return n, err
	}
	plain := func(name string) string {
		return strings.TrimSpace(strings.ReplaceAll(c.FormValue(name), "\r\n", "\n"))
	}
	n.letter, n.text = emails.Wording{Subject: plain("subject"), Body: plain("body")}, plain("text")
	n.wrong = emails.CheckMailing(n.letter, n.text)
	if n.texts() == 0 {
		delete(n.wrong, "text") // nobody would read it
	}
	return n, nil
}

// texts is how many households get a text message.
func (n mailing) texts() int {
	texts := 0
	for _, to := range n.households {
		if to.Why == "" && to.Way().Channel == db.ChannelSMS {
			texts++
		}
	}
	return texts
}

// mailingsNew asks what to write, and says how many households get it, which don't, and why.
func (a *App) mailingsNew(resource grid.Resource, list views.List) echo.HandlerFunc {
	return func(c echo.Context) error {
		n, err := a.readMailing(c, resource)
		if err != nil {
			return err
		}

		status := http.StatusOK
		if len(n.wrong) > 0 {
			status = http.StatusUnprocessableEntity
		}
		return a.mailingPage(c, status, list, n)
	}
}

// mailingsCreate has the message written to each household, as work.
func (a *App) mailingsCreate(resource grid.Resource, list views.List) echo.HandlerFunc {
	return func(c echo.Context) error {
		n, err := a.readMailing(c, resource)
		if err != nil {
			return err
		}
		form, err := c.FormParams()
		if err != nil {
			return err
		}
		if len(n.wrong) > 0 || !form.Has("body") {
			return a.mailingPage(c, http.StatusUnprocessableEntity, list, n)
		}

		id, err := a.Jobs.StartMailing(c.Request().Context(), db.Mailing{
			List: resource.Name, Subject: n.letter.Subject, Body: n.letter.Body, TextBody: n.text,
		}, len(n.households), n.chosen.ids)
		if err != nil {
			return err
		}

		return a.seeOther(c, views.WorkHref(id), "")
	}
}

func (a *App) mailingPage(c echo.Context, status int, list views.List, n mailing) error {
	ctx := c.Request().Context()
	resource := n.chosen.question.Resource
	path := a.grids[resource.Name].path
	props := views.MailingPageProps{
		Title: list.Title, Back: gridHref(path, n.chosen.question), Action: path + mailingsPath, Kept: n.chosen.kept(),
		Rows: n.chosen.total, One: resource.One, Many: resource.Many, Households: len(n.households), Texts: n.texts(),
		Subject: n.letter.Subject, Body: n.letter.Body, Text: n.text, Errors: n.wrong,
	}
	reasons := map[string]int{}
	var sample *db.MailingTo
	for i, to := range n.households {
		if to.Why != "" {
			reasons[to.Why]++
			continue
		}
		props.Reached++
		if sample == nil {
			sample = &n.households[i]
		}
	}
	for why, many := range reasons {
		props.Without = append(props.Without, views.MailingReason{Why: why, Households: many})
	}
	slices.SortFunc(props.Without, func(a, b views.MailingReason) int {
		if a.Households != b.Households {
			return b.Households - a.Households
		}
		return strings.Compare(a.Why, b.Why)
	})
	for _, p := range emails.Placeholders(db.MessageMailing) {
		props.Placeholders = append(props.Placeholders, ui.Fact{Term: "{" + p.Name + "}", Value: p.Says})
	}
	if form, _ := c.FormParams(); sample != nil && len(n.wrong) == 0 && form.Has("body") {
		facts := db.MessageFacts{Household: sample.Household}
		patients, err := db.EditValues(ctx, a.Pool, db.PatientsGrid.Name, sample.Patients, nil)
		if err != nil {
			return err
		}
		for _, id := range sample.Patients {
			facts.Pets = append(facts.Pets, patients[id].Name)
		}
		now := a.Now().In(a.Zone)
		letter := jobs.LetterOf(db.MessageMailing, n.letter, facts, now)
		props.Sample = &views.MailingSample{Subject: letter.Subject(), Text: letter.Text()}
		if props.Texts > 0 {
			props.Sample.TextMessage = jobs.WriteText(db.MessageMailing, emails.Wording{Body: n.text}, facts, now)
		}
	}
	return a.pageStatus(c, status, views.Head{Title: "Write to many", Nav: list.Nav}, views.MailingPage(props))
}
