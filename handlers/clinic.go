package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/views"
)

func (a *App) clinicEdit(c echo.Context) error {
	ctx := c.Request().Context()
	clinic, err := db.GetClinic(ctx, a.Pool)
	if err != nil {
		return err
	}
	week, err := db.ListOpeningHours(ctx, a.Pool)
	if err != nil {
		return err
	}

	return a.page(c, views.Head{Title: "Clinic", Nav: "clinic"}, views.ClinicFormPage(views.ClinicFormPageProps{Clinic: clinic, Week: week}))
}

func (a *App) clinicUpdate(c echo.Context) error {
	version, err := strconv.Atoi(c.FormValue("version"))
	if err != nil {
		return echo.NewHTTPError(http.StatusBadRequest)
	}
	clinic := db.Clinic{RecordsPages: c.FormValue("records_pages") == "true", Name: c.FormValue("name"), Phone: c.FormValue("phone"), Email: strings.TrimSpace(c.FormValue("email")), Address: c.FormValue("address"), Version: version}
	var week [7]db.OpeningHours
	for day := range week {
		week[day] = db.OpeningHours{Weekday: day, Opens: clock(c, "opens", day), Closes: clock(c, "closes", day)}
	}

	err = db.SaveClinic(c.Request().Context(), a.Pool, clinic, week)
	var wrong db.Invalid
	props := views.ClinicFormPageProps{Clinic: clinic, Week: week}
	switch {
	case errors.As(err, &wrong):
		props.Errors = wrong
		return a.pageStatus(c, http.StatusUnprocessableEntity, views.Head{Title: "Clinic", Nav: "clinic"}, views.ClinicFormPage(props))
	case errors.Is(err, db.ErrStale):
		if props.Theirs, err = db.GetClinic(c.Request().Context(), a.Pool); err != nil {
			return err
		}
		props.Clinic.Version = props.Theirs.Version
		return a.pageStatus(c, http.StatusConflict, views.Head{Title: "Clinic", Nav: "clinic"}, views.ClinicFormPage(props))
	case err != nil:
		return err
	}

	a.name.forget()
	return a.seeOther(c, "/admin/clinic", "The clinic is saved.")
}

// clock reads a time of a weekday's form; a browser may send seconds.
func clock(c echo.Context, name string, day int) string {
	typed := strings.TrimSpace(c.FormValue(fmt.Sprintf("%s_%d", name, day)))
	return typed[:min(len(typed), len("15:04"))]
}
