package views

import (
	"time"

	"purplecross/db"
	"purplecross/views/gallery"
)

// NotificationsPageStories are what somebody was told.
var NotificationsPageStories = gallery.Component[NotificationsPageProps]{
	Path: "Operations/Notifications",
	View: NotificationsPage,
	Use:  []string{"For what happened while one was elsewhere, to be looked at now or later.", "Each kind has its icon, its tone and its word; a record is one click away."},
	Stories: []gallery.Story[NotificationsPageProps]{
		{Name: "Some unread", Args: NotificationsPageProps{UnreadCount: 3, Notifications: storyNotifications}},
		{Name: "Only unread", Args: NotificationsPageProps{Unread: true, UnreadCount: 3, Notifications: storyNotifications[:3]}},
		{Name: "On a telephone", Narrow: true, Args: NotificationsPageProps{UnreadCount: 3, Notifications: storyNotifications}},
		{Name: "None", Args: NotificationsPageProps{}},
		{Name: "All read", Args: NotificationsPageProps{Unread: true}},
	},
}

// NotificationListStories are the part that news is added to.
var NotificationListStories = gallery.Component[NotificationsPageProps]{
	Path:   "Operations/Notification list",
	View:   NotificationList,
	Use:    []string{"Under the bell, and on the page of all notifications."},
	Avoid:  []string{"For what must be done before anything else: a callout on the page where it is done."},
	Narrow: "Of every kind",
	Mirror: "Of every kind",
	Stories: []gallery.Story[NotificationsPageProps]{
		{Name: "Of every kind", Args: NotificationsPageProps{UnreadCount: 120, Notifications: storyNotifications}},
	},
}

var (
	storyToldAt = time.Date(2026, 11, 20, 16, 40, 0, 0, time.UTC)
	storyReadAt = storyToldAt.Add(time.Minute)

	storyNotifications = []db.Notification{
		{ID: 9, Kind: db.NoticeMessageFailed, Sentence: "A message did not go out.", Many: "# messages did not go out.", Count: 10, UpdatedAt: storyToldAt.Add(4 * time.Minute)},
		{ID: 8, Kind: db.NoticeExportReady, Sentence: "Export patients: 51,754 rows are in the file. It is kept for 24 hours.", Count: 1, UpdatedAt: storyToldAt.Add(3 * time.Minute)},
		{ID: 7, Kind: db.NoticeErrorAssigned, Sentence: "Ada Admin gave you an error to look after.", Count: 1, UpdatedAt: storyToldAt.Add(2 * time.Minute)},
		{ID: 6, Kind: db.NoticeReportReady, Sentence: "Day sheet: 42 rows. It is kept for 90 days.", Count: 1, UpdatedAt: storyToldAt.Add(time.Minute), ReadAt: &storyReadAt},
		{ID: 5, Kind: db.NoticeImportDone, Sentence: "Import patients: 51,754 rows came in.", Count: 1, UpdatedAt: storyToldAt, ReadAt: &storyReadAt},
		{ID: 4, Kind: db.NoticeEditDone, Sentence: "Change patients: 812 records were changed.", Count: 1, UpdatedAt: storyToldAt.Add(-time.Hour), ReadAt: &storyReadAt},
		{ID: 3, Kind: db.NoticeWorkFailed, Sentence: "Export clients: Something went wrong on our side, and it was given up.", Count: 1, UpdatedAt: storyToldAt.Add(-24 * time.Hour), ReadAt: &storyReadAt},
		{ID: 2, Kind: db.NoticeJobFailed, Sentence: "A job was given up: Export a list.", Count: 1, UpdatedAt: storyToldAt.Add(-48 * time.Hour), ReadAt: &storyReadAt},
		{ID: 1, Kind: db.NoticeWorkDone, Sentence: "Merge clients: done.", Count: 1, UpdatedAt: storyToldAt.Add(-72 * time.Hour), ReadAt: &storyReadAt},
	}
)
