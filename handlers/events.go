package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/internal/report"
)

const (
	eventsBeat = 20 * time.Second // so that a connection nobody uses is not cut, and one that is gone is noticed
	eventsLast = 15 * time.Minute // then the browser comes again, and has to be allowed to
)

// An eventTeller turns news from the database into what a page is told of one of its subjects; nil for nothing.
type eventTeller struct {
	topics []string
	event  string
	first  bool // tells once at the beginning: something may have happened between the page and its stream
	tell   func(db.Story) any
}

// eventsShow is the stream of a page's live parts: ?list=patients tells which rows of a list changed,
// ?work=7 that a piece of work has moved, ?bell how many notifications its reader has not read. It carries ids and
// numbers only; what they stand for is asked for, and allowed or not, like anything else.
func (a *App) eventsShow(c echo.Context) error {
	tellers, err := a.eventTellers(c)
	if err != nil {
		return err
	}
	var topics []string
	for _, teller := range tellers {
		topics = append(topics, teller.topics...)
	}
	stories, enough := a.News.Read(topics...)
	defer enough()

	response := c.Response()
	_ = http.NewResponseController(response).SetWriteDeadline(time.Now().Add(eventsLast + eventsBeat))
	response.Header().Set("Content-Type", "text/event-stream")
	response.Header().Set("Cache-Control", "no-store")
	response.WriteHeader(http.StatusOK)
	fmt.Fprint(response, "retry: 2000\n\n")
	for _, teller := range tellers {
		if teller.first {
			_ = teller.write(response, db.Story{Topic: db.Missed}) // a reader that has left is noticed below
		}
	}
	response.Flush()

	beat, last := time.NewTicker(eventsBeat), time.NewTimer(eventsLast)
	defer beat.Stop()
	defer last.Stop()
	for {
		select {
		case story, more := <-stories:
			if !more {
				return nil
			}
			for _, teller := range tellers {
				if err := teller.write(response, story); err != nil {
					return nil //nolint:nilerr // the reader has left
				}
			}
		case <-beat.C:
			if _, err := fmt.Fprint(response, ":\n\n"); err != nil {
				return nil //nolint:nilerr // the reader has left
			}
		case <-last.C:
			return nil
		case <-a.Closing:
			return nil
		case <-c.Request().Context().Done():
			return nil
		}
		response.Flush()
	}
}

// eventTellers are the subjects that a page asks for, each if its reader may see it.
func (a *App) eventTellers(c echo.Context) ([]eventTeller, error) {
	var tellers []eventTeller
	if name := c.QueryParam("list"); name != "" {
		place, err := a.gridNamed(c, name)
		if err != nil {
			return nil, err
		}
		tellers = append(tellers, listTeller(place))
	}
	work, err := a.workTellers(c)
	if tellers = append(tellers, work...); err != nil {
		return nil, err
	}
	tellers = append(tellers, a.bellTellers(c)...)
	if len(tellers) == 0 {
		return nil, db.ErrNotFound
	}
	return tellers, nil
}

// listTeller names the rows that changed; none when they may be any, as with those that the list is joined with.
func listTeller(place gridPlace) eventTeller {
	own := place.resource.Table()
	return eventTeller{topics: place.resource.Tables(), event: "list", tell: func(story db.Story) any {
		if story.Topic != own {
			story.IDs = nil
		}
		return map[string]any{"ids": story.IDs}
	}}
}

func (t eventTeller) write(response *echo.Response, story db.Story) error {
	if story.Topic != db.Missed && !slices.Contains(t.topics, story.Topic) {
		return nil
	}
	said := t.tell(story)
	if said == nil {
		return nil
	}
	data, err := json.Marshal(said)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(response, "event: %s\ndata: %s\n\n", t.event, data)
	return err
}

// readNews keeps the lists' snapshots told of every change, until the news end.
func (a *App) readNews() {
	var topics []string
	for _, place := range a.grids {
		topics = append(topics, place.resource.Tables()...)
	}
	stories, _ := a.News.Read(topics...)
	report.Go(context.Background(), "lists", "follow news", func(context.Context) error {
		for story := range stories {
			a.Snapshots.Changed(story.Topic, story.IDs...)
		}
		return nil
	})
}
