package handlers

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/views"
)

const importDuplicatesShown = 20

func (a *App) importDuplicatesIndex(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	after, _ := strconv.ParseInt(c.QueryParam("after"), 10, 64)

	props := views.ImportDuplicatesPageProps{After: max(after, 0)}
	if props.Batch, err = db.GetImport(ctx, a.Pool, id); err != nil {
		return err
	}
	if props.All, err = db.ListImportDuplicates(ctx, a.Pool, id, props.After, importDuplicatesShown+1); err != nil {
		return err
	}
	if _, _, props.Undecided, _, err = db.ImportRowsLeft(ctx, a.Pool, id); err != nil {
		return err
	}

	if len(props.All) > importDuplicatesShown {
		props.All, props.More = props.All[:importDuplicatesShown], true
	}
	return a.page(c, views.Head{Title: "Who may be here already", Nav: "imports"}, views.ImportDuplicatesPage(props))
}

func (a *App) importDuplicatesUpdate(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}
	form, err := c.FormParams()
	if err != nil {
		return echo.NewHTTPError(http.StatusBadRequest)
	}
	choices := map[int64]string{}
	for name, values := range form {
		number, is := strings.CutPrefix(name, "choice_")
		one, err := strconv.ParseInt(number, 10, 64)
		if !is {
			continue
		}
		if err != nil || !slices.Contains(db.ImportChoices, values[0]) {
			return echo.NewHTTPError(http.StatusBadRequest)
		}
		choices[one] = values[0]
	}
	every := c.FormValue("every")
	if every != "" && !slices.Contains(db.ImportChoices, every) {
		return echo.NewHTTPError(http.StatusBadRequest)
	}

	if err := db.ChooseImportDuplicates(c.Request().Context(), a.Pool, id, choices, every); err != nil {
		return err
	}

	return a.seeOther(c, importPath(id), "Your choices are saved. They hold when the file is imported, or when the rows left out are tried again.")
}
