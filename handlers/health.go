package handlers

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/static"
)

// healthz says that the process lives; it asks nobody else.
func (a *App) healthz(c echo.Context) error {
	return c.String(http.StatusOK, "ok\n")
}

// readyz says whether the next request can be served: database, migrations and queue, within a second.
func (a *App) readyz(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), time.Second)
	defer cancel()

	status := http.StatusOK
	state := func(err error) string {
		if err != nil {
			status = http.StatusServiceUnavailable
			return "not ready"
		}
		return "ok"
	}
	checks := map[string]string{
		"database":   state(a.Pool.Ping(ctx)),
		"migrations": state(db.Migrated(ctx, a.Pool)),
		"queue":      state(a.Jobs.Ready(ctx)),
	}

	return c.JSON(status, checks)
}

func (a *App) favicon(c echo.Context) error {
	return c.Redirect(http.StatusMovedPermanently, static.URL("icons/favicon.svg"))
}

// cachedName is the practice's name as it was read a moment ago.
type cachedName struct {
	sync.Mutex
	value   string
	records bool // pages, where nobody said no
	read    time.Time
}

func (n *cachedName) forget() {
	n.Lock()
	defer n.Unlock()
	n.value = ""
}

// clinicName is the practice's name for the header; it changes about once in a practice's life.
func (a *App) clinicName(c echo.Context) string {
	a.name.Lock()
	defer a.name.Unlock()
	if a.name.value == "" || time.Since(a.name.read) > time.Minute {
		if clinic, err := db.GetClinic(c.Request().Context(), a.Pool); err == nil {
			a.name.value, a.name.records, a.name.read = clinic.Name, clinic.RecordsPages, time.Now()
		}
	}
	return a.name.value
}
