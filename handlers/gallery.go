package handlers

import (
	"bytes"
	"errors"
	"net/http"
	"sync"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/views/gallery"
	"purplecross/views/stories"
)

// The policy inside of frames: they ask nobody for anything, and send nothing. What they show is in the answer.
const framePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'none'; form-action 'none'; frame-ancestors 'self'; base-uri 'none'"

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

	c.Response().Header().Set("Content-Security-Policy", framePolicy)
	return galleryWrite(c, visit.Frame())
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
