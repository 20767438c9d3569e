package handlers

import (
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/internal/browser"
	"purplecross/views"
	"purplecross/views/ui"
)

// offsetRows answers as a list's rows do, but finds them as most grids' servers do: with LIMIT and OFFSET over the rows
// themselves. It is told the order that an index has, and only rows that stand in it.
func (a *App) offsetRows(c echo.Context) error {
	ctx := c.Request().Context()
	asked, err := a.gridAsk(c, db.PatientsGrid)
	if err != nil {
		return err
	}
	from, _, err := askedRows(asked.query)
	if err != nil {
		return err
	}
	rows, err := a.Pool.Query(ctx, `
		select p.id, p.name, p.species, p.breed, p.dob, p.weight_g, p.last_visit_on, p.status, c.last_name, c.first_name
		  from patient p
		  left join client c on c.id = p.client_id
		 where p.last_visit_on is not null
		 order by p.last_visit_on desc, p.id desc
		 limit $1 offset $2`, from.n, from.first-1)
	if err != nil {
		return err
	}
	ids, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (int64, error) {
		values, err := row.Values()
		if err != nil {
			return 0, err
		}
		return values[0].(int64), nil
	})
	if err != nil {
		return err
	}
	found, err := asked.plan.Rows(ctx, a.Pool, ids) // the same cells, which costs a millisecond
	if err != nil {
		return err
	}
	a.sayHeld(c, asked, a.held(asked))
	view := gridView{question: asked.question, answer: gridAnswer{rows: found}, list: views.PatientsList, today: a.today()}
	return a.fragment(c, ui.GridRows(ui.GridRowsProps{Label: "Patients", Columns: view.columns(), Rows: view.rows(), First: from.first}))
}

// offset measures jumps of our own page over OFFSET, in turns with those over the snapshot.
func (g *gridBench) offset(row func(string, ...float64)) {
	const over = `const real = window.fetch; window.fetch = (at, ...more) => real(String(at).replace("/patients/rows?", "/patients/offset-rows?"), ...more)`
	pages := map[string]*browser.Page{}
	for _, way := range []string{"the snapshot", "OFFSET"} {
		p := g.tab(browser.Options{Width: 1280, Height: 800})
		if way == "OFFSET" {
			p.Before(over)
		}
		p.Open(g.clinic.url + "/patients?sort=-last_visit")
		p.WaitFor(standing)
		browser.Eval[bool](p, benchScript)
		browser.Eval[bool](p, settled)
		pages[way] = p
	}
	took := map[string][]float64{}
	for n := range benchTimes {
		for way, p := range pages {
			took[way] = append(took[way], browser.Eval[float64](p, fmt.Sprintf("rowsAt(%f)", []float64{0.45, 0.5}[n%2]+float64(n)/400)))
		}
	}
	for way, p := range pages {
		row("jump to the middle by last visit over "+way, took[way]...)
		p.Close()
	}
	row("times sooner than over OFFSET", middle(took["OFFSET"])/middle(took["the snapshot"]))
}
