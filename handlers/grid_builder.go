package handlers

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"purplecross/db/grid"
	"purplecross/views"
	"purplecross/views/ui"
)

// filterPath is the page that puts conditions and groups of them together. It is a form that sends all of itself with
// every step; the last step shows the list.
const filterPath = "/filter"

func (a *App) gridFilter(resource grid.Resource, list views.List) echo.HandlerFunc {
	return func(c echo.Context) error {
		query := c.QueryParams()
		open := takeOpen(query)
		sent, do := takeBuilder(query)
		question, refused, err := a.gridQuestion(c, resource)
		if err != nil {
			return err
		}

		root := builderOf(question)
		if len(sent) > 0 {
			root = readBuilder(sent)
		}
		root.change(do)
		asked, whole := root.ask(question)
		path := strings.TrimSuffix(c.Request().URL.Path, filterPath)
		if do == "apply" && whole {
			return c.Redirect(http.StatusSeeOther, withOpen(gridHref(path, asked), open))
		}

		view := gridView{path: path, question: question, list: list, refused: refused, open: open}
		props := view.builder(root, asked, do == "apply")
		if props.Count, err = a.builderCount(c, asked); err != nil {
			return err
		}
		status := http.StatusOK
		switch {
		case len(refused) > 0:
			status = http.StatusBadRequest
		case do == "apply":
			status = http.StatusUnprocessableEntity
		}
		return a.pageStatus(c, status, views.Head{Title: "Filter " + list.Title, Nav: list.Nav},
			views.FilterPage(views.FilterPageProps{List: list, Href: view.href(question), Filter: props}),
			views.Part{ID: "builder", View: ui.Builder(props)})
	}
}

// builderCount says how many rows the conditions find, for as long as somebody who types may wait.
func (a *App) builderCount(c echo.Context, asked grid.Question) (ui.GridCountProps, error) {
	n, known, err := grid.NewPlan(asked, a.today()).Count(c.Request().Context(), a.Pool, gridCounted+1, 5*gridPatience)
	resource := asked.Resource
	return ui.GridCountProps{N: min(n, gridCounted), Exact: known && n <= gridCounted, One: resource.One, Many: resource.Many}, err
}

// takeBuilder takes the form's fields out of a query: those with a dot, by the path of the part that they are of, and
// the step to do. No parameter of a question has a dot.
func takeBuilder(query url.Values) (sent map[string]url.Values, do string) {
	do = query.Get("do")
	delete(query, "do")
	sent = map[string]url.Values{}
	for name, values := range query {
		field, path, dotted := strings.Cut(name, ".")
		if !dotted {
			continue
		}
		delete(query, name)
		if sent[path] == nil {
			sent[path] = url.Values{}
		}
		for _, value := range values {
			sent[path].Add(field, strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(value, "\x00", ""), "")))
		}
	}
	return sent, do
}

// builder is the form as its parts are now; with said, what is wrong with each of them.
func (v gridView) builder(root *builderPart, asked grid.Question, said bool) ui.BuilderProps {
	props := ui.BuilderProps{
		Form: v.path + filterPath, Back: v.href(v.question), Many: v.question.Resource.Many,
		Root: root.props(v.question.Resource, "f", 0, said),
	}
	for _, field := range v.question.WithFilter(nil).Fields() {
		props.Kept = append(props.Kept, ui.GridField{Name: field.Name, Value: field.Value})
	}
	if v.open != 0 {
		_, open, _ := strings.Cut(withOpen("", v.open), "=")
		props.Kept = append(props.Kept, ui.GridField{Name: "open", Value: open})
	}
	if len(asked.Filter) > 0 {
		props.Sentence = grid.Group{How: "all", Nodes: asked.Filter}.Words() + "."
	}
	for _, refusal := range v.refused {
		props.Refused = append(props.Refused, refusal.Sentence)
	}
	if root.wrong != "" && said {
		props.Refused = append(props.Refused, root.wrong)
	}
	return props
}
