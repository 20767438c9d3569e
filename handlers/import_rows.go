package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/db/imports"
	"purplecross/views"
)

// importRowsIndex leads to the first refused row.
func (a *App) importRowsIndex(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}
	line, err := db.NextRefusedRow(c.Request().Context(), a.Pool, id, 0)
	if err != nil {
		return err
	}
	if line == 0 {
		return a.seeOther(c, importPath(id), "No row is refused any more.")
	}
	return c.Redirect(http.StatusSeeOther, importPath(id)+"/rows/"+strconv.Itoa(line))
}

func (a *App) importRowsEdit(c echo.Context) error {
	batch, line, err := a.importLine(c)
	if err != nil {
		return err
	}
	row, err := db.GetImportRow(c.Request().Context(), a.Pool, batch.ID, line)
	if err != nil {
		return err
	}

	return a.importRowPage(c, http.StatusOK, batch, row, imports.Cells(batch, row), nil)
}

func (a *App) importLine(c echo.Context) (db.ImportBatch, int, error) {
	id, err := idParam(c, "id")
	if err != nil {
		return db.ImportBatch{}, 0, err
	}
	line, err := strconv.Atoi(c.Param("line"))
	if err != nil {
		return db.ImportBatch{}, 0, db.ErrNotFound
	}
	batch, err := db.GetImport(c.Request().Context(), a.Pool, id)
	return batch, line, err
}

func (a *App) importRowPage(c echo.Context, status int, batch db.ImportBatch, row db.ImportRow, values []string, wrong db.Invalid) error {
	props := views.ImportRowPageProps{Batch: batch, Row: row, Values: values, Mapping: map[int]string{}, Errors: wrong}
	if kind := imports.KindOf(batch.Kind); kind != nil {
		for _, field := range kind.Fields {
			if at, there := batch.Mapping[field.Key]; there {
				props.Mapping[at] = field.Label
			}
		}
	}
	var err error
	if props.Next, err = db.NextRefusedRow(c.Request().Context(), a.Pool, batch.ID, row.Line); err != nil {
		return err
	}
	return a.pageStatus(c, status, views.Head{Title: "Line " + strconv.Itoa(row.Line), Nav: "imports"}, views.ImportRowPage(props))
}

// importRowsUpdate puts other values in a row's place and checks it again. What comes in now leads to the next one.
func (a *App) importRowsUpdate(c echo.Context) error {
	ctx := c.Request().Context()
	batch, line, err := a.importLine(c)
	if err != nil {
		return err
	}
	typed := make([]string, len(batch.Header))
	for i := range typed {
		typed[i] = c.FormValue(fmt.Sprintf("cell_%d", i))
	}

	row, err := imports.FixRow(ctx, a.Pool, batch, line, typed)
	wrong := db.Invalid(nil)
	if problem := new(imports.Problem); errors.As(err, &problem) {
		err = db.Invalid{"": problem.Said}
	}
	if errors.As(err, &wrong) {
		return a.importRowPage(c, http.StatusUnprocessableEntity, batch, row, typed, wrong)
	}
	if err != nil {
		return err
	}
	if row.Action == "error" {
		wrong = db.Invalid{}
		for _, issue := range row.Issues {
			if !issue.Refused {
				continue
			}
			field := ""
			for i, heading := range batch.Header {
				if heading == issue.Column && heading != "" {
					field = fmt.Sprintf("cell_%d", i)
				}
			}
			wrong[field] = issue.Reason
		}
		return a.importRowPage(c, http.StatusUnprocessableEntity, batch, row, typed, wrong)
	}

	next, err := db.NextRefusedRow(ctx, a.Pool, batch.ID, line)
	if err != nil {
		return err
	}
	said := fmt.Sprintf("Line %d can come in now.", line)
	if next == 0 {
		return a.seeOther(c, importPath(batch.ID), said)
	}
	return a.seeOther(c, importPath(batch.ID)+"/rows/"+strconv.Itoa(next), said+" Here is the next one.")
}

// importRefusalsShow is a file of the refused rows, to be mended and uploaded again.
func (a *App) importRefusalsShow(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	batch, err := db.GetImport(ctx, a.Pool, id)
	if err != nil {
		return err
	}
	if batch.FileUntil == nil {
		return echo.NewHTTPError(http.StatusGone, "The file is no longer kept. Upload it again.")
	}
	if err := db.Audit(ctx, a.Pool, db.Audited{Action: "downloaded", Entity: "import_batch", EntityID: id}); err != nil {
		return err
	}

	response := c.Response()
	response.Header().Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	response.Header().Set(echo.HeaderContentDisposition, fmt.Sprintf(`attachment; filename="refused-rows-of-import-%d-%s.csv"`, id, a.Now().In(a.Zone).Format(time.DateOnly)))
	response.WriteHeader(http.StatusOK)
	if err := imports.WriteRefused(ctx, a.Pool, batch, &patient{response, http.NewResponseController(response)}); err != nil {
		panic(http.ErrAbortHandler) // half a file must not look whole
	}
	return nil
}
