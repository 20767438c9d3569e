package handlers

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/db/grid"
	"purplecross/jobs"
	"purplecross/jobs/sheets"
	"purplecross/views"
)

// gridFiles adds what a list can be taken away as.
func (r router) gridFiles(ability db.Ability, path string, resource grid.Resource, list views.List) {
	r.GET(ability, path+exportPath+"csv", r.app.gridExport(resource, sheets.CSV))
	r.GET(ability, path+exportPath+"xlsx", r.app.gridExport(resource, sheets.XLSX))
	r.POST(ability, path+copiesPath, r.app.gridCopies(resource))
	r.POST(ability, path+exportsPath, r.app.gridExportsCreate(resource))
	r.GET(ability, path+printPath, r.app.gridPrint(resource, list))
	if db.Mailable(resource.Name) {
		r.POST(ability, path+mailingsPath+"/new", r.app.mailingsNew(resource, list))
		r.POST(ability, path+mailingsPath, r.app.mailingsCreate(resource, list))
	}
	if resource.Editable() {
		r.POST(ability, path+bulkEditsPath+"/new", r.app.bulkEditsNew(resource, list))
		r.POST(ability, path+bulkEditsPath, r.app.bulkEditsCreate(resource, list))
	}
}

// gridExportsCreate has a list, or what was chosen of it, written as a file of any length, and leads to its progress.
func (a *App) gridExportsCreate(resource grid.Resource) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		format := sheets.Format(c.FormValue("format"))
		if format != sheets.CSV && format != sheets.XLSX {
			return echo.NewHTTPError(http.StatusBadRequest, "A list is exported as CSV or as XLSX.")
		}
		chosen, err := a.gridChosen(c, resource)
		if err != nil {
			return err
		}
		if !viewer(c).Can(db.AbleBulk) && chosen.total > exportRows {
			return echo.NewHTTPError(http.StatusForbidden, tooManyToExport)
		}

		asked := jobs.ExportAsked{Resource: resource.Name, Query: chosen.question.Encode(), Format: format, Chosen: !chosen.all}
		ids := chosen.ids
		if chosen.all {
			ids = nil
		}
		id, err := a.Jobs.StartExport(ctx, asked, ids, chosen.total)
		if err != nil {
			return err
		}

		return a.seeOther(c, views.WorkHref(id), "")
	}
}

// workFilesShow is the file that work made: of a list its starter's alone, and only while they may see the list; of a report
// everybody's who may see reports.
func (a *App) workFilesShow(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	work, err := db.GetWork(ctx, a.Pool, id)
	if err != nil {
		return err
	}
	isReport := work.Kind == "report"
	if isReport && !viewer(c).Can(db.AbleConfigure) || !isReport && work.StartedBy != viewer(c).ID {
		return db.ErrNotFound
	}
	file, err := db.GetWorkFile(ctx, a.Pool, id)
	if err != nil {
		return err
	}
	audited := db.Audited{Action: "downloaded", Entity: db.ReportFile, EntityID: id, Diff: db.Diff{"rows": {nil, work.Done}}}
	if !isReport {
		place, err := a.gridNamed(c, file.Resource)
		if err != nil {
			return err
		}
		audited.Entity, audited.EntityID = place.resource.Table(), 0
	}

	if err := db.Audit(ctx, a.Pool, audited); err != nil {
		return err
	}

	response := c.Response()
	header := response.Header()
	header.Set(echo.HeaderContentType, file.MediaType)
	header.Set(echo.HeaderContentDisposition, `attachment; filename="`+file.Name+`"`)
	header.Set(echo.HeaderContentLength, strconv.FormatInt(file.Bytes, 10))
	header.Set(echo.HeaderCacheControl, "no-store")
	response.WriteHeader(http.StatusOK)
	if err := db.CopyWorkFile(ctx, a.Pool, id, &patient{response, http.NewResponseController(response)}); err != nil {
		panic(http.ErrAbortHandler) // half a file must not look whole
	}
	return nil
}

// patient gives a browser that takes its bytes as long as it needs, and one that takes none a minute.
type patient struct {
	response *echo.Response
	control  *http.ResponseController
}

func (p *patient) Write(part []byte) (int, error) {
	_ = p.control.SetWriteDeadline(time.Now().Add(exportStalled))
	return p.response.Write(part)
}

// questionOf reads a question that came as a form's field.
func (a *App) questionOf(c echo.Context, resource grid.Resource, query string) (grid.Question, error) {
	seen, err := a.gridSeen(c, resource)
	if err != nil {
		return grid.Question{}, err
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return grid.Question{}, echo.NewHTTPError(http.StatusBadRequest, "The list's address cannot be read. Open the list again.")
	}
	question, refused := grid.Ask(&seen, values)
	if len(refused) > 0 {
		return question, echo.NewHTTPError(http.StatusBadRequest, "Part of the list's address was not understood. "+refused[0].Sentence)
	}
	return question.At(grid.Place{}), nil
}
