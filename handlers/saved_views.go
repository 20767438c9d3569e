package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/db/grid"
	"purplecross/views"
)

// gridPlace is where a list stands and who may see it, for those who only know its name.
type gridPlace struct {
	path     string
	ability  db.Ability
	resource grid.Resource
	list     views.List
}

// grid adds a list: its page, the file of what that shows, and the views that its questions can be saved as.
func (r router) grid(ability db.Ability, path string, resource grid.Resource, list views.List) {
	r.GET(ability, path, r.app.gridIndex(resource, list))
	r.gridFiles(ability, path, resource, list)
	r.GET(ability, path+rowsPath, r.app.gridRows(resource, list))
	r.GET(ability, path+snapshotPath, r.app.gridSnapshot(resource))
	r.GET(ability, path+labelsPath, r.app.gridLabels(resource))
	r.GET(ability, path+footPath, r.app.gridFoot(resource, list))
	r.GET(ability, path+placePath, r.app.gridPlace(resource))
	r.GET(ability, path+columnsPath, r.app.gridColumns(resource, list))
	r.GET(ability, path+filterPath, r.app.gridFilter(resource, list))
	r.GET(ability, path+cellFilterPath, r.app.gridCellFilter(resource))
	if panel := sidePanels[resource.Name]; panel != nil {
		r.GET(ability, path+"/:id/panel", r.app.gridPanel(resource, panel))
	}
	if resource.Editable() {
		editors := db.Ability(resource.EditNeeds)
		r.GET(editors, path+cellsPath, r.app.cellsEdit(resource, list))
		r.POST(editors, path+cellsPath, r.app.cellsUpdate(resource, list))
		r.POST(editors, path+pastesPath+"/new", r.app.pastesNew(resource, list))
		r.POST(editors, path+pastesPath, r.app.pastesCreate(resource, list))
	}
	r.app.grids[resource.Name] = gridPlace{path: path, ability: ability, resource: resource, list: list}
}

// gridSeen is a list with the columns that the reader may see and the choices that it has now.
func (a *App) gridSeen(c echo.Context, resource grid.Resource) (grid.Resource, error) {
	able := func(ability string) bool { return viewer(c).Can(db.Ability(ability)) }
	return resource.For(able).WithChoices(c.Request().Context(), a.Pool)
}

// gridNamed is a list by its name, for those who may see it.
func (a *App) gridNamed(c echo.Context, name string) (gridPlace, error) {
	place, known := a.grids[name]
	switch {
	case !known:
		return place, db.ErrNotFound
	case !viewer(c).Can(place.ability):
		return place, echo.NewHTTPError(http.StatusForbidden)
	}
	return place, nil
}

// savedView is the view of the path, and its list.
func (a *App) savedView(c echo.Context, get func(context.Context, db.Conn, int64, int64) (db.SavedView, error)) (db.SavedView, gridPlace, error) {
	id, err := idParam(c, "id")
	if err != nil {
		return db.SavedView{}, gridPlace{}, err
	}
	view, err := get(c.Request().Context(), a.Pool, viewer(c).ID, id)
	if err != nil {
		return view, gridPlace{}, err
	}
	place, err := a.gridNamed(c, view.Resource)
	return view, place, err
}

// savedViewToChange is savedView for those who may change it.
func (a *App) savedViewToChange(c echo.Context, get func(context.Context, db.Conn, int64, int64) (db.SavedView, error)) (db.SavedView, gridPlace, error) {
	view, place, err := a.savedView(c, get)
	if err == nil && !view.ChangedBy(viewer(c).ID, viewer(c).Role) {
		err = echo.NewHTTPError(http.StatusForbidden, "This view is shared with the clinic: a manager changes it. Duplicate it to have your own.")
	}
	return view, place, err
}

// mayShare refuses to share a view, or to stop it, for whom that is not.
func mayShare(c echo.Context, before, after bool) error {
	if before != after && !viewer(c).Can(db.AbleConfigure) {
		return echo.NewHTTPError(http.StatusForbidden, "A manager shares views with the clinic.")
	}
	return nil
}

// askedQuery is a question in the form that is stored. What a list would refuse cannot be saved.
func (a *App) askedQuery(c echo.Context, resource grid.Resource, query string) (string, error) {
	seen, err := a.gridSeen(c, resource)
	if err != nil {
		return "", err
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return "", db.Invalid{"": "The list's address cannot be read. Open the list again and save it from there."}
	}
	question, refused := grid.Ask(&seen, values)
	if len(refused) > 0 {
		return "", db.Invalid{"": "This list cannot be saved as a view. " + refused[0].Sentence}
	}
	return question.WithView(0).Encode(), nil
}

func (a *App) viewsCreate(c echo.Context) error {
	ctx := c.Request().Context()
	values := readValues(c, []string{"resource", "name", "query"}, "")
	place, err := a.gridNamed(c, values["resource"])
	if err != nil {
		return err
	}
	view := db.SavedView{
		Resource: place.resource.Name, Name: values["name"], Query: values["query"], OwnerID: viewer(c).ID,
		Shared: c.FormValue("shared") != "", Default: c.FormValue("default") != "",
	}
	if err := mayShare(c, false, view.Shared); err != nil {
		return err
	}

	var wrong db.Invalid
	if view.Query, err = a.askedQuery(c, place.resource, values["query"]); err == nil {
		var added db.SavedView
		if added, err = db.AddSavedView(ctx, a.Pool, view); err == nil {
			return a.seeOther(c, viewHref(place, added.ID), "The view “"+added.Name+"” is saved.")
		}
	}
	if errors.As(err, &wrong) {
		view.Query = values["query"]
		return a.viewPage(c, http.StatusUnprocessableEntity, place, views.SavedViewPageProps{View: view, Errors: wrong})
	}
	return err
}

func (a *App) viewsEdit(c echo.Context) error {
	view, place, err := a.savedView(c, db.GetSavedView)
	if err != nil {
		return err
	}
	return a.viewPage(c, http.StatusOK, place, views.SavedViewPageProps{View: view})
}

// viewsUpdate renames a view, shares it or stops that.
func (a *App) viewsUpdate(c echo.Context) error {
	saved, place, err := a.savedViewToChange(c, db.GetSavedView)
	if err != nil {
		return err
	}
	view := saved
	view.Name, view.Version = readValues(c, []string{"name"}, "")["name"], formVersion(c)
	if viewer(c).Can(db.AbleConfigure) { // others' forms have no box for it
		view.Shared = c.FormValue("shared") != ""
	}

	after, err := db.SaveSavedView(c.Request().Context(), a.Pool, viewer(c).ID, view)
	var wrong db.Invalid
	switch {
	case errors.As(err, &wrong):
		return a.viewPage(c, http.StatusUnprocessableEntity, place, views.SavedViewPageProps{View: view, Errors: wrong})
	case errors.Is(err, db.ErrStale):
		view.Version = saved.Version
		return a.viewPage(c, http.StatusConflict, place, views.SavedViewPageProps{View: view, Theirs: &saved})
	case err != nil:
		return err
	}

	if !after.Shared && after.OwnerID != viewer(c).ID {
		return a.seeOther(c, place.path, "The view “"+after.Name+"” is "+after.Owner+"’s alone now.")
	}
	return a.seeOther(c, viewHref(place, view.ID), "The view “"+after.Name+"” is saved.")
}

// viewQuestionsCreate saves a changed question into its view.
func (a *App) viewQuestionsCreate(c echo.Context) error {
	view, place, err := a.savedViewToChange(c, db.GetSavedView)
	if err != nil {
		return err
	}
	view.Version = formVersion(c)
	if view.Query, err = a.askedQuery(c, place.resource, readValues(c, []string{"query"}, "")["query"]); err != nil {
		return err
	}

	if _, err = db.SaveSavedView(c.Request().Context(), a.Pool, viewer(c).ID, view); err != nil {
		return err
	}

	return a.seeOther(c, viewHref(place, view.ID), "The view “"+view.Name+"” shows this from now on.")
}

func (a *App) viewDefaultsCreate(c echo.Context) error {
	view, place, err := a.savedView(c, db.GetSavedView)
	if err != nil {
		return err
	}

	if err := db.SetDefaultView(c.Request().Context(), a.Pool, viewer(c).ID, view.ID); err != nil {
		return err
	}

	return a.seeOtherUndo(c, viewHref(place, view.ID), place.list.Title+" begins with “"+view.Name+"” for you.", viewPath(view.ID)+"/default/delete")
}

func (a *App) viewDefaultsDestroy(c echo.Context) error {
	view, place, err := a.savedView(c, db.GetSavedView)
	if err != nil {
		return err
	}

	if err := db.UnsetDefaultView(c.Request().Context(), a.Pool, viewer(c).ID, view.ID); err != nil {
		return err
	}

	return a.seeOther(c, viewHref(place, view.ID), place.list.Title+" no longer begins with “"+view.Name+"” for you.")
}

func (a *App) viewCopiesCreate(c echo.Context) error {
	view, _, err := a.savedView(c, db.GetSavedView)
	if err != nil {
		return err
	}

	added, err := db.CopySavedView(c.Request().Context(), a.Pool, viewer(c).ID, view.ID)
	if err != nil {
		return err
	}

	return a.seeOther(c, viewPath(added.ID)+"/edit", "This copy is yours alone. Give it a name.")
}

func (a *App) viewsDestroy(c echo.Context) error {
	view, place, err := a.savedViewToChange(c, db.GetSavedView)
	if err != nil {
		return err
	}

	if err := db.DeleteSavedView(c.Request().Context(), a.Pool, view); err != nil {
		return err
	}

	return a.seeOtherUndo(c, place.path, "The view “"+view.Name+"” is deleted.", viewPath(view.ID)+"/restoration")
}

// viewRestorationsCreate takes a deletion back.
func (a *App) viewRestorationsCreate(c echo.Context) error {
	view, place, err := a.savedViewToChange(c, db.GetDeletedView)
	if err != nil {
		return err
	}

	err = db.RestoreSavedView(c.Request().Context(), a.Pool, view)
	if taken := (db.Invalid{}); errors.As(err, &taken) {
		return echo.NewHTTPError(http.StatusUnprocessableEntity, "Another view has this name by now. Rename that one, then press Undo again.")
	}
	if err != nil {
		return err
	}

	return a.seeOther(c, viewHref(place, view.ID), "The view “"+view.Name+"” is back.")
}

// viewPage shows a view's page: what it asks, and what the reader may do with it.
func (a *App) viewPage(c echo.Context, status int, place gridPlace, props views.SavedViewPageProps) error {
	seen, err := a.gridSeen(c, place.resource)
	if err != nil {
		return err
	}
	if values, err := url.ParseQuery(props.View.Query); err == nil {
		question, refused := grid.Ask(&seen, values)
		props.Asks = questionWords(question)
		for _, refusal := range refused {
			props.Asks = append(props.Asks, refusal.Sentence)
		}
	}
	props.List, props.Href = place.list.Title, place.path
	props.Change = props.View.ChangedBy(viewer(c).ID, viewer(c).Role)
	props.CanShare = viewer(c).Can(db.AbleConfigure)

	return a.pageStatus(c, status, views.Head{Title: "Saved view", Nav: place.list.Nav}, views.SavedViewPage(props))
}

// viewHref is the list with a view's question.
func viewHref(place gridPlace, id int64) string {
	return place.path + "?view=" + strconv.FormatInt(id, 10)
}

func viewPath(id int64) string { return "/views/" + strconv.FormatInt(id, 10) }
