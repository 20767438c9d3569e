package handlers

import (
	"errors"
	"net/http"

	"github.com/alexedwards/argon2id"
	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/views"
)

const shortestPassword = 10

// staffForm is what the form sends: never bound into a row.
type staffForm struct {
	Email       string `form:"email"`
	DisplayName string `form:"display_name"`
	Role        string `form:"role"`
	Colour      int    `form:"colour"`
	Bookable    bool   `form:"bookable"`
	Active      bool   `form:"active"`
	Password    string `form:"password"`
	Version     int    `form:"version"`
}

func (f staffForm) person(id int64) db.Staff {
	return db.Staff{
		ID: id, Email: f.Email, DisplayName: f.DisplayName, Role: db.Role(f.Role), Colour: f.Colour,
		Bookable: f.Bookable, Active: f.Active, Version: f.Version,
	}
}

func (a *App) staffNew(c echo.Context) error {
	props := views.StaffFormPageProps{Person: db.Staff{Role: db.RoleReception, Active: true}}
	return a.page(c, views.Head{Title: "New person", Nav: "staff"}, views.StaffFormPage(props))
}

func (a *App) staffCreate(c echo.Context) error {
	var form staffForm
	if err := c.Bind(&form); err != nil {
		return echo.NewHTTPError(http.StatusBadRequest)
	}
	person := form.person(0)
	if err := mayStaff(c, person.Role); err != nil {
		return err
	}
	wrong := person.Check()
	if len(form.Password) < shortestPassword {
		wrong["password"] = "Choose a password of at least 10 characters."
	}
	if len(wrong) > 0 {
		return a.staffInvalid(c, person, wrong)
	}

	var err error
	if person.PasswordHash, err = HashPassword(form.Password); err != nil {
		return err
	}
	added, err := db.AddStaff(c.Request().Context(), a.Pool, person)
	if errors.As(err, &wrong) {
		return a.staffInvalid(c, person, wrong)
	}
	if err != nil {
		return err
	}

	return a.seeOther(c, "/admin/staff", added.DisplayName+" can sign in now.")
}

func (a *App) staffEdit(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}

	person, err := db.GetStaff(c.Request().Context(), a.Pool, id)
	if err != nil {
		return err
	}

	return a.page(c, views.Head{Title: person.DisplayName, Nav: "staff"}, views.StaffFormPage(views.StaffFormPageProps{Person: person}))
}

func (a *App) staffUpdate(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}
	var form staffForm
	if err := c.Bind(&form); err != nil {
		return echo.NewHTTPError(http.StatusBadRequest)
	}
	person := form.person(id)
	before, err := db.GetStaff(c.Request().Context(), a.Pool, id)
	if err != nil {
		return err
	}
	if err := mayStaff(c, before.Role, person.Role); err != nil {
		return err
	}
	if id == viewer(c).ID && (!person.Active || person.Role != viewer(c).Role) {
		return a.staffInvalid(c, person, db.Invalid{"": "You can't change your own role or lock yourself out. Ask a colleague who may."})
	}
	if form.Password != "" && len(form.Password) < shortestPassword {
		return a.staffInvalid(c, person, db.Invalid{"password": "Choose a password of at least 10 characters."})
	}

	if form.Password != "" {
		if person.PasswordHash, err = HashPassword(form.Password); err != nil {
			return err
		}
	}
	err = db.SaveStaff(c.Request().Context(), a.Pool, person)
	var wrong db.Invalid
	switch {
	case errors.As(err, &wrong):
		return a.staffInvalid(c, person, wrong)
	case errors.Is(err, db.ErrStale):
		return a.staffStale(c, person)
	case err != nil:
		return err
	}

	return a.seeOther(c, "/admin/staff", person.DisplayName+" is saved.")
}

// mayStaff keeps a role from giving what it does not have: who may not operate neither makes an admin nor sets an
// admin's password.
func mayStaff(c echo.Context, roles ...db.Role) error {
	for _, role := range roles {
		if role.Can(db.AbleOperate) && !viewer(c).Can(db.AbleOperate) {
			return echo.NewHTTPError(http.StatusForbidden, "Only an admin may make someone an admin, or change one.")
		}
	}
	return nil
}

func (a *App) staffInvalid(c echo.Context, person db.Staff, wrong db.Invalid) error {
	props := views.StaffFormPageProps{Person: person, Errors: wrong}
	return a.pageStatus(c, http.StatusUnprocessableEntity, views.Head{Title: "Staff", Nav: "staff"}, views.StaffFormPage(props))
}

// staffStale shows what was typed, at the version that is saved now, and says what that holds.
func (a *App) staffStale(c echo.Context, mine db.Staff) error {
	theirs, err := db.GetStaff(c.Request().Context(), a.Pool, mine.ID)
	if err != nil {
		return err
	}

	mine.Version = theirs.Version
	props := views.StaffFormPageProps{Person: mine, Theirs: &theirs}
	return a.pageStatus(c, http.StatusConflict, views.Head{Title: "Staff", Nav: "staff"}, views.StaffFormPage(props))
}

// HashPassword is what is kept of a password: argon2id. Db.Invalid when it is too short.
func HashPassword(password string) (string, error) {
	if len(password) < shortestPassword {
		return "", db.Invalid{"password": "Choose a password of at least 10 characters."}
	}
	oneAtATime <- struct{}{}
	defer func() { <-oneAtATime }()
	return argon2id.CreateHash(password, argon2id.DefaultParams)
}
