package handlers

import (
	"strconv"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/views"
)

const importIssuesPage = 200

func (a *App) importsShow(c echo.Context) error {
	ctx := c.Request().Context()
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}
	refused := c.QueryParam("rows") != "all"
	after, err := strconv.Atoi(c.QueryParam("after"))
	if err != nil || after < 0 {
		after = 0
	}

	batch, err := db.GetImport(ctx, a.Pool, id)
	if err != nil {
		return err
	}
	issues, err := db.ImportIssues(ctx, a.Pool, id, refused, after, importIssuesPage)
	if err != nil {
		return err
	}

	props := views.ImportPageProps{Batch: batch, Issues: issues, RefusedOnly: refused, More: distinctLines(issues) == importIssuesPage}
	return a.page(c, views.Head{Title: batch.Filename, Nav: "imports"}, views.ImportPage(props))
}

func distinctLines(issues []db.ImportIssue) int {
	lines := 0
	for i, issue := range issues {
		if i == 0 || issue.Line != issues[i-1].Line {
			lines++
		}
	}
	return lines
}
