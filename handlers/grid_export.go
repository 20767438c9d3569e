package handlers

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/db/grid"
)

const (
	exportPath    = "/export.csv"    // after the list's own path
	exportRows    = 500              // for those who may not take whole lists away
	exportFlushed = 250              // rows go out together
	exportStalled = time.Minute      // for a browser that takes no more
	exportLasting = 30 * time.Minute // for the whole, which holds back the database's clearing up
)

const tooManyToExport = "This list has more than 500 rows, and your role downloads 500 at most. Narrow it with a search or a filter, or ask a manager for the whole list."

// exporting bounds how many of the pool's connections exports may hold at once. Others wait for their turn.
var exporting = make(chan struct{}, 4)

// gridExport is the file of a list: all rows of the question, in its order, with the columns that the page shows.
func (a *App) gridExport(resource grid.Resource) echo.HandlerFunc {
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
		file := a.newGridFile(c, question)
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
		failed = file.flush()
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

// gridFile writes rows as CSV (RFC 4180) as they come.
type gridFile struct {
	response *echo.Response
	control  *http.ResponseController
	csv      *csv.Writer
	name     string
	columns  []*grid.Column
	zone     *time.Location
	cells    []string
	audited  bool // its start stands in the audit log, so its end belongs there
	rows     int  // written
	sent     int  // of them, on their way
}

func (a *App) newGridFile(c echo.Context, question grid.Question) *gridFile {
	name := fmt.Sprintf("%s-%s.csv", question.Resource.Name, a.today().Format(time.DateOnly))
	file := &gridFile{response: c.Response(), control: http.NewResponseController(c.Response()), name: name, columns: question.Showing(), zone: a.Zone}
	file.csv = csv.NewWriter(file)
	file.csv.UseCRLF = true
	return file
}

// Write answers the request with its first bytes, so that what fails before them can still be said on a page.
// Spreadsheets read UTF-8 only where a byte order mark says so.
func (f *gridFile) Write(part []byte) (int, error) {
	_ = f.control.SetWriteDeadline(time.Now().Add(exportStalled))
	if !f.response.Committed {
		header := f.response.Header()
		header.Set(echo.HeaderContentType, "text/csv; charset=utf-8; header=present")
		header.Set(echo.HeaderContentDisposition, `attachment; filename="`+f.name+`"`)
		header.Set(echo.HeaderCacheControl, "no-store")
		f.response.WriteHeader(http.StatusOK)
		if _, err := f.response.Write([]byte("\uFEFF")); err != nil {
			return 0, err
		}
	}
	return f.response.Write(part)
}

// begin writes the head.
func (f *gridFile) begin() error {
	for _, column := range f.columns {
		head := column.Name()
		if unit := column.Unit(); unit != "" {
			head += " (" + unit + ")"
		}
		f.cells = append(f.cells, head)
	}
	if f.csv.Write(f.cells) != nil {
		return errGone
	}
	return nil
}

// add writes one row.
func (f *gridFile) add(row grid.Row) error {
	f.cells = f.cells[:0]
	for _, column := range f.columns {
		f.cells = append(f.cells, fileCell(column, row, f.zone))
	}
	if f.csv.Write(f.cells) != nil {
		return errGone
	}
	if f.rows++; f.rows%exportFlushed == 0 {
		return f.flush()
	}
	return nil
}

// flush sends what was written.
func (f *gridFile) flush() error {
	f.csv.Flush()
	if f.csv.Error() != nil || f.control.Flush() != nil {
		return errGone
	}
	_ = f.control.SetWriteDeadline(time.Time{})
	f.sent = f.rows
	return nil
}
