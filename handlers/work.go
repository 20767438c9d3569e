package handlers

import (
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/views"
	"purplecross/views/ui"
)

const (
	workListed   = 100
	workLines    = 200
	workFollowed = 20 // on one page
	workAgain    = 2  // seconds, where scripts don't run
)

// workSeen is the work with this id for those who may see it: its starter, whoever runs the clinic's computers, and of a
// report whoever may see reports.
func (a *App) workSeen(c echo.Context, id int64) (db.Work, error) {
	work, err := db.GetWork(c.Request().Context(), a.Pool, id)
	if err == nil && work.StartedBy != viewer(c).ID && !viewer(c).Can(db.AbleOperate) &&
		(work.Kind != "report" || !viewer(c).Can(db.AbleConfigure)) {
		err = db.ErrNotFound
	}
	return work, err
}

func (a *App) workIndex(c echo.Context) error {
	everyone, of := viewer(c).Can(db.AbleOperate), viewer(c).ID
	if everyone {
		of = 0
	}

	work, err := db.ListWork(c.Request().Context(), a.Pool, of, workListed)
	if err != nil {
		return err
	}

	return a.page(c, views.Head{Title: "Work under way"}, views.WorkList(views.WorkListProps{Work: work, Everyone: everyone}))
}

func (a *App) workShow(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}

	work, err := a.workSeen(c, id)
	if err != nil {
		return err
	}
	log, err := db.WorkLog(c.Request().Context(), a.Pool, id, workLines)
	if err != nil {
		return err
	}

	head := views.Head{Title: work.Title}
	if !work.Over() {
		head.Refresh = workAgain
	} else if err := a.readAbout(c, "work", id); err != nil {
		return err
	}
	props := views.WorkPageProps{Work: work, Log: log, Own: true}
	return a.page(c, head, views.WorkPage(props), views.Part{ID: views.WorkID(id), View: ui.Progress(views.WorkProgress(props))})
}

func (a *App) workCancellationsCreate(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}
	if _, err := a.workSeen(c, id); err != nil {
		return err
	}

	if err := db.CancelWork(c.Request().Context(), a.Pool, id); err != nil {
		return err
	}

	return a.seeOther(c, views.WorkHref(id), "")
}

// workTellers tell that work has moved; how far, its page says.
func (a *App) workTellers(c echo.Context) ([]eventTeller, error) {
	var ids []int64
	for _, word := range c.QueryParams()["work"] {
		id, err := strconv.ParseInt(word, 10, 64)
		if err != nil || len(ids) == workFollowed {
			return nil, db.ErrNotFound
		}
		if _, err := a.workSeen(c, id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return []eventTeller{{topics: []string{db.WorkTopic}, event: "work", first: true, tell: func(story db.Story) any {
		moved := ids
		if story.Topic == db.WorkTopic {
			moved = slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { return !slices.Contains(story.IDs, id) })
		}
		if len(moved) == 0 {
			return nil
		}
		return map[string]any{"ids": moved}
	}}}, nil
}
