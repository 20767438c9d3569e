package handlers

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/db/grid"
	"purplecross/views/ui"
)

// gridSaved is what a list knows of its saved views when it is asked for.
type gridSaved struct {
	views    []db.SavedView // that the reader may use
	current  *db.SavedView  // the one that the question began with
	canShare bool
	reader   int64
	role     db.Role
}

// gridSaved reads the views of a list. A question that began with one that the reader may not use is not there.
func (a *App) gridSaved(c echo.Context, question grid.Question) (gridSaved, error) {
	person := viewer(c)
	saved := gridSaved{canShare: person.Can(db.AbleConfigure), reader: person.ID, role: person.Role}
	var err error
	saved.views, err = db.ListSavedViews(c.Request().Context(), a.Pool, person.ID, question.Resource.Name)
	if err != nil {
		return saved, err
	}
	if question.View > 0 {
		at := slices.IndexFunc(saved.views, func(v db.SavedView) bool { return v.ID == question.View })
		if at < 0 {
			return saved, db.ErrNotFound
		}
		saved.current = &saved.views[at]
	}
	return saved, nil
}

// opens is the view whose question an address stands for: the one it names and says nothing else, or the reader's
// default when it is bare.
func (s gridSaved) opens(query url.Values) *db.SavedView {
	if len(query) > 0 {
		if grid.OnlyView(query) {
			return s.current
		}
		return nil
	}
	if at := slices.IndexFunc(s.views, func(v db.SavedView) bool { return v.Default }); at >= 0 {
		return &s.views[at]
	}
	return nil
}

// ask reads a view's question. Columns that are gone since are refused like those of any address.
func (s gridSaved) ask(resource *grid.Resource, view db.SavedView) (grid.Question, []grid.Refusal) {
	values, _ := url.ParseQuery(view.Query)
	question, refused := grid.Ask(resource, values)
	return question.WithView(view.ID), refused
}

// href is the whole address of a view: its question and its number. What it asks in vain stands there too, so that the
// list says so.
func (s gridSaved) href(path string, resource *grid.Resource, view db.SavedView) string {
	question, refused := s.ask(resource, view)
	if len(refused) == 0 {
		return gridHref(path, question)
	}
	return path + "?" + view.Query + "&view=" + strconv.FormatInt(view.ID, 10)
}

// props is the menu of views, and how the question stands to the one that it began with.
func (s gridSaved) props(path string, asked grid.Question) ui.GridViews {
	resource := asked.Resource
	menu := ui.GridViews{
		Create: "/views", CanShare: s.canShare,
		Fields: []ui.GridField{{Name: "resource", Value: resource.Name}, {Name: "query", Value: asked.WithView(0).Encode()}},
	}
	for _, view := range s.views {
		menu.Items = append(menu.Items, ui.GridView{
			Name: view.Name, Href: s.href(path, resource, view), Note: s.note(view), Current: s.current != nil && view.ID == s.current.ID,
		})
	}
	all := path
	if s.opens(nil) != nil {
		all += "?view=none" // a bare address would open the default
	}
	menu.All = all
	if s.current == nil {
		return menu
	}
	own, refused := s.ask(resource, *s.current)
	menu.Current, menu.Manage = s.current.Name, viewPath(s.current.ID)+"/edit"
	menu.Changed = len(refused) > 0 || own.WithClosed(grid.Closed{}).Encode() != asked.WithClosed(grid.Closed{}).WithView(s.current.ID).Encode()
	if len(refused) == 0 {
		menu.Revert = gridHref(path, own)
	}
	if s.current.ChangedBy(s.reader, s.role) {
		menu.Save, menu.Version = viewPath(s.current.ID)+"/question", s.current.Version
	}
	return menu
}

// note says whose a view is, and whether the reader begins with it.
func (s gridSaved) note(view db.SavedView) string {
	var said []string
	switch {
	case view.Shared && view.OwnerID == s.reader:
		said = append(said, "Shared by you")
	case view.Shared:
		said = append(said, "Shared by "+view.Owner)
	}
	if view.Default {
		said = append(said, "You begin with it")
	}
	return strings.Join(said, " · ")
}

// questionWords says what a question asks, a line for each part of it.
func questionWords(question grid.Question) []string {
	var said []string
	if question.Search != "" {
		said = append(said, "Found by “"+question.Search+"”")
	}
	for _, node := range question.Filter {
		said = append(said, node.Words())
	}
	for _, term := range question.Order {
		said = append(said, "Sorted by "+orderWords(question.Resource.Column(term.Key), term.Desc))
	}
	for i, group := range question.Groups {
		words := "Grouped by "
		if i > 0 {
			words = "Then by "
		}
		said = append(said, words+group.Words(question.Resource.Column(group.Key)))
	}
	for _, foot := range question.Foot {
		column := question.Resource.Column(foot.Key)
		said = append(said, "Below "+column.Name()+": "+strings.ToLower(footLabel(column, foot.Op)))
	}
	if question.Columns != nil {
		var labels []string
		for _, column := range question.Showing() {
			labels = append(labels, column.Label)
		}
		said = append(said, "With the columns "+strings.Join(labels, ", "))
	}
	return append(said, arrangementWords(question)...)
}
