package handlers

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/db/grid"
	"purplecross/static"
	"purplecross/views"
	"purplecross/views/ui"
)

// A sidePanel is a record in short, as it stands beside the list that it is in.
type sidePanel func(a *App, ctx context.Context, id int64) (ui.SideProps, error)

// sidePanels are the lists whose records can be opened beside them.
var sidePanels = map[string]sidePanel{
	db.PatientsGrid.Name:     (*App).patientSide,
	db.ClientsGrid.Name:      (*App).clientSide,
	db.AppointmentsGrid.Name: (*App).visitSide,
}

// takeOpen reads which record is open beside a list. That is of the page, not of the question.
func takeOpen(query url.Values) int64 {
	id, err := strconv.ParseInt(query.Get("open"), 10, 64)
	delete(query, "open")
	if err != nil || id < 1 {
		return 0
	}
	return id
}

func withOpen(href string, id int64) string {
	switch {
	case id == 0:
		return href
	case strings.Contains(href, "?"):
		return href + "&open=" + strconv.FormatInt(id, 10)
	}
	return href + "?open=" + strconv.FormatInt(id, 10)
}

// panels is the style sheet of a record, which a list does not need, where its records can be opened beside it.
func (v gridView) panels() string {
	if sidePanels[v.question.Resource.Name] == nil {
		return ""
	}
	return static.URL("css/record.css")
}

// gridPanel is a record for its list, with the ways to the records before and after it there.
func (a *App) gridPanel(resource grid.Resource, _ sidePanel) echo.HandlerFunc {
	return func(c echo.Context) error {
		id, err := idParam(c, "id")
		if err != nil {
			return err
		}
		asked, err := a.gridAsk(c, resource)
		if err != nil {
			return err
		}

		side, err := a.sideOf(c, asked, id)
		if err != nil {
			return err
		}
		if side == nil {
			return db.ErrNotFound
		}

		c.Response().Header().Set("Cache-Control", "no-store")
		return a.fragment(c, ui.Side(*side))
	}
}

// sideOf is the panel of a record of a list; nil for none, or one that is gone.
func (a *App) sideOf(c echo.Context, asked gridAsked, id int64) (*ui.SideProps, error) {
	panel := sidePanels[asked.question.Resource.Name]
	if id == 0 || panel == nil {
		return nil, nil //nolint:nilnil // nothing is open
	}
	ctx := c.Request().Context()
	side, err := panel(a, ctx, id)
	if errors.Is(err, db.ErrNotFound) {
		return nil, nil //nolint:nilnil // the list is there without it
	}
	if err != nil {
		return nil, err
	}

	path := a.grids[asked.question.Resource.Name].path
	side.ID, side.Close = id, gridHref(path, asked.question)
	before, after, err := a.neighbours(ctx, asked, id, &side)
	if err != nil {
		return nil, err
	}
	step := func(id int64) ui.SideStep {
		if id == 0 {
			return ui.SideStep{}
		}
		return ui.SideStep{ID: id, Href: withOpen(side.Close, id)}
	}
	side.Previous, side.Next = step(before), step(after)
	return &side, nil
}

// neighbours are the records before and after one in the answer: by the snapshot where there is one, else over the
// index.
func (a *App) neighbours(ctx context.Context, asked gridAsked, id int64, side *ui.SideProps) (before, after int64, err error) {
	if snapshot := a.held(asked); snapshot != nil {
		at := snapshot.Place(id)
		if at < 0 {
			return 0, 0, nil
		}
		side.At, side.Place = at+1, ui.Count(at+1)+" of "+ui.Count(snapshot.Len())
		if at > 0 {
			before = snapshot.At(at - 1)
		}
		if at < snapshot.Len()-1 {
			after = snapshot.At(at + 1)
		}
		return before, after, nil
	}
	beside := func(place grid.Place) (int64, error) {
		stretch, err := grid.NewPlan(asked.question.At(place), a.today()).Keys(ctx, a.Pool, 1)
		if err != nil || len(stretch.IDs) == 0 || stretch.IDs[0] == id {
			return 0, err
		}
		return stretch.IDs[0], nil
	}
	if before, err = beside(grid.Place{Before: id}); err != nil {
		return 0, 0, err
	}
	after, err = beside(grid.Place{After: id})
	return before, after, err
}

func (a *App) patientSide(ctx context.Context, id int64) (ui.SideProps, error) {
	var p views.PatientPageProps
	var err error
	if p.Patient, err = db.GetPatient(ctx, a.Pool, id); err != nil {
		return ui.SideProps{}, err
	}
	if p.Client, err = db.GetClient(ctx, a.Pool, p.Patient.ClientID); err != nil {
		return ui.SideProps{}, err
	}
	if p.Care, err = db.DueCareOf(ctx, a.Pool, id); err != nil {
		return ui.SideProps{}, err
	}
	if p.Upcoming, err = db.UpcomingVisitsOfPatient(ctx, a.Pool, id); err != nil {
		return ui.SideProps{}, err
	}
	if p.Messages, err = db.MessagesOfPatient(ctx, a.Pool, id, sideLines); err != nil {
		return ui.SideProps{}, err
	}
	if p.History, err = db.HistoryOfPatient(ctx, a.Pool, id, sideHistory); err != nil {
		return ui.SideProps{}, err
	}
	href := "/patients/" + strconv.FormatInt(id, 10)
	return ui.SideProps{Title: p.Patient.Name, Href: href, Edit: href + "/edit", Body: views.PatientSide(p)}, nil
}

func (a *App) clientSide(ctx context.Context, id int64) (ui.SideProps, error) {
	var p views.ClientPageProps
	var err error
	if p.Client, err = db.GetClient(ctx, a.Pool, id); err != nil {
		return ui.SideProps{}, err
	}
	if p.Pets, err = db.HouseholdPets(ctx, a.Pool, id); err != nil {
		return ui.SideProps{}, err
	}
	if p.Upcoming, err = db.UpcomingVisitsOfClient(ctx, a.Pool, id, sideLines); err != nil {
		return ui.SideProps{}, err
	}
	if p.Messages, err = db.MessagesOfClient(ctx, a.Pool, id, sideLines); err != nil {
		return ui.SideProps{}, err
	}
	if p.NoShows, err = db.NoShows(ctx, a.Pool, id); err != nil {
		return ui.SideProps{}, err
	}
	href := "/clients/" + strconv.FormatInt(id, 10)
	return ui.SideProps{Title: p.Client.Name(), Href: href, Edit: href + "/edit", Body: views.ClientSide(p)}, nil
}

func (a *App) visitSide(ctx context.Context, id int64) (ui.SideProps, error) {
	visit, err := db.GetVisit(ctx, a.Pool, id)
	if err != nil {
		return ui.SideProps{}, err
	}
	props := views.VisitPageProps{Visit: visit}
	if props.Patient, err = a.visitBanner(ctx, visit); err != nil {
		return ui.SideProps{}, err
	}
	if props.Messages, err = db.MessagesOfAppointment(ctx, a.Pool, id); err != nil {
		return ui.SideProps{}, err
	}
	return ui.SideProps{Title: visit.TypeName + " for " + visit.PatientName, Href: visitPath(id), Body: views.VisitSide(props)}, nil
}

// How much of a record's past its panel shows.
const (
	sideLines   = 5
	sideHistory = 5
)
