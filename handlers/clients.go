package handlers

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/views"
)

// How much of a household's past its page shows.
const (
	clientVisits   = 10
	clientMessages = 10
	clientHistory  = 20
)

func (a *App) clientsNew(c echo.Context) error {
	ctx := c.Request().Context()
	props := views.ClientNewPageProps{Form: views.FormProps{Values: valuesOfSearch(searchText(c))}}

	var err error
	if props.Breeds, err = db.CommonBreeds(ctx, a.Pool); err != nil {
		return err
	}
	if props.Matches, err = db.MatchingClients(ctx, a.Pool, clientLike(props.Form.Values)); err != nil {
		return err
	}

	return a.page(c, views.Head{Title: "New client", Nav: "clients"}, views.ClientNewPage(props))
}

// clientsCreate adds the household and its first pet. Who seems to be on file already is asked about once.
func (a *App) clientsCreate(c echo.Context) error {
	ctx := c.Request().Context()
	values := readNewClient(c)
	client, wrong := clientFrom(values, db.Client{}, a.Now())
	pet, petWrong := firstPet(values, a.civilToday())
	maps.Copy(wrong, petWrong)
	matches, err := db.MatchingClients(ctx, a.Pool, clientLike(values))
	if err != nil {
		return err
	}
	ask := c.FormValue("create_anyway") != "true" && slices.ContainsFunc(matches, db.ClientMatch.Strong)
	if len(wrong) > 0 || ask {
		return a.clientsInvalid(c, views.ClientNewPageProps{Form: views.FormProps{Values: values, Errors: wrong}, Matches: matches, Ask: ask})
	}

	client, added, err := db.AddHousehold(ctx, a.Pool, client, pet)
	if errors.As(err, &wrong) {
		return a.clientsInvalid(c, views.ClientNewPageProps{Form: views.FormProps{Values: values, Errors: wrong}, Matches: matches})
	}
	if err != nil {
		return err
	}

	if pet != nil && c.FormValue("next") == "book" {
		return a.seeOther(c, fmt.Sprintf("/appointments/new?patient=%d", added.ID), "The household is saved. Now book the visit.")
	}
	return a.seeOther(c, fmt.Sprintf("/clients/%d", client.ID), "The household is saved.")
}

func (a *App) clientsInvalid(c echo.Context, props views.ClientNewPageProps) error {
	var err error
	if props.Breeds, err = db.CommonBreeds(c.Request().Context(), a.Pool); err != nil {
		return err
	}
	if props.Ask && len(props.Form.Errors) == 0 {
		props.Form.Errors = map[string]string{"create_anyway": "This household is probably on file already. Open it, or tick “Create anyway”."}
	}
	return a.pageStatus(c, http.StatusUnprocessableEntity, views.Head{Title: "New client", Nav: "clients"}, views.ClientNewPage(props))
}

// clientMatchesCreate looks for a household like the one that is being typed. It is a POST, so that no name or number
// stands in an address.
func (a *App) clientMatchesCreate(c echo.Context) error {
	values := readNewClient(c)

	matches, err := db.MatchingClients(c.Request().Context(), a.Pool, clientLike(values))
	if err != nil {
		return err
	}

	asked := c.FormValue("asked") == "true" && slices.ContainsFunc(matches, db.ClientMatch.Strong)
	return a.fragment(c, views.ClientMatches(views.ClientMatchesProps{Matches: matches, Ask: asked}))
}

func (a *App) clientsShow(c echo.Context) error {
	ctx := c.Request().Context()
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}

	var p views.ClientPageProps
	if p.Client, err = db.GetClient(ctx, a.Pool, id); err != nil {
		return err
	}
	if p.Pets, err = db.HouseholdPets(ctx, a.Pool, id); err != nil {
		return err
	}
	p.Upcoming, err = db.UpcomingVisitsOfClient(ctx, a.Pool, id, clientVisits)
	if err = partly(&p.Failed, "upcoming", err); err != nil {
		return err
	}
	p.Past, err = db.PastVisitsOfClient(ctx, a.Pool, id, clientVisits)
	if err = partly(&p.Failed, "past", err); err != nil {
		return err
	}
	p.Messages, err = db.MessagesOfClient(ctx, a.Pool, id, clientMessages)
	if err = partly(&p.Failed, "messages", err); err != nil {
		return err
	}
	next, err := db.NextReminders(ctx, a.Pool, id, a.Now().In(a.Zone))
	if err = partly(&p.Failed, "messages", err); err != nil {
		return err
	}
	p.Planned = views.PlannedInOrder(next)
	p.Calls, err = db.CallsOf(ctx, a.Pool, id, a.Now())
	if err = partly(&p.Failed, "messages", err); err != nil {
		return err
	}
	p.History, err = db.HistoryOfClient(ctx, a.Pool, id, clientHistory)
	if err = partly(&p.Failed, "history", err); err != nil {
		return err
	}
	if p.NoShows, err = db.NoShows(ctx, a.Pool, id); err != nil {
		return err
	}

	return a.page(c, views.Head{Title: p.Client.Name(), Nav: "clients"}, views.ClientPage(p))
}

func (a *App) clientsEdit(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}

	client, err := db.GetClient(c.Request().Context(), a.Pool, id)
	if err != nil {
		return err
	}

	form := views.FormProps{ID: id, Version: client.Version, Values: clientValues(client)}
	return a.page(c, views.Head{Title: "Edit " + client.Name(), Nav: "clients"}, views.ClientFormPage(views.ClientFormPageProps{Form: form, Name: client.Name()}))
}

// clientsUpdate saves the form over the version it was read at. When somebody saved the household since, nothing is
// written: the same form comes back with theirs beside mine.
func (a *App) clientsUpdate(c echo.Context) error {
	ctx := c.Request().Context()
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}
	current, err := db.GetClient(ctx, a.Pool, id)
	if err != nil {
		return err
	}
	version := formVersion(c)
	read, _, _, err := asRead(ctx, a.Pool, "client", id, current, current.Version-version)
	if err != nil {
		return err
	}
	values := readValues(c, clientFields, "")
	takeTheirs(c, values, clientValues(read))
	mine, wrong := clientFrom(values, current, a.Now())
	if len(wrong) > 0 {
		return a.clientUnsaved(c, http.StatusUnprocessableEntity, current, views.FormProps{Version: version, Values: values, Errors: wrong})
	}

	mine.Version = version
	_, err = db.SaveClient(ctx, a.Pool, mine)
	switch {
	case errors.As(err, &wrong):
		return a.clientUnsaved(c, http.StatusUnprocessableEntity, current, views.FormProps{Version: version, Values: values, Errors: wrong})
	case errors.Is(err, db.ErrStale):
		return a.clientStale(c, mine, values)
	case err != nil:
		return err
	}

	return a.seeOther(c, fmt.Sprintf("/clients/%d", id), "The household is saved.")
}

// clientStale shows theirs beside mine, at the version that is saved now: the next save goes through.
func (a *App) clientStale(c echo.Context, mine db.Client, values map[string]string) error {
	ctx := c.Request().Context()
	current, err := db.GetClient(ctx, a.Pool, mine.ID)
	if err != nil {
		return err
	}
	read, saves, known, err := asRead(ctx, a.Pool, "client", mine.ID, current, current.Version-mine.Version)
	if err != nil {
		return err
	}

	var before map[string]string
	if known {
		before = clientValues(read)
	}
	fields := conflictFields(before, clientValues(current), clientValues(mine))
	conflict := conflictOf("household", fmt.Sprintf("/clients/%d", mine.ID), saves, fields)
	return a.clientUnsaved(c, http.StatusConflict, current, views.FormProps{Version: current.Version, Values: values, Conflict: conflict})
}

func (a *App) clientUnsaved(c echo.Context, status int, saved db.Client, form views.FormProps) error {
	form.ID = saved.ID
	return a.pageStatus(c, status, views.Head{Title: "Edit " + saved.Name(), Nav: "clients"},
		views.ClientFormPage(views.ClientFormPageProps{Form: form, Name: saved.Name()}))
}
