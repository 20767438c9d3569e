package views

import (
	"time"

	"purplecross/views/gallery"
)

// QueuesPageStories show the background work, calm and in trouble.
var QueuesPageStories = gallery.Component[QueuesPageProps]{
	Path:   "Operations/Queues",
	View:   QueuesPage,
	Covers: []string{"views.QueuesPart"},
	Stories: []gallery.Story[QueuesPageProps]{
		{Name: "Calm", From: func(*gallery.World) QueuesPageProps {
			return QueuesPageProps{
				Worked: true,
				Queues: []QueueRow{{Name: "email", About: "Messages to clients, one job each", Done: 1204}, {Name: "reports", About: "Exports and printed reports"}},
				Kinds:  []KindRow{{Kind: "send_message", Queue: "email", Done: 1204}},
			}
		}},
		{Name: "In trouble", From: func(w *gallery.World) QueuesPageProps {
			oldest, paused := w.Now.Add(-41*time.Minute), w.Now.Add(-50*time.Minute)
			return QueuesPageProps{
				Queues: []QueueRow{
					{Name: "email", About: "Messages to clients, one job each", Waiting: 87, Oldest: &oldest, Retrying: 12, GivenUp: 3, Done: 1204, PausedAt: &paused},
					{Name: "imports", About: "Reading clients and patients from files", Running: 1, Scheduled: 2},
				},
				Kinds: []KindRow{{Kind: "send_message", Queue: "email", Waiting: 87, Retrying: 12, GivenUp: 3, Done: 1204}, {Kind: "a_kind_of_an_older_release", Queue: "imports", Running: 1}},
			}
		}},
		{Name: "Nothing yet", Args: QueuesPageProps{Worked: true}},
	},
}

// JobsBarStories show the bar over River's own pages, as a manager sees it.
var JobsBarStories = gallery.Component[JobsBarProps]{
	Path: "Operations/Jobs bar",
	View: JobsBar,
	Stories: []gallery.Story[JobsBarProps]{
		{Name: "Jobs", Args: JobsBarProps{Path: "/admin/jobs/"}},
	},
}
