package handlers

import (
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"purplecross/db/imports"
	"purplecross/views"
)

const (
	importMost    = 200 // megabytes of a file
	importStalled = time.Minute
)

// uploads are the routes that take more than a form's megabyte.
func uploads(c echo.Context) bool {
	return c.Request().Method == http.MethodPost && c.Path() == "/imports"
}

func (a *App) importsNew(c echo.Context) error {
	return a.importForm(c, http.StatusOK, "")
}

func (a *App) importForm(c echo.Context, status int, said string) error {
	props := views.ImportNewPageProps{Most: importMost}
	if said != "" {
		props.Errors = map[string]string{"file": said}
	}
	return a.pageStatus(c, status, views.Head{Title: "Import a file", Nav: "imports"}, views.ImportNewPage(props))
}

// importsCreate takes a file as it comes, onto the disk and from there into the database: it is never in memory whole.
func (a *App) importsCreate(c echo.Context) error {
	file, name, err := a.uploadedFile(c)
	if wrong := new(imports.Problem); errors.As(err, &wrong) {
		return a.importForm(c, http.StatusUnprocessableEntity, wrong.Said)
	}
	if err != nil {
		return err
	}
	defer func() {
		_ = file.Close()
		_ = os.Remove(file.Name())
	}()

	id, err := imports.Upload(c.Request().Context(), a.Pool, name, file)
	if wrong := new(imports.Problem); errors.As(err, &wrong) {
		return a.importForm(c, http.StatusUnprocessableEntity, wrong.Said)
	}
	if err != nil {
		return err
	}

	return a.seeOther(c, importPath(id)+"/mapping", "")
}

// uploadedFile is the file of the form, on the disk. It has no name there as soon as it is open, so it is gone with us.
func (a *App) uploadedFile(c echo.Context) (*os.File, string, error) {
	form, err := c.Request().MultipartReader()
	if err != nil {
		return nil, "", echo.NewHTTPError(http.StatusBadRequest)
	}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return nil, "", &imports.Problem{Said: "Choose a file first."}
		}
		if err != nil {
			return nil, "", cutOff(err)
		}
		if part.FormName() != "file" {
			continue
		}
		name := filepath.Base(strings.ReplaceAll(part.FileName(), "\\", "/"))
		if name == "." || name == "/" {
			return nil, "", &imports.Problem{Said: "Choose a file first."}
		}
		file, err := os.CreateTemp("", "import-")
		if err != nil {
			return nil, "", err
		}
		_ = os.Remove(file.Name())
		n, err := io.Copy(file, io.LimitReader(&patientBody{part, http.NewResponseController(c.Response())}, importMost<<20+1))
		switch {
		case err != nil:
			err = cutOff(err)
		case n > importMost<<20:
			err = &imports.Problem{Said: "The file has more than " + strconv.Itoa(importMost) + " MB. Split it into several, each with the heading line."}
		}
		if err != nil {
			_ = file.Close()
			return nil, "", err
		}
		return file, name, nil
	}
}

// cutOff is what a person reads when their file did not arrive whole.
func cutOff(err error) error {
	var refused *echo.HTTPError
	if errors.As(err, &refused) {
		return refused
	}
	return &imports.Problem{Said: "The file did not arrive whole. Try again."}
}

// patientBody gives a slow line as long as it needs, and one that brings nothing a minute.
type patientBody struct {
	from    io.Reader
	control *http.ResponseController
}

func (p *patientBody) Read(into []byte) (int, error) {
	_ = p.control.SetReadDeadline(time.Now().Add(importStalled))
	return p.from.Read(into)
}

func importPath(id int64) string { return "/imports/" + strconv.FormatInt(id, 10) }
