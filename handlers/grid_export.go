package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/db/grid"
	"purplecross/jobs/sheets"
)

const (
	exportPath    = "/export."       // after the list's own path, before the format
	exportsPath   = "/exports"       // where a file of any length is asked for
	exportAtOnce  = 1000             // rows that a page fetches while its reader waits; more are a job
	exportRows    = 500              // for those who may not take whole lists away
	exportFlushed = 250              // rows go out together
	exportStalled = time.Minute      // for a browser that takes no more
	exportLasting = 30 * time.Minute // for the whole, which holds back the database's clearing up
)

const tooManyToExport = "This list has more than 500 rows, and your role downloads 500 at most. Narrow it with a search or a filter, or ask a manager for the whole list."

// exporting bounds how many of the pool's connections exports may hold at once. Others wait for their turn.
var exporting = make(chan struct{}, 4)

// gridExport is the file of a list: all rows of the question, in its order, with the columns that the page shows.
func (a *App) gridExport(resource grid.Resource, format sheets.Format) echo.HandlerFunc {
	return func(c echo.Context) error {
		question, refused, err := a.gridQuestion(c, resource)
		if err != nil {
			return err
		}
		if len(refused) > 0 { // a page shows the rest of the question; a file would hide that it is only that
			return echo.NewHTTPError(http.StatusBadRequest, "Nothing was downloaded, because part of the address was not understood. "+refused[0].Sentence)
		}
		if len(question.Groups) > 0 {
			question = question.WithGroupColumns()
		}
		atMost := exportRows
		if viewer(c).Can(db.AbleBulk) {
			atMost = 0
		}

		ctx, cancel := context.WithTimeout(c.Request().Context(), exportLasting)
		defer cancel()
		select {
		case exporting <- struct{}{}:
			defer func() { <-exporting }()
		case <-ctx.Done():
			return ctx.Err()
		}
		file := a.newGridFile(c, question, format)
		start := func() error {
			file.audited = true // before it is: whoever leaves in this very moment is written down as well
			if err := a.exported(ctx, &resource, "started to export", nil); err != nil {
				return err
			}
			return file.begin()
		}
		err = grid.NewPlan(question, a.today()).Export(ctx, a.Pool, atMost, start, file.add)
		if errors.Is(err, grid.ErrTooMany) {
			return echo.NewHTTPError(http.StatusForbidden, tooManyToExport)
		}
		return a.exportEnds(ctx, &resource, file, err)
	}
}

// exportEnds writes down how many rows left, whether they were all or not, and tells the browser which.
func (a *App) exportEnds(ctx context.Context, resource *grid.Resource, file *gridFile, failed error) error {
	if failed == nil {
		failed = file.flush(file.sheet.Close)
	}
	if !file.audited {
		return failed
	}
	action := "exported"
	if failed != nil {
		action = "broke off an export of"
	}
	err := a.exported(context.WithoutCancel(ctx), resource, action, db.Diff{"rows": {nil, file.sent}})
	switch {
	case err != nil:
		return err
	case errors.Is(failed, errGone) || errors.Is(ctx.Err(), context.Canceled):
		panic(http.ErrAbortHandler) // nobody is there to be answered, and nothing failed
	}
	return failed
}

// exported writes the audit row of an export. What was asked is not written: it may name a client.
func (a *App) exported(ctx context.Context, resource *grid.Resource, action string, rows db.Diff) error {
	return db.Audit(ctx, a.Pool, db.Audited{Action: action, Entity: resource.Table(), Diff: rows})
}

// errGone says that the browser does not take the file any more.
var errGone = errors.New("the browser has gone")

// gridFile sends rows as they come.
type gridFile struct {
	response *echo.Response
	control  *http.ResponseController
	sheet    sheets.Writer
	begin    func() error // writes the head
	name     string
	format   sheets.Format
	audited  bool // its start stands in the audit log, so its end belongs there
	rows     int  // written
	sent     int  // of them, on their way
}

func (a *App) newGridFile(c echo.Context, question grid.Question, format sheets.Format) *gridFile {
	name := question.Resource.Name
	file := &gridFile{
		response: c.Response(), control: http.NewResponseController(c.Response()), format: format,
		name: fmt.Sprintf("%s-%s.%s", name, a.today().Format(time.DateOnly), format),
	}
	file.begin = func() (err error) {
		if file.sheet, err = sheets.New(format, file, a.grids[name].list.Title, question.Showing(), a.Zone); err != nil {
			return errGone
		}
		return nil
	}
	return file
}

// Write answers the request with its first bytes, so that what fails before them can still be said on a page.
func (f *gridFile) Write(part []byte) (int, error) {
	_ = f.control.SetWriteDeadline(time.Now().Add(exportStalled))
	if !f.response.Committed {
		header := f.response.Header()
		header.Set(echo.HeaderContentType, f.format.Type())
		header.Set(echo.HeaderContentDisposition, `attachment; filename="`+f.name+`"`)
		header.Set(echo.HeaderCacheControl, "no-store")
		f.response.WriteHeader(http.StatusOK)
	}
	return f.response.Write(part)
}

// add writes one row.
func (f *gridFile) add(row grid.Row) error {
	if f.sheet.Add(row) != nil {
		return errGone
	}
	if f.rows++; f.rows%exportFlushed == 0 {
		return f.flush(f.sheet.Flush)
	}
	return nil
}

// flush sends what was written, or with its end all of it.
func (f *gridFile) flush(write func() error) error {
	if write() != nil || f.control.Flush() != nil {
		return errGone
	}
	_ = f.control.SetWriteDeadline(time.Time{})
	f.sent = f.rows
	return nil
}
