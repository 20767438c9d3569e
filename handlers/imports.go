package handlers

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/db/imports"
	"purplecross/jobs"
	"purplecross/views"
	"purplecross/views/ui"
)

func (a *App) importsShow(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}

	return a.importPage(c, http.StatusOK, id, "")
}

// importPage shows an import; said is why the step that was asked for can't begin.
func (a *App) importPage(c echo.Context, status int, id int64, said string) error {
	ctx := c.Request().Context()
	batch, err := db.GetImport(ctx, a.Pool, id)
	if err != nil {
		return err
	}
	props := views.ImportPageProps{Batch: batch, Words: imports.Words, Error: said}
	if props.Refused, props.Mended, props.Undecided, props.Decided, err = db.ImportRowsLeft(ctx, a.Pool, id); err != nil {
		return err
	}
	if batch.Kept > 0 {
		if props.Kept, err = db.ListImportKept(ctx, a.Pool, id); err != nil {
			return err
		}
	}
	head := views.Head{Title: batch.Filename, Nav: "imports"}
	if props.Work, err = a.importWork(c, batch); err != nil {
		return err
	}
	if props.Work != nil && !props.Work.Work.Over() {
		head.Refresh = workAgain
	} else if props.Work != nil && partial(c) && targetID(c) == views.WorkID(props.Work.Work.ID) {
		c.Response().Header().Set("HX-Refresh", "true") // the progress is over: what follows is on the page
	}
	var parts []views.Part
	if props.Work != nil {
		parts = append(parts, views.Part{ID: views.WorkID(props.Work.Work.ID), View: ui.Progress(views.WorkProgress(*props.Work))})
	}
	return a.pageStatus(c, status, head, views.ImportPage(props), parts...)
}

// importWork is what is at an import, or was last; nil for nothing.
func (a *App) importWork(c echo.Context, batch db.ImportBatch) (*views.WorkPageProps, error) {
	if batch.WorkID == nil {
		return nil, nil //nolint:nilnil // there may be none
	}
	work, err := db.GetWork(c.Request().Context(), a.Pool, *batch.WorkID)
	if errors.Is(err, db.ErrNotFound) {
		return nil, nil //nolint:nilnil // it was long ago
	}
	if err != nil {
		return nil, err
	}
	log, err := db.WorkLog(c.Request().Context(), a.Pool, work.ID, workLines)
	own := work.StartedBy == viewer(c).ID || viewer(c).Can(db.AbleOperate)
	return &views.WorkPageProps{Work: work, Log: log, Own: own}, err
}

// importStepsCreate has a step of an import done, and leads to its page, which shows how far it is.
func (a *App) importStepsCreate(step jobs.ImportStep) echo.HandlerFunc {
	return func(c echo.Context) error {
		id, err := idParam(c, "id")
		if err != nil {
			return err
		}

		_, err = a.Jobs.StartImport(c.Request().Context(), id, step)
		if wrong := db.Invalid(nil); errors.As(err, &wrong) {
			return a.importPage(c, http.StatusConflict, id, wrong[""])
		}
		if err != nil {
			return err
		}

		return a.seeOther(c, importPath(id), "")
	}
}
