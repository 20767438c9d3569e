package handlers

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/views"
)

const (
	searchPageHits  = 50
	searchBoxHits   = 7
	longestQuestion = 100 // as the box's maxlength
)

// searchShow is the list without JavaScript. One exact find is opened at once: Enter after typing is one step.
func (a *App) searchShow(c echo.Context) error {
	q := searchText(c)

	result, err := db.Search(c.Request().Context(), a.Pool, q, searchPageHits)
	if err != nil {
		return err
	}

	if len(result.Hits) == 1 && !result.Near {
		return c.Redirect(http.StatusSeeOther, fmt.Sprintf("/clients/%d", result.Hits[0].ID))
	}
	return a.page(c, views.Head{Title: "Search"}, views.SearchPage(views.SearchPageProps{Query: q, Result: result}))
}

// searchSuggestions is what stands under the search box while one types.
func (a *App) searchSuggestions(c echo.Context) error {
	q := searchText(c)

	result, err := db.Search(c.Request().Context(), a.Pool, q, searchBoxHits)
	if err != nil {
		return err
	}

	return a.fragment(c, views.SearchSuggestions(views.SearchSuggestionsProps{Query: q, Result: result}))
}

func searchText(c echo.Context) string {
	q := []rune(strings.TrimSpace(c.QueryParam("q")))
	return strings.TrimSpace(string(q[:min(len(q), longestQuestion)]))
}
