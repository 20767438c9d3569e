package handlers

import (
	"context"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/internal/profiles"
	"purplecross/internal/report"
	"purplecross/views"
)

func (a *App) profilesIndex(c echo.Context) error {
	props := views.ProfilesPageProps{Recording: profiles.Recording(), Rate: profiles.Rate(a.Config.AppEnv)}
	for _, window := range profiles.List() {
		props.Windows = append(props.Windows, views.ProfileRow{ID: window.ID, Began: window.Began, Took: window.Took, Asked: window.Asked, Bytes: len(window.Data)})
	}
	for _, flight := range profiles.Flights() {
		props.Flights = append(props.Flights, views.FlightRow{ID: flight.ID, Route: flight.Route, Ended: flight.Ended, Took: flight.Took, Bytes: len(flight.Data)})
	}
	props.Flying = profiles.Flying()
	return a.page(c, views.Head{Title: "Profiles", Nav: "errors"}, views.ProfilesPage(props))
}

// profilesCreate records the next seconds. It goes on when the request has ended.
func (a *App) profilesCreate(c echo.Context) error {
	if profiles.Recording() {
		return a.seeOther(c, "/admin/profiles", "A profile is being recorded already.")
	}
	report.Go(context.WithoutCancel(c.Request().Context()), "profiles", "record", func(ctx context.Context) error {
		return profiles.Record(ctx, profiles.Length, true)
	})
	return a.seeOther(c, "/admin/profiles", "The next ten seconds are recorded. Load the page again then.")
}

func (a *App) profilesShow(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}
	window, there := profiles.Get(id)
	if !there {
		return db.ErrNotFound
	}

	name := fmt.Sprintf("purple-cross-%s.pb.gz", window.Began.UTC().Format("20060102-150405"))
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	return c.Blob(http.StatusOK, "application/octet-stream", window.Data)
}

func (a *App) flightsShow(c echo.Context) error {
	flight, there := profiles.GetFlight(c.Param("id"))
	if !there {
		return db.ErrNotFound
	}

	name := fmt.Sprintf("purple-cross-%s-%s.trace", flight.Ended.UTC().Format("20060102-150405"), flight.ID)
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	return c.Blob(http.StatusOK, "application/octet-stream", flight.Data)
}
