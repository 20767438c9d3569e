package handlers

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"purplecross/db"
	"purplecross/views"
)

// bellPatience is how long a page waits for the number on its bell; without it the page is as good.
const bellPatience = 500 * time.Millisecond

// unread is what the viewer's bell shows. The shell stands around failures too, so its own is none.
func (a *App) unread(c echo.Context) int {
	if viewer(c).ID == 0 || partial(c) {
		return 0
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), bellPatience)
	defer cancel()
	unread, err := db.CountUnread(ctx, a.Pool, viewer(c).ID)
	if err != nil {
		a.Log.WarnContext(c.Request().Context(), "count unread notifications", "error", err)
		return 0
	}
	return unread
}

func (a *App) notificationsIndex(c echo.Context) error {
	props := views.NotificationsPageProps{Unread: c.QueryParam("show") == "unread"}

	var err error
	if props.Notifications, err = db.ListNotifications(c.Request().Context(), a.Pool, viewer(c).ID, props.Unread, db.KeptNotifications); err != nil {
		return err
	}
	if props.UnreadCount, err = db.CountUnread(c.Request().Context(), a.Pool, viewer(c).ID); err != nil {
		return err
	}

	return a.page(c, views.Head{Title: "Notifications", Nav: "notifications"}, views.NotificationsPage(props),
		views.Part{ID: views.NotificationListID, View: views.NotificationList(props)})
}

// notificationsShow leads to the record, and has been read by that.
func (a *App) notificationsShow(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}
	notification, err := db.GetNotification(c.Request().Context(), a.Pool, viewer(c).ID, id)
	if err != nil {
		return err
	}

	if c.Request().Header.Get("Sec-Purpose") == "" { // a browser that fetches ahead has not read anything
		if err := db.ReadNotification(c.Request().Context(), a.Pool, viewer(c).ID, id); err != nil {
			return err
		}
	}

	return c.Redirect(http.StatusSeeOther, notification.Leads())
}

func (a *App) notificationReadingsCreate(c echo.Context) error {
	return a.markNotification(c, db.ReadNotification)
}

func (a *App) notificationReadingsDestroy(c echo.Context) error {
	return a.markNotification(c, db.UnreadNotification)
}

func (a *App) markNotification(c echo.Context, mark func(ctx context.Context, conn db.Conn, staffID, id int64) error) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}
	if _, err := db.GetNotification(c.Request().Context(), a.Pool, viewer(c).ID, id); err != nil {
		return err
	}

	if err := mark(c.Request().Context(), a.Pool, viewer(c).ID, id); err != nil {
		return err
	}

	return a.seeOther(c, notificationsBack(c), "")
}

// readingsCreate reads all that the page showed, but not what came since.
func (a *App) readingsCreate(c echo.Context) error {
	until, err := time.Parse(time.RFC3339Nano, c.FormValue("until"))
	if err != nil {
		return echo.NewHTTPError(http.StatusBadRequest)
	}

	if err := db.ReadNotifications(c.Request().Context(), a.Pool, viewer(c).ID, until); err != nil {
		return err
	}

	return a.seeOther(c, notificationsBack(c), "All read.")
}

// notificationsBack is the list as it was.
func notificationsBack(c echo.Context) string {
	if c.FormValue("show") == "unread" {
		return "/notifications?show=unread"
	}
	return "/notifications"
}

// readAbout marks as read what the viewer was told of the record on the page.
func (a *App) readAbout(c echo.Context, subject string, id int64) error {
	return db.ReadNotificationsOf(c.Request().Context(), a.Pool, viewer(c).ID, subject, id)
}

// bellTellers tell how many notifications the viewer has not read, at first and whenever that changes.
func (a *App) bellTellers(c echo.Context) []eventTeller {
	if !c.QueryParams().Has("bell") {
		return nil
	}
	person := viewer(c).ID
	return []eventTeller{{topics: []string{db.NotificationTopic}, event: "bell", first: true, tell: func(story db.Story) any {
		if story.Topic == db.NotificationTopic && len(story.IDs) > 0 && !slices.Contains(story.IDs, person) {
			return nil
		}
		unread, err := db.CountUnread(c.Request().Context(), a.Pool, person)
		if err != nil {
			return nil // the next page knows
		}
		return map[string]any{"unread": unread}
	}}}
}
