package handlers

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/views"
)

// deathsNew asks before a patient is marked as deceased, and lists what that stops.
func (a *App) deathsNew(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}
	on := c.QueryParam("on")
	if on == "" {
		today := a.civilToday()
		on = views.DayValue(&today)
	}

	patient, err := db.GetPatient(c.Request().Context(), a.Pool, id)
	if err != nil {
		return err
	}
	if patient.Status == db.PatientDeceased {
		return a.seeOther(c, fmt.Sprintf("/patients/%d", id), patient.Name+" is already marked as deceased.")
	}

	return a.deathPage(c, http.StatusOK, patient, on, nil)
}

func (a *App) deathsCreate(c echo.Context) error {
	ctx := c.Request().Context()
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}
	values := readValues(c, []string{"deceased_on"}, "")
	wrong := db.Invalid{}
	on := pastDay(values, "deceased_on", a.civilToday(), wrong)
	if len(wrong) > 0 {
		return a.deathUnsaved(c, http.StatusUnprocessableEntity, id, values["deceased_on"], wrong)
	}

	patient, stopped, err := db.RecordDeath(ctx, a.Pool, id, formVersion(c), on)
	switch {
	case errors.As(err, &wrong):
		return a.deathUnsaved(c, http.StatusUnprocessableEntity, id, values["deceased_on"], wrong)
	case errors.Is(err, db.ErrStale):
		return a.deathUnsaved(c, http.StatusConflict, id, values["deceased_on"], db.Invalid{"": "Somebody changed this patient meanwhile. Look at what stops now, then mark it again."})
	case err != nil:
		return err
	}

	return a.seeOther(c, fmt.Sprintf("/patients/%d", id), fmt.Sprintf("%s is marked as deceased. %s", patient.Name, stoppedWords(stopped)))
}

func (a *App) deathUnsaved(c echo.Context, status int, id int64, on string, wrong db.Invalid) error {
	patient, err := db.GetPatient(c.Request().Context(), a.Pool, id)
	if err != nil {
		return err
	}
	return a.deathPage(c, status, patient, on, wrong)
}

func (a *App) deathPage(c echo.Context, status int, patient db.Patient, on string, wrong db.Invalid) error {
	ctx := c.Request().Context()
	props := views.DeathPageProps{Patient: patient, On: on, Errors: wrong}
	var err error
	if props.Client, err = db.GetClient(ctx, a.Pool, patient.ClientID); err != nil {
		return err
	}
	if props.Stops, err = db.StoppedByDeath(ctx, a.Pool, patient.ID); err != nil {
		return err
	}

	return a.pageStatus(c, status, views.Head{Title: "Mark " + patient.Name + " as deceased", Nav: "patients"}, views.DeathPage(props))
}

func stoppedWords(stopped db.DeathStops) string {
	return fmt.Sprintf("Cancelled: %s. Closed: %s.", plural(len(stopped.Visits), "visit"), plural(len(stopped.Reminders), "reminder"))
}

func plural(count int, noun string) string {
	if count == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", count, noun)
}
