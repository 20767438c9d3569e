package handlers

import (
	"context"
	"time"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/jobs"
	"purplecross/views"
)

func (a *App) queuesIndex(c echo.Context) error {
	ctx := c.Request().Context()
	counts, err := db.CountJobs(ctx, a.Pool)
	if err != nil {
		return err
	}
	paused, err := db.PausedQueues(ctx, a.Pool)
	if err != nil {
		return err
	}
	schedules, err := db.ListSchedules(ctx, a.Pool, jobs.ScheduleNames())
	if err != nil {
		return err
	}
	workers, err := a.workerRows(ctx)
	if err != nil {
		return err
	}
	dead, err := db.ListDeadLetters(ctx, a.Pool)
	if err != nil {
		return err
	}
	byKind := c.QueryParam("by") == "kind"
	plots, err := a.queuePlots(ctx, byKind)
	if err != nil {
		return err
	}

	props := views.QueuesPageProps{
		Queues: queueRows(counts, paused), Kinds: kindRows(counts), Plots: plots, Dead: dead, Schedules: schedules, Workers: workers,
		Worked: len(workers) > 0 && workers[0].Alive, ByKind: byKind, Live: true,
	}
	return a.page(c, views.Head{Title: "Queues", Nav: "queues"}, views.QueuesPage(props),
		views.Part{ID: "queues", View: views.QueuesPart(props)})
}

// queuePlots are the last day of each queue, or of each kind of job in them, in which anything was worked or waited.
func (a *App) queuePlots(ctx context.Context, byKind bool) ([]views.QueuePlot, error) {
	since := a.Now().Truncate(db.JobStatBucket).Add(-(views.PlotPoints - 1) * db.JobStatBucket)
	past, err := db.ListQueuePasts(ctx, a.Pool, since, byKind)
	plots := []views.QueuePlot{}
	for _, queue := range jobs.Queues {
		at := map[string]int{}
		for _, p := range past {
			if p.Queue != queue.Name || p.Bucket < 0 || p.Bucket >= views.PlotPoints {
				continue
			}
			if _, known := at[p.Kind]; !known {
				at[p.Kind] = len(plots)
				plots = append(plots, views.QueuePlot{Name: queue.Name, Kind: p.Kind})
			}
			plot := &plots[at[p.Kind]]
			plot.Worked[p.Bucket], plot.Waiting[p.Bucket] = p.Worked, p.Waiting
			plot.WaitMS[p.Bucket], plot.RunMS[p.Bucket] = p.WaitMS, p.RunMS
		}
	}
	return plots, err
}

// workerRows are the workers with the jobs that each works.
func (a *App) workerRows(ctx context.Context) ([]views.WorkerRow, error) {
	workers, err := db.ListJobWorkers(ctx, a.Pool)
	if err != nil {
		return nil, err
	}
	running, err := db.ListRunningJobs(ctx, a.Pool)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(running))
	for i, job := range running {
		ids[i] = job.ID
	}
	names, err := db.JobNames(ctx, a.Pool, ids)
	rows := make([]views.WorkerRow, len(workers))
	for i, worker := range workers {
		rows[i].JobWorker = worker
		for _, job := range running {
			if job.Client == worker.Client && worker.LostAt == nil {
				name, known := names[job.ID]
				if !known { // it ended just now
					name.Kind = job.Kind
				}
				rows[i].Running = append(rows[i].Running, views.RunningRow{RunningJob: job, Name: name})
			}
		}
	}
	return rows, err
}

// queueRows has every queue there is, also an empty one, and those that only older jobs still name.
func queueRows(counts []db.JobCount, paused map[string]time.Time) []views.QueueRow {
	rows := []views.QueueRow{}
	at := map[string]int{}
	add := func(name, about string) {
		if _, there := at[name]; there {
			return
		}
		at[name] = len(rows)
		row := views.QueueRow{Name: name, About: about}
		if since, is := paused[name]; is {
			row.PausedAt = &since
		}
		rows = append(rows, row)
	}
	for _, queue := range jobs.Queues {
		add(queue.Name, queue.About)
	}
	for _, count := range counts {
		add(count.Queue, "")
		row := &rows[at[count.Queue]]
		switch count.State {
		case "available":
			row.Waiting += count.Count
			if count.Oldest != nil && (row.Oldest == nil || count.Oldest.Before(*row.Oldest)) {
				row.Oldest = count.Oldest
			}
		case "running":
			row.Running += count.Count
		case "retryable":
			row.Retrying += count.Count
		case "scheduled", "pending":
			row.Scheduled += count.Count
		case "discarded", "cancelled":
			row.GivenUp += count.Count
		case "completed":
			row.Done += count.Count
		}
	}
	return rows
}

func kindRows(counts []db.JobCount) []views.KindRow {
	rows := []views.KindRow{}
	for _, count := range counts { // they come by queue and kind
		if n := len(rows); n == 0 || rows[n-1].Kind != count.Kind || rows[n-1].Queue != count.Queue {
			rows = append(rows, views.KindRow{Kind: count.Kind, Queue: count.Queue})
		}
		row := &rows[len(rows)-1]
		switch count.State {
		case "available":
			row.Waiting += count.Count
		case "running":
			row.Running += count.Count
		case "retryable":
			row.Retrying += count.Count
		case "discarded", "cancelled":
			row.GivenUp += count.Count
		case "completed":
			row.Done += count.Count
		}
	}
	return rows
}
