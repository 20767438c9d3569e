package handlers

import (
	"context"
	"strconv"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/views"
)

func (a *App) errorsShow(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}

	found, err := db.GetErrorReport(c.Request().Context(), a.Pool, id)
	if err != nil {
		return err
	}

	return a.page(c, views.Head{Title: "Error", Nav: "errors"}, views.ErrorPage(views.ErrorPageProps{Error: found}))
}

func (a *App) errorResolutionsCreate(c echo.Context) error {
	return a.markError(c, db.ResolveError, "Resolved. If it comes again, it is open again.")
}

func (a *App) errorIgnoringsCreate(c echo.Context) error {
	return a.markError(c, db.IgnoreError, "Ignored. It is still counted.")
}

func (a *App) errorReopeningsCreate(c echo.Context) error {
	return a.markError(c, db.ReopenError, "Open again.")
}

func (a *App) markError(c echo.Context, mark func(context.Context, db.Conn, int64) error, flash string) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}

	if err := mark(c.Request().Context(), a.Pool, id); err != nil {
		return err
	}

	return a.seeOther(c, "/admin/errors/"+strconv.FormatInt(id, 10), flash)
}
