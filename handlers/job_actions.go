package handlers

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/jobs"
	"purplecross/views"
)

// jobActionsNew asks which jobs are meant, and says how many they are before anything happens.
func (a *App) jobActionsNew(c echo.Context) error {
	return a.jobActionPage(c, http.StatusOK, jobActionAsked(c.QueryParam), "")
}

func jobActionAsked(value func(string) string) jobs.JobAction {
	upTo, _ := strconv.ParseInt(value("up_to"), 10, 64)
	return jobs.JobAction{Act: value("act"), Filter: db.JobFilter{Queue: value("queue"), Kind: value("kind"), State: value("state"), UpTo: upTo}}
}

func (a *App) jobActionPage(c echo.Context, status int, asked jobs.JobAction, wrong string) error {
	ctx := c.Request().Context()
	props := views.JobActionPageProps{Act: asked.Act, Queue: asked.Filter.Queue, Kind: asked.Filter.Kind, State: asked.Filter.State, Error: wrong}
	for _, queue := range jobs.Queues {
		props.Queues = append(props.Queues, queue.Name)
	}
	var err error
	if props.Kinds, err = db.ListJobKinds(ctx, a.Pool); err != nil {
		return err
	}
	if asked.Act != "" && wrong == "" {
		props.Error = asked.Check()
	}
	if asked.Act != "" && props.Error == "" {
		asked.Filter.UpTo = 0
		props.Looked = true
		if props.Count, props.UpTo, err = db.CountJobMatches(ctx, a.Pool, asked.Filter); err != nil {
			return err
		}
	}
	if props.Error != "" {
		status = http.StatusUnprocessableEntity
	}

	return a.pageStatus(c, status, views.Head{Title: "Act on many jobs", Nav: "queues"}, views.JobActionPage(props))
}

// jobActionsCreate acts on all jobs that were meant, and none that came since.
func (a *App) jobActionsCreate(c echo.Context) error {
	ctx := c.Request().Context()
	asked := jobActionAsked(c.FormValue)
	if wrong := asked.Check(); wrong != "" {
		return a.jobActionPage(c, http.StatusUnprocessableEntity, asked, wrong)
	}
	count, _, err := db.CountJobMatches(ctx, a.Pool, asked.Filter)
	if err != nil {
		return err
	}

	work, err := a.Jobs.StartJobAction(ctx, asked, count)
	if err != nil {
		return err
	}

	return a.seeOther(c, views.WorkHref(work), "")
}

// deadJobsShow shows the arguments of a job that was given up, to be put right.
func (a *App) deadJobsShow(c echo.Context) error {
	return a.deadJobPage(c, http.StatusOK, "", "")
}

func (a *App) deadJobPage(c echo.Context, status int, typed, wrong string) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	dead, err := db.GetDeadJob(ctx, a.Pool, id)
	if err != nil {
		return err
	}
	names, err := db.JobNames(ctx, a.Pool, []int64{id})
	if err != nil {
		return err
	}
	if wrong == "" {
		typed = string(dead.Args)
	}

	props := views.DeadJobPageProps{Job: dead, Name: names[id], Arguments: typed, Error: wrong}
	return a.pageStatus(c, status, views.Head{Title: "Given up", Nav: "queues"}, views.DeadJobPage(props))
}

// deadJobRetriesCreate tries a job again with the arguments as typed.
func (a *App) deadJobRetriesCreate(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}

	ctx := c.Request().Context()
	typed := c.FormValue("arguments")
	var job int64
	err = db.InTx(ctx, a.Pool, func(tx pgx.Tx) (err error) {
		job, err = a.Jobs.RetryEdited(ctx, tx, id, typed)
		return err
	})
	if wrong := (db.Invalid{}); errors.As(err, &wrong) {
		return a.deadJobPage(c, http.StatusUnprocessableEntity, typed, wrong["arguments"])
	}
	if err != nil {
		return err
	}

	return a.seeOther(c, "/admin/queues", "Job "+strconv.FormatInt(job, 10)+" takes its place, with these arguments.")
}

// workerRestsCreate tells a worker to take no more jobs; what it works goes on.
func (a *App) workerRestsCreate(c echo.Context) error { return a.restWorker(c, true) }

// workerRestsDestroy lets it take jobs again.
func (a *App) workerRestsDestroy(c echo.Context) error { return a.restWorker(c, false) }

func (a *App) restWorker(c echo.Context, rest bool) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}

	ctx := c.Request().Context()
	err = db.InTx(ctx, a.Pool, func(tx pgx.Tx) error { return db.RestWorker(ctx, tx, id, rest) })
	if err != nil {
		return err
	}

	if rest {
		return a.seeOther(c, "/admin/queues#workers", "It takes no more jobs from now on. What it works goes on.")
	}
	return a.seeOther(c, "/admin/queues#workers", "It takes jobs again.")
}
