package handlers

import (
	"bytes"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/views/gallery"
	"purplecross/views/stories"
)

// framePolicy is the policy inside of frames: they ask for nothing but the answers of their own stories, and send
// nothing anywhere else.
func framePolicy(host string) string {
	if !plainHost.MatchString(host) {
		host = "'none'"
	} else {
		host += "/gallery/_/mock/"
	}
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
		"connect-src " + host + "; form-action 'none'; frame-ancestors 'self'; base-uri 'none'"
}

var plainHost = regexp.MustCompile(`^[a-zA-Z0-9.-]+(:[0-9]+)?$`)

// theGallery is built when it is first asked for: it reads the source of every component.
var theGallery = sync.OnceValues(stories.New)

// galleryShow is the gallery at any address: the index, a component, or a story. A script asks for the part of the page
// that changes.
func (a *App) galleryShow(c echo.Context) error {
	visit, err := a.galleryVisit(c)
	if err != nil {
		return err
	}

	c.Response().Header().Set("Vary", "X-Gallery-Part")
	if c.Request().Header.Get("X-Gallery-Part") != "" {
		return galleryWrite(c, visit.Part())
	}
	if address, stray := visit.Stray(); stray {
		return c.Redirect(http.StatusSeeOther, address)
	}
	return galleryWrite(c, visit.Page())
}

// galleryFrame is what stands in the gallery's frame. It is drawn without a session, a person or a database: only the
// address decides what it shows.
func (a *App) galleryFrame(c echo.Context) error {
	visit, err := a.galleryVisit(c)
	if err != nil {
		return err
	}

	c.Response().Header().Set("Content-Security-Policy", framePolicy(c.Request().Host))
	return galleryWrite(c, visit.Frame())
}

// galleryAnswer answers what a story asks for, as the story itself says: nothing of the clinic is reached.
func (a *App) galleryAnswer(c echo.Context) error {
	if a.Config.Gallery == "off" {
		return db.ErrNotFound
	}
	g, err := theGallery()
	if err != nil {
		return err
	}

	said, err := g.Answer(c.Request(), c.Param("*"))
	switch {
	case errors.Is(err, gallery.ErrNotFound):
		return db.ErrNotFound
	case errors.Is(err, gallery.ErrTooLong):
		return echo.NewHTTPError(http.StatusBadRequest, "This form could not be read.")
	case err != nil:
		return err
	}
	c.Response().Header().Set("X-Robots-Tag", "noindex")
	if said.Status == http.StatusNoContent {
		return c.NoContent(said.Status)
	}
	return c.HTML(said.Status, said.HTML)
}

// galleryLive changes its words whenever a file of the program does, so that an open page can follow. In development
// only: the files are where the program was started.
func (a *App) galleryLive(c echo.Context) error {
	if a.Config.Gallery == "off" || !a.Config.Development() {
		return db.ErrNotFound
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, map[string]int64{
		"style":  newest("static/css", ".css"),
		"script": newest("static/js", ".js"),
		"page":   newest("views", ".templ", ".txt", ".md", ".go") + started,
	})
}

// galleryPicture is a picture that the tests took. In development only: the files are where the program was started.
func (a *App) galleryPicture(c echo.Context) error {
	if a.Config.Gallery == "off" || !a.Config.Development() || !plainPicture.MatchString(c.Param("*")) {
		return db.ErrNotFound
	}
	c.Response().Header().Set("Cache-Control", "no-cache")
	return c.File(filepath.Join(gallery.ChecksFolder, filepath.FromSlash(c.Param("*"))))
}

var plainPicture = regexp.MustCompile(`^(before|now|diff)/[a-z0-9.-]+\.png$`)

var started = time.Now().UnixNano()

// newest is when the last of a folder's files was changed; 0 where there are none.
func newest(folder string, endings ...string) int64 {
	var last int64
	_ = filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !slices.Contains(endings, filepath.Ext(name)) {
			return nil // A file that goes away meanwhile is the next call's news.
		}
		if info, err := entry.Info(); err == nil {
			last = max(last, info.ModTime().UnixNano())
		}
		return nil
	})
	return last
}

// workshop is what development adds: the editor, and pages that follow their files.
func (a *App) workshop() gallery.Workshop {
	folder, err := os.Getwd()
	if _, missing := os.Stat("views/stories"); !a.Config.Development() || err != nil || missing != nil {
		return gallery.Workshop{}
	}
	return gallery.Workshop{
		Editor: "vscode://file" + folder + "/", Live: "/gallery/_/live", Files: os.DirFS(folder),
		Checks: gallery.ReadChecks(gallery.ChecksFolder), Pictures: "/gallery/_/pictures",
	}
}

// galleryCatalogue lists every story for machines.
func (a *App) galleryCatalogue(c echo.Context) error {
	if a.Config.Gallery == "off" {
		return db.ErrNotFound
	}
	g, err := theGallery()
	if err != nil {
		return err
	}

	c.Response().Header().Set("X-Robots-Tag", "noindex")
	return c.JSON(http.StatusOK, g.Catalogue())
}

// galleryVisit reads the address. A wrong one is not found or too long, with a sentence.
func (a *App) galleryVisit(c echo.Context) (*gallery.Visit, error) {
	if a.Config.Gallery == "off" {
		return nil, db.ErrNotFound
	}
	g, err := theGallery()
	if err != nil {
		return nil, err
	}

	visit, err := g.Visit(c.Param("*"), c.Request().URL.RawQuery)
	switch {
	case errors.Is(err, gallery.ErrNotFound):
		return nil, echo.NewHTTPError(http.StatusNotFound, "No component or story has this address. Look for it in the gallery.")
	case errors.Is(err, gallery.ErrTooLong):
		return nil, echo.NewHTTPError(http.StatusRequestURITooLong, "The address of a story holds up to 4 kB. Go back and shorten a text.")
	case err != nil:
		return nil, err
	}
	visit.Develop(a.workshop())
	c.Response().Header().Set("X-Robots-Tag", "noindex")
	return visit, nil
}

// galleryWrite renders without what App.write gives to every page: who is signed in, the clinic, the flash.
func galleryWrite(c echo.Context, view templ.Component) error {
	var buffer bytes.Buffer
	if err := view.Render(c.Request().Context(), &buffer); err != nil {
		return err
	}
	return c.HTMLBlob(http.StatusOK, buffer.Bytes())
}
